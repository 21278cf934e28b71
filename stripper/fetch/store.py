"""Where the HTTP cache keeps its answers: one SQLite file, for hishel's rules to look at.

hishel's own SQLite storage hops to a thread about 18 times for a page, which costs 3 ms of CPU, twice as much as
fetching it from this machine. A statement takes some 50 microseconds here, so it runs in the event loop. WAL mode
lets several runs share the file. Whatever is wrong with the file costs answers, never the run.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hishel import AsyncBaseStorage, Entry, Headers, Request, Response

from stripper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FILE = "http-cache-1.sqlite3"  # a change of the table needs a new name
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL,      -- of the URL
    request TEXT NOT NULL,  -- JSON: method, url, headers
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,  -- JSON: name -> values
    body BLOB NOT NULL,     -- as it came, still coded
    used REAL NOT NULL      -- Unix time, to the hour
)"""
_INDICES = (
    "CREATE INDEX IF NOT EXISTS answers_key ON answers(key)",
    "CREATE INDEX IF NOT EXISTS answers_used ON answers(used)",
)
_WAIT_SECONDS = 5.0  # for another run's write
_VARIANTS = 8  # answers kept for one URL
_EVICTED = 20  # answers dropped at a time when the file is full
_HOUR = 3600.0


class Store(AsyncBaseStorage):
    """Answers on disk; used from the thread that made it."""

    def __init__(self, folder: str, max_bytes: int, max_body: int) -> None:
        """Open the file in `folder`, both made if missing; raise `UsageError` if that's impossible.

        The file grows to about `max_bytes`; bodies over `max_body` are not kept.
        """
        super().__init__(max_stream_size=max_body)
        self._path = Path(folder) / FILE
        self._max_bytes = max_bytes
        self._max_body = max_body
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = self._open_or_begin_anew()
        except (OSError, sqlite3.Error) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or error
            raise UsageError(f"cache: {folder}: {reason}") from None

    def _open_or_begin_anew(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.OperationalError:
            raise  # locked, read-only, full: not the file's fault
        except sqlite3.DatabaseError:
            self._put_aside()
            return self._open()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
            for statement in (_TABLE, *_INDICES):
                database.execute(statement)
        except BaseException:
            database.close()
            raise
        return database

    def _put_aside(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            name = Path(f"{self._path}{suffix}")
            with suppress(FileNotFoundError):
                name.replace(f"{name}.broken")

    def _failed(self, error: sqlite3.Error) -> None:
        """Go on without what is lost: a broken file is put aside, other troubles pass."""
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._database.close()
            self._put_aside()
            self._database = self._open()

    async def create_entry(
        self,
        request: Request,
        response: Response,
        key: str,
        *,
        ttl: float | None = None,
        tti: float | None = None,
    ) -> Entry:
        """Return an entry whose stream keeps the answer once it is read to its end; `ttl` and `tti` are not used."""
        del ttl, tti
        entry = Entry(uuid.uuid4(), request, response)
        return replace(entry, response=replace(response, stream=self._keeping(entry, key)))

    async def _keeping(self, entry: Entry, key: str) -> AsyncIterator[bytes]:
        pieces: list[bytes] = []
        size = 0
        async for piece in entry.response.stream:  # type: ignore[union-attr]
            size += len(piece)
            if size <= self._max_body:
                pieces.append(piece)
            yield piece
        if size <= min(self._max_body, self._max_bytes):
            try:
                self._insert(entry, key, b"".join(pieces))
            except sqlite3.Error as error:
                self._failed(error)

    def _insert(self, entry: Entry, key: str, body: bytes) -> None:
        asked = json.dumps([entry.request.method, entry.request.url, _pairs(entry.request.headers)])
        row = (entry.id.bytes, key, asked, entry.response.status_code, json.dumps(_pairs(entry.response.headers)), body)
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, time.time()))
            self._database.execute(
                "DELETE FROM answers WHERE key = ? AND rowid NOT IN"
                " (SELECT rowid FROM answers WHERE key = ? ORDER BY rowid DESC LIMIT ?)",
                (key, key, _VARIANTS),
            )
            self._make_room()

    def _make_room(self) -> None:
        pragmas = "pragma_page_count, pragma_freelist_count, pragma_page_size"
        size = f"SELECT (page_count - freelist_count) * page_size FROM {pragmas}"  # noqa: S608 - words of our own
        while self._database.execute(size).fetchone()[0] > self._max_bytes:
            oldest = "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY used, rowid LIMIT ?)"
            if not self._database.execute(oldest, (_EVICTED,)).rowcount:
                return

    async def get_entries(self, key: str) -> list[Entry]:
        """Return the answers stored for a URL, oldest first."""
        try:
            rows = self._database.execute(
                "SELECT id, request, status, headers, body, used FROM answers WHERE key = ? ORDER BY rowid", (key,)
            ).fetchall()
            now = time.time()
            if any(now - row[5] > _HOUR for row in rows):  # not at every hit: reading should not write
                self._database.execute("UPDATE answers SET used = ? WHERE key = ?", (now, key))
            return [_entry(*row[:5]) for row in rows]
        except sqlite3.Error as error:
            self._failed(error)
        except (ValueError, TypeError):
            pass  # a damaged row
        return []

    async def update_headers(self, id: uuid.UUID, headers: Headers) -> None:  # noqa: A002 - hishel's name
        """Replace the headers of an answer that was revalidated."""
        self._write("UPDATE answers SET headers = ? WHERE id = ?", json.dumps(_pairs(headers)), id.bytes)

    async def remove_entry(self, id: uuid.UUID) -> None:  # noqa: A002 - hishel's name
        """Forget an answer."""
        self._write("DELETE FROM answers WHERE id = ?", id.bytes)

    def _write(self, statement: str, *values: object) -> None:
        try:
            self._database.execute(statement, values)
        except sqlite3.Error as error:
            self._failed(error)

    async def close(self) -> None:
        """Close the file."""
        self._database.close()


def _pairs(headers: Headers) -> dict[str, list[str]]:
    return {name: list(headers.get_list(name) or []) for name in headers}


def _entry(key: bytes, request: str, status: int, headers: str, body: bytes) -> Entry:
    method, url, sent = json.loads(request)

    async def stream() -> AsyncIterator[bytes]:
        yield body

    response = Response(status, Headers(json.loads(headers)), stream())
    return Entry(uuid.UUID(bytes=key), Request(method, url, Headers(sent)), response)
