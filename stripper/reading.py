"""Files to raw pages: bounded, unpacked, with errors that name the file."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.datatypes import RawPage
from stripper.errors import TooLarge, UnreadableInput
from stripper.fetch.decode import BodyDecoder, CodingError, OverLimit
from stripper.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

DEFAULTS = Options()

_CHUNK = 1 << 20  # bytes read at a time
_GZIP_MAGIC = b"\x1f\x8b"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
}


def read_file(path: str | os.PathLike[str], options: Options = DEFAULTS) -> RawPage:
    """Read a file, gzipped or not, up to `options.max_bytes` of content. Raises UnreadableInput, TooLarge."""
    return unpacked(read_packed(path, options), options)


def read_stream(stream: BinaryIO, name: str, options: Options = DEFAULTS) -> RawPage:
    """Read an open file as `read_file` does; `name` is the page's id, its suffix tells the media type."""
    return unpacked(_read(stream, name, options), options)


def read_packed(path: str | os.PathLike[str], options: Options = DEFAULTS) -> RawPage:
    """Read a file as it is stored, for `unpacked`. Raises UnreadableInput, TooLarge."""
    if not isinstance(path, str | os.PathLike):
        raise UnreadableInput(repr(path), "is no path")
    name = os.fsdecode(path)
    try:
        with Path(name).open("rb") as stream:
            return _read(stream, name, options)
    except FileNotFoundError:
        hint = "" if Path(name).is_symlink() or "://" not in name else "; only http:// and https:// are fetched"
        raise UnreadableInput(name, f"no such file{hint}") from None
    except IsADirectoryError:
        raise UnreadableInput(name, "is a folder; name the files in it") from None
    except OSError as error:
        raise UnreadableInput(name, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a NUL in the name
        raise UnreadableInput(name, f"is no file name: {error}") from None


def unpacked(raw: RawPage, options: Options) -> RawPage:
    """Return the page with its bytes unpacked where they are gzipped. Raises UnreadableInput, TooLarge."""
    data = raw.data
    suffixes = [suffix.lower() for suffix in Path(raw.id).suffixes[-2:]]
    if data.startswith(_GZIP_MAGIC):
        data = _gunzip(data, raw.id, options.max_bytes)
        suffixes = suffixes[:-1] if suffixes[-1:] == [".gz"] else suffixes
    return replace(raw, data=data, media_type=_MEDIA_TYPES.get(suffixes[-1]) if suffixes else None)


def _read(stream: BinaryIO, name: str, options: Options) -> RawPage:
    # One byte over the limit is enough to know: neither an endless pipe nor a bomb fills the memory.
    data = _first(iter(lambda: stream.read(_CHUNK), b""), options.max_bytes + 1)
    if len(data) > options.max_bytes:
        raise TooLarge(name, f"is over the limit of {options.max_bytes:,} bytes; raise max_bytes")
    return RawPage(name, data)


def _first(chunks: Iterator[bytes], limit: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) >= limit:
            break
    return bytes(data)


def _gunzip(data: bytes, name: str, limit: int) -> bytes:
    decoder = BodyDecoder("gzip", limit)
    try:
        pieces = list(decoder.feed(data))
        decoder.close()
    except OverLimit:
        raise TooLarge(name, f"unpacks to more than the limit of {limit:,} bytes; raise max_bytes") from None
    except CodingError as error:
        raise UnreadableInput(name, f"is damaged: {error}") from None
    return b"".join(pieces)
