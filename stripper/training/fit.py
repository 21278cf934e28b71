"""Training: the net that keeps, then the net that names kinds, which begins where the first one ended.

Both are trained on all tasks at first. What to keep is learned from many pages with a gold text and soon
learned by heart, so that net stops early; kinds from few labelled pages that need long training, and at last
from what the net itself says of the others. Each net is the running average of its way (EMA).

One thread and torch's deterministic algorithms: the same examples and settings give the same numbers on the
same machine and torch.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812  torch's own name for it

from stripper.segment.decision import KINDS
from stripper.training.batches import collate, deal, scale_of, without_some_tokens
from stripper.training.net import Net
from stripper.training.self_training import with_said_kinds
from stripper.training.targets import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
_RARE = 0.25  # power of a kind's rarity by which it weighs more
_MAX_GRADIENT = 2.0
_WARM_UP = 0.15  # share of the steps in which the learning rate rises


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


class _Course(NamedTuple):
    """One stage of training."""

    name: str
    loss: Callable[[Said, Batch], Tensor]
    epochs: int
    rate: float  # greatest learning rate
    seed: int


def fit(examples: Sequence[Example], settings: Settings, say: Say) -> Fitted:
    """Train a model on `examples`, of which at least one has a label to learn from; `say` is told of each epoch."""
    with _reproducibly(settings.seed):
        run = _Run(scale_of(examples), settings, say)
        columns, page_columns = examples[0].features.dense.shape[1], len(examples[0].features.page)
        net = Net(columns, page_columns, settings)
        course = _Course("keep", _loss_of_all, settings.keep_epochs, settings.keep_rate, settings.seed)
        end = _train(net, examples, course, run)
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
    course = _Course("kind", loss, settings.kind_epochs, settings.kind_rate, settings.seed + 1)
    _train(net, named, course, run)
    others = [example for example in examples if not example.targets.is_named]
    if settings.self_epochs and others:
        said = [with_said_kinds(example, _kinds_said(net, example, run.scale)) for example in others]
        course = _Course("self", loss, settings.self_epochs, settings.self_rate, settings.seed + 2)
        _train(net, named + said, course, run)


def _train(net: Net, examples: Sequence[Example], course: _Course, run: _Run) -> dict[str, Tensor]:
    """Train `net`, leave it at the average of its way, and return where it ended."""
    chance = random.Random(course.seed)  # noqa: S311  an order, no secret
    optimizer = torch.optim.AdamW(net.parameters(), lr=course.rate, weight_decay=run.settings.weight_decay)
    # Which long pages are taken differs by epoch, so the number of steps is known only about.
    steps = int(sum(1 for _ in deal(examples, random.Random(1))) * course.epochs * 1.08) + 20  # noqa: S311
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, course.rate, total_steps=steps, pct_start=_WARM_UP)
    average = _Average(net)
    for epoch in range(course.epochs):
        net.train()
        losses = []
        for pages in deal(examples, chance):
            batch = without_some_tokens(collate(pages, run.scale), run.settings.token_dropout)
            loss = course.loss(net(batch), batch)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(net.parameters(), _MAX_GRADIENT)
            optimizer.step()
            rates.step()
            average.add(net)
            losses.append(float(loss.detach()))
        run.say(f"{course.name}: epoch {epoch + 1} of {course.epochs}, loss {np.mean(losses):.4f}")
    end = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(average.state)
    return end


class _Average:
    """The exponential moving average of a net's numbers; young averages forget faster."""

    def __init__(self, net: Net) -> None:
        self.state = {name: value.clone() for name, value in net.state_dict().items()}
        self._steps = 0

    def add(self, net: Net) -> None:
        """Take in what the net has become."""
        self._steps += 1
        memory = min(0.998, self._steps / (self._steps + 20))
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[name].mul_(memory).add_(value, alpha=1 - memory)
            else:
                self.state[name].copy_(value)


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
    counts = np.ones(len(KINDS))
    for example in named:
        known = example.targets.kind != UNKNOWN
        np.add.at(counts, example.targets.kind[known], example.targets.kind_weight[known])
    rarity = (counts.sum() / counts) ** _RARE
    weights = torch.tensor(rarity / np.average(rarity, weights=counts), dtype=torch.float32)

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


@contextmanager
def _reproducibly(seed: int) -> Iterator[None]:
    """Fix everything that would make two runs differ, and put it back."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(strict)
