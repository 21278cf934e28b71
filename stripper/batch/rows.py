"""Tables of pages: JSON lines and Parquet, with a column for the address and one for HTML or text."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from stripper.batch.items import Content, Item, Lost
from stripper.batch.members import Damaged
from stripper.batch.tables import arrow, zstandard
from stripper.datatypes import RawPage
from stripper.errors import UsageError
from stripper.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLE = re.compile(r"\.(?:jsonl|ndjson)(?:\.gz|\.zst)?\Z|\.parquet\Z", re.IGNORECASE)
_LINE = 2  # times the limit of a page: what its other columns and JSON's escapes may add
COLUMNS = {"url": "url", "html": "html", "text": "text", "id": "id"}  # what we ask for -> what a table calls it


def is_table(path: str) -> bool:
    """Tell by its name whether a file is a table of pages."""
    return _TABLE.search(path) is not None


def read_table(path: str, place: tuple[str, ...], columns: Mapping[str, str], max_bytes: int) -> Iterator[Item | Lost]:
    """Yield the pages of a table; a row that is none is a `Lost`."""
    try:
        parquet = path.lower().endswith(".parquet")
        for name, row in _parquet_rows(path, columns) if parquet else _json_rows(path, max_bytes):
            yield row if isinstance(row, Lost) else _item(name, row, place, columns, max_bytes)
    except OSError as error:
        yield Lost(path, "failed", "UnreadableInput", f"cannot be read: {error.strerror or error}")
    except (UsageError, Damaged) as error:
        yield Lost(path, "failed", "UnreadableInput", f"cannot be read on: {error}")


def _item(
    name: str, row: Mapping[str, Any], place: tuple[str, ...], columns: Mapping[str, str], max_bytes: int
) -> Item | Lost:
    def text(column: str) -> str | None:
        value = row.get(columns[column])
        return value if isinstance(value, str) else None

    url = text("url")
    for column, content in (("html", Content.HTML), ("text", Content.TEXT)):
        value = _bytes(row.get(columns[column]))
        if value is None:
            continue
        if len(value) > max_bytes:
            return Lost(name, "failed", "TooLarge", f"is over the limit of {max_bytes:,} bytes; raise max_bytes", url)
        raw = RawPage(name, value, url=url)
        key = row.get(columns["id"])
        last = str(key) if isinstance(key, str | int) else url or name
        # Bytes, of a Parquet table, are in an encoding of their own.
        kind = Content.FILE if isinstance(row[columns[column]], bytes) else content
        return Item(raw, (*place, last), kind, site=host_of(url) or place[-1])
    wanted = f"{columns['html']!r} or {columns['text']!r}"
    return Lost(name, "failed", "UnsupportedInput", f"the row has no text in a column {wanted}; see --columns", url)


def _bytes(value: object) -> bytes | None:
    return (
        value.encode("utf-8", "surrogatepass")
        if isinstance(value, str)
        else value
        if isinstance(value, bytes)
        else None
    )


def _json_rows(path: str, max_bytes: int) -> Iterator[tuple[str, Mapping[str, Any] | Lost]]:
    longest = _LINE * max_bytes
    with _lines(path) as lines:
        number = 0
        while line := _read(lines, longest + 1):
            number += 1
            name = f"{path}#{number}"
            if len(line) > longest:
                while line and not line.endswith(b"\n"):
                    line = _read(lines, longest)
                yield name, Lost(name, "failed", "TooLarge", f"the line is over {longest:,} bytes; raise max_bytes")
            elif line.strip():
                yield name, _parsed(name, line)


def _read(lines: IO[bytes], most: int) -> bytes:
    try:
        return lines.readline(most)
    except Exception as error:  # noqa: BLE001 - each compression has errors of its own
        raise Damaged(f"is damaged: {error}") from None


def _parsed(name: str, line: bytes) -> Mapping[str, Any] | Lost:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Lost(name, "failed", "UnreadableInput", f"the line is no JSON: {error}")
    if not isinstance(row, dict):
        return Lost(name, "failed", "UnsupportedInput", "the line is no JSON object")
    return row


@contextmanager
def _lines(path: str) -> Iterator[IO[bytes]]:
    with open(path, "rb") as file:  # noqa: PTH123 - names that are no UTF-8 stay as they are
        if path.lower().endswith(".gz"):
            import gzip

            with gzip.GzipFile(fileobj=file) as lines:
                yield lines  # type: ignore[misc]
        elif path.lower().endswith(".zst"):
            with zstandard().ZstdFile(file) as lines:
                yield lines
        else:
            yield file


def _parquet_rows(path: str, columns: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    pyarrow = arrow()
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            there = [name for name in columns.values() if name in file.schema_arrow.names]
            for batch in file.iter_batches(batch_size=16, columns=there):
                for row in batch.to_pylist():
                    yield f"{path}#{number}", row
                    number += 1
    except pyarrow.ArrowException as error:
        raise Damaged(str(error)) from None
