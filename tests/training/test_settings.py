"""Settings of a training."""

from __future__ import annotations

import pytest

from stripper.errors import UsageError
from stripper.training import settings
from stripper.training.settings import Settings, Widths, require_torch


def test_only_what_differs_is_told() -> None:
    """In the order of the fields."""
    assert Settings().changed() == {}
    changed = Settings(seed=3, widths=Widths(words=4)).changed()
    assert list(changed) == ["seed", "widths"]
    assert changed["widths"]["words"] == 4


@pytest.mark.parametrize(
    "given", [{"folds": 1}, {"folds": -1}, {"keep_epochs": 0}, {"kind_epochs": 0}, {"self_epochs": -1}]
)
def test_wrong_usage(given: dict[str, int]) -> None:
    """One fold has nothing to learn from; no epochs teach nothing."""
    with pytest.raises(UsageError, match=r"^(folds|epochs): must be"):
        Settings(**given)  # type: ignore[arg-type]


def test_zero_is_none() -> None:
    """No cross-validation, no self-training."""
    assert (Settings(folds=0).folds, Settings(self_epochs=0).self_epochs) == (0, 0)


def test_without_torch_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to know which package is missing."""
    monkeypatch.setattr(settings, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'boilerplate-stripper\[train\]'$"):
        require_torch()
