"""Training of the net for plain text: what stays, which kind a line is, and whether the text is clean, at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from torch.nn import functional as F  # noqa: N812  torch's own name for it

from stripper.training.course import Course, reproducibly, train
from stripper.training.line_batches import collate_texts, deal_texts, line_scale, without_some_words
from stripper.training.line_net import LineNet, line_weights
from stripper.training.rarity import kind_weights

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from stripper.training.batches import Scale
    from stripper.training.line_batches import LineBatch
    from stripper.training.line_dataset import LineExample
    from stripper.training.line_net import LinesSaid
    from stripper.training.settings import LineSettings

_KINDS_WEIGH, _CLEAN_WEIGHS = 0.5, 0.15  # beside the mean over texts of keeping
_SMOOTHING = 0.02  # of kinds' labels: labellers differ on one block in a hundred
# Shares of the texts of a source that an epoch takes: seven tools say nearly the same of each page.
_SHARES = {
    "clean text": 0.35, "clean lists": 0.35, "html-text": 0.35, "inscriptis": 0.35, "resiliparse": 0.35,
    "resiliparse, all": 0.3, "readability-lxml": 0.35, "jusText": 0.25, "get_text": 0.25, "put together": 0.6,
}  # fmt: skip


def fit_lines(
    examples: Sequence[LineExample], settings: LineSettings, say: Callable[[str], None]
) -> Mapping[str, NDArray[np.float32]]:
    """Train a net on `examples` and return the arrays of its model; `say` is told of each epoch."""
    with reproducibly(settings.seed):
        scale = line_scale(examples)
        net = LineNet(examples[0].lines.dense.shape[1], len(examples[0].lines.page), settings)
        course = Course("lines", settings.epochs, settings.rate, settings.seed, settings.weight_decay)
        weights = kind_weights((example.kind, example.kind_weight) for example in examples)
        train(net, partial(_batches, examples, scale, settings), partial(_loss, weights), course, say)
        return line_weights(net.state_dict(), scale.mean, scale.deviation)


def _batches(
    examples: Sequence[LineExample], scale: Scale, settings: LineSettings, chance: random.Random
) -> Iterator[LineBatch]:
    for texts in deal_texts(examples, _SHARES, chance):
        yield without_some_words(collate_texts(texts, scale), settings.token_dropout)


def _loss(weights: Tensor, said: LinesSaid, batch: LineBatch) -> Tensor:
    keep = F.binary_cross_entropy_with_logits(said.keep, batch.keep, reduction="none")
    loss = (keep * batch.keep_weight).sum() / len(batch.clean)
    loss = loss + _CLEAN_WEIGHS * F.binary_cross_entropy_with_logits(said.clean, batch.clean)
    known = batch.kind_weight > 0
    if not known.any():
        return loss
    kinds = F.cross_entropy(
        said.kinds[known], batch.kind[known], weight=weights, reduction="none", label_smoothing=_SMOOTHING
    )
    return loss + _KINDS_WEIGH * (kinds * batch.kind_weight[known]).sum() / batch.kind_weight.sum()
