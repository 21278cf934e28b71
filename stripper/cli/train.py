"""`stripper train`: a model of your own from labelled pages."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import positive
from stripper.datatypes import Mode
from stripper.errors import OutputError, UsageError
from stripper.training.settings import LineSettings, Settings, require_torch
from stripper.write import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console

DESCRIPTION = """\
Train a model on labelled pages, for "stripper strip --model MODEL" and all that strips.

CORPUS is a folder with gold.jsonl, one page a line, and the inputs html/ID.html.gz or txt/ID.txt: the format of
"stripper eval"; or labelled pages as "stripper review" saves them (*.labelled.jsonl, one or a folder of them).
A line teaches by what it holds: "text" (what stays), "blocks" (text and kind of every block),
"with"/"without" (snippets), "type" (of the page), "title" (the headline that "text" leaves out). The same page
may be in several corpora. HTML and plain text need a model each: with --text, or where all corpora are text, the
model is for plain text; HTML corpora teach it too, by what seven other tools make of their pages.

Before the model itself, one model for each fold of the pages (by host) is trained without that fold. They tell
what may be expected of new pages, and calibrate the model. The figures are printed, and with everything else that
is known of the model they are written beside it, into a file of its name that ends in .md.

Needs torch (and those tools): pip install 'boilerplate-stripper[train]'. 2,000 pages take about 5 minutes a fold.
The same corpora and options give the same model.
"""

EXAMPLES = """\
examples:
  stripper train corpora/ours -o ours.model
  stripper train corpora/ours corpora/our-texts --text -o texts.model
  stripper train corpora/ours corpora/wcxb -o both.model --jobs 2 --credit "wcxb=WCXB v1.0, CC-BY-4.0, M. Foley"
"""


@dataclass(frozen=True, slots=True)
class TrainJob:
    """What to run."""

    corpora: tuple[Path, ...]
    model: Path
    settings: Settings | LineSettings
    jobs: int  # processes
    credits: Mapping[str, str]  # by the corpus' name

    def run(self, console: Console) -> int:
        """Train, write model and card, print the figures; return the exit code."""
        require_torch()
        from stripper.segment.model_file import parse
        from stripper.training.card import card
        from stripper.training.corpora import read_corpora
        from stripper.training.train import train, train_lines

        mixed = isinstance(self.settings, LineSettings)
        corpora = read_corpora(self.corpora, console.say, self.credits, mixed=mixed)
        settings = self.settings if mixed or corpora.mode is Mode.HTML else _for_text(self.settings)
        if isinstance(settings, LineSettings):
            trained = train_lines(corpora, settings, self.jobs, console.say)
        else:
            trained = train(corpora, settings, self.jobs, console.say)
        name = self.model.name
        _write(self.model, trained.data)
        _write(self.model.with_suffix(".md"), card({name: parse(trained.data, name)}).encode())
        console.write(trained.table)
        return 0


def _for_text(settings: Settings | LineSettings) -> LineSettings:
    """Return the settings of a model for plain text, where the corpora turned out to hold nothing else."""
    if settings.changed().keys() - {"seed", "folds"}:
        raise UsageError("--epochs: one number for plain text, as in --text --epochs 16")
    return LineSettings(settings.seed, settings.folds)


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser("train", help="a model of your own", description=DESCRIPTION, epilog=EXAMPLES)
    default, for_text = Settings(), LineSettings()
    epochs = (default.keep_epochs, default.kind_epochs, default.self_epochs)
    parser.add_argument("corpora", nargs="+", metavar="CORPUS", help="folder with gold.jsonl, or labelled pages")
    parser.add_argument("-o", dest="model", required=True, metavar="MODEL", help="file to write")
    parser.add_argument("--text", action="store_true", help="a model for plain text; HTML corpora may be among CORPUS")
    parser.add_argument("--seed", type=_number, default=default.seed, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--epochs", type=_epochs, default=(), metavar="N,N,N",
        help="passes over the pages: for keeping, for kinds, for kinds with labels of its own; default: "
        f"{','.join(map(str, epochs))}; with --text one number, default: {for_text.epochs}",
    )  # fmt: skip
    parser.add_argument(
        "--folds", type=_number, default=default.folds, metavar="N",
        help="of the cross-validation, 0 for none: no figures, no calibration; default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N",
        help="processes, each with all pages in memory (2,000 pages: 1 GB); default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--credit", action="append", default=[], type=_credit, metavar="NAME=LINE",
        help="whose pages and labels a corpus holds, for the model's card",
    )  # fmt: skip
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> TrainJob:
    """Return what to run for what was typed. Raises UsageError."""
    folders = tuple(map(Path, typed.corpora))
    for folder in folders:
        if not folder.exists():
            raise UsageError(f"CORPUS: {folder} is not there")
    model = Path(typed.model)
    if model.is_dir() or not model.parent.is_dir():
        raise UsageError(f"-o: {model} is no place for a file")
    if model.suffix == ".md":
        raise UsageError(f"-o: {model} is the place of the model's card; name it {model.with_suffix('.model')}")
    try:
        settings = _settings(typed)
    except UsageError as error:
        raise UsageError(f"--{error}") from None
    return TrainJob(folders, model, settings, typed.jobs, dict(typed.credit))


def _settings(typed: argparse.Namespace) -> Settings | LineSettings:
    names = ("epochs",) if typed.text else ("keep_epochs", "kind_epochs", "self_epochs")
    if typed.epochs and len(typed.epochs) != len(names):
        wanted = "one number is expected with" if typed.text else "three numbers are expected without"
        raise UsageError(f"epochs: {wanted} --text")
    epochs = dict(zip(names, typed.epochs, strict=False))
    sort = LineSettings if typed.text else Settings
    return sort(seed=typed.seed, folds=typed.folds, **epochs)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 up")
    return int(text)


def _epochs(text: str) -> tuple[int, ...]:
    return tuple(map(_number, text.split(",")))


def _credit(text: str) -> tuple[str, str]:
    name, sign, line = text.partition("=")
    if not (name and sign and line.strip()):
        raise argparse.ArgumentTypeError(f"{text!r}: NAME=LINE is expected, as in 'ours=our own pages and labels'")
    return name, line.strip()


def _write(path: Path, data: bytes) -> None:
    try:
        write_file(path, data)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
