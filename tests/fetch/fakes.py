"""Stand-ins for the network: one that records what it was asked to connect to, and one with a clock of its own."""

from __future__ import annotations

import asyncio
import selectors
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

T = TypeVar("T")

PAGE = b"<!doctype html><title>A page</title><p>Hello, reader."


class Recorder(httpcore.AsyncNetworkBackend):
    """Opens no socket: notes the address, and answers with `PAGE` or refuses."""

    def __init__(self, answer: bytes | None = None) -> None:
        self.connects: list[tuple[str, int]] = []
        self._answer = answer

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Note the address."""
        self.connects.append((host, port))
        if self._answer is None:
            raise httpcore.ConnectError("nobody listens")
        return httpcore.AsyncMockStream([self._answer, b""])


class Names:
    """A name server: each lookup of a name takes the next of its answers, the last one ever after."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self._answers = {name: list(many) for name, many in answers.items()}
        self.lookups: list[str] = []

    async def __call__(self, host: str, _: int) -> list[str]:
        """Look up."""
        self.lookups.append(host)
        many = self._answers[host]
        return many.pop(0) if len(many) > 1 else many[0]


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer as soon as nothing else is to be done."""

    def __init__(self) -> None:
        super().__init__(_JumpingSelector(self))
        self.elapsed = 0.0

    def time(self) -> float:
        """Return the virtual time."""
        return self.elapsed


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._owner = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("the test waits for something that never comes")
        self._owner.elapsed += max(0.0, timeout)
        return super().select(0)


def in_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end; sleeping costs no time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@dataclass
class Web(httpx.AsyncBaseTransport):
    """A web without sockets: `answer(url, n)` gives the n-th answer (from 0) of a URL, after `seconds`."""

    answer: Callable[[str, int], httpx.Response]
    seconds: float = 0.1
    asked: list[tuple[float, str]] = field(default_factory=list)
    busy: dict[str, int] = field(default_factory=dict)
    most: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note the request, and answer it."""
        url = str(request.url)
        host = request.url.netloc.decode()
        count = sum(1 for _, asked in self.asked if asked == url)
        self.asked.append((asyncio.get_running_loop().time(), url))
        self.busy[host] = self.busy.get(host, 0) + 1
        self.most = max(self.most, sum(self.busy.values()))
        assert self.busy[host] == 1, f"two requests at once to {host}"
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.busy[host] -= 1
        return self.answer(url, count)

    def times(self, host: str) -> list[float]:
        """Return when pages of `host` were asked for; robots.txt left out."""
        return [at for at, url in self.asked if url.startswith(f"http://{host}/") and not url.endswith("/robots.txt")]


def ok(data: bytes = PAGE, **headers: str) -> httpx.Response:
    """Return an answer with a page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers={"Content-Type": "text/html"} | named, stream=httpx.ByteStream(data))


def status(code: int, **headers: str) -> httpx.Response:
    """Return an answer without a page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(code, headers=named, stream=httpx.ByteStream(b""))
