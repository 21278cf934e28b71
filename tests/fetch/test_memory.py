"""What one process remembers of hosts from call to call: robots.txt once, the pause kept, a parked host left alone."""

from __future__ import annotations

import asyncio
import itertools
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors, strip_many, strip_url
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.memory import ByHost, Memory, memory_of_process
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import PAGE, Web, in_virtual_time, ok, status
from tests.fetch.servers import serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from tests.fetch.servers import Site

ROBOTS = b"user-agent: *\ndisallow: /private/"


def local(**fetching: Any) -> Options:
    """Options for servers on this machine, without pauses."""
    return Options(fetch=FetchOptions(**{"allow_private": True, "delay": 0, "tries": 1} | fetching))


def test_a_loop_over_strip_url_asks_for_robots_once(site: Site) -> None:
    """As `strip_many` does; both share it, and what it forbids stays forbidden."""
    site.page("/robots.txt", ROBOTS, Content_Type="text/plain")
    urls = [site.page(f"/{n}", PAGE, Content_Type="text/html") for n in range(3)]
    for url in urls:
        assert "Hello" in strip_url(url, options=local()).page.text
    with pytest.raises(errors.RobotsDenied):
        strip_url(site.base + "/private/", options=local())
    assert len(list(strip_many(urls, options=local()))) == 3
    assert site.asked("/robots.txt") == 1


def test_a_known_robots_gives_the_same_record(site: Site) -> None:
    """But for time and connection: what was sent before doesn't show."""
    site.page("/robots.txt", ROBOTS, Content_Type="text/plain")
    url = site.page("/a", PAGE, Content_Type="text/html")
    first, second = (strip_url(url, options=local()).record() for _ in range(2))
    for record in (first, second):
        for key in ("started", "seconds"):
            record["source"]["fetched"].pop(key, None)
    assert first == second


def test_other_options_know_nothing_of_it(site: Site) -> None:
    """What was had with unverified TLS, or through a proxy, is nobody else's knowledge."""
    url = site.page("/a", PAGE, Content_Type="text/html")
    for options in (local(), local(insecure=True), local(contact="me@example.org")):
        strip_url(url, options=options)
    assert site.asked("/robots.txt") == 3


def test_a_failure_to_get_it_is_not_remembered(site: Site) -> None:
    """Who repairs a server and tries once more is not to wait."""
    site.pages("/robots.txt", (503, b"", {}), (200, ROBOTS, {"Content_Type": "text/plain"}))
    url = site.page("/a", PAGE, Content_Type="text/html")
    with pytest.raises(errors.RobotsDenied, match="503"):
        strip_url(url, options=local())
    assert "Hello" in strip_url(url, options=local()).page.text
    with serving() as gone:
        down = gone.base + "/a"
    for _ in range(2):
        with pytest.raises(errors.ConnectionFailed):
            strip_url(down, options=local())


def test_the_pause_is_kept_between_two_calls(site: Site) -> None:
    """A loop over `strip_url` is as polite as one `strip_many`; the server's own clock."""
    urls = [site.page(f"/{n}", PAGE, Content_Type="text/html") for n in range(3)]
    for url in urls:
        strip_url(url, options=local(delay=0.2))
    pages = [at for at, (path, _) in zip(site.times, site.seen, strict=True) if path != "/robots.txt"]
    assert all(later - earlier >= 0.2 for earlier, later in itertools.pairwise(pages))


def crawl(answer: dict[str, httpx.Response], urls: Sequence[str], memory: Memory, **fetching: Any) -> Web:
    """Fetch each of `urls` by a crawler of its own, all with one memory; failures are passed over."""
    web = Web(lambda url, _: answer.get(url) or ok())

    async def main() -> None:
        for url in urls:
            crawler = Crawler(Options(fetch=FetchOptions(**fetching)), World(transport=web, memory=memory))
            await asyncio.gather(crawler.page(url), return_exceptions=True)
            await crawler.aclose()

    in_virtual_time(main())
    return web


def test_a_crawl_delay_is_kept_between_two_calls() -> None:
    """The site's pause, where it is longer than ours; another host doesn't wait."""
    robots = {"http://a.example/robots.txt": ok(b"user-agent: *\ncrawl-delay: 7")}
    web = crawl(robots, ["http://a.example/1", "http://b.example/1", "http://a.example/2"], Memory())
    one, two = web.times("a.example")
    assert two - one == pytest.approx(7 + web.seconds)
    (other,) = web.times("b.example")
    assert other < 1


def test_a_parked_host_is_left_alone_by_later_calls() -> None:
    """It said when to come back; nothing is sent until then."""
    parked = {"http://a.example/1": status(429, Retry_After="86400"), "http://a.example/robots.txt": status(404)}
    web = crawl(parked, [f"http://a.example/{n}" for n in (1, 2, 3)], Memory())
    assert [url for _, url in web.asked] == ["http://a.example/robots.txt", "http://a.example/1"]


def test_a_memory_is_bounded() -> None:
    """The oldest host goes; what was told of last is known."""
    known: ByHost[int] = ByHost()
    for number in range(5_000):
        known.put(f"host{number}", number)
    assert (known.get("host2999"), known.get("host3000"), known.get("host4999")) == (None, 3000, 4999)


def test_options_find_their_memory_again() -> None:
    """By their values: also those that a worker process was sent."""
    options = FetchOptions(contact="me@example.org", headers=(("A", "b"),))
    again = pickle.loads(pickle.dumps(options))  # noqa: S301 - our own
    assert memory_of_process(options) is memory_of_process(again) is not memory_of_process(FetchOptions())
