"""Scores on labelled pages.

``corpus`` and ``inputs`` (gold pages and what they are labels of) -> ``score`` (one page) -> ``report`` (all pages).
"""

from stripper.evaluation.corpus import Corpus, GoldPage, label_files, open_corpus
from stripper.evaluation.inputs import read_input
from stripper.evaluation.report import summarize
from stripper.evaluation.score import PageScore, Prediction, score_page

__all__ = [
    "Corpus",
    "GoldPage",
    "PageScore",
    "Prediction",
    "label_files",
    "open_corpus",
    "read_input",
    "score_page",
    "summarize",
]
