"""How a line is worded: dates, letters, and how much a cue phrase in it weighs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripper.segment.lexicon import Cue
    from stripper.segment.rules import Vote

DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b"
    r"|\bmin(?:ute)?s? read\b|\b(?:hours?|days?|weeks?|months?) ago\b|\d{1,4}年\d{1,2}月",
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]")
SHORT_WORDS = 10
MATCH_WORDS = {"exact": "is", "prefix": "begins with", "contains": "holds"}
_MATCH_WEIGHT = {"exact": 2.6, "prefix": 2.0, "contains": 1.4}
_COVERED = 0.3  # share of a text's words that a phrase must be to count in full


def phrase_vote(cue: Cue, words: int) -> Vote:
    """Return the vote of a phrase; the more of the text it is, the more it weighs."""
    weight = _MATCH_WEIGHT[cue.match]
    covered = (cue.phrase.count(" ") + 1) / max(words, 1)
    if cue.match != "exact" and covered < _COVERED:
        weight *= 0.5 + covered
    return "phrase", cue.kind, weight, (cue.phrase, MATCH_WORDS[cue.match])


def away(distance: int) -> str:
    """Return a distance in words."""
    return "1 block" if distance == 1 else f"{distance} blocks"
