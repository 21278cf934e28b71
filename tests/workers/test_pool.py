"""Workers: results in order, a death costs one item, limits kill, an end when it is asked for."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from itertools import count

import psutil
import pytest

from stripper.errors import OutOfMemory, OutOfTime, UsageError, WorkerDied
from stripper.options import WorkOptions
from stripper.workers import Plan, Stop, in_processes

SMALL = WorkOptions(page_seconds=0.3, page_memory=300_000_000)


def work(task):  # noqa: C901 - a list
    """Do what the task says: a number, or a way to fail."""
    match task:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die once", marker:
            try:
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return "second time"
            os.kill(os.getpid(), signal.SIGKILL)
        case "loop":
            while True:
                pass
        case "eat":
            return len(b"x" * 10**9)
        case "raise":
            raise UsageError("no")
        case "unsendable":
            return lambda: None
        case "large", size:
            return b"x" * size
        case "pid":
            return os.getpid()
    return task


def results(tasks, jobs=2, plan=None):
    """What came of each task, errors by their class."""
    found = list(in_processes(tasks, work, jobs, plan))
    assert [task for task, _ in found] == list(tasks)
    return [type(result).__name__ if isinstance(result, Exception) else result for _, result in found]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order(jobs):
    """For any number of workers."""
    assert results(range(40), jobs) == list(range(40))


def test_nothing_to_do():
    """No items, no workers."""
    assert results([]) == []


def test_a_death_costs_the_item_under_way():
    """The items behind it in the same chunk are done by the next worker."""
    assert results(["a", "b", "die", "c", "d", "die", "e"], plan=Plan(chunk=4)) == [
        *("a", "b", "WorkerDied", "c", "d", "WorkerDied", "e")
    ]


def test_an_item_gets_a_second_try(tmp_path):
    """A worker that somebody else killed loses nothing."""
    assert results(["a", ("die once", str(tmp_path / "tried")), "b"]) == ["a", "second time", "b"]


def test_limits_kill():
    """Of CPU time and memory, each by the item."""
    assert results(["a", "loop", "b", "eat", "c"], plan=Plan(SMALL)) == ["a", "OutOfTime", "b", "OutOfMemory", "c"]
    assert issubclass(OutOfTime, WorkerDied)
    assert issubclass(OutOfMemory, WorkerDied)


def test_what_raises_or_cannot_be_sent_is_a_result():
    """An exception of an item is its result, on the way there, at work or on the way back."""
    assert results(["raise", "unsendable", 1]) == ["UsageError", "TypeError", 1]
    ((_, there), (_, after)) = in_processes([lambda: None, 1], work, 1)
    assert isinstance(there, Exception)
    assert after == 1


def test_what_is_known_needs_no_worker():
    """Its result takes its place in the order."""
    plan = Plan(known=lambda task: None if task % 3 else f"known {task}")
    assert results(range(7), plan=plan) == ["known 0", 1, 2, "known 3", 4, 5, "known 6"]
    assert results(range(0, 30, 3), plan=plan) == [f"known {task}" for task in range(0, 30, 3)]


def test_workers_are_replaced():
    """After `recycle` items a fresh process goes on."""
    pids = results(["pid"] * 12, jobs=1, plan=Plan(WorkOptions(recycle=4), chunk=2))
    assert len(set(pids)) == 3


def test_items_are_taken_as_they_are_needed():
    """An endless run needs little memory."""
    taken = count()
    run = in_processes(taken, work, 2, Plan(chunk=2, ahead=6))
    assert [next(run)[1] for _ in range(5)] == list(range(5))
    run.close()
    assert next(taken) <= 5 + 2 * 6 + 1


def test_large_results_from_killed_workers():
    """Workers are killed from outside at random moments, mostly while they send: nothing is lost, mixed up or hangs.

    An item is given up when its second worker dies, so no more are lost than half of the workers that were killed.
    """
    killed: list[int] = []
    dice = random.Random(7)  # noqa: S311 - the same moments, as far as a machine allows
    stop = threading.Event()

    def kill():
        while not stop.wait(0.05 + dice.random() * 0.1) and len(killed) < 20:
            workers = [child for child in psutil.Process().children(recursive=True) if "forkserver" in cmdline(child)]
            for worker in workers:
                if worker.ppid() != os.getpid() and dice.random() < 0.3:
                    worker.kill()
                    killed.append(worker.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = results([("large", 3_000_000 + n) for n in range(30)], plan=Plan(chunk=3))
    finally:
        stop.set()
        killer.join()
    whole = [result for result in found if result != "WorkerDied"]
    assert len(found) == 30
    assert len(found) - len(whole) <= len(killed) // 2
    assert all(len(result) == 3_000_000 + n for n, result in enumerate(found) if result != "WorkerDied")


def cmdline(process):
    """The command of a process, "" where it has gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_a_stop_finishes_what_is_under_way():
    """Nothing new is begun; what was begun is yielded."""
    stop = Stop()
    taken = count()
    run = in_processes(taken, work, 2, Plan(chunk=1, ahead=4, stop=stop))
    first = [next(run)[1] for _ in range(3)]
    stop.ask()
    rest = [result for _, result in run]
    assert first + rest == list(range(len(first + rest)))
    assert len(rest) <= 8


def test_a_stop_gives_up_after_its_grace():
    """An item that takes for ever does not hold up the end."""
    stop = Stop(grace=0.2)
    run = in_processes(["a", "loop"], work, 1, Plan(WorkOptions(page_seconds=60), stop=stop))
    assert next(run)[1] == "a"
    stop.ask()
    begun = time.monotonic()
    assert list(run) == []
    assert time.monotonic() - begun < 30


def test_no_worker_is_left_behind():
    """Neither after the end nor after an early one."""
    run = in_processes(range(100), work, 2)
    next(run)
    run.close()
    # Our own children are the servers that fork the workers; they stay, and one may be running as it reaps.
    servers = psutil.Process().children()
    assert not [worker for server in servers for worker in server.children(recursive=True)]
