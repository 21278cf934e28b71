"""A model out of labelled corpora: cross-validated, calibrated, and then trained on every page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stripper.segment.line_network import unpack_lines
from stripper.segment.model_file import pack
from stripper.segment.network import unpack
from stripper.training.crossvalidate import Bench, validate
from stripper.training.dataset import build_dataset
from stripper.training.facts import base_facts, line_facts
from stripper.training.figures import table
from stripper.training.line_crossvalidate import line_table, validate_lines
from stripper.training.line_dataset import build_line_examples
from stripper.training.parallel import fit_models
from stripper.training.settings import LineSettings
from stripper.training.texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stripper.training.corpora import Corpora
    from stripper.training.settings import Settings


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model."""

    data: bytes  # of its file
    figures: Mapping[str, Mapping[str, Any]]  # by corpus; cross-validated; empty where there was none
    table: str  # of them, for people


def train(corpora: Corpora, settings: Settings, jobs: int, say: Callable[[str], None]) -> Trained:
    """Train a model; the same corpora and settings give the same bytes, for any number of processes.

    Needs torch. A fold of 2,000 pages takes about five minutes of one processor, the model itself a bit more.
    Raises StripperError.
    """
    examples = build_dataset(corpora.samples, jobs, say)
    facts = base_facts(corpora, settings)
    facts["command"] = command(corpora, settings)
    # The model itself does not wait for its calibration: it is one more training beside those of the folds.
    *folds, weights = fit_models(examples, (*range(settings.folds), None), settings, jobs, say)
    figures: Mapping[str, Mapping[str, Any]] = {}
    if folds:
        models = [unpack(pack(fold, facts), f"fold {number}") for number, fold in enumerate(folds, 1)]
        with TemporaryDirectory(prefix="stripper-folds-") as folder:
            validation = validate(corpora, examples, models, Bench(Path(folder), jobs, say))
        facts, figures = dict(validation.facts), validation.figures
    return Trained(pack(weights, facts | {"figures": figures}), figures, table(figures))


def train_lines(corpora: Corpora, settings: LineSettings, jobs: int, say: Callable[[str], None]) -> Trained:
    """Train a model for plain text, on texts and on what tools make of HTML pages; reproducible as `train` is.

    Needs torch, and the tools of scrapes.py where a corpus is of HTML. Raises StripperError.
    """
    texts = texts_of(corpora.samples, settings.folds, jobs, say)
    examples = build_line_examples(texts, jobs, say)
    facts = line_facts(corpora, settings)
    facts["command"] = command(corpora, settings)
    *folds, weights = fit_models(examples, (*range(settings.folds), None), settings, jobs, say)
    figures: Mapping[str, Mapping[str, Any]] = {}
    if folds:
        models = [unpack_lines(pack(fold, facts), f"fold {number}") for number, fold in enumerate(folds, 1)]
        with TemporaryDirectory(prefix="stripper-folds-") as folder:
            validation = validate_lines(corpora, examples, models, Bench(Path(folder), jobs, say))
        facts, figures = dict(validation.facts), validation.figures
    return Trained(pack(weights, facts | {"figures": figures}), figures, line_table(figures))


def command(corpora: Corpora, settings: Settings | LineSettings) -> str:
    """Return the command that makes the model again, with corpora by their names alone."""
    words = ["stripper", "train", *(source.name for source in corpora.sources), "-o", "MODEL"]
    changed = settings.changed()
    if isinstance(settings, LineSettings):
        words += ["--text", *(f"--{name} {changed[name]}" for name in ("seed", "folds", "epochs") if name in changed)]
        return " ".join(words)
    words += [f"--{name} {changed[name]}" for name in ("seed", "folds") if name in changed]
    if any(name.endswith("_epochs") for name in changed):
        words.append(f"--epochs {settings.keep_epochs},{settings.kind_epochs},{settings.self_epochs}")
    return " ".join(words)
