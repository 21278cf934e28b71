"""What spoke for and against a block's fate: the reasons of its record, and what can be looked up beside them.

Nothing is judged again: a removed block's reasons are the record's own. What speaks for the other side, and on
both sides of a kept block, is read off the block's text, its place among its neighbours and its XPath.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import KEPT_KINDS, Mode, Reason
from stripper.segment.lexicon import load_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripper.review.split import Entry, Split

_STEP = re.compile(r"[^/\[\]]+")
_FRAME = ("nav", "footer", "header", "aside", "form", "dialog")
_BODY = ("article", "main")
_SHORT, _PROSE = 10, 25  # words: no sentence, surely one
_CUE_CHARS = 120  # longer texts are no menu entry or heading


class Sides(NamedTuple):
    """What spoke for what was done with a block, and what against it."""

    agree: tuple[Reason, ...]
    object: tuple[Reason, ...]


def sides(split: Split, index: int) -> Sides:
    """Return what spoke for and against the fate of a block of `split`."""
    entry = split.entries[index]
    keep = tuple(_for_keeping(split, entry))
    if entry.kept:
        return Sides(keep, tuple(_for_removing(split, entry)))
    return Sides(entry.reasons, keep)


def _for_keeping(split: Split, entry: Entry) -> Iterator[Reason]:
    # The options may keep junk, or drop content: the confidence is that of the kind.
    percent = round(100 * (entry.confidence if entry.kind in KEPT_KINDS else 1 - entry.confidence))
    if split.mode is Mode.HTML:
        yield Reason("model", f"the model is {percent} % sure that this is content")
    if entry.words >= _PROSE:
        yield Reason("prose", f"{entry.words} words")
    if inside := _inside(entry, _BODY):
        yield Reason("landmark", f"inside {inside}")
    around = [split.entries[at] for at in (entry.index - 1, entry.index + 1) if 0 <= at < len(split.entries)]
    if around and all(neighbour.kept for neighbour in around):
        yield Reason("neighbours", "stands among kept blocks")


def _for_removing(split: Split, entry: Entry) -> Iterator[Reason]:
    if len(entry.text) <= _CUE_CHARS:
        for cue in load_lexicon().cues(entry.text)[:2]:
            yield Reason("phrase", f"“{cue.phrase}” is said in {cue.kind} blocks")
    if inside := _inside(entry, _FRAME):
        yield Reason("landmark", f"inside {inside}")
    if entry.words < _SHORT:
        yield Reason("short", "1 word" if entry.words == 1 else f"{entry.words} words")
    around = [split.entries[at] for at in (entry.index - 1, entry.index + 1) if 0 <= at < len(split.entries)]
    if around and not any(neighbour.kept for neighbour in around):
        yield Reason("neighbours", "stands among removed blocks")
    if split.mode is Mode.HTML and entry.undecided:
        yield Reason("model", f"the model is {round(100 - 100 * entry.confidence)} % sure that this is no content")


def _inside(entry: Entry, tags: tuple[str, ...]) -> str | None:
    """Return the innermost of `tags` around a block, by its XPath."""
    steps = _STEP.findall(entry.xpath or "")
    return next((step for step in reversed(steps) if step in tags), None)
