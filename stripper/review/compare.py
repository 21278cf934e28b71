"""Two records of one page: which blocks changed sides or kind, and why.

Where both saw the same page text, blocks are matched by their place in it, even if it was parted into other
blocks. Where the page itself changed, they are matched by their text: the first time it stands there, the second.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.review.split import count_words, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stripper.datatypes import Kind, Reason
    from stripper.review.split import Entry


class Fate(NamedTuple):
    """What became of a block in one of the two."""

    id: int
    kept: bool
    kind: Kind
    confidence: float  # 0..1
    reasons: tuple[Reason, ...]  # of a removed block


@dataclass(frozen=True, slots=True)
class Change:
    """Text that one record tells otherwise than the other."""

    text: str  # "" where both kept it and no clean text is at hand
    words: int
    before: Fate | None  # None = this text is in the second page only
    after: Fate | None  # None = in the first page only

    @property
    def sort(self) -> str:
        """What changed: "removed", "kept" (now), "kind", "gone" or "new" (the page changed)."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        if self.before.kept != self.after.kept:
            return "kept" if self.after.kept else "removed"
        return "kind"


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed on a page."""

    same_page: bool  # both saw the same page text
    changes: tuple[Change, ...]  # in reading order; what is in the second page only comes last

    def words(self) -> Counter[tuple[str, str, str]]:
        """Return the words that changed by (sort, kind before, kind after); "" where there is none."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for change in self.changes:
            before, after = (str(fate.kind) if fate else "" for fate in (change.before, change.after))
            counts[change.sort, before, after] += change.words
        return counts


def compare(before: Mapping[str, Any], after: Mapping[str, Any], texts: tuple[str, str] | None = None) -> Difference:
    """Return what changed between two records.

    `texts` are their clean texts; they are needed where the page itself changed, else kept blocks look new.
    Raises InvalidRecord.
    """
    first, second = (
        read_entries(record, text) for record, text in zip((before, after), texts or ("", ""), strict=True)
    )
    same = page_text_of(before) == page_text_of(after)
    pairs = _by_place(first, second) if same else _by_text(first, second)
    return Difference(same, tuple(change for change in pairs if _differs(change)))


def page_text_of(record: Mapping[str, Any]) -> str | None:
    """Return what tells a page text from others: its SHA-256."""
    value = record.get("text")
    return value.get("sha256") if isinstance(value, dict) else None


def _differs(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.kept, before.kind) != (after.kept, after.kind)


def _by_place(first: Sequence[Entry], second: Sequence[Entry]) -> Iterator[Change]:
    """Yield each stretch of the page text that a block of both holds, in order."""
    i = j = 0
    while i < len(first) and j < len(second):
        a, b = first[i], second[j]
        start, end = max(a.span[0], b.span[0]), min(a.span[1], b.span[1])
        if start < end:
            text = _between(a, start, end) or _between(b, start, end)
            # In plain text a block owns the white space after it, in one record more of it than in the other.
            if text.strip() or not (a.text or b.text):
                yield Change(text, count_words(text), _fate(a), _fate(b))
        i, j = i + (a.span[1] <= b.span[1]), j + (b.span[1] <= a.span[1])


def _between(entry: Entry, start: int, end: int) -> str:
    return entry.text[start - entry.span[0] : end - entry.span[0]]


def _by_text(first: Sequence[Entry], second: Sequence[Entry]) -> Iterator[Change]:
    """Yield each block of both pages with its like in the other."""
    known = dict(zip(_keys(second), second, strict=True))
    for key, entry in zip(_keys(first), first, strict=True):
        other = known.pop(key, None)
        yield Change(entry.text, entry.words, _fate(entry), _fate(other) if other else None)
    for entry in known.values():
        yield Change(entry.text, entry.words, None, _fate(entry))


def _keys(entries: Sequence[Entry]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for entry in entries:
        text = " ".join(entry.text.split())
        yield text, seen[text]
        seen[text] += 1


def _fate(entry: Entry) -> Fate:
    return Fate(entry.index, entry.kept, entry.kind, entry.confidence, entry.reasons)
