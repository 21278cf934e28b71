"""The kept blocks as Markdown (CommonMark with the tables of GitHub's).

Markdown's own characters are escaped: read back, the text is the page's text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stripper.datatypes import Role
from stripper.write.structure import Shape, cells, lines, runs, safe_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stripper.datatypes import Block, Link, Verdict
    from stripper.write.structure import Run

_SPECIAL = re.compile(
    r"[\\`*\[\]~]"  # escape, code, emphasis, links, strikethrough
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; an underscore between two letters is none
    r"|<(?=[A-Za-z/!?])"  # a tag or an autolink
    r"|&(?=\#?[A-Za-z0-9]+;)"  # an entity
)
# What makes more of a line than running text when it stands at its beginning.
_AT_START = re.compile(
    r">"  # quote
    r"|\#{1,6}(?=\s|$)"  # heading
    r"|[+-](?=\s|$)"  # list item
    r"|[-=:|](?=[-=:|\s]*$)"  # rule, heading under the line before, border of a table
)
_NUMBERED = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
_CLOSING_HASHES = re.compile(r"(?:(?<=\s)|^)#(?=#*$)")  # "# C #" is a heading "C"
_UNSAFE_IN_TARGET = re.compile(r"""[^!-~\xa1-\ud7ff\ue000-\U0010ffff]|["`|\\]""")
_ESCAPED_IN_TARGET = re.compile(r"[()<>]|&(?=\#?[A-Za-z0-9]+;)")
_MAX_ORDINAL = 999_999_999  # CommonMark: nine digits
_BREAK = "\\\n"  # a line end that a reader sees


def markdown(kept: Iterable[Verdict], *, links: bool = True, breaks: bool = True) -> str:
    """Return `kept` as Markdown, "" for none; the title is the one "# " heading stripper makes.

    `links` writes [text](target), else the text alone. `breaks` keeps the line ends inside a block, else
    they are white space, as in hard-wrapped text.
    """
    writer = _Writer(links=links, line_end=_BREAK if breaks else "\n")
    parts = ["\n".join(writer.run(run)) for run in runs(kept)]
    return "\n\n".join(parts) + "\n" if parts else ""


class _Writer:
    """Writes runs of blocks; holds the two choices of the caller."""

    def __init__(self, *, links: bool, line_end: str) -> None:
        self._links = links
        self._line_end = line_end

    def run(self, run: Run) -> Iterator[str]:
        """Yield the lines of a run."""
        if run.shape is Shape.LIST:
            yield from self._list(run.blocks)
        elif run.shape is Shape.TABLE:
            yield from self._table(run.blocks)
        elif run.shape is Shape.CODE:
            yield from _fenced(run.blocks[0].text)
        elif run.shape is Shape.HEADING:
            text = self._line(run.blocks[0].text, run.blocks[0].links)
            yield "#" * run.level + " " + _CLOSING_HASHES.sub(r"\\#", text)
        elif run.shape is Shape.QUOTE:
            for number, block in enumerate(run.blocks):
                if number:
                    yield ">"
                yield from ("> " + line for line in self._paragraph(block))
        else:
            yield from self._paragraph(run.blocks[0])

    def _list(self, blocks: Sequence[Block]) -> Iterator[str]:
        open_lists: list[tuple[int, str]] = []  # level, indentation of an item's content
        for number, block in enumerate(blocks):
            if block.role is not Role.LIST_ITEM:  # goes on with the item before it
                indent = open_lists[-1][1] if open_lists else ""
                if number:
                    yield ""
                yield from (indent + line for line in self._paragraph(block))
                continue
            level = max(block.level, 1)
            begins = bool(open_lists) and open_lists[-1][0] < level  # a list inside the item before
            while open_lists and open_lists[-1][0] >= level:
                open_lists.pop()
            indent = open_lists[-1][1] if open_lists else ""
            bullet = f"{min(block.ordinal, _MAX_ORDINAL)}. " if block.ordinal else "- "
            open_lists.append((level, indent + " " * len(bullet)))
            if begins and block.ordinal > 1:
                yield ""  # only a list that begins with 1 may follow a paragraph without a blank line
            first, *rest = self._paragraph(block) or [""]
            yield indent + bullet + first
            yield from (open_lists[-1][1] + line for line in rest)

    def _table(self, rows: Sequence[Block]) -> Iterator[str]:
        table = [[self._line(text, links).replace("|", "\\|") for text, links in cells(row)] for row in rows]
        width = max(map(len, table))
        for number, row in enumerate(table):
            yield "| " + " | ".join(row + [""] * (width - len(row))) + " |"
            if number == 0:
                yield "|" + " --- |" * width

    def _line(self, text: str, links: Sequence[Link]) -> str:
        """Return a block as one line."""
        return " ".join(lines(self._inline(text, links)))

    def _paragraph(self, block: Block) -> list[str]:
        """Return the lines of a block."""
        escaped = [_escaped_start(line) for line in lines(self._inline(block.text, block.links))]
        return self._line_end.join(escaped).split("\n") if escaped else []

    def _inline(self, text: str, links: Sequence[Link]) -> str:
        if not self._links:
            return _escaped(text)
        out: list[str] = []
        at = 0
        for start, end, href in safe_links(text, links):
            before = _escaped(text[at:start])
            if before.endswith("!"):  # "![text](target)" is an image
                before = before[:-1] + "\\!"
            out += [before, "[", _escaped(text[start:end]), "](", _target(href), ")"]
            at = end
        return "".join(out) + _escaped(text[at:])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _escaped_start(line: str) -> str:
    if _AT_START.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def _target(href: str) -> str:
    def encoded(match: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))

    return _ESCAPED_IN_TARGET.sub(r"\\\g<0>", _UNSAFE_IN_TARGET.sub(encoded, href))


def _fenced(text: str) -> Iterator[str]:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence
    yield text.removesuffix("\n")
    yield fence
