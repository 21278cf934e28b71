"""Records of the two kinds of archives: WARC (ISO 28500) and its elder, ARC."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from stripper.batch.http import content_type
from stripper.batch.members import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastwarc.warc import WarcRecord

    from stripper.batch.members import Piece

_MAX_HEAD = 1 << 16  # bytes of a record's own header
_LENGTH = re.compile(rb"^content-length[ \t]{0,99}:[ \t]{0,99}(\d{1,15})[ \t]{0,99}\r?$", re.IGNORECASE | re.MULTILINE)
_WARC = re.compile(rb"WARC/[01]\.")
# A header stands on a line of its own, so a search through damage tries the beginnings of lines alone.
_ARC = re.compile(rb"(?m)^(?:https?|filedesc|dns|ftp):[^\s]{1,4000} [^\s]{1,100} \d{14} [^\s]{1,200} \d{1,15}\r?\n")
_ARC_FIELDS = 5
_ALGORITHMS = frozenset(("md5", "sha1", "sha256", "sha512"))


class Head(NamedTuple):
    """What a record says of its block."""

    type: str  # of WARC: response, request, ...
    url: str | None
    http: bool  # the block is an HTTP message
    media_type: str  # of a block that is none
    offset: int  # of the piece, in the file as stored
    inner: int  # of the record in the piece, decoded; 0 where it is the first
    end: int
    record_id: str | None = None
    date: str | None = None
    truncated: str | None = None  # why the writer cut the block
    payload_digest: str | None = None
    digest_ok: bool | None = None  # None: no digest, or one that we can't check


class Record(NamedTuple):
    """A record; `block` is None where it is over the limit and was passed over."""

    head: Head
    block: bytes | None


class Dialect(NamedTuple):
    """How the records of one kind of archive are written."""

    begins: re.Pattern[bytes]  # matches the beginning of a record
    read: Callable[[Piece, int], Record]  # the record at the piece's place, `block` up to a limit; raises Damaged


def _read_warc(piece: Piece, limit: int) -> Record:
    from fastwarc.warc import WarcRecord

    inner = piece.window.position
    ahead = piece.window.peek(_MAX_HEAD)
    if not _WARC.match(ahead):
        raise Damaged("are no record")
    end = ahead.find(b"\r\n\r\n")
    length = _LENGTH.search(ahead, 0, end + 2) if end >= 0 else None
    if length is None:
        raise Damaged("have no readable header")
    head, block = piece.window.read(end + 4), _block(piece, int(length[1]), limit)
    try:
        record = WarcRecord.from_bytes(_LENGTH.sub(b"Content-Length: 0\r", head, count=1) + b"\r\n\r\n")
    except (OSError, ValueError) as error:
        raise Damaged(f"have no readable header: {error}") from None
    if b"\0" in head or not record.headers.get("WARC-Type"):
        raise Damaged("have no readable header")
    sound = _is_sound(record, block)
    if sound is False and piece.plain and block is not None and b"\r\n\r\nWARC/1." in block:
        raise Damaged("hold a record within a record whose digest is wrong")
    return Record(_warc_head(record, piece.offset, inner, sound), block)


def _block(piece: Piece, length: int, limit: int) -> bytes | None:
    if length > limit:
        if piece.window.skip(length) < length:
            raise Damaged("end too early")
        return None
    block = piece.window.read(length)
    if len(block) < length:
        raise Damaged("end too early")
    return block


def _is_sound(record: WarcRecord, block: bytes | None) -> bool | None:
    """Tell whether block and payload have the digests that the header names; None where it names none that we know."""
    if block is None:
        return None
    checks = [_matches(record.headers.get("WARC-Block-Digest"), block)]
    if (record.headers.get("Content-Type") or "").startswith("application/http"):
        checks.append(_matches(record.headers.get("WARC-Payload-Digest"), block.partition(b"\r\n\r\n")[2]))
    known = [check for check in checks if check is not None]
    return all(known) if known else None


def _matches(digest: str | None, data: bytes) -> bool | None:
    algorithm, _, value = (digest or "").partition(":")
    if algorithm.lower() not in _ALGORITHMS or not value:
        return None
    found = hashlib.new(algorithm.lower(), data, usedforsecurity=False)
    # Base32 is the custom, hexadecimal is met too; some leave base32's padding out.
    return value.rstrip("=").upper() in {
        base64.b32encode(found.digest()).decode().rstrip("="),
        found.hexdigest().upper(),
    }


def _warc_head(record: WarcRecord, offset: int, inner: int, sound: bool | None) -> Head:  # noqa: FBT001 - a field
    headers = record.headers
    media_type, _ = content_type(headers.get("Content-Type") or "")
    url = (headers.get("WARC-Target-URI") or "").strip("<>") or None
    return Head(
        type=(headers.get("WARC-Type") or "unknown").lower(),
        url=url,
        http=media_type == "application/http",
        media_type=media_type,
        offset=offset,
        inner=inner,
        end=offset,
        record_id=headers.get("WARC-Record-ID"),
        date=headers.get("WARC-Date"),
        truncated=headers.get("WARC-Truncated"),
        payload_digest=headers.get("WARC-Payload-Digest"),
        digest_ok=sound,
    )


def _read_arc(piece: Piece, limit: int) -> Record:
    inner = piece.window.position
    line = _ARC.match(piece.window.peek(_MAX_HEAD))
    if line is None:
        raise Damaged("are no record")
    url, _address, date, media_type, length = piece.window.read(line.end()).decode("latin-1").split()[:_ARC_FIELDS]
    block = _block(piece, int(length), limit)
    kind = "response" if url.startswith("http") else url.partition(":")[0]
    head = Head(kind, url, True, media_type, piece.offset, inner, piece.offset, date=date)  # noqa: FBT003 - a field
    return Record(head, block)


WARC = Dialect(_WARC, _read_warc)
ARC = Dialect(_ARC, _read_arc)
