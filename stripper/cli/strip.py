"""`stripper strip`: clean text and records of pages that are named one by one."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import add_input_options, read_mode, read_options
from stripper.cli.outputs import FolderSink, Format, PrintSink, RecordSink, json_lines_file, refuse_inputs
from stripper.datatypes import Failure
from stripper.errors import UnreadableInput, UsageError
from stripper.pipeline import attempt, failure, read_stream
from stripper.write import to_json

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.cli.outputs import Sink
    from stripper.datatypes import Mode
    from stripper.options import Options
    from stripper.write import Stripped

DESCRIPTION = """\
Print the clean text of pages: what a reader came for, without menus, ads, boxes and forms.

INPUT is a URL, a file (HTML or text, also gzipped) or - for standard input. Several inputs are printed
under a line with their name: ==> NAME <== (txt), <!-- NAME --> (md); json is one line each.

-o DIR writes NAME.txt (or .md, .json, .html) and the record NAME.json for each input, and NAME.failure.json
for one that fails. A name that another input has already gets a hash. --record writes one line of JSON for
each input; --record - prints the records in place of the texts.

Exit code: 0 all well, 1 an input failed or nothing could be written, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper strip https://example.org/article
  stripper strip page.html --format md --keep comments,byline
  stripper strip *.html -o clean/
  curl -s https://example.org/ | stripper strip - --record removed.json
"""


@dataclass(frozen=True, slots=True)
class StripJob:
    """What to run."""

    inputs: tuple[str, ...]
    options: Options
    mode: Mode | None  # None = by content
    form: Format
    folder: Path | None  # None = standard output
    record: str | None  # a path, "-" = standard output, None = no further records

    def run(self, console: Console) -> int:
        """Strip the inputs one after the other; return the exit code."""
        failed = False
        with ExitStack() as stack:
            sinks = self._open(console, stack)
            for name in self.inputs:
                outcome = strip_input(name, self.options, self.mode)
                _write(sinks, name, outcome)
                failed = failed or isinstance(outcome, Failure)
                report(outcome, console)
        return 1 if failed else 0

    def _open(self, console: Console, stack: ExitStack) -> list[Sink]:
        sinks: list[Sink] = []
        taken: frozenset[Path] = frozenset()
        if self.folder is not None:
            folder = FolderSink(self.folder, self.form, self.inputs)
            sinks, taken = [folder], folder.paths
        elif self.record != "-":
            sinks = [PrintSink(console, self.form, several=len(self.inputs) > 1)]
        if self.record == "-":
            sinks.append(RecordSink(lambda record: console.write(to_json(record) + "\n")))
        elif self.record is not None:
            path = Path(self.record)
            refuse_inputs([path], self.inputs)
            if path.absolute() in taken:
                raise UsageError(f"--record {path} is the place of an output of -o; choose another")
            sinks.append(RecordSink(stack.enter_context(json_lines_file(path))))
        return sinks


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "strip", help="clean text and records of pages", description=DESCRIPTION, epilog=EXAMPLES
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="URL, file, or - for standard input")
    parser.add_argument("-o", dest="folder", metavar="DIR", help="write text and record of each input into DIR")
    parser.add_argument("--format", dest="form", choices=[str(form) for form in Format], help="default: txt")
    parser.add_argument("--record", metavar="PATH", help="write the records to PATH, - for standard output")
    add_input_options(parser)
    parser.add_argument("--no-links", action="store_true", help="Markdown without links")
    parser.add_argument("--no-metadata", action="store_true", help="no title, author, date, site: faster")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> StripJob:
    """Return what to run for what was typed. Raises UsageError."""
    if typed.inputs.count("-") > 1:
        raise UsageError("INPUT: - may be named once, standard input is read once")
    if typed.folder is None and typed.form is not None and typed.record == "-":
        raise UsageError("--format: --record - prints records in place of texts; add -o DIR for the texts")
    form = Format(typed.form or Format.TXT)
    if typed.folder is None and form is Format.HTML and len(typed.inputs) > 1:
        raise UsageError("--format: several pages make no HTML document; add -o DIR for one file each")
    return StripJob(
        inputs=tuple(typed.inputs),
        options=read_options(typed, metadata=not typed.no_metadata, markdown_links=not typed.no_links),
        mode=read_mode(typed),
        form=form,
        folder=None if typed.folder is None else Path(typed.folder),
        record=typed.record,
    )


def _write(sinks: list[Sink], name: str, outcome: Stripped | Failure) -> None:
    """Write to each sink; a pipe that nobody reads any more is left out, and when it was the last, that's the end."""
    for sink in list(sinks):
        try:
            sink.add(name, outcome)
        except BrokenPipeError:
            sinks.remove(sink)
            if not sinks:
                raise


def strip_input(name: str, options: Options, mode: Mode | None) -> Stripped | Failure:
    """Return the outcome of a URL, a file, or "-" for standard input."""
    if name != "-":
        return attempt(name, options, mode)
    if sys.stdin is None:
        return failure(name, UnreadableInput(name, "standard input is closed"))
    try:
        return attempt(read_stream(sys.stdin.buffer, name, options), options, mode)
    except Exception as error:  # noqa: BLE001  an input that fails is an outcome, as in `attempt`
        return failure(name, error)


def report(outcome: Stripped | Failure, console: Console) -> None:
    """Say what went wrong."""
    if isinstance(outcome, Failure):
        console.say(f"{outcome.id}: {outcome.message}")
    else:
        for warning in outcome.warnings:
            console.say(f"{outcome.source.id}: {warning}")
