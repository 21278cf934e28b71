"""What the model sees of a plain text: arrays over its lines and paragraphs, in one pass and numpy after it.

No markup is left, so a line is known by its shape, its words, its place, its neighbours, and by what it shares with
the rest: a headline said twice, words that the body has or has not. Nothing here depends on the model's weights, on
the language, or on any site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.datatypes import Kind
from stripper.segment import characters as ch
from stripper.segment.features import KIND_INDEX, KINDS, place, prose_around, text_shape
from stripper.segment.lexicon import load_lexicon
from stripper.segment.measures import measure_blocks
from stripper.segment.tokens import BUCKETS, HEAD_WORDS, LINE_END, TAIL_WORDS, TELLING, line_tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.datatypes import Page
    from stripper.segment.measures import Measures

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]

_BODY_CHARS = 90  # of a line that counts as the body's
_CUE_CHARS = 160  # of a line whose cues are read
_LED_CHARS = 480  # of a line that may have swallowed the end of a cue line
_ANNOUNCES_CHARS = 60  # of a line that may introduce the following ones
_FAR = 40  # lines: further above, nothing is introduced
_HEADLINES = 2  # lines among which the headline is looked for
# Kinds that stand between the paragraphs of an article, too: a comment form there is one that the article speaks of.
_INSERTED = [
    KIND_INDEX[kind]
    for kind in (
        Kind.RELATED, Kind.ADVERTISEMENT, Kind.PROMOTION, Kind.SHARE, Kind.MEDIA, Kind.POPULAR, Kind.WIDGET, Kind.TOC,
        Kind.TAGS, Kind.AUTHOR_BIO, Kind.NOTICE, Kind.CONSENT, Kind.BYLINE,
    )
]  # fmt: skip
_READ_CHARS, _BEGINNING, _END = 320, 240, 40  # characters of a line that is read whole, and of a longer one
_AT_ONCE = 4096  # lines whose words are read in one go: a bound on memory


class LineFacts(NamedTuple):
    """What is still asked of a text of n blocks once the model has seen it."""

    words: Floats  # (n,) at least 1
    announcer: Ints  # (n,) the cue line above that may introduce the block; -1 = none
    strangers: NDArray[np.bool_]  # (n,) none of its telling words is in the body
    cued: NDArray[np.bool_]  # (n,) the phrase table sees a kind of junk in it
    inserted: NDArray[np.bool_]  # (n,) a kind that also stands between paragraphs
    introduced: NDArray[np.bool_]  # (n,) or in the line that may introduce it
    again: NDArray[np.bool_]  # (n,) the same text stands above


class Lines(NamedTuple):
    """All inputs of the model for a text of n >= 1 blocks."""

    dense: Floats  # float32 (n, columns)
    ends: Ints  # (n, HEAD_WORDS + TAIL_WORDS): ids of a block's first and last words; BUCKETS = none
    page: Floats  # float32 (PAGE_COLUMNS,)
    facts: LineFacts


def lines(page: Page) -> Lines:
    """Return the model's inputs for a plain text, which has at least one block."""
    measures = measure_blocks(page)
    cues = _cues(page)
    announcer = _announcers(page, cues)
    words = _read_words(page)
    shared = _shared(words, measures.chars)
    first, times = _repetition(page)
    said = np.concatenate((cues, np.zeros((1, len(KINDS)), np.float32)))[announcer]
    dense = np.concatenate(
        (
            text_shape(measures),
            place(measures.starts, measures.ends),
            prose_around(measures.words, measures.share, measures.chars),
            cues,
            said,
            _relations(measures, announcer, shared, (first, times)),
        ),
        axis=1,
        dtype=np.float32,
    )
    cued = (cues.max(axis=1) > 0) | _led(page)
    again = first < np.arange(len(first))
    inserted = cues[:, _INSERTED].max(axis=1) > 0
    introduced = said.max(axis=1) > 0
    facts = LineFacts(measures.words, announcer, shared[:, 0] == 0, cued, inserted, introduced, again)
    return Lines(dense, _ends(words), _page(measures, cues, shared[:, 0]), facts)


def _cues(page: Page) -> Floats:
    """Return which kinds the phrase table sees in a line: (n, kinds); half for a phrase inside a longer text."""
    find = load_lexicon().cues
    out = np.zeros((len(page.blocks), len(KINDS)), dtype=np.float32)
    for i, block in enumerate(page.blocks):
        if len(block.text) <= _CUE_CHARS:
            for cue in find(block.text):
                out[i, KIND_INDEX[cue.kind]] = 0.5 if cue.match == "contains" else 1.0
    return out


def _led(page: Page) -> NDArray[np.bool_]:
    """Return which lines begin with what elsewhere is a line of its own: the line ends behind it were lost."""
    find = load_lexicon().leads
    return np.array([len(block.text) <= _LED_CHARS and find(block.text) for block in page.blocks])


def _announcers(page: Page, cues: Floats) -> Ints:
    """Return for each block the last short line above it with a cue, at most `_FAR` above; -1 where there is none."""
    announces = (cues.max(axis=1) == 1).tolist()
    out = []
    last = -1
    for i, block in enumerate(page.blocks):
        out.append(last if i - last <= _FAR else -1)
        if announces[i] and len(block.text) <= _ANNOUNCES_CHARS:
            last = i
    return np.array(out, dtype=np.int64)


class _Words(NamedTuple):
    """The words of n blocks, end to end."""

    ids: Ints  # of all words
    owner: Ints  # the block of each
    telling: NDArray[np.bool_]  # whether it may tell a topic
    starts: Ints  # (n,) first word of each block
    sizes: Ints  # (n,)


def _read_words(page: Page) -> _Words:
    blocks = page.blocks
    parts = []
    for first in range(0, len(blocks), _AT_ONCE):
        texts = [_ends_of(block.text) for block in blocks[first : first + _AT_ONCE]]
        parts.append(np.array(line_tokens(texts), dtype=np.int32))
    tokens = parts[0] if len(parts) == 1 else np.concatenate(parts)
    line_ends = np.flatnonzero(tokens == LINE_END)
    starts = np.concatenate(([0], line_ends[:-1] + 1))
    starts -= np.arange(len(starts))
    words = tokens[tokens != LINE_END]
    sizes = np.diff(starts, append=len(words))
    return _Words(words & (TELLING - 1), np.repeat(np.arange(len(blocks)), sizes), words >= TELLING, starts, sizes)


def _ends_of(text: str) -> str:
    """Return a line as it is, or the beginning and the end of a long one: junk tells what it is there."""
    return text if len(text) <= _READ_CHARS else f"{text[:_BEGINNING]} {text[-_END:]}"


def _ends(words: _Words) -> Ints:
    """Return the ids of each block's first and last words: (n, HEAD_WORDS + TAIL_WORDS); BUCKETS = none."""
    ids = np.append(words.ids, BUCKETS)
    head = np.arange(HEAD_WORDS)
    tail = np.arange(-TAIL_WORDS, 0)
    first = np.where(head < words.sizes[:, None], words.starts[:, None] + head, -1)
    last = np.where(-tail <= words.sizes[:, None], (words.starts + words.sizes)[:, None] + tail, -1)
    both: Ints = ids[np.concatenate((first, last), axis=1)]
    return both


def _shared(words: _Words, chars: Floats) -> Floats:
    """Return the shares of a block's telling words that other lines have: the body, the first, the second: (n, 3).

    A line does not count for itself.
    """
    n = len(chars)
    ids, owner = words.ids[words.telling], words.owner[words.telling]
    body = (chars >= _BODY_CHARS)[owner]
    once = np.unique(owner[body] * np.int64(BUCKETS) + ids[body]) % BUCKETS
    times = np.bincount(once, minlength=BUCKETS)
    sizes = np.maximum(np.bincount(owner, minlength=n), 1)
    columns = [np.bincount(owner[times[ids] > body], minlength=n) / sizes]
    for line in range(_HEADLINES):
        known = np.zeros(BUCKETS, dtype=bool)
        known[ids[owner == line]] = True
        columns.append(np.bincount(owner[known[ids] & (owner != line)], minlength=n) / sizes)
    return np.array(columns, dtype=np.float32).T


def _relations(measures: Measures, announcer: Ints, shared: Floats, repetition: tuple[Ints, Ints]) -> Floats:
    """Return how a line stands to the others: (n, 14)."""
    first, times = repetition
    index = np.arange(len(first))
    breaks = _breaks(measures)
    long = measures.chars >= _BODY_CHARS
    after = np.concatenate((np.cumsum(long[::-1])[::-1][1:], [0]))
    before = np.concatenate(([0], np.cumsum(long)[:-1]))
    columns = [
        breaks[:-1], breaks[1:], shared[:, 0] * long,
        np.where(announcer >= 0, 1 / np.maximum(index - announcer, 1), 0), np.log1p(after) / 3, np.log1p(before) / 3,
        after == 0, np.minimum(times - 1, 4) / 4, first < index, (first < index) & (first < _HEADLINES),
    ]  # fmt: skip
    return np.concatenate((np.array(columns, dtype=np.float32).T, shared), axis=1)


def _repetition(page: Page) -> tuple[Ints, Ints]:
    """Return for each block the first one with its text, and how many have it."""
    known: dict[str, int] = {}
    first = np.array([known.setdefault(block.text, block.index) for block in page.blocks], dtype=np.int64)
    return first, np.bincount(first, minlength=len(first))[first]


def _breaks(measures: Measures) -> Floats:
    """Return the line ends before each block and behind the last: (n + 1,), 0..1; 1 = a blank line or more."""
    starts, ends = measures.starts, measures.ends
    return np.concatenate(([1.0], np.minimum(starts[1:] - ends[:-1], 3) / 3, [1.0]))


def _page(measures: Measures, cues: Floats, known: Floats) -> Floats:
    """Return figures of the whole text: (PAGE_COLUMNS,)."""
    counts, chars, words = measures.counts, measures.chars, measures.words
    total = max(float(chars.sum()), 1.0)
    long = words >= 30
    cued = cues.max(axis=1)
    return np.array(
        [
            np.log1p(total) / 10, np.log1p(len(chars)) / 6, chars[long].sum() / total, np.log1p(long.sum()) / 3,
            np.log1p(words.max()) / 5, np.log1p(words.mean()) / 3, np.log1p(counts[:, ch.MONEY].sum()) / 3,
            counts[:, ch.CJK].sum() / total, counts[:, ch.DIGIT].sum() / total * 5,
            counts[:, ch.QUESTION].sum() / total * 100, np.log1p((words <= 3).sum()) / 6,
            counts[:, ch.OTHER].sum() / total, np.log1p(cued.sum()) / 3, cued.mean(),
            np.log1p((cued == 1).sum()) / 3, known.mean(), (words <= 3).mean(), cued[len(cued) // 2 :].mean(),
            _breaks(measures).mean(),
        ],
        dtype=np.float32,
    )  # fmt: skip
