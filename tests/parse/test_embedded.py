"""Text in a page's data: what is found, in which order, and what hostile data costs."""

from __future__ import annotations

import json
import time
from html import escape

import pytest

from stripper.datatypes import Origin, Role
from stripper.parse import read_embedded

BODY = "The ferry was late on Monday. It was late on Tuesday, too, and nobody at the pier said why."
MORE = "On Wednesday it did not come at all. The harbour master spoke of a rope in the screw, and of patience."


def json_ld(value, mark='type="application/ld+json"'):
    """A page with a script of this value."""
    return f"<html><head><script {mark}>{json.dumps(value)}</script></head><body></body></html>"


def next_data(value):
    """A page as Next.js writes it, with this value."""
    return json_ld({"props": {"pageProps": value}}, 'id="__NEXT_DATA__" type="application/json"')


def discourse(topic):
    """A page as Discourse writes it: JSON in JSON in an attribute."""
    stored = escape(json.dumps({"currentUser": "null", "topic_7": json.dumps(topic)}))
    return f'<div id="data-preloaded" data-preloaded="{stored}"></div>'


def texts(html, trust=0.0):
    """The texts of each passage's blocks."""
    return [[block.text for block in passage.blocks] for passage in read_embedded(html, trust)]


ORDINARY = {
    "no data": "<p>Text</p>",
    "an article's facts": json_ld({"@type": "NewsArticle", "headline": "Ferry late", "description": BODY}),
    "a shop's description": json_ld({"@type": "Store", "description": BODY}),
    "a list of products": json_ld([{"@type": "Product", "description": text} for text in (BODY, MORE)]),
    "questions a shop answers": json_ld({"@type": "FAQPage", "mainEntity": [{"@type": "Answer", "text": BODY}]}),
    "comments": json_ld({"@type": "Comment", "text": BODY}),
    "a body that is no string": json_ld({"articleBody": [1, {"x": None}]}),
    "an empty body": json_ld({"articleBody": " "}),
    "a comment": "<!--" + json_ld({"articleBody": BODY}) + "-->",
    "the words alone": f"<p>application/ld+json {json.dumps({'articleBody': BODY})}</p></script>",
    "no end": f'<script type="application/ld+json">{json.dumps({"articleBody": BODY})}',
    "no JSON": '<script type="application/ld+json">{"articleBody": "x</script>',
    "a site's own phrases": next_data({"_nextI18Next": {"en": [BODY] * 9, "x": BODY + MORE * 5}}),
    "names and addresses": next_data({"menu": [{"label": f"Entry {n}", "url": f"/a/{n}?b=c"} for n in range(99)]}),
    "code": next_data({"source": "function f(x) { return x[0] = {a: 1}; }. " * 40}),
    "a topic without posts": discourse({"post_stream": {"posts": None}, "cooked": 1}),
}


@pytest.mark.parametrize("html", ORDINARY.values(), ids=ORDINARY)
def test_what_is_no_text_of_the_page_is_left(html):
    """Facts, lists, other people's words and broken data make no passage."""
    assert texts(html) == []


CASES = {
    "article": (json_ld({"@type": "NewsArticle", "articleBody": f"{BODY}\n\n{MORE}"}), [BODY, MORE]),
    "in a graph": (json_ld({"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "articleBody": BODY}]}), [BODY]),
    "the longest of several": (json_ld([{"articleBody": BODY}, {"articleBody": BODY + MORE}]), [BODY + MORE]),
    "all of a live blog": (
        json_ld({"@type": "LiveBlogPosting", "liveBlogUpdate": [{"articleBody": BODY}, {"articleBody": MORE}]}),
        [BODY, MORE],
    ),
    "HTML in it": (json_ld({"articleBody": f"<p>{BODY}</p><ul><li>{MORE}</ul>"}), [BODY, MORE]),
    "HTML escaped once more": (json_ld({"articleBody": escape(f"<p>{BODY}</p><p>{MORE}</p>")}), [BODY, MORE]),
    "entities": (json_ld({"articleBody": "Fish &amp; chips, 3 < 4 &nbsp;pounds"}), ["Fish & chips, 3 < 4 pounds"]),
    "product": (json_ld({"@type": "https://schema.org/Product", "description": BODY}), [BODY]),
    "variants of one product": (json_ld([{"@type": "Product", "description": BODY}] * 3), [BODY]),
    "posts": (
        json_ld({
            "@type": "DiscussionForumPosting", "text": BODY, "comment": [{"@type": "Comment", "text": MORE}],
        }),
        [BODY, MORE],
    ),
    "line ends in strings": (json_ld({"articleBody": f"{BODY}\n{MORE}"}).replace("\\n", "\n"), [BODY, MORE]),
    "wrapped": (json_ld({"articleBody": BODY}).replace("{", "//<![CDATA[\n{", 1).replace("}<", "}\n//]]><"), [BODY]),
    "twice the same": (json_ld({"articleBody": f"{BODY}\n{BODY}"}), [BODY]),
    "discourse": (
        discourse({"title": "Ferry", "post_stream": {"posts": [{"cooked": f"<p>{BODY}"}, {"cooked": f"<p>{MORE}"}]}}),
        [BODY, MORE],
    ),
    "next, a string of HTML": (
        next_data({"a": {"rendered": f"<h2>Why?</h2><p>{BODY * 4}</p>"}, "b": "Imprint"}), ["Why?", BODY * 4],
    ),
    "next, a list of paragraphs": (next_data({"paragraphs": [BODY, MORE, BODY + MORE]}), [BODY, MORE, BODY + MORE]),
    "next, rich text": (
        next_data({"body": [
            {"type": "h2", "children": [{"text": "Why?"}]},
            {"type": "p", "children": [{"text": BODY + " It "}, {"text": "rained"}, {"text": ", " + MORE * 3}]},
        ]}),
        ["Why?", f"{BODY} It rained, {MORE * 3}"],
    ),
    "next, sections with headings": (
        next_data({"footer": {"title": "Imprint"}, "sections": [
            {"heading": "Late", "texts": [BODY, MORE]}, {"heading": "Later", "texts": [BODY + MORE]},
        ]}),
        ["Late", BODY, MORE, "Later", BODY + MORE],
    ),
    "next, more than one place": (
        next_data({"intro": BODY + MORE, "seo": {"description": BODY}, "text": (BODY + MORE) * 3}),
        [BODY + MORE, (BODY + MORE) * 3],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_a_passage_is_found(html, expected):
    """Public keys are read as they are meant; where keys are a site's own, the place with the most prose is."""
    assert texts(html) == [expected]


def test_what_is_trusted_most_comes_first():
    """Keys that a standard defines before a guess; a page that shows something gets no guess."""
    html = next_data({"text": [BODY * 4, MORE * 4]}) + json_ld({"articleBody": BODY})
    assert texts(html) == [[BODY], [BODY * 4, MORE * 4]]
    assert texts(html, trust=0.8) == [[BODY]]
    assert texts(html, trust=2.0) == []


def test_a_passage_says_where_it_stood():
    """Source, headline and page type are there; blocks count from 0, keep role and links, and are marked as data."""
    html = json_ld({"headline": "Ferry <b>late</b>", "articleBody": f'<h2>Why?</h2><p>See <a href="/b">{BODY}</a></p>'})
    (passage,) = read_embedded(html)
    assert (passage.source, passage.title, passage.page_type) == ("articleBody in JSON-LD", "Ferry late", "article")
    first, second = passage.blocks
    assert (first.index, first.span, first.role, first.level) == (0, (0, 4), Role.HEADING, 2)
    assert (second.index, second.span) == (1, (5, 5 + len(second.text)))
    assert [(link.start, link.href) for link in second.links] == [(4, "/b")]
    assert {block.origin for block in passage.blocks} == {Origin.DATA}
    assert {block.element for block in passage.blocks} == {-1}


HOSTILE = {
    "deep lists": '<script type="application/ld+json">' + "[" * 500_000 + "</script>",
    "deep objects": '<script type="application/ld+json">' + '{"a":' * 300_000 + "</script>",
    "deep and closed": json_ld([]).replace("[]", "[" * 100_000 + "]" * 100_000),
    "a huge number": json_ld({"articleBody": 1}).replace("1}", "9" * 200_000 + "}"),
    "many small texts": json_ld([{"@type": "QAPage"}, *[{"@type": "Answer", "text": f"x{n}"} for n in range(30_000)]]),
    "scripts without end": "<script type=application/ld+json>" * 20_000,
    "many scripts": "<script type=application/ld+json>1</script>" * 20_000,
    "marks without tags": "ld+json" * 100_000,
    "comments": "<!--" * 200_000 + json_ld(1),
    "many attributes": 'data-preloaded="x ' * 50_000,
    "deep in a text": json_ld({"articleBody": "<div>" * 20_000 + BODY}),
    "many keys": next_data({f"k{n}": {"a": BODY} for n in range(20_000)}),
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_data_raises_nothing_and_takes_no_time(html):
    """Nesting, numbers and repetition are bounded."""
    start = time.process_time()
    texts(html)
    assert time.process_time() - start < 3


def test_half_a_surrogate_pair_is_replaced():
    """JSON may escape one; no encoding has it."""
    ((text,),) = texts(json_ld({"articleBody": "A half \ud83d of a pair"}))
    assert text == "A half � of a pair"


def test_of_two_values_for_one_key_the_last_counts():
    """As everywhere in JSON."""
    html = json_ld({}).replace("{}", json.dumps({"articleBody": BODY})[:-1] + f', "articleBody": "{MORE}"}}')
    assert texts(html) == [[MORE]]
