"""Content codings undone piece by piece, with a bound on what comes out.

httpx decodes whole chunks without a bound: a kilobyte of a bomb becomes a gigabyte before the caller
sees it. Here no step makes more than `STEP` bytes and no layer of codings more than the limit.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STEP = 1 << 16  # bytes one step may make
MAX_CODINGS = 5  # a body coded more often than this is an attack
MAX_MEMBERS = 1000  # of one gzip body; empty members cost time and make no byte
ACCEPT_ENCODING = "gzip, deflate"  # what is undone here with a bound

_GZIP_MAGIC = b"\x1f\x8b"


class CodingError(ValueError):
    """The body is not in the coding its header names, or in one that we don't undo."""


class OverLimit(ValueError):
    """The body is larger than the limit: as it came, decoded, or between two codings."""


class BodyDecoder:
    """Undoes all codings of one body."""

    def __init__(self, content_encoding: str, limit: int) -> None:
        """Take a ``Content-Encoding`` header ("" = none) and the most bytes that may come in or any layer may make.

        Raises `CodingError` for an unknown coding or for more than `MAX_CODINGS`.
        """
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name and name != "identity"]
        if len(names) > MAX_CODINGS:
            raise CodingError(f"{len(names)} content codings, at most {MAX_CODINGS} are undone")
        self._layers = [_Inflate(name, limit) for name in reversed(names)]  # the last one applied is undone first
        self._limit = limit
        self._fed = 0
        self._made = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` decodes to in pieces of at most `STEP` bytes, or of `data` itself without a coding.

        Raises `CodingError`, and `OverLimit` as soon as more than the limit came in or was made.
        """
        self._fed += len(data)
        if self._fed > self._limit:
            raise OverLimit
        pieces: Iterable[bytes] = (data,)
        for layer in self._layers:
            pieces = layer.feed(pieces)
        for piece in pieces:
            self._made += len(piece)
            if self._made > self._limit:
                raise OverLimit
            yield piece

    def close(self) -> None:
        """Raise `CodingError` if the body ended before its coding did."""
        for layer in self._layers:
            layer.close()


class _Inflate:
    """gzip (any number of members up to `MAX_MEMBERS`) and deflate (zlib-wrapped, or raw as some servers send it)."""

    def __init__(self, name: str, limit: int) -> None:
        if name not in {"gzip", "x-gzip", "deflate"}:
            raise CodingError(f"content coding {name!r}, only {ACCEPT_ENCODING} are undone")
        self._name = name
        self._gzip = name != "deflate"
        self._limit = limit
        self._made = 0
        self._members = 0
        self._head = b""  # bytes of a member's first two that came so far: they may come one by one
        self._inflater: zlib._Decompress | None = None
        self._done = False

    def feed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for data in pieces:
            # `unconsumed_tail` and `unused_data` are copies of the rest: short slices keep that linear.
            for start in range(0, len(data), STEP):
                yield from self._inflate(data[start : start + STEP])

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        while data and not self._done:
            if self._inflater is None:
                data = self._begin(data)
                continue
            try:
                piece = self._inflater.decompress(data, STEP)
            except zlib.error as error:
                raise CodingError(f"broken {self._name} body: {error}") from None
            self._made += len(piece)
            if self._made > self._limit:
                raise OverLimit
            if piece:
                yield piece
            data = self._inflater.unconsumed_tail
            if self._inflater.eof:
                data = self._inflater.unused_data
                self._inflater = None
                self._done = not self._gzip

    def _begin(self, data: bytes) -> bytes:
        """Start a member once its first two bytes are there; return what is left to inflate."""
        data = self._head + data
        if len(data) < len(_GZIP_MAGIC):
            self._head = data
            return b""
        self._head = b""
        if self._gzip:
            # Some servers pad a body with zeros or junk: what follows the last member is not read, as in curl.
            if self._members and not data.startswith(_GZIP_MAGIC):
                self._done = True
                return b""
            if self._members == MAX_MEMBERS:
                raise CodingError(f"more than {MAX_MEMBERS} gzip members")
            self._inflater = zlib.decompressobj(wbits=31)
        else:
            self._inflater = zlib.decompressobj(wbits=15 if _is_zlib_header(data) else -15)
        self._members += 1
        return data

    def close(self) -> None:
        if self._inflater is not None or (self._head and not self._members):
            raise CodingError(f"the {self._name} body ends too early")


def _is_zlib_header(data: bytes) -> bool:
    # RFC 1950, 2.2: method 8 and a check value; servers that send raw deflate (RFC 1951) fail it.
    return data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - the numbers of the RFC
