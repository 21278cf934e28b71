"""The trained network, run with numpy: embeddings of tokens, dilated convolutions over the blocks, pooling.

Order of the layers (widths are the model's own)::

    inputs   dense columns, mean of the block's word and link vectors, words of the last heading,
             markup vectors of the six nearest containers and the mean of those further out
    linear + relu, plus a vector of the page
    5 residual convolutions over the sequence of blocks, width 3, dilation 1 2 4 8 16;
             after the second, each block also sees the mean of its containers and of the page
    heads    keep (sigmoid), kind (softmax), page type (softmax)

There are two such nets: what to keep is learned from many pages with a gold text and soon learned by heart,
kinds from few labelled pages that need long training. Each stops at its own best.

Time is linear in the blocks. Training (stripper/training) builds the same layers in torch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stripper.segment.features import Bag, Features

    Floats = NDArray[np.floating]
    Weights = Mapping[str, Floats]

MAGIC = b"stripper.model/1\n"
NETS = ("keeper.", "namer.")
NEAR_LEVELS = 6  # containers with weights of their own; the rest is averaged
POOL_AFTER = 1  # index of the convolution behind which blocks see their containers' mean


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and what was stored with them."""

    weights: Mapping[str, Floats]  # "mean" and "std" of the dense columns
    nets: tuple[Weights, Weights]  # the one that keeps, the one that names kinds
    facts: Mapping[str, Any]  # kinds, types, dilations, calibration, thresholds, data, seeds
    sha256: str  # of the file


class Answer(NamedTuple):
    """What the network says of a page of n blocks."""

    keep: Floats  # (n,) 0..1
    kinds: Floats  # (n, kinds) rows sum to 1
    types: Floats  # (types,) sums to 1


def pack(weights: Mapping[str, Floats], facts: Mapping[str, Any]) -> bytes:
    """Return a model file: magic, one line of JSON, then the arrays as little-endian float16, in the line's order."""
    arrays = {name: np.ascontiguousarray(array, dtype="<f2") for name, array in sorted(weights.items())}
    head = {"facts": facts, "arrays": [[name, list(array.shape)] for name, array in arrays.items()]}
    line = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
    return MAGIC + line + b"\n" + b"".join(array.tobytes() for array in arrays.values())


def unpack(data: bytes, name: str) -> Model:
    """Read a model file's bytes; raises UnreadableInput naming the file if they are none."""
    if not data.startswith(MAGIC):
        raise UnreadableInput(name, f"{name} is no stripper model of this version; use `stripper train`")
    try:
        end = data.index(b"\n", len(MAGIC))
        head = json.loads(data[len(MAGIC) : end])
        weights, at = {}, end + 1
        for array, shape in head["arrays"]:
            count = int(np.prod(shape))
            weights[array] = np.frombuffer(data, "<f2", count, at).astype(np.float32).reshape(shape)
            at += 2 * count
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(name, f"{name} is a damaged stripper model: {error}") from error
    keeper, namer = ({key.removeprefix(net): weights[key] for key in weights if key.startswith(net)} for net in NETS)
    return Model(weights, (keeper, namer), head["facts"], sha256(data).hexdigest())


@cache
def load_model(path: str | None = None, *, which: str = "html") -> Model:
    """Return the shipped model for HTML or text, or the one at `path`; read once."""
    if path is None:
        file = resources.files("stripper.data") / f"{which}.model"
        return unpack(file.read_bytes(), f"{which}.model")
    try:
        return unpack(Path(path).read_bytes(), path)
    except OSError as error:
        raise UnreadableInput(path, f"{path} cannot be read as a model: {error.strerror}") from error


def run(model: Model, features: Features) -> Answer:
    """Return keep, kinds and page type for one page."""
    dilations = model.facts["dilations"]
    keeper, namer = model.nets
    standard = (features.dense - model.weights["mean"]) / model.weights["std"]
    x, types, _ = _trunk(keeper, standard, features, dilations)
    # Odd pages reach log-odds beyond what exp can hold; beyond 30 the probability is 0 or 1 anyway.
    odds = np.clip((x @ keeper["keep.w"] + keeper["keep.b"])[:, 0], -30, 30)
    keep = 1 / (1 + np.exp(-odds))
    x, _, direct = _trunk(namer, standard, features, dilations)
    kinds = np.concatenate((x, *direct), axis=1) @ namer["kind.w"] + namer["kind.b"]
    return Answer(keep, _softmax(kinds), types)


def _trunk(
    w: Weights, standard: Floats, features: Features, dilations: list[int]
) -> tuple[Floats, Floats, list[Floats]]:
    """Return the blocks' state, the page's type, and what the kinds' head also reads: first state and words."""
    words = _mean(w["words"], features.words)
    above = _with_zero_row(words)[features.heading]
    markup = _with_zero_row(_sums(w["markup"], features.markup.ids, features.markup.offsets))
    chain = features.chain
    near = markup[chain[:, :NEAR_LEVELS]].reshape(len(standard), -1)
    far = markup[chain[:, NEAR_LEVELS:]].mean(axis=1)
    inputs = np.concatenate((standard, words, above, _mean(w["hrefs"], features.hrefs), near, far), axis=1)
    tokens = w["page_tokens"][features.page_tokens]
    of_page = tokens.mean(axis=0) if len(tokens) else np.zeros(tokens.shape[1], np.float32)
    page = _relu(np.concatenate((features.page, of_page)) @ w["page.w"] + w["page.b"])
    x = first = _relu(inputs @ w["input.w"] + (w["input.b"] + page @ w["to_blocks.w"]))
    types = np.zeros(0, np.float32)
    for i, dilation in enumerate(dilations):
        x = x + _relu(_convolution(x, w[f"conv{i}.w"], w[f"conv{i}.b"], dilation))
        if i == POOL_AFTER:
            summary = np.concatenate((x.mean(axis=0), x.max(axis=0), page))
            types = _softmax(summary @ w["type.w"] + w["type.b"])
            levels = len(w["pool.w"]) // x.shape[1]
            of_page = w["pool.b"] + summary @ w["global.w"]
            x = x + _relu(_pooled(x, features, levels) @ w["pool.w"] + of_page)
    return x, types, [first, words, above]


def _convolution(x: Floats, weight: Floats, bias: Floats, dilation: int) -> Floats:
    n, width = x.shape
    wide = np.zeros((n, 3 * width), np.float32)
    wide[:, width : 2 * width] = x
    if n > dilation:
        wide[dilation:, :width] = x[:-dilation]
        wide[:-dilation, 2 * width :] = x[dilation:]
    return wide @ weight + bias


def _pooled(x: Floats, features: Features, levels: int) -> Floats:
    """Return the mean of x over each block's containers 1..levels, side by side."""
    running = np.zeros((len(x) + 1, x.shape[1]), np.float32)
    np.cumsum(x, axis=0, out=running[1:])
    first, end = features.ranges.T
    means = (running[end] - running[first]) / np.maximum(end - first, 1)[:, None]
    return _with_zero_row(means)[features.chain[:, 1 : 1 + levels]].reshape(len(x), -1)


def _sums(table: Floats, ids: NDArray[np.int64], offsets: NDArray[np.int64]) -> Floats:
    running = np.zeros((len(ids) + 1, table.shape[1]), np.float32)
    np.cumsum(table[ids], axis=0, out=running[1:])
    return running[offsets[1:]] - running[offsets[:-1]]


def _mean(table: Floats, bag: Bag) -> Floats:
    size = np.maximum(np.diff(bag.offsets), 1).astype(np.float32)
    return _sums(table, bag.ids, bag.offsets) / size[:, None]


def _with_zero_row(table: Floats) -> Floats:
    """Append zeros, so that index -1 ("none") reads them."""
    return np.concatenate((table, np.zeros((1, table.shape[1]), np.float32)))


def _relu(x: Floats) -> Floats:
    return np.maximum(x, 0)


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Floats = e / e.sum(axis=-1, keepdims=True)
    return shares
