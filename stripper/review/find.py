"""Which blocks hold a sentence: exactly, or most of its words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_ENOUGH = 0.6  # share of the sentence's words that a similar block holds
_MOST = 3  # similar blocks shown


class Found(NamedTuple):
    """Blocks that hold what was asked for."""

    blocks: tuple[int, ...]  # indices, in reading order; of similar ones the best first
    exact: bool


def find(texts: Sequence[str], sentence: str) -> Found:
    """Return the blocks of `texts` that hold `sentence`, wherever it begins and ends, or else similar ones."""
    # Words alone, parted by one blank: white space, case and typographic marks no longer matter.
    words = [_folded(text) for text in texts]
    wanted = _folded(sentence)
    if not wanted:  # marks only, e.g. "***"
        sign = "".join(sentence.split())
        return Found(tuple(i for i, text in enumerate(texts) if sign in "".join(text.split())), exact=True)
    whole = " ".join(words)
    starts = []
    at = 0
    for text in words:
        starts.append(at)
        at += len(text) + 1
    held: dict[int, None] = {}
    for start in _occurrences(whole, wanted):
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, start + len(wanted) - 1) - 1
        held.update(dict.fromkeys(index for index in range(first, last + 1) if words[index]))
    return Found(tuple(held), exact=True) if held else _similar(words, wanted)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _occurrences(whole: str, wanted: str) -> Iterator[int]:
    at = whole.find(wanted)
    while at >= 0:
        yield at
        at = whole.find(wanted, at + len(wanted))


def _similar(words: Sequence[str], wanted: str) -> Found:
    goal = Counter(wanted.split())
    shares = [(Counter(text.split()) & goal).total() / goal.total() for text in words]
    best = sorted((i for i, share in enumerate(shares) if share >= _ENOUGH), key=lambda i: -shares[i])[:_MOST]
    return Found(tuple(best), exact=False)
