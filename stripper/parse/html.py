"""HTML to a page: guard, lexbor's HTML5 tree, one walk over it, the head's facts.

The tree is HTML5's (what a browser shows), since libxml2 leaves whole articles inside an unclosed `header`
or `nav` and loses text; ARCHITECTURE.md has the figures.
"""

from __future__ import annotations

from itertools import accumulate

from stripper.datatypes import Block, Mode, Page
from stripper.parse.guard import harmless
from stripper.parse.head import read_head
from stripper.parse.walk import Walk


def parse_html(html: str | bytes, *, url: str | None = None) -> Page:
    """Return the page's blocks, outline and head; any str parses, and any UTF-8. Time is linear in the input."""
    from selectolax.lexbor import LexborHTMLParser

    clean, warnings = harmless(_utf8(html) if isinstance(html, str) else html)
    tree = LexborHTMLParser(clean)
    walk = Walk()
    if tree.root is not None:
        walk.run(tree.root)
    texts = [block[0] for block in walk.blocks]
    starts = accumulate([len(text) + 1 for text in texts], initial=0)
    blocks = tuple(
        [
            Block(index, text, (start, start + len(text)), role, level, ordinal, element, links, origin)
            for index, start, (text, role, level, ordinal, element, links, origin) in zip(
                range(len(texts)), starts, walk.blocks, strict=False
            )
        ]
    )
    head = read_head(tree)
    return Page(Mode.HTML, "\n".join(texts), blocks, walk.outline(), url, *head, warnings)


def _utf8(html: str) -> bytes:
    try:
        return html.encode()
    except UnicodeEncodeError:  # half of a UTF-16 pair, from a str that somebody else decoded
        return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
