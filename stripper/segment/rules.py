"""The closed registry of rules: every name that can stand in a reason, what it looks at, how it is worded.

A rule finds evidence; it removes nothing. `weigh` adds up what all rules found on a block and removes it only
when the evidence is strong enough and comes from at least two families: a class name alone, a phrase alone or
a place alone never does (design law: two independent signals).
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Kind, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Rule(NamedTuple):
    """A rule by name."""

    name: str
    family: str  # signals of one family are no two independent signals
    evidence: str  # str.format template over the vote's details
    description: str  # one line


# What a rule found on one block: rule, kind (None: junk of any kind, or content where the weight is below 0),
# weight, details for the evidence. A plain tuple, as a page has thousands of them.
Vote = tuple[str, Kind | None, float, tuple[object, ...]]


class Ruling(NamedTuple):
    """The outcome for one block."""

    kind: Kind
    removed: bool
    score: float  # evidence for junk minus evidence for content and the threshold; 0 is undecided
    families: int  # independent families that speak for junk
    said: float  # evidence for this kind rather than another


# In the order in which they are asked. `prose` and `body` speak for content: they weigh, but are no reason to remove.
_TABLE = (
    Rule("model", "model", "the model is {0} % sure that this is {1}", "HTML: what the trained model says."),
    Rule("phrase", "words", "the text {1} “{0}”", "The block is, begins with or holds a cue phrase of the tables."),
    Rule("marker", "markup", "inside {0} “{1}”", "A class, id or role of a box around the block names a kind of junk."),
    Rule("landmark", "tag", "inside {0}", "The block stands in a nav, footer, header, aside, form or dialog."),
    Rule("introduced", "heading", "heading “{0}” {1} above", "A heading above the block announces a kind of junk."),
    Rule("links", "links", "{0} % links", "Most of the text is links."),
    Rule("short", "shape", "{0} words", "The text is too short for a sentence of prose."),
    Rule("symbols", "symbols", "no letters", "The text has no letter."),
    Rule("ellipsis", "ellipsis", "ends with an ellipsis", "A teaser that breaks off."),
    Rule("unseen", "origin", "{0} on the page", "The block is hidden or stands in a noscript element."),
    Rule("before-title", "place", "above the headline", "The block stands above the page's headline."),
    Rule("tail", "place", "below the last paragraph", "Plain text: the block stands where the article has ended."),
    Rule("embedded", "origin", "{0}; the page itself shows {1}", "HTML: the page's data says clearly more."),
    Rule("repeated", "repeat", "the same text stands {0} above", "The same short text stands further up."),
    Rule("quoted", "quote", "a quote on a page of posts", "HTML, forums: a whole post again, in another element."),
    Rule("copy", "repeat", "the same text is shown {0}", "HTML: a noscript element repeats what the page shows."),
    Rule("headline-again", "repeat", "repeats the headline", "The block repeats the page's headline."),
    Rule("date-line", "date", "a date beside the headline", "A short line with a date or an age at the headline."),
    Rule("menu-run", "run", "one of {0} short lines in a row", "Plain text: a run of lines of few words."),
    Rule("off-topic", "topic", "shares no words with the text above", "Plain text: no long word is in the article."),
    Rule("between", "neighbours", "between two blocks of {0}", "Plain text: a short line between two removed ones."),
    Rule("site", "site", "stands on {0} of {1} pages of the site", "The block repeats across the pages of its site."),
    Rule("apart", "apart", "apart from the page's own text", "A repeated block outside the page's own text."),
    Rule("prose", "content", "running text", "Running text in the main container."),
    Rule("body", "content", "beside running text", "A line among the paragraphs of the main container."),
    Rule("policy", "policy", "dropped by the options", "The caller's options drop this kind."),
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _TABLE})
_FAMILY = MappingProxyType({rule.name: rule.family for rule in _TABLE})

# Evidence that a block must have against it to be removed: "precision" removes on less, "recall" on more.
_THRESHOLDS = MappingProxyType({"precision": 1.2, "balanced": 1.8, "recall": 3.0})
_FAMILIES = 2
_SPREAD = 1.6  # of the score: confidence is 0.75 there
# "Take the more specific" (kinds.md): a copyright line in a footer is legal, a search box in a menu is search.
_BREADTH = MappingProxyType(
    {
        Kind.FOOTER: 0.6, Kind.NAVIGATION: 0.75, Kind.POPULAR: 0.85, Kind.NOTICE: 0.6, Kind.BYLINE: 0.8,
        Kind.COMMENTS: 0.9,
    }
)  # fmt: skip
# The same lists in the footer zone are footer.
_IN_FOOTER = frozenset((Kind.NAVIGATION, Kind.POPULAR, Kind.RELATED, Kind.BYLINE, Kind.TAGS, Kind.MASTHEAD))


def weigh(votes: Sequence[Vote], favor: str) -> Ruling:
    """Add up the votes on one block; `favor` is one of `Options.favor`."""
    total = 0.0
    kinds: dict[Kind, float] = {}
    families = set()
    for rule, kind, weight, _ in votes:
        total += weight
        if weight > 0:
            families.add(_FAMILY[rule])
            if kind is not None:
                kinds[kind] = kinds.get(kind, 0.0) + weight
    score = total - _THRESHOLDS[favor]
    removed = score >= 0 and len(families) >= _FAMILIES
    # Kinds that contradict each other still all say "junk": the total decides, and then the likeliest kind.
    best, said = _likeliest(kinds) if removed and kinds else (Kind.OTHER if removed else Kind.CONTENT, 0.0)
    return Ruling(best, removed, score, len(families), said)


def _likeliest(kinds: Mapping[Kind, float]) -> tuple[Kind, float]:
    best = max(kinds, key=lambda kind: (kinds[kind] * _BREADTH.get(kind, 1.0), kind))
    said = kinds[best]
    return (Kind.FOOTER if best in _IN_FOOTER and Kind.FOOTER in kinds else best), said


def title_ruling() -> Ruling:
    """Return the ruling for the page's headline."""
    return Ruling(Kind.TITLE, removed=False, score=-2.0, families=0, said=0.0)


def confidence(ruling: Ruling) -> float:
    """Return how sure the ruling is, 0.5..0.99; a block that only lacks a second family is unsure."""
    margin = abs(ruling.score)
    if not ruling.removed and ruling.score >= 0:
        margin = 0.0
    return round(min(0.99, 0.5 + 0.5 * margin / (margin + _SPREAD)), 3)


def reasons(votes: Sequence[Vote], kind: Kind) -> tuple[Reason, ...]:
    """Return the evidence for a removed block in words: first what speaks for `kind`, the strongest first."""
    ranked = [vote for vote in votes if vote[2] > 0]
    if len(ranked) > 1:
        ranked.sort(key=lambda vote: (vote[1] is not kind, -vote[2]))
    return tuple([reason(vote[0], vote[3]) for vote in ranked])


@lru_cache(maxsize=4096)
def reason(rule: str, details: tuple[object, ...]) -> Reason:
    """Return the reason a rule gives, worded with its details."""
    return Reason(rule, RULES[rule].evidence.format(*details))
