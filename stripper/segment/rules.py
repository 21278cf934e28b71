"""The closed registry of rules: every name that can stand in a reason, what it looks at, how it is worded.

A rule finds evidence; alone it removes nothing.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Kind


class Rule(NamedTuple):
    """A rule by name."""

    name: str
    evidence: str  # str.format template over the finding's details
    description: str  # one line


_TABLE = (
    Rule("model", "the model is {0} % sure that this is {1}", "What the trained model says."),
    Rule("phrase", "the text {1} “{0}”", "The block is, begins with or holds a cue phrase of the tables."),
    Rule("marker", "inside {0} “{1}”", "A class, id or role of a box around the block names a kind of junk."),
    Rule("landmark", "inside {0}", "The block stands in a nav, footer, header, aside, form or dialog."),
    Rule("introduced", "heading “{0}” {1} above", "A heading above the block announces a kind of junk."),
    Rule("links", "{0} % links", "Most of the text is links."),
    Rule("short", "{0} words", "The text is too short for a sentence of prose."),
    Rule("ellipsis", "ends with an ellipsis", "A teaser that breaks off."),
    Rule("unseen", "{0} on the page", "The block is hidden or stands in a noscript element."),
    Rule("before-title", "above the headline", "The block stands above the page's headline."),
    Rule("tail", "below the last paragraph", "Plain text: the block stands where the article has ended."),
    Rule("embedded", "{0}; the page itself shows {1}", "HTML: the page's data says clearly more."),
    Rule("repeated", "the same text stands {0} above", "The same short text stands further up."),
    Rule("quoted", "a quote on a page of posts", "HTML, forums: a whole post again, in another element."),
    Rule("copy", "the same text is shown {0}", "HTML: a noscript element repeats what the page shows."),
    Rule("headline-again", "repeats the headline", "The block repeats the page's headline."),
    Rule("date-line", "a date beside the headline", "A short line with a date or an age at the headline."),
    Rule("off-topic", "shares no words with the text above", "Plain text: no long word is in the article."),
    Rule("site", "stands on {0} of {1} pages of the site", "The block repeats across the pages of its site."),
    Rule("apart", "apart from the page's own text", "A repeated block outside the page's own text."),
    Rule("policy", "dropped by the options", "The caller's options drop this kind."),
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _TABLE})


@lru_cache(maxsize=4096)
def reason(rule: str, details: tuple[object, ...]) -> Reason:
    """Return the reason a rule gives, worded with its details."""
    return Reason(rule, RULES[rule].evidence.format(*details))


@lru_cache(maxsize=4096)
def by_model(percent: int, kind: Kind) -> Reason:
    """Return the trained model's own word, of a block that it takes for junk."""
    return reason("model", (percent, f"no content, most likely {kind}"))
