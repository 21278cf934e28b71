"""Texts to batches: end to end in one sequence, with a gap after each, as tensors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import torch

from stripper.segment.tokens import BUCKETS
from stripper.training.batches import GAP, Scale, padded, some_at_a_time
from stripper.training.targets import UNKNOWN

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

    from torch import Tensor

    from stripper.training.line_dataset import LineExample

_BATCH_BLOCKS = 4000
_LONG = 400  # blocks; a longer text is taken in some epochs only, so that it does not rule them


@dataclass(frozen=True, slots=True)
class LineBatch:
    """Some texts, `rows` blocks and gaps in all."""

    dense: Tensor  # (rows, columns), scaled; 0 in gaps
    ends: Tensor  # (rows, words)
    page: Tensor  # (texts, columns)
    owner: Tensor  # (rows,) text
    mask: Tensor  # (rows, 1) 1, 0 in gaps
    spans: Tensor  # (texts, 2) first and end row
    keep: Tensor  # (rows,) 0..1
    keep_weight: Tensor  # (rows,)
    kind: Tensor  # (rows,) or UNKNOWN
    kind_weight: Tensor  # (rows,)
    clean: Tensor  # (texts,)


def line_scale(examples: Sequence[LineExample]) -> Scale:
    """Return mean and deviation of the dense columns, of every tenth text."""
    dense = np.concatenate([example.lines.dense for example in examples[::10]])
    return Scale(dense.mean(0), np.maximum(dense.std(0), np.float32(0.05)))


def deal_texts(
    examples: Sequence[LineExample], shares: Mapping[str, float], chance: random.Random
) -> Iterator[list[LineExample]]:
    """Yield the texts of one epoch in a new order, some at a time: of each source the share in `shares`, or all."""
    taken = [
        example
        for example in examples
        if chance.random() < shares.get(example.source, 1.0) and chance.random() * len(example.keep) < _LONG
    ]
    chance.shuffle(taken)
    yield from some_at_a_time(taken, lambda example: len(example.keep), _BATCH_BLOCKS)


def collate_texts(examples: Sequence[LineExample], scale: Scale) -> LineBatch:
    """Return the batch of at least one text."""
    sizes = [len(example.keep) for example in examples]
    starts = [0, *accumulate(size + GAP for size in sizes)]
    return LineBatch(
        dense=padded([(example.lines.dense - scale.mean) / scale.deviation for example in examples], 0),
        ends=padded([example.lines.ends.astype(np.int64) for example in examples], BUCKETS),
        page=torch.from_numpy(np.stack([example.lines.page for example in examples])),
        owner=torch.from_numpy(np.repeat(np.arange(len(examples)), [size + GAP for size in sizes])),
        mask=padded([np.ones((size, 1), np.float32) for size in sizes], 0),
        spans=torch.tensor([(start, start + size) for start, size in zip(starts, sizes, strict=False)]),
        keep=padded([example.keep for example in examples], 0),
        keep_weight=padded([example.keep_weight for example in examples], 0),
        kind=padded([example.kind for example in examples], UNKNOWN),
        kind_weight=padded([example.kind_weight for example in examples], 0),
        clean=torch.tensor([example.clean for example in examples]),
    )


def without_some_words(batch: LineBatch, share: float) -> LineBatch:
    """Return the batch with a random share of its words dropped: a few texts' words would else be learned by heart."""
    ends = batch.ends.clone()
    ends[torch.rand(ends.shape) < share] = BUCKETS
    return replace(batch, ends=ends)
