"""The tool that makes fixtures: kinds are inherited, gaps in the gold are errors, separators go with what goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stripper.datatypes import Kind
from tests import make_fixture

ABOUT = 'title = "T"\nlanguage = "en"\npage_type = "article"\nimitates = "I"\nshows = "S"\ntraps = []\n'
PAGE = (
    '<!DOCTYPE html><title>T</title><div data-gold="navigation">Menu</div>\n<main data-gold="content">'
    '<h1 data-gold="title">T</h1><p>One <b>two</b>.</p><p data-gold="share">Share</p></main>\n'
)
Make = Callable[[str, str], tuple[int, Path]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Run the tool on one annotated page, given its file name and text; return the exit code and the fixture."""
    monkeypatch.setattr(make_fixture, "FIXTURES", tmp_path / "fixtures")

    def run(name: str, annotated: str) -> tuple[int, Path]:
        (tmp_path / name).write_bytes(annotated.encode())
        (tmp_path / name).with_suffix(".toml").write_text(ABOUT, "utf-8")
        return make_fixture.main([str(tmp_path / name), "slug"]), tmp_path / "fixtures" / "slug"

    return run


def test_an_annotated_page_becomes_a_fixture(make: Make) -> None:
    """The page loses its annotation and nothing else; each block gets the kind of its nearest annotated element."""
    code, folder = make("a.html", PAGE)
    assert code == 0
    assert (folder / "page.html").read_text("utf-8") == (
        "<!DOCTYPE html><title>T</title><div>Menu</div>\n<main><h1>T</h1><p>One <b>two</b>.</p><p>Share</p></main>\n"
    )
    assert (folder / "expected.txt").read_text("utf-8") == "T\nOne two."
    assert json.loads((folder / "expected.json").read_text("utf-8")) == {
        "page_type": "article",
        "blocks": [["Menu", "navigation"], ["T", "title"], ["One two.", "content"], ["Share", "share"]],
    }
    assert (folder / "about.toml").read_text("utf-8") == ABOUT


@pytest.mark.parametrize(
    ("annotated", "text", "kept"),
    [
        ("[title] A\n\n[content] B\n", "A\n\nB\n", "A\n\nB\n"),
        ("[title] A\n\n[content] B\n\n[share] C\n", "A\n\nB\n\nC\n", "A\n\nB"),
        ("[share] A\n\n[content] B\n", "A\n\nB\n", "B\n"),
        ("[title] A\n[related] B\n\n[content] C", "A\nB\n\nC", "A\nC"),
        ("[share] A\n", "A\n", ""),
    ],
)
def test_in_text_a_separator_goes_with_the_line_before_it(make: Make, annotated: str, text: str, kept: str) -> None:
    """The blank lines after a removed line go with it; so do those after the last kept line if junk follows."""
    _, folder = make("a.txt", annotated)
    assert (folder / "page.txt").read_text("utf-8") == text
    assert (folder / "expected.txt").read_text("utf-8") == kept


@pytest.mark.parametrize(
    ("name", "annotated", "message"),
    [
        ("a.html", "<p>Bare</p>", "no data-gold holds for the block 'Bare'"),
        ("a.html", '<p data-gold="sharing">Wrong</p>', "'sharing' is no kind, at 'Wrong'"),
        ("a.html", '<p data-gold="share">A b data-gold="share"</p>', "has other blocks without its data-gold"),
        ("a.txt", "[share] A\nBare", "line 2 has no [kind] before it: 'Bare'"),
        ("a.txt", "[sharing] A", "'sharing' is no kind"),
        ("a.txt", "[content] " + "word " * 12 + "\n[share] " + "word " * 12, "kinds content, share are one block"),
    ],
)
def test_gaps_in_the_gold_are_errors(
    make: Make, capsys: pytest.CaptureFixture[str], name: str, annotated: str, message: str
) -> None:
    """A page whose gold is incomplete, misspelt or contradicts itself gives one line that says where, no fixture."""
    code, folder = make(name, annotated)
    assert code == 1
    assert not folder.exists()
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_known_gaps_are_carried_over(make: Make) -> None:
    """Making a fixture again keeps the list of its gaps."""
    _, folder = make("a.html", PAGE)
    (folder / "about.toml").write_text(ABOUT + 'known_gaps = ["Öl \\"1\\""]\n', "utf-8")
    make("a.html", PAGE)
    assert (folder / "about.toml").read_text("utf-8") == ABOUT + 'known_gaps = ["Öl \\"1\\""]\n'


def test_kinds_of_lines_are_read() -> None:
    """Each line of a text gets the kind before it."""
    assert make_fixture.read_text("[title] A\n\n[share] B")[2] == [Kind.TITLE, Kind.SHARE]
