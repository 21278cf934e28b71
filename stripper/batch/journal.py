"""What a batch has done, in SQLite: so that a run that was killed at any moment goes on where it stopped.

A page is written first and entered here after it: what is entered is there. Rows of a shard wait here (`spool`) until
their shard is written in one go. An input's `ordinal` is its place in the manifest, given when it is first seen.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.errors import OutputError, UsageError
from stripper.write import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT = "1"  # of this file

_TABLES = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages(
  id BLOB PRIMARY KEY, ordinal INTEGER NOT NULL UNIQUE, key TEXT, status TEXT NOT NULL, name TEXT,
  manifest TEXT NOT NULL,
  site TEXT, kept INTEGER NOT NULL, removed INTEGER NOT NULL, seconds REAL NOT NULL, run INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS spool(ordinal INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS dirty(shard INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS names(folded TEXT PRIMARY KEY, id BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks(hash BLOB PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS archives(
  file TEXT, what TEXT, count INTEGER NOT NULL, PRIMARY KEY(file, what)) WITHOUT ROWID;
"""
_PAGE_BYTES = 16 << 10  # of SQLite's pages
_WAL_BYTES = 4 << 20  # that wait in the write-ahead log
_COMMIT_ROWS = 64
_COMMIT_SECONDS = 2.0


class Entry(NamedTuple):
    """What the journal knows of an input."""

    ordinal: int
    key: str | None  # of content, version, options, model, profile; None = unknown content
    status: str  # "ok" | "failed" | "skipped"
    name: str | None  # of its files, without suffix
    run: int


class Journal:
    """The journal of one output folder; for one process at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the journal at `path`. Raises OutputError."""
        self._path = path
        with self._reported():
            self._db = sqlite3.connect(path, isolation_level=None)
            # Rows of shards are long and are soon deleted; some systems' SQLite overwrites what it deletes with zeros.
            self._db.execute(f"PRAGMA page_size={_PAGE_BYTES}")
            self._db.execute("PRAGMA secure_delete=OFF")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(f"PRAGMA wal_autocheckpoint={_WAL_BYTES // _PAGE_BYTES}")
            # A killed process loses nothing; a power cut may lose the last commits, whose pages are done again.
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
            self._db.execute("BEGIN")
            last = self._one("SELECT max(run) FROM pages")
            self._ordinal = (self._one("SELECT max(ordinal) FROM pages") or 0) + 1 if last is not None else 0
        self.run = (last or 0) + 1
        self._pending = 0
        self._committed = time.monotonic()

    def settle(self, config: dict[str, Any]) -> None:
        """Hold the output folder to one form. Raises UsageError where it was begun with another."""
        wanted = json.dumps({"journal": FORMAT, **config}, sort_keys=True)
        with self._reported():
            before = self._one("SELECT value FROM meta WHERE name = 'config'")
            self._db.execute("INSERT OR IGNORE INTO meta VALUES ('config', ?)", (wanted,))
        if before is not None and before != wanted:
            raise UsageError(
                f"{self._path.parent.parent} holds a batch of another form ({before}); choose another folder"
            )

    def entry(self, id_: str) -> Entry | None:
        """Return what is known of an input."""
        with self._reported():
            row = self._db.execute(
                "SELECT ordinal, key, status, name, run FROM pages WHERE id = ?", (_blob(id_),)
            ).fetchone()
        return Entry(*row) if row else None

    @property
    def next_ordinal(self) -> int:
        """The place of the next input that was not seen before."""
        return self._ordinal

    def enter(self, row: dict[str, Any], ordinal: int, key: str | None, name: str | None) -> None:
        """Enter the outcome of an input, its manifest row, at its place."""
        self._ordinal = max(self._ordinal, ordinal + 1)
        words = row["words"] or {"kept": 0, "removed": 0}
        values = (
            *(_blob(row["id"]), ordinal, key, row["status"], name, to_json(row), row["site"]),
            *(words["kept"], words["removed"], row["seconds"], self.run),
        )
        with self._reported():
            self._db.execute(f"INSERT OR REPLACE INTO pages VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608
        self._pending += 1

    def see(self, id_: str) -> None:
        """Note that an input whose outcome stands is part of this run too."""
        with self._reported():
            self._db.execute("UPDATE pages SET run = ? WHERE id = ?", (self.run, _blob(id_)))
        self._pending += 1

    def claim(self, folded: str, id_: str) -> bool:
        """Take a file name for an input; return whether it is the input's own now."""
        with self._reported():
            self._db.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (folded, _blob(id_)))
            owner = self._one("SELECT id FROM names WHERE folded = ?", folded)
        return bool(owner == _blob(id_))

    def put_line(self, ordinal: int, line: bytes | None, shard: int) -> None:
        """Keep a page's row until its shard is written; None: the page has none any more."""
        with self._reported():
            if line is None:
                self._db.execute("DELETE FROM spool WHERE ordinal = ?", (ordinal,))
            else:
                self._db.execute("INSERT OR REPLACE INTO spool VALUES (?, ?)", (ordinal, line))
            self._db.execute("INSERT OR IGNORE INTO dirty VALUES (?)", (shard,))

    def is_spooled(self, ordinal: int) -> bool:
        """Tell whether a page's row is kept here."""
        with self._reported():
            return self._one("SELECT 1 FROM spool WHERE ordinal = ?", ordinal) is not None

    def dirty(self) -> list[int]:
        """Return the shards that have to be written, in order."""
        with self._reported():
            return [number for (number,) in self._db.execute("SELECT shard FROM dirty ORDER BY shard")]

    def lines(self, first: int, end: int) -> Iterator[tuple[str, bytes | None]]:
        """Yield id and, where it is kept here, row of the pages with ordinals first <= ... < end that are ok."""
        query = (
            "SELECT id, line FROM pages LEFT JOIN spool USING (ordinal)"
            " WHERE ordinal >= ? AND ordinal < ? AND status = 'ok' ORDER BY ordinal"
        )
        with self._reported():
            for id_, line in self._db.execute(query, (first, end)):
                yield _text(id_), line

    def wrote_shard(self, shard: int, first: int, end: int) -> None:
        """Note that a shard is written: its rows need not be kept here."""
        with self._reported():
            self._db.execute("DELETE FROM spool WHERE ordinal >= ? AND ordinal < ?", (first, end))
            self._db.execute("DELETE FROM dirty WHERE shard = ?", (shard,))
        self.commit()

    def add_blocks(self, texts: Iterable[tuple[str, str]]) -> None:
        """Keep removed texts, each once."""
        rows = ((bytes.fromhex(name), _blob(text)) for name, text in texts)
        with self._reported():
            self._db.executemany("INSERT OR IGNORE INTO blocks VALUES (?, ?)", rows)

    def blocks(self) -> Iterator[tuple[str, str]]:
        """Yield hash and text of each removed text, sorted by hash."""
        with self._reported():
            for name, text in self._db.execute("SELECT hash, text FROM blocks ORDER BY hash"):
                yield name.hex(), _text(text)

    def set_archive(self, file: str, counts: dict[str, int]) -> None:
        """Keep what an archive holds besides pages."""
        with self._reported():
            self._db.execute("DELETE FROM archives WHERE file = ?", (file,))
            self._db.executemany("INSERT INTO archives VALUES (?, ?, ?)", [(file, *item) for item in counts.items()])

    def archives(self) -> Iterator[tuple[str, str, int]]:
        """Yield file, what, count; sorted."""
        yield from self.query("SELECT file, what, count FROM archives ORDER BY file, what")

    def rows(self) -> Iterator[tuple[int, str | None, dict[str, Any]]]:
        """Yield ordinal, name of the output and manifest row of every input, in order."""
        for ordinal, name, manifest in self.query("SELECT ordinal, name, manifest FROM pages ORDER BY ordinal"):
            yield ordinal, name, json.loads(manifest)

    def query(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query."""
        with self._reported():
            yield from self._db.execute(sql, values)

    @property
    def is_due(self) -> bool:
        """Whether enough has come together to commit it."""
        return self._pending >= _COMMIT_ROWS or time.monotonic() - self._committed > _COMMIT_SECONDS

    def commit(self) -> None:
        """Make all that was entered last."""
        with self._reported():
            self._db.execute("COMMIT")
            self._db.execute("BEGIN")
        self._pending = 0
        self._committed = time.monotonic()

    def close(self) -> None:
        """Commit and close."""
        try:
            if self._db.in_transaction:  # a full disk ends one: what it held is done again
                self.commit()
        finally:
            self._db.close()

    def _one(self, query: str, *values: object) -> Any:
        row = self._db.execute(query, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutputError(f"cannot use the journal {self._path}: {error}") from None


def _blob(text: str) -> bytes:
    # SQLite's text is UTF-8, which has no form for the stand-ins of a file name's odd bytes.
    return text.encode("utf-8", "surrogatepass")


def _text(blob: bytes) -> str:
    return blob.decode("utf-8", "surrogatepass")
