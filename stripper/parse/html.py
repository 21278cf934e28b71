"""HTML to a page: guard, lexbor's HTML5 tree, one walk over it, the head's facts.

The tree is HTML5's (what a browser shows), since libxml2 leaves whole articles inside an unclosed `header`
or `nav` and loses text; ARCHITECTURE.md has the figures.
"""

from __future__ import annotations

from stripper.datatypes import Mode, Page
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
    head = read_head(tree)
    text = "\n".join([block.text for block in walk.blocks])
    return Page(Mode.HTML, text, tuple(walk.blocks), walk.outline(), url, *head, warnings)


def _utf8(html: str) -> bytes:
    try:
        return html.encode()
    except UnicodeEncodeError:  # half of a UTF-16 pair, from a str that somebody else decoded
        return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
