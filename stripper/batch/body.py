"""The body of an HTTP answer out of an archive: its transfer and content codings undone, with a bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stripper.errors import TooLarge, UnreadableInput
from stripper.fetch.decode import BodyDecoder, CodingError, OverLimit

if TYPE_CHECKING:
    from stripper.datatypes import RawPage

_CHUNKED = "chunked"
_MAX_SIZE_LINE = 1000  # bytes of the line that tells a chunk's size


def opened(raw: RawPage, codings: tuple[str, ...], limit: int) -> RawPage:
    """Return the page with its codings undone. Raises TooLarge, UnreadableInput."""
    data = raw.data
    if _CHUNKED in codings:
        data = dechunked(data)
    content = [coding for coding in codings if coding != _CHUNKED]
    if content:
        try:
            decoder = BodyDecoder(", ".join(content), limit)
            pieces = list(decoder.feed(data))
            decoder.close()
            data = b"".join(pieces)
        except OverLimit:
            raise TooLarge(raw.id, f"unpacks to more than the limit of {limit:,} bytes; raise max_bytes") from None
        except CodingError as error:
            # Many crawlers write the body decoded and leave the header as it came.
            if not data[:1].isspace() and data[:1] != b"<":
                raise UnreadableInput(raw.id, f"is damaged: {error}") from None
    return replace(raw, data=data)


def dechunked(data: bytes) -> bytes:
    """Return a chunked body's bytes; one that is no longer chunked, as many crawlers write it, comes back as it is."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\r\n", at, at + _MAX_SIZE_LINE)
        size = _size(data[at:end]) if end >= 0 else None
        if size is None:
            return b"".join(pieces) if pieces else data
        if size == 0:
            return b"".join(pieces)
        pieces.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2


def _size(line: bytes) -> int | None:
    try:
        digits = line.partition(b";")[0].strip()
        return int(digits, 16) if digits and digits.isalnum() else None
    except ValueError:
        return None
