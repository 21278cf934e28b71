"""Plain text to blocks with exact offsets: lines, the hard-wrapped lines of a paragraph, sentences of endless lines."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from stripper.datatypes import Block, Mode, Page

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)?")
_MIN_WIDTH, _MAX_WIDTH = 40, 120  # columns that editors and mail programs wrap at
_OVERLONG = 0.05  # share of the lines that may be longer in a wrapped text: addresses, tables
_FULL = 0.6  # of the width, from which a line should have taken the next word
_WRAPPED_LINES, _WRAPPED_SHARE = 8, 0.85  # full lines, and how many of them are, in a text that a program wrapped

_ENDLESS = 2500  # characters of a line that must have lost its line ends
_MOST, _LONG = 0.6, 300  # of a text, and characters, in one line: the text has lost its line ends
_SENTENCE_END = re.compile(  # also ! ? ) in full width, and closing quotes; all marks in a row are one match
    r"""[.!?…][.!?…"\u201d\u2019»)\]]*(\s*)|[。\uff01\uff1f][」』\u201d\uff09]*"""
)
_ABBREVIATION = re.compile(r"(?:\b\w|\b\w{1,3}\.\w|\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|No|Nr|Jr|Sr|Sra|Mme|bzw|usw|ca|etc))$")
_ABBREVIATED = 8  # characters before a full stop that tell whether it ends an abbreviation

_Span = tuple[int, int]


class _Line(NamedTuple):
    start: int  # of its visible part
    end: int
    follows: bool  # on another line with text: no blank line is between


def parse_text(text: str) -> Page:
    """Return one block per line with text.

    The lines of a hard-wrapped paragraph form one block. A line that has swallowed its text's line ends is cut at
    the ends of its sentences. A block's text is the slice of the input between its first and last visible character:
    `span` is exact, and white space between blocks belongs to none of them.
    """
    lines = _lines(text)
    spans = [span for block in _unwrapped(text, lines) for span in _sentences(text, block)]
    return Page(Mode.TEXT, text, tuple([Block(i, text[a:b], (a, b)) for i, (a, b) in enumerate(spans)]))


def _lines(text: str) -> list[_Line]:
    lines = []
    follows = False
    for match in _LINE.finditer(text):
        line = match[1]
        visible = line.strip()
        if visible:
            start = match.start() + line.index(visible[0])
            lines.append(_Line(start, start + len(visible), follows))
        follows = bool(visible)
    return lines


def _unwrapped(text: str, lines: list[_Line]) -> list[_Span]:
    """Join lines where a program broke them: where the next word did not fit."""
    width = _width(lines)
    if not width:
        return [(line.start, line.end) for line in lines]
    broken = [line.follows and _is_full(text, before, line, width) for before, line in pairwise(lines)]
    anywhere = _is_wrapped(lines, broken, width)
    spans: list[_Span] = []
    first = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and lines[end].follows:
            continue
        paragraph = lines[first:end]
        if all(broken[first : end - 1]):
            spans.append((paragraph[0].start, paragraph[-1].end))
        else:
            spans += _joined(paragraph, broken[first : end - 1] if anywhere else [False] * (end - 1 - first))
        first = end
    return spans


def _width(lines: list[_Line]) -> int:
    """Return the columns that the text is wrapped at, if it is; 0 where it can't be."""
    sizes = [line.end - line.start for line in lines]
    fitting = [size for size in sizes if size <= _MAX_WIDTH]
    if len(sizes) - len(fitting) > _OVERLONG * len(sizes):
        return 0
    width = max(fitting, default=0)
    return width if width >= _MIN_WIDTH else 0


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    word = text[following.start : following.end].split(None, 1)[0]
    return line.end - line.start + 1 + len(word) > width


def _is_wrapped(lines: list[_Line], broken: list[bool], width: int) -> bool:
    """Tell whether a program wrapped the text, so that a break elsewhere is the end of a paragraph."""
    full = [
        is_broken
        for line, following, is_broken in zip(lines, lines[1:], broken, strict=False)
        if following.follows and line.end - line.start >= _FULL * width
    ]
    return len(full) >= _WRAPPED_LINES and sum(full) >= _WRAPPED_SHARE * len(full)


def _joined(lines: list[_Line], broken: list[bool]) -> list[_Span]:
    spans = [(lines[0].start, lines[0].end)]
    for line, is_broken in zip(lines[1:], broken, strict=True):
        if is_broken:
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
    return spans


def _sentences(text: str, span: _Span) -> list[_Span]:
    """Cut a line that has swallowed its text's line ends; any other comes back whole."""
    start, end = span
    if end - start < _LONG or (end - start < _ENDLESS and end - start < _MOST * len(text)):
        return [span]
    spans = []
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.end() >= end or not _ends_sentence(text, match):
            continue
        spans.append((start, match.start(1) if match[1] else match.end()))
        start = match.end()
    spans.append((start, end))
    return spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Tell whether a new sentence begins behind the marks: after a space, not in lower case, behind no abbreviation."""
    if match[1] == "" or text[match.end()].islower():
        return False
    return text[match.start()] != "." or not _is_abbreviation(text, match.start())


def _is_abbreviation(text: str, stop: int) -> bool:
    return _ABBREVIATION.search(text[max(stop - _ABBREVIATED, 0) : stop]) is not None
