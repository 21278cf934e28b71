"""What runs in a worker: items in, results out one by one, each item under limits that kill.

The limits are kept by the kernel, not by a handler in Python: no handler runs while C code is at work.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from stripper.options import WorkOptions

READY = b""  # the first message of a worker
OUT_OF_MEMORY = 77  # exit code
OUT_OF_TIME = -int(getattr(signal, "SIGPROF", 0))  # exit code of a process that this signal ended

_STATM = "/proc/self/statm"


def serve(connection: Connection, limits: WorkOptions) -> None:
    """Answer chunks until the parent has no more or is gone; `limits` hold for each item."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal: the parent decides
    if OUT_OF_TIME:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, whatever it is doing
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone
        connection.send_bytes(READY)
        while message := connection.recv_bytes():
            work, items = pickle.loads(message)  # noqa: S301 - from our own parent
            for item in items:
                connection.send_bytes(_answer(work, item, limits))
            # Pages make many values and hardly a cycle: looking for cycles once a chunk, and not among what was there
            # before (models, memos that grow), takes a third off a page's time. A recycled worker frees the rest.
            gc.disable()
            gc.collect()
            gc.freeze()


def _answer(work: Callable[[Any], Any], item: bytes, limits: WorkOptions) -> bytes:
    """Return what `work` made of a pickled item, or the exception it raised, pickled."""
    _limit_memory(limits.page_memory)
    _limit_time(limits.page_seconds)
    result: object
    try:
        result = work(pickle.loads(item))  # noqa: S301 - from our own parent
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left of the heap is no place to go on
    except Exception as error:  # noqa: BLE001 - an item's error is its result
        result = error
    _limit_time(0)
    try:
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - whatever a foreign value's pickling raises
        return pickle.dumps(TypeError(f"the result cannot be sent: {error}"))


def _limit_time(seconds: float) -> None:
    # CPU time, not the clock's: the same page must not fail because other programs are busy.
    if OUT_OF_TIME:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(more: int) -> None:
    """Let the process grow by `more` bytes; where the system tells no size, there is no limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open(_STATM, "rb") as statm:  # noqa: PTH123 - thousands of times
            size = int(statm.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = size + more
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
