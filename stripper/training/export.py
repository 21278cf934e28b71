"""A trained model to the packed file that `stripper.segment.network` reads: norms folded into the layers before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stripper.segment.network import NETS
from stripper.training.settings import DILATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from stripper.training.fit import Fitted

    State = Mapping[str, Tensor]

_EPSILON = 1e-5  # torch's default, added to a norm's variance
_HEADS = {"keeper.": "keep", "namer.": "kind"}  # the head that each net is run for


def weights_of(fitted: Fitted) -> dict[str, NDArray[np.float32]]:
    """Return the model's arrays by the names that the network reads them by."""
    arrays = {"mean": fitted.scale.mean, "std": fitted.scale.deviation}
    for net, state in zip(NETS, (fitted.keeper, fitted.namer), strict=True):
        arrays |= {net + name: value.numpy() for name, value in _folded(state, _HEADS[net]).items()}
    return arrays


def _folded(state: State, head: str) -> dict[str, Tensor]:
    out = {name: state[f"{name}.weight"] for name in ("words", "hrefs", "markup", "page_tokens")}
    scale, shift = folded_norm(state, "input_norm")
    bias = state["input.bias"] + state["to_blocks.bias"]
    out |= {"input.w": state["input.weight"].t() * scale, "input.b": bias * scale + shift}
    out |= {"to_blocks.w": state["to_blocks.weight"].t() * scale, "global.w": state["whole.weight"].t()}
    out |= {"pool.w": state["pool.weight"].t(), "pool.b": state["pool.bias"] + state["whole.bias"]}
    out |= {"page.w": state["page.weight"].t(), "page.b": state["page.bias"]}
    for name in ("type", head):
        out |= {f"{name}.w": state[f"{name}_head.weight"].t(), f"{name}.b": state[f"{name}_head.bias"]}
    for i in range(len(DILATIONS)):
        scale, shift = folded_norm(state, f"convolutions.{i}.norm")
        out[f"conv{i}.w"] = state[f"convolutions.{i}.linear.weight"].t() * scale
        out[f"conv{i}.b"] = state[f"convolutions.{i}.linear.bias"] * scale + shift
    return out


def folded_norm(state: State, name: str) -> tuple[Tensor, Tensor]:
    """Return what a norm does after training, as factor and summand."""
    scale = state[f"{name}.weight"] / torch.sqrt(state[f"{name}.running_var"] + _EPSILON)
    return scale, state[f"{name}.bias"] - state[f"{name}.running_mean"] * scale
