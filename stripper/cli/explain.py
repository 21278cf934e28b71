"""`stripper explain`: which block a sentence stands in, whether it stayed, and why."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripper.cli.arguments import add_input_options, read_mode, read_options
from stripper.cli.fetching import add_fetch_options, read_fetching
from stripper.cli.splits import Reading, read_reviewed
from stripper.cli.strip import say_failure
from stripper.datatypes import Failure
from stripper.errors import UsageError
from stripper.review.find import find
from stripper.review.sides import sides
from stripper.write import to_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from rich.text import Text

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.review.find import Found
    from stripper.review.split import Split

DESCRIPTION = """\
Show which block of a page holds a sentence, whether it was kept or removed, and what spoke for and against that.

INPUT is a page, or a record NAME.json with its clean text NAME.txt beside it. White space, case and punctuation
need not agree. Where no block holds the sentence, the blocks that share most of its words are shown.

Exit code: 0 found, 1 not found or the input failed, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper explain page.html "Check Also"
  stripper explain clean/page.json "Check Also" --json
  stripper explain https://example.org/article "the first words of a paragraph that is missing"
"""

_WIDTH = 300  # characters of a block's text shown


@dataclass(frozen=True, slots=True)
class ExplainJob:
    """What to run."""

    input: str
    sentence: str
    reading: Reading
    as_json: bool

    def run(self, console: Console) -> int:
        """Explain the blocks; return the exit code."""
        with closing(read_reviewed([self.input], self.reading)) as inputs:
            reviewed = next(inputs)
        if isinstance(reviewed, Failure):
            say_failure(reviewed, console)
            return 1
        split = reviewed.split
        for warning in split.record["warnings"]:
            console.say(f"{split.id}: {warning}")
        found = find([entry.text for entry in split.entries], self.sentence)
        if not found.exact or not found.blocks:
            closest = "; the closest:" if found.blocks else ""
            console.say(f"{self.input}: no block holds these words{closest}")
        if self.as_json:
            console.write(to_json(_as_json(split, found)) + "\n")
        elif found.blocks:
            console.show(*(line for index in found.blocks for line in _lines(split, index)))
        return 0 if found.blocks else 1


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "explain",
        help="which block holds a sentence, kept or removed, and why",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("input", metavar="INPUT", help="URL, file, record, or - for standard input")
    parser.add_argument("sentence", metavar="SENTENCE", help="words of the page")
    parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON object")
    add_input_options(parser)
    add_fetch_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> ExplainJob:
    """Return what to run for what was typed. Raises UsageError."""
    if not typed.sentence.strip():
        raise UsageError("SENTENCE: is empty, give some words of the page")
    options = read_options(typed, **read_fetching(typed))
    return ExplainJob(typed.input, typed.sentence, Reading(options, read_mode(typed)), typed.as_json)


def _lines(split: Split, index: int) -> Iterator[Text]:
    from rich.text import Text

    entry = split.entries[index]
    fate = Text("kept" if entry.kept else "removed", "bold green" if entry.kept else "bold red")
    sure = f", confidence {entry.confidence:.2f}{', undecided' if entry.undecided else ''}"
    yield Text.assemble(f"block {index} of {len(split.entries)}: ", fate, " as ", (str(entry.kind), "bold"), sure)
    text = " ".join(entry.text.split())
    yield _line("text", text if len(text) <= _WIDTH else text[:_WIDTH] + " ...")
    if entry.xpath:
        yield _line("xpath", entry.xpath)
    agree, against = sides(split, index)
    for rule, evidence in agree:
        yield _line("for" if entry.kept else "reason", f"{rule}: {evidence}")
    for rule, evidence in against:
        yield _line("against", f"{rule}: {evidence}")
    yield Text()


def _line(label: str, text: str) -> Text:
    from rich.text import Text

    return Text.assemble("  ", (f"{label:<7}", "dim"), f" {text}")


def _as_json(split: Split, found: Found) -> dict[str, Any]:
    return {"input": split.id, "exact": found.exact, "blocks": [_block(split, index) for index in found.blocks]}


def _block(split: Split, index: int) -> dict[str, Any]:
    entry = split.entries[index]
    agree, against = sides(split, index)
    return {
        "id": index,
        "of": len(split.entries),
        "kept": entry.kept,
        "kind": str(entry.kind),
        "confidence": entry.confidence,
        "undecided": entry.undecided,
        "text": entry.text,
        "span": list(entry.span),
        "xpath": entry.xpath,
        "for": [reason._asdict() for reason in agree],
        "against": [reason._asdict() for reason in against],
    }
