"""How much a kind weighs in training: rare ones weigh more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stripper.segment.decision import KINDS
from stripper.training.targets import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from torch import Tensor

_RARE = 0.25  # power of a kind's rarity by which it weighs more


def kind_weights(labels: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> Tensor:
    """Return a weight for each kind, of mean 1 over all labels; `labels` are kinds with their weights, by page."""
    counts = np.ones(len(KINDS))
    for kind, weight in labels:
        known = kind != UNKNOWN
        np.add.at(counts, kind[known], weight[known])
    rarity = (counts.sum() / counts) ** _RARE
    return torch.tensor(rarity / np.average(rarity, weights=counts), dtype=torch.float32)
