"""Many pages in one file: shard k holds the pages that are ok among inputs k*N ... (k+1)*N - 1, in their order.

So a page that changes, fails or succeeds later touches its own shard only. Rows wait in the journal; a shard is written
in one go, and a reader sees all of it or none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stripper.batch.mirror import reported
from stripper.batch.tables import read_lines, write_lines
from stripper.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stripper.batch.forms import Form
    from stripper.batch.items import Item
    from stripper.batch.journal import Entry, Journal

_ID = '{"id":'


class Shards:
    """Writes pages in shards of `size` inputs."""

    def __init__(self, folder: Path, form: Form, journal: Journal, size: int) -> None:
        """Write into `folder`; rows wait in `journal`."""
        self._folder = folder
        self._form = form
        self._journal = journal
        self._size = size
        self._there: dict[int, bool] = {}
        self._row = (-1, 0)  # shard and number of the row that is told next

    def holds(self, entry: Entry) -> bool:
        """Tell whether a page's row is still there."""
        shard = entry.ordinal // self._size
        if shard not in self._there:
            self._there[shard] = self._path(shard).is_file() or self._journal.is_spooled(entry.ordinal)
        return self._there[shard] or self._journal.is_spooled(entry.ordinal)

    def add(self, item: Item, ordinal: int, outputs: tuple[bytes, ...]) -> str:
        """Keep a page's row; a shard whose last input this is is written. Raises OutputError."""
        del item
        shard = ordinal // self._size
        self._journal.put_line(ordinal, outputs[0], shard)
        return self._path(shard).name

    def drop(self, entry: Entry) -> None:
        """Take a page's row away: it is no longer ok."""
        self._journal.put_line(entry.ordinal, None, entry.ordinal // self._size)

    def output(self, ordinal: int, name: str | None) -> dict[str, object] | None:
        """Return what the manifest says of a page's row; asked for in the order of the ordinals."""
        if name is None:
            return None
        shard = ordinal // self._size
        number = self._row[1] if self._row[0] == shard else 0
        self._row = (shard, number + 1)
        return {"shard": name, "row": number}

    def passed(self, ordinal: int) -> None:
        """Write the shard that an input, entered for the first time, has filled."""
        if (ordinal + 1) % self._size == 0:
            self._write(ordinal // self._size)

    def sync(self) -> None:
        """Nothing to do: rows wait in the journal."""

    def finish(self) -> None:
        """Write all that waits. Raises OutputError."""
        for shard in self._journal.dirty():
            self._write(shard)

    def _write(self, shard: int) -> None:
        path = self._path(shard)
        first, end = shard * self._size, (shard + 1) * self._size
        # What is spooled, and that this shard is to be written, must last before the old file goes.
        self._journal.commit()
        lines = self._lines(path, first, end)
        start = next(lines, None)
        with reported(path):
            if start is None:
                path.unlink(missing_ok=True)
            else:
                write_lines(path, self._form, _chained(start, lines))
        self._journal.wrote_shard(shard, first, end)
        self._there.pop(shard, None)

    def _lines(self, path: Path, first: int, end: int) -> Iterator[bytes]:
        """Yield the shard's rows: those that wait, and the others out of the file as it is."""
        old = _by_id(read_lines(path, self._form)) if path.is_file() else iter(())
        for id_, line in self._journal.lines(first, end):
            if line is not None:
                yield line
                continue
            found = next((text for name, text in old if name == id_), None)  # the file has the same order
            if found is None:
                raise OutputError(f"{path} lacks the row of {id_}; delete the file, and its pages are made again")
            yield found

    def _path(self, shard: int) -> Path:
        return self._folder / f"part-{shard:05}.{self._form}"


def _by_id(lines: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    decode = json.JSONDecoder().raw_decode
    for line in lines:
        text = line.decode("utf-8")
        yield decode(text, len(_ID))[0], line


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
