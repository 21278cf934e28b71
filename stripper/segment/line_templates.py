"""What repeats across a site's plain texts, as one signal among others: it lowers the odds of keeping, no more.

A line above or below the text's own paragraphs loses more: what returns there is a site's frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.segment.line_network import LineAnswer
    from stripper.segment.templates import Repeats

    Floats = NDArray[np.floating]

_REPEATS, _APART = 1.6, 2.2  # log-odds that a line on every page loses, and one outside the text's own paragraphs more
_PARAGRAPH_WORDS = 12


def overrule_lines(answer: LineAnswer, words: Floats, known: Repeats) -> LineAnswer:
    """Return the answer as it is once the site is known."""
    apart = apart_lines(words, known)
    share = np.array(known.counts, dtype=np.float32) / known.pages
    p = np.clip(answer.keep, 1e-6, 1 - 1e-6)
    odds = np.log(p / (1 - p)) - share * (_REPEATS + _APART * apart)
    clean = 0.0 if apart.any() else answer.clean  # a text with its site's frame is not clean
    return answer._replace(keep=1 / (1 + np.exp(-odds)), clean=clean)


def apart_lines(words: Floats, known: Repeats) -> NDArray[np.bool_]:
    """Return which repeated lines stand above or below the paragraphs that the site does not repeat."""
    repeated = np.array(known.counts) > 0
    own = np.flatnonzero((words >= _PARAGRAPH_WORDS) & ~repeated)
    index = np.arange(len(words))
    if not len(own):
        return np.zeros(len(words), dtype=bool)
    apart: NDArray[np.bool_] = repeated & ((index < own[0]) | (index > own[-1]))
    return apart
