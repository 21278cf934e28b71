"""SQLite's method: let the n-th operation on the disk fail, for every n; the next run must put all right.

    python -m tests.batch.faults 20           every operation, every fault, both forms, 20 pages: half an hour
    python -m tests.batch.faults --kill 40    kill -9 a real batch of 60 pages at 40 random moments

After each fault a clean run must give what an undisturbed run gives, byte for byte, without working again on a page
that the journal has. Between the two, every file that a reader sees must be one of the undisturbed run's.
"""

from __future__ import annotations

import errno
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NamedTuple, Self

from stripper.batch.forms import Form
from stripper.batch.run import run_batch
from stripper.batch.settings import Settings
from stripper.errors import StripperError
from tests.batch.conftest import html
from tests.batch.engine import counting, inline

FAULTS = ("ENOSPC", "EIO", "EMFILE", "SIGKILL")
FORMS = (Form.TXT, Form.JSONL)
_VOLATILE = ("finished", "seconds")


class Fault(NamedTuple):
    """What goes wrong, and when."""

    kind: str
    number: int  # of the operation, from 0

    def strike(self) -> None:
        """Fail as the system would."""
        if self.kind == "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        code = getattr(errno, self.kind)
        raise OSError(code, os.strerror(code))


class Disk:
    """Counts the operations of a process that change a disk, and lets one fail."""

    def __init__(self, fault: Fault | None) -> None:
        self._fault = fault
        self.count = 0

    def step(self) -> None:
        """Count an operation, before it is done."""
        number = self.count
        self.count += 1
        if self._fault is not None and number == self._fault.number:
            self._fault.strike()

    def install(self) -> None:
        """Take the place of the real ones, in a process that is only here for this."""
        for name in ("fsync", "replace", "unlink", "mkdir"):
            setattr(os, name, self._counted(getattr(os, name)))
        real_open, real_connect = io.open, sqlite3.connect

        def open_(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if not set(mode) & set("wxa+"):
                return real_open(file, mode, *more, **named)
            self.step()
            stream = real_open(file, mode, *more, **named)
            return _Stream(stream, self) if "b" in mode else stream

        def connect(*more: Any, **named: Any) -> Any:
            return real_connect(*more, factory=self._connection(), **named)

        io.open = open_
        sqlite3.connect = connect

    def _counted(self, call: Any) -> Any:
        def counted(*more: Any, **named: Any) -> Any:
            self.step()
            return call(*more, **named)

        return counted

    def _connection(self) -> type[sqlite3.Connection]:
        step = self.step

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
                if not sql.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN")):
                    try:
                        step()
                    except OSError as error:
                        raise sqlite3.OperationalError(error.strerror) from None
                return super().execute(sql, *more)

        return Connection


class _Stream:
    """An open file whose writes count."""

    def __init__(self, stream: Any, disk: Disk) -> None:
        self._stream, self._disk = stream, disk

    def write(self, data: bytes) -> int:
        self._disk.step()
        half = len(data) // 2
        return int(self._stream.write(data[:half])) + int(self._stream.write(data[half:]))

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


class Run(NamedTuple):
    """What a run in a process of its own left behind."""

    code: int  # 0 all well, 1 it said what went wrong, below 0 killed by that signal, else a bug
    operations: int
    worked: tuple[str, ...]


def settings(inputs: Path, out: Path, form: Form) -> Settings:
    """Return the batch under test: with templates, blocks and several shards, so that all that writes takes part."""
    return Settings((str(inputs),), out, form=form, shard_inputs=4, blocks=True)


def forked(asked: Settings, fault: Fault | None) -> Run:
    """Run a batch in a fork of this process, which has all modules and the model in memory already."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 2
        try:
            os.close(reading)
            code = _in_child(asked, fault, writing)
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    operations = [int(line[1:]) for line in told if line.startswith("#")]
    worked = tuple(line for line in told if not line.startswith("#"))
    return Run(os.waitstatus_to_exitcode(status), operations[-1] if operations else -1, worked)


def _in_child(asked: Settings, fault: Fault | None, pipe: int) -> int:
    class Told(list[str]):
        def append(self, name: str) -> None:
            os.write(pipe, f"{name}\n".encode())

    disk = Disk(fault)
    disk.install()
    try:
        run_batch(asked, engine=counting(Told()))
    except StripperError:
        return 1
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # a bug: it must not pass for a fault that was told
        raise
    finally:
        os.write(pipe, f"#{disk.count}\n".encode())
    return 0


def make_inputs(folder: Path, count: int) -> Path:
    """Write good pages, two copies, an empty one, and a block that all share."""
    folder.mkdir(parents=True)
    for number in range(count):
        tail = "<div class=q9><p>Tea is served above the chandlery on most afternoons of the week.</p></div>"
        (folder / f"{number:03}.html").write_text(html(number, tail=tail), "utf-8")
    (folder / "copy.html").write_text(html(1), "utf-8")
    (folder / "copy2.html").write_text(html(1), "utf-8")
    (folder / "empty.html").write_text("", "utf-8")
    return folder


def visible(out: Path) -> dict[str, bytes]:
    """Return the files a reader sees, without what differs between runs."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = str(path.relative_to(out))
        if path.is_file() and not name.startswith(".stripper/") and not path.name.startswith("."):
            found[name] = path.read_bytes()
    if "manifest.jsonl" in found:
        rows = [json.loads(line) for line in found["manifest.jsonl"].decode().splitlines()]
        for row in rows:
            for name in _VOLATILE:
                row.pop(name)
        found["manifest.jsonl"] = json.dumps(rows).encode()
    if "summary.json" in found:
        summary = json.loads(found["summary.json"])
        summary.pop("run")
        summary.pop("slowest")
        found["summary.json"] = json.dumps(summary).encode()
    return found


def done_by_journal(out: Path) -> set[str]:
    """Return the inputs that the journal calls ok."""
    path = out / ".stripper" / "journal.sqlite3"
    if not path.exists():
        return set()
    with sqlite3.connect(path) as db:
        try:
            names = {row[0].decode() for row in db.execute("SELECT id FROM pages WHERE status = 'ok'")}
        except sqlite3.OperationalError:  # killed before it had a table
            names = set()
    db.close()
    return names


def check(inputs: Path, out: Path, form: Form, fault: Fault, golden: dict[str, bytes]) -> bool:
    """Run with a fault and again without; return whether the fault struck. Raises AssertionError."""
    shutil.rmtree(out, ignore_errors=True)
    struck = forked(settings(inputs, out, form), fault)
    assert struck.code in {0, -signal.SIGKILL if fault.kind == "SIGKILL" else 1}, struck
    halfway = visible(out)
    told = {"manifest.jsonl", "summary.json", "blocks.jsonl"}
    for name, data in halfway.items():
        if name in told:
            json.loads(data.splitlines()[0])
        else:
            assert golden[name] == data, f"{name} is half written"
    before = done_by_journal(out)
    again = forked(settings(inputs, out, form), None)
    assert again.code == 0, again
    # Once to learn from it, once to strip it; what the journal has is not stripped again.
    twice = {name for name in again.worked if again.worked.count(name) > 1 + (name not in before)}
    assert not twice, f"worked twice on {twice}"
    assert visible(out) == golden, f"differs after {fault}: {_difference(visible(out), golden)}"
    assert not list(out.rglob(".*.part")), "a temporary file is left"
    return struck.operations < 0 or struck.operations > fault.number or struck.code != 0


def _difference(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in {*one, *other} if one.get(name) != other.get(name)]


def golden_of(inputs: Path, out: Path, form: Form) -> tuple[dict[str, bytes], int]:
    """Return what an undisturbed run leaves, and how many operations it takes."""
    # Here first: the forks then have all modules and the model in memory.
    run_batch(settings(inputs, out.with_name(f"{out.name}-first"), form), engine=inline)
    run = forked(settings(inputs, out, form), None)
    assert run.code == 0, run
    return visible(out), run.operations


def kill_really(folder: Path, moments: int, seed: int, pages: int = 60) -> list[float]:
    """Kill -9 a real batch, each time a fresh one, at random moments while it runs; return the moments."""
    dice = random.Random(seed)  # noqa: S311
    make_inputs(folder / "in", pages)
    golden_out = folder / "golden"
    begun = time.monotonic()
    command = [sys.executable, "-m", "stripper", "batch", "in", "--format", "jsonl", "--blocks", "--shard-inputs", "7"]
    command += ["--jobs", "2", "--no-metadata"]
    subprocess.run([*command, "-o", str(golden_out)], cwd=folder, check=False, capture_output=True)
    length = time.monotonic() - begun
    golden = visible(golden_out)
    assert len(golden) > pages // 7
    struck: list[float] = []
    while len(struck) < moments:
        out = folder / f"out-{len(struck)}"
        waits = dice.random() * length
        process = subprocess.Popen([*command, "-o", str(out)], cwd=folder, stderr=subprocess.DEVNULL)
        try:
            process.wait(waits)
        except subprocess.TimeoutExpired:
            process.kill()
            struck.append(waits)
        process.wait()
        for name, data in visible(out).items() if out.exists() else ():
            assert not name.startswith("part-") or data == golden[name], f"{name} is half written"
        before = done_by_journal(out) if out.exists() else set()
        done = subprocess.run([*command, "-o", str(out)], cwd=folder, check=False, capture_output=True, text=True)
        assert done.returncode == 1, done.stderr  # the empty page
        made = json.loads((out / "summary.json").read_text("utf-8"))["run"]
        assert made["done"] + made["copied"] <= pages + 3 - len(before), (made, len(before))
        assert visible(out) == golden, _difference(visible(out), golden)
        shutil.rmtree(out)
    return struck


def main(argv: list[str]) -> int:
    """Run all, or the kills."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if argv[:1] == ["--kill"]:
            struck = kill_really(folder, int(argv[1]), seed=1)
            print(f"killed at {len(struck)} of {argv[1]} moments: the next run's output is that of an undisturbed one")
            return 0
        pages = int(argv[0]) if argv else 20
        for form in FORMS:
            inputs = make_inputs(folder / f"in-{form}", pages)
            golden, operations = golden_of(inputs, folder / "golden" / form, form)
            for kind in FAULTS:
                for number in range(operations):
                    check(inputs, folder / "out", form, Fault(kind, number), golden)
                print(f"{form}, {kind}: each of {operations} operations failed once, all put right", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
