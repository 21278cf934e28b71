"""The parent's side: hands out chunks, collects results in order, replaces workers that died."""

from __future__ import annotations

import pickle
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stripper.errors import OutOfMemory, OutOfTime, StripperError, WorkerDied
from stripper.options import WorkOptions
from stripper.workers.child import OUT_OF_MEMORY, OUT_OF_TIME, READY, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Result = TypeVar("Result")

_TRIES = 2  # of an item whose worker dies
# Workers in a row that end before they are ready: none will ever start. Those that somebody kills count less.
_FALSE_STARTS = 3.0
_KILLED = 0.1
_LOOK = 0.5  # seconds between two looks at the clock while nothing happens
_SLOW = 0.05  # seconds after which a chunk is closed although it isn't full: the items are slow to come
_PATIENCE = 10  # a worker that is silent for this many times the CPU seconds of an item waits for ever


class Stop:
    """A wish to end early: nothing new is begun, what is under way gets some seconds."""

    def __init__(self, grace: float = 10.0) -> None:
        """Take the seconds that work under way may still take."""
        self._grace = grace
        self._asked: float | None = None

    def ask(self) -> None:
        """End early; safe to call from a signal handler."""
        if self._asked is None:
            self._asked = time.monotonic()

    @property
    def asked(self) -> bool:
        """Whether nothing new may begin."""
        return self._asked is not None

    @property
    def overdue(self) -> bool:
        """Whether even what is under way is given up."""
        return self._asked is not None and time.monotonic() - self._asked > self._grace


@dataclass(frozen=True, slots=True)
class Plan:
    """How items are handed out. None of it changes a result."""

    limits: WorkOptions = field(default_factory=WorkOptions)
    chunk: int = 2  # items that go to a worker at once, at most: small ones would drown in waiting
    chunk_weight: int = 2_000_000  # bytes of a chunk, pickled; one item may be over it
    ahead: int = 8  # items for each worker that are taken and not yielded, at most
    known: Callable[[Any], Any] | None = None  # gives the result of an item that needs no worker, else None
    stop: Stop | None = None


@dataclass(slots=True)
class _Job(Generic[Item]):
    """An item on its way."""

    number: int  # in the order of the input
    item: Item
    pickled: bytes
    tries: int = 0


class _Worker(Generic[Item]):
    """A process, its pipe, and the jobs it has been given and not answered."""

    def __init__(self, limits: WorkOptions) -> None:
        # Not "fork", 3.11's default: callers have threads, and a fork beside them can inherit a lock for ever.
        context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs, limits), daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        theirs.close()
        self.jobs: deque[_Job[Item]] = deque()
        self.ready = False
        self.given = 0
        self.heard = time.monotonic()

    def give(self, work: Callable[[Item], object], jobs: list[_Job[Item]]) -> None:
        self.jobs.extend(jobs)
        self.given += len(jobs)
        self.heard = time.monotonic()
        with suppress(OSError):  # it died: the next look at the pipe tells
            self.pipe.send_bytes(pickle.dumps((work, [job.pickled for job in jobs]), pickle.HIGHEST_PROTOCOL))

    def end(self) -> None:
        """Let an idle worker go home."""
        with suppress(OSError):
            self.pipe.send_bytes(b"")
        self.pipe.close()

    def kill(self) -> int | None:
        """End it now; return how it ended."""
        self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        return self.process.exitcode


def in_processes(
    items: Iterable[Item], work: Callable[[Item], Result], jobs: int, plan: Plan | None = None
) -> Generator[tuple[Item, Result | Exception], None, None]:
    """Yield each item with what `work` returned or raised, in order; items are taken as they are needed.

    An item whose worker died twice, or ran out of its time or memory, comes with a `WorkerDied`. Item, `work` and
    result are pickled. When the plan's `Stop` is asked, items that were not begun are not yielded. Raises StripperError
    where no worker starts.
    """
    crew = _Crew(items, work, jobs, plan or Plan())
    try:
        while (done := crew.next()) is not None:
            yield done
    finally:
        crew.dismiss()


class _Crew(Generic[Item, Result]):
    """Workers with their jobs, and the results that wait for their turn."""

    def __init__(self, items: Iterable[Item], work: Callable[[Item], Result], size: int, plan: Plan) -> None:
        self._items: Iterator[Item] | None = iter(items)
        self._work = work
        self._size = size
        self._plan = plan
        self._numbers = count()
        self._due = 0  # the number that is to be yielded next
        self._backlog: deque[_Job[Item]] = deque()  # to be given out
        self._done: dict[int, tuple[Item, Result | Exception]] = {}
        self._taken = 0  # items that were taken and not yielded
        self._workers: list[_Worker[Item]] = []
        self._false_starts = 0.0

    def next(self) -> tuple[Item, Result | Exception] | None:
        """Return the next item in order with its result, None when there is none."""
        while self._due not in self._done:
            self._hand_out()
            if self._due in self._done:
                break
            working = any(worker.jobs for worker in self._workers)
            if not working and (self._stopping() or (self._items is None and not self._backlog)):
                return None
            if self._plan.stop is not None and self._plan.stop.overdue:
                return None
            self._listen()
        done = self._done.pop(self._due)
        self._due += 1
        self._taken -= 1
        return done

    def dismiss(self) -> None:
        """End all workers: the idle ones go home, the others are killed."""
        for worker in self._workers:
            if worker.ready and not worker.jobs:
                worker.end()
        for worker in self._workers:
            if worker.jobs or not worker.ready:
                worker.kill()
            worker.process.join()

    def _stopping(self) -> bool:
        return self._plan.stop is not None and self._plan.stop.asked

    def _hand_out(self) -> None:
        """Give every idle worker a chunk, as far as there are items; start workers where some are missing."""
        if self._stopping():
            return
        for worker in [w for w in self._workers if w.ready and not w.jobs and w.given >= self._plan.limits.recycle]:
            worker.end()
            worker.process.join()
            self._workers.remove(worker)
        for worker in [w for w in self._workers if w.ready and not w.jobs]:
            if chunk := self._chunk():
                worker.give(self._work, chunk)
        while len(self._workers) < self._size:
            starting = sum(not worker.ready for worker in self._workers)
            if len(self._backlog) <= starting * self._plan.chunk and not self._fill():
                return
            self._workers.append(_Worker(self._plan.limits))

    def _chunk(self) -> list[_Job[Item]]:
        """Take a chunk off the backlog; what may have killed a worker goes alone."""
        if not self._backlog:
            self._fill()
        chunk: list[_Job[Item]] = []
        weight = 0
        while self._backlog and len(chunk) < self._plan.chunk and weight < self._plan.chunk_weight:
            if chunk and self._backlog[0].tries:
                break
            chunk.append(self._backlog.popleft())
            weight += len(chunk[-1].pickled)
            if chunk[-1].tries:
                break
        return chunk

    def _fill(self) -> bool:
        """Put items on the backlog: a chunk, fewer where they are slow to come or too many wait for their turn."""
        since = time.monotonic()
        fresh = 0
        while self._items is not None and fresh < self._plan.chunk and self._taken < self._plan.ahead * self._size:
            if time.monotonic() - since > _SLOW or self._stopping():
                break
            try:
                item = next(self._items)
            except StopIteration:
                self._items = None
                break
            number = next(self._numbers)
            self._taken += 1
            if self._plan.known is not None and (result := self._plan.known(item)) is not None:
                self._done[number] = (item, result)
                continue
            fresh += self._accept(number, item)
        return fresh > 0

    def _accept(self, number: int, item: Item) -> bool:
        try:
            job = _Job(number, item, pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
        except Exception as error:  # noqa: BLE001 - whatever a foreign value's pickling raises
            self._done[number] = (item, error)
            return False
        self._backlog.append(job)
        return True

    def _listen(self) -> None:
        """Wait for workers to say something, or to die."""
        by_pipe = {worker.pipe: worker for worker in self._workers if worker.jobs or not worker.ready}
        for pipe in wait(list(by_pipe), _LOOK):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            worker.heard = time.monotonic()
            if message == READY and not worker.ready:
                worker.ready = True
                self._false_starts = 0
            else:
                job = worker.jobs.popleft()
                self._done[job.number] = (job.item, _loaded(message))
        silent = _PATIENCE * self._plan.limits.page_seconds
        for worker in [w for w in self._workers if w.jobs and time.monotonic() - w.heard > silent]:
            self._bury(worker, OutOfTime("worker", f"its worker process was silent for {silent:g} seconds"))

    def _bury(self, worker: _Worker[Item], cause: WorkerDied | None = None) -> None:
        """Take a dead worker's jobs back; the one under way is suspect."""
        self._workers.remove(worker)
        code = worker.kill()
        if not worker.ready:
            self._false_starts += _KILLED if code is not None and code < 0 else 1
            if self._false_starts >= _FALSE_STARTS:
                advice = 'a script that uses jobs > 1 does its work under if __name__ == "__main__":'
                raise StripperError(f"no worker process starts; {advice}")
        if not worker.jobs:
            return
        suspect = worker.jobs.popleft()
        suspect.tries += 1
        cause = cause or _cause(code, self._plan.limits)
        self._backlog.extendleft(reversed(worker.jobs))
        if suspect.tries >= _TRIES or isinstance(cause, OutOfTime | OutOfMemory):
            self._done[suspect.number] = (suspect.item, cause)
        else:
            self._backlog.appendleft(suspect)


def _loaded(message: bytes) -> Any:
    try:
        return pickle.loads(message)  # noqa: S301 - from our own worker
    except Exception as error:  # noqa: BLE001 - a foreign value that cannot be unpickled
        return TypeError(f"the result cannot be received: {error}")


def _cause(code: int | None, limits: WorkOptions) -> WorkerDied:
    if code == OUT_OF_MEMORY:
        return OutOfMemory("worker", f"needs more than {limits.page_memory:,} bytes of memory; raise page_memory")
    if code == OUT_OF_TIME and code:
        return OutOfTime("worker", f"needs more than {limits.page_seconds:g} seconds of CPU; raise page_seconds")
    return WorkerDied("worker", f"its worker process died (exit code {code})")
