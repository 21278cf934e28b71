"""The laws as functions: a stripped page in, what it breaks out.

They read the record after a round trip through JSON, as an auditor would, and only the page text from the
value itself. `python -m tests.laws` asks the same of whole corpora.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper import Mode, restore
from stripper.segment.rules import RULES
from tests.laws import oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripper import Stripped

SHOWN = frozenset({"visible", "hidden", "noscript"})  # origins of what stands in the page's own tree


class Violation(NamedTuple):
    """A law that a page breaks, and how."""

    law: int
    detail: str


def violations(page: Stripped, decoded: str | None = None) -> list[Violation]:
    """Return what breaks laws 1, 2, 4 and 6; `decoded` is the input as characters, where the caller knows it."""
    record = json.loads(json.dumps(page.record()))
    text = page.page.text
    return [
        *partition(record, text),
        *undo(page, record, text, decoded),
        *invented(page, record),
        *unreasoned(record),
    ]


def unseen(page: Stripped, root: Any) -> list[Violation]:
    """Return what breaks law 3 beside the tree `root` of the same page, which stripper did not parse."""
    shown = "\n".join(v.block.text for v in page.verdicts if v.block.origin in SHOWN)
    return [Violation(3, detail) for detail in oracle.differences(shown, root)]


def lost_words(page: Stripped, root: Any) -> list[Violation]:
    """Return law 3's violation where the tree's words are no subsequence of the page text's characters.

    For a tree that lost text itself: what it still has must be there, in order.
    """
    flat = "".join(oracle.without_replaced(page.page.text).split())
    at = 0
    for word in oracle.words(root):
        found = flat.find(word, at)
        if found < 0:
            return [Violation(3, f"{word!r} is missing after {flat[max(0, at - 40) : at]!r}")]
        at = found + len(word)
    return []


def without_pairs(text: str) -> str:
    """Return `text` with two surrogates that make a character written as that character: JSON knows no other way."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def partition(record: dict[str, Any], text: str) -> Iterator[Violation]:
    """Law 1: the spans of kept and removed blocks tile the page text, but for the line end between blocks of HTML."""
    blocks = sorted([*record["kept"], *record["removed"]], key=lambda block: block["id"])
    if [block["id"] for block in blocks] != list(range(record["totals"]["blocks"])):
        yield Violation(1, "ids are not 0..n-1, each once")
    joint = "\n" if record["text"]["mode"] == Mode.HTML else ""
    spans = [block["span"] for block in blocks]
    if spans and (spans[0][0] != 0 or spans[-1][1] != len(text)):
        yield Violation(1, f"spans cover {spans[0][0]}..{spans[-1][1]} of 0..{len(text)}")
    if not spans and text:
        yield Violation(1, "text without blocks")
    if any(start >= end for start, end in spans):
        yield Violation(1, "an empty span")
    for (_, end), (start, _) in pairwise(spans):
        if text[end:start] != joint or start - end != len(joint):
            yield Violation(1, f"between {end} and {start} stands {text[end:start]!r}, not {joint!r}")


def undo(page: Stripped, record: dict[str, Any], text: str, decoded: str | None) -> Iterator[Violation]:
    """Law 2: clean text and record give the page text back; in text mode that is the input."""
    restored = restore(page.text, record)
    if restored != text:
        yield Violation(2, "restored text is not the page text")
    if record["text"]["sha256"] != hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest():
        yield Violation(2, "the record's hash is not the page text's")
    if record["text"]["mode"] == Mode.TEXT and decoded is not None and restored != decoded:
        yield Violation(2, "restored text is not the input")


def invented(page: Stripped, record: dict[str, Any]) -> Iterator[Violation]:
    """Law 4: clean text is the kept blocks' text in order, and nothing else but white space between them."""
    at = 0
    text = page.page.text
    for block in record["kept"]:
        start, end = block["out"]
        if page.text[at:start].strip() or start < at:
            yield Violation(4, f"between kept blocks stands {page.text[at:start]!r}")
        if page.text[start:end] != text[slice(*block["span"])]:
            yield Violation(4, f"block {block['id']} was rewritten")
        at = end
    if page.text[at:].strip():
        yield Violation(4, f"after the last kept block stands {page.text[at:]!r}")
    for block in record["removed"]:
        if block["text"] != text[slice(*block["span"])]:
            yield Violation(4, f"removed block {block['id']} was rewritten or cut")


def unreasoned(record: dict[str, Any]) -> Iterator[Violation]:
    """Law 6: every removed block says why, by rules of the registry."""
    for block in record["removed"]:
        if not block["reasons"]:
            yield Violation(6, f"no reason for block {block['id']}, {block['text'][:60]!r}")
        for reason in block["reasons"]:
            if reason["rule"] not in RULES:
                yield Violation(6, f"rule {reason['rule']!r} is not in the registry")
            if not reason["evidence"].strip() or "\n" in reason["evidence"]:
                yield Violation(6, f"evidence of {reason['rule']!r} is no line of text: {reason['evidence']!r}")


def law_3(page: Stripped, html: str) -> list[Violation]:
    """Return what breaks law 3 on a real page: asks lxml's tree, and where that differs html5lib's.

    lxml loses text on one page in fifty. Where html5lib's tree, which knows an older standard, differs too, each word
    of lxml's must be there in order.
    """
    root = oracle.lxml_tree(html)
    if root is None or not unseen(page, root):
        return [] if root is not None or not page.page.text else unseen(page, oracle.html5_tree(html))
    return unseen(page, oracle.html5_tree(html)) and lost_words(page, root)
