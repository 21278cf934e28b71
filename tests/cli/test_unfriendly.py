"""Whatever is typed and whatever lies there: one line that names it, an exit code, and nothing half-written."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stripper.cli import _parser, main
from stripper.cli.spelling import flag, spelled
from tests.cli.conftest import PAGE, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result

    Call = Callable[..., Result]

RECORD = "out/page.json"


@pytest.fixture
def desk(page: str, tmp_path: Path, call: Call) -> Path:
    """A current folder as people have them: a page, its output, and all sorts of things that are no input."""
    assert call("strip", page, "-o", "out").code == 0
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "random").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "manifest.jsonl").write_text('{"a":' * 200_000)
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "half.json").write_text('{"schema": "stripper.record/1", "kept": [{"id": 0}], "removed": []}')
    (tmp_path / "alone.json").write_bytes((tmp_path / RECORD).read_bytes())
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "manifest.jsonl").write_text('{"id": "a", "status": "ok", "page": null, "words": null}\n')
    row = {"id": "page.html", "status": "ok", "output": {"record": "page.json", "text": "page.txt"}, "words": None}
    (tmp_path / "out" / "manifest.jsonl").write_text(json.dumps(row | {"page": None}) + "\n")
    return tmp_path


def listing(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


WRONG: list[tuple[str, int, str]] = [
    # what is typed, exit code, what the line says
    ("strip ''", 2, "INPUT: names nothing"),
    ("strip page.html ''", 2, "INPUT: names nothing"),
    ("strip folder", 1, "folder: is a folder; name the files in it"),
    ("strip folder/page.html", 1, "folder/page.html: no such file"),
    ("strip page.html/x", 1, "page.html/x: "),
    ("strip empty", 1, "empty: is empty"),
    ("strip random", 1, "random: is binary data"),
    ("strip ftp://example.org/", 1, "only http:// and https:// are fetched"),
    ("strip http://127.0.0.1:9/", 1, "--allow-private permits it"),
    ("strip page.html --max-bytes 10", 1, "raise --max-bytes"),
    ("strip page.html --max-bytes 0", 2, "--max-bytes"),
    ("strip page.html --max-bytes ²", 2, "is no number"),
    ("strip page.html --keep ''", 2, "--keep: names nothing"),
    ("strip page.html --keep ,", 2, "--keep: names no kind"),
    ("strip page.html --keep nonsense", 2, "--keep: nonsense: no such kind"),
    ("strip page.html --drop comments", 2, "--drop: comments cannot be named here"),
    ("strip page.html -o ''", 2, "-o: names nothing"),
    ("strip page.html -o page.html", 2, "-o: page.html is no folder"),
    ("strip page.html -o /dev/full", 2, "-o: /dev/full is no folder"),
    ("strip page.html -o random/x", 1, "cannot write random/x: "),
    ("strip page.html --record ''", 2, "--record: names nothing"),
    ("strip page.html --record folder", 2, "--record: folder is a folder"),
    ("strip page.html --record missing/r.jsonl", 1, "cannot write missing/r.jsonl: "),
    ("strip page.html --model missing.model", 2, "--model: missing.model cannot be read as a model"),
    ("strip page.html --model random", 2, "--model: random is no stripper model"),
    ("strip page.html --profiles missing", 2, "--profiles: missing is no folder"),
    ("strip http://127.0.0.1:9/ --cache page.html", 2, "--cache: page.html: "),
    ("strip http://127.0.0.1:9/ --save-warc page.html", 2, "--save-warc: page.html exists"),
    ("strip http://127.0.0.1:9/ --ca-file random", 2, "--ca-file: random: "),
    ("explain page.html ''", 2, "SENTENCE: names nothing"),
    ("explain page.html ' '", 2, "SENTENCE: is empty"),
    ("explain folder x", 1, "folder: is a folder"),
    ("explain other.json x", 1, "other.json: is no record of stripper"),
    ("explain list.json x", 1, "list.json: is no record"),
    ("explain deep.json x", 1, "deep.json: is no JSON: nested too deep"),
    ("restore out/page.txt deep.json", 1, "deep.json: is no JSON: nested too deep"),
    (f"diff {RECORD} deep.json", 1, "deep.json: is no JSON: nested too deep"),
    ("eval deep.json", 1, "deep.json: is no file of JSON lines in UTF-8: nested too deep"),
    ("report deep -o r.html", 1, "deep/manifest.jsonl:1: is no JSON: nested too deep"),
    ("explain alone.json x", 1, "no alone.txt"),
    ("explain half.json x", 1, "half.json: "),
    ("review page.html", 2, "-o"),
    ("review page.html -o folder", 2, "-o: folder is a folder"),
    ("review page.html -o ''", 2, "-o: names nothing"),
    ("review page.html -o page.html", 2, "page.html is an input and would be written over"),
    (f"review {RECORD} -o {RECORD}", 2, f"{RECORD} is an input and would be written over"),
    (f"review {RECORD} -o out/page.txt", 2, "out/page.txt is an input and would be written over"),
    (f"review {RECORD} -o page.html", 2, "page.html is an input and would be written over"),
    ("review page.html -o missing/r.html", 1, "cannot write missing/r.html: "),
    ("review page.html -o /dev/full", 1, "cannot write /dev/full: No space left"),
    ("report torn -o r.html", 1, "torn/manifest.jsonl:1: is no row of a manifest (output)"),
    ("report folder -o r.html", 2, "folder is no folder of `stripper batch`"),
    ("report page.html -o r.html", 2, "page.html is no folder of `stripper batch`"),
    ("report out -o folder", 2, "-o: folder is a folder"),
    ("report out -o r.html --csv page.html", 2, "--csv: page.html is no folder"),
    ("report out -o r.html --csv ''", 2, "--csv: names nothing"),
    ("report out -o r.html --before folder", 2, "folder is no folder of `stripper batch`"),
    ("report out -o out/manifest.jsonl", 2, "out/manifest.jsonl is an input and would be written over"),
    (f"report out -o {RECORD}", 2, f"{RECORD} is an input and would be written over"),
    (f"diff {RECORD} other.json", 1, "other.json: is no record of stripper"),
    ("diff other.json other.json", 1, "other.json: is no record of stripper"),
    (f"diff {RECORD} half.json", 1, "half.json: the record is malformed"),
    (f"diff {RECORD} {RECORD} --most -1", 2, "--most"),
    ("diff page.html page.html", 2, "A and B: name two records"),
    (f"diff folder {RECORD}", 2, "A and B: name two records"),
    (f"restore out/page.txt {RECORD} --blocks folder", 2, "it has no blocks.jsonl"),
    (f"restore out/page.txt {RECORD} --kind ,", 2, "--kind: names no kind"),
    (f"restore folder {RECORD}", 1, "folder: is a folder"),
    (f"restore random {RECORD}", 1, "random: is no UTF-8"),
    (f"restore page.html {RECORD}", 1, "the clean text has"),
    ("restore out/page.txt other.json", 1, "other.json: is no record of stripper"),
    ("restore out/page.txt half.json", 1, "half.json: the record is malformed"),
    ("eval empty", 1, "empty: holds no labelled page"),
    ("eval folder", 1, "gold.jsonl: cannot be read, and a corpus needs it"),
    ("eval random", 1, "random: is no file of JSON lines"),
    ("eval missing", 2, "CORPUS: missing is not there"),
    ("eval out --predictions folder", 2, "--predictions: folder is a folder"),
]


@pytest.mark.parametrize(("typed", "code", "line"), WRONG, ids=[typed for typed, _, _ in WRONG])
@pytest.mark.usefixtures("desk")
def test_what_is_wrong_is_one_line(desk: Path, call: Call, typed: str, code: int, line: str) -> None:
    """With its code, nothing on standard output, and no file made or changed."""
    before = listing(desk)
    result = call(*shlex.split(typed))
    assert (result.code, result.out) == (code, "")
    assert line in result.err
    assert result.err.startswith("stripper: ")
    assert result.err.count("\n") == 1
    assert listing(desk) == before


ODD_NAMES = [
    b"new\nline",
    b"esc\x1b[2J\x1b]52;c;AAAA\x07",
    b"bad\xff\xfe",
    "bidi\u202e".encode(),
    b"-dash",
    b"@at",
    b" ",
]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.usefixtures("page")
def test_odd_names_go_all_the_way(tmp_path: Path, call: Call, name: str | bytes) -> None:
    """strip, explain, review, diff and restore take a page whatever it is called; no output leaves the folder."""
    odd = os.fsdecode(name)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{odd}.html").write_text(PAGE, "utf-8")
    os.chdir(tmp_path / "in")  # so that the name stands alone: the fixture `page` brings us back
    try:
        assert call("strip", "-o", "../out", "--", f"{odd}.html") == (0, "", "")
        text, record = sorted((tmp_path / "out").iterdir(), key=lambda path: path.suffix, reverse=True)
        assert (text.suffix, record.suffix) == (".txt", ".json")
        assert SENTENCE in text.read_text("utf-8")
        assert call("explain", "--", f"{odd}.html", SENTENCE).code == 0
        assert call("explain", str(record), SENTENCE).code == 0
        assert call("review", "-o", "../r.html", "--", f"{odd}.html", str(record)).code == 0
        assert call("diff", str(record), str(record)).code == 0
        assert SENTENCE in call("restore", str(text), str(record)).out
        missing = call("strip", "--", f"{odd}.htm")
    finally:
        os.chdir(tmp_path)
    assert missing.code == 1
    assert missing.err.count("\n") == 1
    assert missing.err.strip().isprintable()


def test_two_inputs_of_one_name_in_one_review(page: str, call: Call, tmp_path: Path) -> None:
    """Both are in it, told apart by their paths."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / page).write_text(PAGE.replace("The keeper", f"The keeper {folder}"), "utf-8")
    assert call("review", f"a/{page}", f"b/{page}", "-o", "review.html").code == 0
    written = (tmp_path / "review.html").read_text("utf-8")
    assert "The keeper a and the ships" in written
    assert "The keeper b and the ships" in written
    assert f"a/{page}" in written
    assert f"b/{page}" in written


def test_a_page_of_which_nothing_is_left_is_told(call: Call, tmp_path: Path) -> None:
    """An empty text is no error, but it must not come as a surprise."""
    (tmp_path / "short.html").write_text("<p>Hello, reader. This is a page.</p>", "utf-8")
    result = call("strip", str(tmp_path / "short.html"))
    assert (result.code, result.out) == (0, "")
    assert "short.html: nothing is left: its only block was removed" in result.err


def test_a_password_is_written_nowhere(call: Call, tmp_path: Path) -> None:
    """A URL that holds one is refused, and neither message, record nor file name repeats it."""
    url = "http://me:secret@example.org/a"
    result = call("strip", url, "-o", str(tmp_path / "out"))
    assert (result.code, "secret" in result.err, result.err.count("\n")) == (1, False, 1)
    assert "http://example.org/a: holds a password" in result.err
    call("review", url, "-o", str(tmp_path / "out" / "review.html"))
    for name, data in listing(tmp_path).items():
        assert "secret" not in name
        assert b"secret" not in (data or b"")


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("127.0.0.1 not public; allow_private permits it", "127.0.0.1 not public; --allow-private permits it"),
        (
            "robots.txt forbids it; only robots=False overrides it",
            "robots.txt forbids it; only --ignore-robots overrides it",
        ),
        ("over the limit; raise max_bytes", "over the limit; raise --max-bytes"),
        ("raise max_fetch_bytes", "raise --max-fetch-bytes"),
        ("warc: x.warc: exists", "--save-warc: x.warc: exists"),
        ("redirects to 'http://x/?max_bytes=1'", "redirects to 'http://x/?max_bytes=1'"),
        ("a file of the name cache: no", "a file of the name cache: no"),
        ("my_max_bytes.html", "my_max_bytes.html"),
    ],
)
def test_options_are_called_as_they_are_typed(said: str, typed: str) -> None:
    """A message of the library tells somebody at a shell what to type; what only looks like an option stays."""
    assert spelled(said) == typed


def test_every_option_that_a_message_names_can_be_typed(call: Call) -> None:
    """--help has it."""
    told = call("strip", "--help").out
    for name in ("allow_private", "longest_wait", "max_bytes", "max_fetch_bytes", "robots", "warc", "cache", "ca_file"):
        assert f"{flag(name)} " in told


@pytest.mark.parametrize("command_line", ["strip {} -o out", "review {} -o r.html", "explain {} x --json"])
def test_ctrl_c_leaves_nothing(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: str
) -> None:
    """While an input is read that never comes: exit 130, one line, no file."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.html")
    process: subprocess.Popen[bytes] = command(*command_line.format("pipe.html").split())
    with Path("pipe.html").open("wb"):  # opens once it is read
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"stripper: interrupted\n")
    assert {path.name for path in tmp_path.rglob("*")} <= {"pipe.html", "out"}


@pytest.mark.parametrize(
    "command_line", ["explain page.html {}", "diff out/page.json out/page.json", "restore out/page.txt out/page.json"]
)
@pytest.mark.usefixtures("desk")
def test_a_full_disk_behind_standard_output(command: Any, command_line: str) -> None:
    """One line, exit 1, for every command that prints."""
    words = [word.format(SENTENCE) for word in command_line.split()]
    with Path("/dev/full").open("wb") as full:
        process: subprocess.Popen[bytes] = command(*words, stdout=full)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"stripper: cannot write to standard output: No space left on device\n")


@pytest.mark.parametrize(
    "command_line", ["explain page.html {}", "diff out/page.json out/page.json", "restore out/page.txt out/page.json"]
)
@pytest.mark.usefixtures("desk")
def test_a_reader_that_has_gone(command: Any, command_line: str) -> None:
    """`stripper ... | head -0` is quiet and no failure."""
    reader, writer = os.pipe()
    os.close(reader)
    process: subprocess.Popen[bytes] = command(*[word.format(SENTENCE) for word in command_line.split()], stdout=writer)
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


# Root may do everything but for these.
_POWERS = "-dac_override,-dac_read_search,-fowner"
_AS_OTHERS = () if os.geteuid() else ("setpriv", f"--bounding-set={_POWERS}", f"--inh-caps={_POWERS}")


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root needs setpriv, to be less")
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("strip page.html -o out/new", "cannot write out/new: Permission denied"),
        ("strip page.html -o out", "cannot write out/page.txt: Permission denied"),
        ("strip page.html --record out/r.jsonl", "cannot write out/r.jsonl: Permission denied"),
        ("review page.html -o out/r.html", "cannot write out/r.html: Permission denied"),
        ("strip shut.html", "shut.html: cannot be read: Permission denied"),
        ("explain shut.html x", "shut.html: cannot be read: Permission denied"),
        ("strip closed/page.html", "closed/page.html: cannot be read: Permission denied"),
    ],
)
def test_what_one_may_not_touch(page: str, tmp_path: Path, typed: str, line: str) -> None:
    """A read-only folder, an unreadable file, a closed folder: one line each, and nothing is made."""
    (tmp_path / "shut.html").write_text(PAGE, "utf-8")
    (tmp_path / "shut.html").chmod(0)
    for name, mode in (("out", 0o555), ("closed", 0)):
        (tmp_path / name).mkdir(mode)
    command = [*_AS_OTHERS, sys.executable, "-m", "stripper", *typed.split()]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (1, f"stripper: {line}\n")
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["closed", "out", page, "shut.html"]


def test_examples_of_the_help_can_be_typed(call: Call) -> None:
    """Every line of every command's examples is understood: none is wrong usage of the parser."""
    commands = [line.split()[0] for line in call("--help").out.splitlines() if line.startswith("    ")]
    assert len(commands) == 9
    for name in commands:
        examples = call(name, "--help").out.partition("examples:\n")[2].strip().splitlines()
        assert examples, name
        for line in examples:
            typed = line.partition("stripper ")[2].partition(" | ")[0].partition("  # ")[0]
            assert _parser().parse_args(shlex.split(typed)).command == name


def test_start_is_quick() -> None:
    """`stripper --version` takes less than half a second of CPU: nothing heavy is imported for it."""
    started = time.process_time()
    assert main(["--version"]) == 0
    assert time.process_time() - started < 0.5
