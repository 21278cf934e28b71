"""What a page says twice and a reader wants once: copies in `noscript`, and posts that are quoted in full.

Two signals each. In `noscript`: the block isn't shown, and the very same text is, and is kept. Where the text stands
there alone (a forum's posts, a page written by scripts) nothing changes. Hidden copies are left: on many pages the
hidden text is the one that counts, and what is shown of it a teaser.

Quoted: on a page of posts a whole text of more than a few words stands again in another element. A chorus is repeated
among its siblings, and on other pages a repeated text (a teaser, a note) may be wanted both times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Kind, Origin, Reason
from stripper.segment.rules import reason
from stripper.segment.wording import away

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stripper.datatypes import Block, Page
    from stripper.segment.decision import Decision

_SURE = 0.9
_PAGE_OF_POSTS = "forum"
_MORE_WORDS_THAN = 12  # of a text that is no "me too"


def find_copies(page: Page, decision: Decision, words: NDArray[np.floating]) -> dict[int, int]:
    """Return each kept block that says again what another kept one says, with that block's index."""
    copies = _in_noscript(page, decision)
    if decision.page_type == _PAGE_OF_POSTS:
        copies |= _quoted(page, decision, words)
    return copies


def _in_noscript(page: Page, decision: Decision) -> dict[int, int]:
    kept = decision.keep.tolist()
    unseen = [block for block in page.blocks if block.origin is Origin.NOSCRIPT and kept[block.index]]
    if not unseen:
        return {}
    shown = {block.text: block.index for block in page.blocks if block.origin is Origin.VISIBLE and kept[block.index]}
    return {block.index: shown[block.text] for block in unseen if block.text in shown}


def _quoted(page: Page, decision: Decision, words: NDArray[np.floating]) -> dict[int, int]:
    parent = page.outline.parent
    first: dict[str, Block] = {}
    quotes = {}
    for index in (decision.keep & (words > _MORE_WORDS_THAN)).nonzero()[0].tolist():
        block = page.blocks[index]
        before = first.setdefault(block.text, block)
        if before is not block and parent[before.element] != parent[block.element]:
            quotes[index] = before.index
    return quotes


def without_copies(decision: Decision, copies: Mapping[int, int]) -> Decision:
    """Return the decision with the copies removed; a title's copy passes the title on."""
    if not copies:
        return decision
    keep, sure, undecided, kinds = (
        decision.keep.copy(), decision.sure.copy(), decision.undecided.copy(), [*decision.kinds]
    )  # fmt: skip
    for copy, shown in copies.items():
        if kinds[copy] is Kind.TITLE:
            kinds[shown] = Kind.TITLE
        keep[copy], sure[copy], undecided[copy], kinds[copy] = False, _SURE, False, Kind.OTHER
    return decision._replace(keep=keep, sure=sure, undecided=undecided, kinds=kinds)


def copy_reasons(block: Block, shown: int) -> tuple[Reason, ...]:
    """Return why a copy goes; `shown` is the index of the block that stays."""
    distance = away(abs(block.index - shown))
    if block.origin is Origin.NOSCRIPT:
        return reason("unseen", ("not shown",)), reason(
            "copy", (f"{distance} {'above' if shown < block.index else 'below'}",)
        )
    return reason("repeated", (distance,)), reason("quoted", ())
