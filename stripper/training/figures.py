"""Figures of a cross-validation: those of `stripper eval`, and whether probabilities and page confidence hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.datatypes import Kind
from stripper.evaluation import summarize
from stripper.evaluation.score import KEPT
from stripper.training.labels import words_of
from stripper.training.targets import kept_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stripper.evaluation import GoldPage, PageScore
    from stripper.write import Stripped

    Doubles = NDArray[np.float64]

_BINS = 15  # of the expected calibration error
_ENOUGH = 3  # pages, for a rank correlation
_LABELS = {
    "word": "words",
    "shingle": "shingles",
    "snippet": "snippets",
    "kept": "kept words",
    "kept_of_articles": "kept words of article pages",
}
_HONESTY = {
    "calibration_error": "calibration error, by words",
    "rank_correlation": "rank correlation of confidence and F1",
}


class Sureness(NamedTuple):
    """How sure a page's verdicts were, and how right: one row per block that the gold knows."""

    sure: Doubles  # 0..1
    right: Doubles  # 0..1: share of the block's words that were kept or removed rightly
    words: Doubles


class Scored(NamedTuple):
    """A page, as a model that never saw its host stripped it."""

    score: PageScore
    confidence: float | None  # of the page; None where it failed
    sureness: Sureness | None  # None where the gold does not know every block, or the page failed


def sureness(page: Stripped, gold: GoldPage) -> Sureness | None:
    """Return how sure and how right the verdicts of `page` are; None where `gold` does not know."""
    shares = kept_shares([verdict.block.text for verdict in page.verdicts], gold)
    if shares is None:
        return None
    # A gold text leaves the headline out: nobody can say whether its words were rightly removed.
    counts = [not (gold.without_title and verdict.kind is Kind.TITLE) for verdict in page.verdicts]
    known = np.array(counts, dtype=bool) & ~np.isnan(shares)
    kept = np.array([verdict.kept for verdict in page.verdicts], dtype=bool)
    sure = np.array([verdict.confidence for verdict in page.verdicts], dtype=np.float64)
    words = np.array([len(words_of(verdict.block.text)) for verdict in page.verdicts], dtype=np.float64)
    return Sureness(sure[known], np.where(kept, shares, 1 - shares).astype(np.float64)[known], words[known])


def figures_of(pages: Sequence[Scored]) -> dict[str, Any]:
    """Return the figures of one corpus, JSON-ready; those that its labels don't give are absent."""
    missing = sum(page.confidence is None for page in pages)
    out = summarize([page.score for page in pages], missing=missing, by_type=True)
    articles = [page.score for page in pages if page.score.type == "article" and page.score.kinds is not None]
    if articles:
        out["kept_of_articles"] = summarize(articles)["kept"]
    told = [page.sureness for page in pages if page.sureness is not None]
    if told:
        out["calibration_error"] = round(calibration_error(told), 4)
    pairs = [(page.confidence, _f1(page.score)) for page in pages]
    ranked = np.array([pair for pair in pairs if None not in pair], dtype=np.float64)
    if len(ranked) >= _ENOUGH:
        out["rank_correlation"] = round(rank_correlation(*ranked.T), 4)
    return out


def _f1(score: PageScore) -> float | None:
    """Return the F1 of a page's kept text, None where the labels are snippets."""
    if score.words is not None:
        return score.word_f1[2]
    return None if score.kinds is None else score.kinds[KEPT].f1


def calibration_error(pages: Sequence[Sureness]) -> float:
    """Return the expected calibration error, weighted by words: 0 where blocks of confidence 0.8 are right in 80 %."""
    sure, right, words = (np.concatenate(column) for column in zip(*pages, strict=True))
    if not words.sum():
        return 0.0
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(bins, weights=words * (sure - right), minlength=_BINS)
    return float(np.abs(gaps).sum() / words.sum())


def rank_correlation(x: Doubles, y: Doubles) -> float:
    """Return Spearman's rank correlation, -1..1; 0 where all of x or all of y are the same."""
    ranks_x, ranks_y = _ranks(x), _ranks(y)
    if not ranks_x.std() or not ranks_y.std():
        return 0.0
    return float(np.corrcoef(ranks_x, ranks_y)[0, 1])


def _ranks(values: Doubles) -> Doubles:
    """Return ranks; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_ranks: Doubles = np.cumsum(counts) - (counts - 1) / 2
    return mean_ranks[inverse]


def rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the figures of one corpus for people, as pairs of label and value."""
    out = [(label, _prf(figures[key])) for key, label in _LABELS.items() if key in figures]
    types = figures.get("word_f1_by_type", {})
    out += [(f"words, {kind} ({pages} pages)", f"F1 {f1:.4f}") for kind, (f1, pages) in types.items()]
    if kinds := figures.get("kinds"):
        out.append(("kinds", f"F1 {kinds['micro_f1']:.4f} micro, {kinds['macro_f1']:.4f} macro"))
        each = sorted(kinds["each"].items(), key=lambda item: -item[1]["words"])
        out += [(f"kind {kind} ({row['words']:,} words)", f"F1 {row['f1']:.2f}") for kind, row in each]
    out += [(label, f"{figures[key]:.4f}") for key, label in _HONESTY.items() if key in figures]
    return out


def table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the figures of all corpora for people, one a line under the corpus."""
    lines = []
    for name, its in figures.items():
        lines.append(f"{name}: {its['pages']} pages, {its['missing']} failed")
        lines += [f"  {label:<40} {value}" for label, value in rows(its)]
    return "".join(line + "\n" for line in lines)


def _prf(row: Mapping[str, float]) -> str:
    return f"F1 {row['f1']:.4f}  P {row['p']:.4f}  R {row['r']:.4f}"
