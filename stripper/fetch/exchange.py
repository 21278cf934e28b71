"""One request and its answer: the host's turn, a deadline, a bounded body."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from stripper.fetch.body import Body, Want, check_type, read_body
from stripper.fetch.decode import ACCEPT_ENCODING, OverLimit
from stripper.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from stripper.fetch.urls import origin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from stripper.fetch.shelf import Gate
    from stripper.fetch.turns import Turns, Visit
    from stripper.options import Options

_FREE = frozenset({Want.ROBOTS, Want.PART})  # come with a page: the host need not rest after them
_DRAIN_BYTES = 65_536  # of an error's or redirect's body: read, the connection can be used again


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read as far as it was wanted."""

    url: httpx.URL
    status: int
    reason: str
    headers: httpx.Headers
    body: Body
    http_version: str | None  # None = from the cache
    address: str | None  # that answered; None = from the cache
    cache: str  # "off" | "miss" | "stored" | "hit" | "revalidated"
    seconds: float  # from the request to the body's last byte; 0 = from the cache
    trouble: Exception | None = None  # why the body is not there: what `failures` translates


class Clock:
    """A deadline that starts when a request's turn has come: polite waiting is nobody's fault."""

    def __init__(self, seconds: float) -> None:
        """Allow `seconds` in all, over every request that this clock times."""
        self.left = seconds
        self.spent = 0.0  # seconds of the last request
        self._started: float | None = None
        self._limit: asyncio.Timeout | None = None

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Raise TimeoutError once the time that was left has passed since `start`."""
        self._started = None
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(None) as self._limit:
                yield
        finally:
            self.spent = 0.0 if self._started is None else now() - self._started
            self.left -= self.spent

    def start(self) -> None:
        """Begin to count."""
        self._started = asyncio.get_running_loop().time()
        if self._limit is not None:
            self._limit.reschedule(self._started + self.left)


@dataclass(slots=True)
class Waits:
    """What a request does before it is sent; its extension "waits"."""

    clock: Clock  # started when the turn has come
    gate: Gate | None  # that must be open; None = it is
    admit: Callable[[], None]  # raises if the host is not to be asked after all
    held: AsyncExitStack = field(default_factory=AsyncExitStack)  # the turn and the answer, until the exchange is over
    visit: Visit | None = None  # the turn, once it has come


class TurnTransport(httpx.AsyncBaseTransport):
    """Lets a request through when its host's turn has come; sits below the cache.

    The request's extensions: "waits", a `Waits`, and "pause", whether the host rests afterwards. The turn belongs
    to the exchange, not to the response: a cache that is interrupted while it stores forgets to close the latter.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, turns: Turns) -> None:
        """Pass requests on to `inner`."""
        self._inner = inner
        self._turns = turns

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for the turn, and send; a cache that asks twice, since a 304 fits nothing, does so in one turn."""
        waits: Waits = request.extensions["waits"]
        if waits.visit is None:
            turn = self._turns.turn(origin(request.url), waits.gate)
            waits.visit = await waits.held.enter_async_context(turn)
            waits.admit()
            waits.clock.start()
        waits.visit.pause = request.extensions["pause"]
        response = await self._inner.handle_async_request(request)
        waits.held.push_async_callback(response.aclose)
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


async def exchange(transport: httpx.AsyncBaseTransport, request: httpx.Request, want: Want, options: Options) -> Reply:
    """Send `request` (made by `make_request`) and return the answer, also where its body gives trouble.

    Raises TimeoutError at the deadline, and what `failures` translates.
    """
    trouble: Exception | None = None
    waits: Waits = request.extensions["waits"]
    clock = waits.clock
    async with clock.limit(), waits.held:
        response = await transport.handle_async_request(request)
        try:
            body = await _body(response, want, options)
        except Exception as error:  # noqa: BLE001 - raised by the caller, who writes the answer's headers down first
            body, trouble = Body(b"", b""), error
        finally:
            await response.aclose()
    cache = response.extensions.get("caching")
    version = response.extensions.get("http_version")
    return Reply(
        url=request.url,
        status=response.status_code,
        reason=response.reason_phrase,
        headers=response.headers,
        body=body,
        http_version=version.decode("ascii") if version else None,
        address=response.extensions.get("address"),
        cache="off" if cache is None else _cache_word(cache),
        seconds=clock.spent,
        trouble=trouble,
    )


def make_request(
    url: httpx.URL,
    want: Want,
    headers: list[tuple[str, str]],
    waits: Waits,
    options: Options,
) -> httpx.Request:
    """Return a GET request with its extensions; `headers` go on top of our own."""
    fetch = options.fetch
    timeout = {"connect": fetch.connect_timeout, "read": fetch.read_timeout, "write": fetch.read_timeout, "pool": None}
    own = [("Accept", want.value), ("Accept-Encoding", ACCEPT_ENCODING)]
    given = {name.lower() for name, _ in headers}
    return httpx.Request(
        "GET",
        url,
        headers=[(name, value) for name, value in own if name.lower() not in given] + headers,
        extensions={"timeout": timeout, "waits": waits, "pause": want not in _FREE},
    )


async def _body(response: httpx.Response, want: Want, options: Options) -> Body:
    if not response.is_success:
        return await _drained(response)
    if want is Want.PAGE:
        check_type(response.headers.get("content-type", ""))
    limit = ROBOTS_BYTES if want is Want.ROBOTS else options.max_fetch_bytes
    announced = response.headers.get("content-length", "")
    if want is not Want.ROBOTS and announced.isdigit() and int(announced[:15]) > limit:
        raise OverLimit
    return await read_body(response, want, limit, options.fetch.min_speed)


async def _drained(response: httpx.Response) -> Body:
    wire = b""
    async for data in response.stream:  # type: ignore[union-attr]
        wire += data
        if len(wire) > _DRAIN_BYTES:
            return Body(b"", wire, truncated=True)
    return Body(b"", wire)


def _cache_word(status: dict[str, bool]) -> str:
    if status["from_cache"]:
        return "revalidated" if status["revalidated"] else "hit"
    return "stored" if status["stored"] else "miss"
