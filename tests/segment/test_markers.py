"""Class words are read as whole parts, and not where they speak of something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Kind
from stripper.segment.markers import Marker, MarkerTable, Token, load_markers, parts, tokens


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        # What the site can do, not what a text is.
        ("html", {"class": "no-js comments-open sidebar"}),
        ("body", {"class": "single has-sidebar cookies-not-set newsletter", "id": "footer"}),
        # A thing that is elsewhere, or nowhere.
        ("div", {"class": "has-share-buttons"}),
        ("div", {"class": "no-sidebar without-comments"}),
        ("div", {"class": "hide-footer"}),
        # Styling.
        ("div", {"class": "print:hidden md:flex"}),
        # Categories, tags and authors of a post are in the class of its wrapper.
        ("article", {"class": "post category-related-reading tag-comments author-share"}),
        ("div", {"class": "hentry newsletter-signup footer-menu-topics"}),
        ("article", {"class": "tag-social-media category-advertisement"}),
        # Parts of words.
        ("div", {"class": "header heading shadow thread breadcrum loader admonition"}),
        ("div", {"class": "bloginner blogindex"}),
        ("div", {"class": "unsponsored-post"}),
        ("div", {"class": "promoted is-promoted node--promoted"}),
        ("div", {"class": "shared-content shareholder screenshare"}),
        ("div", {"class": "navy menuet tocopherol"}),
        # Nothing to read.
        ("div", {}),
        ("div", {"class": None, "id": "", "style": "footer", "href": "/share"}),
        ("div", {"class": "x" * 100}),
        ("svg", {"class": "  "}),
    ],
)
def test_words_that_name_no_junk(tag, attributes):
    """The traps that tempt a substring search."""
    kinds = {marker.kind for marker in load_markers().of(tag, attributes)}
    assert kinds <= {Kind.CONTENT, Kind.TITLE}


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"class": "share-buttons"}, Kind.SHARE),
        ({"class": "post__shareButtons2"}, Kind.SHARE),
        ({"class": "site-footer dark"}, Kind.FOOTER),
        ({"id": "comments"}, Kind.COMMENT_FORM),
        ({"class": "comment-list"}, Kind.COMMENTS),
        ({"id": "respond"}, Kind.COMMENT_FORM),
        ({"class": "jp-relatedposts"}, Kind.RELATED),
        ({"class": "article-related-box"}, Kind.RELATED),
        ({"class": "ez-toc-list"}, Kind.TOC),
        ({"class": "cmplz-banner"}, Kind.CONSENT),
        ({"id": "onetrust-banner-sdk"}, Kind.CONSENT),
        ({"itemtype": "https://schema.org/BreadcrumbList"}, Kind.BREADCRUMB),
        ({"itemprop": "datePublished"}, Kind.BYLINE),
        ({"rel": "tag"}, Kind.TAGS),
        ({"rel": "prev nofollow"}, Kind.PAGINATION),
        ({"role": "search"}, Kind.SEARCH),
        ({"data-ad-slot": "123"}, Kind.ADVERTISEMENT),
        ({"data-widget_type": "theme-post-content.default"}, Kind.CONTENT),
        ({"class": "entry-content"}, Kind.CONTENT),
        ({"class": "md:site-footer"}, Kind.FOOTER),
    ],
)
def test_a_marker_tells_its_kind(attributes, kind):
    """The surest marker comes first."""
    assert load_markers().of("div", attributes)[0].kind is kind


def test_exceptions_beat_parts():
    """A Substack article is a "newsletter-post"; a heading of Easy TOC is no table of contents."""
    assert load_markers().of("div", {"class": "newsletter-post"})[0].kind is Kind.CONTENT
    assert load_markers().of("span", {"class": "ez-toc-section"})[0].kind is Kind.CONTENT


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("td-post-sharing_classic", ("td", "post", "sharing", "classic")),
        ("commentForm2", ("comment", "form", "2")),
        ("HTMLFooter", ("html", "footer")),
        ("überMenü", ("ber", "men")),
        ("--", ()),
        ("", ()),
    ],
)
def test_parts(value, words):
    """Words end at marks, digits and capitals; what is not ASCII parts them too or stands alone."""
    assert tuple(part for part in parts(value) if part.isascii()) == words


def test_tokens_are_listed_once_and_in_order():
    """The surest way to see what is read of an element."""
    attributes = {"class": "Nav nav Nav", "id": "Top", "role": "navigation", "href": "/x", "data-ad-slot": "A1"}
    assert tokens("div", attributes) == (
        Token("class", "Nav"),
        Token("class", "nav"),
        Token("id", "Top"),
        Token("role", "navigation"),
        Token("data", "data-ad-slot"),
        Token("data", "data-ad-slot=a1"),
    )
    assert tokens("div", {"aria-modal": "true"}) == (Token("role", "dialog"),)


def test_each_way_of_matching():
    """Exact beats prefix beats contains; the longest wins; contains means whole parts in a row."""
    table = MarkerTable(
        [
            Marker(Kind.SHARE, "class", "box", "contains", 0.5),
            Marker(Kind.RELATED, "class", "box-more", "contains", 0.4),
            Marker(Kind.LEGAL, "class", "zz-", "prefix", 0.9),
            Marker(Kind.FOOTER, "class", "zz-box", "exact", 0.1),
        ]
    )
    kinds = {value: [marker.kind for marker in table.of("div", {"class": value})] for value in
             ("my-box", "my-box-more", "myBoxMore", "zz-box-more", "zz-box", "boxes", "zz", "more-box")}  # fmt: skip
    assert kinds == {
        "my-box": [Kind.SHARE],
        "my-box-more": [Kind.RELATED],
        "myBoxMore": [Kind.RELATED],
        "zz-box-more": [Kind.LEGAL],
        "zz-box": [Kind.FOOTER],
        "boxes": [],
        "zz": [],
        "more-box": [Kind.SHARE],
    }
    assert [marker.kind for marker in table.of("div", {"class": "zz-box my-box zz-1"})] == [
        Kind.LEGAL,
        Kind.SHARE,
        Kind.FOOTER,
    ]


@given(
    st.dictionaries(
        st.sampled_from(["class", "id", "role", "rel", "itemtype", "data-ad-slot", "aria-modal"]), st.text() | st.none()
    )
)
def test_any_attributes_have_an_answer(attributes):
    """No value raises, and tokens and lookup agree."""
    table = load_markers()
    assert set(table.of("div", attributes)) == set(table.cues(tokens("div", attributes)))


@given(st.text(st.sampled_from("adsvAD-_1é "), max_size=12) | st.text(max_size=12))
def test_the_parts_of_a_name_depend_on_nothing_else(value):
    """Names of lower-case letters are split by a shorter way, which has to lead to the same place."""
    assert parts(value) == parts(f"{value} É")[:-1]
    assert parts(value.lower()) == parts(f"{value.lower()} É")[:-1]


def test_the_first_attribute_with_a_marker_counts():
    """A name is looked up as a class, then as an id."""
    table = MarkerTable(
        [Marker(Kind.SHARE, "id", "box", "exact", 0.5), Marker(Kind.TAGS, "class", "tag", "exact", 0.9)]
    )
    assert [table.first(("class", "id"), name, parts(name)) for name in ("tag", "box", "other")] == [
        Marker(Kind.TAGS, "class", "tag", "exact", 0.9),
        Marker(Kind.SHARE, "id", "box", "exact", 0.5),
        None,
    ]
    assert table.first((), "tag", parts("tag")) is None
