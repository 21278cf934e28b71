"""Counts of character classes per block, for a whole page in a few numpy calls."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# One class per code point of the basic plane; what is beyond it counts as symbol.
CLASSES = 17
(
    SPACE, LOWER, UPPER, DIGIT, END, COMMA, COLON, QUOTE, BAR, DASH, OPEN, SYMBOL, MONEY, OTHER, CJK, ELLIPSIS,
    QUESTION,
) = range(CLASSES)  # fmt: skip
_SPECIAL = {
    END: ".!。！۔।｡", COMMA: ",;，、،؛;；", COLON: ":：", QUOTE: "\"'“”„«»‘’‚‹›「」『』", BAR: "|/\\·•►▶›»→↑↓",
    DASH: "-–—_", OPEN: "()[]{}<>", MONEY: "$€£¥₹₽₺₴zł", ELLIPSIS: "…", QUESTION: "?？؟",
}  # fmt: skip
_CJK_RANGES = ((0x0E00, 0x0E80), (0x3040, 0x3100), (0x3400, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00))


@cache
def _table() -> NDArray[np.uint8]:
    """Return the class of each code point 0..65535."""
    table = np.full(65536, SYMBOL, dtype=np.uint8)
    table[:0x3000] = [_class(category(chr(code))) for code in range(0x3000)]
    table[0xA640:0xAC00] = table[0xD7B0:0xD800] = table[0xFB00:0xFE00] = OTHER
    for start, stop in _CJK_RANGES:
        table[start:stop] = CJK
    for code in (0x3000, 0xFEFF, 0x200B):
        table[code] = SPACE
    for number, characters in _SPECIAL.items():
        for character in characters:
            if not character.isalpha():
                table[ord(character)] = number
    return table


def _class(name: str) -> int:
    if name in ("Lu", "Lt"):
        return UPPER
    if name == "Ll":
        return LOWER
    if name[0] in "LM":
        return OTHER
    if name[0] == "N":
        return DIGIT
    return SPACE if name[0] == "Z" or name == "Cc" else SYMBOL


def classes(text: str) -> NDArray[np.uint8]:
    """Return the class of each character of `text`, shape (len(text),)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _table()[np.minimum(codes, 0xFFFD)]


def counts(classed: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.floating]:
    """Return how many characters of each class each slice holds: float32 (slices, CLASSES).

    Slices do not overlap and come in order.
    """
    n = len(starts)
    # Slices and the gaps before them in turn; what is in a gap is counted behind the last slice, and forgotten.
    lengths = np.diff(np.stack((starts, ends), axis=1).ravel(), prepend=0)
    row = np.stack((np.full(n, n * CLASSES), np.arange(n) * CLASSES), axis=1).ravel()
    flat = np.bincount(np.repeat(row, lengths) + classed[: ends[-1]], minlength=(n + 1) * CLASSES)
    return flat[: n * CLASSES].reshape(n, CLASSES).astype(np.float32)


def word_counts(classed: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.floating]:
    """Return the words of each slice: runs between spaces; two characters of CJK or Thai count as one word."""
    space = classed == SPACE
    begins = ~space
    begins[1:] &= space[:-1]
    begins[starts[starts < len(begins)]] |= ~space[starts[starts < len(begins)]]
    words = _sums(begins, starts, ends)
    cjk = classed == CJK
    if cjk.any():
        words += _sums(cjk, starts, ends) // 2
    return words.astype(np.float32)


def _sums(marks: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many characters of each slice are marked."""
    running = np.concatenate(([0], np.cumsum(marks)))
    sums: NDArray[np.int64] = running[ends] - running[starts]
    return sums
