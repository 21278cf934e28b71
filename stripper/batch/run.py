"""A batch from beginning to end: the survey of sites, then every input once, in order, into the output folder."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from filelock import FileLock, Timeout

from stripper.batch.account import Account
from stripper.batch.journal import Journal
from stripper.batch.larder import Larder, fetched
from stripper.batch.mirror import Mirror, reported
from stripper.batch.page import Recipe, make
from stripper.batch.report import RunFigures, write_blocks, write_manifest, write_summary
from stripper.batch.settings import Nobody
from stripper.batch.shards import Shards
from stripper.batch.sources import Sources
from stripper.batch.survey import Survey
from stripper.batch.tables import check_form
from stripper.errors import FolderInUse
from stripper.pipeline import open_for
from stripper.workers import Plan, Stop, in_processes

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Generator, Iterable, Iterator
    from pathlib import Path

    from stripper.batch.items import Done, Item, Lost
    from stripper.batch.settings import Settings, Watch

    Engine = Callable[..., Generator[tuple[Any, Any], None, None]]

OWN = ".stripper"  # folder of the batch's own files, inside the output folder
CHUNK = 16  # pages that go to a worker at once
AHEAD = 3 * CHUNK  # pages for each worker that may wait for their turn


class Result(NamedTuple):
    """What came of a batch."""

    summary: dict[str, Any]
    failed: int  # inputs of this run that failed, now or in a run before that stands
    complete: bool  # False: it was asked to stop


def run_batch(
    settings: Settings, watch: Watch | None = None, stop: Stop | None = None, engine: Engine = in_processes
) -> Result:
    """Strip every input into the output folder, where an earlier run's results are used; see batch-format in README.

    `engine` works on items as `in_processes` does. Raises UsageError, FolderInUse, OutputError; whatever it raises and
    whenever it is killed, the next run goes on where this one was.
    """
    check_form(settings.form)
    with ExitStack() as stack:
        run = _Run(settings, watch or Nobody(), stop or Stop(), engine, stack)
        if settings.templates:
            run.learn()
        run.strip()
        return run.report()


class _Run:
    """One run, with what it holds open."""

    def __init__(self, settings: Settings, watch: Watch, stop: Stop, engine: Engine, stack: ExitStack) -> None:
        self._settings, self._watch, self._stop, self._engine = settings, watch, stop, engine
        self._started = time.time()
        out, own = settings.out, settings.out / OWN
        with reported(own):
            own.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_locked(own / "lock"))
        self._journal = Journal(own / "journal.sqlite3")
        stack.callback(self._journal.close)
        self._journal.settle({"form": settings.form, "blocks": settings.blocks, "shard_inputs": settings.shard_inputs})
        self._larder = Larder(own / "fetched.sqlite3")
        stack.callback(lambda: self._larder.close(throw_away=False))
        self._larder.forget_wants()
        if settings.retry_failed:
            self._larder.forget_failures()
        profiles = settings.profiles or str(own / "profiles") if settings.templates else settings.profiles
        recipe = Recipe(settings.options, settings.mode, settings.form, settings.blocks, profiles)
        self._recipe = recipe
        sink: Mirror | Shards = (
            Shards(out, settings.form, self._journal, settings.shard_inputs)
            if settings.form.sharded
            else Mirror(out, settings.form, self._journal)
        )
        self._sink = sink
        self._account = Account(settings, recipe, self._journal, sink)
        identity = out.stat()
        self._sources = Sources(
            settings.inputs, settings.choice, settings.columns, settings.options,
            _copied_stdin(settings.inputs, own), (identity.st_dev, identity.st_ino),
        )  # fmt: skip
        self._total: int | None = None
        self._archives: dict[str, Counter[str]] = {}
        self._survey: Survey | None = None
        self._stack = stack

    def learn(self) -> None:
        """Count what repeats on each site, and write the profiles that the workers read."""
        survey = Survey(self._settings.out / OWN / "survey.sqlite3", self._recipe)
        self._stack.callback(survey.close)
        self._watch.phase("looking", None)
        with closing(self._items()) as items:
            self._total = survey.look(self._seen(items))
        if self._stop.asked:
            return
        self._watch.phase("learning", survey.to_learn())
        with closing(self._items()) as items:
            work = survey.work()
            plan = self._plan(None)
            with closing(self._engine(survey.chosen(items), work, self._settings.jobs, plan)) as done:
                for item, outcome in done:
                    survey.learn(item, outcome)
                    self._watch.step(None)
        if not self._stop.asked:
            survey.write_profiles()
            self._survey = survey

    def strip(self) -> None:
        """Make every page and enter every outcome."""
        if self._stop.asked:
            return
        self._watch.phase("stripping", self._total)
        work = partial(make, recipe=self._recipe)
        plan = self._plan(self._account.known)
        with (
            closing(self._items(self._count)) as items,
            closing(self._engine(items, work, self._settings.jobs, plan)) as done,
        ):
            for item, outcome in done:
                self._watch.step(self._account.enter(item, outcome))
        for file, counts in self._archives.items():
            self._journal.set_archive(file, dict(counts))

    def report(self) -> Result:
        """Write what waits, the manifest and the summary."""
        complete = not self._stop.asked
        self._watch.phase("writing", None)
        if complete:
            self._sink.finish()
        self._journal.commit()
        write_manifest(self._settings, self._journal, self._sink)
        if self._settings.blocks:
            write_blocks(self._settings, self._journal)
        templates = self._survey.figures() if self._survey else None
        run = RunFigures(self._account.tally, templates, self._started, complete)
        summary = write_summary(self._settings, self._journal, run)
        self._larder.close(throw_away=complete)
        return Result(summary, self._account.tally.failed, complete)

    def _items(self, tally: Callable[[str, str], None] | None = None) -> Generator[Item | Lost | Done, None, None]:
        entries = self._sources.each(tally)
        yield from fetched(entries, self._larder, self._account.is_done, partial(open_for, self._settings.options))

    def _seen(self, items: Iterable[Item | Lost | Done]) -> Iterator[Item | Lost | Done]:
        for item in items:
            if self._stop.asked:
                return
            self._watch.step(None)
            yield item

    def _plan(self, known: Callable[[Any], Any] | None) -> Plan:
        return Plan(self._settings.options.work, CHUNK, ahead=AHEAD, known=known, stop=self._stop)

    def _count(self, file: str, what: str) -> None:
        from collections import Counter

        self._archives.setdefault(file, Counter())[what] += 1


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the folder; a killed run's hold ends with it. Raises FolderInUse."""
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise FolderInUse(
            f"{path.parent.parent}: another batch is writing there; wait for it or choose another folder"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _copied_stdin(inputs: tuple[str, ...], own: Path) -> Path | None:
    """Copy standard input to a file if it is an input: it is read more than once."""
    if not {"-", "@-"} & set(inputs) or sys.stdin is None:
        return None
    path = own / "stdin"
    with reported(path), path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
