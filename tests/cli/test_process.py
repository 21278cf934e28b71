"""The command as a process: exit codes, pipes, signals, full disks, terminals."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stripper.version import __version__
from tests.cli.conftest import PAGE, SENTENCE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Start = Callable[..., subprocess.Popen[bytes]]


def test_exit_codes_and_streams(command: Start, page: str) -> None:
    """Text to stdout, talk to stderr, 1 when an input failed, UTF-8 in any locale."""
    Path(page).write_text(PAGE.replace("forty", "vierzig — 四十"), "utf-8")
    process = command("strip", page, "missing.html")
    out, err = process.communicate()
    assert process.returncode == 1
    assert "vierzig — 四十" in out.decode("utf-8")
    assert err == b"stripper: missing.html: no such file\n"


def test_a_page_from_a_pipe(command: Start) -> None:
    """`-` reads what another command writes."""
    process = command("strip", "-")
    out, err = process.communicate(PAGE.encode())
    assert (process.returncode, err) == (0, b"")
    assert SENTENCE.encode() in out


def test_version_and_help(command: Start) -> None:
    """`python -m stripper` is the command; help goes to stdout and exits 0."""
    process = command("--version")
    assert process.communicate() == (f"stripper {__version__}\n".encode(), b"")
    assert process.returncode == 0


def test_a_reader_that_leaves_early(command: Start, page: str) -> None:
    """When the reader of a pipe is gone, the command ends without a word."""
    process = command("strip", "-", page, page)
    assert process.stdin
    assert process.stdout
    process.stdout.close()
    process.stdin.write(PAGE.encode())
    process.stdin.close()
    assert process.stderr
    assert process.stderr.read() == b""
    assert process.wait() == 0
    process.stderr.close()


def test_a_reader_that_leaves_early_does_not_cost_the_records(command: Start, page: str) -> None:
    """`--record FILE | head` still writes the record of every input."""
    process = command("strip", "-", page, "--record", "records.jsonl")
    assert process.stdin
    assert process.stdout
    process.stdout.close()
    process.stdin.write(PAGE.encode())
    process.stdin.close()
    assert process.wait() == 0
    assert process.stderr
    process.stderr.close()
    records = map(json.loads, Path("records.jsonl").read_text("utf-8").splitlines())
    assert [record["source"]["id"] for record in records] == ["-", page]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_standard_output(command: Start, page: str) -> None:
    """One line and exit code 1, no traceback."""
    with Path("/dev/full").open("wb") as full:
        process = command("strip", page, stdout=full)
        _, err = process.communicate()
    assert process.returncode == 1
    assert err == b"stripper: cannot write to standard output: No space left on device\n"


def test_a_full_disk_behind_a_folder(command: Start, page: str) -> None:
    """A file that cannot be written whole is not there at all: one line, exit code 1."""

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    process = command("strip", page, "-o", "out", preexec_fn=small_files)  # a full disk for this process alone
    _, err = process.communicate()
    assert process.returncode == 1
    assert err == b"stripper: cannot write out/page.txt: File too large\n"
    assert list(Path("out").iterdir()) == []


def test_a_closed_standard_output(command: Start, page: str) -> None:
    """`>&-` is one line and exit code 1."""
    process = command("strip", page, stdout=None, preexec_fn=lambda: os.close(1))
    _, err = process.communicate()
    assert (process.returncode, err) == (1, b"stripper: standard output is closed\n")


def test_a_closed_standard_input(command: Start) -> None:
    """`<&-` is an input that cannot be read."""
    process = command("strip", "-", stdin=None, preexec_fn=lambda: os.close(0))
    out, err = process.communicate()
    assert (process.returncode, out, err) == (1, b"", b"stripper: -: standard input is closed\n")


@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, b"stripper: interrupted\n"), (signal.SIGTERM, 143, b"")]
)
def test_interrupts(command: Start, page: str, number: signal.Signals, code: int, said: bytes) -> None:
    """Ctrl-C and `kill` end the command without a traceback; what it was about to write is not there."""
    os.mkfifo("slow.html")
    process = command("strip", page, "slow.html", "-o", "out", "--record", "records.jsonl")
    with Path("slow.html").open("wb"):  # opens once the command is reading
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (code, b"", said)
    assert sorted(os.listdir("out")) == ["page.json", "page.txt"]  # noqa: PTH208
    assert not Path("records.jsonl").exists()
    assert [name for name in os.listdir() if name.startswith(".")] == []  # noqa: PTH208


def terminal_output(command: Start, *args: str) -> tuple[int, bytes, bytes]:
    """Run a command whose outputs are a terminal each; return exit code and what the terminals got."""
    pairs = [pty.openpty(), pty.openpty()]
    process = command(*args, stdout=pairs[0][1], stderr=pairs[1][1])
    seen = []
    for _, theirs in pairs:
        os.close(theirs)
    for ours, _ in pairs:
        data = b""
        try:
            while piece := os.read(ours, 65536):
                data += piece
        except OSError:  # the terminal's other side is closed: Linux' way to say "end"
            pass
        os.close(ours)
        seen.append(data)
    process.communicate()
    return process.returncode, seen[0], seen[1]


HOSTILE = "\x1b]52;c;AAAA\x07 \x1b[2J \x9b31m \u202e\u2066 evil"


def test_a_terminal_is_not_driven_by_a_page(command: Start, page: str) -> None:
    """On a terminal controls and bidi overrides are shown, not sent; the text ends its line."""
    Path(page).write_text(PAGE.replace("forty books", f"forty {HOSTILE} books"), "utf-8")
    Path("plain.txt").write_text(f"{SENTENCE} {HOSTILE}", "utf-8")
    for name in (page, "plain.txt"):
        code, out, _ = terminal_output(command, "strip", name)
        text = out.decode("utf-8")
        assert code == 0
        assert not set(text) & set("\x1b\x07\x9b\u202e\u2066")
        assert "\\x1b]52;c;AAAA\\x07 \\x1b[2J \\x9b31m \\u202e\\u2066 evil" in text
        assert text.endswith("\r\n")


def test_a_terminal_is_not_driven_by_a_name(command: Start) -> None:
    """The same for names, on either side, whether they exist or not."""
    _, out, err = terminal_output(command, "strip", "a\x1b[2J\u202e.html", "https://\x1b[2J/")
    assert out == b""
    assert b"\x1b" not in err
    assert "a\\x1b[2J\\u202e.html: no such file" in err.decode("utf-8")


def test_json_on_a_terminal_is_still_json(command: Start, page: str) -> None:
    """What is made visible is an escape that JSON knows."""
    Path(page).write_text(PAGE.replace("forty books", f"forty {HOSTILE} books"), "utf-8")
    _, out, _ = terminal_output(command, "strip", page, "--record", "-", "--drop", "content")
    record = json.loads(out)
    assert any("\u202e" in item["text"] for item in record["removed"])


@pytest.mark.usefixtures("page")
def test_a_pipe_gets_the_page_as_it_is(command: Start) -> None:
    """In a pipe no character is changed."""
    Path("plain.txt").write_text(f"{SENTENCE} {HOSTILE}", "utf-8")
    out, _ = command("strip", "plain.txt").communicate()
    assert out.decode("utf-8") == f"{SENTENCE} {HOSTILE}"


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_no_worker_is_left_behind(command: Start, number: signal.Signals, code: int) -> None:
    """An interrupted run over many pages takes its processes along, and its half-written file."""
    Path("corpus/html").mkdir(parents=True)
    os.mkfifo("corpus/html/a.html.gz")
    Path("corpus/gold.jsonl").write_text('{"id": "a", "text": "x"}\n')
    process = command("eval", "corpus", "--jobs", "2", "--predictions", "predictions.jsonl")
    with Path("corpus/html/a.html.gz").open("wb"):  # opens once the workers run and the page is read
        process.send_signal(number)
        process.communicate()  # ends when the last process that holds these pipes has gone
    assert process.returncode == code
    assert sorted(os.listdir()) == ["corpus", "page.html"]  # noqa: PTH208
