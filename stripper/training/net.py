"""The network in torch, layer by layer what `stripper.segment.network` runs with numpy.

Many pages are one long sequence, with gaps of zeros between them that no convolution reaches across.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  torch's own name for it

from stripper.segment.decision import KINDS
from stripper.segment.network import NEAR_LEVELS, POOL_AFTER
from stripper.segment.tokens import BUCKETS
from stripper.training.settings import DILATIONS
from stripper.training.targets import TYPES

if TYPE_CHECKING:
    from torch import Tensor

    from stripper.training.batches import Bags, Batch
    from stripper.training.settings import Settings

POOLED_LEVELS = 3  # containers around a block whose mean and first block it sees
_SPREAD = 0.1  # standard deviation of a token's vector before training


class Said(NamedTuple):
    """What the network says of a batch, as log-odds."""

    keep: Tensor  # (blocks,)
    kinds: Tensor  # (blocks, kinds)
    types: Tensor  # (pages, types)


class Net(nn.Module):
    """One of the model's two nets; both have all heads, so that the second can begin where the first ends."""

    def __init__(self, columns: int, page_columns: int, settings: Settings) -> None:
        """Make a net with random weights for `columns` dense columns of blocks and `page_columns` of pages."""
        super().__init__()
        widths = settings.widths
        c, page = widths.blocks, widths.page
        self.words = nn.EmbeddingBag(BUCKETS, widths.words, mode="mean", include_last_offset=True)
        self.hrefs = nn.EmbeddingBag(BUCKETS, widths.hrefs, mode="mean", include_last_offset=True)
        self.markup = nn.EmbeddingBag(BUCKETS, widths.markup, mode="sum", include_last_offset=True)
        self.page_tokens = nn.EmbeddingBag(BUCKETS, widths.hrefs, mode="mean", include_last_offset=True)
        for table in (self.words, self.hrefs, self.markup, self.page_tokens):
            nn.init.normal_(table.weight, 0, _SPREAD)
        self.input = nn.Linear(columns + 2 * widths.words + widths.hrefs + (NEAR_LEVELS + 1) * widths.markup, c)
        self.page = nn.Linear(page_columns + widths.hrefs, page)
        self.to_blocks = nn.Linear(page, c)
        self.input_norm = nn.BatchNorm1d(c)
        self.convolutions = nn.ModuleList([Convolution(c, dilation) for dilation in DILATIONS])
        self.pool = nn.Linear(2 * POOLED_LEVELS * c, c)
        self.whole = nn.Linear(2 * c + page, c)
        self.type_head = nn.Linear(2 * c + page, len(TYPES))
        self.kind_head = nn.Linear(2 * c + 2 * widths.words, len(KINDS))
        self.keep_head = nn.Linear(c, 1)
        self.drop = nn.Dropout(settings.dropout)

    def forward(self, batch: Batch) -> Said:
        """Return what the net says of every block (gaps included) and page."""
        words = _looked_up(self.words, batch.words)
        above = _with_zero_row(words)[batch.heading]
        of_page = _looked_up(self.page_tokens, batch.page_tokens)
        page = F.relu(self.page(torch.cat([batch.page, of_page], 1)))
        x = self.input(self._inputs(batch, words, above)) + self.to_blocks(page)[batch.owner]
        x = first = self.drop(F.relu(self.input_norm(x)) * batch.mask)
        types = page
        for i, convolution in enumerate(self.convolutions):
            x = self.drop(x + convolution(x)) * batch.mask
            if i == POOL_AFTER:
                summary, around = _pooled(x, batch)
                summary = torch.cat([summary, page], 1)
                types = self.type_head(summary)
                x = self.drop(x + F.relu(self.pool(around) + self.whole(summary)[batch.owner])) * batch.mask
        return Said(self.keep_head(x)[:, 0], self.kind_head(torch.cat([x, first, words, above], 1)), types)

    def _inputs(self, batch: Batch, words: Tensor, above: Tensor) -> Tensor:
        hrefs = _looked_up(self.hrefs, batch.hrefs)
        markup = _with_zero_row(_looked_up(self.markup, batch.markup))
        near = markup[batch.chain[:, :NEAR_LEVELS]].reshape(len(words), -1)
        far = markup[batch.chain[:, NEAR_LEVELS:]].mean(1)
        return torch.cat([batch.dense, *map(self.drop, (words, above, hrefs, near, far))], 1)


class Convolution(nn.Module):
    """A convolution of width 3 over the first axis: three rows side by side times one matrix, as numpy does it."""

    def __init__(self, width: int, dilation: int) -> None:
        """Make a convolution of rows of `width` numbers, `dilation` rows apart."""
        super().__init__()
        self.linear = nn.Linear(3 * width, width)
        self.norm = nn.BatchNorm1d(width)
        self._dilation = dilation

    def forward(self, x: Tensor) -> Tensor:
        """Return (rows, width), not below 0."""
        none = x.new_zeros(self._dilation, x.shape[1])
        before, after = torch.cat([none, x[: -self._dilation]]), torch.cat([x[self._dilation :], none])
        return F.relu(self.norm(self.linear(torch.cat([before, x, after], 1))))


def _looked_up(table: nn.EmbeddingBag, bags: Bags) -> Tensor:
    found: Tensor = table(bags.ids, bags.offsets)
    return found


def _with_zero_row(table: Tensor) -> Tensor:
    """Append zeros: what a block without heading or container sees."""
    return torch.cat([table, table.new_zeros(1, table.shape[1])])


def _pooled(x: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return mean and greatest value of each page, side by side, and each block's containers: mean, first block."""
    running = torch.cat([x.new_zeros(1, x.shape[1]), x.cumsum(0)])
    of_boxes = _with_zero_row(torch.cat([_means(running, batch.ranges), x[batch.ranges[:, 0]]], 1))
    around = torch.cat([of_boxes[batch.chain[:, level]] for level in range(1, 1 + POOLED_LEVELS)], 1)
    greatest = torch.stack([x[first:end].amax(0) for first, end in batch.spans.tolist()])
    return torch.cat([_means(running, batch.spans), greatest], 1), around


def _means(running: Tensor, ranges: Tensor) -> Tensor:
    size = (ranges[:, 1] - ranges[:, 0]).clamp(min=1)[:, None]
    return (running[ranges[:, 1]] - running[ranges[:, 0]]) / size
