"""Two batches: the pages that both stripped, compared record by record; one page of each is in memory at a time."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stripper.errors import InvalidRecord
from stripper.review.compare import compare
from stripper.review.removed_texts import RemovedTexts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from stripper.review.runs import Run

    _Told = tuple[Mapping[str, Any], str]  # record, clean text


class ChangedPage(NamedTuple):
    """A page on which something changed."""

    words: int
    blocks: int
    id: str
    same_page: bool  # both saw the same page text


@dataclass(frozen=True, slots=True)
class RunsDifference:
    """All that changed between two batches."""

    both: int  # pages that both stripped
    changed: int  # of them
    only_before: int  # inputs that the second batch does not have
    only_after: int
    statuses: Mapping[tuple[str, str], int]  # (status before, after) -> inputs, where they differ
    words: Counter[tuple[str, str, str]]  # as `Difference.words`, of all pages
    most: tuple[ChangedPage, ...]  # the pages with the most changed words, most first


def compare_runs(before: Run, after: Run, most: int) -> RunsDifference:
    """Return what changed between two batches; `most` pages are listed. Raises InputError."""
    first, second = _statuses(before), _statuses(after)
    words: Counter[tuple[str, str, str]] = Counter()
    both = changed = 0
    top: list[ChangedPage] = []
    removed = RemovedTexts(before.folder), RemovedTexts(after.folder)
    for name, (record, text), (other, other_text) in _pairs(before, after):
        both += 1
        try:
            found = compare(removed[0].filled(record), removed[1].filled(other), (text, other_text))
        except InvalidRecord as error:  # which tells of a record; here there are many
            raise InvalidRecord(name, error.problem) from None
        if found.changes:
            changed += 1
            moved = found.words()
            words += moved
            page = ChangedPage(moved.total(), len(found.changes), name, found.same_page)
            top = heapq.nlargest(max(most, 0), [*top, page])
    shared = first.keys() & second.keys()
    return RunsDifference(
        both=both,
        changed=changed,
        only_before=len(first) - len(shared),
        only_after=len(second) - len(shared),
        statuses=Counter((first[name], second[name]) for name in shared if first[name] != second[name]),
        words=words,
        most=tuple(top),
    )


def _statuses(run: Run) -> dict[str, str]:
    return {row["id"]: row["status"] for row in run.rows()}


def _pairs(before: Run, after: Run) -> Iterator[tuple[str, _Told, _Told]]:
    """Yield the pages of both batches, in the first one's order.

    Both are read from start to end, as shards can't be read otherwise; pages that the second has earlier wait.
    """
    later = after.pages()
    waiting: dict[str, _Told] = {}
    wanted = {row["id"] for row in before.rows() if row["status"] == "ok"}
    there = {row["id"] for row in after.rows() if row["status"] == "ok"}
    for row, record, text in before.pages():
        name = row["id"]
        if name not in there:
            continue
        while name not in waiting:
            other, told, clean = next(later)
            if other["id"] in wanted:
                waiting[other["id"]] = (told, clean)
        yield name, (record, text), waiting.pop(name)
