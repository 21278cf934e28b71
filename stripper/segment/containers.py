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
    from collections.abc import Mapping, Sequence

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
_MEANING_OF_ROLE: dict[str | None, tuple[int, int]] = {
    role: (_MEANING[tag][0], LANDMARKS.index(tag)) for role, tag in _ROLES.items()
}


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
def containers(outline: Outline, elements: Sequence[int]) -> Containers:  # noqa: PLR0915
    """Merge the outline's elements into containers; `elements` are the blocks' rows of the outline."""
    parent, tags, first, end = outline.parent, outline.tag, outline.first_block, outline.end_block
    rows = len(parent)
    if not rows:
        return _no_containers(len(elements))
    own = [-1] * (rows + 1)  # container of each row; the last entry stands for what is around row 0
    # Of each row: what is inside, landmark, depth, path.
    told: list[tuple[int, int, int, int]] = [(0, -1, 0, 0)] * (rows + 1)
    tokens: list[tuple[int, ...]] = []
    paths: dict[tuple[int, tuple[int, ...]], int] = {}  # path of the parent, own ids -> number
    up: list[int] = []
    ranges: list[int] = []
    # Rows without text in them (a third) are left out.
    living = compress(zip(range(rows), parent, tags, outline.attributes, first, end, strict=True), end)
    for row, above, tag, attrs, start, stop in living:
        ids = class_ids(tag, attrs) if row and tag != "body" else ()  # what stands on html and body is about the theme
        bits, landmark, depth, path = told[above]
        if tag in _MEANING:
            bit, near = _MEANING[tag]
            bits |= bit
            landmark = landmark if near is None else near
        if "role" in attrs and attrs["role"] in _MEANING_OF_ROLE:
            bit, landmark = _MEANING_OF_ROLE[attrs["role"]]
            bits |= bit
        told[row] = bits, landmark, depth + 1, paths.setdefault((path, ids), len(paths) + 1)
        box = own[above]
        if box >= 0 and start == first[above] and stop == end[above]:
            tokens[box] += ids
        else:
            up.append(box)
            box = len(tokens)
            tokens.append(ids)
            ranges += (start, stop)
        own[row] = box
    columns = zip(*[told[row] for row in elements], strict=True)
    bits_of, landmark_of, depth_of, path_of = [np.array(column, dtype=np.int64) for column in columns]
    return Containers(
        tokens, np.array(ranges, dtype=np.int64).reshape(-1, 2), _chains([own[row] for row in elements], up),
        bits_of, landmark_of, depth_of.astype(np.float32), path_of,
        np.array([told[parent[row]][3] for row in elements], dtype=np.int64), Counter(tags),
    )  # fmt: skip


def _chains(boxes: list[int], up: list[int]) -> Ints:
    """Return each of `boxes` with those around it, LEVELS in all; `up` names the next one around each."""
    around = np.array([*up, -1], dtype=np.int64)
    chain = np.empty((len(boxes), LEVELS), dtype=np.int64)
    box_of = np.array(boxes, dtype=np.int64)
    for level in range(LEVELS):
        chain[:, level] = box_of
        box_of = around[box_of]
    return chain


def _no_containers(n: int) -> Containers:
    zeros = np.zeros(n, dtype=np.int64)
    whole = np.array([[0, n]], dtype=np.int64)
    chain = np.full((n, LEVELS), -1, dtype=np.int64)
    chain[:, 0] = 0
    return Containers([()], whole, chain, zeros, zeros - 1, zeros.astype(np.float32), zeros, zeros, {})
