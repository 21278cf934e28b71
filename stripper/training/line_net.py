"""The network for plain text in torch, layer by layer what `stripper.segment.line_network` runs with numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  torch's own name for it

from stripper.segment.decision import KINDS
from stripper.segment.line_network import POOL_AFTER
from stripper.segment.tokens import BUCKETS, HEAD_WORDS
from stripper.training.export import folded_norm
from stripper.training.net import Convolution
from stripper.training.settings import DILATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from stripper.training.line_batches import LineBatch
    from stripper.training.settings import LineSettings

_SPREAD = 0.1  # standard deviation of a token's vector before training


class LinesSaid(NamedTuple):
    """What the network says of a batch, as log-odds."""

    keep: Tensor  # (rows,)
    kinds: Tensor  # (rows, kinds)
    clean: Tensor  # (texts,)


class LineNet(nn.Module):
    """The net; many texts are one long sequence, with gaps of zeros that no convolution reaches across."""

    def __init__(self, columns: int, page_columns: int, settings: LineSettings) -> None:
        """Make a net with random weights for `columns` dense columns of lines and `page_columns` of texts."""
        super().__init__()
        c, page, words = settings.width, settings.page, settings.words
        self.words = nn.Embedding(BUCKETS + 1, words, padding_idx=BUCKETS)
        nn.init.normal_(self.words.weight, 0, _SPREAD)
        with torch.no_grad():
            self.words.weight[BUCKETS] = 0
        self.input = nn.Linear(columns + 2 * words, c)
        self.page = nn.Linear(page_columns, page)
        self.to_blocks = nn.Linear(page, c)
        self.input_norm = nn.BatchNorm1d(c)
        self.convolutions = nn.ModuleList([Convolution(c, dilation) for dilation in DILATIONS])
        self.whole = nn.Linear(2 * c + page, c)
        self.clean_head = nn.Linear(2 * c + page, 1)
        self.keep_head = nn.Linear(c, 1)
        self.kind_head = nn.Linear(2 * c + 2 * words, len(KINDS))
        self.drop = nn.Dropout(settings.dropout)

    def forward(self, batch: LineBatch) -> LinesSaid:
        """Return what the net says of every block (gaps included) and text."""
        words = self._words(batch.ends)
        page = F.relu(self.page(batch.page))
        x = self.input(torch.cat([batch.dense, self.drop(words)], 1)) + self.to_blocks(page)[batch.owner]
        x = first = self.drop(F.relu(self.input_norm(x)) * batch.mask)
        clean = page[:, 0]
        for i, convolution in enumerate(self.convolutions):
            x = self.drop(x + convolution(x)) * batch.mask
            if i == POOL_AFTER:
                summary = torch.cat([_pooled(x, batch.spans), page], 1)
                clean = self.clean_head(summary)[:, 0]
                x = self.drop(x + F.relu(self.whole(summary))[batch.owner]) * batch.mask
        return LinesSaid(self.keep_head(x)[:, 0], self.kind_head(torch.cat([x, first, words], 1)), clean)

    def _words(self, ends: Tensor) -> Tensor:
        vectors, some = self.words(ends), (ends != BUCKETS).float()
        parts = [
            vectors[:, part].sum(1) / some[:, part].sum(1, keepdim=True).clamp(min=1)
            for part in (slice(HEAD_WORDS), slice(HEAD_WORDS, None))
        ]
        return torch.cat(parts, 1)


def _pooled(x: Tensor, spans: Tensor) -> Tensor:
    """Return mean and greatest value of each text, side by side."""
    running = torch.cat([x.new_zeros(1, x.shape[1]), x.cumsum(0)])
    size = (spans[:, 1] - spans[:, 0])[:, None]
    greatest = torch.stack([x[first:end].amax(0) for first, end in spans.tolist()])
    return torch.cat([(running[spans[:, 1]] - running[spans[:, 0]]) / size, greatest], 1)


def line_weights(
    state: Mapping[str, Tensor], mean: NDArray[np.float32], deviation: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """Return the arrays that the numpy network reads: norms and the inputs' deviation folded into the layers."""
    scale, shift = folded_norm(state, "input_norm")
    inputs = state["input.weight"].t() * scale
    columns = len(mean)
    inputs = torch.cat([inputs[:columns] / torch.from_numpy(deviation)[:, None], inputs[columns:]])
    out = {
        "mean": torch.from_numpy(mean),
        "words": state["words.weight"],
        "input.w": inputs,
        "input.b": (state["input.bias"] + state["to_blocks.bias"]) * scale + shift,
        "to_blocks.w": state["to_blocks.weight"].t() * scale,
        "page.w": state["page.weight"].t(),
        "page.b": state["page.bias"],
        "whole.w": state["whole.weight"].t(),
        "whole.b": state["whole.bias"],
    }
    for head in ("keep", "kind", "clean"):
        out |= {f"{head}.w": state[f"{head}_head.weight"].t(), f"{head}.b": state[f"{head}_head.bias"]}
    for i in range(len(DILATIONS)):
        scale, shift = folded_norm(state, f"convolutions.{i}.norm")
        out[f"conv{i}.w"] = state[f"convolutions.{i}.linear.weight"].t() * scale
        out[f"conv{i}.b"] = state[f"convolutions.{i}.linear.bias"] * scale + shift
    return {name: value.numpy() for name, value in out.items()}
