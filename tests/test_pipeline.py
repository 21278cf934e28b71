"""A page's way through the code, and many pages' ways beside each other."""

from __future__ import annotations

import gc
import gzip
import os
import pickle
import subprocess
import sys
import threading
import zlib
from contextlib import nullcontext
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stripper
from stripper import (
    Failure,
    Kind,
    Mode,
    Options,
    RawPage,
    Stripped,
    restore,
    strip_file,
    strip_html,
    strip_many,
    strip_text,
    strip_url,
)
from stripper.errors import (
    EmptyInput,
    FetchError,
    TooLarge,
    UnreadableInput,
    UnsupportedInput,
    UsageError,
    WorkerDied,
)
from stripper.pipeline import attempt, failure
from stripper.reading import read_file
from stripper.segment import segment
from stripper.write import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripper.datatypes import Page, Segmentation
    from stripper.sites import SiteProfile

PROSE = "The old mill stood by the river for two hundred years, and the wheel still turned when the water was high. "
PAGE = f"""<html lang="en-GB"><head><title>The mill | Valley Post</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><h1>The mill by the river</h1>
<p>{PROSE * 2}</p><p>{PROSE * 3}</p></main><footer>Copyright 2026 Valley Post</footer></body></html>"""
TEXT = f"The mill by the river\n\n{PROSE * 2}\n\n{PROSE}\n\nCheck Also\n\nLeave a Reply\n"


# One page


def test_html_in_text_and_record_out() -> None:
    """The article stays, the menu and the footer go, and everything is accounted for."""
    page = strip_html(PAGE, "https://valley.example/mill")
    assert page.text.split("\n") == ["The mill by the river", (PROSE * 2).strip(), (PROSE * 3).strip()]
    assert {v.kind for v in page.removed} <= set(Kind) - {Kind.CONTENT, Kind.TITLE}
    assert page.title == "The mill by the river"
    assert page.record()["source"]["url"] == "https://valley.example/mill"
    assert page.record()["page"]["language"] == "en-GB"
    assert restore(page.text, page.record()) == "\n".join(v.block.text for v in page.verdicts)


def test_bytes_and_str_give_the_same_text() -> None:
    """The caller may decode or leave it to us."""
    of_bytes, of_str = strip_html(PAGE.encode()), strip_html(PAGE)
    assert of_bytes.text == of_str.text
    assert of_bytes.source.sha256 == of_str.source.sha256
    assert (of_bytes.source.encoding_from, of_str.source.encoding_from) == ("utf-8", "str")


@pytest.mark.parametrize(
    ("head", "data"),
    [
        ("", "é".encode()),
        ("", b"\xe9"),  # of no declaration: Latin-1, by the detector
        ("<meta charset=utf-8>", "é".encode()),
        ("<meta charset=windows-1252>", b"\xe9"),
        ("<meta charset=windows-1252>", "é".encode()),  # the declaration is wrong
        ("\ufeff", "é".encode()),
    ],
)
def test_every_encoding_gives_the_same_page(head: str, data: bytes) -> None:
    """Whether the parser gets the bytes as they came or written anew; a byte order mark is no character of the page."""
    page = strip_html(head.encode() + b"<p>caf" + data + b" au lait</p>" + PROSE.encode())
    assert page.page.blocks[0].text == "café au lait"


def test_a_byte_that_is_no_utf8_is_told() -> None:
    """It becomes one mark, and the record counts it."""
    page = strip_html(b"<meta charset=utf-8><p>caf\xe9 au lait</p>" + ("<p>Händler in Köln" * 20).encode())
    assert page.page.blocks[0].text == "caf\ufffd au lait"
    assert page.source.replaced_characters == 1


def test_plain_text_keeps_every_character() -> None:
    """What stays of a text is the input's own characters; what goes can be put back."""
    page = strip_text(TEXT)
    assert page.text == TEXT.partition(" \n\nCheck Also")[0]
    assert restore(page.text, page.record()) == TEXT


@given(st.text(st.characters(), max_size=200))
def test_any_text_comes_back(text: str) -> None:
    """Laws 2 and 5 for any str: kept and removed give the input back, and a second run says the same."""
    try:
        page = strip_text(text)
    except EmptyInput:
        assert not text.strip()
        return
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert restore(page.text, page.record()) == joined
    assert to_json(strip_text(text).record()) == to_json(page.record())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_a_clear_error(data: bytes) -> None:
    """No bytes raise anything but the errors that are announced."""
    for strip in (strip_html, strip_text):
        try:
            page = strip(data)
        except (EmptyInput, UnsupportedInput):
            continue
        assert restore(page.text, page.record()) == page.page.text


def test_metadata_on_request() -> None:
    """Author and date cost more than all the rest: the library looks for them only when asked."""
    html = PAGE.replace("<head>", '<head><meta name="author" content="Rosa Mill">')
    assert strip_html(html).metadata.author is None
    assert strip_html(html, options=Options(metadata=True)).metadata.author == "Rosa Mill"


@pytest.mark.parametrize("nothing", ["", "  \n\t ", b"", b" \r\n "])
def test_nothing_is_an_error(nothing: bytes | str) -> None:
    """An input without a visible character is told as such, in every form."""
    with pytest.raises(EmptyInput):
        strip_html(nothing)
    with pytest.raises(EmptyInput):
        strip_text(nothing)


def test_white_space_of_all_kinds_is_nothing() -> None:
    """White space that bytes do not show as such is no text either."""
    with pytest.raises(EmptyInput):
        strip_text("\u3000\u2003".encode())


def test_a_page_that_shows_nothing_is_a_page() -> None:
    """HTML without text has an empty text and a record."""
    page = strip_html("<html><body><script>x</script></body></html>")
    assert (page.text, page.verdicts) == ("", ())
    assert restore("", page.record()) == ""


@pytest.mark.parametrize("strip", [strip_html, strip_text])
@pytest.mark.parametrize("data", [b"x" * 101, "x" * 101, "\u3042" * 40])
def test_the_limit_of_bytes(strip: object, data: bytes | str) -> None:
    """`max_bytes` holds for bytes and for str, which counts as its UTF-8 form."""
    with pytest.raises(TooLarge, match="max_bytes"):
        strip(data, options=Options(max_bytes=100))  # type: ignore[operator]


def test_binary_data_is_refused() -> None:
    """A picture is no page."""
    with pytest.raises(UnsupportedInput):
        strip_html(b"\x89PNG\r\n\x1a\n" + bytes(1000))


# Files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "mode"),
    [
        ("a.html", PAGE, Mode.HTML),
        ("a.txt", PAGE, Mode.HTML),
        ("a", PAGE, Mode.HTML),
        ("a.txt", TEXT, Mode.TEXT),
        ("a.html", TEXT, Mode.TEXT),
        ("a", TEXT, Mode.TEXT),
    ],
)
def test_content_tells_html_from_text(folder: Path, name: str, content: str, mode: Mode) -> None:
    """The name of a file does not make a page of it; `as_` does."""
    (folder / name).write_text(content, "utf-8")
    assert strip_file(name).page.mode is mode
    assert strip_file(folder / name, as_="text").page.mode is Mode.TEXT
    assert strip_file(name, as_=Mode.HTML).page.mode is Mode.HTML


def test_what_a_file_says_of_its_source(folder: Path) -> None:
    """The id is the path as given; a packed file is described by its content."""
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE[:300].encode()) + gzip.compress(PAGE[300:].encode()))
    source = strip_file("a.html.gz").source
    assert (source.id, source.media_type, source.bytes) == ("a.html.gz", "text/html", len(PAGE))


def test_bad_files(folder: Path) -> None:
    """Each error names the file and the matter."""
    (folder / "link").symlink_to("nowhere")
    (folder / "broken.gz").write_bytes(gzip.compress(b"x" * 1000)[:-9])
    for name, matter in [
        ("missing", "no such file"),
        ("link", "no such file"),
        (".", "is a folder"),
        ("a\0b", "no file name"),
        ("broken.gz", "is damaged"),
        ("ftp://x.example/a", "only http:// and https:// are fetched"),
        ("missing/a", "no such file"),
        ("link/" + "x" * 300, "cannot be read: File name too long|no such file"),
    ]:
        with pytest.raises(UnreadableInput, match=matter):
            strip_file(name)


def test_a_bomb_is_not_unpacked(folder: Path) -> None:
    """A packed file that grows without end is given up at the limit."""
    packer = zlib.compressobj(wbits=31)
    zeros = bytes(1 << 20)
    (folder / "bomb.gz").write_bytes(b"".join(packer.compress(zeros) for _ in range(100)) + packer.flush())
    with pytest.raises(TooLarge, match="unpacks to more"):
        strip_file("bomb.gz", options=Options(max_bytes=1_000_000))


def test_an_endless_file_is_not_read(folder: Path) -> None:  # noqa: ARG001
    """Reading stops at the limit, so that a device or a pipe without end is an error and not a full memory."""
    with pytest.raises(TooLarge):
        read_file("/dev/zero", Options(max_bytes=10_000_000))


def test_a_pipe_can_be_read(folder: Path) -> None:
    """A named pipe is a file to read: `<(curl ...)` of a shell is one."""
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=(folder / "pipe").write_text, args=(PAGE, "utf-8"))
    writer.start()
    assert PROSE.strip() in strip_file("pipe").text
    writer.join()


# URLs


def test_a_url_that_cannot_be_fetched() -> None:
    """The fetcher's error comes through."""
    with pytest.raises(FetchError):
        strip_url("http://127.0.0.1:1/")


# Many pages


def describe(outcomes: Iterator[Stripped | Failure]) -> list[str]:
    """Return a line for each outcome."""
    return [f"{o.id}: {o.error}" if isinstance(o, Failure) else f"{o.source.id}: {o.title}" for o in outcomes]


def sources(folder: Path) -> list[str | Path | RawPage]:
    """Return sources of every kind, good and bad."""
    (folder / "a.html").write_text(PAGE, "utf-8")
    return [
        "a.html",
        "missing.html",
        Path("a.html"),
        RawPage("raw", PAGE.replace("mill", "inn").encode(), url="https://x.example/"),
        RawPage("empty", b""),
        "http://127.0.0.1:1/",
        "a.html",
    ]


EXPECTED = [
    "a.html: The mill by the river",
    "missing.html: UnreadableInput",
    "a.html: The mill by the river",
    "raw: The inn by the river",
    "empty: EmptyInput",
    "http://127.0.0.1:1/: AddressDenied",
    "a.html: The mill by the river",
]


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_outcome_for_each_source(folder: Path, jobs: int) -> None:
    """Law 7: in order, whatever the source is and whatever became of it, for any number of processes."""
    assert describe(strip_many(sources(folder), jobs=jobs)) == EXPECTED


def test_processes_give_the_same_values(folder: Path) -> None:
    """Law 5: a page from a worker equals the page from here, options and all."""
    (folder / "a.html").write_text(PAGE, "utf-8")
    options = Options(keep=frozenset({Kind.NAVIGATION}), metadata=True)
    here = list(strip_many(["a.html", "a.html"], options=options, as_="html"))
    there = list(strip_many(["a.html", "a.html"], options=options, as_="html", jobs=2))
    assert here == there
    assert [to_json(page.record()) for page in here] == [to_json(page.record()) for page in there]


@pytest.mark.parametrize("jobs", [1, 2])
def test_sources_are_taken_as_needed(jobs: int) -> None:
    """An endless run begins at once, and few pages wait in memory."""
    taken = count()

    def endless() -> Iterator[RawPage]:
        for number in taken:
            yield RawPage(str(number), PAGE.encode())

    outcomes = strip_many(endless(), jobs=jobs)
    assert describe(islice(outcomes, 5)) == [f"{n}: The mill by the river" for n in range(5)]
    outcomes.close()  # type: ignore[attr-defined]
    assert next(taken) < 5 + 10 * jobs


class Deadly(os.PathLike[str]):
    """A path that kills the process that looks at it, unless that is the one it was made in."""

    def __init__(self) -> None:
        self.home = os.getpid()

    def __fspath__(self) -> str:
        if os.getpid() != self.home:
            os.kill(os.getpid(), 9)
        return "deadly.html"


def test_a_killed_worker_costs_its_page_only(folder: Path) -> None:
    """A page that kills its process is a failure; all others are done."""
    (folder / "a.html").write_text(PAGE, "utf-8")
    outcomes = list(strip_many(["a.html", Deadly(), "a.html", Deadly(), *["a.html"] * 10], jobs=2))
    good = "a.html: The mill by the river"
    assert describe(iter(outcomes)) == [good, "deadly.html: WorkerDied", good, "deadly.html: WorkerDied", *[good] * 10]
    assert isinstance(outcomes[1], Failure)
    assert "worker process died" in outcomes[1].message


class Unsendable(os.PathLike[str]):
    """A path that cannot be pickled."""

    def __fspath__(self) -> str:
        return "local.html"

    def __reduce__(self) -> str:
        raise pickle.PicklingError("stays here")


def test_a_source_that_cannot_be_sent(folder: Path) -> None:
    """Even that is one failure."""
    (folder / "a.html").write_text(PAGE, "utf-8")
    outcomes = describe(strip_many([Unsendable(), "a.html"], jobs=2))
    assert outcomes == ["local.html: InternalError", "a.html: The mill by the river"]


@pytest.mark.parametrize("was_on", [True, False])
@pytest.mark.parametrize("page", ["<p>words", "<p>a bug"])
def test_the_collector_waits_while_a_page_is_stripped(
    monkeypatch: pytest.MonkeyPatch, page: str, *, was_on: bool
) -> None:
    """A page makes thousands of values and no cycle; afterwards the collector is as it was, whatever happened."""
    seen = []

    def watched(parsed: Page, options: Options, profile: SiteProfile | None) -> Segmentation:
        seen.append(gc.isenabled())
        if "bug" in parsed.text:
            raise ZeroDivisionError
        return segment(parsed, options, profile)

    monkeypatch.setattr("stripper.pipeline.segment", watched)
    (gc.enable if was_on else gc.disable)()
    try:
        with nullcontext() if "bug" not in page else pytest.raises(ZeroDivisionError):
            strip_html(page)
        assert (seen, gc.isenabled()) == ([False], was_on)
    finally:
        gc.enable()


def test_a_bug_costs_its_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody foresaw is a failure that asks for a report."""

    def buggy(*_: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr("stripper.pipeline.segment", buggy)
    (outcome,) = strip_many([RawPage("a", PAGE.encode())])
    assert outcome == Failure("a", "InternalError", "RecursionError: deep; this is a bug in stripper, please report it")


def test_a_source_of_no_kind() -> None:
    """What is no path, URL or page is a failure as well."""
    outcome = attempt(3, Options())  # type: ignore[arg-type]
    assert isinstance(outcome, Failure)
    assert (outcome.id, outcome.error) == ("3", "UnreadableInput")


def test_failures_name_the_url() -> None:
    """The record of a failure has the URL, given or meant."""
    error = WorkerDied("x", "died\nhere")
    assert failure("https://x.example/", error).record()["source"]["url"] == "https://x.example/"
    assert failure(RawPage("a", b"", url="https://y.example/"), error).url == "https://y.example/"
    assert failure(Path("a.html"), error) == Failure("a.html", "WorkerDied", "died here")


def test_wrong_arguments_are_told_at_once() -> None:
    """Not when the first page is asked for, which may be far away."""
    with pytest.raises(UsageError, match="jobs"):
        strip_many([], jobs=0)
    with pytest.raises(UsageError, match="as_"):
        strip_many([], as_="pdf")


def test_a_script_without_a_guard_gets_advice(folder: Path) -> None:
    """Workers import the script; one that starts them again is told what to do instead of hanging."""
    script = "from stripper import strip_many\nlist(strip_many(['a.html'], jobs=2))\n"
    (folder / "script.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "script.py"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert b'if __name__ == "__main__":' in done.stderr


# The package


def test_what_the_package_offers() -> None:
    """Every name that is promised is there."""
    assert all(hasattr(stripper, name) for name in stripper.__all__)
    assert stripper.__version__.count(".") == 2
