"""What review, explain and diff look at: a page that is stripped now, or a record beside its clean text.

A record is a file NAME.json as "stripper strip -o DIR" writes it, with the clean text in NAME.txt; or, written by
``--format json``, one that holds both.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.cli.strip import opened
from stripper.datatypes import Failure, Mode
from stripper.errors import InputError, InvalidRecord, UnreadableInput, UnsupportedInput
from stripper.parse import decode, parse_html
from stripper.pipeline import attempt, failure, fetched
from stripper.reading import read_file
from stripper.review.page import Reviewed
from stripper.review.split import read_split
from stripper.write import FAILURE_SCHEMA, from_json, is_url

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from stripper.datatypes import RawPage
    from stripper.options import Options
    from stripper.review.split import Split
    from stripper.write import Stripped

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages among the inputs are read and stripped."""

    options: Options
    mode: Mode | None  # None = by content


def is_record(name: str) -> bool:
    """Tell whether an input is meant as a record: a file whose name ends in .json."""
    return not is_url(name) and name.lower().endswith(".json")


def read_reviewed(names: Sequence[str], reading: Reading) -> Generator[Reviewed | Failure, None, None]:
    """Yield each input, in order, with all that a review shows of it."""
    pages = (opened(name, reading.options) for name in names if not is_record(name))
    with closing(fetched(pages, reading.options)) as ready:
        for name in names:
            yield _of_record(name, reading.options) if is_record(name) else _of_page(next(ready), reading)


def _of_page(source: str | PathLike[str] | RawPage | Failure, reading: Reading) -> Reviewed | Failure:
    try:
        raw = read_file(source, reading.options) if isinstance(source, str | PathLike) else source
    except InputError as error:
        return failure(str(source), error)
    if isinstance(raw, Failure):
        return raw
    page = attempt(raw, reading.options, reading.mode)
    return page if isinstance(page, Failure) else Reviewed(split_of(page), page.page, _page_bytes(raw, reading.options))


def _page_bytes(raw: RawPage, options: Options) -> bytes:
    """Return the page so that it is read again as it was: a charset of the HTTP header is lost in a file."""
    return (_BOM + decode(raw, options.max_bytes).text).encode("utf-8", "replace") if raw.charset else raw.data


def split_of(page: Stripped) -> Split:
    """Return what a page's own record tells of it."""
    return read_split(page.text, page.record())


def _of_record(name: str, options: Options) -> Reviewed | Failure:
    try:
        split = read_recorded(name)
    except InputError as error:
        return failure(name, error)
    raw = _its_page(split, name, options)
    if raw is None:
        return Reviewed(split)
    decoded = decode(raw, options.max_bytes)
    page = parse_html(decoded.text) if split.mode is Mode.HTML else None
    return Reviewed(split, page, raw.data)


def places_of_page(split: Split, name: str) -> tuple[Path, Path]:
    """Return where the page may lie that the record in file `name` was made of: where it was, or beside the record."""
    return Path(split.id), Path(name).parent / Path(split.id).name


def text_beside(name: str) -> Path:
    """Return where the clean text of the record in file `name` lies."""
    return Path(name).with_name(Path(name).name[: -len(".json")] + ".txt")


def _its_page(split: Split, name: str, options: Options) -> RawPage | None:
    """Return the page a record was made of, where it is still there and the same."""
    for path in places_of_page(split, name):
        try:
            raw = read_file(path, options)
        except InputError:
            continue
        if sha256(raw.data).hexdigest() == split.record["source"]["sha256"]:
            return raw
    return None


def read_recorded(name: str) -> Split:
    """Return the split that a record's file and the clean text beside it tell of. Raises InputError."""
    record, text = read_record(name)
    if text is None:
        beside = text_beside(name)
        try:
            text = read_text(str(beside))
        except UnreadableInput:
            raise UnreadableInput(name, f"the clean text is not beside it (no {beside.name})") from None
    try:
        return read_split(text, record)
    except InvalidRecord as error:
        raise InvalidRecord(name, error.problem) from None


def read_record(name: str) -> tuple[dict[str, Any], str | None]:
    """Return a record, and the clean text where the file holds it as well. Raises InputError."""
    text = read_text(name)
    try:
        record = from_json(text)
    except ValueError as error:
        lines = text.strip().count("\n") + 1
        several = f" ({lines} lines; give a file with one record, that line)" if lines > 1 else ""
        raise InvalidRecord(name, f"is no JSON: {error}{several}") from None
    if not isinstance(record, dict):
        raise InvalidRecord(name, "is no record: a JSON object is expected")
    clean = None
    if isinstance(record.get("record"), dict):
        record, clean = record["record"], record.get("text")
    if "schema" not in record:
        raise InvalidRecord(name, "is no record of stripper")
    if record["schema"] == FAILURE_SCHEMA:
        raise InvalidRecord(name, f"this input failed, there is no page in it ({record.get('message')})")
    return record, clean if isinstance(clean, str) else None


def read_text(name: str) -> str:
    """Return the characters of a file in UTF-8. Raises InputError."""
    try:
        return read_file(name).data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsupportedInput(name, f"is no UTF-8 (byte {error.start})") from None
