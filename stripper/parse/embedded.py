"""Text that a page carries in its data: JSON-LD, Next.js' and Discourse's preloaded data.

It stands in scripts and attributes, so no walk over the tree meets it. Read only where the page shows little
(the caller's choice), and lazily: what is trusted most comes first, the rest isn't parsed before it's asked for.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Block, Origin, Passage
from stripper.parse.html import parse_html
from stripper.parse.structured import of_discourse, of_json_ld
from stripper.parse.unstructured import GUESSED, of_any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stripper.parse.structured import Found

_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_WRAPPING = re.compile(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)")
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_MAX_SCRIPTS = 200
_TAG_CHARS = 2_000  # of a script's start tag
_COMMENT_CHARS = 20_000  # looked back for the begin of a comment
_MAX_CHARS = 4_000_000  # of all JSON of a page: a value takes some 60 bytes of memory for each
_MAX_TEXTS = 1_000  # of one passage


def read_embedded(html: str, trust: float = 0.0) -> Iterator[Passage]:
    """Yield the passages of a page's data of at least this trust, the most trusted first; none above 1.

    Each on its own would be the page's text. Bounded whatever the page holds: 4 million characters of JSON, values
    nested as deep as Python reads them; what is no JSON is passed over.
    """
    if trust > 1:
        return
    yield from _passages(of_discourse(_loaded(_attributes(html, "data-preloaded"))))
    yield from _passages(of_json_ld(_loaded(_scripts(html, "ld+json"))))
    if trust <= GUESSED:
        yield from _passages(of_any(_loaded(_scripts(html, "__NEXT_DATA__")), "Next.js data"))


def _passages(found: Iterator[Found]) -> Iterator[Passage]:
    for source, texts, trust, title, page_type in found:
        blocks = _blocks(texts[:_MAX_TEXTS])
        if blocks:
            yield Passage(source, blocks, trust, _one_line(title), page_type)


def _scripts(html: str, mark: str) -> Iterator[str]:
    """Yield the contents of the scripts whose start tag holds `mark`; linear, as a tag is looked for nearby only."""
    at = html.find(mark)
    for _ in range(_MAX_SCRIPTS):
        if at < 0:
            return
        start, end = html.rfind("<", max(0, at - _TAG_CHARS), at), html.find(">", at, at + _TAG_CHARS)
        if start >= 0 <= end and html[start : start + 7].lower() == "<script" and not _in_comment(html, start):
            match = _SCRIPT_END.search(html, end)
            if not match:
                return
            yield html[end + 1 : match.start()]
            end = match.start()
        at = html.find(mark, max(at + 1, end))


def _in_comment(html: str, at: int) -> bool:
    begin = html.rfind("<!--", max(0, at - _COMMENT_CHARS), at)
    return begin >= 0 and html.find("-->", begin, at) < 0


def _attributes(html: str, name: str) -> Iterator[str]:
    """Yield the value of the first attribute of this name."""
    at = html.find(f"{name}=") + len(name) + 1
    if at > len(name) and html[at : at + 1] in ("'", '"'):
        end = html.find(html[at], at + 1)
        if end >= 0:
            yield unescape(html[at + 1 : end])


def _loaded(texts: Iterator[str]) -> Iterator[Any]:
    """Yield the value of each text that is JSON."""
    # Numbers stay as written: nobody asks for them, and int() refuses those of 5,000 digits.
    decoder = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
    left = _MAX_CHARS
    for text in texts:
        left -= len(text)
        if left < 0:
            return
        bare = _WRAPPING.sub("", text).lstrip()
        try:
            yield decoder.raw_decode(bare)[0]  # what stands behind the value (";", "-->") is no matter
        except (ValueError, RecursionError):
            continue


def _blocks(texts: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of texts, each of them HTML or plain; the same text comes once."""
    blocks: list[Block] = []
    seen: set[str] = set()
    at = 0
    for _, run in groupby([_as_html(text) for text in texts], key=lambda text: text.startswith("<p>")):
        fragments = list(run)
        # Paragraphs of ours are parsed together, foreign markup by itself: what one leaves open is not the next one's.
        for fragment in ["".join(fragments)] if fragments[0].startswith("<p>") else fragments:
            for block in parse_html(fragment).blocks:
                if block.text not in seen:
                    seen.add(block.text)
                    span = (at, at + len(block.text))
                    at = span[1] + 1
                    blocks.append(
                        Block(
                            len(blocks), block.text, span, block.role, block.level, block.ordinal,
                            links=block.links, origin=Origin.DATA,
                        )
                    )  # fmt: skip
    return tuple(blocks)


def _as_html(text: str) -> str:
    """Return `text` as HTML: as it is, with one escaping taken off, or its lines as paragraphs."""
    if _MARKUP.search(text):
        return f"<div>{text}"
    plain = unescape(text)
    if _MARKUP.search(plain):
        return f"<div>{plain}"
    return "".join([f"<p>{escape(line, quote=False)}" for line in plain.splitlines() if line.strip()]) or "<p>"


def _one_line(title: str | None) -> str | None:
    if not title:
        return None
    blocks = parse_html(_as_html(title)).blocks
    return " ".join(" ".join(block.text for block in blocks).split()) or None
