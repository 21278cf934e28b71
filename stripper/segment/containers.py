"""The boxes a block stands in: elements around the same range of blocks count as one container.

`<div><div><section>` around one list say together what the list is; merged, the chain of containers is short,
and its statistics come from prefix sums over the blocks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from stripper.segment.tokens import class_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stripper.datatypes import Outline

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]

LEVELS = 10
LANDMARKS = ("main", "article", "header", "footer", "nav", "aside", "form", "dialog", "section")
INSIDE = (
    *LANDMARKS, "table", "ul", "ol", "li", "figure", "button", "label", "option", "a", "blockquote", "dl", "details",
    "p", "tr", "pre", "svg",
)  # fmt: skip
# Of each tag that says something: its bit, and which of LANDMARKS it is, if any.
_MEANING: dict[str, tuple[int, int | None]] = {
    tag: (1 << i, i if i < len(LANDMARKS) - 1 else None) for i, tag in enumerate(INSIDE)
}
_ROLES = {
    "main": "main", "banner": "header", "contentinfo": "footer", "navigation": "nav", "complementary": "aside",
    "dialog": "dialog", "alertdialog": "dialog", "article": "article", "search": "form",
}  # fmt: skip
_MEANING_OF_ROLE = {role: _MEANING[tag] for role, tag in _ROLES.items()}


@dataclass(frozen=True, slots=True)
class Containers:
    """The containers of a page; container 0 is the whole page."""

    tokens: list[tuple[int, ...]]  # per container: ids of its elements' tags, classes, roles
    ranges: Ints  # (containers, 2)
    chain: Ints  # (blocks, LEVELS): innermost first, -1 = none
    bits: Ints  # (blocks,): which of INSIDE stand around the block
    landmark: Ints  # (blocks,): index of the nearest of LANDMARKS, -1 = none
    depth: Floats  # (blocks,)
    path: Ints  # (blocks,): small numbers, the same for blocks whose path of tags and classes is the same
    outer_path: Ints  # (blocks,): the same of the parent's path
    tag_counts: Mapping[str, int]


# One loop over all elements: split into calls it takes twice the time.
def containers(outline: Outline, elements: list[int]) -> Containers:  # noqa: PLR0915
    """Merge the outline's elements into containers; `elements` are the blocks' rows of the outline."""
    parent, tags, attributes = outline.parent, outline.tag, outline.attributes
    first, end = outline.first_block, outline.end_block
    rows = len(parent)
    n = len(elements)
    own = [0] * rows  # container of each row
    bits, landmark, depth, path = [0] * (rows + 1), [-1] * (rows + 1), [0] * (rows + 1), [0] * (rows + 1)
    tokens: list[tuple[int, ...]] = []
    paths: dict[tuple[int, tuple[int, ...]], int] = {}  # path of the parent, own ids -> number
    up: list[int] = []
    ranges: list[tuple[int, int]] = []
    # Rows without text in them (a third) are left out.
    living = compress(zip(range(rows), parent, tags, attributes, first, end, strict=True), end)
    for row, above, tag, attrs, start, stop in living:
        ids = class_ids(tag, attrs) if row and tag != "body" else ()  # what stands on html and body is about the theme
        bit, near = _MEANING.get(tag, (0, None))
        if attrs and (role := attrs.get("role")) in _MEANING_OF_ROLE:
            more, near = _MEANING_OF_ROLE[role or ""]
            bit |= more
        bits[row] = bits[above] | bit
        landmark[row] = landmark[above] if near is None else near
        depth[row] = depth[above] + 1
        path[row] = paths.setdefault((path[above], ids), len(paths) + 1)
        if above >= 0 and start == first[above] and stop == end[above]:
            box = own[above]
            tokens[box] += ids
        else:
            box = len(tokens)
            tokens.append(ids)
            ranges.append((start, stop))
            up.append(own[above] if above >= 0 else -1)
        own[row] = box
    if not rows:
        return _no_containers(n)
    at = np.array(elements, dtype=np.int64)
    up_array = np.array([*up, -1], dtype=np.int64)
    chain = np.full((n, LEVELS), -1, dtype=np.int64)
    box_of = np.array(own, dtype=np.int64)[at]
    for level in range(LEVELS):
        chain[:, level] = box_of
        box_of = up_array[box_of]
    up_row = np.array(parent, dtype=np.int64)[at]
    path_of = np.array(path, dtype=np.int64)
    return Containers(
        tokens, np.array(ranges, dtype=np.int64), chain, np.array(bits, dtype=np.int64)[at],
        np.array(landmark, dtype=np.int64)[at], np.array(depth, dtype=np.float32)[at],
        path_of[at], path_of[up_row], Counter(tags),
    )  # fmt: skip


def _no_containers(n: int) -> Containers:
    zeros = np.zeros(n, dtype=np.int64)
    whole = np.array([[0, n]], dtype=np.int64)
    chain = np.full((n, LEVELS), -1, dtype=np.int64)
    chain[:, 0] = 0
    return Containers([()], whole, chain, zeros, zeros - 1, zeros.astype(np.float32), zeros, zeros, {})
