"""Figures of a cross-validation: the scorer's, and whether confidence means anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper import Options, strip_html
from stripper.datatypes import Kind
from stripper.evaluation import GoldPage, Prediction, score_page, summarize
from stripper.training.figures import (
    Scored,
    Sureness,
    calibration_error,
    figures_of,
    rank_correlation,
    rows,
    sureness,
    table,
)

HTML = "<title>t</title><h1>The ferry</h1><p>It leaves at noon on most days of the week, they say.</p><p>Share</p>"
BODY = "It leaves at noon on most days of the week, they say."


def sure(*blocks: tuple[float, float, float]) -> Sureness:
    """Return blocks of (sure, right, words)."""
    return Sureness(*(np.array(column) for column in zip(*blocks, strict=True)))


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([(1.0, 1, 5), (1.0, 1, 5)], 0.0),
        ([(1.0, 0, 5)], 1.0),
        ([(0.8, 1, 8), (0.8, 0, 2)], 0.0),  # right in 8 of 10 words
        ([(0.8, 1, 2), (0.8, 0, 8)], 0.6),
        ([(1.0, 1, 90), (0.5, 0, 10)], 0.05),  # words count, not blocks
        ([(0.5, 0, 0)], 0.0),
    ],
)
def test_calibration_error(blocks: list[tuple[float, float, float]], error: float) -> None:
    """0 where what is called 80 % sure is right in 80 % of the words."""
    assert calibration_error([sure(block) for block in blocks]) == pytest.approx(error)


@pytest.mark.parametrize(
    ("y", "correlation"), [([1, 2, 3, 9], 1.0), ([9, 3, 2, 1], -1.0), ([1, 1, 1, 1], 0.0), ([1, 2, 2, 3], 0.9487)]
)
def test_rank_correlation(y: list[float], correlation: float) -> None:
    """By ranks, so that any rising curve is a perfect one; ties share their rank."""
    assert rank_correlation(np.arange(4.0), np.array(y, dtype=float)) == pytest.approx(correlation, abs=1e-4)


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=9))
def test_rank_correlation_is_one_with_itself(values: list[float]) -> None:
    """And never beyond 1; 0 where nothing differs."""
    x = np.array(values)
    assert rank_correlation(x, x) == pytest.approx(1.0 if len(set(values)) > 1 else 0.0)


def test_sureness_beside_a_gold_text() -> None:
    """Blocks are right as far as they are kept or removed rightly; the headline is nobody's."""
    page = strip_html(HTML, options=Options(drop=frozenset({Kind.TITLE})))
    got = sureness(page, GoldPage("x", Path("x"), text=BODY))
    counted = [verdict for verdict in page.verdicts if verdict.kind is not Kind.TITLE]
    shares = [float(verdict.block.text == BODY) for verdict in counted]
    assert got is not None
    assert got.sure.tolist() == [verdict.confidence for verdict in counted]
    assert got.words.tolist() == [len(verdict.block.text.split()) for verdict in counted]
    assert got.right.tolist() == [s if v.kept else 1 - s for s, v in zip(shares, counted, strict=True)]


def test_sureness_beside_labelled_blocks() -> None:
    """The title counts there; what nobody labelled does not."""
    page = strip_html(HTML)
    got = sureness(page, GoldPage("x", Path("x"), blocks=(("The ferry", Kind.TITLE), (BODY, Kind.CONTENT))))
    assert got is not None
    assert got.words.tolist() == [2, 12]
    assert got.right.tolist() == [float(verdict.kept) for verdict in page.verdicts[:2]]


def test_no_sureness_beside_snippets() -> None:
    """They know some blocks only."""
    assert sureness(strip_html(HTML), GoldPage("x", Path("x"), must_keep=("noon",))) is None


def scored(said: str, confidence: float | None, **gold: object) -> Scored:
    """Return a page with what was made of it."""
    page = GoldPage("x", Path("x"), **gold)  # type: ignore[arg-type]
    right = sure((0.8, float(said == page.text), 4)) if confidence is not None else None
    return Scored(score_page(page, Prediction(said)), confidence, right)


def test_figures_are_those_of_the_scorer() -> None:
    """With the calibration error and the rank correlation on top; a failed page counts as empty."""
    pages = [
        scored("a b", 0.9, text="a b", type="article"),
        scored("a x", 0.5, text="a b", type="forum"),
        scored("x y", 0.3, text="a b", type="forum"),
        scored("", None, text="a b", type="forum"),
    ]
    got = figures_of(pages)
    expected = summarize([page.score for page in pages], missing=1, by_type=True)
    assert {name: got[name] for name in expected} == expected
    assert got.keys() - expected.keys() == {"calibration_error", "rank_correlation"}
    assert got["rank_correlation"] == 1.0
    assert got["calibration_error"] == pytest.approx(0.4667, abs=1e-4)


def test_articles_are_told_apart_where_blocks_are_labelled() -> None:
    """News must not suffer from what is learned on forums."""
    blocks = (("a b", Kind.CONTENT), ("c", Kind.SHARE))
    got = figures_of([scored("a b", 0.9, blocks=blocks, type="article"), scored("c", 0.9, blocks=blocks, type="forum")])
    assert got["kept_of_articles"] == {"f1": 1.0, "p": 1.0, "r": 1.0}
    assert got["kept"]["f1"] < 1
    assert "rank_correlation" not in got


def test_figures_for_people() -> None:
    """A line each under the corpus; kinds by their words."""
    blocks = (("a b", Kind.CONTENT), ("c", Kind.SHARE), ("d e f", Kind.LEGAL))
    figures = figures_of([scored("a b", 0.9, blocks=blocks, type="article")])
    labels = [label for label, _ in rows(figures)]
    assert labels[:5] == [
        "kept words",
        "kept words of article pages",
        "kinds",
        "kind legal (3 words)",
        "kind share (1 words)",
    ]
    lines = table({"ours": figures}).splitlines()
    assert lines[0] == "ours: 1 pages, 0 failed"
    assert lines[1].split() == ["kept", "words", "F1", "1.0000", "P", "1.0000", "R", "1.0000"]
    assert len(lines) == 1 + len(labels)
    assert table({}) == ""
