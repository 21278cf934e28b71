"""What repeats across a site's pages, as one signal among others: a block goes only when a second one agrees.

A block that stands on 37 of 40 pages is a template's, or lawful content that returns: the intro of a series, a table of
units. Repetition alone cannot tell them apart, so it removes nothing alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stripper.datatypes import Page, SiteProfile

LEAST_PAGES = 4  # of a site, before anything is said about it
_LEAST_COUNT = 3
_LEAST_SHARE = 0.2


class Repeats(NamedTuple):
    """On how many of a site's pages each block stands."""

    counts: tuple[int, ...]  # one for each block; 0 = seldom, or nothing is known
    pages: int  # that were looked at

    def share(self, index: int) -> float:
        """Return the share of the pages, 0..1."""
        return self.counts[index] / self.pages if self.pages else 0.0


def repeats(page: Page, profile: SiteProfile | None) -> Repeats | None:
    """Return what a profile knows of a page's blocks; None where it knows too little of the site."""
    if profile is None or profile.pages < LEAST_PAGES:
        return None
    from stripper.segment.profile import fingerprints

    least = least_count(profile.pages)
    counts = [profile.counts.get(print_, 0) for print_ in fingerprints(page)]
    return Repeats(tuple([count if count >= least else 0 for count in counts]), profile.pages)


def least_count(pages: int) -> float:
    """Return on how many of a site's pages a block must stand before it counts as repeated."""
    return max(_LEAST_COUNT, _LEAST_SHARE * pages)
