"""The HTTP cache: RFC 9111 by hishel, answers on disk by our store, and answers from it alone when offline.

hishel decides what may be stored, what is fresh and what a 304 changes. Bodies are kept as they came, still coded,
and decoded with a bound each time; one that breaks off is not kept.
"""

from __future__ import annotations

import hashlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
from hishel import CacheOptions
from hishel.httpx import AsyncCacheTransport

from stripper.fetch.failures import NotStored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hishel import Entry, Headers

    from stripper.fetch.store import Store

_SECRETS = frozenset({"authorization", "cookie"})


class CachingTransport(httpx.AsyncBaseTransport):
    """Answers from the cache where RFC 9111 allows it, else asks the transport below and stores the answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport, storage: Store) -> None:
        """Put `storage` on top of `inner`."""
        self._inner = inner
        self._cache = AsyncCacheTransport(inner, storage, rfc=CacheOptions(shared=False))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer; the extension "caching" tells from where."""
        if not _SECRETS.isdisjoint(request.headers.keys()):
            # The request's headers are stored too: a password would lie on the disk.
            return await self._inner.handle_async_request(request)
        request.extensions = {**request.extensions, "caching": {"key": _key(request.url)}}
        return await self._cache.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the storage and the transport below."""
        await self._cache.aclose()


class OfflineTransport(httpx.AsyncBaseTransport):
    """Answers from the cache alone, fresh or stale; raises `NotStored`."""

    def __init__(self, storage: Store) -> None:
        """Answer from `storage`."""
        self._storage = storage

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with what was stored last."""
        entries = [e for e in await self._storage.get_entries(_key(request.url)) if e.request.method == request.method]
        if not entries:
            raise NotStored
        return _response(max(entries, key=_date))

    async def aclose(self) -> None:
        """Close the storage."""
        await self._storage.close()


class _Stored(httpx.AsyncByteStream):
    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._entry.response.stream:  # type: ignore[union-attr]
            yield piece


def _response(entry: Entry) -> httpx.Response:
    status = {"from_cache": True, "revalidated": False, "stored": False}
    return httpx.Response(
        entry.response.status_code,
        headers=_pairs(entry.response.headers),
        stream=_Stored(entry),
        extensions={"caching": status},
    )


def _pairs(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name in headers for value in headers.get_list(name) or []]


def _date(entry: Entry) -> float:
    try:
        return parsedate_to_datetime(entry.response.headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _key(url: httpx.URL) -> str:
    return hashlib.sha256(str(url).encode()).hexdigest()
