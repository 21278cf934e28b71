"""Every page of fixtures/ comes out as written down there; tests/make_fixture.py makes them."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from stripper import strip_html, strip_text
from stripper.datatypes import KEPT_KINDS, Kind
from tests.make_fixture import FIXTURES, kept_text

if TYPE_CHECKING:
    from pathlib import Path

    from stripper import Stripped

FLOOR_ALL = 0.70  # share of the junk words of all pages that get their right kind; each page has its own floor
MIN_FIXTURES, MIN_LANGUAGES = 24, 6
HTML_BYTES = range(5_000, 60_001)
ABOUT = {"title": str, "language": str, "page_type": str, "imitates": str, "shows": str, "traps": list}
NOTED = {"known_gaps", "kinds_right"}  # by tests/note_gaps.py
PAGE_TYPES = {"article", "forum", "product", "collection", "listing", "documentation", "service", "other"}
TRAPS = range(1, 81)

FOLDERS = sorted(path for path in FIXTURES.iterdir() if path.is_dir())
each_fixture = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def page_file(folder: Path) -> Path:
    """The one page of a fixture."""
    return folder / ("page.html" if (folder / "page.html").exists() else "page.txt")


def about(folder: Path) -> dict[str, Any]:
    """What a fixture says of itself."""
    return tomllib.loads((folder / "about.toml").read_text("utf-8"))


def gold(folder: Path) -> list[tuple[str, Kind]]:
    """The text and the right kind of each block of a fixture."""
    return [(text, Kind(kind)) for text, kind in json.loads((folder / "expected.json").read_text("utf-8"))["blocks"]]


def stripped(folder: Path) -> Stripped:
    """What stripper makes of a fixture's page."""
    data = page_file(folder).read_bytes()
    return strip_html(data) if page_file(folder).suffix == ".html" else strip_text(data.decode())


def junk_words(folder: Path) -> tuple[int, int]:
    """How many words of junk blocks got their right kind, and how many there are."""
    right = total = 0
    for verdict, (text, kind) in zip(stripped(folder).verdicts, gold(folder), strict=True):
        if kind not in KEPT_KINDS:
            total += len(text.split())
            right += len(text.split()) if verdict.kind == kind else 0
    return right, total


def wrong_side(folder: Path) -> list[str]:
    """The texts of the blocks that are kept and should go, or the other way round; one line each."""
    sides = zip(stripped(folder).verdicts, gold(folder), strict=True)
    return [text for verdict, (text, kind) in sides if verdict.kept != (kind in KEPT_KINDS)]


def test_there_are_fixtures_in_many_languages() -> None:
    """At least 24 pages in at least 6 languages, one right-to-left, one without spaces, and sloppy texts too."""
    languages = {about(folder)["language"] for folder in FOLDERS}
    assert len(FOLDERS) >= MIN_FIXTURES
    assert len(languages) >= MIN_LANGUAGES
    assert languages & {"ar", "he", "fa"}
    assert languages & {"ja", "zh"}
    assert {page_file(folder).suffix for folder in FOLDERS} == {".html", ".txt"}


@each_fixture
def test_a_fixture_is_complete(folder: Path) -> None:
    """A folder holds one page and its three companions, and about.toml says what it is."""
    page = page_file(folder)
    assert {path.name for path in folder.iterdir()} == {page.name, "expected.txt", "expected.json", "about.toml"}
    facts = about(folder)
    assert {name: type(value) for name, value in facts.items() if name not in NOTED} == ABOUT
    assert all(facts[name] for name in ABOUT if name != "traps")
    assert facts["page_type"] in PAGE_TYPES
    assert facts["page_type"] == json.loads((folder / "expected.json").read_text("utf-8"))["page_type"]
    assert all(trap in TRAPS for trap in facts["traps"])
    assert page.suffix == ".txt" or page.stat().st_size in HTML_BYTES
    assert b"data-gold" not in page.read_bytes()


@each_fixture
def test_a_fixture_s_gold_belongs_to_its_page(folder: Path) -> None:
    """The blocks written down are the page's own, one of them is the title, and expected.txt is made of the kept."""
    page = stripped(folder).page
    assert [block.text for block in page.blocks] == [text for text, _ in gold(folder)]
    kinds = [kind for _, kind in gold(folder)]
    assert kinds.count(Kind.TITLE) == 1
    assert (folder / "expected.txt").read_bytes().decode() == kept_text(page, kinds)


@each_fixture
def test_the_clean_text_is_as_expected(folder: Path) -> None:
    """The text is right to the last character; known gaps are exactly the blocks that are on the wrong side."""
    gaps = about(folder).get("known_gaps", [])
    assert wrong_side(folder) == gaps, "blocks on the wrong side are not the known_gaps: see tests/note_gaps.py"
    if not gaps:
        assert stripped(folder).text == (folder / "expected.txt").read_bytes().decode()


@each_fixture
def test_junk_gets_its_kind(folder: Path) -> None:
    """No fewer words of a page's junk are recorded as what they are than when it was last noted."""
    right, total = junk_words(folder)
    assert right >= about(folder).get("kinds_right", 0) * total, f"{right} of {total} words"


def test_junk_gets_its_kind_over_all() -> None:
    """Over all fixtures most junk words are recorded as what they are."""
    counts = [junk_words(folder) for folder in FOLDERS]
    right, total = (sum(column) for column in zip(*counts, strict=True))
    assert right >= FLOOR_ALL * total, f"{right} of {total} words"
