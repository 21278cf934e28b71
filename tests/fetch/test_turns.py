"""Politeness (F11): one request at a time per host, pauses, hosts in parallel, a fair order, a cap."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from stripper.datatypes import RawPage
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.fetcher import Fetcher
from stripper.fetch.memory import ByHost
from stripper.fetch.shelf import Gate, Shelf
from stripper.fetch.turns import Turns
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import PAGE, Web, in_virtual_time, ok, status
from tests.fetch.servers import serving

if TYPE_CHECKING:
    import httpx


def answer(url: str, _: int) -> httpx.Response:
    """A page everywhere, no robots.txt."""
    return status(404) if url.endswith("robots.txt") else ok()


def crawl(web: Web, urls: list[str], **fetching: Any) -> float:
    """Fetch all at once; return how long it took."""

    async def main() -> float:
        crawler = Crawler(Options(fetch=FetchOptions(**fetching)), World(transport=web))
        await asyncio.gather(*map(crawler.page, urls))
        await crawler.aclose()
        return asyncio.get_running_loop().time()

    return in_virtual_time(main())


def test_pauses_are_kept_and_hosts_go_on_side_by_side() -> None:
    """Three hosts with 20 pages each: a second between two requests to one host, and a third of the time in all."""
    web = Web(answer)
    urls = [f"http://{host}.example/{n}" for host in "abc" for n in range(20)]
    seconds = crawl(web, urls)
    for host in "abc":
        times = web.times(f"{host}.example")
        assert len(times) == 20
        assert all(later - earlier >= 1 + web.seconds - 1e-9 for earlier, later in itertools.pairwise(times))
    assert seconds == pytest.approx(0.1 + 20 * 0.1 + 19 * 1.0)


def test_the_pages_of_a_host_come_in_the_order_asked_for() -> None:
    """First come, first served."""
    web = Web(answer)
    urls = [f"http://a.example/{n}" for n in range(10)]
    crawl(web, urls)
    assert [url for _, url in web.asked if not url.endswith("robots.txt")] == urls


def test_a_host_with_many_pages_does_not_crowd_out_one_with_few() -> None:
    """500 pages of one host in front: the single pages of others come with the first of these."""
    web = Web(answer, seconds=1)
    urls = [f"http://big.example/{n}" for n in range(500)] + [f"http://small{n}.example/" for n in range(5)]
    crawl(web, urls, concurrency=2, delay=0, robots=False)
    for n in range(5):
        (at,) = web.times(f"small{n}.example")
        assert at < 10


def test_no_more_hosts_are_asked_at_once_than_allowed() -> None:
    """The cap holds over all hosts; what takes longer than a second moves over to one of four slow lanes for each."""
    for seconds, most in ((0.5, 10), (20.0, 50)):
        web = Web(answer, seconds=seconds)
        crawl(web, [f"http://h{n}.example/" for n in range(200)], concurrency=10, robots=False, delay=0)
        assert web.most == most


def test_a_robots_txt_needs_no_pause() -> None:
    """A single page is not held up for a second by its robots.txt."""
    assert crawl(Web(answer), ["http://a.example/"]) == pytest.approx(0.2)


def test_gaps_are_seen_by_a_real_server() -> None:
    """The server's own clock."""
    with serving() as site:
        urls = [site.page(f"/{n}", PAGE) for n in range(4)]
        with Fetcher(Options(fetch=FetchOptions(allow_private=True, delay=0.2))) as fetcher:
            assert all(isinstance(outcome, RawPage) for outcome in fetcher.fetch_many(urls))
        pages = site.times[1:]  # after robots.txt
        assert all(later - earlier >= 0.2 for earlier, later in itertools.pairwise(pages))
        assert site.most_at_once == 1


def test_a_shut_gate_holds_nobody_else_up() -> None:
    """While the shelf is full only the page that is waited for is asked for, though it came last in its host's line."""

    async def main() -> list[int]:
        turns = Turns(0, 4, ByHost())
        shelf = Shelf(limit=10)
        shelf.put(10)
        shelf.take(0, head=9)
        order = []

        async def one(index: int) -> None:
            async with turns.turn("host", Gate(shelf, index)):
                order.append(index)

        tasks = [asyncio.create_task(one(index)) for index in range(10)]
        await asyncio.sleep(1)
        assert order == [9]
        shelf.take(10, head=None)
        await asyncio.gather(*tasks)
        return order

    assert sorted(in_virtual_time(main())) == list(range(10))


def test_pages_nobody_takes_stop_the_fetching() -> None:
    """A consumer that stops leaves a bounded number of bytes lying about, and gets all pages when it goes on."""
    body = bytes(2_000_000)
    with serving() as first, serving() as second:
        urls = [site.page(f"/{n}", body, Content_Type="text/html") for n in range(60) for site in (first, second)]
        options = Options(fetch=FetchOptions(allow_private=True, delay=0, robots=False))
        with Fetcher(options) as fetcher:
            outcomes = fetcher.fetch_many(urls)
            next(outcomes)
            settled = -1
            while settled != (settled := len(first.seen) + len(second.seen)):
                import time

                time.sleep(0.5)
            assert settled < 64 / 2 + 10
            assert [len(o.data) for o in outcomes if isinstance(o, RawPage)] == [2_000_000] * 119


def test_a_first_page_that_comes_late_is_let_in() -> None:
    """The shelf fills up behind a page that has to be asked for again: it gets in, and all come."""
    body = bytes(9_000_000)
    with serving() as late, serving() as quick:
        first = late.pages("/0", (503, b"", {"Retry_After": "1"}), (200, PAGE, {"Content_Type": "text/html"}))
        urls = [first, *(quick.page(f"/{n}", body, Content_Type="text/html") for n in range(12))]
        with Fetcher(Options(fetch=FetchOptions(allow_private=True, delay=0, robots=False))) as fetcher:
            sizes = [len(o.data) for o in fetcher.fetch_many(urls) if isinstance(o, RawPage)]
    assert sizes == [len(PAGE)] + [9_000_000] * 12


def test_idle_hosts_are_forgotten() -> None:
    """A run over a million hosts does not remember them all."""

    async def main() -> int:
        turns = Turns(0.5, 10, ByHost())
        for n in range(25_000):
            async with turns.turn(f"host{n}") as visit:
                visit.pause = True
                await asyncio.sleep(0.01)
        return len(turns._turns)

    assert in_virtual_time(main()) <= 10_000
