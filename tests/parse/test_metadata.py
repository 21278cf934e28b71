"""What a page says of itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from stripper.datatypes import Metadata
from stripper.parse import extract_metadata
from tests.laws.strategies import SOUP

PAGE = """<html lang="en"><head><title>The bridge is mended - The Valley Post</title>
<meta property="og:title" content="The bridge is mended"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<meta property="og:site_name" content="The Valley Post"></head>
<body><article><h1>The bridge is mended</h1><p>The council met on Tuesday.</p></article></body></html>"""


def test_title_author_date_and_site():
    """Read from the page's own declarations; the language is passed through."""
    assert extract_metadata(PAGE, "https://example.org/a", "en") == Metadata(
        "The bridge is mended", "Jane Doe", "2024-03-05", "The Valley Post", "en"
    )


def test_the_page_is_not_believed_about_its_encoding():
    """It has been decoded already: an old declaration spoils no letter."""
    page = PAGE.replace("<head>", "<head><meta charset=iso-8859-1>").replace("Jane", "Zoë")
    assert extract_metadata(page, None).author == "Zoë Doe"


@pytest.mark.parametrize(
    "html",
    [
        "", " \n", "<", "</", "<!-- only a comment -->", "<!-- open", "<?xml version='1.0' encoding='utf-16'?><p>x",
        "\0", "<!doctype html>", "<html></html>", "<svg/>", "<![CDATA[", "\ud800",
        "<script type='application/ld+json'>{</script>",
        "<meta property=og:title>", "<p>x</p>", "<!ELEMENT a>", "<div>" * 3_000 + "x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [None, "https://example.org/a", "no url", ""])
def test_odd_pages_have_none(html, url):
    """Nothing is known, and nothing is raised."""
    found = extract_metadata(html, url, "de")
    assert (found.author, found.date, found.language) == (None, None, "de")


def test_a_date_that_is_none():
    """No day that the calendar does not have."""
    found = extract_metadata("<p>x<time datetime='2024-99-99'>x</time><meta name=date content='99999999'>", None).date
    assert found is None or date.fromisoformat(found)


@settings(max_examples=40)
@given(SOUP)
def test_any_markup_has_metadata_or_none(html):
    """It never raises."""
    assert isinstance(extract_metadata(html, None), Metadata)


def test_a_page_too_long_for_it_is_left_alone():
    """Over five million characters only the language is known."""
    assert extract_metadata(PAGE + " " * 5_000_000, None, "en") == Metadata(language="en")
