"""What the kept blocks are to a formatter: runs of list items, table rows and quotes, all else alone."""

from __future__ import annotations

import re
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stripper.datatypes import Block, Link, Verdict

LINE_END = re.compile(r"\r\n|\r|\n")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SAFE_SCHEMES = frozenset(("http:", "https:", "mailto:"))
# Browsers ignore these around a URL, and line ends and tabs in it: "java\nscript:" is a scheme.
_AROUND_HREF = "".join(map(chr, range(0x21)))
_INSIDE_HREF = re.compile(r"[\t\r\n]")


class Shape(StrEnum):
    """How a run of blocks is laid out."""

    HEADING = "heading"  # one block
    PARAGRAPH = "paragraph"  # one block
    LIST = "list"  # items, and blocks without a bullet that belong to the item before them
    TABLE = "table"
    QUOTE = "quote"
    CODE = "code"  # one block


class Run(NamedTuple):
    """Neighbouring blocks of one shape."""

    shape: Shape
    blocks: tuple[Block, ...]
    level: int  # of a heading: 1..6, 1 for the page's title; else 0


_SHAPES = {
    Role.HEADING: Shape.HEADING,
    Role.LIST_ITEM: Shape.LIST,
    Role.ROW: Shape.TABLE,
    Role.QUOTE: Shape.QUOTE,
    Role.CODE: Shape.CODE,
}
_RUNNING = frozenset((Shape.LIST, Shape.TABLE, Shape.QUOTE))


def runs(kept: Iterable[Verdict]) -> Iterator[Run]:
    """Yield the kept blocks in order, neighbours of one list, table or quote together."""
    held: list[Block] = []
    shape = Shape.PARAGRAPH
    for verdict in kept:
        block = verdict.block
        new = Shape.HEADING if verdict.kind is Kind.TITLE else _SHAPES.get(block.role, Shape.PARAGRAPH)
        if held and shape is Shape.LIST and block.role is Role.TEXT and block.level and new is Shape.PARAGRAPH:
            held.append(block)  # the second paragraph of an item
        elif held and new is shape and shape in _RUNNING:
            held.append(block)
        else:
            if held:
                yield Run(shape, tuple(held), 0)
            held = [block]
            shape = new
            if shape is Shape.HEADING:
                yield Run(shape, (block,), 1 if verdict.kind is Kind.TITLE else min(max(block.level, 1), 6))
                held = []
    if held:
        yield Run(shape, tuple(held), 0)


def lines(text: str) -> list[str]:
    """Return the lines of a block without their indentation; blank lines are left out."""
    return [line for line in (line.strip() for line in LINE_END.split(text)) if line]


def cells(block: Block) -> list[tuple[str, tuple[Link, ...]]]:
    """Return the cells of a table row with the links that lie inside each, offsets counted in the cell."""
    found = []
    coming = deque(sorted(block.links))
    start = 0
    for cell in block.text.split("\t"):
        end = start + len(cell)
        inside = []
        while coming and coming[0].start <= end:
            link = coming.popleft()
            if link.end <= end:  # else it goes over several cells: its words stay, the link cannot
                inside.append(link._replace(start=link.start - start, end=link.end - start))
        found.append((cell, tuple(inside)))
        start = end + 1
    return found


def safe_links(text: str, links: Iterable[Link]) -> list[Link]:
    """Return the links worth writing: with text, not overlapping, to another web page or a mail address.

    Everything with a scheme but http, https and mailto is left out (`javascript:`, `data:`, ...), and
    so are jumps inside the page, which lead nowhere in the clean text.
    """
    found: list[Link] = []
    for link in sorted(links):
        href = _INSIDE_HREF.sub("", link.href.strip(_AROUND_HREF))
        scheme = _SCHEME.match(href)
        if not href or href.startswith("#") or (scheme and scheme[0].lower() not in _SAFE_SCHEMES):
            continue
        if not text[link.start : link.end].strip() or (found and link.start < found[-1].end):
            continue
        found.append(link._replace(href=href))
    return found
