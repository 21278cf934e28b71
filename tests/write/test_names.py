"""File names: inside the folder, never shared, the input's own where that is possible."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.write import assign_names, is_url


def nobody(_: str) -> None:
    """Say that no output is there yet."""


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("page.html", "page"),
        ("dir/page.htm", "page"),
        ("/abs/dir/page.v2.html.gz", "page.v2"),
        ("notes.TXT", "notes"),
        ("report.pdf", "report.pdf"),
        ("Überblick (1), 日本.html", "Überblick (1), 日本"),
        ("-", "stdin"),
    ],
)
def test_a_file_keeps_its_own_name(source: str, name: str) -> None:
    """NAME is the input's base name without the suffixes that an output replaces."""
    assert assign_names([source], nobody) == {source: name}


def test_a_url_is_told_by_hash_and_by_words() -> None:
    """The name of a URL's output: 16 hex digits of its SHA-256, then host and path."""
    url = "https://Example.org/Some/Path.html?q=1#f"
    assert assign_names([url], nobody)[url] == sha256(url.encode()).hexdigest()[:16] + "-example-org-some-path-html"


HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "/",
    "...",
    ".hidden.html",
    "a/../b\x00c",
    "con.html",
    "CON",
    "nul.txt",
    "C:\\windows\\x.html",
    "x" * 5000 + ".html",
    "日" * 300,
    "trailing. ",
    "-rf",
    "a\nb\x1b[2J.html",
    "\udcff.html",
    "\u202egnp.html",
    "<script>.html",
    "*?|.html",
    "https://x.example/..%2f..%2fetc/passwd",
    "https://x.example/" + "a" * 5000,
    "https://[",
    "https://x.example/A",
    "https://x.example/a",
    "http://x.example/\x00",
    "https://",
    "",
]


def check(sources: list[str], names: dict[str, str]) -> None:
    """Assert what holds for all names together."""
    assert names.keys() == set(sources)
    folded = [unicodedata.normalize("NFC", name).casefold() for name in names.values()]
    assert len(set(folded)) == len(folded)
    for name in names.values():
        assert name
        assert not set(name) & set('/\\:*?"<>|')
        assert name.isprintable()
        assert name[0] not in ".-"
        assert name[-1] not in ". "
        assert len(name.encode("utf-8")) <= 80 + 17
        assert name.partition(".")[0].lower() not in ("con", "nul", "aux", "prn", "com1", "lpt1")


def test_hostile_names() -> None:
    """No name leaves the folder, drives a terminal, breaks a file system or meets another."""
    check(HOSTILE, assign_names(HOSTILE, nobody))


@given(st.lists(st.text(st.characters(), max_size=12) | st.sampled_from(HOSTILE), unique=True, max_size=8))
def test_any_names(sources: list[str]) -> None:
    """The same for any text at all."""
    check(sources, assign_names(sources, nobody))


def test_same_base_names_are_told_apart() -> None:
    """Two inputs of one name get two outputs, whatever the case and the Unicode form."""
    sources = ["a/index.html", "b/index.html", "c/INDEX.HTML", "d/caf\u00e9.html", "e/cafe\u0301.html"]
    names = assign_names(sources, nobody)
    check(sources, names)
    assert names["a/index.html"] == "index"
    assert names["b/index.html"].startswith("index-")


def test_an_input_that_is_named_twice_has_one_name() -> None:
    """The same input has the same output."""
    assert assign_names(["a.html", "a.html"], nobody) == {"a.html": "a"}


def test_an_output_that_is_there_is_its_owners() -> None:
    """A later run writes over an input's own output, and never over another's or a stranger's."""
    owners = {"mine": "x/mine.html", "theirs": "y/theirs.html", "strange": ""}
    names = assign_names(["x/mine.html", "x/theirs.html", "x/strange.html", "x/new.html"], owners.get)
    assert names["x/mine.html"] == "mine"
    assert names["x/theirs.html"].startswith("theirs-")
    assert names["x/strange.html"].startswith("strange-")
    assert names["x/new.html"] == "new"


def test_a_name_does_not_hang_on_the_order_of_runs() -> None:
    """The name with a hash is the same in every run."""
    first = assign_names(["a/i.html", "b/i.html"], nobody)["b/i.html"]
    assert assign_names(["b/i.html"], {"i": "a/i.html"}.get)["b/i.html"] == first


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("https://x.example/", True),
        ("HTTP://x.example", True),
        ("http:/x", False),
        ("ftp://x.example/", False),
        ("x.example/a.html", False),
        ("", False),
    ],
)
def test_what_is_a_url(source: str, answer: bool) -> None:  # noqa: FBT001  the table's
    """A URL begins with http:// or https://; all else is a file."""
    assert is_url(source) is answer
