"""A clean text stays whole; of a sloppy one the set of lines with the best expected F1; undecided lines stay."""

from __future__ import annotations

import numpy as np
import pytest

from stripper.datatypes import Kind
from stripper.options import FAVORS
from stripper.segment.decision import KINDS
from stripper.segment.line_decision import decide_lines
from stripper.segment.line_network import LineAnswer
from stripper.segment.lines import LineFacts

FACTS = {"calibration": [1.0, 0.0], "threshold_factor": 0.8, "clean_from": 0.3, "confidence": [[0, 1], [0, 1]]}


def facts(n, words=10, **marks):
    """What is known of n lines; `marks` name lines that are cued, inserted, introduced or said again."""
    named = [np.isin(np.arange(n), marks.get(name, ())) for name in ("cued", "inserted", "introduced", "again")]
    return LineFacts(np.broadcast_to(np.array(words, np.float32), n), np.arange(n) - 1, np.zeros(n, bool), *named)


def decided(keep, clean=0.0, favor="balanced", title=None, seen=None):
    """The decision on lines of 10 words each, of which each is most likely related."""
    kinds = np.full((len(keep), len(KINDS)), 0.001, np.float32)
    kinds[:, KINDS.index(Kind.RELATED)] = 0.5
    if title is not None:
        kinds[title, KINDS.index(Kind.TITLE)] = 0.9
    answer = LineAnswer(np.array(keep, np.float32), kinds, clean)
    return decide_lines(answer, seen or facts(len(keep)), FACTS, favor)


def test_a_clean_text_loses_nothing():
    """Above the bound, whatever is said of single lines."""
    assert decided([0.9, 0.9, 0.01], clean=0.5).keep.all()
    assert decided([0.9, 0.9, 0.01], clean=0.01).keep.tolist() == [True, True, False]


def test_in_a_text_that_may_be_clean_a_line_goes_on_a_second_signal_alone():
    """A cue below the last paragraph, or a text said again; a cue between paragraphs is none."""
    keep = [0.9, 0.05, 0.9, 0.05]
    assert decided(keep, clean=0.1, seen=facts(4, words=30)).keep.all()
    assert decided(keep, clean=0.1, seen=facts(4, words=30, cued=(1, 3))).keep.tolist() == [True, True, True, False]
    assert decided(keep, clean=0.1, seen=facts(4, words=30, again=(1,))).keep.tolist() == [True, False, True, True]
    assert decided(keep, clean=0.01, seen=facts(4, words=30)).keep.tolist() == [True, False, True, False]


def test_in_the_midst_of_a_text_a_line_needs_more_against_it():
    """Between paragraphs that stay; below the last one place speaks against it."""
    keep, words = [0.9, 0.25, 0.9, 0.25], [30, 3, 30, 3]
    assert decided(keep, seen=facts(4, words)).keep.tolist() == [True, True, True, False]
    assert decided(keep, seen=facts(4, words, cued=(1,))).keep.tolist() == [True, True, True, False]
    assert decided(keep, seen=facts(4, words, inserted=(1,))).keep.tolist() == [True, False, True, False]


def test_what_goes_has_its_likeliest_kind_of_junk():
    """And what stays is content, but for the headline."""
    decision = decided([0.9, 0.9, 0.01], title=0)
    assert decision.kinds == [Kind.TITLE, Kind.CONTENT, Kind.RELATED]
    assert decision.sure[2] == pytest.approx(0.99, abs=1e-3)


def test_the_headline_stays():
    """However doubtful its place among the kept lines is."""
    assert decided([0.05, 0.9, 0.9], title=0).keep.all()


def test_undecided_lines_stay_and_are_marked():
    """More likely junk than not, and yet not sure enough."""
    decision = decided([0.45, 0.6, 0.6])
    assert decision.keep.all()
    assert decision.undecided.tolist() == [True, False, False]


@pytest.mark.parametrize("clean", [0.0, 0.2, 0.4, 0.7, 1.0])
def test_favor_shifts_both_bounds(clean):
    """What precision keeps, balanced keeps; what that keeps, recall keeps."""
    chance = np.random.default_rng(3)
    keep = chance.random(40)
    precision, balanced, recall = (decided(keep, clean, favor).keep for favor in FAVORS)
    assert (precision <= balanced).all()
    assert (balanced <= recall).all()


def test_a_headline_between_two_removed_lines_goes_with_them():
    """Below the last paragraph, where a cue line introduces it; a paragraph there stays."""
    keep = [0.9, 0.01, 0.6, 0.01]
    words = [30, 2, 4, 3]
    assert decided(keep, seen=facts(4, words, introduced=(2,))).keep.tolist() == [True, False, False, False]
    assert decided(keep, seen=facts(4, words)).keep[2]
    assert decided(keep, seen=facts(4, [30, 2, 30, 3], introduced=(2,))).keep[2]


@pytest.mark.parametrize("favor", FAVORS)
def test_a_paragraph_that_is_likely_text_stays(favor):
    """Under each `favor`; a short line must be likelier to."""
    assert decided([0.9, 0.55], favor=favor, seen=facts(2, words=30)).keep.all()


def test_confidence_is_what_may_be_expected_of_the_kept_lines():
    """Sure lines give a sure text."""
    assert decided([0.99, 0.99, 0.01]).expected_f1 > 0.95
    assert decided([0.6, 0.5, 0.4]).expected_f1 < 0.8
