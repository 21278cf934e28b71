"""Every removed block says why, in words that can be checked against the page."""

from __future__ import annotations

import numpy as np
import pytest

from stripper.datatypes import Kind
from stripper.parse import parse_html
from stripper.segment.decision import Decision
from stripper.segment.evidence import Witness
from stripper.segment.features import features
from stripper.segment.rules import RULES


def reasons(html, kind, *, at=-1, kinds=None):
    """The reasons why the block at `at` went, where every block is of this kind; rule -> evidence."""
    page = parse_html(html)
    n = len(page.blocks)
    everybody = list(kinds or [kind] * n)
    everybody[at] = kind
    decision = Decision(np.zeros(n, bool), np.full(n, 0.97), everybody, np.zeros(n, bool), "article", 0.9, 0.9)
    return dict(Witness(page, features(page), decision, {}).reasons(range(n)[at]))


def test_the_models_word_comes_first():
    """How sure it is and of what; the rule is one of the registry."""
    told = reasons("<p>The council met on Tuesday and agreed to mend the old bridge before the winter", Kind.OTHER)
    assert told == {"model": "the model is 97 % sure that this is no content, most likely other"}
    assert set(told) <= set(RULES)


@pytest.mark.parametrize(
    ("html", "kind", "rule", "evidence"),
    [
        ("<p>Leave a Reply", Kind.COMMENT_FORM, "phrase", "the text is “leave a reply”"),
        ("<p><a href=/a>one two</a> three", Kind.RELATED, "links", "54 % links"),
        ("<p>three words only", Kind.OTHER, "short", "3 words"),
        ("<nav><p>words<p>more", Kind.NAVIGATION, "landmark", "inside nav"),
        ("<footer><div><p>words<p>more", Kind.FOOTER, "landmark", "inside footer"),
        ("<p>words<p class=addthis_toolbox>more", Kind.SHARE, "marker", "inside class “addthis_toolbox”"),
        ("<div hidden><p>words", Kind.OTHER, "unseen", "hidden on the page"),
        ("<p>one</p><noscript><p>words", Kind.OTHER, "unseen", "not shown on the page"),
        ("<h2>Related posts</h2><p>words", Kind.RELATED, "introduced", "heading “Related posts” 1 block above"),
        ("<h2>Related posts</h2><p>a<p>b", Kind.RELATED, "introduced", "heading “Related posts” 2 blocks above"),
    ],
)
def test_what_speaks_for_a_kind(html, kind, rule, evidence):
    """A phrase, links, shape, tag, class, heading or origin."""
    assert reasons(html, kind)[rule] == evidence


def test_a_text_that_stood_before():
    """Told is how far up; only removed blocks are asked, so the first of them counts."""
    page = parse_html("<p>Share this</p><p>Other words</p><p>Share this</p>")
    decision = Decision(np.zeros(3, bool), np.ones(3), [Kind.SHARE] * 3, np.zeros(3, bool), "article", 0.9, 0.9)
    witness = Witness(page, features(page), decision, {})
    told = [dict(witness.reasons(index)) for index in range(3)]
    assert [one.get("repeated") for one in told] == [None, None, "the same text stands 2 blocks above"]


@pytest.mark.parametrize(
    ("html", "kind", "rule"),
    [
        ("<p>Leave a Reply", Kind.NAVIGATION, "phrase"),  # it speaks for another kind
        ("<nav><p>words", Kind.COMMENTS, "landmark"),
        ("<div class=addthis_toolbox><p>words", Kind.LEGAL, "marker"),
        ("<h2>Related posts</h2>" + "<p>word" * 41, Kind.RELATED, "introduced"),  # too far above
        ("<p>" + "words of prose " * 20, Kind.OTHER, "short"),
        ("<p>" + "Leave a Reply " * 20, Kind.COMMENT_FORM, "phrase"),  # in prose a phrase says nothing
    ],
)
def test_what_does_not_speak_for_a_kind(html, kind, rule):
    """Evidence for something else is none."""
    assert rule not in reasons(html, kind, kinds=[Kind.CONTENT] * (html.count("<p") + html.count("<h2")))


def test_the_nearest_element_speaks():
    """Boxes further out are not asked where a nearer one names the same kind."""
    html = "<div class=share-buttons><p>far</p><div class=addthis_toolbox><p>one</p><p>two</p></div></div>"
    assert reasons(html, Kind.SHARE)["marker"] == "inside class “addthis_toolbox”"
    assert reasons(html, Kind.SHARE, at=0)["marker"] == "inside class “share-buttons”"


def test_a_heading_speaks_by_its_own_kind():
    """Whatever it says: it was judged to be of that kind."""
    told = reasons("<h2>More from us</h2><p>words", Kind.POPULAR)
    assert told["introduced"] == "heading “More from us” 1 block above"
