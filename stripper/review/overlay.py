"""The page itself with its blocks outlined: a copy made of escaped text and plain boxes, for a sandboxed frame.

Nothing of the page's own markup is copied, so nothing can run or ask for anything: each block becomes a `div`
inside `div`s that stand for the landmarks, lists and tables around it. No other element occurs, since what the page
holds (a list in a paragraph, text in a table) would be parsed into another tree than it was taken from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stripper.datatypes import Block, Page
    from stripper.review.split import Split

_BOXES = frozenset(
    "header nav main article section aside footer form dialog ul ol dl table blockquote figure details".split()
)
_DEEPEST = 12  # boxes in boxes that are drawn; browsers stop at 512
_LONGEST = 5_000  # characters of a block that are shown here: the list of blocks has them all


class Line(NamedTuple):
    """One thing to write, in order: boxes that end, boxes that begin, then a block."""

    closed: int
    opened: tuple[str, ...]  # tags
    number: int  # of the block
    kind: str
    kept: bool
    role: str
    level: int  # of a heading 1..6, else 0
    cells: tuple[str, ...]  # text; more than one where the block is a row


def outline(page: Page, split: Split) -> tuple[Line, ...]:
    """Return the page's blocks with the boxes around them; the writer closes what is open at the end."""
    return tuple(_lines(page, split)) if len(page.blocks) == len(split.entries) else ()


def _lines(page: Page, split: Split) -> Iterator[Line]:
    chains = _chains(page)
    before: Sequence[int] = ()
    for block, entry in zip(page.blocks, split.entries, strict=True):
        chain = chains[block.element]
        common = 0
        while common < min(len(before), len(chain)) and before[common] == chain[common]:
            common += 1
        opened = tuple(page.outline.tag[row] for row in chain[common:])
        level = block.level if block.role is Role.HEADING else 0
        yield Line(
            len(before) - common,
            opened,
            block.index,
            str(entry.kind),
            entry.kept,
            str(block.role),
            level,
            _cells(block),
        )
        before = chain


def _chains(page: Page) -> dict[int, tuple[int, ...]]:
    """Return for each block's element the rows of the boxes around it, outermost first."""
    known: dict[int, tuple[int, ...]] = {-1: ()}
    parent, tag = page.outline.parent, page.outline.tag
    for element in {block.element for block in page.blocks}:
        way = []
        row = element
        while row not in known:
            way.append(row)
            row = parent[row]
        chain = known[row]
        for row in reversed(way):
            if tag[row] in _BOXES and len(chain) < _DEEPEST:
                chain = (*chain, row)
            known[row] = chain
    return known


def _cells(block: Block) -> tuple[str, ...]:
    text = block.text if len(block.text) <= _LONGEST else block.text[:_LONGEST] + " …"
    return tuple(text.split("\t")) if block.role is Role.ROW else (text,)
