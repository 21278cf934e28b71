"""Calibration: probabilities hold, thresholds fit the type, page confidence follows F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Kind
from stripper.segment.decision import calibrated
from stripper.segment.network import Answer
from stripper.training.calibrate import Judged, _never_falling, calibrate, neutral
from stripper.training.targets import TITLE, TYPES

FACTS = {"types": list(TYPES), "seed": 0}


def judged(seed: int, *, slope: float = 1.0, shift: float = 0.0, blocks: int = 60, kind: int = 0) -> Judged:
    """Return a page whose true odds are those that were said, scaled and shifted."""
    chance = np.random.default_rng(seed)
    said = chance.uniform(0.01, 0.99, blocks).astype(np.float32)
    words = chance.integers(1, 40, blocks)
    kinds = np.full((blocks, len(Kind)), 1 / len(Kind), np.float32)
    body = (chance.uniform(size=blocks) < calibrated(said, slope, shift)).astype(np.float32)
    types = np.eye(len(TYPES), dtype=np.float32)[kind]
    return Judged(Answer(said, kinds, types), words.astype(np.float32), words, body)


def test_without_pages_nothing_changes() -> None:
    """Nor where all pages are empty."""
    empty = judged(0)
    empty.body[:] = 0
    for pages in ([], [empty]):
        assert calibrate(pages, FACTS) == neutral(FACTS)
    assert neutral(FACTS)["calibration"] == [1.0, 0.0]
    assert neutral(FACTS)["seed"] == 0


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.6, 0.0), (1.5, -0.5), (0.8, 1.0)])
def test_slope_and_shift_are_found(slope: float, shift: float) -> None:
    """Too bold or too shy a net is put right."""
    pages = [judged(seed, slope=slope, shift=shift) for seed in range(200)]
    assert calibrate(pages, FACTS)["calibration"] == pytest.approx([slope, shift], abs=0.1)


def test_an_extreme_net_does_not_break_the_search() -> None:
    """Odds of 0 and 1, all of them right: the slope is finite."""
    page = judged(0)
    page.answer.keep[:] = page.body
    slope, shift = calibrate([page], FACTS)["calibration"]
    assert np.isfinite([slope, shift]).all()


def test_the_title_says_nothing_of_the_keeping_net() -> None:
    """Gold texts leave the headline out though the net keeps it."""
    pages = [judged(seed) for seed in range(100)]
    alone = calibrate(pages, FACTS)["calibration"]
    for page in pages:
        page.answer.kinds[0, TITLE] = 0.9
        page.answer.keep[0] = 0.999
        page.body[0] = 0
    assert calibrate(pages, FACTS)["calibration"] == pytest.approx(alone, abs=0.05)


def test_types_get_thresholds_of_their_own() -> None:
    """Where blocks at low odds are mostly right the threshold is low, where they are mostly wrong it is not."""
    pages = []
    for seed in range(60):
        low, high = judged(seed, kind=0), judged(1000 + seed, kind=1)
        pages += [low, high]
        for page, right in ((low, 1), (high, 0)):
            undecided = (page.answer.keep > 0.25) & (page.answer.keep < 0.5)
            page.body[undecided] = right
    factors = calibrate(pages, FACTS)["threshold_factors"]
    assert factors[0] < factors[1]
    assert factors[2:] == [0.85] * (len(TYPES) - 2)  # no pages: nothing was learned


def test_confidence_follows_the_f1() -> None:
    """A page of clear odds is told from a page of even ones, and neither promises more than it holds."""
    pages = [judged(seed) for seed in range(80)]
    for page in pages[::2]:
        page.answer.keep[:] = np.where(page.body > 0, 0.97, 0.03)
    knots, values = calibrate(pages, FACTS)["confidence"]
    assert knots == sorted(knots)
    assert values == sorted(values)
    assert values[-1] > 0.9 > values[0]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=9))
def test_never_falling(rows: list[tuple[float, int]]) -> None:
    """Values come out rising, with the same mean, and as they were where they rose already."""
    values, sizes = [list(column) for column in zip(*rows, strict=True)]
    out = _never_falling(values, sizes)
    assert out == sorted(out)
    assert np.average(out, weights=sizes) == pytest.approx(np.average(values, weights=sizes))
    if values == sorted(values):
        assert out == values
