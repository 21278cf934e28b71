"""`stripper report`: a batch in figures, for the browser and as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import new_file, new_folder
from stripper.cli.outputs import refuse_inputs, text_file
from stripper.errors import OutputError
from stripper.review.report import make_report, write_report
from stripper.review.runs import open_run
from stripper.review.tables import to_csv
from stripper.version import __version__

if TYPE_CHECKING:
    import argparse

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.review.report import Report
    from stripper.review.runs import Run

DESCRIPTION = """\
Write one HTML file with the figures of a batch, out of the folder that "stripper batch" wrote: pages by status, words
by kind for each site, language and page type, confidence, the pages to review first, sites of which nearly all was
removed, failures by class, slowest pages. It holds everything it needs and asks for nothing.

With --before, a former run, it also lists the sites whose mix of kinds changed since: probably redesigned.
--csv writes every table, all its rows, into a folder; what a spreadsheet would run as a formula begins with '.

Exit code: 0 all well, 1 the folder could not be read, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper report out/ -o report.html
  stripper report out/ --before last-month/ -o report.html --csv tables/
"""


@dataclass(frozen=True, slots=True)
class ReportJob:
    """What to run."""

    folder: Path
    before: Path | None  # a former run
    output: Path
    tables: Path | None  # folder for CSV

    def run(self, console: Console) -> int:
        """Write the report; return the exit code."""
        del console  # nothing is printed
        run = open_run(self.folder)
        before = open_run(self.before) if self.before else None
        for batch in filter(None, (run, before)):
            self._spare(batch)
        report = make_report(run, before)
        with text_file(self.output) as write:
            write_report(report, write, __version__)
        if self.tables:
            _write_tables(self.tables, report)
        return 0

    def _spare(self, batch: Run) -> None:
        """Raise UsageError where the report would replace a file of a batch."""
        if self.output.exists() and self.output.resolve().is_relative_to(batch.folder.resolve()):
            refuse_inputs([self.output], map(str, batch.files()))


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "report", help="a batch in figures, for the browser", description=DESCRIPTION, epilog=EXAMPLES
    )
    parser.add_argument("folder", metavar="OUT", help="folder of `stripper batch`")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="HTML file to write")
    parser.add_argument("--before", metavar="OUT", help="folder of a former run")
    parser.add_argument("--csv", dest="tables", metavar="DIR", help="also write each table as a CSV file into DIR")
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> ReportJob:
    """Return what to run for what was typed. Raises UsageError."""
    return ReportJob(
        Path(typed.folder),
        None if typed.before is None else Path(typed.before),
        new_file("-o", typed.output),
        None if typed.tables is None else new_folder("--csv", typed.tables),
    )


def _write_tables(folder: Path, report: Report) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    for section in report.sections:
        with text_file(folder / f"{section.table.name}.csv") as write:
            write(to_csv(section.table.columns, section.table.rows))
