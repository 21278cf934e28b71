"""Odds to probabilities that hold, thresholds by page type, and a page confidence that predicts the page's F1.

All of it is learned from answers about pages that the answering model has not seen. The thresholds are tried
through the decision that runs in production, so they can't drift from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from stripper.datatypes import Kind
from stripper.segment.decision import decide
from stripper.segment.network import Model
from stripper.training.targets import TITLE, TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stripper.segment.decision import Decision
    from stripper.segment.network import Answer

    Floats = NDArray[np.float32]
    Facts = Mapping[str, Any]

_FACTORS = (0.4, 0.55, 0.7, 0.85, 1.0, 1.15)  # of half the expected F1 that are tried as thresholds
_FACTOR = 0.85  # where too few pages of a type tell
_ROUNDS = 2  # over the types, one at a time: a page is often of two types by halves
_OF_TYPE = 0.1  # probability of a type from which a page has a say in its factor
_LEAST_PAGES = 20
_BINS = 8  # of page confidence, with as many pages each
_TITLE_FROM = 0.3  # a block that is the title at these odds says nothing of the keeping net
_NEWTON_STEPS = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """A page of n blocks with what a model said of it and what is true."""

    answer: Answer
    model_words: Floats  # (n,) as the model counts them
    words: NDArray[np.int64]  # (n,) as the scorer counts them
    body: Floats  # (n,) share of the block's words that the clean text without title holds


class _Answered(Protocol):
    """What a model says of n blocks."""

    @property
    def keep(self) -> Floats:
        """(n,) 0..1."""

    @property
    def kinds(self) -> Floats:
        """(n, kinds) rows sum to 1."""


class _Told(Protocol):
    """A page or text with what a model said of it and what is true."""

    @property
    def answer(self) -> _Answered:
        """What was said."""

    @property
    def words(self) -> NDArray[np.int64]:
        """(n,) as the scorer counts them."""

    @property
    def body(self) -> Floats:
        """(n,) share of the block's words that stay."""


def neutral(facts: Facts) -> dict[str, Any]:
    """Return the facts with a calibration that changes nothing."""
    return {
        **facts,
        "calibration": [1.0, 0.0],
        "threshold_factors": [_FACTOR] * len(TYPES),
        "confidence": [[0.0, 1.0], [0.0, 1.0]],
    }


def calibrate(pages: Sequence[Judged], facts: Facts) -> dict[str, Any]:
    """Return the facts with the calibration that fits `pages`; without pages, a neutral one."""
    out = neutral(facts)
    if not any(page.body.any() for page in pages):
        return out
    out["calibration"] = [round(value, 4) for value in platt(pages)]
    out["threshold_factors"] = _factors(pages, out)
    out["confidence"] = _confidence(pages, out)
    return out


def platt(pages: Sequence[_Told]) -> tuple[float, float]:
    """Return slope and shift of the log-odds under which the blocks' words are likeliest (Platt 1999)."""
    told = [page for page in pages if page.body.any()]
    counted = [page.answer.kinds[:, TITLE] < _TITLE_FROM for page in told]
    p = np.concatenate([page.answer.keep[mine] for page, mine in zip(told, counted, strict=True)]).astype(np.float64)
    p = np.clip(p, 1e-6, 1 - 1e-6)
    body = np.concatenate([page.body[mine] for page, mine in zip(told, counted, strict=True)]).astype(np.float64)
    words = np.concatenate([page.words[mine] for page, mine in zip(told, counted, strict=True)]).astype(np.float64)
    x = np.stack([np.log(p / (1 - p)), np.ones_like(p)], axis=1)
    at = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        q = 1 / (1 + np.exp(-(x @ at)))
        slope = x.T @ (words * (q - body))
        curve = (x * (words * q * (1 - q))[:, None]).T @ x + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        at -= step / max(1.0, float(np.abs(step).max()))  # never more than 1: far from the end the curve misleads
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004  far below the digits that are kept
            break
    return float(at[0]), float(at[1])


def _factors(pages: Sequence[Judged], facts: Facts) -> list[float]:
    """Return for each type of page the factor of the threshold with the best mean F1."""
    factors = [_FACTOR] * len(TYPES)
    for _ in range(_ROUNDS):
        for i in range(len(TYPES)):
            concerned = [page for page in pages if page.answer.types[i] > _OF_TYPE]
            if len(concerned) < _LEAST_PAGES:
                continue
            tried = [[*factors[:i], factor, *factors[i + 1 :]] for factor in _FACTORS]
            scores = [_mean_f1(concerned, {**facts, "threshold_factors": these}) for these in tried]
            factors = tried[int(np.argmax(scores))]
    return factors


def _confidence(pages: Sequence[Judged], facts: Facts) -> list[list[float]]:
    decisions = [_decided(page, facts) for page in pages]
    expected = np.array([decision.expected_f1 for decision in decisions])
    true = np.array([_f1(page, decision) for page, decision in zip(pages, decisions, strict=True)])
    return confidence_knots(expected, true)


def confidence_knots(expected: NDArray[np.float64], true: NDArray[np.float64]) -> list[list[float]]:
    """Return knots, rising, and the F1 at each, never falling: expected F1 to true F1, one of each page."""
    order = np.argsort(expected, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if len(part)]
    knots = [round(float(expected[part].mean()), 4) for part in bins]
    values = _never_falling([float(true[part].mean()) for part in bins], [len(part) for part in bins])
    return [knots, [round(value, 4) for value in values]]


def _never_falling(values: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """Return the nearest values that never fall, by pooling neighbours that do (isotonic regression)."""
    pools: list[tuple[float, int, int]] = []  # mean, pages, values
    for value, size in zip(values, sizes, strict=True):
        mean, total, count = value, size, 1
        while pools and pools[-1][0] > mean:
            before, more, others = pools.pop()
            mean = (mean * total + before * more) / (total + more)
            total, count = total + more, count + others
        pools.append((mean, total, count))
    return [mean for mean, _, count in pools for _ in range(count)]


def _mean_f1(pages: Sequence[Judged], facts: Facts) -> float:
    return float(np.mean([_f1(page, _decided(page, facts)) for page in pages]))


def _decided(page: Judged, facts: Facts) -> Decision:
    return decide(page.answer, page.model_words, Model({}, {}, facts, ""), "balanced")


def _f1(page: Judged, decision: Decision) -> float:
    """Return the word F1 of the kept blocks but the title, about: by the labels' shares, not by the texts."""
    kept = decision.keep & np.array([kind is not Kind.TITLE for kind in decision.kinds])
    said, gold = float(page.words[kept].sum()), float(page.words @ page.body)
    if not said and not gold:
        return 1.0
    return 2 * float((page.words * page.body)[kept].sum()) / (said + gold)
