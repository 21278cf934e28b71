"""Every knob of a training run, in one frozen value; with the same data it decides the model's bytes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

from stripper.errors import UsageError

DILATIONS = (1, 2, 4, 8, 16)  # of the convolutions: together they see 31 blocks to each side


@dataclass(frozen=True, slots=True)
class Widths:
    """How many numbers each part of the network works with; they decide its size and its speed."""

    blocks: int = 64  # of a block's state
    words: int = 12  # of a word's vector
    markup: int = 12  # of a tag's or class word's vector
    hrefs: int = 8  # of a link's or page token's vector
    page: int = 24  # of the page's own vector


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is trained. The defaults are the shipped models'."""

    seed: int = 0
    folds: int = 5  # of the cross-validation; 0 = none: a model without calibration and figures
    keep_epochs: int = 6  # passes over all pages, for the net that keeps
    kind_epochs: int = 16  # passes over the pages with labelled blocks, for the net that names kinds
    self_epochs: int = 5  # more of those, over all pages: what the second net says of the others is learned too
    keep_rate: float = 3e-3  # greatest learning rate of each of the three
    kind_rate: float = 2e-3
    self_rate: float = 1.5e-3
    dropout: float = 0.3  # share of a layer's numbers that are left out at a time
    token_dropout: float = 0.35  # share of words, links and class words that are
    weight_decay: float = 0.2
    widths: Widths = field(default_factory=Widths)

    def __post_init__(self) -> None:
        """Check the numbers that people type."""
        _check_folds(self.folds)
        if self.keep_epochs < 1 or self.kind_epochs < 1 or self.self_epochs < 0:
            given = f"{self.keep_epochs},{self.kind_epochs},{self.self_epochs}"
            raise UsageError(f"epochs: must be at least 1,1,0, not {given}")

    def changed(self) -> dict[str, Any]:
        """Return only what differs from the defaults, JSON-ready, in the order of the fields."""
        return _changed(self, Settings())


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How a model for plain text is trained. The defaults are the shipped model's."""

    seed: int = 0
    folds: int = 5  # of the cross-validation; 0 = none: a model without calibration and figures
    epochs: int = 16  # passes over the texts; of each sort of text, some in each
    rate: float = 3e-3  # greatest learning rate
    dropout: float = 0.2  # share of a layer's numbers that are left out at a time
    token_dropout: float = 0.25  # share of words that are
    weight_decay: float = 0.1
    width: int = 48  # of a block's state
    words: int = 12  # of a word's vector
    page: int = 24  # of the text's own vector

    def __post_init__(self) -> None:
        """Check the numbers that people type."""
        _check_folds(self.folds)
        if self.epochs < 1:
            raise UsageError(f"epochs: must be at least 1, not {self.epochs}")

    def changed(self) -> dict[str, Any]:
        """Return only what differs from the defaults, JSON-ready, in the order of the fields."""
        return _changed(self, LineSettings())


def _check_folds(folds: int) -> None:
    if folds < 0 or folds == 1:
        raise UsageError(f"folds: must be 0 (no cross-validation) or at least 2, not {folds}")


def _changed(settings: Settings | LineSettings, defaults: Settings | LineSettings) -> dict[str, Any]:
    given, default = asdict(settings), asdict(defaults)
    return {name: given[name] for name in given if given[name] != default[name]}


def require_torch() -> None:
    """Raise UsageError where torch is missing: only training needs it."""
    if find_spec("torch") is None:
        raise UsageError("training needs torch; install it with: pip install 'boilerplate-stripper[train]'")
