"""Text out of a page's data: used beside little, never beside as much, and marked in all that is written."""

from __future__ import annotations

import json

import pytest

from stripper import Kind, Options, restore, strip_html, strip_text
from stripper.datatypes import Origin
from stripper.parse import parse_html
from stripper.segment import segment
from stripper.segment.embedded import trust_needed
from tests.laws import checks, oracle
from tests.segment.texts import HARBOUR

TITLE, *PARAGRAPHS = HARBOUR
MENU = '<nav><ul><li><a href="/">Home</a><li><a href="/n">News</a><li><a href="/s">Sport</a></ul></nav>'
OTHER = [
    "The museum has bought a painting of a cow that looks out of a window, for a price it would not tell.",
    "It hangs beside the stairs, where school classes wait, and the guards say that most children greet it.",
]


def article(shown, body, **more):
    """A page that shows some paragraphs and carries others as JSON-LD."""
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(body), **more})
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in shown)
    return (
        f'<html><head><title>{TITLE}</title><script type="application/ld+json">{data}</script></head>'
        f"<body>{MENU}<main><article><h1>{TITLE}</h1>{paragraphs}</article></main></body></html>"
    )


def data_blocks(page):
    """The texts that came out of data."""
    return [verdict.block.text for verdict in page.verdicts if verdict.block.origin is Origin.DATA]


@pytest.mark.parametrize(
    "html",
    [
        article(PARAGRAPHS, PARAGRAPHS),
        article(PARAGRAPHS, [*PARAGRAPHS, "One paragraph more."]),
        article(PARAGRAPHS, [" ".join(PARAGRAPHS)]),
        article(PARAGRAPHS, OTHER),
        article(PARAGRAPHS, []),
        article([*PARAGRAPHS, *OTHER] * 4, PARAGRAPHS * 3),
        f"<footer>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</footer>" + article([], PARAGRAPHS),
    ],
    ids=["the same", "a little more", "the same in one line", "less", "nothing", "long", "shown elsewhere"],
)
def test_a_page_that_shows_its_text_is_left_alone(html):
    """Not a block is added, and no warning given."""
    page = strip_html(html)
    assert data_blocks(page) == []
    assert page.warnings == ()
    assert page.page.blocks == parse_html(html).blocks


def test_an_article_behind_a_teaser_is_whole():
    """What the page shows comes first and once, then the rest out of the data."""
    page = strip_html(article(PARAGRAPHS[:1], PARAGRAPHS))
    assert page.text == "\n".join([TITLE, *PARAGRAPHS])
    assert data_blocks(page) == PARAGRAPHS[1:]


def test_a_teaser_is_cut_out_of_a_body_without_paragraphs():
    """Many sites write the body as one line."""
    page = strip_html(article(PARAGRAPHS[:1], [" ".join(PARAGRAPHS)]))
    assert page.text == "\n".join([TITLE, PARAGRAPHS[0], " ".join(PARAGRAPHS[1:])])


def test_an_empty_page_gets_its_headline_too():
    """Headline and text out of the data; the page has its type and a confidence."""
    data = json.dumps({"headline": TITLE, "articleBody": "\n".join(PARAGRAPHS)})
    page = strip_html(f'<script type="application/ld+json">{data}</script>')
    assert page.text == "\n".join([TITLE, *PARAGRAPHS])
    assert [verdict.kind for verdict in page.verdicts] == [Kind.TITLE] + [Kind.CONTENT] * len(PARAGRAPHS)
    assert (page.title, page.page_type, page.confidence, page.needs_review) == (TITLE, "article", 0.9, False)


def test_a_guess_is_used_beside_nothing_alone_and_flagged():
    """Next.js' data has no public keys: a page with content of its own does not take it."""
    data = json.dumps({"props": {"pageProps": {"paragraphs": [*PARAGRAPHS, *OTHER]}}})
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    page = strip_html(f"{MENU}<div id=__next></div>{script}")
    assert page.text == "\n".join([*PARAGRAPHS, *OTHER])
    assert page.needs_review
    assert data_blocks(strip_html(f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></main>{script}")) == []


def test_the_options_decide_about_text_out_of_data_as_about_any():
    """What counts is what the page holds, not what the options keep of it."""
    html = article(PARAGRAPHS[:1], PARAGRAPHS)
    assert data_blocks(strip_html(html, options=Options(drop=frozenset({Kind.TITLE})))) == PARAGRAPHS[1:]
    dropped = strip_html(html, options=Options(drop=frozenset({Kind.CONTENT})))
    assert dropped.text == TITLE
    assert {reason.rule for reason in dropped.removed[-1].reasons} == {"embedded", "policy"}
    assert (
        data_blocks(strip_html(article(PARAGRAPHS, PARAGRAPHS), options=Options(drop=frozenset({Kind.CONTENT})))) == []
    )


def test_what_came_out_of_data_is_marked():
    """Origin in the record, a reason, a warning; the laws hold, and law 3 asks only for what the page shows."""
    html = article(PARAGRAPHS[:1], PARAGRAPHS)
    page = strip_html(html)
    record = page.record()
    assert [kept["origin"] for kept in record["kept"]] == ["visible"] * 2 + ["data"] * (len(PARAGRAPHS) - 1)
    assert {removed["origin"] for removed in record["removed"]} == {"visible"}
    assert record["kept"][-1]["xpath"] is None
    assert [str(reason.rule) for reason in page.verdicts[-1].reasons] == ["embedded"]
    assert page.verdicts[-1].reasons[0].evidence.startswith("articleBody in JSON-LD; the page itself shows ")
    assert len(page.warnings) == 1
    assert page.warnings[0].startswith("embedded: ")
    assert restore(page.text, record) == page.page.text
    assert checks.violations(page) + checks.unseen(page, oracle.html5_tree(html)) == []
    assert PARAGRAPHS[-1] in page.markdown
    assert PARAGRAPHS[-1] in page.html


def test_plain_text_has_no_data():
    """A text that looks like a script stays what it is."""
    text = '<script type="application/ld+json">{"articleBody": "' + PARAGRAPHS[0] + '"}</script>'
    page = strip_text(text)
    assert data_blocks(page) == []


def test_how_little_a_page_must_show():
    """Nothing: any passage is of use. Little: a trusted one. A text of its own: none."""

    def needed(html):
        page = parse_html(html)
        return trust_needed(page, segment(page, Options()), Options())

    assert needed(MENU) == 0.0
    assert 0.5 < needed(article(PARAGRAPHS[:2], [])) < 1
    assert needed(article([*PARAGRAPHS, *OTHER] * 5, [])) > 1
