"""Words, class names and links as ids: the same thing said in other numbers or case has the same ids."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.segment.tokens import BUCKETS, class_ids, href_ids, page_ids, word_ids


def ids(*tokens: str) -> list[int]:
    """The ids of tokens as they are spelled inside the model."""
    return [crc32(token.encode()) % BUCKETS for token in tokens]


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        ("menu", ["c:menu"]),
        ("menu-item", ["c:menu", "c:item", "c=menu-item"]),
        ("menu_item", ["c:menu", "c:item", "c=menu-item"]),
        ("menuItem", ["c:menu", "c:item", "c=menu-item"]),
        ("MenuItem", ["c:menu", "c:item", "c=menu-item"]),
        ("HTMLPage", ["c:html", "c:page", "c=html-page"]),
        ("menu-item-4711", ["c:menu", "c:item", "c=menu-item"]),
        ("css-1ab2cd", ["c:css", "c:ab", "c:cd", "c=css-ab-cd"]),
        ("a-b", ["c=a-b"]),  # a letter alone is no word
        ("é-a", ["c=é-a"]),  # nor where it takes two bytes
        ("über-uns", ["c:ber", "c:uns", "c=ü-ber-uns"]),  # letters beyond ASCII are parts of their own
        ("меню-сайта", ["c:меню", "c:сайта", "c=меню-сайта"]),
        ("md:w-1/2", ["c:md", "c=md-w"]),
        ("12", []),
        ("--", []),
        ("category-sport", []),  # what a post is about, not what it is
        ("post-12", []),
        ("main main", ["c:main"]),
        ("main  footer", ["c:main", "c:footer"]),
    ],
)
def test_class_names_are_split_at_marks_numbers_and_capitals(value, tokens):
    """The words of a name, then the whole of it."""
    assert list(class_ids("div", {"class": value})) == ids("t:div", *tokens)


@pytest.mark.parametrize(
    ("attributes", "tokens"),
    [
        ({}, []),
        ({"class": None, "id": ""}, []),
        ({"href": "/footer", "style": "nav"}, []),
        ({"id": "main"}, ["c:main"]),
        ({"role": "navigation"}, ["r:navigation"]),
        ({"itemprop": "articleBody"}, ["p:article", "p:body", "p=article-body"]),
        ({"role": "main", "id": "top"}, ["r:main", "c:top"]),
        ({"id": "category-sport"}, []),
    ],
)
def test_which_attributes_are_read(attributes, tokens):
    """Those that name things, in the order of the page."""
    assert list(class_ids("p", attributes)) == ids("t:p", *tokens)


def test_a_class_without_end_costs_no_more_than_a_long_one():
    """Of a soup of utility classes the first 300 characters and about 16 words are read."""
    names = [f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"]
    soup = " ".join(names)
    assert len(class_ids("div", {"class": soup})) == 1 + 16
    assert class_ids("div", {"class": soup}) == class_ids("div", {"class": soup * 1000})


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Leave a Reply", ["leave", "a", "reply"]),
        ("12 Comments", ["00", "comments"]),
        ("1,204 comments!", ["0", ",", "000", "comments", "!"]),
        ("99999999", ["0000"]),
        ("snake_case", ["snake", "case"]),
        ("ΟΔΟΣ", ["οδος"]),
        ("日本語版", ["日本", "語版"]),
        ("a b c d e f g h i j", list("abcdefghij")),
        ("a b c d e f g h i j k", [*"abcdefg", "…i", "…j", "…k"]),
        ("one " * 15 + "two " * 15 + "three " * 9 + "end", ["one"] * 7 + ["…three", "…three", "…end"]),
    ],
)
def test_the_first_and_last_words_of_a_block(text, tokens):
    """Lower case, numbers folded to as many zeros as digits, at most four; of many words seven and three."""
    assert word_ids(text) == ids(*tokens)


@given(st.text())
def test_any_text_has_at_most_ten_words(text):
    """Ids are rows of the model's table."""
    found = word_ids(text)
    assert len(found) <= 10
    assert all(0 <= number < BUCKETS for number in found)


@given(st.text(), st.sampled_from(["class", "id", "role", "aria-label"]))
def test_any_attribute_can_be_read(value, name):
    """Half a surrogate pair included."""
    assert all(0 <= number < BUCKETS for number in class_ids("div", {name: value}))
    assert all(0 <= number < BUCKETS for number in href_ids(value))


@pytest.mark.parametrize(
    ("href", "tokens"),
    [
        ("", []),
        ("#", []),
        ("/tag/Sport/2024", ["h:tag", "h:sport"]),
        ("https://example.org/tag/sport", ["h:tag", "h:sport"]),
        ("//example.org", []),
        ("mailto:a@example.org", ["h:mailto", "h:example", "h:org"]),
    ],
)
def test_a_link_is_its_path(href, tokens):
    """The host says nothing: no rule for a single site can be learned from it."""
    assert list(href_ids(href)) == ids(*tokens)


def test_what_a_page_says_of_itself():
    """Types, generator, and the shape of its URL."""
    hints = {"ld:type": "NewsArticle WebPage", "og:type": "Article", "generator": "WordPress 6.4"}
    assert page_ids(None, hints) == ids("ld:NewsArticle", "ld:WebPage", "og:article", "gen:wordpress")
    of_url = ["u:blog", "u:post", "ud:1", "ul:0", "un:True", "uq:True"]
    assert page_ids("https://example.org/blog/post?p=12345", {}) == ids(*of_url)
    assert page_ids("https://other.test/blog/post?p=12345", {}) == ids(*of_url)
