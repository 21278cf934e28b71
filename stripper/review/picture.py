"""A page's split as a strip of colours, and the words of each kind as a bar: SVG made of rectangles."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import KEPT_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stripper.review.split import Entry

WIDTH = 1_000  # of a strip, in its own units
_COLUMNS = 250  # a strip has no more rectangles: a page of 100,000 blocks is a thumbnail too


class Bar(NamedTuple):
    """A rectangle of a strip."""

    x: float
    width: float
    kind: str


class Total(NamedTuple):
    """What a page holds of one kind."""

    kind: str
    blocks: int
    words: int
    share: float  # 0..1 of the page's words


def strip_of(entries: Sequence[Entry]) -> tuple[Bar, ...]:
    """Return the page as a strip from top to bottom, laid on its side; a block is as wide as it has words."""
    weights = [entry.words + 1 for entry in entries]  # the smallest block is seen as well
    total = sum(weights)
    if not total:
        return ()
    columns: list[dict[Kind, float]] = [{} for _ in range(_COLUMNS)]
    at = 0
    for entry, weight in zip(entries, weights, strict=True):
        first, last = at * _COLUMNS // total, (at + weight - 1) * _COLUMNS // total
        at += weight
        for column in range(first, last + 1):
            columns[column][entry.kind] = columns[column].get(entry.kind, 0) + weight
    kinds = [max(column, key=lambda kind: column[kind]) if column else None for column in columns]
    return _runs(kinds)


def _runs(kinds: Sequence[Kind | None]) -> tuple[Bar, ...]:
    filled: list[Kind] = []
    for kind in kinds:  # a short page leaves columns empty: they belong to what is left of them
        filled.append(kind or filled[-1])
    size = WIDTH / len(filled)
    bars = []
    at = 0
    for kind, run in groupby(filled):
        count = len(list(run))
        bars.append(Bar(round(at * size, 2), round(count * size, 2), str(kind)))
        at += count
    return tuple(bars)


def totals(by_kind: Mapping[str, Mapping[str, int]]) -> tuple[Total, ...]:
    """Return a record's totals: what stays first, then the junk with the most words first."""
    words = sum(counts["words"] for counts in by_kind.values())
    rows = [
        Total(kind, counts["blocks"], counts["words"], counts["words"] / words if words else 0.0)
        for kind, counts in by_kind.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.kind not in KEPT_KINDS, -row.words, -row.blocks)))


def bar_of(rows: Iterable[Total]) -> tuple[Bar, ...]:
    """Return one bar, parted by each kind's share of the words."""
    bars = []
    at = 0.0
    for row in rows:
        width = WIDTH * row.share
        if width:
            bars.append(Bar(round(at, 2), round(width, 2), row.kind))
        at += width
    return tuple(bars)
