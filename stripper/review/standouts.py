"""What stands out in a batch: sites of which nearly everything went, and sites that look otherwise than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.review.tally import Group

MUCH = 0.9  # share of a site's words that was removed
SHIFT = 0.2  # share of a site's words that are of another kind than before
LEAST_WORDS = 200  # of a site, for its shares to mean something


class Moved(NamedTuple):
    """A site whose mix of kinds changed."""

    site: str
    shift: float  # 0..1 of its words
    kind: str  # the one that grew or shrank the most
    before: float  # its share of the words, 0..1
    after: float


def nearly_empty(sites: Mapping[str, Group]) -> list[tuple[str, Group]]:
    """Return the sites of which at least nine words in ten were removed, the emptiest first."""
    found = [(name, site) for name, site in sites.items() if site.seen >= LEAST_WORDS and site.removed_share >= MUCH]
    return sorted(found, key=lambda item: (-item[1].removed_share, -item[1].seen, item[0]))


def moved(before: Mapping[str, Group], after: Mapping[str, Group]) -> list[Moved]:
    """Return the sites whose mix of kinds changed since a former run, the most changed first: probably redesigned.

    The change is the total variation distance of the two shares of words by kind.
    """
    out = []
    for name, site in after.items():
        former = before.get(name)
        if former is None or min(site.seen, former.seen) < LEAST_WORDS:
            continue
        shares = {
            kind: (former.words[kind] / former.seen, site.words[kind] / site.seen)
            for kind in sorted(former.words.keys() | site.words.keys())
        }
        shift = sum(abs(new - old) for old, new in shares.values()) / 2
        if shift >= SHIFT:
            kind = max(shares, key=lambda kind: abs(shares[kind][1] - shares[kind][0]))
            out.append(Moved(name, shift, kind, *shares[kind]))
    return sorted(out, key=lambda site: (-site.shift, site.site))
