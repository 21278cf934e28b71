"""A plain text read for judging: its headline, where the article begins, and where it has ended.

The end of an article is the earliest cue ("Check Also", "3 Comments", "Leave a Reply") with little prose and many
cues below it; where there is no cue, it is the text's own end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Kind
from stripper.segment.lexicon import load_lexicon
from stripper.segment.shape import ELLIPSES, Shapes, measure
from stripper.segment.wording import LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripper.datatypes import Block, Page
    from stripper.segment.lexicon import Cue

HEAD = 8  # blocks above the first paragraph among which the headline is the first
TITLE_WORDS = 35
_BODY_WORDS = 20  # of a paragraph that counts as body
_MENU_CUES, _MENU_DENSE = 2, 0.06  # cues above the headline, and per block there, that make it a menu
_MOSTLY_BODY = 0.4  # share of the words that stand in paragraphs, from which a text has an end
_MAX_BELOW = 0.4  # share of the paragraphs' words that may stand below the end of the article
_MAX_COMMENTS = 0.65  # the same, where what stands below are comments
_DENSE, _DENSER = 0.08, 8  # cues below the end: per block, and per share of the paragraphs' words
# Kinds of cue that open the part below the article.
OPENERS = frozenset((
    Kind.RELATED, Kind.POPULAR, Kind.COMMENTS, Kind.COMMENT_FORM, Kind.AUTHOR_BIO, Kind.SHARE, Kind.PROMOTION,
    Kind.LEGAL, Kind.TAGS, Kind.PAGINATION, Kind.ADVERTISEMENT, Kind.FOOTER, Kind.CONSENT, Kind.PAYWALL,
))  # fmt: skip


class Column(NamedTuple):
    """A text with everything that its signals read; columns have one entry a block."""

    blocks: tuple[Block, ...]
    shapes: Shapes
    cues: tuple[tuple[Cue, ...], ...]
    body: tuple[bool, ...]  # a paragraph of an article: prose, no cue, does not break off
    title: int  # block of the headline, -1 = none
    start: int  # first paragraph
    end: int  # one past the article's last block
    sure_from: int  # first cue at or below `end`, from which on the text is certainly no article; its length = none
    menu: bool  # cues above the headline say that what stands there is the site's menu


def read(page: Page) -> Column:
    """Return the column of a plain text."""
    blocks = page.blocks
    shapes = measure(blocks)
    lexicon = load_lexicon()
    cues = tuple([lexicon.cues(block.text) for block in blocks])
    body = tuple(
        prose and words >= _BODY_WORDS and not is_strong(found) and not block.text.endswith(ELLIPSES)
        for block, prose, words, found in zip(blocks, shapes.prose, shapes.words, cues, strict=True)
    )
    start = next((index for index, is_body in enumerate(body) if is_body), 0)
    end, sure_from = _find_end(shapes, cues, body)
    title = _find_title(blocks, shapes, cues, start)
    menu = sum(map(is_strong, cues[: max(title, 0)])) >= max(_MENU_CUES, _MENU_DENSE * title)
    return Column(blocks, shapes, cues, body, title, start, end, sure_from, menu)


def is_strong(cues: Sequence[Cue]) -> bool:
    """Tell whether the first cue is, or begins, its text."""
    return bool(cues) and cues[0].match != "contains"


def _find_end(shapes: Shapes, cues: Sequence[tuple[Cue, ...]], body: Sequence[bool]) -> tuple[int, int]:
    """Return one past the article's last block, and the first cue at or below it (the number of blocks where none is).

    The end is the earliest cue heading with little prose and many cues below it, else the end of the last paragraph.
    """
    count = len(body)
    total = sum(words for words, is_body in zip(shapes.words, body, strict=True) if is_body)
    if not total or total < _MOSTLY_BODY * shapes.word_sums[-1]:
        return count, count
    above = 0
    cues_below = sum(_opens(found) for found in cues)
    last = count
    for index in range(count):
        if body[index]:
            above += shapes.words[index]
            last = index + 1
        if not _opens(cues[index]):
            continue
        share = (total - above) / total
        limit = _MAX_COMMENTS if cues[index][0].kind is Kind.COMMENTS else _MAX_BELOW
        if above and share <= limit and (share == 0 or cues_below >= _DENSE * (count - index) + share * _DENSER):
            return (index, index) if share else (last, index)
        cues_below -= 1
    return last, count


def _opens(cues: Sequence[Cue]) -> bool:
    return is_strong(cues) and cues[0].kind in OPENERS


def _find_title(blocks: Sequence[Block], shapes: Shapes, cues: Sequence[tuple[Cue, ...]], start: int) -> int:
    lines = [
        index
        for index in range(start)
        if not cues[index] and shapes.words[index] <= TITLE_WORDS and LETTER.search(blocks[index].text)
    ]
    if not lines:
        return -1
    if start <= HEAD and lines[0] == 0:
        return 0
    return max(lines[-HEAD:], key=lambda i: (shapes.words[i], -i))
