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

    from stripper.datatypes import Page

JOINT = "\n"  # between two blocks of an HTML page


class Place(NamedTuple):
    """A block's place. Offsets are code points, start inclusive, end exclusive."""

    span: tuple[int, int]  # in the page text
    out: tuple[int, int]  # in the clean text; empty for a removed block: where the last kept one before it ends


def lay_out(page: Page, kept: Sequence[bool]) -> tuple[Place, ...]:
    """Return the place of each block, in order; `kept` has one entry a block."""
    spans = [block.span for block in page.blocks] if page.mode is Mode.HTML else _tiles(page, kept)
    joint = len(JOINT) if page.mode is Mode.HTML else 0
    places = []
    end, gap = 0, 0
    for stays, (start, stop) in zip(kept, spans, strict=True):
        if stays:
            begin = end + gap
            end, gap = begin + stop - start, joint
            places.append(Place((start, stop), (begin, end)))
        else:
            places.append(Place((start, stop), (end, end)))
    return tuple(places)


def clean_text(page: Page, kept: Sequence[bool]) -> str:
    """Return the clean text: the kept blocks' share of the page text, in order."""
    if page.mode is Mode.HTML:
        return JOINT.join([block.text for block, stays in zip(page.blocks, kept, strict=True) if stays])
    return "".join([page.text[a:b] for (a, b), stays in zip(_tiles(page, kept), kept, strict=True) if stays])


def _tiles(page: Page, kept: Sequence[bool]) -> list[tuple[int, int]]:
    blocks = page.blocks
    if not blocks:
        return []
    starts = [0, *[block.span[0] for block in blocks[1:]], len(page.text)]
    last_kept = max((i for i, stays in enumerate(kept) if stays), default=-1)
    if 0 <= last_kept < len(blocks) - 1:
        starts[last_kept + 1] = blocks[last_kept].span[1]
    return list(pairwise(starts))
