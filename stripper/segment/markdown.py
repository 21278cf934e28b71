"""Markdown that another tool wrote, read for judging: links without their targets, no marks of headings and emphasis.

The net knows lines as readers see them. Blocks keep their text and place; only what the features are made of changes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripper.datatypes import Block, Page

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"^#{1,6} +|\*\*|__")
_NESTED = 2  # an image inside a link


def without_marks(page: Page) -> Page:
    """Return `page` with the texts of its blocks as a reader of the Markdown sees them; without links as it is."""
    if "](" not in page.text:
        return page
    parts: list[str] = []
    blocks: list[Block] = []
    at = end = 0
    for block in page.blocks:
        gap = page.text[end : block.span[0]] if blocks else ""
        text = _seen(block.text)
        start = at + len(gap)
        at, end = start + len(text), block.span[1]
        parts += (gap, text)
        blocks.append(block._replace(text=text, span=(start, at)))
    return replace(page, text="".join(parts), blocks=tuple(blocks))


def _seen(text: str) -> str:
    seen = text
    for _ in range(_NESTED):
        seen = _LINK.sub(r"\1", seen)
    return _MARKS.sub("", seen).strip() or text
