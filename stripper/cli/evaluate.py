"""`stripper eval`: scores on labelled pages."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.cli.arguments import add_input_options, new_file, positive, read_mode, read_options
from stripper.cli.outputs import json_lines_file
from stripper.datatypes import Failure, Kind, RawPage
from stripper.errors import InputError, UnreadableInput, UsageError
from stripper.evaluation import Prediction, open_corpus, read_input, score_page, summarize
from stripper.pipeline import strip_many

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.datatypes import Mode
    from stripper.evaluation import Corpus
    from stripper.options import Options
    from stripper.write import Stripped

DESCRIPTION = """\
Strip the labelled pages of a corpus and print how much of it is right.

CORPUS is a folder with gold.jsonl, one page a line, and the inputs html/ID.html.gz or txt/ID.txt; or a labelled
page as "stripper review" saves it (*.labelled.jsonl), or a folder of those. What a line
holds decides the scores: "text" (word F1, macro over pages, and shingle F1), "with"/"without" (snippet F1), "blocks"
(word F1 for each kind of junk). Texts without blocks leave the headline out, so it is dropped for them.

A page that fails counts as empty. Exit code: 0 all well, 1 a page failed, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper eval corpora/wcxb-dev --by-type --worst 20
  stripper eval labelled/
  stripper eval corpora/kinds-dev --json --predictions predictions.jsonl
"""


@dataclass(frozen=True, slots=True)
class EvalJob:
    """What to run."""

    corpus: Path
    options: Options
    mode: Mode | None
    jobs: int  # processes
    by_type: bool
    worst: int  # pages to list
    as_json: bool
    predictions: Path | None  # where to write what was predicted

    def run(self, console: Console) -> int:
        """Strip, score and print; return the exit code."""
        corpus = open_corpus(self.corpus)
        if not corpus.pages:
            raise UnreadableInput(str(self.corpus), "holds no labelled page")
        options = self.options
        if any(page.without_title for page in corpus.pages):
            options = replace(options, drop=options.drop | {Kind.TITLE})
        outcomes = strip_many(_inputs(corpus, options), options=options, jobs=self.jobs, as_=self.mode)
        scores, missing = [], 0
        with ExitStack() as stack:
            keep = stack.enter_context(json_lines_file(self.predictions)) if self.predictions else None
            for gold, outcome in zip(corpus.pages, outcomes, strict=True):
                if isinstance(outcome, Failure):
                    missing += 1
                    scores.append(score_page(gold, Prediction()))
                    console.say(f"{gold.path}: {outcome.message}")
                else:
                    scores.append(score_page(gold, _prediction(outcome)))
                    if keep:
                        keep(_as_json(gold.id, _prediction(outcome)))
                console.progress(len(scores), len(corpus.pages))
        console.end_progress()
        figures = summarize(scores, missing=missing, by_type=self.by_type, worst=self.worst)
        console.write(json.dumps(figures) + "\n" if self.as_json else _table(str(self.corpus), figures))
        return 1 if missing else 0


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser("eval", help="scores on labelled pages", description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument("corpus", metavar="CORPUS", help="folder with gold.jsonl, or labelled pages")
    parser.add_argument("--by-type", action="store_true", help="word F1 for each type of page")
    parser.add_argument(
        "--worst", type=positive, default=0, metavar="N", help="list the N pages with the lowest word F1"
    )
    parser.add_argument("--json", dest="as_json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument(
        "--jobs", type=positive, default=_processors(), metavar="N", help="processes; default: %(default)s"
    )
    parser.add_argument("--predictions", metavar="FILE", help="write text and removed blocks of each page, JSON lines")
    add_input_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> EvalJob:
    """Return what to run for what was typed. Raises UsageError."""
    folder = Path(typed.corpus)
    if not folder.exists():
        raise UsageError(f"CORPUS: {folder} is not there")
    return EvalJob(
        corpus=folder,
        options=read_options(typed),
        mode=read_mode(typed),
        jobs=typed.jobs,
        by_type=typed.by_type,
        worst=typed.worst,
        as_json=typed.as_json,
        predictions=new_file("--predictions", typed.predictions) if typed.predictions else None,
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _inputs(corpus: Corpus, options: Options) -> Iterator[RawPage | Path]:
    for page in corpus.pages:
        try:
            yield read_input(page, options)
        except InputError:
            yield page.path  # fails again where failures are counted


def _prediction(page: Stripped) -> Prediction:
    return Prediction(page.text, tuple((v.kind, v.block.text) for v in page.removed))


def _as_json(name: str, prediction: Prediction) -> dict[str, Any]:
    removed = [{"kind": str(kind), "text": text} for kind, text in prediction.removed]
    return {"id": name, "text": prediction.text, "removed": removed}


def _table(name: str, figures: dict[str, Any]) -> str:
    lines = [f"{name}: {figures['pages']} pages, {figures['missing']} failed"]
    for key, label in (("word", "words"), ("shingle", "shingles"), ("snippet", "snippets"), ("kept", "kept words")):
        if key in figures:
            lines.append(f"  {label:<14} {_prf(figures[key], 4)}")
    for kind, (f1, pages) in figures.get("word_f1_by_type", {}).items():
        lines.append(f"    {kind:<14} F1 {f1:.4f}  {pages} pages")
    if "kinds" in figures:
        kinds = figures["kinds"]
        lines.append(f"  {'kinds':<14} F1 {kinds['micro_f1']:.4f} micro, {kinds['macro_f1']:.4f} macro")
        lines += [f"    {kind:<14} {_prf(row, 3)}  {row['words']} words" for kind, row in kinds["each"].items()]
    lines += [f"  {f1:.3f}  {page}  {kind or ''}".rstrip() for f1, page, kind in figures.get("worst", [])]
    return "\n".join(lines) + "\n"


def _prf(row: dict[str, float], digits: int) -> str:
    return f"F1 {row['f1']:.{digits}f}  P {row['p']:.{digits}f}  R {row['r']:.{digits}f}"
