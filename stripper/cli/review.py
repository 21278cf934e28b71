"""`stripper review`: what was removed from a page, as a file for the browser."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stripper.cli.arguments import add_input_options, new_file, read_mode, read_options
from stripper.cli.fetching import add_fetch_options, read_fetching
from stripper.cli.outputs import refuse_inputs, text_file
from stripper.cli.splits import Reading, is_record, places_of_page, read_reviewed, text_beside
from stripper.cli.strip import say_failure
from stripper.datatypes import Failure
from stripper.errors import UsageError
from stripper.review.page import write_review
from stripper.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.review.page import Reviewed

DESCRIPTION = """\
Write one HTML file that shows what became of each block of a page: what stays as text, what went coloured by its
kind, with reasons and confidence. It holds everything it needs and asks for nothing, so it works from the disk.

INPUT is a URL, a file, - for standard input, or a record NAME.json with its clean text NAME.txt beside it, as
"stripper strip -o DIR" writes them. Several inputs get an index with a picture of each page.

In the browser the kind of a block can be corrected, and the page saved as a labelled page: a file
ID.labelled.jsonl that "stripper eval" and "stripper train" read, alone or many in a folder.

Exit code: 0 all well, 1 an input failed (it is in the index), 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper review page.html -o review.html
  stripper review clean/*.json -o review.html
  stripper review https://example.org/a https://example.org/b -o review.html
"""


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """What to run."""

    inputs: tuple[str, ...]
    output: Path
    reading: Reading

    def run(self, console: Console) -> int:
        """Write the review; return the exit code."""
        outcomes: Counter[str] = Counter()
        with closing(read_reviewed(self.inputs, self.reading)) as pages, text_file(self.output) as write:
            write_review(self._told(pages, outcomes, console), write, __version__)
        return 1 if outcomes["failed"] else 0

    def _told(
        self, pages: Iterable[Reviewed | Failure], outcomes: Counter[str], console: Console
    ) -> Iterator[Reviewed | Failure]:
        """Yield the pages; a failure is told as it comes. Raises UsageError where the review would replace a page."""
        for name, page in zip(self.inputs, pages, strict=True):
            if isinstance(page, Failure):
                outcomes["failed"] += 1
                say_failure(page, console)
            elif is_record(name):  # it names its page: known only now
                refuse_inputs([self.output], map(str, places_of_page(page.split, name)))
            yield page


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "review",
        help="what was removed, for the browser; takes corrections",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="URL, file, record, or - for standard input")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="HTML file to write")
    add_input_options(parser)
    add_fetch_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> ReviewJob:
    """Return what to run for what was typed. Raises UsageError."""
    if typed.inputs.count("-") > 1:
        raise UsageError("INPUT: - may be named once, standard input is read once")
    output = new_file("-o", typed.output)
    refuse_inputs([output], [*typed.inputs, *(str(text_beside(name)) for name in typed.inputs if is_record(name))])
    options = read_options(typed, metadata=True, **read_fetching(typed))
    return ReviewJob(tuple(typed.inputs), output, Reading(options, read_mode(typed)))
