"""Cross-validation of the model for plain text: every text is stripped by a model that never saw its host.

``python -m stripper.training.line_crossvalidate CORPUS... [-o DIR]`` takes corpora of HTML and of text together, trains
a model for each fold, and prints the figures. With ``--models DIR`` it takes the models of an earlier run. With
``--without TOOL`` no text that this tool made is learned from, so that its figures are those of an unknown tool.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from stripper.errors import UsageError
from stripper.segment.line_network import load_line_model, run_lines, unpack_lines
from stripper.segment.model_file import pack
from stripper.training.corpora import read_corpora
from stripper.training.crossvalidate import Bench, Validation, model_path, read_models, run_command, say_to_stderr
from stripper.training.facts import line_facts
from stripper.training.figures import rows
from stripper.training.folds import fold_of
from stripper.training.line_calibrate import JudgedLines, calibrate_lines
from stripper.training.line_dataset import build_line_examples
from stripper.training.line_figures import line_figures, line_rows, try_sample
from stripper.training.parallel import fit_models
from stripper.training.scrapes import TOOLS
from stripper.training.settings import LineSettings, require_torch
from stripper.training.texts import CLEAN, MADE, texts_of
from stripper.workers import in_processes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stripper.segment.line_network import LineModel
    from stripper.training.corpora import Corpora, Sample
    from stripper.training.line_dataset import LineExample
    from stripper.training.line_figures import Tried


def validate_lines(
    corpora: Corpora, examples: Sequence[LineExample], models: Sequence[LineModel], bench: Bench
) -> Validation:
    """Return what fold models, one per fold, each trained without its own, make of the held-out texts.

    A fold's model is calibrated on the other folds' texts; those are new to their own models too.
    """
    with threadpool_limits(1, user_api="blas"):  # as at run time: more threads sum in another order
        judged = [_judged(model, fold, len(models), examples) for fold, model in enumerate(models)]
    tried: list[Tried] = []
    for fold, model in enumerate(models):
        others = [text for k, texts in enumerate(judged) if k != fold for text in texts]
        facts = calibrate_lines(others, model.facts) | {"fold": [fold, len(models)]}
        path = model_path(bench.folder, fold)
        path.write_bytes(pack(dict(_as_stored(model)), facts))
        mine = [sample for sample in corpora.samples if fold_of(sample.host, len(models)) == fold]
        tried += _try_all(mine, str(path), bench.jobs)
        bench.say(f"fold {fold + 1}: stripped with clean_from {facts['clean_from']}")
    facts = calibrate_lines([text for texts in judged for text in texts], models[0].facts)
    return Validation(facts, line_figures(tried))


def _as_stored(model: LineModel) -> Iterator[tuple[str, Any]]:
    """Yield the arrays as they were unpacked from."""
    import numpy as np

    for name, array in model.weights.items():
        if name == "input.dense":
            yield "input.w", np.concatenate((array, model.weights["input.words"]))
        elif name != "input.words":
            yield name, array


def _try_all(samples: Sequence[Sample], model: str, jobs: int) -> list[Tried]:
    work = partial(try_sample, model=model)
    if jobs == 1:
        return [one for sample in samples for one in work(sample)]
    out: list[Tried] = []
    for _, outcome in in_processes(samples, work, jobs):
        if isinstance(outcome, Exception):
            raise outcome
        out += outcome
    return out


def _judged(model: LineModel, fold: int, folds: int, examples: Sequence[LineExample]) -> list[JudgedLines]:
    """Return what a fold's model says of the texts that it has not seen and whose labels are complete."""
    out = []
    for example in examples:
        made_up = example.source == MADE
        if made_up or not (example.keep_weight > 0).all() or fold_of(example.host, folds) != fold:
            continue
        answer = run_lines(model, example.lines)
        clean = example.source == CLEAN
        out.append(JudgedLines(answer, example.lines.facts, example.words, example.keep, clean))
    return out


def line_fold_models(
    examples: Sequence[LineExample], settings: LineSettings, facts: Mapping[str, Any], bench: Bench
) -> list[LineModel]:
    """Train a model for each fold, as it will be read from its file."""
    fitted = fit_models(examples, range(settings.folds), settings, bench.jobs, bench.say)
    return [unpack_lines(pack(weights, facts), f"fold {fold + 1}") for fold, weights in enumerate(fitted)]


def line_table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the figures of all corpora for people, one a line under the corpus."""
    lines = []
    for name, its in figures.items():
        lines.append(f"{name}: {its['pages']} pages")
        lines += [f"  {label:<48} {value}" for label, value in (*rows(its), *line_rows(its))]
    return "".join(line + "\n" for line in lines)


# The command


def main(argv: Sequence[str] | None = None) -> int:
    """Run a cross-validation; return 0 all well, 1 an input failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m stripper.training.line_crossvalidate", description=__doc__, allow_abbrev=False
    )
    default = LineSettings()
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS", help="folder with gold.jsonl")
    parser.add_argument("-o", dest="folder", type=Path, metavar="DIR", help="where fold models go")
    parser.add_argument("--models", type=Path, metavar="DIR", help="take the fold models of an earlier run")
    parser.add_argument("--without", action="append", default=[], choices=sorted(TOOLS), metavar="TOOL")
    parser.add_argument("--folds", type=int, default=default.folds, metavar="N")
    parser.add_argument("--seed", type=int, default=default.seed, metavar="N")
    parser.add_argument("--epochs", type=int, default=default.epochs, metavar="N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    typed = parser.parse_args(argv)
    return run_command(lambda: _crossvalidate(typed), line_table, as_json=typed.json)


def _crossvalidate(typed: argparse.Namespace) -> Mapping[str, Any]:
    settings = LineSettings(seed=typed.seed, folds=typed.folds, epochs=typed.epochs)
    if not settings.folds:
        raise UsageError("--folds: must be at least 2")
    require_torch()
    corpora = read_corpora(typed.corpora, say_to_stderr, mixed=True)
    with TemporaryDirectory(prefix="stripper-folds-") as temporary:
        folder = typed.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, typed.jobs, say_to_stderr)
        examples = build_line_examples(
            texts_of(corpora.samples, settings.folds, typed.jobs, say_to_stderr), typed.jobs, say_to_stderr
        )
        if typed.models:
            models = read_models(typed.models, settings.folds, load_line_model)
        else:
            known = [example for example in examples if example.source not in typed.without]
            models = line_fold_models(known, settings, line_facts(corpora, settings), bench)
        return validate_lines(corpora, examples, models, bench).figures


if __name__ == "__main__":
    sys.exit(main())
