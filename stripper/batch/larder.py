"""Fetched pages, kept until the batch is complete: each URL is asked for once, however often its page is read."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from stripper.batch.items import Content, Done, Item, Link, Lost
from stripper.batch.mirror import reported
from stripper.datatypes import Failure, RawPage
from stripper.errors import OutputError
from stripper.fetch import fetch_among
from stripper.sites import head_of, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from stripper.fetch.fetcher import Fetcher

_TABLE = "CREATE TABLE IF NOT EXISTS pages(url BLOB PRIMARY KEY, told TEXT, data BLOB)"


class Larder:
    """A file with fetched pages, made when the first is put in."""

    def __init__(self, path: Path) -> None:
        """Keep pages at `path`."""
        self._path = path
        self._db: sqlite3.Connection | None = None

    def get(self, url: str) -> RawPage | Failure | None:
        """Return what came of a URL, None where it was not asked for."""
        with self._reported():
            row = self._open().execute("SELECT told, data FROM pages WHERE url = ?", (_blob(url),)).fetchone()
        if row is None or row[0] is None:
            return None
        told = json.loads(row[0])
        if row[1] is None:
            return Failure(**told)
        return RawPage(data=zlib.decompress(row[1]), **told)

    def want(self, url: str) -> bool:
        """Note that a URL is asked for; return whether it is the first time."""
        with self._reported():
            return (
                self._open().execute("INSERT OR IGNORE INTO pages VALUES (?, NULL, NULL)", (_blob(url),)).rowcount > 0
            )

    def put(self, url: str, page: RawPage | Failure) -> None:
        """Keep what came of a URL."""
        if isinstance(page, Failure):
            told = {"id": page.id, "error": page.error, "message": page.message, "url": page.url}
            data = None
        else:
            told = {"id": page.id, "url": page.url, "media_type": page.media_type, "charset": page.charset}
            data = zlib.compress(page.data, 1)
        fetched = page.fetched if isinstance(page, Failure) else page.fetch
        told["fetched" if isinstance(page, Failure) else "fetch"] = None if fetched is None else dict(fetched)  # type: ignore[assignment]
        with self._reported():
            self._open().execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (_blob(url), json.dumps(told), data))

    def forget_failures(self) -> None:
        """Ask again for what failed, and for what was wanted when a run was cut off."""
        if self._path.exists():
            with self._reported():
                self._open().execute("DELETE FROM pages WHERE data IS NULL")

    def forget_wants(self) -> None:
        """Ask again for what was wanted when a run was cut off."""
        if self._path.exists():
            with self._reported():
                self._open().execute("DELETE FROM pages WHERE told IS NULL")

    def close(self, *, throw_away: bool) -> None:
        """Close the file; `throw_away` when nobody will ask again."""
        if self._db is not None:
            self._db.close()
            self._db = None
        if throw_away:
            with reported(self._path):
                self._path.unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite3.connect(self._path, isolation_level=None)
            # A cut-off run asks for these pages again: nothing here must survive a power cut.
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute(_TABLE)
        return self._db

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutputError(f"cannot use {self._path}: {error}") from None


def fetched(
    entries: Iterable[Item | Lost | Link], larder: Larder, is_done: Callable[[str], bool], open_: Callable[[], Fetcher]
) -> Iterator[Item | Lost | Done]:
    """Yield `entries` in order, each link replaced by its page; one that `is_done` and not kept needs none."""

    def ask(entry: Item | Lost | Link) -> Item | Lost | Link | Done | str:
        if not isinstance(entry, Link) or larder.get(entry.id) is not None:
            return entry
        if is_done(entry.id):
            return Done(entry.id)
        return entry.id if larder.want(entry.id) else entry

    with closing(fetch_among(map(ask, entries), lambda entry: isinstance(entry, str), open_)) as answers:
        for answer in answers:
            if isinstance(answer, RawPage | Failure):
                larder.put(answer.id, answer)
                yield _entry(answer.id, answer)
            elif isinstance(answer, Link):
                yield _entry(answer.id, larder.get(answer.id))
            elif not isinstance(answer, str):
                yield answer


def _entry(url: str, page: RawPage | Failure | None) -> Item | Lost:
    if page is None:
        return Lost(url, "failed", "FetchError", "was asked for and never answered", url)
    if isinstance(page, Failure):
        return Lost(url, "failed", page.error, page.message, page.url)
    return Item(page, (url,), content=Content.BODY, site=site_of(page.url, head_of(page.data)))


def _blob(url: str) -> bytes:
    return url.encode("utf-8", "surrogatepass")
