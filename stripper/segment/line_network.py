"""The trained network for plain text, run with numpy: one small net over the lines of a text.

Order of the layers (widths are the model's own)::

    inputs   dense columns, mean of the first words' vectors, mean of the last words' vectors
    linear + relu, plus a vector of the page
    5 residual convolutions over the sequence of blocks, width 3, dilation 1 2 4 8 16;
             after the fourth, each block also sees mean and maximum of the whole text
    heads    keep (sigmoid), kind (softmax), clean (sigmoid, of the whole text: nothing is to be removed)

Time is linear in the blocks. Training (stripper/training/line_net.py) builds the same layers in torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.datatypes import KEPT_KINDS, Kind, Mode
from stripper.errors import UnreadableInput
from stripper.segment.model_file import parse, read
from stripper.segment.tokens import BUCKETS, HEAD_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stripper.segment.lines import Lines
    from stripper.segment.model_file import ModelFile

    Floats = NDArray[np.floating]

POOL_AFTER = 3  # index of the convolution behind which blocks see the whole text
NAMER_SHARE = 0.45  # of the say on what stays: which kind a line is tells whether it goes
_KEPT = [i for i, kind in enumerate(Kind) if kind in KEPT_KINDS]
_ARRAYS = frozenset({"mean", "words", "input.w", "page.w", "whole.w", "keep.w", "kind.w", "clean.w"})


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights and what was stored with them."""

    weights: Mapping[str, Floats]
    facts: Mapping[str, Any]  # kinds, dilations, calibration, thresholds, data, seeds
    sha256: str  # of the file


class LineAnswer(NamedTuple):
    """What the network says of a text of n blocks."""

    keep: Floats  # (n,) 0..1
    kinds: Floats  # (n, kinds) rows sum to 1
    clean: float  # 0..1: how likely nothing is to be removed


@cache
def load_line_model(path: str | None = None) -> LineModel:
    """Return the shipped model for plain text, or the one at `path`; read once. Raises UnreadableInput."""
    return _ready(read(path, Mode.TEXT), path or "text.model")


def unpack_lines(data: bytes, name: str) -> LineModel:
    """Read a model file's bytes; raises UnreadableInput naming the file if they are none."""
    return _ready(parse(data, name), name)


def _ready(file: ModelFile, name: str) -> LineModel:
    weights = dict(file.weights)
    if missing := sorted(_ARRAYS - weights.keys()):
        raise UnreadableInput(name, f"{name} is no model for plain text: it has no {', '.join(missing)}")
    columns = len(weights["mean"])
    inputs = weights.pop("input.w")
    weights["input.dense"], weights["input.words"] = inputs[:columns], inputs[columns:]
    return LineModel(weights, file.facts, file.sha256)


def run_lines(model: LineModel, lines: Lines) -> LineAnswer:
    """Return what the network says of a text with at least one block."""
    w = model.weights
    words = _words(w["words"], lines)
    page = np.maximum(lines.page @ w["page.w"] + w["page.b"], 0)
    x = (lines.dense - w["mean"]) @ w["input.dense"]
    x += words @ w["input.words"]
    x += w["input.b"] + page @ w["to_blocks.w"]
    nothing = np.zeros(x.shape, np.float32)  # numpy's maximum with a number takes four times as long as with an array
    x = first = np.maximum(x, nothing, out=x)
    clean = 0.0
    for i, dilation in enumerate(model.facts["dilations"]):
        step = _convolved(x, w[f"conv{i}.w"], dilation)
        step += w[f"conv{i}.b"]
        x = np.maximum(step, nothing, out=step) + x
        if i == POOL_AFTER:
            summary = np.concatenate((x.mean(axis=0), x.max(axis=0), page))
            clean = float(_sigmoid(summary @ w["clean.w"] + w["clean.b"])[0])
            x += np.maximum(summary @ w["whole.w"] + w["whole.b"], 0)
    kinds = _softmax(np.concatenate((x, first, words), axis=1) @ w["kind.w"] + w["kind.b"])
    keep = _sigmoid((x @ w["keep.w"] + w["keep.b"])[:, 0])
    stays = kinds[:, _KEPT].sum(axis=1)
    return LineAnswer((1 - NAMER_SHARE) * keep + NAMER_SHARE * stays, kinds, clean)


def _words(table: Floats, lines: Lines) -> Floats:
    """Return the mean vectors of each block's first and of its last words, side by side; zeros where there are none."""
    vectors = table.take(lines.ends, axis=0)  # the table's last row, of "none", is zeros
    some = (lines.ends != BUCKETS).astype(np.float32)
    head = vectors[:, :HEAD_WORDS].sum(axis=1) / np.maximum(some[:, :HEAD_WORDS].sum(axis=1), 1)[:, None]
    tail = vectors[:, HEAD_WORDS:].sum(axis=1) / np.maximum(some[:, HEAD_WORDS:].sum(axis=1), 1)[:, None]
    return np.concatenate((head, tail), axis=1)


def _convolved(x: Floats, weights: Floats, dilation: int) -> Floats:
    """Return the block `dilation` before, the block, and the one after, times their weights; zeros outside."""
    width = x.shape[1]
    out: Floats = x @ weights[width : 2 * width]
    if len(x) > dilation:
        out[dilation:] += x[:-dilation] @ weights[:width]
        out[:-dilation] += x[dilation:] @ weights[2 * width :]
    return out


def _sigmoid(odds: Floats) -> Floats:
    # Odd texts reach log-odds beyond what exp can hold; beyond 30 the probability is 0 or 1 anyway.
    out: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return out


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Floats = e / e.sum(axis=-1, keepdims=True)
    return shares
