"""2,000 pages of 40 hosts: speed, flat memory, and no second request for a fresh page."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PAGES = 2_000
HOSTS = 40

_RUN = textwrap.dedent(
    """
    import os, sys, time
    from pathlib import Path
    from stripper.datatypes import RawPage
    from stripper.fetch.fetcher import Fetcher
    from stripper.options import FetchOptions, Options

    pages, cache, stop = int(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3])
    ports = sys.argv[4:]
    urls = (f"http://127.0.0.1:{ports[n % len(ports)]}/{n // len(ports)}" for n in range(pages))

    def rss():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def queued():
        "Seconds that our threads were ready to run, and other programs ran."
        return sum(int(file.read_text().split()[1]) for file in Path("/proc/self/task").glob("*/schedstat")) / 1e9

    good, marks = 0, []
    with Fetcher(Options(fetch=FetchOptions(allow_private=True, delay=0, cache=cache))) as fetcher:
        next(fetcher.fetch_many([f"http://127.0.0.1:{ports[0]}/warm"]))
        started, used, kept_off = time.monotonic(), time.process_time(), queued()
        for count, outcome in enumerate(fetcher.fetch_many(urls), 1):
            good += isinstance(outcome, RawPage)
            if count in (pages // 4, pages):
                marks.append(rss())
            if count == stop:
                break
        seconds, used, kept_off = time.monotonic() - started, time.process_time() - used, queued() - kept_off
    print(good, seconds, used, kept_off, *marks)
    """
)


class Server(NamedTuple):
    """The server, in a process of its own."""

    ports: list[str]
    pid: int

    def queued(self) -> float:
        """Return the seconds that it was ready to run, and other programs ran."""
        waits = Path(f"/proc/{self.pid}/schedstat")
        return int(waits.read_text().split()[1]) / 1e9 if waits.exists() else 0.0

    def served(self) -> int:
        """Return how many pages it has given."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[0]}/count") as answer:
            return int(answer.read())


class Ran(NamedTuple):
    """What a run of the fetcher told."""

    good: int  # pages
    speed: float  # pages a second, of those that this machine had to give
    early: float  # MB after a quarter of the pages
    late: float  # MB at the end


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start it, and end it."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("load_server.py"), str(HOSTS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield Server(process.stdout.readline().split(), process.pid)
    process.communicate()


def run(server: Server, cache: str = "", stop: int = 0, pages: int = PAGES) -> Ran:
    """Fetch in a fresh process.

    Where other programs want the processors too, the time in their queue is nobody's fault and not counted; what the
    fetcher spends waiting for anything else is, and its CPU time in any case. On an idle machine it is all the time.
    """
    kept_off = server.queued()
    command = [sys.executable, "-c", _RUN, str(pages), cache, str(stop), *server.ports]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    good, seconds, used, client_kept_off, *marks = map(float, done.stdout.split())
    kept_off = server.queued() - kept_off + client_kept_off
    return Ran(int(good), good / max(used, seconds - kept_off), marks[0], marks[-1])


def test_two_thousand_pages_come_fast_in_flat_memory(server: Server) -> None:
    """At least 200 pages a second on loopback, and no growth between the first quarter and the end."""
    ran = run(server)
    print(f"{ran.speed:.0f} pages/s, {ran.early:.0f} MB after a quarter, {ran.late:.0f} MB at the end")  # noqa: T201 - the figure
    assert ran.good == PAGES
    assert ran.speed >= 200
    assert ran.late - ran.early < 15


def test_an_interrupted_run_asks_for_no_fresh_page_twice(server: Server, tmp_path: Path) -> None:
    """Stopped half-way and run again with the same cache, every page is asked for once."""
    before = server.served()
    assert run(server, str(tmp_path), PAGES // 2).good == PAGES // 2
    at_stop = server.served() - before
    ran = run(server, str(tmp_path))
    print(f"with cache: {ran.speed:.0f} pages/s")  # noqa: T201 - the figure
    assert ran.good == PAGES
    # Of what was under way at the stop (one page a host at most) the answer may not have been stored.
    assert PAGES + 1 <= server.served() - before <= PAGES + 1 + HOSTS
    assert at_stop >= PAGES // 2
    before = server.served()
    ran = run(server, str(tmp_path))
    print(f"all from the cache: {ran.speed:.0f} pages/s")  # noqa: T201 - the figure
    assert (ran.good, server.served() - before) == (PAGES, 0)
