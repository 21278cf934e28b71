"""What a batch is about: inputs with a page in them, inputs without, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from stripper.datatypes import RawPage


class Stretch(NamedTuple):
    """A part of an archive's file as it is stored: bytes `offset` <= ... < `end`."""

    file: str
    offset: int
    end: int


class Content(StrEnum):
    """What an item's bytes are."""

    FILE = "file"  # as stored: unpacked if gzipped, HTML or text by its content
    BODY = "body"  # of an HTTP answer, in its transfer and content codings
    HTML = "html"  # characters in UTF-8 that a table gives
    TEXT = "text"  # the same


@dataclass(frozen=True, slots=True)
class Item:
    """An input with a page in it."""

    raw: RawPage  # its bytes as they are stored
    place: tuple[str, ...]  # folders and name, as found: where its outputs are mirrored to
    content: Content = Content.FILE
    codings: tuple[str, ...] = ()  # of a BODY, in the order in which they were applied; "chunked" is one
    site: str | None = None
    stretch: Stretch | None = None

    @property
    def id(self) -> str:
        """The input's name."""
        return self.raw.id

    def digest(self) -> str:
        """Return the SHA-256 of the bytes as they are stored."""
        return sha256(self.raw.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Lost:
    """An input without a page: it failed, or is passed over."""

    id: str
    status: str  # "failed" | "skipped"
    error: str  # class of the error; of a skipped one a word
    message: str  # one line
    url: str | None = None
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An input that has to be fetched."""

    id: str  # its URL


@dataclass(frozen=True, slots=True)
class Done:
    """An input that an earlier run has done, and whose page is not at hand any more."""

    id: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker made of an item."""

    page: Mapping[str, Any]  # the manifest's `page`
    words: Mapping[str, Any]  # the manifest's `words`
    outputs: tuple[bytes, ...]  # text and record, or one line of a shard
    removed: tuple[tuple[str, str], ...]  # hash and text of each removed block, where asked for
    seconds: float  # of CPU
