"""`stripper train`: a model of your own from labelled pages."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import positive
from stripper.errors import OutputError, UsageError
from stripper.training.settings import Settings, require_torch
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
may be in several corpora. All are HTML, or all are text: each needs a model of its own.

Before the model itself, one model for each fold of the pages (by host) is trained without that fold. They tell
what may be expected of new pages, and calibrate the model. The figures are printed, and with everything else that
is known of the model they are written beside it, into a file of its name that ends in .md.

Needs torch: pip install 'boilerplate-stripper[train]'. 2,000 pages take about 5 minutes for each fold.
The same corpora and options give the same model.
"""

EXAMPLES = """\
examples:
  stripper train corpora/ours -o ours.model
  stripper train corpora/ours corpora/wcxb -o both.model --jobs 2 --credit "wcxb=WCXB v1.0, CC-BY-4.0, M. Foley"
"""


@dataclass(frozen=True, slots=True)
class TrainJob:
    """What to run."""

    corpora: tuple[Path, ...]
    model: Path
    settings: Settings
    jobs: int  # processes
    credits: Mapping[str, str]  # by the corpus' name

    def run(self, console: Console) -> int:
        """Train, write model and card, print the figures; return the exit code."""
        require_torch()
        from stripper.segment.network import unpack
        from stripper.training.card import card
        from stripper.training.corpora import read_corpora
        from stripper.training.figures import table
        from stripper.training.train import train

        corpora = read_corpora(self.corpora, console.say, self.credits)
        trained = train(corpora, self.settings, self.jobs, console.say)
        name = self.model.name
        _write(self.model, trained.data)
        _write(self.model.with_suffix(".md"), card({name: unpack(trained.data, name)}).encode())
        console.write(table(trained.figures))
        return 0


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser("train", help="a model of your own", description=DESCRIPTION, epilog=EXAMPLES)
    default = Settings()
    epochs = (default.keep_epochs, default.kind_epochs, default.self_epochs)
    parser.add_argument("corpora", nargs="+", metavar="CORPUS", help="folder with gold.jsonl, or labelled pages")
    parser.add_argument("-o", dest="model", required=True, metavar="MODEL", help="file to write")
    parser.add_argument("--seed", type=_number, default=default.seed, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--epochs", type=_epochs, default=epochs, metavar="N,N,N",
        help="passes over the pages: for keeping, for kinds, for kinds with labels of its own; default: "
        + ",".join(map(str, epochs)),
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
    keep, kind, own = typed.epochs
    try:
        settings = Settings(typed.seed, typed.folds, keep_epochs=keep, kind_epochs=kind, self_epochs=own)
    except UsageError as error:
        raise UsageError(f"--{error}") from None
    return TrainJob(folders, model, settings, typed.jobs, dict(typed.credit))


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 up")
    return int(text)


def _epochs(text: str) -> tuple[int, int, int]:
    try:
        keep, kind, own = map(_number, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: three numbers are expected, as in 6,16,5") from None
    return keep, kind, own


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
