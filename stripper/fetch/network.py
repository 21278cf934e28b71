"""Sockets behind the guard: a host is resolved once, every answer is vetted, and a vetted address is connected to.

Vetting a URL's host before handing the name on would resolve twice, and a name server may answer differently
the second time (DNS rebinding). TLS still checks the host's name: only the address is replaced.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio
import httpcore

from stripper.fetch.addresses import denied

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable

    Resolve = Callable[[str, int], Awaitable[list[str]]]

T = TypeVar("T")

# The event loop's own pool has six threads on a small machine: a few dead name servers would hold up all others.
_RESOLVING_AT_ONCE = 64


class DeniedAddress(Exception):
    """A host has an address that is not public."""

    def __init__(self, host: str, address: str, rule: str) -> None:
        super().__init__(host, address, rule)
        self.host = host
        self.address = address
        self.rule = rule


class UnresolvedHost(Exception):
    """A host name has no address; `transient` when asking again may help."""

    def __init__(self, host: str, reason: str, *, transient: bool) -> None:
        super().__init__(host, reason)
        self.host = host
        self.reason = reason
        self.transient = transient


def system_resolver() -> Resolve:
    """Return a resolver that asks the machine (hosts file, DNS) and raises `UnresolvedHost`."""
    places = asyncio.Semaphore(_RESOLVING_AT_ONCE)

    async def resolve(host: str, port: int) -> list[str]:
        try:
            async with places:
                infos = await _in_thread(partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM))
        except socket.gaierror as error:
            reason = error.strerror or str(error)
            raise UnresolvedHost(host, reason, transient=error.errno == socket.EAI_AGAIN) from None
        except UnicodeError:
            raise UnresolvedHost(host, "no valid host name", transient=False) from None
        return list(dict.fromkeys(str(info[4][0]) for info in infos))

    return resolve


async def _in_thread(call: Callable[[], T]) -> T:
    """Run `call` in a thread that Python does not wait for: a name server may take minutes to give up."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: Exception | None) -> None:
        if answer.cancelled():
            return
        if error is None:
            answer.set_result(cast("T", result))
        else:
            answer.set_exception(error)

    def work() -> None:
        result, failure = None, None
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - raised where the answer is awaited
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, result, failure)

    threading.Thread(target=work, name="stripper resolves", daemon=True).start()
    return await answer


@dataclass(frozen=True, slots=True)
class Guard:
    """Resolves hosts and vets their addresses."""

    resolve: Resolve = field(default_factory=system_resolver)
    allow_private: bool = False

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return all addresses of `host`; raise `DeniedAddress` if any one is not public.

        One private answer among public ones is how a rebinding name server tries its luck: nothing is picked
        out of a mixed answer.
        """
        addresses = await self.resolve(host, port)
        if not self.allow_private:
            for address in addresses:
                if rule := denied(address):
                    raise DeniedAddress(host, address, rule)
        return addresses


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network with the guard between name and address."""

    def __init__(self, guard: Guard | None, sockets: httpcore.AsyncNetworkBackend | None = None) -> None:
        """Connect through `sockets` (the machine's own when None); without `guard` to any host."""
        self._guard = guard
        self._sockets = sockets or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers; `timeout` seconds for resolving, and for all tries."""
        if self._guard is None:
            return _Stream(await self._sockets.connect_tcp(host, port, timeout, local_address, socket_options))
        try:
            with anyio.fail_after(timeout):
                addresses = await self._guard.addresses(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"no answer from the name server within {timeout:g} s") from None
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return _Stream(await self._sockets.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address; the last one's error is the one that is told
        return _Stream(await self._sockets.connect_tcp(addresses[-1], port, share, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that is closed when a TLS handshake on it is given up: httpcore's own leaves it open then."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._inner.aclose()
            raise

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
