"""Probabilities to kept, removed and kinds, for a plain text: first whether it is clean, then line by line.

Most texts that people have are clean, and a clean text must come back as it is. So the network says of the whole
text how likely that is; above a bound that was chosen on clean texts it had not seen, all stays. Where that is still
possible, a line goes only on a second signal beside the model's word: a cue phrase at the text's beginning or end, or
the same text further up. Elsewhere the set of blocks with the best expected word F1 is kept, as of an HTML page
(decision.py), and in the midst of the text a line without such a signal must be likelier junk than others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.segment.decision import FAVOR, calibrated, expected_f1, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stripper.datatypes import Kind
    from stripper.segment.line_network import LineAnswer
    from stripper.segment.lines import LineFacts

    Floats = NDArray[np.floating]

_SURE = 0.5  # no block above it is removed, whatever the rest of the text looks like
_POSSIBLY_CLEAN = 0.04  # probability of a clean text from which the model alone removes next to nothing
_ALONE = 0.1  # of the threshold, for a line there that nothing else speaks against
_INSIDE = 0.3  # the same of any text, in its midst: a heading looks like the headline of another page
_PARAGRAPH_WORDS = 20
_CLEAN = {"precision": (0.5, 0.5), "balanced": (1.0, 0.0), "recall": (0.4, 0.0)}  # bound * a + b


class LineDecision(NamedTuple):
    """What becomes of n blocks."""

    keep: NDArray[np.bool_]  # (n,)
    sure: Floats  # (n,) 0..1: probability that keeping or removing is right
    kinds: list[Kind]  # (n,)
    undecided: NDArray[np.bool_]  # (n,) kept although more likely junk
    expected_f1: float  # 0..1 of the text's kept words


def decide_lines(answer: LineAnswer, seen: LineFacts, facts: Mapping[str, Any], favor: str) -> LineDecision:
    """Return the blocks to keep and everybody's kind."""
    words = seen.words
    p = calibrated(answer.keep, *facts["calibration"])
    threshold = _threshold(answer, p, words, facts, favor)
    maybe_clean = answer.clean > _POSSIBLY_CLEAN
    backed = _backed(seen, p > threshold, alone=maybe_clean)
    threshold = np.where(backed, threshold, threshold * (_ALONE if maybe_clean else _INSIDE))
    threshold = np.where(words < _PARAGRAPH_WORDS, threshold, np.minimum(threshold, _SURE))
    keep = p > threshold
    keep &= ~_between(seen, keep)
    keep, kinds, sure = named(keep, p, answer.kinds)
    knots, values = facts["confidence"]
    confidence = float(np.interp(_expected(p, keep, words), knots, values))
    return LineDecision(keep, sure, kinds, keep & (sure < _SURE), confidence)


def _backed(seen: LineFacts, stays: NDArray[np.bool_], *, alone: bool) -> NDArray[np.bool_]:
    """Return which lines have a signal of their own against them.

    Above the first paragraph and below the last, place is one, but where the text may be clean (`alone`).
    """
    index = np.arange(len(stays))
    prose = (seen.words >= _PARAGRAPH_WORDS) & stays
    last = np.maximum.accumulate(np.where(prose, index, -1))
    around = (last < 0) | (index > last[-1])
    # What a cue line introduces ends at the next paragraph, and a paragraph below "Leave a Reply" may be about it.
    introduced = seen.introduced & (seen.announcer > last) & (seen.words < _PARAGRAPH_WORDS)
    second = (seen.cued | introduced) & around if alone else seen.inserted | introduced | around
    backed: NDArray[np.bool_] = second | seen.again
    return backed


def _between(seen: LineFacts, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return kept lines below the last paragraph that a cue line introduces, alone between two removed ones.

    One headline under "Related articles" looks like an article's; what stands around it tells what it is.
    """
    prose = np.flatnonzero((seen.words >= _PARAGRAPH_WORDS) & keep)
    below = np.arange(len(keep)) > (prose[-1] if len(prose) else len(keep))
    around = np.concatenate(([True], keep, [True]))
    alone: NDArray[np.bool_] = keep & ~around[:-2] & ~around[2:]
    return alone & below & seen.introduced & (seen.words < _PARAGRAPH_WORDS)


def _threshold(
    answer: LineAnswer, p: Floats, words: Floats, facts: Mapping[str, Any], favor: str
) -> float | NDArray[np.floating]:
    scale, shift = _CLEAN[favor]
    if answer.clean > facts["clean_from"] * scale + shift:
        return -1.0
    scale, shift = FAVOR[favor]
    return min(_SURE, float(facts["threshold_factor"]) * expected_f1(p, words) / 2) * scale + shift


def _expected(p: Floats, keep: NDArray[np.bool_], words: Floats) -> float:
    """Return the word F1 that is expected of the kept blocks."""
    right = p * words
    size = float(words[keep].sum() + right.sum())
    return 2 * float(right[keep].sum()) / size if size else 0.0
