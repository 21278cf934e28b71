"""Text out of a page's data, judged by rule after the page itself: the network never sees it.

It is used where the page shows clearly less of it: an article behind a teaser, a product's description, a thread or
a page that scripts would have written. Where the page shows as much, or the same text, nothing is added.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from stripper.datatypes import KEPT_KINDS, Block, Kind, Mode, Origin, Role, Verdict
from stripper.deferred import Deferred
from stripper.segment.policy import verdict
from stripper.segment.rules import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stripper.datatypes import Page, Passage, Reason, Segmentation
    from stripper.options import Options

_LITTLE = 2_500  # characters: a page that shows more has a text of its own, whatever its data holds
_LESS = 2  # times as much as the page shows, or it isn't clearly more
_MIN_CHARS = 60
_NOTHING = 40  # characters of content, at most, beside a passage that is little trusted
_ANY, _TRUSTED, _NONE = 0.0, 0.8, 2.0
_SHOWN = 0.5  # share of a passage's runs of words that stand on the page: it's there, though it was removed
_RUN = 4  # words
_CUT = 40  # characters of a shown block that are cut out of a longer one
_REVIEW = 0.65  # confidence below which a person should look
_WORD = re.compile(r"\w+")


def trust_needed(page: Page, segmentation: Segmentation, options: Options) -> float:
    """Return how far a passage must be trusted to be of use here, 0..1; above 1 where none is.

    The less the page shows of its own, the less: a guess is of use only beside nothing.
    """
    if page.mode is Mode.TEXT:
        return _NONE
    seen = sum(map(len, _shown(page, segmentation, options)))
    return _ANY if seen <= _NOTHING else _TRUSTED if seen <= _LITTLE else _NONE


def add_passage(
    page: Page, segmentation: Segmentation, passages: Iterable[Passage], options: Options
) -> tuple[Page, Segmentation]:
    """Return the page and its verdicts with the first of `passages` that says clearly more, or as they are."""
    for passage in passages:
        shown = _shown(page, segmentation, options)
        if _says_more(passage, shown, len(page.text)) and not _stands_in(page.text, passage):
            return _added(page, segmentation, passage, shown, options)
    return page, segmentation


def _shown(page: Page, segmentation: Segmentation, options: Options) -> list[str]:
    """Return the texts of the page's content, whatever the options do with it."""
    if options.keep or options.drop:
        return [judged.block.text for judged in segmentation.verdicts if judged.kind in KEPT_KINDS]
    return [block.text for block, keeps in zip(page.blocks, segmentation.kept, strict=True) if keeps]


def _says_more(passage: Passage, shown: list[str], everything: int) -> bool:
    """Tell whether a passage is clearly more than the content shown, `everything` counts all of the page's characters.

    What is little trusted needs a page without content: an empty one, or one of a menu.
    """
    seen = sum(map(len, shown))
    says = sum([len(block.text) for block in passage.blocks])
    return says >= max(_MIN_CHARS, _LESS * seen) and (
        passage.trust >= _TRUSTED or (seen <= _NOTHING and everything <= says)
    )


def _stands_in(text: str, passage: Passage) -> bool:
    there = set(_runs(text))
    runs = [run for block in passage.blocks for run in _runs(block.text)]
    return sum([run in there for run in runs]) > _SHOWN * len(runs)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return zip(*[words[at:] for at in range(min(_RUN, len(words) or 1))], strict=False)


def _added(
    page: Page, segmentation: Segmentation, passage: Passage, shown: list[str], options: Options
) -> tuple[Page, Segmentation]:
    why = reason("embedded", (passage.source, _amount(shown)))
    titled = any(judged.kind is Kind.TITLE for judged in segmentation.verdicts) or not passage.title
    new = [] if titled else [Block(0, passage.title or "", (0, 0), Role.HEADING, 1, origin=Origin.DATA)]
    new += _unseen(passage, shown)
    at = len(page.text) + 1 if page.blocks else 0
    judged = []
    for index, block in enumerate(new, len(page.blocks)):
        placed = block._replace(index=index, span=(at, at + len(block.text)))
        at = placed.span[1] + 1
        kind = Kind.CONTENT if titled or index > len(page.blocks) else Kind.TITLE
        judged.append(_judged(placed, kind, passage.trust, why, options))
    blocks = (*page.blocks, *[one.block for one in judged])
    text = "\n".join([*([page.text] if page.blocks else []), *[one.block.text for one in judged]])
    note = f"embedded: the text, or the most of it, is {passage.source}; the page itself shows {_amount(shown)}"
    return (
        replace(page, text=text, blocks=blocks, warnings=(*page.warnings, note)),
        replace(
            segmentation,
            kept=(*segmentation.kept, *[one.kept for one in judged]),
            deferred=Deferred(lambda: (*segmentation.verdicts, *judged)),
            page_type=passage.page_type or segmentation.page_type,
            type_confidence=passage.trust if passage.page_type else segmentation.type_confidence,
            confidence=passage.trust,
            needs_review=passage.trust < _REVIEW,
        ),
    )


def _judged(block: Block, kind: Kind, sure: float, why: Reason, options: Options) -> Verdict:
    judged = verdict(block, kind, sure, (), options)
    return replace(judged, reasons=(why, *judged.reasons))


def _amount(shown: list[str]) -> str:
    words = sum([len(_WORD.findall(text)) for text in shown])
    return "nothing" if not words else "1 word" if words == 1 else f"{words} words"


def _unseen(passage: Passage, shown: list[str]) -> list[Block]:
    """Return the passage's blocks without what the page shows itself: a teaser comes once."""
    whole = set(shown)
    long = [text for text in shown if len(text) >= _CUT]
    out = []
    for block in passage.blocks:
        parts = [block.text] if block.links or block.text in whole else _without(block.text, long)
        out += [block._replace(text=part) for part in parts if part not in whole]
    return out


def _without(text: str, shown: list[str]) -> list[str]:
    parts = [text]
    for known in shown:
        head, found, tail = parts[-1].partition(known)
        if found:
            parts[-1:] = [part for part in (head.strip(), tail.strip()) if part] or [""]
    return [part for part in parts if part]
