"""Examples to batches: pages end to end in one sequence, with a gap after each, as tensors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import torch

from stripper.training.targets import UNKNOWN

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from stripper.segment.features import Bag
    from stripper.training.dataset import Example

_Any = TypeVar("_Any")

GAP = 32  # rows of zeros after a page: more than the widest convolution reaches
_BATCH_BLOCKS = 3000
_LONG = 900  # blocks; a longer page is taken in some epochs only, so that it does not rule them
_DROPPED = 0  # the token that stands for a dropped one


class Bags(NamedTuple):
    """Token ids of many rows: those of row r are `ids[offsets[r]:offsets[r + 1]]`."""

    ids: Tensor
    offsets: Tensor


class Scale(NamedTuple):
    """How dense columns are brought to a common size: (x - mean) / deviation."""

    mean: NDArray[np.float32]  # (columns,)
    deviation: NDArray[np.float32]  # (columns,), not below 0.05


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages, `rows` blocks and gaps in all; an index that points nowhere points behind the last row."""

    dense: Tensor  # (rows, columns), scaled; 0 in gaps
    words: Bags  # rows
    hrefs: Bags  # rows
    markup: Bags  # containers
    page_tokens: Bags  # pages
    chain: Tensor  # (rows, levels) containers
    heading: Tensor  # (rows,) row of the last heading
    ranges: Tensor  # (containers, 2) first and end row
    page: Tensor  # (pages, columns)
    owner: Tensor  # (rows,) page
    mask: Tensor  # (rows, 1) 1, 0 in gaps
    spans: Tensor  # (pages, 2) first and end row
    type: Tensor  # (pages,) or UNKNOWN
    keep: Tensor  # (rows,) 0..1 or UNKNOWN
    keep_weight: Tensor  # (rows,)
    kind: Tensor  # (rows,) or UNKNOWN
    kind_weight: Tensor  # (rows,)


def scale_of(examples: Sequence[Example]) -> Scale:
    """Return mean and deviation of the dense columns, of every fourth page."""
    dense = np.concatenate([example.features.dense for example in examples[::4]])
    return Scale(dense.mean(0), np.maximum(dense.std(0), np.float32(0.05)))


def deal(examples: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Yield the pages of one epoch in a new order, some at a time."""
    taken = [example for example in examples if chance.random() * len(example.targets.keep) < _LONG]
    chance.shuffle(taken)
    yield from some_at_a_time(taken, lambda example: len(example.targets.keep), _BATCH_BLOCKS)


def some_at_a_time(examples: Iterable[_Any], size_of: Callable[[_Any], int], most: int) -> Iterator[list[_Any]]:
    """Yield `examples` in order, as many together as have at most `most` rows, gaps included; at least one."""
    batch: list[_Any] = []
    rows = 0
    for example in examples:
        size = size_of(example)
        if batch and rows + size > most:
            yield batch
            batch, rows = [], 0
        batch.append(example)
        rows += size + GAP
    if batch:
        yield batch


def collate(examples: Sequence[Example], scale: Scale) -> Batch:
    """Return the batch of at least one page."""
    pages = [example.features for example in examples]
    lessons = [example.targets for example in examples]
    sizes = [len(page.dense) for page in pages]
    starts = [0, *accumulate(size + GAP for size in sizes)]
    boxes = [0, *accumulate(len(page.ranges) for page in pages)]
    rows = starts[-1]
    chain = [_shifted(page.chain, box, boxes[-1]) for page, box in zip(pages, boxes, strict=False)]
    heading = [_shifted(page.heading, start, rows) for page, start in zip(pages, starts, strict=False)]
    ranges = [page.ranges + start for page, start in zip(pages, starts, strict=False)]
    dense = [(page.dense - scale.mean) / scale.deviation for page in pages]
    tokens = [page.page_tokens for page in pages]
    return Batch(
        dense=padded(dense, 0),
        words=_bags([page.words for page in pages], GAP),
        hrefs=_bags([page.hrefs for page in pages], GAP),
        markup=_bags([page.markup for page in pages], 0),
        page_tokens=Bags(_tensor(tokens), torch.tensor([0, *accumulate(map(len, tokens))])),
        chain=padded(chain, boxes[-1]),
        heading=padded(heading, rows),
        ranges=_tensor(ranges),
        page=torch.from_numpy(np.stack([page.page for page in pages])),
        owner=torch.from_numpy(np.repeat(np.arange(len(pages)), [size + GAP for size in sizes])),
        mask=padded([np.ones((size, 1), np.float32) for size in sizes], 0),
        spans=torch.tensor([(start, start + size) for start, size in zip(starts, sizes, strict=False)]),
        type=torch.tensor([lesson.type for lesson in lessons]),
        keep=padded([lesson.keep for lesson in lessons], UNKNOWN),
        keep_weight=padded([lesson.keep_weight for lesson in lessons], 0),
        kind=padded([lesson.kind for lesson in lessons], UNKNOWN),
        kind_weight=padded([lesson.kind_weight for lesson in lessons], 0),
    )


def without_some_tokens(batch: Batch, share: float) -> Batch:
    """Return the batch with a random share of its tokens dropped, of the page's own tokens twice as many.

    What one host calls its classes and pages would else be learned by heart.
    """
    return replace(
        batch,
        words=_dropped(batch.words, share),
        hrefs=_dropped(batch.hrefs, share),
        markup=_dropped(batch.markup, share),
        page_tokens=_dropped(batch.page_tokens, min(2 * share, 0.8)),
    )


def _dropped(bags: Bags, share: float) -> Bags:
    ids = bags.ids.clone()
    ids[torch.rand(len(ids)) < share] = _DROPPED
    return Bags(ids, bags.offsets)


def _shifted(index: NDArray[np.int64], by: int, nowhere: int) -> NDArray[np.int64]:
    return np.where(index >= 0, index + by, nowhere)


def padded(pages: Sequence[NDArray[np.generic]], value: float) -> Tensor:
    """Join rows, with GAP rows of `value` after each page."""
    gap = np.full((GAP, *pages[0].shape[1:]), value, pages[0].dtype)
    return _tensor([part for page in pages for part in (page, gap)])


def _bags(pages: Sequence[Bag], gap: int) -> Bags:
    """Join bags, with `gap` empty ones after each page."""
    sizes = [part for page in pages for part in (np.diff(page.offsets), np.zeros(gap, np.int64))]
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(sizes))))
    return Bags(_tensor([page.ids for page in pages]), torch.from_numpy(offsets))


def _tensor(parts: Sequence[NDArray[np.generic]]) -> Tensor:
    return torch.from_numpy(np.concatenate(parts))
