"""Scores of one page: what is right, of what was said, of what is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripper.datatypes import Kind
from stripper.evaluation import GoldPage, Prediction, score_page
from stripper.evaluation.score import Counts


def gold(**labels: object) -> GoldPage:
    """Return a labelled page."""
    return GoldPage("a", Path("a"), **labels)  # type: ignore[arg-type]


def test_a_perfect_page() -> None:
    """What agrees to the last word scores 1 everywhere."""
    text = "One two three four. Five!"
    score = score_page(gold(text=text), Prediction(text))
    assert score.word_f1 == (1.0, 1.0, 1.0)
    assert score.shingles == Counts(2, 2, 2)
    assert (score.snippets, score.kinds) == (None, None)


@pytest.mark.parametrize(
    ("said", "true", "words"),
    [
        ("a b c d", "a b", (0.5, 1.0, 2 / 3)),
        ("A, b!", "a b c d", (1.0, 0.5, 2 / 3)),
        ("a a a", "a", (1 / 3, 1.0, 0.5)),
        ("x", "y", (0.0, 0.0, 0.0)),
        ("", "y", (0.0, 0.0, 0.0)),
        ("x", "", (0.0, 0.0, 0.0)),
        ("", "", (1.0, 1.0, 1.0)),
        ("...", "!", (1.0, 1.0, 1.0)),
    ],
)
def test_words(said: str, true: str, words: tuple[float, float, float]) -> None:
    """Words are counted without regard to case, order and marks; repeated ones count as often as in both."""
    assert score_page(gold(text=true), Prediction(said)).word_f1 == pytest.approx(words)


@pytest.mark.parametrize(
    ("said", "true", "counts"),
    [
        ("a b c d e", "a b c d e", Counts(2, 2, 2)),
        ("a b c d x", "a b c d e", Counts(1, 2, 2)),
        ("a b", "a b", Counts(1, 1, 1)),
        ("A b", "a b", Counts(0, 1, 1)),
        ("", "a", Counts(0, 0, 1)),
    ],
)
def test_shingles(said: str, true: str, counts: Counts) -> None:
    """Runs of four words, with case and order; a shorter text is one run."""
    assert score_page(gold(text=true), Prediction(said)).shingles == counts


def test_snippets() -> None:
    """A snippet is in the text or not, whatever the white space."""
    page = gold(must_keep=("the  ship", "gone"), must_remove=("an ad", "menu"))
    assert score_page(page, Prediction("see the\nship, an ad")).snippets == Counts(1, 2, 2)


def test_kinds() -> None:
    """Each kind's words are compared with that kind's words; content and title are one side."""
    page = gold(
        blocks=(("The title", Kind.TITLE), ("some text", Kind.CONTENT), ("home news", Kind.NAVIGATION)), text="ignored"
    )
    score = score_page(page, Prediction("some text", ((Kind.TITLE, "The title"), (Kind.RELATED, "home"))))
    assert score.kinds == {"kept": Counts(4, 4, 4), "navigation": Counts(0, 0, 2), "related": Counts(0, 1, 0)}
    assert score.words is None


def test_a_page_without_labels_has_no_scores() -> None:
    """Nothing is made up where nothing is known."""
    assert score_page(gold(), Prediction("x"))[2:] == (None, None, None, None)
