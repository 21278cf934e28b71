"""Texts to examples: the model's inputs as at run time, and what the units below each block teach about it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.parse import parse_text
from stripper.segment.lines import lines
from stripper.training.labels import words_of
from stripper.training.targets import KEPT, UNKNOWN
from stripper.training.units import written
from stripper.workers import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stripper.datatypes import Block
    from stripper.segment.lines import Lines
    from stripper.training.texts import Text
    from stripper.training.units import Unit

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    _Span = tuple[int, int]

_MOST = 0.6  # share of a block's words that must have one kind
_ONE_SIDED = 0.3  # weight of the kinds of a text that knows no junk by name: all it says is "content"
_SMALL, _SMALL_SHARE = 2.0, 0.003  # words of junk that a clean text may hold


@dataclass(frozen=True, slots=True)
class LineExample:
    """A text of n >= 1 blocks to learn from."""

    id: str  # its sample's
    host: str  # see folds.py
    source: str  # the tool that made it, or another word for where it comes from
    lines: Lines
    keep: Floats  # (n,) share of the block's words that stay, 0..1
    keep_weight: Floats  # (n,) 0 where that is not known; their sum is 1
    kind: Ints  # (n,) index in KINDS, or UNKNOWN
    kind_weight: Floats  # (n,) 0 where the kind is unknown
    words: Ints  # (n,) the scorer's words
    clean: float  # 1 = nothing is to be removed, 0 = something is


def build_line_examples(texts: Sequence[Text], jobs: int, say: Callable[[str], None]) -> tuple[LineExample, ...]:
    """Return an example for each text that has blocks, in order."""
    if jobs > 1:
        built = [outcome for _, outcome in in_processes(texts, line_example, jobs)]
    else:
        built = [line_example(text) for text in texts]
    for outcome in built:
        if isinstance(outcome, Exception):
            raise outcome
    examples = tuple(outcome for outcome in built if isinstance(outcome, LineExample))
    say(f"{len(examples)} texts read, {sum(len(example.keep) for example in examples)} blocks")
    return examples


def line_example(text: Text) -> LineExample | None:
    """Return the example of one text, None where it has no blocks."""
    whole, spans = written(text.units, text.shape)
    page = parse_text(whole)
    blocks = page.blocks
    if not blocks:
        return None
    told = _told(whole, blocks, text.units, spans)
    words = np.array([len(words_of(block.text)) for block in blocks], dtype=np.int64)
    roots = np.sqrt(np.maximum(words, 0.5)).astype(np.float32)
    known = ~np.isnan(told.keep)
    keep = np.where(known, told.keep, 0).astype(np.float32)
    weight = roots * known
    named = told.kind != UNKNOWN
    trust = 1.0 if (named & ~KEPT[told.kind]).any() else _ONE_SIDED
    junk = float(words @ np.where(known, 1 - keep, 0))
    return LineExample(
        text.id, text.host, text.source,
        lines=lines(page),
        keep=keep,
        keep_weight=weight / max(float(weight.sum()), 1e-6),
        kind=told.kind,
        kind_weight=(roots * named * trust).astype(np.float32),
        words=words,
        clean=float(junk <= max(_SMALL, _SMALL_SHARE * float(words.sum()))),
    )  # fmt: skip


class _Told(NamedTuple):
    keep: Floats  # NaN = not known
    kind: Ints


def _told(whole: str, blocks: Sequence[Block], units: Sequence[Unit], spans: Sequence[_Span]) -> _Told:
    """Return what the units say of the blocks they stand in, weighed by words; both are in order."""
    keep = np.full(len(blocks), np.nan, np.float32)
    kind = np.full(len(blocks), UNKNOWN, np.int64)
    first = 0
    for block in blocks:
        start, end = block.span
        while spans[first][1] <= start:
            first += 1
        kept = known = 0.0
        votes: dict[int, float] = {}
        at = first
        while at < len(spans) and spans[at][0] < end:
            weight = len(words_of(whole[max(start, spans[at][0]) : min(end, spans[at][1])])) or 0.1
            one = units[at]
            if not isnan(one.keep):
                kept, known = kept + weight * one.keep, known + weight
            votes[one.kind] = votes.get(one.kind, 0) + weight
            at += 1
        if known:
            keep[block.index] = kept / known
        best = max(votes, key=lambda one: votes[one])
        if votes[best] > _MOST * sum(votes.values()):
            kind[block.index] = best
    return _Told(keep, kind)
