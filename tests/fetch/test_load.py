"""2,000 pages of 40 hosts: speed, flat memory, and no second request for a fresh page."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PAGES = 2_000
HOSTS = 40

_RUN = textwrap.dedent(
    """
    import os, sys, time
    from stripper.datatypes import RawPage
    from stripper.fetch.fetcher import Fetcher
    from stripper.options import FetchOptions, Options

    pages, cache, stop = int(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3])
    ports = sys.argv[4:]
    urls = (f"http://127.0.0.1:{ports[n % len(ports)]}/{n // len(ports)}" for n in range(pages))

    def rss():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    good, marks = 0, []
    with Fetcher(Options(fetch=FetchOptions(allow_private=True, delay=0, cache=cache))) as fetcher:
        next(fetcher.fetch_many([f"http://127.0.0.1:{ports[0]}/warm"]))
        started = time.monotonic()
        for count, outcome in enumerate(fetcher.fetch_many(urls), 1):
            good += isinstance(outcome, RawPage)
            if count in (pages // 4, pages):
                marks.append(rss())
            if count == stop:
                break
        seconds = time.monotonic() - started
    print(good, seconds, *marks)
    """
)


@pytest.fixture(scope="module")
def ports() -> Iterator[list[str]]:
    """The server, in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("load_server.py"), str(HOSTS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    yield server.stdout.readline().split()
    server.communicate()


def run(ports: list[str], cache: str = "", stop: int = 0, pages: int = PAGES) -> list[float]:
    """Fetch in a fresh process; return pages, seconds, and MB after a quarter and at the end."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(pages), cache, str(stop), *ports], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [float(word) for word in done.stdout.split()]


def served(ports: list[str]) -> int:
    """Return how many pages the server has given."""
    with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/count") as answer:
        return int(answer.read())


def test_two_thousand_pages_come_fast_in_flat_memory(ports: list[str]) -> None:
    """At least 200 pages a second on loopback, and no growth between the first quarter and the end."""
    good, seconds, early, late = run(ports)
    print(f"{good / seconds:.0f} pages/s, {early:.0f} MB after a quarter, {late:.0f} MB at the end")  # noqa: T201 - the figure
    assert good == PAGES
    assert good / seconds >= 200
    assert late - early < 15


def test_an_interrupted_run_asks_for_no_fresh_page_twice(ports: list[str], tmp_path: Path) -> None:
    """Stopped half-way and run again with the same cache, every page is asked for once."""
    before = served(ports)
    good, *_ = run(ports, str(tmp_path), PAGES // 2)
    assert good == PAGES // 2
    at_stop = served(ports) - before
    good, seconds, *_ = run(ports, str(tmp_path))
    print(f"with cache: {good / seconds:.0f} pages/s")  # noqa: T201 - the figure
    assert good == PAGES
    # Of what was under way at the stop (one page a host at most) the answer may not have been stored.
    assert PAGES + 1 <= served(ports) - before <= PAGES + 1 + HOSTS
    assert at_stop >= PAGES // 2
    before = served(ports)
    good, seconds, *_ = run(ports, str(tmp_path))
    print(f"all from the cache: {good / seconds:.0f} pages/s")  # noqa: T201 - the figure
    assert (good, served(ports) - before) == (PAGES, 0)
