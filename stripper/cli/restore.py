"""`stripper restore`: the page text out of clean text and record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripper.errors import InvalidRecord, UnsupportedInput
from stripper.reading import read_file
from stripper.write import restore

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console

DESCRIPTION = """\
Print the page text: the clean text with everything that was removed back in its place.

For plain text that is the input, character for character, as UTF-8. TEXT and RECORD are files as
"stripper strip -o DIR" writes them (txt); nothing is printed unless they belong together.
"""

EXAMPLES = """\
examples:
  stripper restore clean/page.txt clean/page.json
  stripper restore clean/page.txt clean/page.json | diff - page.txt
"""


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """What to run."""

    text: str  # path
    record: str  # path

    def run(self, console: Console) -> int:
        """Print the page text; return the exit code."""
        text = _read(self.text)
        try:
            console.write(restore(text, _record(self.record)))
        except InvalidRecord as error:
            raise InvalidRecord(self.record, error.problem) from None
        return 0


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "restore", help="the page text out of clean text and record", description=DESCRIPTION, epilog=EXAMPLES
    )
    parser.add_argument("text", metavar="TEXT", help="file with the clean text")
    parser.add_argument("record", metavar="RECORD", help="file with its record")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> RestoreJob:
    """Return what to run for what was typed."""
    return RestoreJob(typed.text, typed.record)


def _read(path: str) -> str:
    try:
        return read_file(path).data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsupportedInput(path, f"is no UTF-8 (byte {error.start})") from None


def _record(path: str) -> dict[str, Any]:
    text = _read(path)
    try:
        record = json.loads(text)
    except ValueError as error:
        lines = text.strip().count("\n") + 1
        several = f" ({lines} lines; restore takes one record, give a file with that line)" if lines > 1 else ""
        raise InvalidRecord(path, f"is no JSON: {error}{several}") from None
    if not isinstance(record, dict):
        raise InvalidRecord(path, "is no record: a JSON object is expected")
    return record
