"""Texts in pieces of one label each, and the shapes that people have them in.

A careless scrape is a row of units: lines with their kind, or with the share of their words that a gold text keeps.
Written in one shape or another and read as the pipeline reads it, it gives blocks whose labels are those of the
units below them.
"""

from __future__ import annotations

import re
import textwrap
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import KEPT_KINDS, Kind
from stripper.segment.decision import KINDS
from stripper.training.labels import align, align_kinds, words_of
from stripper.training.targets import CONTENT, TITLE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

_BREAKS = re.compile(r"(\n[^\S\n]*(?:\n[^\S\n]*)*)")
_COLUMNS = 72
_MAX_LINES = 3000  # of a scrape that is aligned: beyond it, tables of data rule
_NAMED = 0.5  # share of a line's words that must have one kind for the line to have it
_MOSTLY_NAMED = 0.7  # share of a scrape's characters that labelled blocks must name
_IN_GOLD = 0.7  # share of a line's words in the gold text, from which it is content
_AGREES = 0.5  # share of the gold's words that a scrape must hold


class Unit(NamedTuple):
    """A piece of text with one label."""

    text: str
    gap: str  # line ends behind it
    keep: float  # 0..1: share of its words that stay; NaN = not known
    kind: int  # index in KINDS, or UNKNOWN


class Shape(StrEnum):
    """How a text is written."""

    AS_IT_IS = "as it is"  # each unit with its own gap
    LINES = "lines"
    PARAGRAPHS = "paragraphs"  # blank lines between
    WRAPPED = "wrapped"  # at 72 columns
    ONE_LINE = "one line"  # every line end is a space
    CRLF = "crlf"


_GAPS = {
    Shape.LINES: "\n", Shape.PARAGRAPHS: "\n\n", Shape.WRAPPED: "\n\n", Shape.ONE_LINE: " ", Shape.CRLF: "\r\n",
}  # fmt: skip


def unit(text: str, kind: Kind, gap: str = "\n") -> Unit:
    """Return a unit of a known kind."""
    return Unit(text, gap, float(kind in KEPT_KINDS), KINDS.index(kind))


def units_of(blocks: Sequence[tuple[str, Kind]]) -> list[Unit]:
    """Return the units of labelled blocks, white space squashed, a line each."""
    squashed = [(" ".join(text.split()), kind) for text, kind in blocks]
    return [unit(text, kind) for text, kind in squashed if text]


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return the lines of a text that hold something, each with the gap behind it: one line end, or two."""
    parts = _BREAKS.split(text)
    pairs = zip(parts[::2], [*parts[1::2], "\n"], strict=True)
    return [(line.strip(), "\n\n" if gap.count("\n") > 1 else "\n") for line, gap in pairs if line.strip()]


def by_kinds(text: str, blocks: Sequence[tuple[str, Kind]]) -> list[Unit] | None:
    """Return the lines of a scrape with the kinds of the page's labelled blocks; None where too few are found."""
    lines = lines_of(text)
    if not 0 < len(lines) <= _MAX_LINES:
        return None
    found = align_kinds([line for line, _ in lines], blocks)
    units = [
        Unit(line, gap, float("nan"), UNKNOWN)
        if match.kind is None or match.share < _NAMED
        else unit(line, Kind(match.kind), gap)
        for (line, gap), match in zip(lines, found, strict=True)
    ]
    named = sum(len(one.text) for one in units if one.kind != UNKNOWN)
    return units if named > _MOSTLY_NAMED * sum(len(one.text) for one in units) else None


def by_gold(text: str, gold: str, title: str | None) -> list[Unit] | None:
    """Return the lines of a scrape with what a gold text keeps of them; None where the two are strangers.

    Gold texts leave the headline out: the first line that is `title` is kept all the same.
    """
    lines = lines_of(text)
    gold_words = words_of(gold)
    if not 0 < len(lines) <= _MAX_LINES or not gold_words:
        return None
    found = [match.share for match in align([line for line, _ in lines], gold_words)]
    held = sum(share * len(words_of(line)) for (line, _), share in zip(lines, found, strict=True))
    if held < _AGREES * len(gold_words):
        return None
    headline = " ".join((title or "").lower().split())
    at = next((i for i, (line, _) in enumerate(lines) if headline and line.lower() == headline), -1)
    return [
        Unit(line, gap, 1.0, TITLE) if i == at else Unit(line, gap, share, CONTENT if share >= _IN_GOLD else UNKNOWN)
        for i, ((line, gap), share) in enumerate(zip(lines, found, strict=True))
    ]


def written(units: Sequence[Unit], shape: Shape) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of units in a shape, and where each of them stands in it."""
    parts: list[str] = []
    spans = []
    at = 0
    for one in units:
        text = one.text
        if shape is Shape.WRAPPED:
            text = "\n".join(textwrap.wrap(text, _COLUMNS, break_on_hyphens=False)) or text
        spans.append((at, at + len(text)))
        parts += [text, one.gap if shape is Shape.AS_IT_IS else _GAPS[shape]]
        at += len(text) + len(parts[-1])
    return "".join(parts[:-1]), spans
