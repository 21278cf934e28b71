"""One connection pool behind httpx's transport interface: HTTP/1.1 and HTTP/2, keep-alive, guard, proxy.

httpx's own transport takes no network backend, and its client would add what a crawler must not have: a cookie
jar, credentials out of .netrc, proxies out of the environment. Below the client there is nothing to switch off.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore
import httpx

from stripper.errors import UsageError
from stripper.fetch.network import GuardedBackend, UnresolvedHost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from stripper.fetch.network import Guard
    from stripper.options import FetchOptions

_IDLE_SECONDS = 15.0  # longer than the usual delay between two requests to a host
_PROXY_SCHEMES = frozenset({"http", "https"})


class HungUp(Exception):
    """The server closed the connection without an answer, as it may do with an idle one: to be asked again."""


class PoolTransport(httpx.AsyncBaseTransport):
    """Sends requests over pooled connections; raises httpcore's errors, `DeniedAddress` and `UnresolvedHost`."""

    def __init__(
        self, options: FetchOptions, guard: Guard, sockets: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        """Make a pool; with a proxy in `options` all connections go there, and targets are vetted before."""
        self._guard = guard
        self._proxied = options.proxy is not None
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(options),
            proxy=_proxy(options.proxy) if options.proxy else None,
            max_connections=None,  # how many there are at once is up to the turns
            max_keepalive_connections=options.concurrency,
            keepalive_expiry=_IDLE_SECONDS,
            http1=True,
            http2=True,
            # A proxy is where the user wants it, often at a private address.
            network_backend=GuardedBackend(None if self._proxied else guard, sockets),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; its extension "timeout" holds seconds for "connect", "read", "write" and "pool"."""
        url = request.url
        if self._proxied:
            await self._vet(url)
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions={"timeout": request.extensions["timeout"]},
        )
        try:
            answer = await self._pool.handle_async_request(sent)
        except (httpcore.ReadError, httpcore.WriteError) as error:
            raise HungUp from error
        except httpcore.RemoteProtocolError as error:
            if "disconnected" not in str(error):
                raise
            raise HungUp from error
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions={k: v for k, v in answer.extensions.items() if k in {"http_version", "reason_phrase"}}
            | {"address": _peer(answer)},
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
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


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
