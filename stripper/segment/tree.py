"""What the tree around each block tells: links, role, landmarks, containers, regularity, headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stripper.datatypes import Origin, Role
from stripper.segment.containers import INSIDE, LANDMARKS, LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.datatypes import Page
    from stripper.segment.containers import Containers
    from stripper.segment.measures import Measures

    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]

_STATISTICS = 5  # levels of containers with columns of their own
_ROLES = tuple(Role)
_ORIGINS = (Origin.HIDDEN, Origin.NOSCRIPT, Origin.DATA)


def tree_features(page: Page, boxes: Containers, measures: Measures, heading: Ints) -> Floats:
    """Return what the tree around a block tells: (n, TREE_COLUMNS)."""
    chars, words, share = measures.chars, measures.words, measures.share
    blocks = page.blocks
    n = len(blocks)
    host = (page.url or "").split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")
    _, _, _, role, level, ordinal, _, link, origin = zip(*blocks, strict=True)
    links, link_class, roles, levels, origins = [
        np.array(column, dtype=np.int64)
        for column in (
            list(map(len, link)),
            [_link_class(inside[0].href, host) if inside else 0 for inside in link],
            [_ROLE_INDEX[one] for one in role],
            level,
            [_ORIGIN_INDEX[one] for one in origin],
        )
    ]
    ordered = np.array(ordinal, dtype=np.int64) > 0
    parts: list[Floats] = [
        _ONE_HOT[link_class, 1:5],
        _ONE_HOT[roles, : len(_ROLES)],
        _ONE_HOT[origins, 1 : 1 + len(_ORIGINS)],
        ((boxes.bits[:, None] >> _SHIFTS) & 1).astype(np.float32),
        _ONE_HOT[boxes.landmark + 1, : len(LANDMARKS)],
        _statistics(boxes, measures),
    ]
    columns: list[Floats | NDArray[np.bool_]] = [
        share, share > 0.9, np.log1p(links) / 2, levels / 4, ordered, boxes.depth / 15,
    ]  # fmt: skip
    # How regular it is.
    prose = (words >= 20) * chars * (1 - share)
    for path in (boxes.path, boxes.outer_path):
        repeats = np.bincount(path)[path]
        mean_words, mean_share = (np.bincount(path, weights=value)[path] / repeats for value in (words, share))
        of_prose = np.bincount(path, weights=prose)[path] / max(float(prose.sum()), 1.0)
        columns += [np.log(repeats) / 4, np.log1p(mean_words) / 3, mean_share, of_prose]
    # Its heading and the page's own headline.
    index = np.arange(n)
    distance = np.where(heading >= 0, index - heading, 0)
    heading_level = levels[np.maximum(heading, 0)] * (heading >= 0)
    columns += [np.log1p(distance) / 3, heading_level / 4, heading < 0]
    columns += _from_headline(page, chars)
    return np.concatenate((*parts, np.array(columns, dtype=np.float32).T), axis=1)


_ROLE_INDEX = {role: i for i, role in enumerate(_ROLES)}
_ORIGIN_INDEX = {Origin.VISIBLE: 0} | {origin: i for i, origin in enumerate(_ORIGINS, 1)}
_SHIFTS = np.arange(len(INSIDE))
_ONE_HOT = np.eye(16, dtype=np.float32)


def _link_class(href: str, host: str) -> int:
    """Return 1 inside the page, 2 another site, 3 mail or phone, 4 script; 0 none of these."""
    if not href:
        return 0
    if href[0] == "#":
        return 4 if href == "#" else 1
    if href.startswith(("http", "//")):
        return 2 if not host or host not in href[:80] else 0
    if href.startswith(("mailto:", "tel:")):
        return 3
    return 4 if href.startswith("javascript:") else 0


def _statistics(boxes: Containers, measures: Measures) -> Floats:
    chars, words, share = measures.chars, measures.words, measures.share

    def sums(values: Floats) -> Floats:
        running = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return running[boxes.ranges[:, 1]] - running[boxes.ranges[:, 0]]

    box_chars = np.maximum(sums(chars), 1)
    first, end = boxes.ranges[:, 0], boxes.ranges[:, 1]
    count = np.maximum((end - first).astype(np.float64), 1)
    long = words >= 20
    prose = long * chars * (1 - share)
    table = np.zeros((len(count) + 1, 8), dtype=np.float32)
    table[:-1, 0] = np.log1p(box_chars) / 8
    table[:-1, 1] = sums(share * chars) / box_chars
    table[:-1, 2] = np.log1p(count) / 5
    table[:-1, 3] = box_chars / max(float(chars.sum()), 1.0)
    table[:-1, 4] = sums(long.astype(np.float32)) / count
    table[:-1, 5] = np.log1p(sums(words) / count) / 3
    table[:-1, 6] = sums(prose) / max(float(prose.sum()), 1.0)
    near = boxes.chain[:, 1 : 1 + _STATISTICS]
    out = table[near]  # (n, levels, 8); the last row of the table stands for "no container"
    size = np.where(near >= 0, count[near], 1)
    out[:, :, 7] = np.where(near >= 0, (np.arange(len(chars))[:, None] - first[near]) / size, 0.5)
    # How far up the box is that holds half (nearly all) of the page's prose: near 0 inside the article.
    along = np.where(boxes.chain >= 0, table[boxes.chain, 6], 1.0)
    joins = [(along < least).sum(axis=1, dtype=np.float32)[:, None] / LEVELS for least in (0.5, 0.85)]
    return np.concatenate((out.reshape(len(chars), -1), *joins), axis=1)


def _from_headline(page: Page, chars: Floats) -> list[Floats]:
    """Return the way from the page's h1 (the one most like the title) to each block, in characters."""
    n = len(chars)
    title = set((page.title or "").lower().split())
    best, at = -1.0, -1
    heading = Role.HEADING  # an enum's member costs 0.2 microseconds to look up
    for i, block in enumerate(page.blocks):
        if block.role is heading and block.level <= 2:
            words = set(block.text.lower().split())
            score = len(words & title) / len(words) + (0.5 if block.level == 1 else 0)
            if score > best:
                best, at = score, i
    if at < 0:
        return [np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n)]
    running = np.concatenate(([0.0], np.cumsum(chars)))[:-1]
    way = running - running[at]
    return [np.sign(way) * np.log1p(np.abs(way)) / 8, (np.arange(n) == at) * 1.0, (way < 0) * 1.0, np.zeros(n)]
