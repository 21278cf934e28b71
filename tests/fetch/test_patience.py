"""Trying again (F10): only what may pass, few times, as the server asks; on a clock of the test's own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpcore
import pytest

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.patience import retry_after
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import Web, in_virtual_time, ok, status

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

START = 1_700_000_000.0  # Unix time at which each test begins


def options(**fetching: Any) -> Options:
    """No robots.txt, no pause."""
    return Options(fetch=FetchOptions(**{"robots": False, "delay": 0} | fetching))


def crawl(web: Web, urls: list[str], **fetching: Any) -> tuple[list[Any], float]:
    """Fetch all at once; return pages and errors in order, and how long it took."""

    async def main() -> tuple[list[Any], float]:
        loop = asyncio.get_running_loop()
        crawler = Crawler(options(**fetching), World(transport=web, now=lambda: START + loop.time()))
        outcomes = await asyncio.gather(*map(crawler.page, urls), return_exceptions=True)
        await crawler.aclose()
        return outcomes, loop.time()

    return in_virtual_time(main())


def failing(times: int, fail: Callable[[], httpx.Response]) -> Callable[[str, int], httpx.Response]:
    """Answer badly a few times, then with a page."""
    return lambda _, n: fail() if n < times else ok()


def refuse() -> httpx.Response:
    """No connection."""
    raise httpcore.ConnectError("refused")


@pytest.mark.parametrize("code", [404, 403, 401, 410, 400, 418, 451])
def test_what_will_not_pass_is_not_tried_again(code: int) -> None:
    """A missing page is missing."""
    web = Web(lambda *_: status(code))
    (error,), _ = crawl(web, ["http://a.example/"])
    assert error.status == code
    assert len(web.asked) == 1


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504, 520])
def test_what_may_pass_is_tried_thrice(code: int) -> None:
    """Two failures and a page are a page; three are a failure."""
    web = Web(failing(2, lambda: status(code)))
    (page,), seconds = crawl(web, ["http://a.example/"])
    assert isinstance(page, RawPage)
    assert page.fetch is not None
    assert page.fetch["attempts"] == 3
    assert 1 + 2 <= seconds < 1 + 2 + 2 + 1  # backoff of 1 and 2 s, up to a second of jitter each
    web = Web(lambda *_: status(code))
    (error,), _ = crawl(web, ["http://a.example/"])
    assert isinstance(error, errors.HTTPStatusError)
    assert len(web.asked) == 3


def test_a_connection_that_fails_is_tried_again() -> None:
    """Refused twice, then there."""
    web = Web(failing(2, refuse))
    (page,), _ = crawl(web, ["http://a.example/"])
    assert isinstance(page, RawPage)
    assert len(web.asked) == 3


def broken() -> httpx.Response:
    """An answer that is no HTTP."""
    raise httpcore.RemoteProtocolError("no HTTP")


def silent() -> httpx.Response:
    """No answer."""
    raise httpcore.ReadTimeout


@pytest.mark.parametrize("fail", [broken, silent, lambda: ok(b"x", Content_Encoding="br"), lambda: ok(b"%PDF-1.7\n\1")])
def test_other_failures_are_not_tried_again(fail: Callable[[], httpx.Response]) -> None:
    """A page that is broken, too slow or no page stays so."""
    web = Web(lambda *_: fail())
    (error,), _ = crawl(web, ["http://a.example/"])
    assert isinstance(error, errors.FetchError)
    assert len(web.asked) == 1


@pytest.mark.parametrize("header", ["17", format_datetime(datetime.fromtimestamp(START + 17, UTC), usegmt=True)])
def test_retry_after_is_waited_for(header: str) -> None:
    """Seconds or a date; the host's other pages wait too."""
    web = Web(lambda url, n: status(429, Retry_After=header) if (url[-1], n) == ("1", 0) else ok(), seconds=0)
    outcomes, _ = crawl(web, ["http://a.example/1", "http://a.example/2"])
    assert all(isinstance(o, RawPage) for o in outcomes)
    assert [round(at) for at in web.times("a.example")] == [0, 17, 17]


@pytest.mark.parametrize("header", ["86400", format_datetime(datetime.fromtimestamp(START + 86400, UTC), usegmt=True)])
def test_a_host_that_wants_a_day_is_left_alone(header: str) -> None:
    """Its page fails as parked, and its others too, without a request."""
    web = Web(lambda *_: status(429, Retry_After=header))
    outcomes, seconds = crawl(web, [f"http://a.example/{n}" for n in range(5)] + ["http://b.example/"])
    assert [type(o) for o in outcomes] == [errors.HostParked] * 6
    assert "asks to be left alone for 86," in str(outcomes[0])
    assert len(web.asked) == 2  # one for each host
    assert seconds < 5


def test_a_parked_host_is_asked_again_later() -> None:
    """When its time has passed, in the same run."""
    web = Web(failing(1, lambda: status(503, Retry_After="300")))

    async def main() -> None:
        loop = asyncio.get_running_loop()
        crawler = Crawler(options(), World(transport=web, now=lambda: START + loop.time()))
        for _ in range(2):
            with pytest.raises(errors.HostParked):
                await crawler.page("http://a.example/")
        await asyncio.sleep(301)
        assert (await crawler.page("http://a.example/")).data
        await crawler.aclose()

    in_virtual_time(main())
    assert len(web.asked) == 2


def test_a_storm_of_503_is_not_answered_with_one() -> None:
    """100 pages of a host that fails: three tries for the first few, then one each, at once or one by one."""
    web = Web(lambda *_: status(503))
    outcomes, _ = crawl(web, [f"http://a.example/{n}" for n in range(100)])
    assert [type(o) for o in outcomes] == [errors.HTTPStatusError] * 100
    assert len(web.asked) <= 100 + 9

    async def one_by_one() -> None:
        loop = asyncio.get_running_loop()
        crawler = Crawler(options(), World(transport=web, now=lambda: START + loop.time()))
        for n in range(100):
            with pytest.raises(errors.HTTPStatusError):
                await crawler.page(f"http://b.example/{n}")
        await crawler.aclose()

    web.asked.clear()
    in_virtual_time(one_by_one())
    assert len(web.asked) == 3 * 3 + 97


def test_an_unknown_name_is_not_asked_for_again() -> None:
    """Unless the name server itself had a moment of weakness."""
    from stripper.fetch.network import UnresolvedHost

    for transient, tries in ((False, 1), (True, 3)):

        def fail(_: str, __: int, transient: bool = transient) -> httpx.Response:  # noqa: FBT001 - bound here
            raise UnresolvedHost("a.example", "?", transient=transient)

        web = Web(fail)
        (error,), _ = crawl(web, ["http://a.example/"])
        assert isinstance(error, errors.ConnectionFailed)
        assert len(web.asked) == tries


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0), ("0", 0), ("120", 120), (" 7 ", 7), ("-5", 0), ("soon", 0), ("1.5", 0), ("²", 0),
        ("9" * 400, 999_999_999_999), ("Tue, 14 Nov 2023 22:13:30 GMT", 10), ("Tue, 14 Nov 2023 22:13:10 GMT", 0),
        ("Tue, 14 Nov 20233 22:13:10 GMT", 0), ("Tuesday", 0),
    ],
)  # fmt: skip
def test_retry_after_is_read(header: str, seconds: float) -> None:
    """Seconds, a date, or nothing of use."""
    assert retry_after(header, START) == seconds
