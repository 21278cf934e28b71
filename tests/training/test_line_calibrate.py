"""The bound of clean texts, the threshold, the confidence: learned through the decision that runs in production."""

from __future__ import annotations

import numpy as np
import pytest

from stripper.segment.decision import KINDS
from stripper.segment.line_decision import decide_lines
from stripper.segment.line_network import LineAnswer
from stripper.segment.lines import LineFacts
from stripper.training.line_calibrate import JudgedLines, calibrate_lines, neutral_lines


def judged(keep, body, clean_odds=0.0, *, clean=False):
    """A text of lines of ten words, with what was said and what is true."""
    kinds = np.full((len(keep), len(KINDS)), 1 / len(KINDS), np.float32)
    answer = LineAnswer(np.array(keep, np.float32), kinds, clean_odds)
    words, no = np.full(len(keep), 10), np.zeros(len(keep), bool)
    again = np.arange(len(keep)) == len(keep) - 1  # a second signal against the last line
    seen = LineFacts(words.astype(np.float32), words, no, no, no, no, again)
    return JudgedLines(answer, seen, words, np.array(body, np.float32), clean)


SLOPPY = [judged([0.9, 0.8, 0.2], [1, 1, 0]), judged([0.7, 0.4, 0.1], [1, 0, 0]), judged([0.6, 0.3], [0, 1])] * 10


def test_the_bound_saves_clean_texts():
    """Nearly all of those that would lose a line; the few that stay below are its price."""
    clean = [judged([0.9, 0.01], [1, 1], 0.2 + 0.002 * n, clean=True) for n in range(200)]
    facts = calibrate_lines([*SLOPPY, *clean], {})
    changed = [not decide_lines(text.answer, text.seen, facts, "balanced").keep.all() for text in clean]
    assert 0 < facts["clean_from"] < 1
    assert np.mean(changed) <= 0.02


def test_clean_texts_that_lose_nothing_need_no_bound():
    """Then the lines alone decide."""
    clean = [judged([0.9, 0.9], [1, 1], 0.2, clean=True)] * 50
    assert calibrate_lines([*SLOPPY, *clean], {})["clean_from"] == 1.0


def test_a_long_loss_counts_by_its_words():
    """One text in two hundred that loses everything is too much."""
    clean = [judged([0.9, 0.9], [1, 1], 0.9, clean=True)] * 199
    clean.append(judged([0.9, *[0.001] * 60], [1] * 61, 0.5, clean=True))
    assert calibrate_lines([*SLOPPY, *clean], {})["clean_from"] < 0.5


def test_without_texts_nothing_changes():
    """A neutral calibration."""
    assert calibrate_lines([], {"seed": 1}) == neutral_lines({"seed": 1})


def test_confidence_never_falls():
    """With the expected F1."""
    knots, values = calibrate_lines(SLOPPY, {})["confidence"]
    assert knots == sorted(knots)
    assert values == pytest.approx(sorted(values))
