"""What a page's head says of it: title, language, and hints at the page's type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

_META = "meta[property],meta[name]"
_KNOWN = frozenset(("og:type", "og:title", "generator", "description"))
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([^"]{1,60})"')
_MAX_DATA_CHARS = 2_000_000


class Head(NamedTuple):
    """The head's facts."""

    title: str | None
    language: str | None
    hints: Mapping[str, str]


def read_head(tree: LexborHTMLParser) -> Head:
    """Read title, lang and hints: `og:type`, `og:title`, `generator`, `description`, `ld:type` (JSON-LD)."""
    hints: dict[str, str] = {}
    for node in tree.css(_META):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or ""
        if name in _KNOWN and attributes.get("content"):
            hints.setdefault(name, attributes["content"] or "")
    types: dict[str, None] = {}
    for node in tree.css('script[type="application/ld+json"]'):
        types.update(dict.fromkeys(_TYPE.findall((node.text() or "")[:_MAX_DATA_CHARS])))
    if types:
        hints["ld:type"] = " ".join(types)
    title = None
    if tree.head is not None:
        named = tree.head.css_first("title")
        title = " ".join((named.text() or "").split()) if named is not None else None
    root = tree.root
    language = root.attributes.get("lang") if root is not None else None
    return Head(title or hints.get("og:title"), language or None, hints)
