"""Kinds for pages whose kinds nobody labelled: what the trained net says of them, where gold and odds allow.

A few hundred pages have labelled kinds, some thousand a gold text. That text names all junk without its kind;
a net that has learned kinds is right about most of it, and the more so as what stays is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stripper.training.targets import CONTENT, KEPT, TITLE, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.training.dataset import Example

    Floats = NDArray[np.float32]

_STAYS, _GOES = 0.7, 0.3  # share of a block's words in the gold text, from and below which it is content, junk
_CONTENT_WEIGHS = 0.25  # beside a labelled block; content is what the other net is for
_JUNK_WEIGHS = 0.35  # times the odds
_LEAST_JUNK = 0.55  # odds of the likeliest junk, where the gold text says that it is junk
_MAY_BE_TITLE = 0.4  # odds from which junk may be the title, which gold texts leave out
_SURE = 0.8  # odds of the likeliest kind, where no gold says anything
_SURE_WEIGHS = 0.3


def with_said_kinds(example: Example, kinds: Floats) -> Example:
    """Return the example with kinds (n, kinds), rows summing to 1, as its labels where they can be trusted."""
    targets = example.targets
    if targets.from_text and targets.body is not None:
        kind, weight = _beside_text(targets.kind, targets.body, kinds)
    else:
        kind = np.where(kinds.max(axis=1) > _SURE, kinds.argmax(axis=1), UNKNOWN)
        weight = np.full(len(kind), _SURE_WEIGHS)
    roots = np.sqrt(np.maximum(targets.words, 0.5))
    kind_weight = np.where(kind != UNKNOWN, roots * weight, 0).astype(np.float32)
    return replace(example, targets=replace(targets, kind=kind, kind_weight=kind_weight))


def _beside_text(
    known: NDArray[np.int64], body: Floats, kinds: Floats
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    junk = np.where(KEPT, 0, kinds)
    junk /= junk.sum(axis=1, keepdims=True) + 1e-9
    likeliest, odds = junk.argmax(axis=1), junk.max(axis=1)
    is_title, stays = known == TITLE, body >= _STAYS
    goes = (body < _GOES) & (odds > _LEAST_JUNK) & (kinds[:, TITLE] < _MAY_BE_TITLE)
    kind = np.select([is_title, stays, goes], [TITLE, CONTENT, likeliest], UNKNOWN)
    return kind, np.select([is_title, stays], [1.0, _CONTENT_WEIGHS], _JUNK_WEIGHS * odds)
