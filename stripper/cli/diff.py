"""`stripper diff`: what another version or other options changed, on a page or in a whole batch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.cli.arguments import count
from stripper.cli.changes import change_as_json, change_lines, moves_as_json, moves_table
from stripper.cli.splits import is_record, read_record, read_recorded
from stripper.errors import InvalidRecord, UsageError
from stripper.review.compare import compare, page_text_of
from stripper.review.compare_runs import compare_runs
from stripper.review.runs import open_run
from stripper.review.split import read_entries
from stripper.write import to_json

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.review.compare import Difference
    from stripper.review.compare_runs import RunsDifference

DESCRIPTION = """\
Show which blocks changed sides or kind between two records of a page, or two output folders of "stripper batch":
of another version, another model, other options. By words and kind, with the reasons that removed each block.

A and B are records (NAME.json) or folders. Blocks are matched by their place in the page text, or by their text
where the page itself changed; then the clean texts (NAME.txt) must stand beside the records.

Exit code: 0 compared (whether or not something changed), 1 an input failed, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper diff before/page.json after/page.json
  stripper diff out-2024/ out-2025/ --most 50
  stripper diff before/ after/ --json
"""

_MOST = 20


@dataclass(frozen=True, slots=True)
class RecordsJob:
    """Two records to compare."""

    before: str
    after: str
    most: int  # changes printed
    as_json: bool

    def run(self, console: Console) -> int:
        """Print what changed; return the exit code."""
        (before, text), (after, other) = map(_read, (self.before, self.after))
        texts = None if text is None or other is None else (text, other)
        if page_text_of(before) != page_text_of(after) and texts is None:
            texts = (read_recorded(self.before).text, read_recorded(self.after).text)
        found = compare(before, after, texts)
        if self.as_json:
            console.write(to_json(_as_json(self, found)) + "\n")
            return 0
        console.show(f"{self.before} -> {self.after}: {_headline(found)}", *_settings(before, after))
        for change in found.changes[: self.most]:
            console.show(*change_lines(change))
        if len(found.changes) > self.most:
            console.show(f"... and {len(found.changes) - self.most} more: --most")
        if found.changes:
            console.show("", moves_table(found.words()))
        return 0


@dataclass(frozen=True, slots=True)
class RunsJob:
    """Two batches to compare."""

    before: str
    after: str
    most: int  # pages printed
    as_json: bool

    def run(self, console: Console) -> int:
        """Print what changed; return the exit code."""
        found = compare_runs(open_run(Path(self.before)), open_run(Path(self.after)), self.most)
        if self.as_json:
            console.write(to_json(_runs_as_json(self, found)) + "\n")
            return 0
        console.show(f"{self.before} -> {self.after}: {found.changed} of {found.both} pages in both changed")
        for line in _only(found):
            console.show(line)
        for page in found.most:
            other = "" if page.same_page else ", the page changed"
            console.show(f"  {page.id}: {_counted(page.words, 'word')} in {_counted(page.blocks, 'block')}{other}")
        if found.words:
            console.show("", moves_table(Counter(found.words)))
        return 0


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "diff", help="what changed between two records or two batches", description=DESCRIPTION, epilog=EXAMPLES
    )
    parser.add_argument("before", metavar="A", help="record NAME.json, or a folder of `stripper batch`")
    parser.add_argument("after", metavar="B", help="another one of the same sort")
    parser.add_argument(
        "--most", type=count, default=_MOST, metavar="N", help="changes, or pages, to print; default: %(default)s"
    )
    parser.add_argument("--json", dest="as_json", action="store_true", help="print one JSON object, all changes in it")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> RecordsJob | RunsJob:
    """Return what to run for what was typed. Raises UsageError."""
    folders = [Path(name).is_dir() for name in (typed.before, typed.after)]
    if all(folders):
        return RunsJob(typed.before, typed.after, typed.most, typed.as_json)
    if any(folders) or not (is_record(typed.before) and is_record(typed.after)):
        raise UsageError("A and B: name two records (NAME.json), or two folders of `stripper batch`")
    return RecordsJob(typed.before, typed.after, typed.most, typed.as_json)


def _read(name: str) -> tuple[dict[str, Any], str | None]:
    """Return a record, and its clean text where the file holds it. Raises InputError, which names the file."""
    record, text = read_record(name)
    try:
        read_entries(record)
    except InvalidRecord as error:
        raise InvalidRecord(name, error.problem) from None
    return record, text


def _headline(found: Difference) -> str:
    page = "the same page text" if found.same_page else "the page itself changed"
    blocks = _counted(len(found.changes), "block") if found.changes else "no block"
    return f"{page}, {blocks} changed, {_counted(found.words().total(), 'word')}"


def _settings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return a line for each thing that may explain the changes."""
    out = []
    for name in ("version", "model", "options"):
        values = [record.get("stripper", {}).get(name) for record in (before, after)]
        if values[0] != values[1]:
            first, second = (value[:12] if name == "model" else to_json(value) for value in map(_told, values))
            out.append(f"  {name}: {first} -> {second}")
    return out


def _told(value: Any) -> Any:
    return "unknown" if value is None else value


def _only(found: RunsDifference) -> list[str]:
    counts = (("A", found.only_before), ("B", found.only_after))
    out = [f"  only in {name}: {_counted(count, 'input')}" for name, count in counts if count]
    statuses = sorted(found.statuses.items())
    return out + [f"  {before} -> {after}: {_counted(count, 'input')}" for (before, after), count in statuses]


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _as_json(job: RecordsJob, found: Difference) -> dict[str, Any]:
    return {
        "before": job.before,
        "after": job.after,
        "same_page": found.same_page,
        "words": moves_as_json(found.words()),
        "changes": [change_as_json(change) for change in found.changes],
    }


def _runs_as_json(job: RunsJob, found: RunsDifference) -> dict[str, Any]:
    return {
        "before": job.before,
        "after": job.after,
        "pages": {
            "both": found.both,
            "changed": found.changed,
            "only_before": found.only_before,
            "only_after": found.only_after,
        },
        "statuses": [
            {"before": before, "after": after, "inputs": count}
            for (before, after), count in sorted(found.statuses.items())
        ],
        "words": moves_as_json(found.words),
        "most": [page._asdict() for page in found.most],
    }
