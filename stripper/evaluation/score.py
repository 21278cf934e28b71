"""How well one page was stripped, as counts that add up over pages.

Words are the bag-of-words measure of WCXB, shingles (runs of four words) that of the Scrapinghub article
benchmark, snippets that of trafilatura's own evaluation; kinds count the words of each kind of junk.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.datatypes import KEPT_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Kind
    from stripper.evaluation.corpus import GoldPage

KEPT = "kept"  # stands for content and title, which no one has to tell apart

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_SHINGLE = 4  # words


class Counts(NamedTuple):
    """What was right, of what was said, of what is true."""

    right: int = 0
    said: int = 0
    gold: int = 0

    def __add__(self, other: object) -> Counts:
        """Add count by count, not end to end as tuples do."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(self.right + other.right, self.said + other.said, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 0 where nothing was said."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Share of what is true that was said; 0 where nothing is true."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return harmonic_mean(self.precision, self.recall)


class Prediction(NamedTuple):
    """What stripper made of a page."""

    text: str = ""  # clean text
    removed: tuple[tuple[Kind, str], ...] = ()  # kind and text of each removed block


class PageScore(NamedTuple):
    """The scores of one page; None where its labels do not say."""

    id: str
    type: str | None
    words: Counts | None
    shingles: Counts | None
    snippets: Counts | None
    kinds: Mapping[str, Counts] | None

    @property
    def word_f1(self) -> tuple[float, float, float]:
        """Precision, recall, F1 in words; a page that has no text and got none is right."""
        words = self.words or Counts()
        if not words.said and not words.gold:
            return 1.0, 1.0, 1.0
        return words.precision, words.recall, words.f1


def harmonic_mean(precision: float, recall: float) -> float:
    """Return the F1 of precision and recall, 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_page(gold: GoldPage, prediction: Prediction) -> PageScore:
    """Compare a prediction with a page's labels."""
    by_text = gold.text is not None and gold.blocks is None
    return PageScore(
        id=gold.id,
        type=gold.type,
        words=_overlap(_words(prediction.text), _words(gold.text)) if by_text else None,
        shingles=_overlap(_shingles(prediction.text), _shingles(gold.text)) if by_text else None,
        snippets=_snippets(gold, prediction.text) if gold.must_keep or gold.must_remove else None,
        kinds=_kinds(gold.blocks, prediction) if gold.blocks is not None else None,
    )


def _words(text: str | None) -> Counter[str]:
    return Counter(_WORD.findall((text or "").lower()))


def _shingles(text: str | None) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text or "")
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)) if words)


def _overlap(said: Counter[Any], gold: Counter[Any]) -> Counts:
    return Counts((said & gold).total(), said.total(), gold.total())


def _snippets(gold: GoldPage, text: str) -> Counts:
    squashed = _squash(text)
    found = sum(_squash(snippet) in squashed for snippet in gold.must_keep)
    wrong = sum(_squash(snippet) in squashed for snippet in gold.must_remove)
    return Counts(found, found + wrong, len(gold.must_keep))


def _squash(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _kinds(blocks: tuple[tuple[str, Kind], ...], prediction: Prediction) -> dict[str, Counts]:
    gold: defaultdict[str, Counter[str]] = defaultdict(Counter)
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, kind in blocks:
        gold[_side(kind)] += _words(text)
    said[KEPT] += _words(prediction.text)
    for kind, text in prediction.removed:
        said[_side(kind)] += _words(text)
    return {kind: _overlap(said[kind], gold[kind]) for kind in sorted(gold.keys() | said.keys())}


def _side(kind: Kind) -> str:
    return KEPT if kind in KEPT_KINDS else str(kind)
