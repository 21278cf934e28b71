"""The figures of a batch, counted row by row from its manifest and block by block from its records."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.errors import InvalidRecord
from stripper.review.shape import COUNTED, misfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.review.runs import Run

BINS = 10  # of a confidence
UNKNOWN = "unknown"
_LISTED = 50  # pages to review first, slowest pages
_GROUPS = ("site", "language", "type")


class PageLine(NamedTuple):
    """A page that a list names; the first field is what it is ranked by."""

    rank: tuple[float, ...]
    id: str
    confidence: float
    needs_review: bool
    kept: int  # words
    removed: int
    seconds: float


@dataclass(slots=True)
class Group:
    """The pages of one site, language or type."""

    pages: int = 0
    review: int = 0  # pages to look at
    words: Counter[str] = field(default_factory=Counter)  # by kind
    kept: int = 0  # words

    @property
    def seen(self) -> int:
        """All words."""
        return self.words.total()

    @property
    def removed_share(self) -> float:
        """Share of the words that was removed, 0..1."""
        return 1 - self.kept / self.seen if self.seen else 0.0


@dataclass(slots=True)
class Tally:
    """All that a report tells of a run."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)  # (status, class)
    examples: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # id, message
    all: Group = field(default_factory=Group)
    groups: dict[str, defaultdict[str, Group]] = field(
        default_factory=lambda: {name: defaultdict(Group) for name in _GROUPS}
    )
    confidence: Counter[int] = field(default_factory=Counter)  # pages by bin
    first: list[PageLine] = field(default_factory=list)  # to review, the worst first
    slowest: list[PageLine] = field(default_factory=list)
    seconds: float = 0.0  # CPU
    blocks: Counter[tuple[bool, int]] = field(default_factory=Counter)  # (kept, bin of the confidence)
    rules: Counter[str] = field(default_factory=Counter)  # removed blocks that name the rule
    records: int = 0  # that were read


def tally(run: Run) -> Tally:
    """Count a run; what is held grows with its sites, not with its pages. Raises InputError."""
    out = Tally()
    for row in run.rows():
        _count_row(out, row)
    for row, record, _ in run.pages(texts=False):
        if place := misfit(record, COUNTED):
            raise InvalidRecord(row["id"], f"its record is malformed ({place})")
        _count_record(out, record)
    return out


def mixes(run: Run) -> dict[str, Group]:
    """Return a run's words by kind for each site: what a later run is compared with. Raises InputError."""
    out = Tally()
    for row in run.rows():
        _count_row(out, row)
    return out.groups["site"]


def _count_row(out: Tally, row: Mapping[str, Any]) -> None:
    status = str(row["status"])
    out.statuses[status] += 1
    out.seconds += row.get("seconds") or 0.0
    page, words = row["page"], row["words"]
    if status != "ok" or not page or not words:
        if status != "ok":
            key = (status, str(row.get("error") or UNKNOWN))
            out.failures[key] += 1
            out.examples.setdefault(key, (row["id"], row.get("message") or ""))
        return
    keys = {"site": row.get("site"), "language": page.get("language"), "type": page.get("type")}
    for group in [out.all, *(out.groups[name][keys[name] or UNKNOWN] for name in _GROUPS)]:
        group.pages += 1
        group.review += page["needs_review"]
        group.kept += words["kept"]
        group.words.update(words["by_kind"])
    out.confidence[bin_of(page["confidence"])] += 1
    _list(out, row)


def _list(out: Tally, row: Mapping[str, Any]) -> None:
    page, words, seconds = row["page"], row["words"], row.get("seconds") or 0.0
    rest = (row["id"], page["confidence"], page["needs_review"], words["kept"], words["removed"], seconds)
    # A heap keeps the greatest: of the pages to review first those that are least sure.
    _push(out.first, PageLine((float(page["needs_review"]), -page["confidence"]), *rest))
    _push(out.slowest, PageLine((seconds,), *rest))


def _push(heap: list[PageLine], line: PageLine) -> None:
    if len(heap) < _LISTED:
        heapq.heappush(heap, line)
    elif line > heap[0]:
        heapq.heapreplace(heap, line)


def _count_record(out: Tally, record: Mapping[str, Any]) -> None:
    out.records += 1
    for item in record["kept"]:
        out.blocks[True, bin_of(item["confidence"])] += 1
    for item in record["removed"]:
        out.blocks[False, bin_of(item["confidence"])] += 1
        out.rules.update({reason["rule"] for reason in item["reasons"]})


def bin_of(confidence: float) -> int:
    """Return the bin of a confidence, 0..9."""
    return min(int(min(max(confidence, 0), 1) * BINS), BINS - 1)
