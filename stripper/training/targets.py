"""What a page's labels teach: for each block, whether it is kept, its kind, and how much that weighs.

Labels differ in trust. A gold text says of every block whether it stays; labelled blocks say that and the
kind; snippets speak of the few blocks they stand in. A page weighs the same whatever its length, and a block
by the root of its words: by words alone, the few long paragraphs would be all that is learned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.datatypes import KEPT_KINDS, Kind, Role
from stripper.segment.decision import KINDS
from stripper.training.labels import align, align_kinds, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stripper.datatypes import Page
    from stripper.evaluation import GoldPage
    from stripper.training.corpora import Sample

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

TYPES = ("article", "documentation", "service", "forum", "product", "listing", "collection", "other")
UNKNOWN = -1  # a label that is not there
CONTENT, TITLE = KINDS.index(Kind.CONTENT), KINDS.index(Kind.TITLE)
KEPT = np.array([kind in KEPT_KINDS for kind in KINDS])

_AGREES = 0.3  # share of the gold's words that stand in the page's blocks; below it, page and gold are strangers
_MOSTLY = 0.5  # share of a page's blocks with a label, from which it counts as labelled
_SNIPPETS_WEIGH = 0.6  # a page that snippets speak of, beside 1 for one whose blocks are all known
_NAMED_FROM = 20.0  # sum of a page's kind weights from which its kinds are known
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Targets:
    """What a page of n blocks teaches."""

    type: int  # index in TYPES, or UNKNOWN
    keep: Floats  # (n,) share of the block's words that stay, 0..1, or UNKNOWN
    keep_weight: Floats  # (n,) their sum is at most 1
    kind: Ints  # (n,) index in KINDS, or UNKNOWN
    kind_weight: Floats  # (n,) 0 where the kind is unknown
    words: Ints  # (n,) the scorer's words
    body: Floats | None  # (n,) share of the block's words in the clean text without title; None = not known
    from_text: bool  # body comes from a gold text, which the page agrees with

    @property
    def is_named(self) -> bool:
        """Whether the kinds of the page's blocks are known, and not its title's alone."""
        return float(self.kind_weight.sum()) > _NAMED_FROM


def targets(page: Page, sample: Sample) -> Targets:
    """Return what the labels of `sample` teach about `page`, which has at least one block."""
    texts = [block.text for block in page.blocks]
    words = np.array([len(words_of(text)) for text in texts], dtype=np.int64)
    roots = np.sqrt(np.maximum(words.astype(np.float32), 0.5))
    kind = _kinds(texts, sample.with_blocks)
    if sample.with_blocks is None and (title := _title(page, sample.title)) is not None:
        kind[title] = TITLE
    gold = sample.with_text
    kept = _kept_by_blocks(texts, kind, sample) if gold is None else _kept_by_text(texts, kind, words, gold)
    total = roots[kept.keep >= 0].sum() + np.float32(1e-6)
    return Targets(
        type=TYPES.index(sample.type) if sample.type in TYPES else UNKNOWN,
        keep=kept.keep,
        keep_weight=(roots * (kept.keep >= 0) / total * kept.weight).astype(np.float32),
        kind=kind,
        kind_weight=(roots * (kind >= 0)).astype(np.float32),
        words=words,
        body=kept.body,
        from_text=gold is not None and kept.weight > 0,
    )


class _Kept(NamedTuple):
    keep: Floats
    body: Floats | None
    weight: float  # of the page


def _kept_by_text(texts: Sequence[str], kind: Ints, words: Ints, gold: GoldPage) -> _Kept:
    body = _shares(texts, gold)
    gold_words = len(words_of(gold.text or ""))
    # Some pages changed since they were labelled, or show their text to browsers only.
    agrees = gold_words > 0 and float(body @ words) >= _AGREES * gold_words
    keep = np.where(kind == TITLE, np.float32(UNKNOWN), body)  # the gold text leaves it out, wherever it stands
    # A page without any text to keep is no lesson: mostly it is one whose labeller saw nothing.
    return _Kept(keep, body if agrees or not gold_words else None, 1.0 if agrees else 0.0)


def _kept_by_blocks(texts: Sequence[str], kind: Ints, sample: Sample) -> _Kept:
    labelled = kind != UNKNOWN
    mostly = bool(labelled.mean() > _MOSTLY)
    keep = np.where(labelled, KEPT[kind].astype(np.float32), _snippets(texts, sample))
    body = (kind == CONTENT).astype(np.float32)
    return _Kept(keep, body if mostly else None, 1.0 if mostly else _SNIPPETS_WEIGH)


def kept_shares(texts: Sequence[str], gold: GoldPage) -> Floats | None:
    """Return the share of each block's words that `gold` keeps, 0..1; None where it does not know every block.

    Blocks that it does not name, of a page that it labels by block, are NaN.
    """
    if gold.without_title:
        return _shares(texts, gold)
    if gold.blocks is None:
        return None
    kind = _kinds(texts, gold)
    return np.where(kind == UNKNOWN, np.float32(np.nan), KEPT[kind].astype(np.float32))


def _shares(texts: Sequence[str], gold: GoldPage) -> Floats:
    return np.array([match.share for match in align(texts, words_of(gold.text or ""))], dtype=np.float32)


def _kinds(texts: Sequence[str], gold: GoldPage | None) -> Ints:
    out = np.full(len(texts), UNKNOWN, dtype=np.int64)
    if gold is not None:
        for i, match in enumerate(align_kinds(texts, gold.blocks or ())):
            if match.kind is not None:
                out[i] = KINDS.index(Kind(match.kind))
    return out


def _snippets(texts: Sequence[str], sample: Sample) -> Floats:
    """Return 1 for blocks with a snippet that must stay, 0 for others with one that must go."""
    keep = {_squashed(text) for _, gold in sample.golds for text in gold.must_keep} - {""}
    remove = {_squashed(text) for _, gold in sample.golds for text in gold.must_remove} - {""}
    out = np.full(len(texts), UNKNOWN, dtype=np.float32)
    for i, text in enumerate(map(_squashed, texts)):
        if any(snippet in text for snippet in keep):
            out[i] = 1
        elif any(snippet in text for snippet in remove):
            out[i] = 0
    return out


def _title(page: Page, title: str | None) -> int | None:
    """Return the first heading that is the given headline."""
    wanted = _squashed(title or "").lower()
    headings = (block for block in page.blocks if block.role is Role.HEADING)
    same = (block.index for block in headings if _squashed(block.text).lower() == wanted)
    return next(same, None) if wanted else None


def _squashed(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
