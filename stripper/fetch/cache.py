"""The HTTP cache on disk: RFC 9111 by hishel, one SQLite file, and answers from it alone when offline.

hishel fits: it streams (a body that breaks off is not stored), keeps the coded bytes (which are decoded with a
bound each time), revalidates, is bounded, and its SQLite file in WAL mode takes several runs at once. Three things
are ours: a broken file is put aside, requests with credentials go past the cache, and offline.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from hishel import AsyncSqliteStorage, CacheOptions
from hishel.httpx import AsyncCacheTransport

from stripper.errors import UsageError
from stripper.fetch.failures import NotStored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hishel import Entry, Headers

_FILE = "http-cache-2.sqlite3"  # hishel's schema 2; a new one needs a new name
_SECRETS = frozenset({"authorization", "cookie"})


def open_storage(folder: str, max_bytes: int, max_body: int) -> AsyncSqliteStorage:
    """Return the cache in `folder`, made if missing; what is there but no database is put aside.

    Raises `UsageError` if the folder can't be used.
    """
    # Without a handler Python prints hishel's warnings, tracebacks and all, to stderr.
    logging.getLogger("hishel").addHandler(logging.NullHandler())
    path = Path(folder) / _FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put_aside_if_broken(path)
    except OSError as error:
        raise UsageError(f"cache: {folder}: {error.strerror or error}") from None
    return AsyncSqliteStorage(database_path=path, max_size=max_bytes, max_stream_size=max_body)


def _put_aside_if_broken(path: Path) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=5)) as database:
            database.execute("PRAGMA schema_version").fetchone()
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return  # locked by another run
    except sqlite3.DatabaseError:
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            if name.exists():
                name.replace(f"{name}.broken")


class CachingTransport(httpx.AsyncBaseTransport):
    """Answers from the cache where RFC 9111 allows it, else asks the transport below and stores the answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport, storage: AsyncSqliteStorage) -> None:
        """Put `storage` on top of `inner`."""
        self._inner = inner
        self._cache = AsyncCacheTransport(inner, storage, rfc=CacheOptions(shared=False))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer; the extension "caching" tells from where."""
        if not _SECRETS.isdisjoint(request.headers.keys()):
            # hishel stores the request's headers too: a password would lie on the disk.
            return await self._inner.handle_async_request(request)
        request.extensions = {**request.extensions, "caching": {"key": _key(request.url)}}
        return await self._cache.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the storage and the transport below."""
        await self._cache.aclose()


class OfflineTransport(httpx.AsyncBaseTransport):
    """Answers from the cache alone, fresh or stale; raises `NotStored`."""

    def __init__(self, storage: AsyncSqliteStorage) -> None:
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
