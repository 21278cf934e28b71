"""Hostile markup made harmless before the HTML parser sees it, in linear time and without losing text.

lexbor follows the HTML5 algorithm, which is quadratic in the depth of the tree (20,000 nested `div`
take 0.8 s, 100,000 take 31 s) and in the attributes of one tag (40,000 take 2.8 s). Browsers cap the
depth as well (Blink at 512) and go on with siblings.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint8]
    Positions = NDArray[np.int64]

MAX_DEPTH = 512
MAX_FORMATTING = 16  # unclosed <b>, <font> …: each later paragraph opens all of them again
MAX_TAG_CHARS = 100_000
_NAME_CHARS = 102
_LETTERS = 4  # of a tag's name that the first look compares; "inpu" and "ins" differ
_FEW_TAGS = 1_000  # below it the worst nesting costs some milliseconds

_HUGE_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % MAX_TAG_CHARS)
_NAME = re.compile(rb"<[a-zA-Z][^\s<>/]{0,100}")
# One token of markup; raw-text elements are eaten whole, so that a "<div>" in a script does not count.
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])[^>]*>.*?(?:</(?P=raw)\b|\Z)"
    r"|<(?P<end>/?)(?P<tag>[a-zA-Z][^\s/>]*)[^>]*>?",
    re.IGNORECASE | re.DOTALL,
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# Their end tag is optional: a thousand of them in a row are siblings, not a thousand levels.
_IMPLIED = frozenset(
    ["p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup"]
)
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
# Written as <path/>: closed where they stand, which the count of tags cannot see.
_SHAPES = frozenset(["circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "stop", "use", "image"])
_REACH = 64  # how far up an end tag looks for its start: bounded, or unmatched ends cost n each


@cache
def _codes(names: frozenset[str]) -> NDArray[np.uint32]:
    """Return the first letters of each name as one number."""
    import numpy as np

    return np.array(
        sorted({int.from_bytes(name.encode()[:_LETTERS].ljust(_LETTERS, b"\0"), "big") for name in names}),
        dtype=np.uint32,
    )


_UNCOUNTED = _VOID | _IMPLIED | _SHAPES | {"script", "style"}


def harmless(html: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return `html` (UTF-8) with nesting and tags capped, and a warning for each cap that was applied."""
    import numpy as np  # here: it takes 100 ms, and `import stripper` shall not

    warnings = []
    codes = np.frombuffer(html, dtype=np.uint8)
    at = np.flatnonzero(codes == ord("<"))
    if len(html) > MAX_TAG_CHARS and len(at) and _widest(at, len(html)) > MAX_TAG_CHARS:
        html, changed = _without_huge_tags(html)
        if changed:
            warnings.append(f"flattened: attributes of a tag over {MAX_TAG_CHARS:,} characters were dropped")
            codes = np.frombuffer(html, dtype=np.uint8)
            at = np.flatnonzero(codes == ord("<"))
    if len(at) >= _FEW_TAGS and _may_be_deep(codes, at):
        flat = _flattened(html.decode("utf-8", "replace"))
        if flat is not None:
            html = flat.encode()
            warnings.append(f"flattened: elements nested deeper than {MAX_DEPTH} were unwrapped")
    return html, tuple(warnings)


def _widest(at: Positions, size: int) -> int:
    """Return the greatest distance from one of the places to the next, or to the end."""
    import numpy as np

    return max(int(np.diff(at).max(initial=0)), size - int(at[-1]))


def _may_be_deep(codes: Codes, at: Positions) -> bool:
    """Tell whether some tag may stand deeper than the caps: True is a guess that `_flattened` settles.

    `at` are the places of "<". Counts start and end tags without looking at what is between, so "<" in a
    script counts as a tag too many.
    """
    import numpy as np

    last = len(codes) - 1
    ends = codes[np.minimum(at + 1, last)] == ord("/")
    name_at = at + 1 + ends
    letters = [codes[np.minimum(name_at + i, last)] | 0x20 for i in range(_LETTERS)]
    name = np.zeros(len(at), dtype=np.uint32)
    alive = np.ones(len(at), dtype=bool)
    for letter in letters:
        alive &= (letter >= ord("a")) & (letter <= ord("z"))
        name = (name << np.uint32(8)) | np.where(alive, letter, 0).astype(np.uint32)
    steps = np.where(ends, -1, 1)
    tags = name > 0
    return (
        _highest(steps * (tags & ~np.isin(name, _codes(_UNCOUNTED)))) >= MAX_DEPTH
        or _highest(steps * np.isin(name, _codes(_FORMATTING))) >= MAX_FORMATTING
    )


def _highest(steps: Positions) -> int:
    """Return the greatest rise of the running sum: more ends than starts before it must not hide a deep part."""
    import numpy as np

    depth = np.cumsum(steps)
    return int((depth - np.minimum.accumulate(np.minimum(depth, 0))).max())


def _without_huge_tags(html: bytes) -> tuple[bytes, bool]:
    """Drop the attributes of every tag that `_HUGE_TAG` finds, and tell whether there was one."""
    out: list[bytes] = []
    at = 0
    match = _HUGE_TAG.search(html)
    while match:
        end = html.find(b">", match.end())
        out += [html[at : match.start()], *_NAME.findall(match[0][:_NAME_CHARS])]
        at = end if end >= 0 else len(html)
        match = _HUGE_TAG.search(html, at)
    return b"".join(out) + html[at:], bool(out)


class _Depth:
    """The open tags while tags are read in order."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.formatting = 0
        self.dropped: dict[str, int] = {}  # tag -> start tags left out whose end tags are still to come

    def keeps_start(self, tag: str) -> bool:
        if len(self.open) >= MAX_DEPTH or (tag in _FORMATTING and self.formatting >= MAX_FORMATTING):
            self.dropped[tag] = self.dropped.get(tag, 0) + 1
            return False
        self.open.append(tag)
        self.formatting += tag in _FORMATTING
        return True

    def keeps_end(self, tag: str) -> bool:
        if self.dropped.get(tag):
            self.dropped[tag] -= 1
            return False
        if tag in self.open[-_REACH:]:
            top = ""
            while top != tag:
                top = self.open.pop()
                self.formatting -= top in _FORMATTING
        return True


def _flattened(html: str) -> str | None:
    """Return `html` without the tags that open deeper than the caps, or None where none does."""
    depth = _Depth()
    out: list[str] = []
    at = 0
    for match in _TOKEN.finditer(html):
        tag = (match["tag"] or "").lower()
        if not tag or tag in _VOID or tag in _IMPLIED or (tag in _SHAPES and match[0].endswith("/>")):
            continue
        if not (depth.keeps_end(tag) if match["end"] else depth.keeps_start(tag)):
            out.append(html[at : match.start()])
            at = match.end()
    return "".join(out) + html[at:] if out else None
