"""One stage of training, for any net: epochs over batches, a rate that rises and falls, the average of its way.

One thread and torch's deterministic algorithms: the same examples and settings give the same numbers on the
same machine and torch.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor, nn

Batch = TypeVar("Batch")
Said = TypeVar("Said")

_MAX_GRADIENT = 2.0
_WARM_UP = 0.15  # share of the steps in which the learning rate rises


class Course(NamedTuple):
    """How a stage goes."""

    name: str
    epochs: int
    rate: float  # greatest learning rate
    seed: int
    weight_decay: float


def train(
    net: nn.Module,
    batches: Callable[[random.Random], Iterator[Batch]],
    loss_of: Callable[[Said, Batch], Tensor],
    course: Course,
    say: Callable[[str], None],
) -> dict[str, Tensor]:
    """Train `net` on `batches` of each epoch, leave it at the average of its way, and return where it ended."""
    chance = random.Random(course.seed)  # noqa: S311  an order, no secret
    optimizer = torch.optim.AdamW(net.parameters(), lr=course.rate, weight_decay=course.weight_decay)
    # Which long pages are taken differs by epoch, so the number of steps is known only about.
    with torch.random.fork_rng(devices=[]):  # what is dropped from the batches that are only counted draws no number
        steps = int(sum(1 for _ in batches(random.Random(1))) * course.epochs * 1.08) + 20  # noqa: S311
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, course.rate, total_steps=steps, pct_start=_WARM_UP)
    average = _Average(net)
    for epoch in range(course.epochs):
        net.train()
        losses = []
        for batch in batches(chance):
            loss = loss_of(net(batch), batch)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(net.parameters(), _MAX_GRADIENT)
            optimizer.step()
            rates.step()
            average.add(net)
            losses.append(float(loss.detach()))
        say(f"{course.name}: epoch {epoch + 1} of {course.epochs}, loss {np.mean(losses):.4f}")
    end = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(average.state)
    return end


class _Average:
    """The exponential moving average of a net's numbers; young averages forget faster."""

    def __init__(self, net: nn.Module) -> None:
        self.state = {name: value.clone() for name, value in net.state_dict().items()}
        self._steps = 0

    def add(self, net: nn.Module) -> None:
        """Take in what the net has become."""
        self._steps += 1
        memory = min(0.998, self._steps / (self._steps + 20))
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[name].mul_(memory).add_(value, alpha=1 - memory)
            else:
                self.state[name].copy_(value)


@contextmanager
def reproducibly(seed: int) -> Iterator[None]:
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
