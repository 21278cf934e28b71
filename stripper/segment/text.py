"""Plain text that someone scraped carelessly: which lines are the article and which are junk around it.

No markup is left, so the evidence is weaker and the rule is to keep: a line goes only when several weak signals
agree (a cue phrase, a cue heading above, its place below the last paragraph, a repeated headline, an ellipsis),
and prose stays unless it stands below the line where the page's own text has ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stripper.datatypes import Kind, Segmentation
from stripper.deferred import Deferred
from stripper.segment.column import HEAD, OPENERS, TITLE_WORDS, is_strong, read
from stripper.segment.policy import verdict
from stripper.segment.rules import confidence, reasons, title_ruling, weigh
from stripper.segment.shape import ELLIPSES
from stripper.segment.templates import repeats, seen_by
from stripper.segment.wording import DATE, LETTER, SHORT_WORDS, away, phrase_vote

if TYPE_CHECKING:
    from stripper.datatypes import Page
    from stripper.options import Options
    from stripper.segment.column import Column
    from stripper.segment.rules import Ruling, Vote
    from stripper.segment.templates import Repeats
    from stripper.sites import SiteProfile

_REVIEW = 0.65  # page confidence below which a person should look
_RUN = 4  # short lines in a row that make a menu
_RUN_WORDS = 5
_BULLETS = ("- ", "* ", "• ", "– ", "· ")
_REACH = 40  # blocks that a cue heading introduces at most
_TOPIC_LETTERS = 5  # of a word that tells a topic
_TELLING_WORDS = 4
_WORD = re.compile(rf"[^\W\d_]{{{_TOPIC_LETTERS},}}")
_INSERTED = frozenset((Kind.RELATED, Kind.ADVERTISEMENT))
_HEADINGS = OPENERS | {Kind.TOC}
_LISTS = frozenset((Kind.RELATED, Kind.POPULAR, Kind.COMMENTS, Kind.ADVERTISEMENT))  # hold running text of their own


def segment_text(page: Page, options: Options, profile: SiteProfile | None = None) -> Segmentation:
    """Return a verdict for every block of a plain text, in order; `profile` tells what repeats on its site."""
    known = repeats(page, profile)
    votes, rulings = judge(page, options, known)
    verdicts = tuple(
        [
            verdict(
                block, ruling.kind, confidence(ruling), reasons(mine, ruling.kind) if ruling.removed else (), options
            )
            for block, mine, ruling in zip(page.blocks, votes, rulings, strict=True)
        ]
    )
    size = sum([len(block.text) for block in page.blocks])
    sure = sum([len(one.block.text) * one.confidence for one in verdicts]) / size if size else 0.0
    kept = tuple([one.kept for one in verdicts])
    return Segmentation(
        kept,
        Deferred.made(verdicts),
        confidence=round(sure, 3),
        needs_review=sure < _REVIEW,
        profile=seen_by(profile, known),
    )


def judge(page: Page, options: Options, known: Repeats | None = None) -> tuple[list[list[Vote]], list[Ruling]]:
    """Return what speaks for and against each block, and what follows; `known` is what repeats on the site."""
    column = read(page)
    votes: list[list[Vote]] = [[] for _ in page.blocks]
    if known is not None:
        _by_site(column, votes, known)
    for find in (_by_words, _by_headings, _by_shape, _by_place, _by_repetition, _by_runs, _by_topic, _for_content):
        find(column, votes)
    rulings = [weigh(mine, options.favor) for mine in votes]
    _ask_neighbours(column, votes, rulings, options.favor)
    if column.title >= 0 and not rulings[column.title].removed:
        rulings[column.title] = title_ruling()
    return votes, rulings


def _by_words(column: Column, votes: list[list[Vote]]) -> None:
    for index, cues in enumerate(column.cues):
        votes[index] += [phrase_vote(cue, column.shapes.words[index]) for cue in cues[:2]]


def _by_headings(column: Column, votes: list[list[Vote]]) -> None:
    """`introduced`: in the article until the next sentence, below it until the next cue of another kind."""
    count = len(column.blocks)
    at = 0
    while at < count:
        cues = column.cues[at]
        kinds = _HEADINGS if _is_outside(column, at) else _INSERTED
        heads = is_strong(cues) and cues[0].kind in kinds and column.shapes.words[at] < SHORT_WORDS
        at += 1
        if not heads:
            continue
        heading, cue = at - 1, cues[0]
        flows = heading >= column.end and cue.kind in _LISTS
        while at < min(count, heading + _REACH):
            if is_strong(column.cues[at]) and column.cues[at][0].kind is not cue.kind:
                break
            if column.shapes.prose[at] and not flows and not column.blocks[at].text.endswith(ELLIPSES):
                break
            votes[at].append(_introduced(column, at, heading))
            at += 1


def _introduced(column: Column, at: int, heading: int) -> Vote:
    cue = column.cues[heading][0]
    prose = column.shapes.prose[at]
    # A headline takes the kind of the box it stands in; running text with a cue of its own says what it is.
    kind = None if prose and column.cues[at] else cue.kind
    weight = 1.4 if prose else 2.6 if cue.kind in _INSERTED and column.blocks[heading].text.endswith(":") else 2.0
    return "introduced", kind, weight, (column.blocks[heading].text[:60], away(at - heading))


def _by_place(column: Column, votes: list[list[Vote]]) -> None:
    """`tail`, `before-title`."""
    count = len(column.blocks)
    if column.menu:
        for index in range(column.title):
            votes[index].append(("before-title", Kind.NAVIGATION, 0.8, ()))
    if column.sure_from < count:
        for index in range(column.end, count):
            votes[index].append(("tail", None, 1.3 if index >= column.sure_from else 0.6, ()))


def _by_shape(column: Column, votes: list[list[Vote]]) -> None:
    """`short`, `symbols`, `ellipsis`, `date-line`."""
    for block, words, mine in zip(column.blocks, column.shapes.words, votes, strict=True):
        outside = _is_outside(column, block.index)
        if words < SHORT_WORDS and (outside or _is_inserted(column, block.index)):
            mine.append(("short", None, 0.6, (words,)))
        if outside and words <= _RUN_WORDS and not LETTER.search(block.text):
            mine.append(("symbols", None, 0.5, ()))
        if outside and block.text.endswith(ELLIPSES):
            mine.append(("ellipsis", None, 0.6, ()))
    below = column.title + 1
    for index in range(below, min(column.start, below + HEAD)):
        words = column.shapes.words[index]
        if words <= 2 * SHORT_WORDS and DATE.search(column.blocks[index].text):
            votes[index] += [("date-line", Kind.BYLINE, 1.8, ()), ("short", None, 0.6, (words,))]


def _is_inserted(column: Column, index: int) -> bool:
    """Tell whether a line is, or follows, a pointer to another page that stands between paragraphs."""
    cues = column.cues[index] or column.cues[max(index - 1, 0)]
    return is_strong(cues) and cues[0].kind in _INSERTED


def _is_outside(column: Column, index: int) -> bool:
    """Tell whether a block stands in a menu above the headline, or below an article that is known to have ended."""
    if index < column.title:
        return column.menu
    return index >= column.end and column.sure_from < len(column.blocks)


def _by_runs(column: Column, votes: list[list[Vote]]) -> None:
    """`menu-run`."""
    run: list[int] = []
    for block, words in zip(column.blocks, column.shapes.words, strict=True):
        if words <= _RUN_WORDS and not block.text.startswith(_BULLETS) and _is_outside(column, block.index):
            run.append(block.index)
            continue
        _add_run(run, votes)
        run = []
    _add_run(run, votes)


def _add_run(run: list[int], votes: list[list[Vote]]) -> None:
    if len(run) >= _RUN:
        for index in run:
            votes[index].append(("menu-run", None, 0.8, (len(run),)))


def _by_repetition(column: Column, votes: list[list[Vote]]) -> None:
    """`repeated`, `headline-again`."""
    seen: dict[str, int] = {}
    for index, block in enumerate(column.blocks):
        if column.shapes.words[index] > TITLE_WORDS:
            continue
        first = seen.setdefault(block.text, index)
        if first == index:
            continue
        if first == column.title:
            votes[index].append(("headline-again", None, 0.8, ()))
        elif index >= column.sure_from:
            votes[index].append(("repeated", None, 0.8, (away(index - first),)))


def _by_site(column: Column, votes: list[list[Vote]], known: Repeats) -> None:
    """`site`, `apart`: a line that repeats on the site, and stands above the headline or below the page's own prose."""
    own = [index for index, prose in enumerate(column.shapes.prose) if prose and not known.counts[index]]
    for index, count in enumerate(known.counts):
        if count:
            votes[index].append(("site", None, 1.6 * known.share(index), (count, known.pages)))
            if own and (index < column.title or index > own[-1]):
                votes[index].append(("apart", None, 2.2 * known.share(index), ()))


def _by_topic(column: Column, votes: list[list[Vote]]) -> None:
    """`off-topic`."""
    if column.sure_from >= len(column.blocks):
        return
    known: set[str] = set()
    for block in column.blocks[: column.end]:
        known.update(_WORD.findall(block.text.casefold()))
    for index in range(column.sure_from, len(column.blocks)):
        words = set(_WORD.findall(column.blocks[index].text.casefold()))
        if len(words) >= _TELLING_WORDS and known.isdisjoint(words):
            votes[index].append(("off-topic", None, 0.7, ()))


def _for_content(column: Column, votes: list[list[Vote]]) -> None:
    """`prose`, `body`."""
    words = column.shapes.words
    for index, mine in enumerate(votes):
        if column.shapes.prose[index]:
            weight = -1.5 - min(words[index], 60) / 40
            mine.append(("prose", None, weight if index < column.end else weight * 0.35, ()))
        elif column.start <= index < column.end:
            mine.append(("body", None, -1.2, ()))


def _ask_neighbours(column: Column, votes: list[list[Vote]], rulings: list[Ruling], favor: str) -> None:
    """`between`: a short line below the article between two removed ones goes with them."""
    for index in range(max(column.end, 1), len(votes) - 1):
        before, after = rulings[index - 1], rulings[index + 1]
        if rulings[index].removed or column.shapes.words[index] > 2 * SHORT_WORDS:
            continue
        if before.removed and after.removed:
            kind = before.kind if before.kind is after.kind else None
            votes[index].append(("between", kind, 1.0, (str(before.kind),)))
            rulings[index] = weigh(votes[index], favor)
