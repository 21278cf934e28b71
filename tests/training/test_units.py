"""Units: lines with labels, and the shapes they are written in."""

from __future__ import annotations

from math import isnan

import pytest

from stripper.datatypes import Kind
from stripper.parse import parse_text
from stripper.segment.decision import KINDS
from stripper.training.targets import CONTENT, TITLE, UNKNOWN
from stripper.training.units import Shape, Unit, by_gold, by_kinds, lines_of, unit, units_of, written

PROSE = [
    "The council met on Tuesday and agreed, after a long debate, to mend the old bridge before winter comes.",
    "Nobody had crossed it for a year but the herons, and a boy who was not asked what he wanted there.",
]
UNITS = [unit("Bridge to Be Mended", Kind.TITLE), *[unit(text, Kind.CONTENT) for text in PROSE]]


def test_a_unit_of_a_kind_stays_or_goes():
    """By the kind."""
    assert unit("x", Kind.CONTENT).keep == unit("x", Kind.TITLE).keep == 1
    assert unit("x", Kind.SHARE).keep == 0
    assert KINDS[unit("x", Kind.SHARE).kind] is Kind.SHARE


def test_blocks_without_text_are_no_units():
    """White space is squashed."""
    assert [one.text for one in units_of([(" a\n b ", Kind.CONTENT), (" \n", Kind.OTHER)])] == ["a b"]


def test_lines_know_the_gap_behind_them():
    """One line end, or a blank line."""
    assert lines_of("a\nb\n \n\nc") == [("a", "\n"), ("b", "\n\n"), ("c", "\n")]
    assert lines_of("\n \n") == []


def test_lines_get_the_kinds_of_the_blocks_they_hold():
    """A line that no block names has no label."""
    blocks = [(PROSE[0], Kind.CONTENT), ("Leave a Reply", Kind.COMMENT_FORM)]
    got = by_kinds(f"{PROSE[0]}\nZebra quokka\nLeave a Reply", blocks)
    assert got is not None
    assert [one.kind for one in got] == [CONTENT, UNKNOWN, KINDS.index(Kind.COMMENT_FORM)]
    assert isnan(got[1].keep)


def test_a_scrape_that_the_blocks_hardly_name_teaches_nothing():
    """Page and labels are strangers."""
    assert by_kinds(f"{PROSE[0]}\n{PROSE[1]}", [("Leave a Reply", Kind.COMMENT_FORM)]) is None
    assert by_kinds("", [("Leave a Reply", Kind.COMMENT_FORM)]) is None


def test_lines_get_their_share_in_the_gold_text():
    """What is not in it goes, whatever it is; the headline stays."""
    got = by_gold("\n".join(["Bridge to be mended", *PROSE, "Leave a Reply"]), "\n".join(PROSE), "Bridge to Be Mended")
    assert got is not None
    assert [(one.keep, one.kind) for one in got] == [(1, TITLE), (1, CONTENT), (1, CONTENT), (0, UNKNOWN)]
    assert by_gold("Leave a Reply", PROSE[0], None) is None


@pytest.mark.parametrize("shape", Shape)
def test_a_written_text_reads_as_its_units(shape):
    """In each shape every unit stands where it is said to stand, and blocks are units again but in one line."""
    text, spans = written(UNITS, shape)
    assert [" ".join(text[start:end].split()) for start, end in spans] == [one.text for one in UNITS]
    blocks = [" ".join(block.text.split()) for block in parse_text(text).blocks]
    assert " ".join(blocks) == " ".join(one.text for one in UNITS)
    assert shape is Shape.ONE_LINE or blocks == [one.text for one in UNITS]


def test_a_unit_keeps_its_own_gap():
    """As it is."""
    assert (
        written([Unit("a", "\n\n", 1, 0), Unit("b", "\n", 1, 0), Unit("c", "\n", 1, 0)], Shape.AS_IT_IS)[0]
        == "a\n\nb\nc"
    )
