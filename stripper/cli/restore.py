"""`stripper restore`: the page text out of clean text and record, or some kinds of junk back in place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import read_kinds
from stripper.cli.splits import read_record, read_text
from stripper.errors import InvalidRecord, UsageError
from stripper.review.removed_texts import BLOCKS, RemovedTexts
from stripper.write import restore

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.datatypes import Kind

DESCRIPTION = """\
Print the page text: the clean text with everything that was removed back in its place.

For plain text that is the input, character for character, as UTF-8. TEXT and RECORD are files as
"stripper strip -o DIR" writes them (txt); nothing is printed unless they belong together. Records of
"stripper batch --blocks" need --blocks OUT, the folder with blocks.jsonl.

--kind puts these kinds back and no others: the text that "stripper strip --keep KINDS" would have given.
"""

EXAMPLES = """\
examples:
  stripper restore clean/page.txt clean/page.json
  stripper restore clean/page.txt clean/page.json | diff - page.txt
  stripper restore clean/page.txt clean/page.json --blocks clean/
  stripper restore --kind comments,byline clean/page.txt clean/page.json
"""


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """What to run."""

    text: str  # path
    record: str  # path
    kinds: frozenset[Kind] | None  # None = all that was removed
    blocks: str | None  # folder with the removed texts, where the record refers to them

    def run(self, console: Console) -> int:
        """Print the page text; return the exit code."""
        text = read_text(self.text)
        record, _ = read_record(self.record)
        if self.blocks is not None:
            texts = RemovedTexts(Path(self.blocks))
            if not texts.is_there:
                raise UsageError(
                    f"--blocks: {self.blocks} is no folder of `stripper batch --blocks`, it has no {BLOCKS}"
                )
            record = dict(texts.filled(record))
        try:
            console.write(restore(text, record, self.kinds))
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
    parser.add_argument(
        "--kind", action="append", default=[], metavar="KINDS", help="what to put back; default: everything"
    )
    parser.add_argument("--blocks", metavar="OUT", help="output folder of `stripper batch --blocks`")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> RestoreJob:
    """Return what to run for what was typed. Raises UsageError."""
    kinds = read_kinds("--kind", typed.kind) if typed.kind else None
    return RestoreJob(typed.text, typed.record, kinds, typed.blocks)
