"""Hostile markup made harmless before the HTML parser sees it, in linear time and without losing text.

lexbor follows the HTML5 algorithm, which is quadratic in the depth of the tree (20,000 nested `div`
take 0.8 s, 100,000 take 31 s) and in the attributes of one tag (40,000 take 2.8 s). Browsers cap the
depth as well (Blink at 512) and go on with siblings.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from stripper.parse.flatten import FORMATTING, IMPLIED, MAX_DEPTH, MAX_FORMATTING, VOID, flattened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint8]
    Positions = NDArray[np.int64]

MAX_TAG_CHARS = 100_000
_BEHIND_NAME = b" \t\n\f\r/>"
_LETTERS = 4  # of a tag's name that the first look compares; "inpu" and "ins" differ
_ALPHABET = 26
_FEW_TAGS = 1_000  # below it the worst nesting costs some milliseconds
_MANY_UNCOUNTED = 3_000  # below it nesting costs 15 milliseconds; 6 pages of 1,500 have as many

_NAME = re.compile(rb"<[a-zA-Z][^\s<>/]{0,100}")
# Written as <path/>: closed where they stand, which the count of tags cannot see.
_SHAPES = frozenset(["circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "stop", "use", "image"])
_UNCOUNTED = VOID | IMPLIED | _SHAPES | {"script", "style"}
_UNCOUNTED_CLASS, _FORMATTING_CLASS = 1, 2


@cache
def _known_names() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the first four letters of each name that is treated apart as one number, rising, and its class."""
    import numpy as np

    classes = {_number(name): _FORMATTING_CLASS for name in FORMATTING} | {
        _number(name): _UNCOUNTED_CLASS for name in _UNCOUNTED
    }
    return np.array(sorted(classes), np.uint32), np.array([classes[number] for number in sorted(classes)], np.uint8)


def _number(name: str) -> int:
    return int.from_bytes(name.encode()[:_LETTERS].ljust(_LETTERS, b"\0"), "big")


def harmless(html: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return `html` (UTF-8) with nesting and tags capped, and a warning for each cap that was applied."""
    import numpy as np  # here: it takes 100 ms, and `import stripper` shall not

    warnings = []
    codes = np.frombuffer(html, dtype=np.uint8)
    at = np.flatnonzero(codes == ord("<"))
    if len(html) > MAX_TAG_CHARS:
        short = _without_huge_tags(html, at[np.diff(at, append=len(html)) > MAX_TAG_CHARS + 1].tolist())
        if short is not None:
            html = short
            warnings.append(f"flattened: attributes of a tag over {MAX_TAG_CHARS:,} characters were dropped")
            codes = np.frombuffer(html, dtype=np.uint8)
            at = np.flatnonzero(codes == ord("<"))
    if len(at) >= _FEW_TAGS and _may_be_deep(codes, at):
        flat, told = flattened(html.decode("utf-8", "replace"))
        if told:
            html = flat.encode()
            warnings += told
    return html, tuple(warnings)


def _may_be_deep(codes: Codes, at: Positions) -> bool:
    """Tell whether some tag may stand deeper than the caps: True is a guess that `flattened` settles.

    `at` are the places of "<". Counts start and end tags without looking at what is between, so "<" in a
    script counts as a tag too many.
    """
    import numpy as np

    letters = np.ndarray(max(len(codes) - 3, 0), ">u4", codes, 0, (1,))  # the four bytes from each place on
    at = at[at < len(letters) - 2]
    ends = codes[at + 1] == ord("/")
    four = letters[at + 1 + ends].astype(np.uint32) | np.uint32(0x20202020)
    # What stands behind the first byte that is no letter is no part of the name.
    name, inside = np.zeros_like(four), np.uint32(1)
    for shift in (24, 16, 8, 0):
        letter = four >> np.uint32(shift) & np.uint32(0xFF)
        inside = inside & (letter - np.uint32(ord("a")) < _ALPHABET)  # unsigned: what is below "a" is far above
        name |= letter * inside << np.uint32(shift)
    known, classes = _known_names()
    where = np.minimum(np.searchsorted(known, name), len(known) - 1)
    said = np.where(known[where] == name, classes[where], 0)
    steps = np.where(ends, -1, 1)
    uncounted = said == _UNCOUNTED_CLASS
    # Not one of them nests, but in svg, or as the begin of another name (<path>, <p-x>): a few may, unseen.
    if np.count_nonzero(uncounted & ~ends) >= _MANY_UNCOUNTED:
        return True
    if _highest(steps * ((name > 0) & ~uncounted)) >= MAX_DEPTH:
        return True
    marks = np.flatnonzero(said == _FORMATTING_CLASS)
    # "i<b.length" in a script is no tag; behind four letters more may come, so those count whatever it is.
    length = (name[marks, None] & np.array([0xFF000000, 0xFF0000, 0xFF00], np.uint32) > 0).sum(axis=1)
    behind = codes[at[marks] + ends[marks] + 1 + length]
    real = np.isin(behind, np.frombuffer(_BEHIND_NAME, np.uint8)) | (name[marks] & 0xFF > 0)
    return _highest(steps[marks] * real) >= MAX_FORMATTING


def _highest(steps: Positions) -> int:
    """Return the greatest rise of the running sum: more ends than starts before it must not hide a deep part."""
    import numpy as np

    depth = np.cumsum(steps)
    return int((depth - np.minimum.accumulate(np.minimum(depth, 0))).max(initial=0))


def _without_huge_tags(html: bytes, starts: list[int]) -> bytes | None:
    """Return `html` without the attributes of those tags at `starts` that are over the limit; None if none is."""
    out: list[bytes] = []
    at = 0
    for start in starts:
        if start < at:
            continue  # inside the tag before
        end = html.find(b">", start)
        name = _NAME.match(html, start)
        if name is None or 0 <= end <= start + MAX_TAG_CHARS + 1:
            continue
        out += [html[at:start], name[0]]
        at = end if end >= 0 else len(html)
    return b"".join(out) + html[at:] if out else None
