"""The trained network, run with numpy: embeddings of tokens, dilated convolutions over the blocks, pooling.

Order of the layers (widths are the model's own)::

    inputs   dense columns, mean of the block's word and link vectors, words of the last heading,
             markup vectors of the six nearest containers and the mean of those further out
    linear + relu, plus a vector of the page
    5 residual convolutions over the sequence of blocks, width 3, dilation 1 2 4 8 16;
             after the second, each block also sees of its containers the mean and the first block, which is
             often what names them ("Related posts"), and of the page mean and maximum
    heads    keep (sigmoid), kind (softmax), page type (softmax)

There are two such nets: what to keep is learned from many pages with a gold text and soon learned by heart,
kinds from few labelled pages that need long training. Each stops at its own best.

Time is linear in the blocks. Training (stripper/training) builds the same layers in torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stripper.datatypes import KEPT_KINDS, Kind, Mode
from stripper.errors import UnreadableInput
from stripper.segment.model_file import parse, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stripper.segment.features import Bag, Features
    from stripper.segment.model_file import ModelFile

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]
    Weights = Mapping[str, Floats]

NETS = ("keeper.", "namer.")
KEEPER, NAMER = range(2)
_TABLES = frozenset(("words", "hrefs", "markup", "page_tokens"))
NEAR_LEVELS = 6  # containers with weights of their own; the rest is averaged
_KEPT = [i for i, kind in enumerate(Kind) if kind in KEPT_KINDS]
NAMER_SHARE = 0.45  # of the say on what stays: it learned that from other labels, and errs on other blocks
_ROWS = 1_024  # blocks that are worked on at once
POOL_AFTER = 1  # index of the convolution behind which blocks see their containers' mean


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and what was stored with them."""

    weights: Mapping[str, Floats]  # "mean" and "std" of the dense columns
    nets: Weights  # of both nets: tables side by side, matrices stacked (2, …); the heads of one net as they are
    facts: Mapping[str, Any]  # kinds, types, dilations, calibration, thresholds, data, seeds
    sha256: str  # of the file


class Answer(NamedTuple):
    """What the network says of a page of n blocks."""

    keep: Floats  # (n,) 0..1
    kinds: Floats  # (n, kinds) rows sum to 1
    types: Floats  # (types,) sums to 1


def unpack(data: bytes, name: str) -> Model:
    """Read a model file's bytes; raises UnreadableInput naming the file if they are none."""
    return _ready(parse(data, name), name)


def _ready(file: ModelFile, name: str) -> Model:
    try:
        return Model(file.weights, _side_by_side(file.weights), file.facts, file.sha256)
    except (ValueError, KeyError) as error:
        raise UnreadableInput(name, f"{name} is a damaged stripper model: {error}") from error


def _side_by_side(weights: Mapping[str, Floats]) -> Weights:
    """Join the two nets, so that each step of both is one call: calls cost more than sums on a page of 300 blocks."""
    keeper, namer = ({key.removeprefix(net): weights[key] for key in weights if key.startswith(net)} for net in NETS)
    joined = {}
    for name in keeper.keys() & namer.keys():
        if name in _TABLES:
            joined[name] = np.concatenate((keeper[name], namer[name]), axis=1)
        else:
            joined[name] = np.stack((keeper[name], namer[name]))
    columns = len(weights["mean"])
    inputs = joined.pop("input.w")
    joined["input.dense"], joined["input.tokens"] = inputs[:, :columns], inputs[:, columns:]
    joined |= {name: keeper[name] for name in ("keep.w", "keep.b", "type.w", "type.b")}
    return joined | {name: namer[name] for name in ("kind.w", "kind.b")}


@cache
def load_model(path: str | None = None) -> Model:
    """Return the shipped model for HTML, or the one at `path`; read once. Raises UnreadableInput."""
    return _ready(read(path, Mode.HTML), path or "html.model")


def run(model: Model, features: Features) -> Answer:
    """Return keep, kinds and page type for one page."""
    w = model.nets
    x, summary, direct = _trunk(w, model.weights, features, model.facts["dilations"])
    # Odd pages reach log-odds beyond what exp can hold; beyond 30 the probability is 0 or 1 anyway.
    odds = np.clip((x[KEEPER] @ w["keep.w"] + w["keep.b"])[:, 0], -30, 30)
    kinds = _softmax(np.concatenate((x[NAMER], *direct), axis=1) @ w["kind.w"] + w["kind.b"])
    types = summary[KEEPER] @ w["type.w"] + w["type.b"]
    stays = kinds[:, _KEPT].sum(axis=1)
    return Answer((1 - NAMER_SHARE) / (1 + np.exp(-odds)) + NAMER_SHARE * stays, kinds, _softmax(types))


def _trunk(w: Weights, scale: Weights, features: Features, dilations: list[int]) -> tuple[Floats, Floats, list[Floats]]:
    """Return both nets' states of the blocks (2, n, width), of the page (2, k), and what the kinds' head also reads."""
    words, hrefs = _with_zero_row(_mean(w["words"], features.words)), _mean(w["hrefs"], features.hrefs)
    markup = _with_zero_row(_sums(w["markup"], features.markup))
    page = summary = _page(w, features)
    bias = (w["input.b"] + _row_times(page, w["to_blocks.w"]))[:, None]
    x = np.empty((2, len(features.dense), w["input.b"].shape[1]), np.float32)
    for rows in _pieces(x):
        step = x[:, rows]
        np.matmul((features.dense[rows] - scale["mean"]) / scale["std"], w["input.dense"], out=step)
        step += _tokens(words, hrefs, markup, features, rows) @ w["input.tokens"]
        step += bias
        _relu(step)
    direct = [x[NAMER], words[NAMER, :-1], words[NAMER].take(features.heading, axis=0)]
    for i, dilation in enumerate(dilations):
        x = _convolved(x, dilation, w[f"conv{i}.w"], w[f"conv{i}.b"][:, None])
        if i == POOL_AFTER:
            summary = np.concatenate((x.mean(axis=1), x.max(axis=1), page), axis=1)
            step = _around(x, features, w["pool.w"])
            step += (w["pool.b"] + _row_times(summary, w["global.w"]))[:, None]
            x += _relu(step)
    return x, summary, direct


def _pieces(x: Floats) -> list[slice]:
    """Return the rows of x (2, n, width) in pieces: a page of 200,000 blocks would else need gigabytes at once."""
    return [slice(start, min(start + _ROWS, x.shape[1])) for start in range(0, x.shape[1], _ROWS)]


def _relu(x: Floats) -> Floats:
    # numpy's maximum with a number takes four times as long as with an array
    result: Floats = np.maximum(x, np.zeros(x.shape, np.float32), out=x)
    return result


def _tokens(words: Floats, hrefs: Floats, markup: Floats, features: Features, rows: slice) -> Floats:
    """Return what both nets read of the words and names at some blocks; `words` and `markup` end in zeros."""
    chain = features.chain[rows]
    near = markup.take(chain[:, :NEAR_LEVELS], axis=1).reshape(2, len(chain), -1)
    far = _mean_of_rows(markup, chain[:, NEAR_LEVELS:].T)
    above = words.take(features.heading[rows], axis=1)
    return np.concatenate((words[:, rows], above, hrefs[:, rows], near, far), axis=2)


def _convolved(x: Floats, dilation: int, weights: Floats, bias: Floats) -> Floats:
    """Return x and what each block sees of itself and of the two at this distance."""
    result = np.empty_like(x)
    for rows in _pieces(x):
        step = result[:, rows]
        np.matmul(_shifted(x, dilation, rows), weights, out=step)
        step += bias
        _relu(step)
        step += x[:, rows]
    return result


def _page(w: Weights, features: Features) -> Floats:
    """Return both nets' vectors of what the page says of itself, (2, k)."""
    tokens = w["page_tokens"][features.page_tokens]
    told = tokens.mean(axis=0) if len(tokens) else np.zeros(tokens.shape[1], np.float32)
    figures = np.stack((features.page, features.page))
    rows = _row_times(np.concatenate((figures, told.reshape(2, -1)), axis=1), w["page.w"]) + w["page.b"]
    return np.maximum(rows, 0)


def _row_times(rows: Floats, weights: Floats) -> Floats:
    """Return each net's row times its matrix: (2, a), (2, a, b) -> (2, b)."""
    return (rows[:, None] @ weights)[:, 0]


def _shifted(x: Floats, dilation: int, rows: slice) -> Floats:
    """Return for each of `rows` the block `dilation` before, the block, and the one after; zeros outside the page."""
    nets, n, width = x.shape
    wide = np.zeros((nets, rows.stop - rows.start, 3, width), np.float32)
    for part, distance in enumerate((-dilation, 0, dilation)):
        start, stop = max(rows.start + distance, 0), min(rows.stop + distance, n)
        if start < stop:
            wide[:, start - distance - rows.start : stop - distance - rows.start, part] = x[:, start:stop]
    return wide.reshape(nets, -1, 3 * width)


def _around(x: Floats, features: Features, weights: Floats) -> Floats:
    """Return what each block sees of its containers 1, 2, …: the mean of x over each, and x of its first block.

    Multiplied by `weights` for each container: there are fewer of them than blocks, as the innermost isn't asked.
    """
    nets, n, width = x.shape
    levels = weights.shape[1] // width // 2
    chain = features.chain[:, 1 : 1 + levels].T
    used = np.zeros(len(features.ranges) + 1, np.bool_)  # the last entry: no container
    used[chain] = True
    first, end = features.ranges[used[:-1]].T
    running = np.zeros((nets, n + 1, width), np.float32)
    np.cumsum(x, axis=1, out=running[:, 1:])
    boxes = np.empty((nets, len(first), 2 * width), np.float32)
    np.subtract(running.take(end, axis=1), running.take(first, axis=1), out=boxes[:, :, :width])
    boxes[:, :, :width] /= np.maximum(end - first, 1).astype(np.float32)[:, None]
    boxes[:, :, width:] = x.take(first, axis=1)
    number = np.cumsum(used) - 1
    number[-1] = len(first)
    seen: Floats = np.zeros(x.shape, np.float32)
    for rows, of_level in zip(number[chain], np.split(weights, levels, axis=1), strict=True):
        seen += _with_zero_row(boxes @ of_level).take(rows, axis=1)
    return seen


def _mean_of_rows(tables: Floats, columns: Ints) -> Floats:
    """Return the mean of the rows named in each of `columns` (k, n): (2, n, width)."""
    total: Floats = tables.take(columns[0], axis=1)
    for rows in columns[1:]:
        total += tables.take(rows, axis=1)
    total /= len(columns)
    return total


def _sums(table: Floats, bag: Bag) -> Floats:
    """Return the sum of each row's vectors in both nets: (2, rows, width); the table holds them side by side."""
    starts, ends = bag.offsets[:-1], bag.offsets[1:]
    some = ends > starts  # reduceat takes an empty row for the first of the next
    sums = np.zeros((len(starts), table.shape[1]), np.float32)
    if some.any():
        sums[some] = np.add.reduceat(table.take(bag.ids, axis=0), starts[some], axis=0)
    # Contiguous: else each `take` from them copies them first.
    return np.ascontiguousarray(sums.reshape(len(sums), 2, -1).transpose(1, 0, 2))


def _mean(table: Floats, bag: Bag) -> Floats:
    return _sums(table, bag) / np.maximum(np.diff(bag.offsets), 1).astype(np.float32)[:, None]


def _with_zero_row(tables: Floats) -> Floats:
    """Append zeros to both, so that index -1 ("none") reads them."""
    nets, _, width = tables.shape
    return np.concatenate((tables, np.zeros((nets, 1, width), np.float32)), axis=1)


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Floats = e / e.sum(axis=-1, keepdims=True)
    return shares
