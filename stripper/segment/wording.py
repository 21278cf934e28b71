"""How evidence is worded, and the marks in a text that it speaks of."""

from __future__ import annotations

import re

DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b"
    r"|\bmin(?:ute)?s? read\b|\b(?:hours?|days?|weeks?|months?) ago\b|\d{1,4}年\d{1,2}月",
    re.IGNORECASE,
)
ELLIPSES = ("…", "...", "[…]", "[...]")
MATCH_WORDS = {"exact": "is", "prefix": "begins with", "contains": "holds"}


def away(distance: int) -> str:
    """Return a distance in words."""
    return "1 block" if distance == 1 else f"{distance} blocks"
