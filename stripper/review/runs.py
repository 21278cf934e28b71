"""A batch's output folder, read back: one row for each input, and the records they lead to."""

from __future__ import annotations

import gzip
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from stripper.errors import InvalidRecord, UnreadableInput, UsageError
from stripper.review.removed_texts import BLOCKS
from stripper.review.shape import ROW, misfit
from stripper.write import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Row = Mapping[str, Any]

MANIFEST = "manifest.jsonl"
SUMMARY = "summary.json"
_FILES = (("record", "text"), ("shard",))  # of an output: files of its own, or a row of a shard


@dataclass(frozen=True, slots=True)
class Run:
    """A batch's output folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What to call it."""
        return str(self.folder)

    def rows(self) -> Iterator[Row]:
        """Yield the manifest's rows, one for each input, in the order of the inputs. Raises InputError."""
        path = self.folder / MANIFEST
        try:
            with path.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    yield _row(path, number, line)
        except OSError as error:
            raise UnreadableInput(str(path), f"cannot be read: {error.strerror or error}") from None

    def files(self) -> Iterator[Path]:
        """Yield all files that the batch wrote for somebody to read. Raises InputError."""
        yield from (self.folder / name for name in (MANIFEST, SUMMARY, BLOCKS))
        for row in self.rows():
            output = row["output"] or {}
            yield from (self.folder / name for name in output.values() if isinstance(name, str))

    def summary(self) -> Mapping[str, Any]:
        """Return the run's own figures, nothing where there are none."""
        try:
            loaded = from_json((self.folder / SUMMARY).read_bytes())
        except (OSError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def pages(self, *, texts: bool = True) -> Iterator[tuple[Row, Mapping[str, Any], str]]:
        """Yield row, record and, with `texts`, clean text of each input that was stripped, in order. Raises InputError.

        One page is in memory at a time. The texts of removed blocks are there only where the record itself holds
        them: see `RemovedTexts`.
        """
        shard: Iterator[Mapping[str, Any]] = iter(())
        name = ""
        for row in self.rows():
            output = row["output"]
            if row["status"] != "ok" or not output:
                continue
            if "shard" not in output:
                yield row, self._json(output["record"]), self._text(output["text"]) if texts else ""
                continue
            if output["shard"] != name:
                name = output["shard"]
                shard = self._shard(name)
            stored = next(shard, None)
            if not isinstance(stored, dict) or stored.get("id") != row["id"]:
                raise InvalidRecord(str(self.folder / name), f"does not hold {row['id']} where the manifest says")
            yield row, _stored_record(stored.get("record"), row["id"]), stored.get("text") or ""

    def _json(self, name: str) -> Mapping[str, Any]:
        path = self.folder / name
        try:
            loaded = from_json(path.read_bytes())
        except OSError as error:
            raise UnreadableInput(str(path), f"cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise InvalidRecord(str(path), f"is no JSON: {error}") from None
        if not isinstance(loaded, dict):
            raise InvalidRecord(str(path), "is no record: a JSON object is expected")
        return loaded

    def _text(self, name: str) -> str:
        path = self.folder / name
        if path.suffix != ".txt":  # Markdown and HTML are no clean text
            return ""
        try:
            return path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableInput(str(path), f"cannot be read: {error}") from None

    def _shard(self, name: str) -> Iterator[Mapping[str, Any]]:
        path = self.folder / name
        if name.endswith(".parquet"):
            yield from _parquet_rows(path)
            return
        try:
            with closing(_unpacked(path)) as lines:
                for line in lines:
                    yield from_json(line)
        except OSError as error:
            raise UnreadableInput(str(path), f"cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise InvalidRecord(str(path), f"is no file of JSON lines: {error}") from None


def open_run(folder: Path) -> Run:
    """Return a batch's output folder. Raises UsageError where it is none."""
    if not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder} is no folder of `stripper batch`: it has no {MANIFEST}")
    return Run(folder)


def _row(path: Path, number: int, line: bytes) -> Row:
    try:
        row = from_json(line)
    except ValueError as error:
        raise InvalidRecord(f"{path}:{number}", f"is no JSON: {error}") from None
    if place := misfit(row, ROW):
        raise InvalidRecord(f"{path}:{number}", f"is no row of a manifest ({place})")
    output = row["output"]
    if output and not all(isinstance(output.get(name), str) for name in _FILES["shard" in output]):
        raise InvalidRecord(f"{path}:{number}", "is no row of a manifest (output names no file)")
    return row  # type: ignore[no-any-return]


def _stored_record(record: Any, name: str) -> Mapping[str, Any]:
    """Return a record out of a shard: Parquet holds it as text. Raises InvalidRecord."""
    try:
        record = from_json(record) if isinstance(record, str) else record
    except ValueError as error:
        raise InvalidRecord(name, f"its record is no JSON: {error}") from None
    if not isinstance(record, dict):
        raise InvalidRecord(name, "its record is no JSON object")
    return record


def _unpacked(path: Path) -> Any:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    if path.suffix == ".zst":
        return _zstd(path).open(path, "rb")
    return path.open("rb")


def _zstd(path: Path) -> Any:
    for name in ("compression.zstd", "backports.zstd"):  # Python 3.14's own, the same for older ones
        try:
            return import_module(name)
        except ImportError:
            continue
    raise UsageError(f"{path}: reading it needs Zstandard: pip install 'boilerplate-stripper[zstd]'")


def _parquet_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise UsageError(f"{path}: reading it needs pyarrow: pip install 'boilerplate-stripper[parquet]'") from None
    with ParquetFile(path) as stored:
        batches: Iterable[Any] = stored.iter_batches(batch_size=64, columns=["id", "text", "record"])
        for batch in batches:
            yield from batch.to_pylist()
