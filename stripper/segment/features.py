"""What the model sees of an HTML page: arrays over blocks, made in one pass over the outline and numpy after it.

Two forms of input, both with one row per block in reading order:

* `dense`: float32 columns of about -1..3, those of the text and those of the tree;
* bags: ids of hashed tokens (words, class names, paths of links), which the model embeds and sums.

Nothing here depends on the model's weights, on the language, or on any site.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from stripper.datatypes import Kind, Role
from stripper.segment import characters as ch
from stripper.segment.containers import containers
from stripper.segment.lexicon import load_lexicon
from stripper.segment.measures import measure_blocks
from stripper.segment.tokens import href_ids, page_ids, word_ids
from stripper.segment.tree import tree_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.datatypes import Page
    from stripper.segment.containers import Containers
    from stripper.segment.measures import Measures

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bag:
    """Token ids of many rows: those of row r are `ids[offsets[r]:offsets[r + 1]]`."""

    ids: Ints
    offsets: Ints  # rows + 1


@dataclass(frozen=True, slots=True)
class Features:
    """All inputs of the model for one page of n blocks."""

    dense: Floats  # (n, columns)
    words: Bag  # n rows: the block's first and last words
    hrefs: Bag  # n rows: the words of the block's first link
    markup: Bag  # one row per container: tags, classes, roles
    chain: Ints  # (n, LEVELS): containers around the block, innermost first; -1 = none
    heading: Ints  # (n,): index of the last heading before the block; -1 = none
    page: Floats  # (PAGE_COLUMNS,)
    page_tokens: Ints  # ids of what the page says of itself
    ranges: Ints  # (containers, 2): first and end block of each container
    words_per_block: Floats  # (n,)
    link_share: Floats  # (n,): 0..1 of characters


def bag(rows: list[list[int]] | list[tuple[int, ...]]) -> Bag:
    """Pack rows of ids."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, rows), np.int64, len(rows)), out=offsets[1:])
    return Bag(np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(offsets[-1])), offsets)


def features(page: Page) -> Features:
    """Return the model's inputs for an HTML page, which has at least one block."""
    measures = measure_blocks(page)
    words, share = measures.words, measures.share
    heading = last_headings(page)
    boxes = containers(page.outline, [block.element for block in page.blocks])
    cues = cue_columns(page)
    dense = [
        text_shape(measures),
        place(measures.starts, measures.ends),
        repetition(page),
        title_overlap(page),
        cues,
        np.concatenate((cues, np.zeros((1, cues.shape[1]), np.float32)))[heading],  # what the last heading announces
        prose_around(words, share, measures.chars),
        tree_features(page, boxes, measures, heading),
    ]
    return Features(
        dense=np.concatenate(dense, axis=1, dtype=np.float32),
        words=bag(_words_once(page)),
        hrefs=bag([href_ids(block.links[0].href) if block.links else () for block in page.blocks]),
        markup=bag(boxes.tokens),
        chain=boxes.chain,
        heading=heading,
        page=page_shape(boxes, measures),
        page_tokens=np.array(page_ids(page.url, page.hints), dtype=np.int64),
        ranges=boxes.ranges,
        words_per_block=words,
        link_share=share,
    )


def text_shape(measures: Measures) -> Floats:
    """Return what a block's characters look like: (n, 30)."""
    starts, ends, classed, counts, chars, words, _ = measures
    letters = counts[:, ch.LOWER] + counts[:, ch.UPPER] + counts[:, ch.OTHER] + counts[:, ch.CJK] + 1
    first, last = classed[starts], classed[ends - 1]
    # A closing quote or bracket may follow the full stop.
    before = classed[np.maximum(ends - 2, starts)]
    last = np.where((last == ch.QUOTE) | (last == ch.OPEN), before, last)
    ended = (last == ch.END) | (last == ch.QUESTION)
    upper = counts[:, ch.UPPER] / letters
    columns = [
        np.log1p(words) / 3, np.log1p(chars) / 5, np.minimum(chars / words, 20) / 8,
        upper, (upper > 0.7) & (counts[:, ch.UPPER] > 2),
        *(counts[:, c] / chars for c in (ch.DIGIT, ch.SYMBOL, ch.BAR, ch.DASH, ch.OPEN, ch.CJK, ch.OTHER)),
        counts[:, ch.COMMA] / words, np.minimum(counts[:, ch.END] / words, 1),
        *(np.minimum(counts[:, c], 2) / 2 for c in (ch.MONEY, ch.QUOTE, ch.ELLIPSIS, ch.QUESTION, ch.BAR, ch.COLON)),
        ended, last == ch.COLON, last == ch.ELLIPSIS, last == ch.COMMA,
        first == ch.UPPER, first == ch.LOWER, first == ch.DIGIT, (first == ch.SYMBOL) | (first == ch.BAR),
        ended & (words >= 8), np.minimum(counts[:, ch.END] + counts[:, ch.QUESTION], 6) / 3,
    ]  # fmt: skip
    return np.array(columns, dtype=np.float32).T


def place(starts: Ints, ends: Ints) -> Floats:
    """Return where a block stands: (n, 6)."""
    n = len(starts)
    index = np.arange(n, dtype=np.float32)
    total = float(ends[-1]) + 1
    columns = [index / n, starts / total, np.log1p(index) / 5, np.log1p(n - 1 - index) / 5, index == 0, index == n - 1]
    return np.array(columns, dtype=np.float32).T


def prose_around(words: Floats, share: Floats, chars: Floats) -> Floats:
    """Return how far the nearest prose is and how much of it stands before and after: (n, 6)."""
    n = len(words)
    index = np.arange(n)
    prose = (words >= _PROSE_WORDS) & (share < 0.5)
    before = np.maximum.accumulate(np.where(prose, index, -1))
    after = np.minimum.accumulate(np.where(prose, index, n)[::-1])[::-1]
    weight = np.cumsum(chars * prose)
    total = max(float(weight[-1]), 1.0)
    columns = [
        np.log1p(np.where(before >= 0, index - before, 60)) / 3, np.log1p(np.where(after < n, after - index, 60)) / 3,
        weight / total, before < 0, after >= n, prose,
    ]  # fmt: skip
    return np.array(columns, dtype=np.float32).T


def repetition(page: Page) -> Floats:
    """Return how often the same text stands on the page, and whether this is the first time: (n, 2)."""
    texts = [block.text for block in page.blocks]
    counts = Counter(texts)
    out = np.zeros((len(texts), 2), dtype=np.float32)
    if len(counts) < len(texts):
        out[:, 0] = [counts[text] for text in texts]
        out[:, 0] = np.log(out[:, 0]) / 2
        first = {text: -i for i, text in enumerate(reversed(texts), 1 - len(texts))}  # of equal keys the last one stays
        out[:, 1] = [first[text] < i for i, text in enumerate(texts)]
    return out


def title_overlap(page: Page) -> Floats:
    """Return how much a block shares with the page's title: (n, 3)."""
    blocks = page.blocks
    out = np.zeros((len(blocks), 3), dtype=np.float32)
    title = (page.title or page.hints.get("og:title") or "").lower()
    title_words = set(title.split())
    if not title_words:
        return out
    limit = max(3 * len(title), 40)
    for i, block in enumerate(blocks):
        if len(block.text) > limit:
            continue
        text = block.text.lower()
        words = text.split()
        if not title_words.isdisjoint(words):
            common = len(title_words.intersection(words))
            length = text.count(" ") + 1
            out[i] = common / len(title_words), common / length, text in title and length > 2
    return out


def cue_columns(page: Page) -> Floats:
    """Return which kinds the phrase table sees in a block: (n, kinds)."""
    cues = load_lexicon().cues
    out = np.zeros((len(page.blocks), len(KINDS)), dtype=np.float32)
    for i, text in enumerate([block.text for block in page.blocks]):
        if len(text) <= CUE_CHARS:
            for cue in cues(text):
                out[i, KIND_INDEX[cue.kind]] = 1
    return out


def last_headings(page: Page) -> Ints:
    """Return for each block the index of the last heading before it, -1 where there is none."""
    heading = Role.HEADING  # an enum's member costs 0.2 microseconds to look up
    is_heading = np.array([block.role is heading for block in page.blocks])
    before = np.full(len(is_heading), -1, dtype=np.int64)
    before[1:] = np.where(is_heading, np.arange(len(is_heading)), -1)[:-1]
    return np.maximum.accumulate(before)


def _words_once(page: Page) -> list[list[int]]:
    return [word_ids(block.text) for block in page.blocks]


_PROSE_WORDS = 22
KINDS = tuple(Kind)
KIND_INDEX = {kind: i for i, kind in enumerate(KINDS)}
CUE_CHARS = 160


def page_shape(boxes: Containers, measures: Measures) -> Floats:
    """Return figures of the whole page: (PAGE_COLUMNS,)."""
    counts, chars, words, share = measures.counts, measures.chars, measures.words, measures.share
    total = max(float(chars.sum()), 1.0)
    long = words >= 30
    tags = boxes.tag_counts
    named = (
        "form", "h1", "h2", "h3", "article", "time", "table", "li", "img", "pre", "code", "input", "option", "p",
        "section", "dl",
    )  # fmt: skip
    text_like = [
        np.log1p(total) / 10, np.log1p(len(chars)) / 6, chars[long].sum() / total, (share * chars).sum() / total,
        np.log1p(long.sum()) / 3, np.log1p(words.max()) / 5, np.log1p(words.mean()) / 3,
        np.log1p(counts[:, ch.MONEY].sum()) / 3, counts[:, ch.CJK].sum() / total, counts[:, ch.DIGIT].sum() / total * 5,
        counts[:, ch.QUESTION].sum() / total * 100, np.log1p((words <= 3).sum()) / 6, counts[:, ch.OTHER].sum() / total,
        0,  # once told plain text apart; the shipped weights have its column
    ]  # fmt: skip
    return np.array(text_like + [np.log1p(tags.get(tag, 0)) / 4 for tag in named], dtype=np.float32)
