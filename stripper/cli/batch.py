"""`stripper batch`: folders, archives and tables, every input accounted for."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli.arguments import add_input_options, positive, read_mode, read_options
from stripper.cli.fetching import add_fetch_options, read_fetching, seconds
from stripper.errors import UsageError
from stripper.options import WorkOptions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from stripper.batch.settings import Settings
    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.cli.progress import Progress
    from stripper.workers import Stop

DESCRIPTION = """\
Strip many pages into a folder. Every input has a row in OUT/manifest.jsonl: ok, failed or skipped, and why.

INPUT is a folder (all pages below it), a file, a URL, - for standard input, an archive (.warc, .arc, also .gz, .zst), a
table (.jsonl, .jsonl.gz, .jsonl.zst, .parquet) with the columns url and html or text, or @LIST, a file with one path or
URL a line. txt, md and html write NAME.txt and the record NAME.json for each page, in folders like those of the inputs;
jsonl and parquet write pages and records into shards. OUT/summary.json has the whole in figures.

Before it strips, a batch looks at up to 200 pages of each site and learns which blocks repeat there; --profiles DIR
keeps what it learns for later runs, which use it too.

Killed at any moment, the same command goes on where it was: what is done is not done again, what changed is. Ctrl-C
finishes the pages under way and ends; a second one ends at once.

Exit code: 0 all well, 1 an input failed or nothing could be written, 2 wrong usage, 130 interrupted, 143 terminated.
"""

EXAMPLES = """\
examples:
  stripper batch pages/ -o clean
  stripper batch crawl-*.warc.gz -o clean --format jsonl.gz --jobs 8
  stripper batch pages.parquet --columns html=body,url=link -o clean --format parquet
  stripper batch @urls.txt -o clean --contact you@example.org
  stripper batch pages/ -o clean --retry-failed
"""

_INTERRUPTED, _TERMINATED = 130, 143
_OVERDUE = 12.0  # seconds after a signal: what was under way has had its 10
_MEGABYTE = 1_000_000
_DEFAULTS = WorkOptions()


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What to run."""

    settings: Settings

    def run(self, console: Console) -> int:
        """Run the batch; return the exit code."""
        from stripper.batch.run import run_batch
        from stripper.cli.progress import Progress, print_summary
        from stripper.workers import Stop

        stop = Stop()
        with Progress(console) as progress, _asking(stop, console, progress) as asked:
            result = run_batch(self.settings, progress, stop)
        print_summary(result.summary, console)
        if not result.complete:
            console.say("stopped; the same command goes on")
            return asked[0]
        return 1 if result.failed else 0


@contextmanager
def _asking(stop: Stop, console: Console, progress: Progress) -> Iterator[list[int]]:
    """Let the first SIGINT or SIGTERM ask `stop` and the next one end the process; yield the exit codes so far.

    Where the process still waits, e.g. for a server, a little after `stop` has become overdue, it ends then.
    """
    codes: list[int] = []
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield codes
        return

    def handle(number: int, _frame: object) -> None:
        code = _INTERRUPTED if number == signal.SIGINT else _TERMINATED
        if stop.asked:
            raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(code)
        codes.append(code)
        stop.ask()
        signal.setitimer(signal.ITIMER_REAL, _OVERDUE, 1.0)
        console.say("stopping: pages under way are finished; once more ends at once")

    def give_up(_number: int, _frame: object) -> None:
        if not progress.writing:
            raise SystemExit(codes[0])

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, give_up)
    try:
        yield codes
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "batch", help="folders, archives and tables of pages", description=DESCRIPTION, epilog=EXAMPLES
    )
    add = parser.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="folder, file, URL, archive, table, @LIST or -")
    add("-o", dest="out", metavar="OUT", required=True, help="the output folder; one that a batch has begun goes on")
    add(
        "--format",
        dest="form",
        default="txt",
        choices=["txt", "md", "html", "jsonl", "jsonl.gz", "jsonl.zst", "parquet"],
        help="default: %(default)s",
    )
    add("--jobs", type=positive, metavar="N", help="worker processes; default: one for each processor")
    add("--include", action="append", default=[], metavar="GLOB", help="of a folder only these files (* matches / too)")
    add("--exclude", action="append", default=[], metavar="GLOB", help="of a folder not these files")
    add("--follow", action="store_true", help="follow symbolic links in folders")
    add("--columns", default="", metavar="NAMES", help="a table's columns, e.g. html=body,url=link,text=plain,id=key")
    add("--shard-inputs", type=positive, default=1000, metavar="N", help="inputs of one shard; default: %(default)s")
    add("--blocks", action="store_true", help="removed texts once, in OUT/blocks.jsonl; records refer to them by hash")
    add("--no-templates", action="store_true", help="don't look for what repeats on a site")
    add("--retry-failed", action="store_true", help="try again what failed before")
    add(
        "--page-seconds",
        type=seconds,
        default=_DEFAULTS.page_seconds,
        metavar="S",
        help="CPU time of one page, at most; default: %(default)g",
    )
    add(
        "--page-memory",
        type=positive,
        default=_DEFAULTS.page_memory // _MEGABYTE,
        metavar="MB",
        help="memory of one page, at most; default: %(default)s",
    )
    add_input_options(parser)
    add("--no-links", action="store_true", help="Markdown without links")
    add("--no-metadata", action="store_true", help="no title, author, date, site: faster")
    add_fetch_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> BatchJob:
    """Return what to run for what was typed. Raises UsageError."""
    from stripper.batch.forms import Form
    from stripper.batch.settings import Settings
    from stripper.batch.walk import Choice

    if len({"-", "@-"} & set(typed.inputs)) > 1 or any(typed.inputs.count(name) > 1 for name in ("-", "@-")):
        raise UsageError("INPUT: standard input is read once; name - or @- one time")
    options = read_options(
        typed,
        metadata=not typed.no_metadata,
        markdown_links=not typed.no_links,
        profiles=None,  # the batch's own matter: it adds to them
        **read_fetching(typed),
        work=replace(_DEFAULTS, page_seconds=typed.page_seconds, page_memory=typed.page_memory * _MEGABYTE),
    )
    settings = Settings(
        inputs=tuple(typed.inputs),
        out=Path(typed.out),
        options=options,
        mode=read_mode(typed),
        form=Form(typed.form),
        jobs=typed.jobs or os.cpu_count() or 1,
        choice=Choice(tuple(typed.include), tuple(typed.exclude), typed.follow),
        columns=_columns(typed.columns),
        shard_inputs=typed.shard_inputs,
        blocks=typed.blocks,
        templates=not typed.no_templates,
        profiles=typed.profiles,
        retry_failed=typed.retry_failed,
    )
    return BatchJob(settings)


def _columns(typed: str) -> dict[str, str]:
    from stripper.batch.rows import COLUMNS

    columns = dict(COLUMNS)
    for pair in filter(None, typed.split(",")):
        ours, equals, theirs = pair.partition("=")
        if not equals or not theirs or ours.strip() not in COLUMNS:
            raise UsageError(f"--columns: {pair!r} is no NAME=COLUMN; names: {', '.join(COLUMNS)}")
        columns[ours.strip()] = theirs.strip()
    return columns
