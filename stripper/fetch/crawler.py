"""The asynchronous core: a URL's way through robots.txt, tries and redirects to a page or an error."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from stripper.datatypes import RawPage
from stripper.errors import (
    AddressDenied,
    ConnectionFailed,
    FetchError,
    FetchTimeout,
    HostParked,
    HTTPStatusError,
    NotCached,
    ProxyFailed,
    RedirectFailed,
    RobotsDenied,
    TLSFailed,
)
from stripper.fetch.account import Account, relaxed
from stripper.fetch.body import Want, media_type_and_charset
from stripper.fetch.exchange import Clock, TurnTransport, Waits, exchange, make_request
from stripper.fetch.failures import FOREIGN, NotStored, translated
from stripper.fetch.memory import Memory
from stripper.fetch.network import Guard, system_resolver
from stripper.fetch.patience import Patience, may_pass, retry_after
from stripper.fetch.render import Renderer
from stripper.fetch.robots import ALLOW_ALL, PRODUCT, Robots, from_status
from stripper.fetch.robots_cache import RobotsCache
from stripper.fetch.transport import PoolTransport
from stripper.fetch.turns import Turns
from stripper.fetch.urls import next_url, origin, parse_url
from stripper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpcore
    import httpx

    from stripper.fetch.exchange import Reply
    from stripper.fetch.network import Resolve
    from stripper.fetch.shelf import Gate
    from stripper.fetch.warc import Archive
    from stripper.options import Options

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The host can't be asked at all: that is the page's failure too, not a statement of its robots.txt.
_HOST_FAILURES = (
    AddressDenied,
    ConnectionFailed,
    TLSFailed,
    ProxyFailed,
    HostParked,
)


@dataclass(frozen=True, slots=True)
class World:
    """What the fetcher takes from the machine; tests put something else in its place."""

    resolve: Resolve | None = None  # host, port -> addresses; None = the machine's resolver
    sockets: httpcore.AsyncNetworkBackend | None = None  # None = the machine's
    transport: httpx.AsyncBaseTransport | None = None  # in the place of guard, pool and sockets
    now: Callable[[], float] = time.time  # Unix time
    memory: Memory = field(default_factory=Memory)  # of hosts that were asked before


@dataclass(slots=True)
class _Job:
    source: str  # id of the page: the URL as asked for
    want: Want
    first: str  # origin of the URL asked for: the only one that gets the user's headers
    url: httpx.URL
    account: Account
    left: float  # seconds
    gate: Gate | None  # None = open
    seen: set[str] = field(default_factory=set)


class Crawler:
    """Fetches URLs, each as a coroutine of its own; made, used and closed inside one event loop."""

    def __init__(self, options: Options, world: World) -> None:
        """Take what to do from `options` and the means from `world`; raises `UsageError`."""
        fetch = options.fetch
        self._options = options
        self._now = world.now
        self._agent = user_agent(fetch.contact)
        self._turns = Turns(fetch.delay, fetch.concurrency, world.memory.free_at)
        self._patience = Patience(fetch.tries, fetch.longest_wait, world.memory.parked, world.now)
        self._robots = RobotsCache(self._robots_txt, world.now, world.memory.rules)
        self._renderer = Renderer(self, fetch.browser, options.timeout)
        self._archive = _archive(fetch.warc, self._agent)
        try:
            self._transport = _transport(options, world, self._turns)
        except BaseException:
            if self._archive is not None:
                self._archive.discard()
            raise

    async def page(self, source: str, gate: Gate | None = None) -> RawPage:
        """Return the page at URL `source`, asked for once `gate` is open; raises a `FetchError` with its `fetched`."""
        account, reply = await self.get(source, Want.PAGE, gate)
        media_type, charset = media_type_and_charset(reply.headers.get("content-type", ""))
        raw = RawPage(source, reply.body.data, str(reply.url), media_type, charset, account.record())
        return await self.render(raw) if self._options.fetch.render == "always" else raw

    async def render(self, raw: RawPage) -> RawPage:
        """Return a fetched page as it is after its scripts have run; plain text stays as it is."""
        if raw.media_type in {"text/plain", "text/markdown", "text/x-markdown"}:
            return raw
        try:
            return await self._renderer.render(raw)
        except FetchError as error:
            error.fetched = raw.fetch
            raise

    async def get(self, source: str, want: Want, gate: Gate | None = None) -> tuple[Account, Reply]:
        """Return the last answer of a URL's chain of redirects, whose status is 2xx; raises a `FetchError`."""
        url = parse_url(source)
        account = Account(str(url), self._now(), relaxed(self._options.fetch))
        job = _Job(source, want, origin(url), url, account, self._options.timeout, gate)
        try:
            return account, await self._follow(job)
        except FetchError as error:
            error.fetched = account.record()
            raise

    @property
    def max_bytes(self) -> int:
        """The most bytes of one answer."""
        return self._options.max_fetch_bytes

    async def robots(self, host: str) -> Robots:
        """Return what the robots.txt of `host` (an origin) says."""
        return await self._robots.get(host)

    async def aclose(self) -> None:
        """Close connections, cache and archive."""
        await self._renderer.aclose()
        await self._robots.aclose()
        await self._transport.aclose()
        if self._archive is not None:
            self._archive.close()

    async def _follow(self, job: _Job) -> Reply:
        obey = self._options.fetch.robots and not self._options.fetch.offline and job.want is not Want.ROBOTS
        job.account.robots = "asked" if obey else "not asked"
        while True:
            job.account.url = str(job.url)
            job.seen.add(job.account.url)
            if obey:
                await self._permit(job)
            reply = await self._try(job)
            if reply.status not in _REDIRECTS:
                return reply
            job.url = next_url(job.source, job.url, reply.headers["location"])
            if str(job.url) in job.seen:
                raise RedirectFailed(job.source, f"redirects in a loop, back to {job.url}")
            if len(job.seen) > MAX_REDIRECTS:
                raise RedirectFailed(job.source, f"redirects more than {MAX_REDIRECTS} times")

    async def _permit(self, job: _Job) -> None:
        host = origin(job.url)
        robots = await self._robots.get(host)
        if robots.failure is not None:
            raise type(robots.failure)(job.source, robots.failure.problem)
        if reason := robots.forbids(str(job.url)):
            job.account.robots = "denied"
            raise RobotsDenied(job.source, f"{reason}; only robots=False overrides it")
        job.account.robots = "allowed"
        if robots.delay > self._options.fetch.longest_wait:
            problem = (
                f"{host} asks for {robots.delay:,.0f} s between two requests, more than we wait; raise longest_wait"
            )
            raise HostParked(job.source, problem)
        self._turns.slow_down(host, robots.delay)

    async def _robots_txt(self, host: str) -> Robots:
        url = f"{host}/robots.txt"
        try:
            _, reply = await self.get(url, Want.ROBOTS)
        except HTTPStatusError as error:
            return from_status(error.status, b"")
        except RedirectFailed:
            return ALLOW_ALL  # RFC 9309, 2.3.1.2: as if there were none
        except FetchError as error:
            if isinstance(error, _HOST_FAILURES) and not (error.fetched or {})["redirects"]:
                return Robots(None, failure=error)
            problem = f"{url} could not be had ({error.problem}), which forbids everything for now"
            return Robots(None, denied=problem)
        return from_status(reply.status, reply.body.data)

    async def _try(self, job: _Job) -> Reply:
        host = origin(job.url)
        async for attempt in self._patience.attempts(host):
            with attempt:
                try:
                    reply = await self._ask(job, host)
                except FetchError as error:
                    if may_pass(error):
                        self._patience.failed(host)
                    raise
        self._patience.succeeded(host)
        return reply

    async def _ask(self, job: _Job, host: str) -> Reply:
        clock = Clock(job.left)
        headers = [("User-Agent", self._agent)]
        if host == job.first and job.want in {Want.PAGE, Want.FEED}:
            headers += self._options.fetch.headers
        admit = partial(self._patience.check, job.source, host)
        request = make_request(job.url, job.want, headers, Waits(clock, job.gate, admit), self._options)
        job.account.attempts += 1
        try:
            reply = await exchange(self._transport, request, job.want, self._options)
            job.left = clock.left
            job.account.add(reply)
            if reply.trouble is not None:
                raise reply.trouble
        except NotStored:
            raise NotCached(job.source, "is not in the cache, and we are offline") from None
        except TimeoutError:
            raise FetchTimeout(job.source, f"no complete answer within {self._options.timeout:g} s") from None
        except FOREIGN as error:
            raise translated(job.source, error, self._options) from error
        if self._archive is not None:
            self._archive.add(request, reply)
        self._check_status(job.source, host, reply)
        return reply

    def _check_status(self, source: str, host: str, reply: Reply) -> None:
        if 200 <= reply.status < 300 or (reply.status in _REDIRECTS and "location" in reply.headers):  # noqa: PLR2004 - 2xx
            return
        error = HTTPStatusError(source, f"the server answers {reply.status} {reply.reason}".rstrip())
        error.status = reply.status
        error.wait = retry_after(reply.headers.get("retry-after", ""), self._now())
        if may_pass(error):
            self._patience.park(source, host, error)
            self._turns.rest(host, error.wait)
        raise error


def user_agent(contact: str | None) -> str:
    """Return our User-Agent: product, version, and whom to write to."""
    return f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else "")


def _archive(path: str | None, software: str) -> Archive | None:
    if path is None:
        return None
    from stripper.fetch.warc import Archive

    return Archive.create(path, software)


def _transport(options: Options, world: World, turns: Turns) -> httpx.AsyncBaseTransport:
    fetch = options.fetch
    if fetch.offline:
        from stripper.fetch.cache import OfflineTransport
        from stripper.fetch.store import Store

        return OfflineTransport(Store(str(fetch.cache), fetch.cache_bytes, options.max_fetch_bytes))
    guard = Guard(world.resolve or system_resolver(), fetch.allow_private)
    network: httpx.AsyncBaseTransport = world.transport or PoolTransport(fetch, guard, world.sockets)
    polite = TurnTransport(network, turns)
    if fetch.cache is None:
        return polite
    from stripper.fetch.cache import CachingTransport
    from stripper.fetch.store import Store

    return CachingTransport(polite, Store(fetch.cache, fetch.cache_bytes, options.max_fetch_bytes))
