"""The scores of a corpus out of the scores of its pages, as one JSON-ready object."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any

from stripper.evaluation.score import KEPT, Counts, harmonic_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripper.evaluation.score import PageScore


def summarize(
    scores: Sequence[PageScore], *, missing: int = 0, by_type: bool = False, worst: int = 0
) -> dict[str, Any]:
    """Return the figures of a corpus; those that its labels don't give are absent.

    `missing` is the number of pages without a prediction, scored as empty; `worst` the number of pages with
    the lowest word F1 to list.
    """
    figures: dict[str, Any] = {"pages": len(scores), "missing": missing}
    texts = [score for score in scores if score.words is not None]
    if texts:
        figures |= _of_texts(texts)
        if by_type:
            figures["word_f1_by_type"] = _by_type(texts)
        if worst:
            lowest = sorted(texts, key=lambda score: score.word_f1[2])[:worst]
            figures["worst"] = [[round(score.word_f1[2], 3), score.id, score.type] for score in lowest]
    snippets = [score.snippets for score in scores if score.snippets is not None]
    if snippets:
        figures["snippet"] = _prf(sum(snippets, Counts()))
    labelled = [score.kinds for score in scores if score.kinds is not None]
    if labelled:
        counts: defaultdict[str, Counts] = defaultdict(Counts)
        for kinds in labelled:
            for kind, count in kinds.items():
                counts[kind] += count
        figures |= _of_kinds(counts)
    return figures


def _of_texts(texts: list[PageScore]) -> dict[str, Any]:
    precision, recall, f1 = (fmean(column) for column in zip(*(score.word_f1 for score in texts), strict=True))
    shingles = [score.shingles for score in texts if score.shingles is not None]
    # As the benchmark does: a page that said nothing has no precision, one without text no recall.
    p = [count.precision for count in shingles if count.said]
    r = [count.recall for count in shingles if count.gold]
    shingle_p, shingle_r = fmean(p) if p else 0.0, fmean(r) if r else 0.0
    return {
        "word": _rounded(precision, recall, f1),
        "shingle": _rounded(shingle_p, shingle_r, harmonic_mean(shingle_p, shingle_r)),
    }


def _by_type(texts: list[PageScore]) -> dict[str, list[float | int]]:
    types: defaultdict[str, list[float]] = defaultdict(list)
    for score in texts:
        types[score.type or "?"].append(score.word_f1[2])
    return {name: [round(fmean(values), 4), len(values)] for name, values in sorted(types.items())}


def _of_kinds(counts: dict[str, Counts]) -> dict[str, Any]:
    junk = {kind: count for kind, count in counts.items() if kind != KEPT}
    in_gold = [count for count in junk.values() if count.gold]
    return {
        "kept": _prf(counts[KEPT]),
        "kinds": {
            "micro_f1": round(sum(junk.values(), Counts()).f1, 4),
            "macro_f1": round(fmean(count.f1 for count in in_gold), 4) if in_gold else 0.0,
            "each": {
                kind: {
                    "f1": round(count.f1, 3),
                    "p": round(count.precision, 3),
                    "r": round(count.recall, 3),
                    "words": count.gold,
                }
                for kind, count in sorted(junk.items(), key=lambda item: -item[1].gold)
            },
        },
    }


def _prf(counts: Counts) -> dict[str, float]:
    return _rounded(counts.precision, counts.recall, counts.f1)


def _rounded(precision: float, recall: float, f1: float) -> dict[str, float]:
    return {"f1": round(f1, 4), "p": round(precision, 4), "r": round(recall, 4)}
