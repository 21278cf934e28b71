"""`stripper strip`: clean text and records of pages that are named one by one."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import (
    add_input_options,
    new_file,
    new_folder,
    positive,
    read_mode,
    read_options,
)
from stripper.cli.discovery import MAX_PAGES, Discovery
from stripper.cli.fetching import add_fetch_options, read_fetching
from stripper.cli.outputs import FolderSink, PrintSink, RecordSink, json_lines_file, refuse_inputs
from stripper.cli.spelling import spelled
from stripper.datatypes import Failure
from stripper.errors import UnreadableInput, UsageError
from stripper.pipeline import attempt, failure, fetched, open_for
from stripper.reading import read_stream
from stripper.sites import without_password
from stripper.write import Format, to_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Iterable

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.cli.outputs import Sink
    from stripper.datatypes import Mode, RawPage
    from stripper.fetch.fetcher import Fetcher
    from stripper.options import Options
    from stripper.write import Stripped

DESCRIPTION = """\
Print the clean text of pages: what a reader came for, without menus, ads, boxes and forms.

INPUT is a URL, a file (HTML or text, also gzipped) or - for standard input. Several inputs are printed
under a line with their name: ==> NAME <== (txt), <!-- NAME --> (md); json is one line each.

-o DIR writes NAME.txt (or .md, .json, .html) and the record NAME.json for each input, and NAME.failure.json
for one that fails; a line on stderr counts the failures. A name that another input has already gets a hash.
--record writes one line of JSON for each input; --record - prints the records in place of the texts.

URLs are fetched politely: robots.txt, one request at a time and a pause for each host, no private addresses.

Exit code: 0 all well, 1 an input failed or nothing could be written, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper strip https://example.org/article
  stripper strip page.html --format md --keep comments,byline
  stripper strip *.html -o clean/
  stripper strip --sitemap https://example.org/ --max-pages 200 --cache cache/ -o clean/
  curl -s https://example.org/ | stripper strip - --record removed.json
"""


@dataclass(frozen=True, slots=True)
class StripJob:
    """What to run."""

    inputs: tuple[str, ...]
    discover: Discovery  # more inputs
    options: Options
    mode: Mode | None  # None = by content
    form: Format
    folder: Path | None  # None = standard output
    record: str | None  # a path, "-" = standard output, None = no further records

    def run(self, console: Console) -> int:
        """Strip the inputs one after the other; return the exit code."""
        failed: Counter[str] = Counter()
        with ExitStack() as stack:
            fetcher = stack.enter_context(open_for(self.options)) if self.discover.sources else None
            sources = [*self.inputs, *(self.discover.links(fetcher, self.inputs) if fetcher else ())]
            names = [source.id if isinstance(source, Failure) else source for source in sources]
            sinks = self._open(console, stack, names)
            outcomes = stack.enter_context(closing(strip_inputs(sources, self.options, self.mode, fetcher)))
            for name, outcome in zip(names, outcomes, strict=True):
                _write(sinks, name, outcome)
                if isinstance(outcome, Failure):
                    failed[outcome.error] += 1
                report(outcome, console)
        if failed and self.folder is not None and len(names) > 1:
            classes = ", ".join(f"{count} {name}" for name, count in failed.most_common())
            console.say(f"{failed.total()} of {len(names)} inputs failed: {classes}")
        return 1 if failed else 0

    def _open(self, console: Console, stack: ExitStack, names: list[str]) -> list[Sink]:
        sinks: list[Sink] = []
        taken: frozenset[Path] = frozenset()
        if self.folder is not None:
            folder = FolderSink(self.folder, self.form, names)
            sinks, taken = [folder], folder.paths
        elif self.record != "-":
            sinks = [PrintSink(console, self.form, several=len(names) > 1)]
        if self.record == "-":
            sinks.append(RecordSink(lambda record: console.write(to_json(record) + "\n")))
        elif self.record is not None:
            path = Path(self.record)
            refuse_inputs([path], names)
            if path.absolute() in taken:
                raise UsageError(f"--record {path} is the place of an output of -o; choose another")
            sinks.append(RecordSink(stack.enter_context(json_lines_file(path))))
        return sinks


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "strip", help="clean text and records of pages", description=DESCRIPTION, epilog=EXAMPLES
    )
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="URL, file, or - for standard input")
    parser.add_argument("--feed", action="append", default=[], metavar="URL", help="also the pages of a feed")
    parser.add_argument("--sitemap", action="append", default=[], metavar="URL", help="also the pages of a sitemap")
    parser.add_argument(
        "--max-pages",
        type=positive,
        default=MAX_PAGES,
        metavar="N",
        help="of each feed or sitemap; default: %(default)s",
    )
    parser.add_argument("-o", dest="folder", metavar="DIR", help="write text and record of each input into DIR")
    parser.add_argument("--format", dest="form", choices=[str(form) for form in Format], help="default: txt")
    parser.add_argument("--record", metavar="PATH", help="write the records to PATH, - for standard output")
    add_input_options(parser)
    parser.add_argument("--no-links", action="store_true", help="Markdown without links")
    parser.add_argument("--no-metadata", action="store_true", help="no title, author, date, site: faster")
    add_fetch_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> StripJob:
    """Return what to run for what was typed. Raises UsageError."""
    if typed.inputs.count("-") > 1:
        raise UsageError("INPUT: - may be named once, standard input is read once")
    if typed.folder is None and typed.form is not None and typed.record == "-":
        raise UsageError("--format: --record - prints records in place of texts; add -o DIR for the texts")
    discover = Discovery(tuple(typed.feed), tuple(typed.sitemap), typed.max_pages)
    if not typed.inputs and not discover.sources:
        raise UsageError("INPUT: name a URL, a file, - for standard input, or a --feed or --sitemap")
    form = Format(typed.form or Format.TXT)
    if typed.folder is None and form is Format.HTML and (len(typed.inputs) > 1 or discover.sources):
        raise UsageError("--format: several pages make no HTML document; add -o DIR for one file each")
    return StripJob(
        inputs=tuple(typed.inputs),
        discover=discover,
        options=read_options(
            typed,
            metadata=not typed.no_metadata,
            markdown_links=not typed.no_links,
            **read_fetching(typed),
        ),
        mode=read_mode(typed),
        form=form,
        folder=None if typed.folder is None else new_folder("-o", typed.folder),
        record=typed.record if typed.record in {None, "-"} else str(new_file("--record", typed.record)),
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
    """Return the outcome of a URL, a file, or "-" for standard input. Raises UsageError."""
    (outcome,) = strip_inputs([name], options, mode)
    return outcome


def strip_inputs(
    sources: Iterable[str | Failure], options: Options, mode: Mode | None, fetcher: Fetcher | None = None
) -> Generator[Stripped | Failure, None, None]:
    """Yield the outcome of each source, in order. Raises UsageError."""
    with closing(fetched(map(partial(opened, options=options), sources), options, fetcher)) as ready:
        for source in ready:
            yield attempt(source, options, mode)


def opened(source: str | Failure, options: Options) -> str | RawPage | Failure:
    """Return `source`, standard input read."""
    if source != "-":
        return source
    if sys.stdin is None:
        return failure(source, UnreadableInput(source, "standard input is closed"))
    try:
        return read_stream(sys.stdin.buffer, source, options)
    except Exception as error:  # noqa: BLE001  an input that fails is an outcome, as in `attempt`
        return failure(source, error)


def report(outcome: Stripped | Failure, console: Console) -> None:
    """Say what went wrong."""
    if isinstance(outcome, Failure):
        say_failure(outcome, console)
        return
    for warning in outcome.warnings:
        console.say(f"{outcome.source.id}: {warning}")
    if not any(outcome.segmentation.kept):
        blocks = len(outcome.page.blocks)
        what = "its only block was" if blocks == 1 else f"all {blocks:,} blocks were"
        console.say(f"{outcome.source.id}: nothing is left: {what} removed; `stripper explain` says why")


def say_failure(failed: Failure, console: Console) -> None:
    """Say what went wrong with an input, in words of the command line."""
    console.say(f"{without_password(failed.id)}: {spelled(failed.message)}")
