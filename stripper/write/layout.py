r"""Where each block stands in the page text and in the clean text.

HTML: page text and clean text are blocks joined by "\n"; that "\n" belongs to no block.

Text mode: the spans tile the input to the last character, so the white space between two blocks must
belong to one of them. It goes to the block before it, and what the file begins with goes to the first
block: taking a block out takes its blank line along, and clean input comes back byte for byte. The one
exception is the white space after the last kept block: the removed block behind it owns that, or a clean
article would end in the blank lines that led to the junk.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripper.datatypes import Page, Verdict

JOINT = "\n"  # between two blocks of an HTML page


class Place(NamedTuple):
    """A block's place. Offsets are code points, start inclusive, end exclusive."""

    span: tuple[int, int]  # in the page text
    out: tuple[int, int]  # in the clean text; empty for a removed block: where the last kept one before it ends


def lay_out(page: Page, verdicts: Sequence[Verdict]) -> tuple[Place, ...]:
    """Return the place of each verdict's block, in order; `verdicts` are all of the page's."""
    spans = [v.block.span for v in verdicts] if page.mode is Mode.HTML else _tiles(page.text, verdicts)
    joint = len(JOINT) if page.mode is Mode.HTML else 0
    places = []
    end, gap = 0, 0
    for verdict, (start, stop) in zip(verdicts, spans, strict=True):
        if verdict.kept:
            begin = end + gap
            end, gap = begin + stop - start, joint
            places.append(Place((start, stop), (begin, end)))
        else:
            places.append(Place((start, stop), (end, end)))
    return tuple(places)


def clean_text(page: Page, verdicts: Sequence[Verdict]) -> str:
    """Return the clean text: the kept blocks' share of the page text, in order."""
    if page.mode is Mode.HTML:
        return JOINT.join(v.block.text for v in verdicts if v.kept)
    spans = _tiles(page.text, verdicts)
    return "".join(page.text[a:b] for (a, b), v in zip(spans, verdicts, strict=True) if v.kept)


def _tiles(text: str, verdicts: Sequence[Verdict]) -> list[tuple[int, int]]:
    if not verdicts:
        return []
    starts = [0, *(v.block.span[0] for v in verdicts[1:]), len(text)]
    last_kept = max((i for i, v in enumerate(verdicts) if v.kept), default=-1)
    if 0 <= last_kept < len(verdicts) - 1:
        starts[last_kept + 1] = verdicts[last_kept].block.span[1]
    return list(pairwise(starts))
