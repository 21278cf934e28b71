"""Sizes of a page's blocks, from which most columns are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.segment import characters as ch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.datatypes import Block, Page

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]


class Measures(NamedTuple):
    """Columns of length n, one entry a block."""

    starts: Ints  # offsets in the page text
    ends: Ints
    classed: NDArray[np.uint8]  # class of each character of the page text
    counts: Floats  # (n, classes): characters of each class
    chars: Floats
    words: Floats  # at least 1
    share: Floats  # 0..1 of the characters are in a link


def measure_blocks(page: Page) -> Measures:
    """Return the sizes of the blocks of `page`, which has at least one."""
    blocks = page.blocks
    starts = np.array([block.span[0] for block in blocks], dtype=np.int64)
    ends = np.array([block.span[1] for block in blocks], dtype=np.int64)
    classed = ch.classes(page.text)
    chars = (ends - starts).astype(np.float32)
    links = np.array([_link_chars(block) for block in blocks], dtype=np.float32)
    words = np.maximum(ch.word_counts(classed, starts, ends), 1)
    return Measures(starts, ends, classed, ch.counts(classed, starts, ends), chars, words, np.minimum(links / chars, 1))


def _link_chars(block: Block) -> int:
    links = block.links
    if not links:
        return 0
    return links[0].end - links[0].start if len(links) == 1 else sum([end - start for start, end, _ in links])
