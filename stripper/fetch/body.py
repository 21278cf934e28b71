"""A response's body, read with bounds: bytes on the wire, bytes decoded, speed, type."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, cast

from stripper.fetch.decode import BodyDecoder, OverLimit

if TYPE_CHECKING:
    import httpx

_SPEED_SECONDS = 10.0
_SNIFF_BYTES = 1445  # as many as the WHATWG MIME sniffing standard looks at


class Want(Enum):
    """What a request is for: which types are read."""

    PAGE = "text/html,application/xhtml+xml,text/plain;q=0.8,application/xml;q=0.7,*/*;q=0.1"
    FEED = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
    ROBOTS = "text/plain,*/*;q=0.1"
    PART = "*/*"  # a script or data that a page being rendered asks for


PAGE_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "application/xml",
        "text/xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
    }
)
# What servers say when they don't know; the first bytes decide.
_NO_TYPES = frozenset({None, "", "unknown/unknown", "application/unknown", "*/*"})
_MAGIC = (
    (b"%PDF-", "PDF"), (b"\x89PNG\r\n", "PNG image"), (b"\xff\xd8\xff", "JPEG image"), (b"GIF8", "GIF image"),
    (b"RIFF", "WebP image, WAV or AVI"), (b"\x00\x00\x01\x00", "icon"), (b"BM", "BMP image"),
    (b"II*\x00", "TIFF image"), (b"MM\x00*", "TIFF image"), (b"OggS", "Ogg media file"), (b"ID3", "MP3 audio"),
    (b"fLaC", "FLAC audio"), (b"\x1aE\xdf\xa3", "WebM or Matroska video"), (b"\x00\x00\x01\xba", "MPEG video"),
    (b"PK\x03\x04", "zip archive"), (b"\x1f\x8b", "gzip file"), (b"BZh", "bzip2 file"),
    (b"\xfd7zXZ\x00", "xz file"), (b"\x28\xb5\x2f\xfd", "zstd file"), (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "RAR archive"), (b"\x7fELF", "program"), (b"wOFF", "font"), (b"wOF2", "font"),
    (b"OTTO", "font"), (b"\x00asm", "WebAssembly"), (b"\xd0\xcf\x11\xe0", "Office document"),
    (b"{\\rtf", "RTF document"), (b"SQLite format 3\x00", "database"),
)  # fmt: skip
# A byte no text holds, in any encoding but UTF-16 and UTF-32 (which have NULs).
_BINARY = frozenset([*range(0x01, 0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])


class WrongType(ValueError):
    """The response is not what was asked for; the text says what it is."""


class TooSlow(ValueError):
    """The body comes with less than the least speed."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read to its end, or as far as was wanted."""

    data: bytes  # decoded
    wire: bytes  # as it came, still coded
    truncated: bool = False  # cut at the limit; robots.txt only


def media_type_and_charset(header: str) -> tuple[str | None, str | None]:
    """Return media type and charset of a ``Content-Type`` header, lower case, None where absent."""
    media_type, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip().strip("\"'").lower() or None
    return media_type.strip().lower() or None, charset


def check_type(header: str) -> None:
    """Raise `WrongType` for a ``Content-Type`` that is neither HTML nor text."""
    media_type, _ = media_type_and_charset(header)
    if media_type not in PAGE_TYPES | _NO_TYPES:
        raise WrongType(f"is {media_type}")


def check_first_bytes(data: bytes, header: str) -> None:
    """Raise `WrongType` if a page's first bytes are those of a known file format, or binary where no type is given."""
    head = data[:_SNIFF_BYTES]
    media_type, _ = media_type_and_charset(header)
    what = next((what for magic, what in _MAGIC if head.startswith(magic)), None)
    if what is None and head[4:8] == b"ftyp":
        what = "MP4 video or HEIF image"
    # "BM" and "BZh" may begin a text: only a binary byte after it makes it an image.
    if what is not None and (media_type not in PAGE_TYPES or _has_binary(head)):
        raise WrongType(f"is a {what}" + (f", sent as {media_type}" if media_type else ""))
    if media_type in _NO_TYPES and _has_binary(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WrongType("has no Content-Type and is binary")


def _has_binary(head: bytes) -> bool:
    return not _BINARY.isdisjoint(head) or head.startswith((b"%PDF-", b"{\\rtf"))


async def read_body(response: httpx.Response, want: Want, limit: int, min_speed: int) -> Body:
    """Return the body of `response`, at most `limit` bytes on the wire and decoded.

    The decoded pieces are only counted while the body comes, and made once it has come whole: so a bomb never
    takes more memory than its wire bytes. Raises `OverLimit` (a robots.txt is cut instead), `CodingError`,
    `WrongType`, `TooSlow`.
    """
    coding = response.headers.get("content-encoding", "")
    counting = BodyDecoder(coding, limit)
    head = _Head(response.headers.get("content-type", "")) if want is Want.PAGE else None
    speed = _Speed(min_speed)
    wire: list[bytes] = []
    try:
        async for data in _stream(response):
            wire.append(data)
            speed.see(len(data))
            for piece in counting.feed(data):
                if head is not None:
                    head.see(piece)
        counting.close()
    except OverLimit:
        if want is not Want.ROBOTS:
            raise
        whole = b"".join(wire)
        return Body(_first_bytes(whole, coding, limit), whole, truncated=True)
    if head is not None:
        head.end()
    whole = b"".join(wire)
    return Body(b"".join(BodyDecoder(coding, limit).feed(whole)) if coding else whole, whole)


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    return cast("httpx.AsyncByteStream", response.stream)  # `aiter_raw` would cut it into pieces once more


def _first_bytes(wire: bytes, coding: str, limit: int) -> bytes:
    pieces: list[bytes] = []
    with suppress(OverLimit):
        pieces.extend(BodyDecoder(coding, limit).feed(wire[:limit]))
    return b"".join(pieces)


class _Head:
    """The first decoded bytes, checked as soon as there are enough: they may come one by one."""

    def __init__(self, content_type: str) -> None:
        self._content_type = content_type
        self._bytes = b""
        self._checked = False

    def see(self, piece: bytes) -> None:
        if not self._checked:
            self._bytes += piece
            if len(self._bytes) >= _SNIFF_BYTES:
                self.end()

    def end(self) -> None:
        if not self._checked:
            check_first_bytes(self._bytes, self._content_type)
            self._checked = True


class _Speed:
    def __init__(self, least: int) -> None:
        self._least = least * _SPEED_SECONDS
        self._now = asyncio.get_running_loop().time
        self._since = self._now()
        self._bytes = 0

    def see(self, count: int) -> None:
        self._bytes += count
        if self._now() - self._since >= _SPEED_SECONDS:
            if self._bytes < self._least:
                raise TooSlow
            self._since = self._now()
            self._bytes = 0
