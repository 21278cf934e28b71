"""Slow servers (F6): connect, read and total time, least speed; and that they hold nobody else up."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch import fetch
from stripper.fetch.body import TooSlow, Want, read_body
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import PAGE, Web, in_virtual_time, ok
from tests.fetch.servers import drip, raw_server, serving

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator

    import httpx

DEADLINE = 1.0


def local(timeout: float = DEADLINE, **fetching: Any) -> Options:
    """Options for servers on this machine, without pauses."""
    defaults: dict[str, Any] = {"allow_private": True, "delay": 0, "tries": 1, "robots": False}
    return Options(timeout=timeout, fetch=FetchOptions(**defaults | fetching))


def drips_headers(connection: socket.socket, stop: threading.Event) -> None:
    """A byte of an endless header now and then."""
    connection.recv(65536)
    drip(connection, stop, b"HTTP/1.1 200 OK\r\nX: ")


def drips_body(connection: socket.socket, stop: threading.Event) -> None:
    """A byte of a long page every half second."""
    connection.recv(65536)
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n"
    drip(connection, stop, start, seconds=0.5)


def drips_interim_answers(connection: socket.socket, stop: threading.Event) -> None:
    """100 Continue for ever."""
    connection.recv(65536)
    drip(connection, stop, b"", b"HTTP/1.1 100 Continue\r\n\r\n")


def drips_tls(connection: socket.socket, stop: threading.Event) -> None:
    """A TLS handshake record that never ends."""
    connection.recv(65536)
    drip(connection, stop, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\0")


@pytest.mark.parametrize(
    ("talk", "scheme"),
    [(drips_headers, "http"), (drips_body, "http"), (drips_interim_answers, "http"), (drips_tls, "https")],
)
def test_a_drip_ends_at_the_deadline(talk: Any, scheme: str) -> None:
    """A byte now and then passes every timeout of a single read; the total does not."""
    with raw_server(talk) as port:
        started = time.monotonic()
        with pytest.raises(errors.FetchTimeout, match="no complete answer within 1 s"):
            fetch(f"{scheme}://127.0.0.1:{port}/", local())
        assert abs(time.monotonic() - started - DEADLINE) < 1


def test_redirects_share_one_deadline() -> None:
    """Five hops of 8 seconds each are one fetch of 40."""

    async def main() -> float:
        import asyncio

        import httpx

        def hop(url: str, _: int) -> httpx.Response:
            return httpx.Response(302, headers={"Location": url + "x"}, stream=httpx.ByteStream(b""))

        web = Web(hop, seconds=8)
        crawler = Crawler(local(timeout=30), World(transport=web))
        with pytest.raises(errors.FetchTimeout, match="30 s"):
            await crawler.page("http://a.example/")
        assert len(web.asked) == 4
        await crawler.aclose()
        return asyncio.get_running_loop().time()

    assert in_virtual_time(main()) == pytest.approx(30)


def test_waiting_for_ones_turn_is_not_counted() -> None:
    """The twentieth page of a host, asked for after 19 pauses, is not late."""

    async def main() -> None:
        import asyncio

        crawler = Crawler(local(timeout=2, delay=5), World(transport=Web(lambda *_: ok())))
        pages = [crawler.page(f"http://a.example/{n}") for n in range(20)]
        assert all(page.data == PAGE for page in await asyncio.gather(*pages))
        await crawler.aclose()

    in_virtual_time(main())


def test_a_silent_server_ends_at_the_read_timeout() -> None:
    """Nothing at all for `read_timeout` seconds is enough."""
    with raw_server(lambda _, stop: stop.wait(20)) as port:  # type: ignore[arg-type]
        started = time.monotonic()
        with pytest.raises(errors.FetchTimeout, match=r"silent for 0\.3 s"):
            fetch(f"http://127.0.0.1:{port}/", local(timeout=10, read_timeout=0.3))
        assert time.monotonic() - started < 2


def test_a_host_that_never_takes_a_connection_ends_at_the_connect_timeout() -> None:
    """A full backlog swallows the connection's first packet, as a firewall does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as stack:
        port = listener.getsockname()[1]
        for _ in range(8):  # until the backlog is full
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0)
            filler.connect_ex(("127.0.0.1", port))
        with pytest.raises(errors.ConnectionFailed, match=r"no connection within 0\.3 s"):
            fetch(f"http://127.0.0.1:{port}/", local(timeout=10, connect_timeout=0.3))


def test_a_body_below_the_least_speed_is_given_up() -> None:
    """Over any 10 seconds a body must come with `min_speed` bytes a second."""

    async def main(per_second: int) -> bytes:
        import asyncio

        import httpx

        class Slow(httpx.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                for _ in range(60):
                    await asyncio.sleep(1)
                    yield b"x" * per_second

        response: httpx.Response = httpx.Response(200, stream=Slow())
        return (await read_body(response, Want.PAGE, 10**6, 100)).data

    assert len(in_virtual_time(main(100))) == 6000
    with pytest.raises(TooSlow):
        in_virtual_time(main(99))


def test_a_hundred_slow_servers_do_not_starve_twenty_fast_ones() -> None:
    """With 16 lanes and 100 servers that drip in front, 20 fast ones are done long before the deadline of the slow."""

    async def main() -> tuple[float, list[str]]:
        import asyncio

        web = Mixed(lambda *_: ok())
        crawler = Crawler(local(timeout=30, concurrency=64), World(transport=web))
        loop = asyncio.get_running_loop()

        async def one(url: str) -> tuple[float, str]:
            try:
                await crawler.page(url)
            except errors.FetchTimeout:
                return loop.time(), "late"
            return loop.time(), "page"

        slow = [f"http://slow{n}.example/" for n in range(100)]
        fast = [f"http://fast{n}.example/" for n in range(20)]
        outcomes = await asyncio.gather(*map(one, slow + fast))
        await crawler.aclose()
        assert [what for _, what in outcomes[:100]] == ["late"] * 100
        return max(at for at, _ in outcomes[100:]), [what for _, what in outcomes[100:]]

    last, fates = in_virtual_time(main())
    assert fates == ["page"] * 20
    assert last < 5


class Mixed(Web):
    """Hosts named slow take for ever."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after a very long time, or as usual."""
        import asyncio

        if request.url.host.startswith("slow"):
            await asyncio.sleep(10_000)
        return await super().handle_async_request(request)


def test_a_hundred_real_drips_do_not_starve_twenty_fast_servers() -> None:
    """The same with sockets: the fast pages come at once, the slow ones fail at their deadline."""
    with raw_server(drips_body) as slow, contextlib.ExitStack() as stack:
        # Each name is a host of its own; all are this machine.
        fast = [stack.enter_context(serving()) for _ in range(20)]
        urls = [f"http://slow{n}.example:{slow}/" for n in range(100)] + [site.page("/", PAGE) for site in fast]

        async def resolve(*_: object) -> list[str]:
            return ["127.0.0.1"]

        started = time.monotonic()
        arrived = {}
        with Fetcher(local(timeout=3), World(resolve=resolve)) as fetcher:
            for outcome in fetcher.fetch_many(urls, ordered=False):
                arrived[outcome.id] = (time.monotonic() - started, isinstance(outcome, RawPage))
        assert len(arrived) == 120
        assert all(arrived[url][1] for url in urls[100:])
        assert not any(arrived[url][1] for url in urls[:100])
        # Not one of the fast pages had to wait until a slow one gave its place up.
        assert max(arrived[url][0] for url in urls[100:]) < min(arrived[url][0] for url in urls[:100])
