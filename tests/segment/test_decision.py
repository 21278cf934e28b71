"""What is kept is the set of blocks with the best expected F1; undecided blocks stay."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Kind
from stripper.segment.decision import KINDS, calibrated, decide, expected_f1
from stripper.segment.network import Answer, Model

TYPES = ["article", "forum"]
FACTS = {"calibration": [1.0, 0.0], "threshold_factors": [1.0, 1.0], "types": TYPES, "confidence": [[0, 1], [0, 1]]}
MODEL = Model({}, {}, FACTS, "by hand")
FEW = st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 200)), min_size=1, max_size=7)


def answer(keep, *, title=None, kind=Kind.RELATED):
    """The network's answer where every block is most likely `kind` and one may be the title."""
    kinds = np.full((len(keep), len(KINDS)), 0.001, np.float32)
    kinds[:, KINDS.index(kind)] = 0.5
    if title is not None:
        kinds[title, KINDS.index(Kind.TITLE)] = 0.9
    return Answer(np.array(keep, np.float32), kinds, np.array([0.9, 0.1], np.float32))


def decided(keep, words=None, favor="balanced", **more):
    """The decision on blocks of 10 words each."""
    return decide(answer(keep, **more), np.array(words or [10] * len(keep), np.float32), MODEL, favor)


@given(FEW)
def test_the_best_expected_f1_is_that_of_the_best_set(blocks):
    """Against every set of up to seven blocks; of words, expectation over expectation."""
    p, words = (np.array(column, np.float64) for column in zip(*blocks, strict=True))
    total = (p * words).sum()
    best = max(
        2 * (p * words)[chosen].sum() / (words[chosen].sum() + total)
        for chosen in (np.array(bits, bool) for bits in product([False, True], repeat=len(blocks)))
    )
    assert expected_f1(p, words) == pytest.approx(best, abs=1e-6)


@given(FEW)
def test_the_kept_set_is_the_best_one(blocks):
    """Unless the page has nothing to keep; blocks that are more likely text than junk stay in any case."""
    p, words = (list(column) for column in zip(*blocks, strict=True))
    made = decided(p, words)
    best = expected_f1(np.array(p, np.float32), np.array(words, np.float32))
    if best < 0.2:
        assert made.keep.tolist() == [value > 0.5 for value in np.array(p, np.float32)]
        return
    value = [2 * p_ * w for p_, w in blocks]
    chosen = 2 * sum(v / 2 for v, keep in zip(value, made.keep, strict=True) if keep)
    size = sum(w for w, keep in zip(words, made.keep, strict=True) if keep) + sum(value) / 2
    assert chosen / size == pytest.approx(best, abs=1e-4)


def test_all_stays_where_all_is_probable():
    """A page without junk comes back whole."""
    made = decided([0.99, 0.95, 0.9, 0.97])
    assert made.keep.all()
    assert made.kinds == [Kind.CONTENT] * 4
    assert not made.undecided.any()
    assert made.expected_f1 > 0.9


def test_junk_gets_its_likeliest_kind():
    """Never content or title: those are what stays."""
    made = decided([0.99, 0.01], kind=Kind.SHARE)
    assert made.kinds == [Kind.CONTENT, Kind.SHARE]
    assert made.sure.tolist() == pytest.approx([0.99, 0.99], abs=1e-3)


def test_undecided_blocks_stay():
    """Where nothing is sure the threshold is low, and the blocks are told as undecided."""
    made = decided([0.45, 0.4, 0.42, 0.02])
    assert made.keep.tolist() == [True, True, True, False]
    assert made.undecided.tolist() == [True, True, True, False]


def test_a_page_with_nothing_to_keep_keeps_nothing():
    """An error page: no block is good enough to make up an article."""
    assert not decided([0.05, 0.04, 0.01]).keep.any()


@pytest.mark.parametrize(("favor", "kept"), [("precision", 2), ("balanced", 3), ("recall", 4)])
def test_what_the_caller_favours(favor, kept):
    """The same page, more or less of it."""
    assert decided([0.95, 0.9, 0.5, 0.25, 0.01], favor=favor).keep.sum() == kept


def test_the_title_stays_whatever_its_share():
    """At most one block is the title, and its words are not part of the bargain."""
    made = decided([0.1, 0.99, 0.01], title=0)
    assert made.kinds == [Kind.TITLE, Kind.CONTENT, Kind.RELATED]
    assert made.sure[0] == pytest.approx(0.9)
    assert decided([0.99, 0.99]).kinds.count(Kind.TITLE) == 0


def test_the_pages_type():
    """The likeliest, with its probability."""
    made = decided([0.9])
    assert (made.page_type, made.type_confidence) == ("article", pytest.approx(0.9))


@given(st.floats(0, 1), st.floats(0.2, 3), st.floats(-2, 2))
def test_calibration_keeps_probabilities_and_their_order(p, slope, shift):
    """0 and 1 included."""
    low, high = calibrated(np.array([p * 0.99, p]), slope, shift)
    assert 0 <= low <= high <= 1
