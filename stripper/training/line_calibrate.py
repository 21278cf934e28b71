"""Odds to probabilities that hold, the bound above which a text is clean, the threshold, and a text's confidence.

All of it is learned from answers about texts that the answering model has not seen, through the decision that runs in
production.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.segment.line_decision import decide_lines
from stripper.training.calibrate import confidence_knots, platt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stripper.segment.line_decision import LineDecision
    from stripper.segment.line_network import LineAnswer
    from stripper.segment.lines import LineFacts

    Facts = Mapping[str, Any]

_FACTORS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of half the expected F1 that are tried as thresholds
_FACTOR, _CLEAN_FROM = 0.7, 0.3  # where nothing tells
_CHANGED, _LOST = 0.015, 0.002  # shares of the clean texts that may lose something, and of their words that may go
_OPEN = 2.0  # a bound that no text is above


class JudgedLines(NamedTuple):
    """A text of n blocks with what a model said of it and what is true."""

    answer: LineAnswer
    seen: LineFacts
    words: NDArray[np.int64]  # (n,) as the scorer counts them
    body: NDArray[np.float32]  # (n,) share of the block's words that stay
    clean: bool  # a clean text, as people have them


def neutral_lines(facts: Facts) -> dict[str, Any]:
    """Return the facts with a calibration that changes nothing."""
    return {
        **facts,
        "calibration": [1.0, 0.0],
        "clean_from": _CLEAN_FROM,
        "threshold_factor": _FACTOR,
        "confidence": [[0.0, 1.0], [0.0, 1.0]],
    }


def calibrate_lines(texts: Sequence[JudgedLines], facts: Facts) -> dict[str, Any]:
    """Return the facts with the calibration that fits `texts`; without texts, a neutral one."""
    out = neutral_lines(facts)
    sloppy = [text for text in texts if not text.clean and text.body.any()]
    if not sloppy:
        return out
    out["calibration"] = [round(value, 4) for value in platt(sloppy)]
    out["threshold_factor"] = max(_FACTORS, key=lambda factor: _mean_f1(sloppy, {**out, "threshold_factor": factor}))
    out["clean_from"] = _clean_from([text for text in texts if text.clean], out)
    decisions = [_decided(text, out) for text in sloppy]
    expected = np.array([decision.expected_f1 for decision in decisions])
    true = np.array([_f1(text, decision) for text, decision in zip(sloppy, decisions, strict=True)])
    out["confidence"] = confidence_knots(expected, true)
    return out


def _clean_from(clean: Sequence[JudgedLines], facts: Facts) -> float:
    """Return the highest bound at which few clean texts, and few of their words, lose anything."""
    told = {**facts, "clean_from": _OPEN}
    lost = [
        (text.answer.clean, int(text.words[~decision.keep].sum()))
        for text in clean
        for decision in [_decided(text, told)]
        if not decision.keep.all()
    ]
    words = sum(int(text.words.sum()) for text in clean)
    texts = gone = 0
    for bound, size in sorted(lost):
        texts, gone = texts + 1, gone + size
        if texts > _CHANGED * len(clean) or gone > _LOST * words:
            return float(np.floor(1000 * bound - 1) / 1000)
    return 1.0


def _mean_f1(texts: Sequence[JudgedLines], facts: Facts) -> float:
    return float(np.mean([_f1(text, _decided(text, facts)) for text in texts]))


def _decided(text: JudgedLines, facts: Facts) -> LineDecision:
    return decide_lines(text.answer, text.seen, facts, "balanced")


def _f1(text: JudgedLines, decision: LineDecision) -> float:
    """Return the word F1 of the kept blocks, about: by the labels' shares, not by the texts."""
    said, gold = float(text.words[decision.keep].sum()), float(text.words @ text.body)
    if not said and not gold:
        return 1.0
    return 2 * float((text.words * text.body)[decision.keep].sum()) / (said + gold)
