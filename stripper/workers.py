"""Work on many items in several processes, in order, with few items in memory at a time.

A page can kill the process that works on it (a crash in C code, the system short of memory). The standard
library's pool then loses every page on its way; pebble's loses that page only.
"""

from __future__ import annotations

import signal
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from stripper.errors import StripperError, WorkerDied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pebble import ProcessFuture, ProcessPool

Item = TypeVar("Item")
Result = TypeVar("Result")

_WINDOW = 4  # items on their way for each worker: enough to keep it busy, few enough to hold in memory


def in_processes(
    items: Iterable[Item], work: Callable[[Item], Result], jobs: int
) -> Iterator[tuple[Item, Result | Exception]]:
    """Yield each item with what `work` returned or raised, in order; items are taken as they are needed.

    An item whose worker died comes with `WorkerDied`. Item, `work` and result are pickled. Raises
    StripperError where no worker starts.
    """
    from concurrent.futures.process import BrokenProcessPool

    remaining = iter(items)
    waiting: deque[Item] = deque()  # taken, without a result yet
    lost = 0  # pools since the last result
    while True:
        pool = _start_pool(jobs)
        try:
            futures = deque(_schedule(pool, work, item) for item in waiting)
            while True:
                for item in islice(remaining, jobs * _WINDOW - len(waiting)):
                    waiting.append(item)
                    futures.append(_schedule(pool, work, item))
                if not waiting:
                    return
                result = _result(futures.popleft())
                lost = 0
                yield waiting.popleft(), result
        except BrokenProcessPool as error:  # a worker was killed while none was at work: pebble gives up, we don't
            lost += 1
            if lost > 1:
                yield waiting.popleft(), WorkerDied("worker", f"its worker processes died ({error})")
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def _start_pool(jobs: int) -> ProcessPool:
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_all_start_methods, get_context

    from pebble import ProcessExpired, ProcessPool

    # Not "fork", 3.11's default: the pool has threads, and a fork beside them can inherit a lock for ever.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    pool = ProcessPool(max_workers=jobs, context=get_context(method), initializer=_leave_interrupts_to_parent)
    try:
        pool.schedule(_ready).result()
    except (BrokenProcessPool, ProcessExpired):
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        advice = 'a script that uses jobs > 1 does its work under if __name__ == "__main__":'
        raise StripperError(f"no worker process starts; {advice}") from None
    return pool


def _schedule(pool: ProcessPool, work: Callable[[Item], Result], item: Item) -> ProcessFuture[Result]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.schedule(work, args=(item,))
    except RuntimeError as error:  # pebble's word for a pool that broke since the last call
        raise BrokenProcessPool(str(error)) from None


def _result(future: ProcessFuture[Result]) -> Result | Exception:
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except ProcessExpired as error:
        return WorkerDied("worker", f"its worker process died (exit code {error.exitcode})")
    except Exception as error:  # noqa: BLE001  what `work` raised, or what pickling its result did
        return error


def _leave_interrupts_to_parent() -> None:
    """Ctrl-C reaches every process of a terminal; the parent alone decides, and stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ready() -> None:
    """Show that a worker has started."""
