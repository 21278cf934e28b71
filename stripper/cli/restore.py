"""`stripper restore`: the page text out of clean text and record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.errors import InvalidRecord, UnreadableInput, UnsupportedInput
from stripper.reading import read_file
from stripper.write import restore
from stripper.write.blocks import with_texts

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console

DESCRIPTION = """\
Print the page text: the clean text with everything that was removed back in its place.

For plain text that is the input, character for character, as UTF-8. TEXT and RECORD are files as
"stripper strip -o DIR" writes them (txt); nothing is printed unless they belong together. Records of
"stripper batch --blocks" need the file blocks.jsonl beside.
"""

EXAMPLES = """\
examples:
  stripper restore clean/page.txt clean/page.json
  stripper restore clean/page.txt clean/page.json | diff - page.txt
  stripper restore clean/page.txt clean/page.json --blocks clean/blocks.jsonl
"""


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """What to run."""

    text: str  # path
    record: str  # path
    blocks: str | None  # path of the removed texts, where the record refers to them

    def run(self, console: Console) -> int:
        """Print the page text; return the exit code."""
        text = _read(self.text)
        try:
            record = _record(self.record)
            if self.blocks is not None:
                record = with_texts(record, _texts(self.blocks, record).__getitem__)
            console.write(restore(text, record))
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
    parser.add_argument("--blocks", metavar="FILE", help="blocks.jsonl of `stripper batch --blocks`")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> RestoreJob:
    """Return what to run for what was typed."""
    return RestoreJob(typed.text, typed.record, typed.blocks)


def _read(path: str) -> str:
    try:
        return read_file(path).data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsupportedInput(path, f"is no UTF-8 (byte {error.start})") from None


def _texts(path: str, record: dict[str, Any]) -> dict[str, str]:
    """Return the texts that a record refers to, read line by line: the file may be large."""
    wanted = {item.get("block") for item in record.get("removed", ())}
    texts = {}
    try:
        with Path(path).open("rb") as lines:
            for line in lines:
                block = json.loads(line)
                if block["block"] in wanted:
                    texts[block["block"]] = block["text"]
    except OSError as error:
        raise UnreadableInput(path, f"cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UnsupportedInput(path, f"is no blocks.jsonl ({type(error).__name__}: {error})") from None
    return texts


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
