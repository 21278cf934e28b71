"""What a page shows and says once more for readers without scripts: the copy in `noscript` goes.

Two signals: the block isn't shown, and the very same text is, and is kept. Where the text stands in `noscript` alone
(a forum's posts, a page written by scripts) nothing changes. Hidden copies are left: on many pages the hidden text is
the one that counts, and what is shown of it a teaser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Kind, Origin, Reason
from stripper.segment.rules import reason
from stripper.segment.wording import away

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Page
    from stripper.segment.decision import Decision

_SURE = 0.9


def noscript_copies(page: Page, decision: Decision) -> dict[int, int]:
    """Return each kept block of a `noscript` whose text a kept block of the page shows, with that block's index."""
    kept = decision.keep.tolist()
    unseen = [block for block in page.blocks if block.origin is Origin.NOSCRIPT and kept[block.index]]
    if not unseen:
        return {}
    shown = {block.text: block.index for block in page.blocks if block.origin is Origin.VISIBLE and kept[block.index]}
    return {block.index: shown[block.text] for block in unseen if block.text in shown}


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


def copy_reasons(copy: int, shown: int) -> tuple[Reason, ...]:
    """Return why a copy goes."""
    where = f"{away(abs(copy - shown))} {'above' if shown < copy else 'below'}"
    return reason("unseen", ("not shown",)), reason("copy", (where,))
