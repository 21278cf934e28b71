"""Why a block of an HTML page went, in words a person can check against the page.

The model weighs thousands of numbers; what it says is one reason (`model`). The others are the facts it saw
that speak for the kind: a phrase, the heading above, a telling class, a landmark, links, place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Kind, Origin, Reason
from stripper.segment.lexicon import load_lexicon
from stripper.segment.markers import load_markers
from stripper.segment.rules import reason
from stripper.segment.wording import MATCH_WORDS, away

if TYPE_CHECKING:
    from stripper.datatypes import Page
    from stripper.segment.decision import Decision
    from stripper.segment.features import Features
    from stripper.segment.markers import Marker

_CLIMB = 8  # elements around a block whose class and role are read
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
    """What one page holds against its blocks; looks things up once a page."""

    def __init__(self, page: Page, features: Features, decision: Decision) -> None:
        """Keep the page's facts."""
        self._page, self._features, self._decision = page, features, decision
        self._cues = load_lexicon().cues
        self._markers_of = load_markers().of
        self._seen: dict[int, tuple[Marker, ...]] = {}  # row of the outline -> its own markers
        self._first: dict[str, int] = {}  # text -> block where it stood first
        self._words = features.words_per_block.tolist()
        self._links = features.link_share.tolist()
        self._heading = features.heading.tolist()
        self._sure = decision.sure.tolist()

    def reasons(self, index: int) -> tuple[Reason, ...]:
        """Return the reasons for removing a block, the model's own word first; at least one."""
        kind = self._decision.kinds[index]
        block = self._page.blocks[index]
        out = [reason("model", (round(100 * self._sure[index]), f"no content, most likely {kind}"))]
        cue = next((cue for cue in self._cues(block.text) if cue.kind is kind), None)
        if cue:
            out.append(reason("phrase", (cue.phrase, MATCH_WORDS[cue.match])))
        if heading := self._announced(index, kind):
            out.append(heading)
        if around := self._around(block.element, kind):
            out.append(around)
        if self._links[index] >= _MANY_LINKS:
            out.append(reason("links", (round(100 * self._links[index]),)))
        elif self._words[index] < _FEW_WORDS:
            out.append(reason("short", (int(self._words[index]),)))
        if block.origin in _UNSEEN:
            out.append(reason("unseen", (_UNSEEN[block.origin],)))
        first = self._first.setdefault(block.text, index)
        if first != index:
            out.append(reason("repeated", (away(index - first),)))
        return tuple(out)

    def _announced(self, index: int, kind: Kind) -> Reason | None:
        at = self._heading[index]
        if at < 0 or index - at > _REACH:
            return None
        text = self._page.blocks[at].text
        if any(cue.kind is kind for cue in self._cues(text)) or self._decision.kinds[at] is kind:
            return reason("introduced", (" ".join(text[:_HEADING_CHARS].split()), away(index - at)))
        return None

    def _around(self, row: int, kind: Kind) -> Reason | None:
        """Return the nearest element around the block that speaks for the kind, by class, role or tag."""
        outline = self._page.outline
        for _ in range(_CLIMB):
            if row <= 0:
                break
            markers = self._seen.get(row)
            if markers is None:
                markers = self._seen[row] = self._markers_of(outline.tag[row], outline.attributes[row])
            for marker in markers:
                if marker.kind is kind:
                    return reason("marker", (marker.attr, marker.token))
            if kind in _LANDMARKS.get(outline.tag[row], ()):
                return reason("landmark", (outline.tag[row],))
            row = outline.parent[row]
        return None
