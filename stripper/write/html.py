"""The kept blocks as a plain HTML document: no script, no style, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Role
from stripper.write.names import is_url
from stripper.write.structure import LINE_END, Shape, cells, runs, safe_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stripper.datatypes import Block, Link, Verdict
    from stripper.write.structure import Run


class _List(NamedTuple):
    level: int
    tag: str  # "ul" or "ol"
    next_number: int


def html_document(
    kept: Iterable[Verdict], *, title: str | None = None, language: str | None = None, url: str | None = None
) -> str:
    """Return `kept` as an HTML document; the reader's browser chooses the direction of its text.

    `url` is the page's own: relative links lead from there.
    """
    base = f'<base href="{escape(url)}">\n' if url and is_url(url) else ""
    attribute = f' lang="{escape(language)}"' if language else ""
    body = "\n".join(line for run in runs(kept) for line in _run(run))
    return (
        f"<!DOCTYPE html>\n<html{attribute}>\n<head>\n"
        f'<meta charset="utf-8">\n{base}<title>{escape(title or "")}</title>\n'
        f'</head>\n<body dir="auto">\n{body}\n</body>\n</html>\n'
    )


def _run(run: Run) -> Iterator[str]:
    block = run.blocks[0]
    if run.shape is Shape.LIST:
        yield from _list(run.blocks)
    elif run.shape is Shape.TABLE:
        yield "<table>"
        for row in run.blocks:
            yield "<tr>" + "".join(f"<td>{_inline(text, links)}</td>" for text, links in cells(row)) + "</tr>"
        yield "</table>"
    elif run.shape is Shape.QUOTE:
        yield "<blockquote>"
        yield from (f"<p>{_inline(quote.text, quote.links)}</p>" for quote in run.blocks)
        yield "</blockquote>"
    elif run.shape is Shape.CODE:
        yield f"<pre>\n{escape(block.text)}</pre>"  # the parser drops the first line end
    elif run.shape is Shape.HEADING:
        yield f"<h{run.level}>{_inline(block.text, block.links)}</h{run.level}>"
    else:
        yield f"<p>{_inline(block.text, block.links)}</p>"


def _list(blocks: Sequence[Block]) -> Iterator[str]:
    opened: list[_List] = []
    for block in blocks:
        text = _inline(block.text, block.links)
        if block.role is not Role.LIST_ITEM:  # goes on with the item before it
            yield f"<p>{text}</p>"
            continue
        level, tag = max(block.level, 1), "ol" if block.ordinal else "ul"
        while opened and (opened[-1].level > level or (opened[-1].level == level and opened[-1].tag != tag)):
            yield f"</li></{opened.pop().tag}>"
        if opened and opened[-1].level == level:
            yield "</li>"
        else:
            yield f"<{tag}>"
            opened.append(_List(level, tag, 1))
        number = f' value="{block.ordinal}"' if block.ordinal and block.ordinal != opened[-1].next_number else ""
        opened[-1] = opened[-1]._replace(next_number=block.ordinal + 1)
        yield f"<li{number}>{text}"
    while opened:
        yield f"</li></{opened.pop().tag}>"


def _inline(text: str, links: Sequence[Link]) -> str:
    out: list[str] = []
    at = 0
    for start, end, href in safe_links(text, links):
        out += [_escaped(text[at:start]), f'<a href="{escape(href)}">', _escaped(text[start:end]), "</a>"]
        at = end
    return "".join(out) + _escaped(text[at:])


def _escaped(text: str) -> str:
    return LINE_END.sub("<br>\n", escape(text))
