"""A page's split, read back from its record and clean text: all that a review shows; nothing is judged again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Kind, Mode, Reason
from stripper.errors import InvalidRecord
from stripper.review.shape import BLOCKS, RECORD, misfit
from stripper.write import restore
from stripper.write.record import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

UNDECIDED = 0.5  # confidence up to which the other answer was at least as likely

_WORD = re.compile(r"\w+")


def count_words(text: str) -> int:
    """Return the words of a text, as the record's totals count them."""
    return len(_WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Entry:
    """A block as the record tells it."""

    index: int  # the record's id: 0.. in reading order
    text: str
    kind: Kind
    confidence: float  # 0..1 that keeping, or removing, it is right
    kept: bool
    span: tuple[int, int]  # in the page text
    role: str = "text"  # only of kept blocks does a record tell it
    xpath: str | None = None
    reasons: tuple[Reason, ...] = ()  # only of removed blocks
    links: int = 0  # only of removed blocks

    @property
    def undecided(self) -> bool:
        """Whether the other answer was at least as likely."""
        return self.confidence <= UNDECIDED

    @property
    def words(self) -> int:
        """Words, as the record's totals count them."""
        return count_words(self.text)


@dataclass(frozen=True, slots=True)
class Split:
    """What became of each block of a page."""

    id: str  # of the source
    url: str | None
    record: Mapping[str, Any]  # what it was read from
    text: str  # clean text
    entries: tuple[Entry, ...]  # every block, in reading order

    @property
    def title(self) -> str:
        """What to call the page: its title, or where it came from."""
        return self.record["page"]["title"] or self.id

    @property
    def mode(self) -> Mode:
        """How the input was read."""
        return Mode(self.record["text"]["mode"])

    @property
    def removed(self) -> tuple[Entry, ...]:
        """The blocks that are not in the clean text."""
        return tuple(entry for entry in self.entries if not entry.kept)


def read_split(text: str, record: Mapping[str, Any]) -> Split:
    """Return the split that `record` tells of; `text` is its clean text.

    Raises InvalidRecord where they do not belong together, or the record is none.
    """
    restore(text, record)  # checks both against the digest of the page text
    if place := misfit(record, RECORD):
        raise InvalidRecord("record", f"the record is malformed ({place})")
    return Split(record["source"]["id"], record["source"]["url"], record, text, read_entries(record, text))


def read_entries(record: Mapping[str, Any], text: str = "") -> tuple[Entry, ...]:
    """Return the blocks of a record, in reading order; without its clean text those that were kept are empty.

    Raises InvalidRecord.
    """
    if record.get("schema") != SCHEMA:
        raise InvalidRecord("record", f"its schema is {record.get('schema')!r}, not {SCHEMA!r}")
    if place := misfit(record, BLOCKS):
        raise InvalidRecord("record", f"the record is malformed ({place})")
    try:
        entries = [_kept(item, text) for item in record["kept"]] + [_removed(item) for item in record["removed"]]
    except ValueError as error:  # a kind that there is not
        raise InvalidRecord("record", f"the record is malformed ({error})") from None
    return tuple(sorted(entries, key=lambda entry: entry.index))


def _kept(item: Mapping[str, Any], text: str) -> Entry:
    start, end = item["out"]
    return Entry(
        index=item["id"],
        text=text[start:end],
        kind=Kind(item["kind"]),
        confidence=item["confidence"],
        kept=True,
        span=(item["span"][0], item["span"][1]),
        role=item["role"],
        xpath=item["xpath"],
    )


def _removed(item: Mapping[str, Any]) -> Entry:
    return Entry(
        index=item["id"],
        text=item["text"],
        kind=Kind(item["kind"]),
        confidence=item["confidence"],
        kept=False,
        span=(item["span"][0], item["span"][1]),
        xpath=item["xpath"],
        reasons=tuple(Reason(reason["rule"], reason["evidence"]) for reason in item["reasons"]),
        links=len(item["links"]),
    )
