"""Probabilities to kept, removed and kinds: one page at a time, by the expected F1 of its kept words.

A fixed threshold is right only where the model is sure. For a set S of blocks the expected word F1 is about
``2 * sum(p*w in S) / (sum(w in S) + sum(p*w))``; its maximum keeps every block with p above half of the best
F1 (Lipton et al. 2014, "Optimal thresholding of classifiers to maximize F1"). Where the page is hard, half of
a low F1 is a low threshold: undecided blocks stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.datatypes import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.segment.network import Answer, Model

    Floats = NDArray[np.floating]

KINDS = tuple(Kind)  # the order of the kinds' head
TITLE = KINDS.index(Kind.TITLE)
JUNK = np.array([kind not in (Kind.CONTENT, Kind.TITLE) for kind in KINDS])
_SURE = 0.5  # no block above it is removed, whatever the rest of the page looks like
_NOTHING = 0.2  # expected F1 below which the page has no text to keep: an error page, an empty shell
TITLE_FROM = 0.3
FAVOR = {"precision": (0.6, 0.4), "balanced": (1.0, 0.0), "recall": (0.4, 0.0)}  # threshold * a + b


class Decision(NamedTuple):
    """What becomes of n blocks."""

    keep: NDArray[np.bool_]  # (n,)
    sure: Floats  # (n,) 0..1: probability that keeping or removing is right
    kinds: list[Kind]  # (n,)
    undecided: NDArray[np.bool_]  # (n,) kept although more likely junk
    page_type: str
    type_confidence: float
    expected_f1: float  # 0..1 of the page's kept words
    threshold: float = 0.5  # probability from which a block of this page was kept


def decide(answer: Answer, words: Floats, model: Model, favor: str) -> Decision:
    """Return the blocks to keep and everybody's kind."""
    facts = model.facts
    p = calibrated(answer.keep, *facts["calibration"])
    title = headline(answer.kinds)
    body = p.copy()
    if title is not None:
        body[title] = 0  # its words are few and its fate is clear: not part of the bargain
    best = expected_f1(body, words)
    factor = float(answer.types @ np.array(facts["threshold_factors"], dtype=np.float32))
    scale, shift = FAVOR[favor]
    threshold = min(_SURE, factor * best / 2) * scale + shift if best >= _NOTHING else _SURE
    keep = p > threshold
    keep, kinds, sure = named(keep, p, answer.kinds)
    which = int(answer.types.argmax())
    knots, values = facts["confidence"]
    return Decision(
        keep, sure, kinds, keep & (sure < _SURE), facts["types"][which], float(answer.types[which]),
        float(np.interp(best, knots, values)), float(threshold),
    )  # fmt: skip


def headline(kinds: Floats) -> int | None:
    """Return the block that is the headline, None where none is likely enough; `kinds` are (n, kinds)."""
    title = int(kinds[:, TITLE].argmax())
    return title if kinds[title, TITLE] >= TITLE_FROM else None


def named(keep: NDArray[np.bool_], p: Floats, odds: Floats) -> tuple[NDArray[np.bool_], list[Kind], Floats]:
    """Return what is kept with the headline, everybody's kind, and how sure that is.

    `keep` (n,) is what stays without it, `p` (n,) the probability of keeping, `odds` (n, kinds) that of each kind.
    """
    junk = np.where(JUNK, odds, 0).argmax(axis=1).tolist()
    title = headline(odds)
    if title is not None:
        keep = keep.copy()
        keep[title] = True
    kinds = [Kind.CONTENT if stays else KINDS[kind] for stays, kind in zip(keep.tolist(), junk, strict=True)]
    sure = np.where(keep, p, 1 - p)
    if title is not None:
        kinds[title] = Kind.TITLE
        sure[title] = max(float(odds[title, TITLE]), float(p[title]))
    return keep, kinds, sure


def calibrated(p: Floats, slope: float, shift: float) -> Floats:
    """Return probabilities by Platt's scaling of their log-odds."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    scaled: Floats = (1 / (1 + np.exp(-(slope * np.log(p / (1 - p)) + shift)))).astype(np.float32)
    return scaled


def expected_f1(p: Floats, words: Floats) -> float:
    """Return the best expected word F1 of any set of blocks, 0..1."""
    order = np.argsort(-p, kind="stable")
    gain = np.cumsum((p * words)[order], dtype=np.float64)
    size = np.cumsum(words[order], dtype=np.float64)
    return float((2 * gain / (size + gain[-1])).max())
