"""Plain text to blocks: lines, or the hard-wrapped lines of a paragraph, with exact offsets."""

from __future__ import annotations

import re
from itertools import pairwise

from stripper.datatypes import Block, Mode, Page

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)?")
_MIN_WIDTH, _MAX_WIDTH = 40, 120  # columns that editors and mail programs wrap at

_Span = tuple[int, int]


def parse_text(text: str) -> Page:
    """Return one block per line with text; the lines of a hard-wrapped paragraph form one block.

    A block's text is the slice of the input between its first and last visible character: `span` is
    exact, and white space between blocks belongs to none of them.
    """
    spans: list[_Span] = []
    paragraph: list[_Span] = []
    for match in _LINE.finditer(text):
        line = match[1]
        visible = line.strip()
        if visible:
            start = match.start() + line.index(visible[0])
            paragraph.append((start, start + len(visible)))
        else:  # a blank line, or the end of the input
            spans += _unwrapped(text, paragraph)
            paragraph = []
    spans += _unwrapped(text, paragraph)
    return Page(Mode.TEXT, text, tuple(Block(i, text[a:b], (a, b)) for i, (a, b) in enumerate(spans)))


def _unwrapped(text: str, lines: list[_Span]) -> list[_Span]:
    """Join the lines if a program broke them: each break stands where the next word did not fit."""
    if not lines[1:]:
        return lines
    width = max(end - start for start, end in lines)
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return lines
    for (start, end), (following, stop) in pairwise(lines):
        word = text[following:stop].split(None, 1)[0]
        if end - start + 1 + len(word) <= width:
            return lines
    return [(lines[0][0], lines[-1][1])]
