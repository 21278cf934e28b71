"""What repeats across a site's pages, as one signal among others: a block goes only when a second one agrees.

A block that stands on 37 of 40 pages is a template's, or lawful content that returns: the intro of a series, a table of
units. Repetition alone cannot tell them apart, so it removes nothing alone. It is evidence like any other: it divides
the odds that the model gives a block, its place apart from the page's own text divides them again, and the block goes
where they fall below the threshold of its page. So a hard page, where little is sure, loses little.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stripper.datatypes import KEPT_KINDS, Kind, Role
from stripper.segment.decision import KINDS
from stripper.segment.profile import LEAST_PAGES, SITE_RULE, fingerprints, least_count
from stripper.segment.rules import reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Block, Page, Reason
    from stripper.segment.decision import Decision
    from stripper.segment.network import Answer
    from stripper.sites import SiteProfile

_JUNK = np.array([kind not in KEPT_KINDS for kind in KINDS])
# What is left of the odds of being kept where a block stands on all pages of its site; on half of them the root of it.
# Chosen on a labelled corpus' sites of two and three pages; README's figures are of its larger ones.
_REPEATED, _APART = 0.3, 0.15
# Probability of keeping from which the model's doubt is no second signal. The rows of a table that returns, of units or
# terms, are as short as junk.
_DOUBT, _DOUBT_OF_ROW = 0.7, 0.5
_OWN_SHARE = 0.9
_MOST = 0.5  # of what is kept, in characters, that may go
_LEAST_SURE, _TRUST = 0.5, 0.8  # a block on every page goes with a confidence of 0.9


class Repeats(NamedTuple):
    """On how many of a site's pages each block stands."""

    counts: tuple[int, ...]  # one for each block; 0 = seldom
    pages: int  # that were looked at

    def share(self, index: int) -> float:
        """Return the share of the pages, 0..1."""
        return self.counts[index] / self.pages


def repeats(page: Page, profile: SiteProfile | None) -> Repeats | None:
    """Return what a profile knows of a page's blocks; None where it knows too little of the site."""
    if profile is None or profile.pages < LEAST_PAGES:
        return None
    least = least_count(profile.pages)
    counts = [profile.counts.get(print_, 0) for print_ in fingerprints(page)]
    return Repeats(tuple([count if count >= least else 0 for count in counts]), profile.pages)


def seen_by(profile: SiteProfile | None, known: Repeats | None) -> SiteProfile | None:
    """Return which profile a page was judged with, without its counts: for the page's record."""
    return replace(profile, counts={}) if profile and known else None


def overrule(page: Page, decision: Decision, answer: Answer, known: Repeats) -> Overruled:
    """Remove kept blocks that repeat on the site and have a second signal against them; the headline never.

    Where that were most of what is kept, the page has hardly a text of its own, and all stays as it is.
    """
    apart = apart_from(page, _own_words(page, decision, known))
    junk = np.where(_JUNK, answer.kinds, 0).argmax(axis=1).tolist()
    keep = decision.sure.tolist()
    why: dict[int, Reason] = {}
    for index, block in enumerate(page.blocks):
        if known.counts[index] and decision.kinds[index] is Kind.CONTENT:
            if (second := _second(block, keep[index], KINDS[junk[index]], apart=apart[index])) is None:
                continue
            factor = _REPEATED * (_APART if apart[index] else 1)
            if _odds(keep[index]) * factor ** known.share(index) < _odds(decision.threshold):
                why[index] = second
    kept = sum(len(block.text) for block in page.blocks if decision.kinds[block.index] is Kind.CONTENT)
    if sum(len(page.blocks[index].text) for index in why) > _MOST * kept:
        why = {}
    return Overruled(_without(decision, why, junk, known), known, why)


def _without(decision: Decision, why: Mapping[int, Reason], junk: list[int], known: Repeats) -> Decision:
    """Return the decision with the blocks in `why` removed."""
    kinds, keep, sure = list(decision.kinds), decision.keep.copy(), decision.sure.copy()
    for index in why:
        kinds[index], keep[index] = KINDS[junk[index]], False
        by_repetition = _LEAST_SURE + (1 - _LEAST_SURE) * _TRUST * known.share(index)
        sure[index] = max(1 - float(sure[index]), by_repetition)
    return decision._replace(keep=keep, kinds=kinds, sure=sure, undecided=decision.undecided & keep)


def _own_words(page: Page, decision: Decision, known: Repeats) -> list[int]:
    """Return for each block how many characters of the page's own text it holds: kept and seldom on the site."""
    keep = decision.keep.tolist()
    return [
        len(block.text) if keep[index] and not known.counts[index] else 0 for index, block in enumerate(page.blocks)
    ]


def apart_from(page: Page, own: list[int]) -> list[bool]:
    """Return for each block whether it stands outside the smallest box that holds 90 % of the page's own text."""
    running = list(accumulate(own, initial=0))
    most = _OWN_SHARE * running[-1]
    first, end = 0, len(own)
    if running[-1]:
        for begin, stop in zip(page.outline.first_block, page.outline.end_block, strict=True):
            if stop - begin < end - first and running[stop] - running[begin] >= most:
                first, end = begin, stop
    return [not first <= index < end for index in range(len(own))]


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)


def _second(block: Block, keep: float, kind: Kind, *, apart: bool) -> Reason | None:
    """Return the signal that, besides repetition, speaks against a block which is kept with probability `keep`."""
    if apart:
        return reason("apart", ())
    if keep >= (_DOUBT_OF_ROW if block.role is Role.ROW else _DOUBT):
        return None
    return reason("model", (round(100 * (1 - keep)), f"no content, most likely {kind}"))


class Overruled(NamedTuple):
    """A decision that knows the site."""

    decision: Decision
    known: Repeats
    why: Mapping[int, Reason]  # block that was kept -> the second signal

    def reasons(self, index: int, others: tuple[Reason, ...]) -> tuple[Reason, ...]:
        """Return the reasons for a removed block, of which `others` don't know the site."""
        count = self.known.counts[index]
        if not count:
            return others
        site = reason(SITE_RULE, (count, self.known.pages))
        return (site, self.why[index]) if index in self.why else (*others, site)
