"""WARC and ARC files: pages, gaps where the file is damaged, and a count of all else.

fastwarc and warcio stop at the first damaged record. Here damage costs that record: reading goes on at the next piece
that begins as a record does, and what lies between is reported.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from stripper.batch.http import Answer, parse_answer
from stripper.batch.items import Content, Item, Lost, Stretch
from stripper.batch.members import Damaged, Members
from stripper.batch.records import ARC, WARC
from stripper.datatypes import RawPage
from stripper.errors import UsageError
from stripper.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stripper.batch.members import Piece
    from stripper.batch.records import Dialect, Head, Record

    Tally = Callable[[str, str], None]

_ARCHIVE = re.compile(r"\.(?:warc|arc)(?:\.gz|\.zst)?\Z", re.IGNORECASE)
_OK = 200
_SLACK = 1 << 20  # bytes that the headers of an answer may add to a page
_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")


class Span(NamedTuple):
    """A part of a file: the records that begin at `start` <= offset < `end`."""

    start: int = 0
    end: int | None = None  # None: to the file's end


def is_archive(path: str) -> bool:
    """Tell by its name whether a file is a WARC or ARC file."""
    return _ARCHIVE.search(path) is not None


def read_archive(
    path: str, place: tuple[str, ...], max_bytes: int, tally: Tally | None = None, span: Span | None = None
) -> Iterator[Item | Lost]:
    """Yield the pages of an archive, and a `Lost` for each damaged stretch; `tally(path, what)` counts all records.

    Of a `span` only the records that begin in it: disjoint spans give together what the whole file gives.
    """
    tell = tally or (lambda _file, _what: None)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - names that are no UTF-8 stay as they are
            size = os.fstat(file.fileno()).st_size
            dialect = ARC if ".arc" in path.lower() and ".warc" not in path.lower() else WARC
            members = Members(file, size, dialect.begins)
            for record in _records(members, dialect, max_bytes + _SLACK, span or Span()):
                yield from _told(record, path, place, max_bytes, tell)
    except OSError as error:
        yield Lost(path, "failed", "UnreadableInput", f"cannot be read: {error.strerror or error}")
    except UsageError as error:
        yield Lost(path, "failed", "UnreadableInput", str(error))


def _records(members: Members, dialect: Dialect, limit: int, span: Span) -> Iterator[Record | Stretch]:
    """Yield the records in order, and the stretches that could not be read, with the problem for a file name."""
    end = members.size if span.end is None else min(span.end, members.size)
    at = members.next_start(span.start) if span.start else members.first
    while at < end:
        piece = members.piece(at)
        try:
            yield from _of_piece(piece, dialect, limit, members.size if members.compressed else end)
            at = max(piece.finish() if members.compressed else end, at + 1)
        except Damaged as damage:
            bad = at if members.compressed else at + piece.begun
            at = members.next_start(bad + 1)
            yield Stretch(str(damage), bad, at)


def _of_piece(piece: Piece, dialect: Dialect, limit: int, end: int) -> Iterator[Record]:
    """Yield the records of one piece; of a plain file, which is one piece, those that begin before `end`."""
    _pass_blank_lines(piece)
    while piece.window.peek(1) and not (piece.plain and piece.offset + piece.window.position >= end):
        piece.begun = piece.window.position
        record = dialect.read(piece, limit)
        # To the end of the member, whose checksum tells whether the record is whole.
        _pass_blank_lines(piece)
        after = piece.offset + piece.window.position if piece.plain else piece.end
        offset = piece.offset + piece.begun if piece.plain else piece.offset
        inner = 0 if piece.plain else record.head.inner
        head = record.head._replace(offset=offset, inner=inner, end=offset if after is None else after)
        yield record._replace(head=head)


def _pass_blank_lines(piece: Piece) -> None:
    while piece.window.peek(1) in {b"\r", b"\n"}:
        piece.window.read(1)


def _told(
    record: Record | Stretch, path: str, place: tuple[str, ...], max_bytes: int, tell: Tally
) -> Iterator[Item | Lost]:
    if isinstance(record, Stretch):  # its `file` is the problem
        tell(path, "gaps")
        stretch = Stretch(path, record.offset, record.end)
        problem = f"bytes {record.offset:,} to {record.end:,} {record.file}"
        yield Lost(f"{path}@{record.offset}", "failed", "DamagedArchive", problem, stretch=stretch)
        return
    tell(path, "records")
    head = record.head
    stretch = Stretch(path, head.offset, head.end)
    name = f"{path}@{head.offset}" + (f"+{head.inner}" if head.inner else "")
    if (word := _passed_over(head)) is not None:
        tell(path, word)
        return
    if record.block is None or len(record.block) > max_bytes + _SLACK:
        problem = f"is over the limit of {max_bytes:,} bytes; raise max_bytes"
        yield Lost(name, "failed", "TooLarge", problem, head.url, stretch)
        return
    answer = parse_answer(record.block) if head.http else Answer(_OK, head.media_type, None, (), record.block)
    if answer is None:
        tell(path, "no HTTP")
    elif answer.status != _OK:
        tell(path, f"status {answer.status}")
    elif answer.media_type not in _READABLE:
        tell(path, f"type {answer.media_type}")
    else:
        tell(path, "pages")
        yield _item(name, answer, head, place, stretch)


def _passed_over(head: Head) -> str | None:
    """Return what a record is that holds no page."""
    if head.type not in {"response", "resource", "conversion"}:
        return head.type
    if (head.url or "").partition("?")[0].endswith("/robots.txt"):
        return "robots.txt"
    return None


def _item(name: str, answer: Answer, head: Head, place: tuple[str, ...], stretch: Stretch) -> Item:
    raw = RawPage(
        name,
        answer.body,
        url=head.url,
        media_type=answer.media_type or None,
        charset=answer.charset,
        warc={
            "file": stretch.file,
            "offset": stretch.offset,
            "record_id": head.record_id,
            "date": head.date,
            "truncated": head.truncated,
            "payload_digest": head.payload_digest,
            "digest_ok": head.digest_ok,
        },
    )
    site = host_of(head.url) or stretch.file
    return Item(raw, (*place, head.url or name), Content.BODY, answer.codings, site, stretch)
