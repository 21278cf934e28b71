"""Several models trained on parts of one dataset, each in one thread, side by side where there are processors."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stripper.options import WorkOptions
from stripper.training.dataset import load_dataset, save_dataset
from stripper.training.folds import fold_of
from stripper.training.settings import LineSettings
from stripper.workers import Plan, in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from stripper.training.dataset import Example
    from stripper.training.line_dataset import LineExample
    from stripper.training.settings import Settings

    Say = Callable[[str], None]
    _Examples = Sequence[Example] | Sequence[LineExample]
    _Settings = Settings | LineSettings


# A training takes as long as it takes, and holds the whole dataset.
PATIENT = Plan(WorkOptions(page_seconds=7 * 86_400.0, page_memory=1 << 40), chunk=1)


def fit_models(
    examples: _Examples, held_out: Sequence[int | None], settings: _Settings, jobs: int, say: Say
) -> Iterator[Mapping[str, Any]]:
    """Yield the weights of one model for each of `held_out`: trained without that fold, or on all pages for None.

    With `jobs` > 1 that many processes work; the weights are the same. What they have to say goes to stderr.
    """
    if jobs == 1 or len(held_out) == 1:
        for fold in held_out:
            yield _fit(examples, fold, settings, say)
        return
    with TemporaryDirectory(prefix="stripper-train-") as folder:
        path = Path(folder) / "dataset"
        save_dataset(examples, path)
        for _, outcome in in_processes(held_out, partial(_fit_saved, path, settings), jobs, PATIENT):
            if isinstance(outcome, Exception):
                raise outcome
            yield outcome


def _fit_saved(path: Path, settings: _Settings, fold: int | None) -> Mapping[str, Any]:
    return _fit(load_dataset(path), fold, settings, _say_from_worker)


def _fit(examples: Sequence[Any], fold: int | None, settings: _Settings, say: Say) -> Mapping[str, Any]:
    name = "all pages" if fold is None else f"without fold {fold + 1}"
    mine = [example for example in examples if fold is None or fold_of(example.host, settings.folds) != fold]

    def say_which(line: str) -> None:
        say(f"{name}: {line}")

    if isinstance(settings, LineSettings):
        from stripper.training.line_fit import fit_lines

        return fit_lines(mine, settings, say_which)
    from stripper.training.export import weights_of
    from stripper.training.fit import fit

    return weights_of(fit(mine, settings, say_which))


def _say_from_worker(line: str) -> None:
    sys.stderr.write(f"stripper: {line}\n")
    sys.stderr.flush()
