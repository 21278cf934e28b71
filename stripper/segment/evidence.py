"""Why a block of an HTML page went, in words a person can check against the page.

The model weighs thousands of numbers; what it says is one reason (`model`). The others are the facts it saw
that speak for the kind: a phrase, the heading above, a telling class, a landmark, links, place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from stripper.datatypes import Kind, Origin, Reason
from stripper.segment.copies import copy_reasons
from stripper.segment.features import CUE_CHARS
from stripper.segment.lexicon import load_lexicon
from stripper.segment.markers import load_markers
from stripper.segment.rules import by_model, reason
from stripper.segment.wording import MATCH_WORDS, away

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Page
    from stripper.segment.decision import Decision
    from stripper.segment.features import Features
    from stripper.segment.markers import Marker

    Speakers = Mapping[Kind, Reason]

_REACH = 40  # blocks that a heading announces at most
_MANY_LINKS = 0.5
_FEW_WORDS = 10
_HEADING_CHARS = 60
_UNSEEN = {Origin.HIDDEN: "hidden", Origin.NOSCRIPT: "not shown"}
_LANDMARKS = {
    "nav": (Kind.NAVIGATION, Kind.BREADCRUMB, Kind.TOC, Kind.PAGINATION, Kind.ACCOUNT),
    "footer": (Kind.FOOTER, Kind.LEGAL, Kind.SHARE, Kind.PROMOTION, Kind.CONSENT, Kind.CONTACT),
    "header": (Kind.NAVIGATION, Kind.MASTHEAD, Kind.SEARCH, Kind.ACCOUNT, Kind.BYLINE, Kind.PROMOTION),
    "aside": (Kind.POPULAR, Kind.RELATED, Kind.PROMOTION, Kind.ADVERTISEMENT, Kind.AUTHOR_BIO, Kind.TOC),
    "dialog": (Kind.CONSENT, Kind.PROMOTION, Kind.ACCOUNT, Kind.SEARCH, Kind.PAYWALL),
    "form": (Kind.COMMENT_FORM, Kind.SEARCH, Kind.ACCOUNT, Kind.CONTACT, Kind.PROMOTION),
}  # fmt: skip


class Witness:
    """What one page holds against its blocks; looks each thing up once a page."""

    def __init__(self, page: Page, features: Features, decision: Decision, copies: Mapping[int, int]) -> None:
        """Keep the page's facts."""
        self._page, self._decision, self._copies = page, decision, copies
        self._cues = load_lexicon().cues
        self._markers_of = load_markers().of
        self._speakers: dict[int, Speakers] = {-1: {}, 0: {}}  # row of the outline -> what in and above it speaks
        self._announcers: dict[int, tuple[frozenset[Kind], str]] = {}  # heading -> the kinds it announces, its text
        self._first: dict[str, int] = {}  # text -> block where it stood first
        self._words = features.words_per_block.tolist()
        self._links = features.link_share.tolist()
        self._heading = features.heading.tolist()
        self._percent = (100 * decision.sure).round().astype(int).tolist()

    def reasons(self, index: int) -> tuple[Reason, ...]:
        """Return the reasons for removing a block, the model's own word first; at least one."""
        if index in self._copies:
            return copy_reasons(self._page.blocks[index], self._copies[index])
        kind = self._decision.kinds[index]
        block = self._page.blocks[index]
        out = [by_model(self._percent[index], kind)]
        if phrase := self._phrase(block.text, kind):
            out.append(phrase)
        if heading := self._announced(index, kind):
            out.append(heading)
        if around := self._around(block.element).get(kind):
            out.append(around)
        if shape := self._shape(index):
            out.append(shape)
        if block.origin in _UNSEEN:
            out.append(reason("unseen", (_UNSEEN[block.origin],)))
        first = self._first.setdefault(block.text, index)
        if first != index:
            out.append(reason("repeated", (away(index - first),)))
        return tuple(out)

    def _phrase(self, text: str, kind: Kind) -> Reason | None:
        if len(text) <= CUE_CHARS:
            for cue in self._cues(text):
                if cue.kind is kind:
                    return reason("phrase", (cue.phrase, MATCH_WORDS[cue.match]))
        return None

    def _shape(self, index: int) -> Reason | None:
        if self._links[index] >= _MANY_LINKS:
            return reason("links", (round(100 * self._links[index]),))
        return reason("short", (int(self._words[index]),)) if self._words[index] < _FEW_WORDS else None

    def _announced(self, index: int, kind: Kind) -> Reason | None:
        at = self._heading[index]
        if at < 0 or index - at > _REACH:
            return None
        if at not in self._announcers:
            text = self._page.blocks[at].text
            kinds = frozenset([self._decision.kinds[at], *[cue.kind for cue in self._cues(text)]])
            self._announcers[at] = (kinds, " ".join(text[:_HEADING_CHARS].split()))
        kinds, text = self._announcers[at]
        return reason("introduced", (text, away(index - at))) if kind in kinds else None

    def _around(self, element: int) -> Speakers:
        """Return for each kind the nearest element around a block that speaks for it, by class, role or tag.

        Asked are the block's own element and those around several blocks: what is between repeats them.
        """
        outline, known = self._page.outline, self._speakers
        first, end = outline.first_block, outline.end_block
        way = []
        row = element
        while row not in known:
            way.append(row)
            row = outline.parent[row]
        speakers = known[row]
        for row in reversed(way):
            tag, attributes = outline.tag[row], outline.attributes[row]
            if (attributes or tag in _LANDMARKS) and (row == element or end[row] - first[row] > 1):
                markers = self._markers_of(tag, attributes)
                if markers or tag in _LANDMARKS:
                    own = dict.fromkeys(_LANDMARKS.get(tag, ()), _by_landmark(tag))
                    own.update([(marker.kind, _by_marker(marker)) for marker in reversed(markers)])
                    speakers = {**speakers, **own}
            known[row] = speakers
        return speakers


@lru_cache(maxsize=64)
def _by_landmark(tag: str) -> Reason:
    return reason("landmark", (tag,))


@lru_cache(maxsize=4096)
def _by_marker(marker: Marker) -> Reason:
    return reason("marker", (marker.attr, marker.token))
