"""What repeats across a site's pages, as one signal among others: a block goes only when a second one agrees.

A block that stands on 37 of 40 pages is a template's, or lawful content that returns: the intro of a series, a table of
units. Repetition alone cannot tell them apart, so it removes nothing alone.
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
# Chosen on the sites of four and more pages in a labelled corpus: what each removes there is junk three times in four.
_LEANS = 0.5  # probability of keeping below which the model itself takes the block for junk
_DOUBTS = 0.7  # below which it is in doubt
_OFTEN = 0.5  # share of the site's pages
_NEARLY_ALWAYS = 0.75
_OWN_SHARE = 0.9
_MOST = 0.5  # of what is kept, in characters, that may go
_MANY_LINKS = 0.5
_FEW_WORDS = 10
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
            second = _second(block, KINDS[junk[index]], keep[index], known.share(index), apart=apart[index])
            if second is not None:
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


def _second(block: Block, kind: Kind, keep: float, share: float, *, apart: bool) -> Reason | None:
    """Return the signal that, besides repetition, speaks against a block which is kept with probability `keep`."""
    if apart and share >= _OFTEN:
        return reason("apart", ())
    if keep < _LEANS:
        return reason("model", (round(100 * (1 - keep)), f"no content, most likely {kind}"))
    if keep >= _DOUBTS or share < _NEARLY_ALWAYS:
        return None
    words = len(block.text.split())
    linked = sum(link.end - link.start for link in block.links) / max(len(block.text), 1)
    if linked > _MANY_LINKS:
        return reason("links", (round(100 * min(linked, 1)),))
    # The rows of a table that returns, of units or terms, are as short as junk.
    return reason("short", (words,)) if words < _FEW_WORDS and block.role is not Role.ROW else None


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
