"""Posts that are quoted in full below: on a forum's page the same text stands again in every answer to it.

A reader has read it, and a corpus of such pages would hold it many times. Only a whole text of more than a few
words that stands again, in another element, in a page of posts counts: a song's chorus is repeated among its
siblings, and what other pages repeat (a teaser, a note) may be wanted both times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from stripper.datatypes import Page
    from stripper.segment.decision import Decision

_MORE_WORDS_THAN = 12
_PAGE_TYPE = "forum"
_SURE = 0.75  # a chain letter or a vote may be repeated on purpose


def repeats(page: Page, decision: Decision, words: list[float]) -> dict[int, int]:
    """Return the content blocks that say again, word for word, what an earlier one says: block -> that block."""
    if decision.page_type != _PAGE_TYPE:
        return {}
    parent = page.outline.parent
    first: dict[str, int] = {}
    again = {}
    for block, kind, size in zip(page.blocks, decision.kinds, words, strict=True):
        if kind is not Kind.CONTENT or size <= _MORE_WORDS_THAN:
            continue
        before = first.setdefault(block.text, block.index)
        if before != block.index and parent[block.element] != parent[page.blocks[before].element]:
            again[block.index] = before
    return again


def without(decision: Decision, again: Collection[int]) -> Decision:
    """Return the decision with the blocks of `again` removed; what fits no other kind is `other`."""
    keep, sure, kinds = decision.keep.copy(), decision.sure.copy(), list(decision.kinds)
    for index in again:
        keep[index], sure[index], kinds[index] = False, _SURE, Kind.OTHER
    return decision._replace(keep=keep, sure=sure, kinds=kinds, undecided=decision.undecided & keep)
