"""Stripped pages made by hand: the writer is tested without a parser and without a segmenter."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from stripper.datatypes import (
    Block,
    Kind,
    Link,
    Metadata,
    Mode,
    Page,
    Reason,
    Role,
    Segmentation,
    Source,
    Verdict,
)
from stripper.options import Options
from stripper.write import Stripped, clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

# Every code point: controls, both halves of surrogate pairs, bidi marks, what is not assigned.
ANY_TEXT = st.text(st.characters(), max_size=60)


def verdict(text: str, *, kept: bool = True, kind: Kind | None = None, **block: Any) -> Verdict:
    """Return a verdict on a block with this text; its index and span are set by `html_page`."""
    kind = kind or (Kind.CONTENT if kept else Kind.RELATED)
    reasons = () if kept else (Reason("phrase", "by hand"),)
    return Verdict(Block(0, text, (0, 0), **block), kind, 0.9, reasons, kept)


def html_page(verdicts: Sequence[Verdict], **parts: Any) -> Stripped:
    """Return an HTML page of these verdicts' blocks."""
    placed = []
    at = 0
    for index, v in enumerate(verdicts):
        block = _moved(v.block, index, (at, at + len(v.block.text)))
        placed.append(Verdict(block, v.kind, v.confidence, v.reasons, v.kept))
        at += len(v.block.text) + 1
    text = "\n".join(v.block.text for v in placed)
    return stripped(Page(Mode.HTML, text, tuple(v.block for v in placed)), placed, **parts)


def text_page(text: str, spans: Sequence[tuple[int, int]], kept: Sequence[bool]) -> Stripped:
    """Return a page of plain text whose blocks are `text[start:end]`."""
    verdicts = []
    for index, ((start, end), stays) in enumerate(zip(spans, kept, strict=True)):
        v = verdict(text[start:end], kept=stays)
        verdicts.append(Verdict(_moved(v.block, index, (start, end)), v.kind, v.confidence, v.reasons, v.kept))
    return stripped(Page(Mode.TEXT, text, tuple(v.block for v in verdicts)), verdicts)


def lines_page(text: str, junk: Sequence[str]) -> Stripped:
    """Return a page of plain text, a block for each line with text; the lines in `junk` are removed."""
    spans = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            spans.append((start, start + len(line.strip())))
        at += len(line)
    return text_page(text, spans, [text[a:b] not in junk for a, b in spans])


def stripped(page: Page, verdicts: Sequence[Verdict], **parts: Any) -> Stripped:
    """Return a stripped page; `parts` replace single fields."""
    data = page.text.encode("utf-8", "surrogatepass")
    source = Source("page", None, sha256(data).hexdigest(), len(data), None, "utf-8", "str", 0)
    segmentation = Segmentation(tuple(verdicts), "article", 0.7, 0.8)
    fields: dict[str, Any] = {
        "text": clean_text(page, verdicts),
        "source": source,
        "page": page,
        "segmentation": segmentation,
        "metadata": Metadata(),
        "options": Options(),
        "model": "rules",
    }
    return Stripped(**(fields | parts))


def link(text: str, words: str, href: str) -> Link:
    """Return a link on `words` inside `text`."""
    start = text.index(words)
    return Link(start, start + len(words), href)


def _moved(block: Block, index: int, span: tuple[int, int]) -> Block:
    return Block(
        index, block.text, span, block.role, block.level, block.ordinal, block.element, block.links, block.origin
    )


@st.composite
def text_pages(draw: st.DrawFn) -> Stripped:
    """Any text, cut into any blocks, any of them removed."""
    text = draw(ANY_TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    spans = [(a, b) for a, b in pairwise(cuts) if a < b][::2] if text else []
    if not spans and text:
        spans = [(0, len(text))]
    return text_page(text, spans, [draw(st.booleans()) for _ in spans])


@st.composite
def html_pages(draw: st.DrawFn) -> Stripped:
    """Any blocks with any text, role, depth, number and link."""
    return html_page(draw(st.lists(_verdicts(), max_size=10)))


@st.composite
def _verdicts(draw: st.DrawFn) -> Verdict:
    text = draw(st.text(st.characters(), min_size=1, max_size=30))
    links = []
    if draw(st.booleans()):
        start = draw(st.integers(0, len(text)))
        links = [Link(start, draw(st.integers(start, len(text))), draw(ANY_TEXT))]
    return verdict(
        text,
        kept=draw(st.booleans()),
        role=draw(st.sampled_from(Role)),
        level=draw(st.integers(0, 7)),
        ordinal=draw(st.integers(0, 3)),
        links=tuple(links),
    )
