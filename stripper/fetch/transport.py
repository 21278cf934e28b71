"""Kept connections behind httpx's transport interface: HTTP/1.1 and HTTP/2, keep-alive, guard, proxy.

httpx's own transport takes no network backend, and its client would add what a crawler must not have: a cookie
jar, credentials out of .netrc, proxies out of the environment. Below the client there is nothing to switch off.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

from stripper.errors import UsageError
from stripper.fetch.network import GuardedBackend, UnresolvedHost
from stripper.fetch.urls import origin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from stripper.fetch.network import Guard
    from stripper.options import FetchOptions

_IDLE_SECONDS = 15.0  # longer than the usual delay between two requests to a host


class HungUp(Exception):
    """The server closed the connection without an answer, as it may do with an idle one: to be asked again."""


class PoolTransport(httpx.AsyncBaseTransport):
    """Sends requests over kept connections; raises httpcore's errors, `DeniedAddress`, `UnresolvedHost`, `HungUp`.

    Each host has a pool of its own, for the one connection that it gets. httpcore's pool looks at every connection
    for every connection when it places a request: with 300 hosts in one pool that takes longer than the request.
    """

    def __init__(
        self, options: FetchOptions, guard: Guard, sockets: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        """Connect by `options`; with a proxy in them all connections go there, and targets are vetted before."""
        self._guard = guard
        self._ssl_context = _ssl_context(options)
        self._proxy = _proxy(options.proxy) if options.proxy else None
        # A proxy is where the user wants it, often at a private address.
        self._backend = GuardedBackend(guard if self._proxy is None else None, sockets)
        self._kept = options.concurrency
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; its extension "timeout" holds seconds for "connect", "read", "write" and "pool"."""
        url = request.url
        if self._proxy is not None:
            await self._vet(url)
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions={"timeout": request.extensions["timeout"]},
        )
        host = await self._host(origin(url))
        host.users += 1
        try:
            answer = await host.pool.handle_async_request(sent)
        except BaseException as error:
            host.users -= 1
            if _hung_up(error):
                raise HungUp from error
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer, host),
            extensions={k: v for k, v in answer.extensions.items() if k in {"http_version", "reason_phrase"}}
            | {"address": _peer(answer)},
        )

    async def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            await self._close_idle()
            host = self._hosts[name] = _Host(self._new_pool())
        self._hosts.move_to_end(name)
        return host

    async def _close_idle(self) -> None:
        idle = [name for name, host in self._hosts.items() if not host.users]
        for name in idle[: max(0, len(idle) - self._kept + 1)]:
            await self._hosts.pop(name).pool.aclose()

    def _new_pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._ssl_context,
            proxy=self._proxy,
            max_connections=1,
            keepalive_expiry=_IDLE_SECONDS,
            http1=True,
            http2=True,
            network_backend=self._backend,
        )

    async def _vet(self, url: httpx.URL) -> None:
        """Vet the target of a proxied request.

        The proxy resolves the name itself, so this is best effort: a name that only the proxy knows passes.
        """
        try:
            await self._guard.addresses(url.host, url.port or 0)
        except UnresolvedHost:
            return

    async def aclose(self) -> None:
        """Close all connections."""
        for host in self._hosts.values():
            await host.pool.aclose()
        self._hosts.clear()


@dataclass(slots=True)
class _Host:
    pool: httpcore.AsyncConnectionPool
    users: int = 0  # requests whose answers are not closed yet


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, host: _Host) -> None:
        self._answer = answer
        self._host: _Host | None = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        if self._host is not None:
            self._host.users -= 1
            self._host = None
        await self._answer.aclose()


def _hung_up(error: BaseException) -> bool:
    if isinstance(error, httpcore.RemoteProtocolError):
        return "disconnected" in str(error)
    return isinstance(error, (httpcore.ReadError, httpcore.WriteError))


def _peer(answer: httpcore.Response) -> str | None:
    stream = answer.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return str(peer[0]) if peer else None


def _ssl_context(options: FetchOptions) -> ssl.SSLContext:
    context = httpx.create_ssl_context(verify=not options.insecure, trust_env=False)
    if options.ca_file is not None:
        try:
            context.load_verify_locations(options.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"ca_file: {options.ca_file}: {error.strerror or error}") from None
    return context


def _proxy(url: str) -> httpcore.Proxy:
    parsed = httpx.URL(url)
    auth = (parsed.username, parsed.password) if parsed.username else None
    bare = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=b"/")
    return httpcore.Proxy(bare, auth=auth)
