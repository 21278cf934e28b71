"""What a page says of itself, by trafilatura's extractors (JSON-LD, Open Graph, meta tags, then the text)."""

from __future__ import annotations

from stripper.datatypes import Metadata

_MAX_CHARS = 5_000_000  # trafilatura's XPath searches grow faster than the page


def extract_metadata(html: str, url: str | None, language: str | None = None) -> Metadata:
    """Return title, author, date (YYYY-MM-DD), site; `language` is passed through.

    Costs more than the whole rest of a page's way; never raises for a page.
    """
    if len(html) > _MAX_CHARS or not html.strip():
        return Metadata(language=language)
    from lxml import etree
    from lxml.html import HTMLParser
    from trafilatura import extract_metadata as by_trafilatura

    tree = etree.fromstring(html.encode("utf-8", "replace"), HTMLParser(encoding="utf-8", huge_tree=True))
    if tree is None:
        return Metadata(language=language)
    try:
        found = by_trafilatura(tree, default_url=url)
    except Exception:  # noqa: BLE001  a page's odd markup must not cost its text: metadata is an extra
        return Metadata(language=language)
    return Metadata(found.title or None, found.author or None, found.date or None, found.sitename or None, language)
