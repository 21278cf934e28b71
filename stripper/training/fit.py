"""Training: the net that keeps, then the net that names kinds, which begins where the first one ended.

Both are trained on all tasks at first. What to keep is learned from many pages with a gold text and soon
learned by heart, so that net stops early; kinds from few labelled pages that need long training, and at last
from what the net itself says of the others. Each net is the running average of its way (EMA).

One thread and torch's deterministic algorithms: the same examples and settings give the same numbers on the
same machine and torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn import functional as F  # noqa: N812  torch's own name for it

from stripper.training.batches import collate, deal, scale_of, without_some_tokens
from stripper.training.course import Course, reproducibly, train
from stripper.training.net import Net
from stripper.training.rarity import kind_weights
from stripper.training.self_training import with_said_kinds
from stripper.training.targets import UNKNOWN

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from torch import Tensor

    from stripper.training.batches import Batch, Scale
    from stripper.training.dataset import Example
    from stripper.training.net import Said
    from stripper.training.settings import Settings

    State = Mapping[str, Tensor]
    Say = Callable[[str], None]

_KINDS_WEIGH = 1 / 2000  # of the sum over a batch's labelled blocks, beside the mean over pages of keeping
_TYPES_WEIGH = 0.1
_SMOOTHING = 0.02  # of kinds' labels: labellers differ on one block in a hundred


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model: the two nets' tensors and the scale of their inputs."""

    keeper: State
    namer: State
    scale: Scale


class _Run(NamedTuple):
    """What all stages share."""

    scale: Scale
    settings: Settings
    say: Say


def fit(examples: Sequence[Example], settings: Settings, say: Say) -> Fitted:
    """Train a model on `examples`, of which at least one has a label to learn from; `say` is told of each epoch."""
    with reproducibly(settings.seed):
        run = _Run(scale_of(examples), settings, say)
        columns, page_columns = examples[0].features.dense.shape[1], len(examples[0].features.page)
        net = Net(columns, page_columns, settings)
        course = _course("keep", settings.keep_epochs, settings.keep_rate, settings.seed, settings)
        end = train(net, partial(_batches, examples, run), _loss_of_all, course, say)
        namer = Net(columns, page_columns, settings)
        namer.load_state_dict(end)
        _learn_kinds(namer, examples, run)
        return Fitted(net.state_dict(), namer.state_dict(), run.scale)


def _learn_kinds(net: Net, examples: Sequence[Example], run: _Run) -> None:
    settings = run.settings
    named = [example for example in examples if example.targets.is_named]
    if not named:
        run.say("no page has labelled blocks: kinds are not learned")
        return
    loss = _loss_of_kinds(named)
    course = _course("kind", settings.kind_epochs, settings.kind_rate, settings.seed + 1, settings)
    train(net, partial(_batches, named, run), loss, course, run.say)
    others = [example for example in examples if not example.targets.is_named]
    if settings.self_epochs and others:
        said = [with_said_kinds(example, _kinds_said(net, example, run.scale)) for example in others]
        course = _course("self", settings.self_epochs, settings.self_rate, settings.seed + 2, settings)
        train(net, partial(_batches, named + said, run), loss, course, run.say)


def _course(name: str, epochs: int, rate: float, seed: int, settings: Settings) -> Course:
    return Course(name, epochs, rate, seed, settings.weight_decay)


def _batches(examples: Sequence[Example], run: _Run, chance: random.Random) -> Iterator[Batch]:
    for pages in deal(examples, chance):
        yield without_some_tokens(collate(pages, run.scale), run.settings.token_dropout)


def _loss_of_all(said: Said, batch: Batch) -> Tensor:
    keep = F.binary_cross_entropy_with_logits(said.keep, batch.keep.clamp(min=0), reduction="none")
    loss = (keep * batch.keep_weight).sum() / len(batch.type)
    named = batch.kind_weight > 0
    if named.any():
        kinds = F.cross_entropy(said.kinds[named], batch.kind[named], reduction="none")
        loss = loss + (kinds * batch.kind_weight[named]).sum() * _KINDS_WEIGH
    typed = batch.type != UNKNOWN
    if typed.any():
        loss = loss + _TYPES_WEIGH * F.cross_entropy(said.types[typed], batch.type[typed])
    return loss


def _loss_of_kinds(named: Sequence[Example]) -> Callable[[Said, Batch], Tensor]:
    """Return the loss in which rare kinds weigh more; its mean over the words of `named` is that without weights."""
    weights = kind_weights((example.targets.kind, example.targets.kind_weight) for example in named)

    def loss(said: Said, batch: Batch) -> Tensor:
        known = batch.kind_weight > 0
        if not known.any():
            return said.kinds.sum() * 0
        each = F.cross_entropy(
            said.kinds[known], batch.kind[known], weight=weights, reduction="none", label_smoothing=_SMOOTHING
        )
        return (each * batch.kind_weight[known]).sum() / batch.kind_weight.sum()

    return loss


def _kinds_said(net: Net, example: Example, scale: Scale) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    net.eval()
    with torch.no_grad():
        said = net(collate([example], scale)).kinds[: len(example.targets.kind)]
        kinds: np.ndarray[tuple[int, int], np.dtype[np.float32]] = torch.softmax(said, 1).numpy()
    return kinds
