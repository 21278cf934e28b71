"""Gold to labels of blocks: which of a page's blocks the gold text or the labelled blocks name.

Gold never has our block borders, so words are aligned: each block's words are searched in the gold's words,
and of all matches the heaviest chain that keeps both orders wins (a weighted longest increasing subsequence).
A menu's "About us" that also stands in the article is then no match: the article's own match is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Index = Mapping[tuple[str, ...], list[int]]

_WORD = re.compile(r"\w+")
_ANCHOR = 3  # words in a row by which a block is looked up in the gold
_MAX_PLACES = 40  # places of a common anchor in the gold that are tried
_LEAST_SHARE = 0.5  # of a block's words that stand at a place, for the place to be a match
_SLACK = 2  # words around a place that count as well: an insertion moves the rest


def words_of(text: str) -> list[str]:
    """Return the scorer's words: lower-cased runs of word characters."""
    return _WORD.findall(text.lower())


class Match(NamedTuple):
    """How much of a block stands in the gold, in order."""

    share: float  # 0..1 of the block's words: 0, or at least a half
    start: int  # first gold word, -1 = none


class _Candidate(NamedTuple):
    """A place of a block in the gold."""

    block: int
    start: int  # gold words, end exclusive
    end: int
    weight: float  # words in common, less where the place fits badly
    share: float  # 0..1


def align(blocks: Sequence[str], gold: Sequence[str]) -> list[Match]:
    """Return for each block how much of it the gold's words hold, with order kept on both sides.

    `blocks` are texts, `gold` words. Time is linear in words but for common anchors, whose places are capped.
    """
    index = _anchors(gold)
    candidates = [found for number, text in enumerate(blocks) for found in _places(number, text, gold, index)]
    out = [Match(0.0, -1)] * len(blocks)
    for found in _heaviest_chain(candidates):
        out[found.block] = Match(found.share, found.start)
    return out


def _anchors(gold: Sequence[str]) -> _Index:
    """Return where each run of 1 to 3 words begins."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for size in range(1, _ANCHOR + 1):
        for i in range(len(gold) - size + 1):
            places = index[tuple(gold[i : i + size])]
            if len(places) < _MAX_PLACES:
                places.append(i)
    return dict(index)


def _places(block: int, text: str, gold: Sequence[str], index: _Index) -> list[_Candidate]:
    """Return where a block may stand in the gold, best first."""
    words = words_of(text)
    n = len(words)
    if not n:
        return []
    size = min(_ANCHOR, n)
    # Anchors at the beginning, the middle and the end survive an edit somewhere in the block.
    offsets = (0, max(0, n // 3 - 1), max(0, n // 2 - 1), max(0, 2 * n // 3 - 1), n - size)
    starts = dict.fromkeys(
        max(0, place - offset)
        for offset in dict.fromkeys(offsets)
        for place in index.get(tuple(words[offset : offset + size]), ())
    )
    counts = Counter(words)
    out = []
    for start in starts:
        end = min(len(gold), start + n)
        window = Counter(gold[max(0, start - _SLACK) : end + _SLACK])
        common = sum(min(count, window[word]) for word, count in counts.items())
        share = common / n
        if share >= _LEAST_SHARE:
            out.append(_Candidate(block, start, end, common * share, share))
    out.sort(key=lambda found: -found.weight)
    return out[:_MAX_PLACES]


def _heaviest_chain(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Pick at most one candidate per block, gold places rising, with the greatest weight in all.

    `candidates` come block by block, in order.
    """
    # The frontier: for each gold position the weight of the best chain that ends there, rising in both.
    ends, weights, tails = [-1], [0.0], [-1]
    before = [-1] * len(candidates)
    by_block: dict[int, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        by_block[candidate.block].append(i)
    for numbers in by_block.values():
        fresh = []
        for i in numbers:
            found = candidates[i]
            at = bisect_right(ends, found.start + 1) - 1  # one word of overlap is forgiven: hyphens and lists
            before[i] = tails[at]
            fresh.append((found.end, weights[at] + found.weight, i))
        for end, weight, i in sorted(fresh):  # after all were weighed: a block takes one place only
            at = bisect_right(ends, end) - 1
            if weights[at] >= weight:
                continue
            low = high = at + 1 if ends[at] < end else at
            while high < len(ends) and weights[high] <= weight:
                high += 1
            ends[low:high], weights[low:high], tails[low:high] = [end], [weight], [i]
    chain = []
    i = tails[-1]
    while i >= 0:
        chain.append(candidates[i])
        i = before[i]
    return chain[::-1]


class KindMatch(NamedTuple):
    """The gold kind of a block and how many of its words say so."""

    kind: str | None  # None = the gold does not name the block
    share: float  # 0..1


def align_kinds(blocks: Sequence[str], gold: Sequence[tuple[str, str]]) -> list[KindMatch]:
    """Return the gold kind of each block; `gold` are (text, kind) in reading order."""
    flat: list[str] = []
    owner: list[str] = []
    for text, kind in gold:
        found = words_of(text)
        flat += found
        owner += [kind] * len(found)
    out = []
    for text, match in zip(blocks, align(blocks, flat), strict=True):
        size = len(words_of(text))
        if match.start < 0 or not size:
            out.append(KindMatch(None, 0.0))
            continue
        kind, count = Counter(owner[match.start : match.start + size]).most_common(1)[0]
        out.append(KindMatch(kind, count / size * match.share))
    return out
