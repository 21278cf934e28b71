"""The shape of each block's text: words, share of links, whether it reads as prose."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripper.datatypes import Block

PROSE_WORDS = 12  # a sentence; shorter lines may be headings, labels or list items
LONG_WORDS = 30  # prose even without a full stop in sight
_MAX_PROSE_LINKS = 0.5

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CHARS_PER_WORD = 2  # of scripts without spaces: about what a dictionary would say
ELLIPSES = ("…", "...", "[…]", "[...]")
_STOPS = (
    ".",
    "!",
    "?",
    "…",
    ":",
    ";",
    "。",
    "！",
    "？",
    "։",
    "۔",
    "؟",
    "।",
    '"',
    "”",
    "»",
    "“",
    "’",
    "'",
    ")",
    "）",
    "」",
)
_INNER_STOPS = (". ", "! ", "? ", "。", "！", "？", "; ", "۔ ", "। ", '." ', ".” ")


class Shapes(NamedTuple):
    """Columns over the blocks of a page, and sums over their beginnings (`sum[j] - sum[i]` is of blocks i..j-1)."""

    words: tuple[int, ...]
    links: tuple[float, ...]  # 0..1, share of the characters that are in a link
    prose: tuple[bool, ...]  # running text: a sentence or more, mostly not links
    word_sums: tuple[int, ...]
    prose_sums: tuple[int, ...]  # words of prose
    free_sums: tuple[float, ...]  # words that are not in a link


def measure(blocks: Sequence[Block]) -> Shapes:
    """Return the shapes of `blocks`; one pass."""
    words, links, prose, texts, free = [], [], [], [], []
    for block in blocks:
        count = count_words(block.text)
        share = sum(link.end - link.start for link in block.links) / len(block.text) if block.links else 0.0
        running = count >= PROSE_WORDS and share < _MAX_PROSE_LINKS
        running = running and (block.role is Role.CODE or reads_as_prose(block.text, count))
        words.append(count)
        links.append(share)
        prose.append(running)
        texts.append(count if running else 0)
        free.append(count * (1 - share))
    sums = (tuple(accumulate(column, initial=0)) for column in (words, texts, free))
    return Shapes(tuple(words), tuple(links), tuple(prose), *sums)  # type: ignore[arg-type]


def count_words(text: str) -> int:
    """Return about how many words `text` has; scripts without spaces count two characters a word."""
    spaced = text.count(" ") + text.count("\n") + text.count("\t") + 1
    return spaced if text.isascii() else spaced + len(_UNSPACED.findall(text)) // _CHARS_PER_WORD


def reads_as_prose(text: str, words: int) -> bool:
    """Tell whether a text of that many words has a sentence's end in or behind it, or is too long for a label."""
    if words < PROSE_WORDS:
        return False
    return words >= LONG_WORDS or ends_sentence(text) or any(stop in text for stop in _INNER_STOPS)


def ends_sentence(text: str) -> bool:
    """Tell whether the text ends as sentences do."""
    return text.rstrip().endswith(_STOPS)
