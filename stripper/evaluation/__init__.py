"""Scores on labelled pages. Reads corpora and counts; needs nothing but the standard library.

``corpus`` (gold pages and their inputs) -> ``score`` (one page) -> ``report`` (all pages).
"""

from stripper.evaluation.corpus import Corpus, GoldPage, open_corpus
from stripper.evaluation.report import summarize
from stripper.evaluation.score import PageScore, Prediction, score_page

__all__ = ["Corpus", "GoldPage", "PageScore", "Prediction", "open_corpus", "score_page", "summarize"]
