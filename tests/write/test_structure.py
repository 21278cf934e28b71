"""Runs of blocks, lines, cells and links."""

from __future__ import annotations

import pytest

from stripper.datatypes import Block, Kind, Link, Role
from stripper.write.structure import Shape, cells, lines, runs, safe_links
from tests.write.handmade import verdict


def test_neighbours_of_one_shape_are_one_run() -> None:
    """List items, rows and quotes run together; paragraphs, headings and code stand alone."""
    roles = [Role.HEADING, Role.HEADING, Role.PARAGRAPH, Role.TEXT, Role.LIST_ITEM, Role.LIST_ITEM, Role.ROW]
    roles += [Role.ROW, Role.QUOTE, Role.QUOTE, Role.CODE, Role.CODE, Role.CAPTION, Role.LIST_ITEM]
    found = [(run.shape, len(run.blocks)) for run in runs(verdict("x", role=role) for role in roles)]
    assert found == [
        *[(Shape.HEADING, 1)] * 2,
        *[(Shape.PARAGRAPH, 1)] * 2,
        (Shape.LIST, 2),
        (Shape.TABLE, 2),
        (Shape.QUOTE, 2),
        *[(Shape.CODE, 1)] * 2,
        (Shape.PARAGRAPH, 1),
        (Shape.LIST, 1),
    ]


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [(Kind.CONTENT, 3, 3), (Kind.CONTENT, 0, 1), (Kind.CONTENT, 9, 6), (Kind.TITLE, 4, 1)],
)
def test_heading_levels(kind: Kind, level: int, expected: int) -> None:
    """A heading keeps its level within 1..6; the title is the first."""
    (run,) = runs([verdict("x", kind=kind, role=Role.HEADING, level=level)])
    assert (run.shape, run.level) == (Shape.HEADING, expected)


def test_a_title_is_a_heading_whatever_its_element() -> None:
    """Some pages set their headline in a `div`."""
    (run,) = runs([verdict("x", kind=Kind.TITLE, role=Role.TEXT)])
    assert (run.shape, run.level) == (Shape.HEADING, 1)


def test_lines() -> None:
    """Lines of every system, without indentation and blank ones."""
    assert lines(" a\r\n\r\n\tb\rc \n") == ["a", "b", "c"]


def test_cells_keep_their_links() -> None:
    """A link stays in its cell, with offsets that count there; one over several cells is no link."""
    text = "ab\tcd ef\t\tgh"
    links = (Link(9, 12, "over"), Link(6, 8, "in"), Link(10, 12, "last"), Link(0, 2, "first"))
    assert cells(Block(0, text, (0, len(text)), links=links)) == [
        ("ab", (Link(0, 2, "first"),)),
        ("cd ef", (Link(3, 5, "in"),)),
        ("", ()),
        ("gh", (Link(0, 2, "last"),)),
    ]


def test_a_row_of_many_cells_takes_linear_time() -> None:
    """A hundred thousand cells, each a link, are done at once."""
    count = 100_000
    links = tuple(Link(2 * n, 2 * n + 1, "u") for n in range(count))
    row = cells(Block(0, "\t".join("x" * count), (0, 2 * count - 1), links=links))
    assert all(inside == (Link(0, 1, "u"),) for _, inside in row)


def test_links_are_cleaned() -> None:
    """White space and controls around a target, and line ends in it, are not part of it."""
    assert safe_links("abc", [Link(0, 1, "\x01 https://x.example/\na\t ")]) == [Link(0, 1, "https://x.example/a")]


def test_a_hostile_target_takes_linear_time() -> None:
    """A target of blanks costs no more than its length."""
    assert len(safe_links("abc", [Link(0, 1, "a" + " " * 1_000_000 + "b")])) == 1
