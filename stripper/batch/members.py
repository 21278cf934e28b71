"""The pieces that an archive's file is made of: gzip members, Zstandard frames, or the file as it is.

Each is read forward in bounded steps. Damage inside a piece ends that piece, and the next one that begins as a record
does is found by its magic number.
"""

from __future__ import annotations

import re
import zlib
from typing import IO, TYPE_CHECKING, Any

from stripper.batch.tables import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEP = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"  # the skippable frame that holds a .warc.zst's dictionary
_ZSTD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_PEEK = 200  # decoded bytes that show whether a piece begins as a record does
_LONGEST_DICTIONARY = 100_000_000


class Damaged(Exception):
    """A piece of the file cannot be read."""


class Window:
    """Bytes that come in chunks, read forward with a look ahead."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Read what `chunks` yields."""
        self._chunks = chunks
        self._held = bytearray()
        self.position = 0  # bytes read or skipped

    def peek(self, count: int) -> bytes:
        """Return the next `count` bytes without reading them, fewer at the end."""
        while len(self._held) < count and (chunk := next(self._chunks, b"")):
            self._held += chunk
        return bytes(self._held[:count])

    def read(self, count: int) -> bytes:
        """Read `count` bytes, fewer at the end."""
        data = self.peek(count)
        del self._held[: len(data)]
        self.position += len(data)
        return data

    def skip(self, count: int) -> int:
        """Pass over `count` bytes in steps; return how many there were."""
        left = count
        while left and (data := self.read(min(left, STEP))):
            left -= len(data)
        return count - left


class Piece:
    """One member, frame or stretch: what it decodes to, and where it ends in the file once that is read."""

    def __init__(self, file: IO[bytes], offset: int, decoder: Callable[[], Any] | None) -> None:
        """Decode from `offset` on; without a `decoder` the bytes are as they are, to the file's end."""
        self.offset = offset
        self.end: int | None = None
        self.begun = 0  # where the record that is being read begins, decoded
        self._file = file
        self._decoder = decoder
        self.window = Window(self._decoded() if decoder else self._plain())

    @property
    def plain(self) -> bool:
        """Whether the bytes are as they are in the file."""
        return self._decoder is None

    def finish(self) -> int:
        """Read what is left and return where the piece ends. Raises Damaged."""
        while self.window.skip(STEP):
            pass
        if self.end is None:
            raise Damaged("ends too early")
        return self.end

    def _plain(self) -> Iterator[bytes]:
        at = self.offset
        while True:
            self._file.seek(at)
            data = self._file.read(STEP)
            if not data:
                self.end = at
                return
            at += len(data)
            yield data

    def _decoded(self) -> Iterator[bytes]:
        decoder = self._decoder()  # type: ignore[misc]
        at, data = self.offset, b""
        while not decoder.eof:
            if not data and getattr(decoder, "needs_input", True):
                self._file.seek(at)
                data = self._file.read(STEP)
                at += len(data)
                if not data:
                    raise Damaged("ends too early")
            try:
                piece = decoder.decompress(data, STEP)
            except Exception as error:  # noqa: BLE001 - zlib.error, ZstdError
                raise Damaged(f"cannot be unpacked: {error}") from None
            data = getattr(decoder, "unconsumed_tail", b"")
            if piece:
                yield piece
        self.end = at - len(decoder.unused_data)


class Members:
    """The pieces of one file."""

    def __init__(self, file: IO[bytes], size: int, begins: re.Pattern[bytes]) -> None:
        """Take an open file of `size` bytes; `begins` matches the decoded beginning of a record."""
        self._file = file
        self.size = size
        self._begins = begins
        self._decoder: Callable[[], Any] | None = None
        self._magic = b""
        self.first = 0
        head = file.read(4)
        if head.startswith(_GZIP[:2]):
            self._magic, self._decoder = _GZIP, lambda: zlib.decompressobj(wbits=31)
        elif head == _ZSTD or _ZSTD_SKIPPABLE.match(head):
            self._magic = _ZSTD
            dictionary = self._dictionary(head)
            zstd = zstandard()
            self._decoder = lambda: zstd.ZstdDecompressor(dictionary)

    @property
    def compressed(self) -> bool:
        """Whether the file is made of members or frames."""
        return self._decoder is not None

    def piece(self, offset: int) -> Piece:
        """Return the piece that begins at `offset`."""
        return Piece(self._file, offset, self._decoder)

    def next_start(self, offset: int) -> int:
        """Return where the first piece, or in a plain file the first record, from `offset` on begins; else the size."""
        at = offset
        while at < self.size:
            self._file.seek(at)
            data = self._file.read(STEP + _PEEK)
            for found in self._candidates(data):
                if found < STEP and self._is_start(at + found):
                    return at + found
            at += STEP
        return self.size

    def _candidates(self, data: bytes) -> Iterator[int]:
        if self.compressed:
            found = data.find(self._magic)
            while found >= 0:
                yield found
                found = data.find(self._magic, found + 1)
        else:
            yield from (match.start() for match in self._begins.finditer(data))

    def _is_start(self, offset: int) -> bool:
        if not self.compressed:
            self._file.seek(max(offset - 1, 0))
            return offset == 0 or self._file.read(1) == b"\n"
        try:
            return self._begins.match(self.piece(offset).window.peek(_PEEK)) is not None
        except Damaged:
            return False

    def _dictionary(self, head: bytes) -> Any:
        """Return the dictionary that a .warc.zst begins with, None where it has none."""
        if head != _ZSTD_DICTIONARY:
            return None
        length = int.from_bytes(self._file.read(4), "little")
        data = self._file.read(min(length, _LONGEST_DICTIONARY))
        self.first = 8 + length
        zstd = zstandard()
        if data.startswith(_ZSTD):
            data = zstd.ZstdDecompressor().decompress(data, _LONGEST_DICTIONARY)
        return zstd.ZstdDict(data)
