"""Cross-validation: every page is stripped by a model that never saw its host, the way users' pages are.

``python -m stripper.training.crossvalidate CORPUS... [-o DIR]`` trains a model for each fold, writes models and
predictions into DIR, and prints the figures of all corpora. With ``--models DIR`` it takes the models of an
earlier run: that shows in two minutes what a change behind the network does.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from stripper.datatypes import Failure, Kind
from stripper.errors import InputError, StripperError, UsageError
from stripper.evaluation import Prediction, read_input, score_page
from stripper.options import Options
from stripper.pipeline import strip_many
from stripper.segment.model_file import pack
from stripper.segment.network import load_model, run, unpack
from stripper.training.calibrate import Judged, calibrate
from stripper.training.corpora import read_corpora
from stripper.training.dataset import build_dataset
from stripper.training.facts import base_facts
from stripper.training.figures import Scored, figures_of, sureness, table
from stripper.training.folds import fold_of
from stripper.training.parallel import fit_models
from stripper.training.settings import Settings, require_torch
from stripper.write import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from stripper.datatypes import RawPage
    from stripper.evaluation import GoldPage
    from stripper.segment.line_network import LineModel
    from stripper.segment.network import Model
    from stripper.training.corpora import Corpora, Sample
    from stripper.training.dataset import Example
    from stripper.write import Stripped

    Say = Callable[[str], None]
    _Figures = Mapping[str, Mapping[str, Any]]

_FAILED, _USAGE = 1, 2
_Model = TypeVar("_Model", "Model", "LineModel")


@dataclass(frozen=True, slots=True)
class Validation:
    """What a cross-validation tells."""

    facts: Mapping[str, Any]  # a model's facts, calibrated on what the fold models said of all pages
    figures: Mapping[str, Mapping[str, Any]]  # by corpus


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and how a cross-validation works."""

    folder: Path  # for the fold models, and the predictions
    jobs: int  # processes
    say: Say


def validate(corpora: Corpora, examples: Sequence[Example], models: Sequence[Model], bench: Bench) -> Validation:
    """Return what fold models, one per fold, each trained without its own, make of the held-out pages.

    A fold's model is calibrated on the other folds' pages; those are new to their own models too.
    """
    with threadpool_limits(1, user_api="blas"):  # as at run time: more threads sum in another order
        judged = [_judged(model, fold, len(models), examples) for fold, model in enumerate(models)]
    paths = []
    for fold, model in enumerate(models):
        others = [page for k, pages in enumerate(judged) if k != fold for page in pages]
        facts = calibrate(others, model.facts) | {"fold": [fold, len(models)]}
        paths.append(model_path(bench.folder, fold))
        paths[-1].write_bytes(pack(model.weights, facts))
    bench.say("calibrated; stripping every page with the model of its fold")
    figures = {source.name: _figures(source.name, corpora, paths, bench) for source in corpora.sources}
    return Validation(calibrate([page for pages in judged for page in pages], models[0].facts), figures)


def _judged(model: Model, fold: int, folds: int, examples: Sequence[Example]) -> list[Judged]:
    """Return what a fold's model says of the pages that it has not seen and whose labels are complete."""
    out = []
    for example in examples:
        body = example.targets.body
        if body is not None and fold_of(example.host, folds) == fold:
            answer = run(model, example.features)
            out.append(Judged(answer, example.features.words_per_block, example.targets.words, body))
    return out


def fold_models(examples: Sequence[Example], settings: Settings, facts: Mapping[str, Any], bench: Bench) -> list[Model]:
    """Train a model for each fold, as it will be read from its file."""
    fitted = fit_models(examples, range(settings.folds), settings, bench.jobs, bench.say)
    return [unpack(pack(weights, facts), f"fold {fold + 1}") for fold, weights in enumerate(fitted)]


def read_models(folder: Path, folds: int, load: Callable[[str], _Model]) -> list[_Model]:
    """Return the fold models of an earlier run. Raises UnreadableInput, and UsageError where they are of others."""
    models = [load(str(model_path(folder, fold))) for fold in range(folds)]
    if any(model.facts.get("fold") != [fold, folds] for fold, model in enumerate(models)):
        raise UsageError(f"--models {folder}: these models are not of a cross-validation in {folds} folds")
    return models


def model_path(folder: Path, fold: int) -> Path:
    """Return where a fold's model is kept."""
    return folder / f"fold-{fold + 1}.model"


def _figures(corpus: str, corpora: Corpora, models: Sequence[Path], bench: Bench) -> dict[str, Any]:
    rows = [(sample, gold) for sample in corpora.samples for name, gold in sample.golds if name == corpus]
    drop = frozenset({Kind.TITLE} if any(gold.without_title for _, gold in rows) else ())  # as `stripper eval` does
    scored = []
    with (bench.folder / f"{corpus}.predictions.jsonl").open("w", encoding="utf-8") as predictions:
        for fold, path in enumerate(models):
            mine = [(sample, gold) for sample, gold in rows if fold_of(sample.host, len(models)) == fold]
            options = Options(drop=drop, model=str(path))
            outcomes = strip_many(_raw_pages(mine, options), options=options, jobs=bench.jobs, as_=corpora.mode)
            for (_, gold), outcome in zip(mine, outcomes, strict=True):
                scored.append(_scored(gold, outcome, bench.say))
                predictions.write(to_json(_as_json(gold, outcome)) + "\n")
    return figures_of(scored)


def _raw_pages(rows: Sequence[tuple[Sample, GoldPage]], options: Options) -> Iterator[RawPage | Path]:
    for sample, gold in rows:
        try:
            yield replace(read_input(gold, options), url=sample.url)
        except InputError:
            yield gold.path  # fails again where failures are counted


def _scored(gold: GoldPage, outcome: Stripped | Failure, say: Say) -> Scored:
    if isinstance(outcome, Failure):
        say(f"{gold.path}: {outcome.message}")
        return Scored(score_page(gold, Prediction()), None, None)
    return Scored(score_page(gold, _prediction(outcome)), outcome.confidence, sureness(outcome, gold))


def _prediction(page: Stripped) -> Prediction:
    return Prediction(page.text, tuple((verdict.kind, verdict.block.text) for verdict in page.removed))


def _as_json(gold: GoldPage, outcome: Stripped | Failure) -> dict[str, Any]:
    said = Prediction() if isinstance(outcome, Failure) else _prediction(outcome)
    return {"id": gold.id, "text": said.text, "removed": [{"kind": str(k), "text": text} for k, text in said.removed]}


# The command


def main(argv: Sequence[str] | None = None) -> int:
    """Run a cross-validation; return 0 all well, 1 an input failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m stripper.training.crossvalidate", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS", help="folder with gold.jsonl")
    parser.add_argument("-o", dest="folder", type=Path, metavar="DIR", help="where fold models and predictions go")
    parser.add_argument("--models", type=Path, metavar="DIR", help="take the fold models of an earlier run")
    parser.add_argument("--folds", type=int, default=Settings().folds, metavar="N")
    parser.add_argument("--seed", type=int, default=Settings().seed, metavar="N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes, each with the whole dataset")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    typed = parser.parse_args(argv)
    return run_command(lambda: _crossvalidate(typed), table, as_json=typed.json)


def run_command(measure: Callable[[], _Figures], as_table: Callable[[_Figures], str], *, as_json: bool) -> int:
    """Print the figures that `measure` returns; return 0 all well, 1 an input failed, 2 wrong usage."""
    try:
        figures = measure()
    except UsageError as error:
        say_to_stderr(str(error))
        return _USAGE
    except (StripperError, OSError) as error:
        say_to_stderr(str(error))
        return _FAILED
    sys.stdout.write(json.dumps(figures) + "\n" if as_json else as_table(figures))
    return 0


def _crossvalidate(typed: argparse.Namespace) -> Mapping[str, Any]:
    settings = Settings(seed=typed.seed, folds=typed.folds)
    if not settings.folds:
        raise UsageError("--folds: must be at least 2")
    if not typed.models:
        require_torch()
    corpora = read_corpora(typed.corpora, say_to_stderr)
    examples = build_dataset(corpora.samples, typed.jobs, say_to_stderr)
    with TemporaryDirectory(prefix="stripper-folds-") as temporary:
        folder = typed.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, typed.jobs, say_to_stderr)
        if typed.models:
            models = read_models(typed.models, settings.folds, load_model)
        else:
            models = fold_models(examples, settings, base_facts(corpora, settings), bench)
        return validate(corpora, examples, models, bench).figures


def say_to_stderr(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"stripper: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
