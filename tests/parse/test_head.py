"""Title, language and the hints at a page's type."""

from __future__ import annotations

import pytest

from stripper.parse import parse_html


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> The  bridge\n is mended </title><p>x", "The bridge is mended"),
        ("<title>A &amp; B</title>", "A & B"),
        ("<title></title><meta property=og:title content='From the graph'>", "From the graph"),
        ("<title>First</title><title>Second</title><meta property=og:title content=Third>", "First"),
        ("<p>text</p><svg><title>Icon</title></svg>", None),
        ("<p>no head at all", None),
    ],
)
def test_the_title(html, title):
    """The head's title with its white space squashed, else Open Graph's; an icon's title is none."""
    assert parse_html(html).title == title


@pytest.mark.parametrize(
    ("html", "language"),
    [("<html lang=de-AT>", "de-AT"), ("<html lang=''>", None), ("<html>", None), ("<p lang=fr>x", None)],
)
def test_the_language_is_that_of_the_html_tag(html, language):
    """As written; a paragraph's language is not the page's."""
    assert parse_html(html).language == language


def test_hints():
    """Open Graph's type, the generator, the description and the types of JSON-LD, each once and in order."""
    page = parse_html(
        "<meta property=og:type content=article><meta property=og:type content=website>"
        "<meta name=generator content=Pen><meta name=description content='What it is'>"
        "<meta name=keywords content=no><meta name=og:title>"
        '<script type=application/ld+json>{\'x\': 0, "@type": "NewsArticle", "b": {"@type" : [ "Person"]}}</script>'
        '<p>x<script type=\'application/ld+json\'>[{"@type":"NewsArticle"},{"@type":"Comment"}]</script>',
    )
    assert page.hints == {
        "og:type": "article",
        "generator": "Pen",
        "description": "What it is",
        "ld:type": "NewsArticle Person Comment",
    }


def test_a_page_that_says_nothing_has_no_hints():
    """Empty contents are no hints."""
    assert parse_html("<meta property=og:type content=''><meta name=generator><p>x").hints == {}
