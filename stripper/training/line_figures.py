"""Figures of the model for plain text: labelled texts, clean texts, and other tools' texts before and after."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.errors import InputError
from stripper.evaluation import Prediction, read_input, score_page, summarize
from stripper.evaluation.score import KEPT
from stripper.options import Options
from stripper.parse import decode
from stripper.pipeline import strip_text
from stripper.training.labels import words_of
from stripper.training.scrapes import scrape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stripper.datatypes import Kind
    from stripper.evaluation import GoldPage, PageScore
    from stripper.training.corpora import Sample
    from stripper.write import Stripped

REPAIRED = ("html-text", "inscriptis", "resiliparse", "readability-lxml")  # tools whose texts are measured
_CLEAN = frozenset({"article", "documentation"})  # types of pages whose gold texts are clean texts as people have them


class Tried(NamedTuple):
    """What a model that never saw its host made of one page's texts."""

    corpus: str
    style: str | None  # of a labelled text
    score: PageScore | None  # of a labelled text
    clean: tuple[int, int] | None  # words of the gold text, and words that went
    repaired: Mapping[str, tuple[float, float]]  # tool -> word F1 of its text before and after


def try_sample(sample: Sample, model: str) -> list[Tried]:
    """Strip a labelled text, or a page's gold text and what tools make of the page, with the model at `model`."""
    options = Options(model=model)
    try:
        return [_tried(corpus, gold, options) for corpus, gold in sample.golds]
    except InputError:
        return []


def _tried(corpus: str, gold: GoldPage, options: Options) -> Tried:
    raw = read_input(gold, options)
    if gold.path.suffix == ".txt":
        page = strip_text(raw.data, options=options)
        return Tried(corpus, gold.style, score_page(gold, _prediction(page)), None, {})
    if not gold.without_title or not (gold.text or "").strip() or gold.type not in _CLEAN:
        return Tried(corpus, None, None, None, {})
    clean = strip_text(gold.text or "", options=options)
    gone = sum(len(words_of(verdict.block.text)) for verdict in clean.removed)
    repaired = {}
    if gold.type == "article":
        html = decode(raw, options.max_bytes).text
        for tool in REPAIRED:
            text = scrape(tool, html)
            if text.strip():
                after = strip_text(text, options=options).text
                repaired[tool] = (_f1(gold, text), _f1(gold, after))
    return Tried(corpus, None, None, (len(words_of(gold.text or "")), gone), repaired)


def _prediction(page: Stripped) -> Prediction:
    removed: tuple[tuple[Kind, str], ...] = tuple((verdict.kind, verdict.block.text) for verdict in page.removed)
    return Prediction(page.text, removed)


def _f1(gold: GoldPage, text: str) -> float:
    return score_page(gold, Prediction(text)).word_f1[2]


def line_figures(tried: Sequence[Tried]) -> dict[str, dict[str, Any]]:
    """Return the figures by corpus, JSON-ready; those that its labels don't give are absent."""
    by_corpus: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        by_corpus[one.corpus].append(one)
    figures = {corpus: _of_corpus(its) for corpus, its in by_corpus.items()}
    return {corpus: its for corpus, its in figures.items() if len(its) > 1}


def _of_corpus(tried: Sequence[Tried]) -> dict[str, Any]:
    out: dict[str, Any] = {"pages": len(tried)}
    scores = [one.score for one in tried if one.score is not None]
    if scores:
        out |= summarize(scores)
        out["word_f1_by_style"] = _by_style(tried)
    clean = [one.clean for one in tried if one.clean is not None]
    if clean:
        words, gone = (sum(column) for column in zip(*clean, strict=True))
        out["clean"] = {
            "texts": len(clean),
            "unchanged": round(fmean(not gone for _, gone in clean), 4),
            "words_removed": round(gone / max(words, 1), 5),
        }
    tools = {tool: [one.repaired[tool] for one in tried if tool in one.repaired] for tool in REPAIRED}
    repaired = {tool: [round(fmean(column), 4) for column in zip(*pairs, strict=True)] for tool, pairs in tools.items()}
    if any(repaired.values()):
        out["repaired"] = repaired
    return out


def _by_style(tried: Iterable[Tried]) -> dict[str, list[float | int]]:
    styles: dict[str, list[float]] = defaultdict(list)
    for one in tried:
        if one.score is not None and one.score.kinds is not None:
            styles[one.style or "?"].append(one.score.kinds[KEPT].f1)
    return {style: [round(fmean(values), 4), len(values)] for style, values in sorted(styles.items())}


def line_rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what `figures.rows` does not tell of one corpus, for people, as pairs of label and value."""
    out = [
        (f"words kept, {style} ({texts} texts)", f"F1 {f1:.4f}")
        for style, (f1, texts) in figures.get("word_f1_by_style", {}).items()
    ]
    if clean := figures.get("clean"):
        out.append((f"clean texts unchanged ({clean['texts']})", f"{100 * clean['unchanged']:.1f} %"))
        out.append(("words of clean texts removed", f"{100 * clean['words_removed']:.3f} %"))
    for tool, pair in figures.get("repaired", {}).items():
        if pair:
            out.append((f"articles by {tool}, before and after", f"F1 {pair[0]:.4f}, {pair[1]:.4f}"))
    return out
