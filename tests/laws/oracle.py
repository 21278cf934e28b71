"""Law 3's oracle: the words of a page, read off a tree that stripper does not use.

Two trees are at hand: html5lib's, which follows the same standard as browsers, for any markup; and lxml's, which loses
text on some pages (deep nesting, a text node over 10 MB) and is right on well-formed ones. Nothing here
imports stripper.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSEEN = frozenset({"script", "style", "template", "head"})
# Elements that part words for everyone who ever read HTML; a shorter list than stripper's on purpose.
PARTING = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split(),
)
# HTML5 reads their content as text, libxml2 as elements: either way it's words, and tags in it are none.
RAW = frozenset({"iframe", "noembed", "noframes"})
# Characters that the HTML standard drops or replaces, in one tree here and in the other there.
_REPLACED = re.compile("[\0\ufffd\ud800-\udfff]")


def html5_tree(page: str) -> Any:
    """Return html5lib's tree of a page as the standard library's elements."""
    import html5lib

    return html5lib.parse(_REPLACED.sub("\ufffd", page), treebuilder="etree", namespaceHTMLElements=False)


def lxml_tree(page: str) -> Any:
    """Return lxml's tree of a page, or None where lxml finds no element."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    return etree.fromstring(_REPLACED.sub("\ufffd", page).encode(), parser)


def texts(root: Any) -> Iterator[str | None]:
    """Yield the text nodes outside `UNSEEN` and comments, in order; None stands for a border between words."""
    stack = [(root, False)]
    while stack:
        element, left = stack.pop()
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else None
        if left:
            if name in PARTING:
                yield None
            if element.tail:
                yield element.tail
            continue
        stack.append((element, True))
        if name is None or name in UNSEEN:
            continue
        if name in PARTING:
            yield None
        if element.text:
            yield element.text if name not in RAW else html.unescape(re.sub(r"<[^>]*>", " ", element.text))
        stack.extend((child, False) for child in reversed(element))


def words(root: Any) -> list[str]:
    """Return the words of the tree: split at white space and at every border."""
    return "".join(" " if text is None else text for text in texts(root)).split()


def without_replaced(text: str) -> str:
    """Return `text` without the characters that one tree drops and another replaces."""
    return _REPLACED.sub("", text)


def differences(page_text: str, root: Any) -> list[str]:
    """Compare a page text with the tree: same characters in the same order, and words neither split nor joined.

    White space counts only as "some" or "none": between two inline elements the page text is free to have either.
    """
    expected, apart = _flat(texts(root))
    found, gaps = _flat([page_text])
    if expected != found:
        at = next((i for i, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), 0)
        at = at or min(len(expected), len(found))
        return [f"characters differ at {at}: tree {expected[at : at + 60]!r}, page text {found[at : at + 60]!r}"]
    return [
        f"word {'joined' if wanted else 'split'} at {at}: {found[max(0, at - 20) : at]!r} | {found[at : at + 20]!r}"
        for at, (wanted, gap) in enumerate(zip(apart, gaps, strict=True))
        if at and wanted is not None and wanted != gap
    ]


def _flat(pieces: Any) -> tuple[str, list[bool | None]]:
    """Return the characters without white space and, for each, whether white space stands before it (None: free)."""
    characters: list[str] = []
    apart: list[bool | None] = []
    before: bool | None = True
    for piece in pieces:
        if piece is None:
            before = True
            continue
        for chunk in re.findall(r"\s+|\S+", without_replaced(piece)):
            if chunk.isspace():
                before = True
                continue
            characters.append(chunk)
            apart += [before] + [False] * (len(chunk) - 1)
            before = False
        if before is False:
            before = None  # the next text node may stand in an inline or in a block element
    return "".join(characters), apart
