"""Shards as files: JSON lines, plain or compressed, and Parquet."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from stripper.batch.forms import COLUMNS, ROW_SCHEMA, Form
from stripper.errors import UsageError
from stripper.write import json_line, replacing, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_GROUP_BYTES = 64 << 20  # of a Parquet row group, as JSON: about what it takes in memory
_LEVEL = 6  # of gzip


def zstandard() -> Any:
    """Return the module that knows Zstandard. Raises UsageError where none is installed."""
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            raise UsageError("Zstandard needs: pip install 'boilerplate-stripper[zstd]'") from None
    return zstd


def arrow() -> Any:
    """Return pyarrow with its module parquet. Raises UsageError where it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise UsageError("Parquet needs: pip install 'boilerplate-stripper[parquet]'") from None
    return pyarrow


def check_form(form: Form) -> None:
    """Raise UsageError where what the form needs is not installed."""
    if form is Form.PARQUET:
        arrow()
    elif form is Form.JSONL_ZST:
        zstandard()


def write_lines(path: Path, form: Form, lines: Iterable[bytes]) -> None:
    """Write rows, each a JSON object that ends its line, as one file that appears when it is complete."""
    with replacing(path, alone=True) as stream:
        if form is Form.PARQUET:
            _write_parquet(stream, lines)
        else:
            with _compressing(stream, form) as out:
                out.writelines(lines)


def read_lines(path: Path, form: Form) -> Iterator[bytes]:
    """Yield the rows of a shard as they were given to `write_lines`."""
    if form is Form.PARQUET:
        yield from _read_parquet(path)
        return
    with path.open("rb") as stream, _expanding(stream, form) as lines:
        yield from lines


@contextmanager
def _compressing(stream: Any, form: Form) -> Iterator[IO[bytes]]:
    if form is Form.JSONL_GZ:
        # No name and no time in the header: the same rows are the same bytes.
        with gzip.GzipFile("", "wb", _LEVEL, stream, mtime=0) as out:
            yield out  # type: ignore[misc]
    elif form is Form.JSONL_ZST:
        with zstandard().ZstdFile(stream, "wb") as out:
            yield out
    else:
        yield stream


@contextmanager
def _expanding(stream: Any, form: Form) -> Iterator[IO[bytes]]:
    if form is Form.JSONL_GZ:
        with gzip.GzipFile(fileobj=stream) as lines:
            yield lines  # type: ignore[misc]
    elif form is Form.JSONL_ZST:
        with zstandard().ZstdFile(stream) as lines:
            yield lines
    else:
        yield stream


def _schema() -> Any:
    pyarrow = arrow()
    types = {"string": pyarrow.string(), "double": pyarrow.float64(), "bool": pyarrow.bool_(), "int64": pyarrow.int64()}
    fields = [pyarrow.field(name, types[type_]) for name, type_ in COLUMNS]
    return pyarrow.schema(fields, metadata={"stripper.schema": ROW_SCHEMA})


def _write_parquet(stream: IO[bytes], lines: Iterable[bytes]) -> None:
    pyarrow = arrow()
    schema = _schema()
    with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        size = 0
        for line in lines:
            if rows and size + len(line) > _GROUP_BYTES:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema))
                rows, size = [], 0
            rows.append(_flat(line))
            size += len(line)
        writer.write_table(pyarrow.Table.from_pylist(rows, schema))


def _flat(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line)
    row["record"] = to_json(row["record"])
    # Arrow's strings are UTF-8: half of a UTF-16 pair, escaped in JSON, has no place in them.
    return {
        name: value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
        for name, value in row.items()
    }


def _read_parquet(path: Path) -> Iterator[bytes]:
    with arrow().parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=64):
            for row in batch.to_pylist():
                row["record"] = json.loads(row["record"])
                yield json_line(row)
