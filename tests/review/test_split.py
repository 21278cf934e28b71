"""A split is read back from record and clean text, and shown as it was."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from stripper.datatypes import Kind, Outline, Role
from stripper.errors import InvalidRecord
from stripper.review.overlay import outline
from stripper.review.picture import WIDTH, bar_of, strip_of, totals
from stripper.review.split import read_entries, read_split
from tests.write.handmade import html_page, html_pages, text_pages, verdict

if TYPE_CHECKING:
    from stripper.write import Stripped


@given(html_pages() | text_pages())
def test_every_block_is_read_back(page: Stripped) -> None:
    """Text, kind, confidence, fate and reasons, in the order of the page."""
    split = read_split(page.text, page.record())
    assert [entry.index for entry in split.entries] == list(range(len(page.verdicts)))
    for entry, told in zip(split.entries, page.verdicts, strict=True):
        assert (entry.kind, entry.kept, entry.reasons) == (told.kind, told.kept, told.reasons)
        assert told.block.text in entry.text  # in plain text the white space around belongs to it


@given(html_pages())
def test_a_strip_is_as_wide_as_the_page(page: Stripped) -> None:
    """Its bars lie side by side from end to end, and no neighbours are of one kind."""
    bars = strip_of(read_split(page.text, page.record()).entries)
    if page.verdicts:
        assert bars[0].x == 0
        assert sum(bar.width for bar in bars) == pytest.approx(WIDTH, abs=1)
        assert all(a.kind != b.kind for a, b in itertools.pairwise(bars))
    else:
        assert bars == ()


def test_a_strip_of_a_huge_page_is_small() -> None:
    """A thumbnail, however many blocks there are."""
    page = html_page([verdict("word", kept=number % 2 == 0) for number in range(5_000)])
    assert len(strip_of(read_split(page.text, page.record()).entries)) <= 250


def test_totals_put_what_stays_first() -> None:
    """Then the junk with the most words; their shares make the bar."""
    rows = totals(
        {"share": {"blocks": 1, "words": 2}, "legal": {"blocks": 1, "words": 6}, "content": {"blocks": 1, "words": 2}}
    )
    assert [(row.kind, row.share) for row in rows] == [("content", 0.2), ("legal", 0.6), ("share", 0.2)]
    assert [bar.width for bar in bar_of(rows)] == [200, 600, 200]
    assert bar_of(totals({})) == ()


def test_a_text_of_another_page_is_refused() -> None:
    """As by restore."""
    page = html_page([verdict("Some article"), verdict("Ad", kept=False)])
    with pytest.raises(InvalidRecord, match="do not belong together"):
        read_split("Same article", page.record())


@pytest.mark.parametrize("change", [{"kind": "junk"}, {"reasons": [{}]}, {"span": 1}, {"links": None}])
def test_a_malformed_record_is_refused(change: dict[str, object]) -> None:
    """With one line that says how."""
    record = json.loads(json.dumps(html_page([verdict("Ad", kept=False)]).record()))
    record["removed"][0] |= change
    with pytest.raises(InvalidRecord, match="malformed"):
        read_entries(record)


def test_the_copy_has_the_boxes_of_the_page() -> None:
    """Landmarks and lists around the blocks, each opened and closed once; rows in cells, headings with their level."""
    page = html_page(
        [
            verdict("Home", kept=False, element=4),
            verdict("Title", kind=Kind.TITLE, role=Role.HEADING, level=1, element=6),
            verdict("a\tb", role=Role.ROW, element=7),
        ]
    )
    tags = ("html", "body", "nav", "ul", "li", "main", "h1", "table")
    tree = Outline(parent=(-1, 0, 1, 2, 3, 1, 5, 5), tag=tags)
    page = replace(page, page=replace(page.page, outline=tree))
    lines = outline(page.page, read_split(page.text, page.record()))
    assert [(line.closed, line.opened) for line in lines] == [(0, ("nav", "ul")), (2, ("main",)), (0, ("table",))]
    assert [line.level for line in lines] == [0, 1, 0]
    assert lines[2].cells == ("a", "b")


def test_a_page_that_is_not_the_records_has_no_copy() -> None:
    """Blocks would be named wrongly."""
    page, other = html_page([verdict("a")]), html_page([verdict("a"), verdict("b")])
    assert outline(other.page, read_split(page.text, page.record())) == ()


def test_every_kind_has_a_colour() -> None:
    """A new kind is not forgotten."""
    colours = files("stripper.review").joinpath("templates/colours.css").read_text("utf-8")
    assert [kind for kind in Kind if f".k-{kind} " not in colours and f".k-{kind}," not in colours] == []
