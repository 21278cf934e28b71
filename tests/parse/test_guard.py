"""Hostile markup is capped before the parser sees it; everything else passes as it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from stripper.parse import parse_html
from stripper.parse.flatten import MAX_DEPTH, MAX_FORMATTING
from stripper.parse.guard import MAX_TAG_CHARS, harmless
from tests.laws.strategies import SOUP

MARK = "the end"
LAST = f"<p>{MARK}</p>"
NESTED = f"flattened: elements nested deeper than {MAX_DEPTH} were unwrapped"
FORMATTED = f"flattened: of more than {MAX_FORMATTING} formatting tags in one another the inner were unwrapped"
HUGE = f"flattened: attributes of a tag over {MAX_TAG_CHARS:,} characters were dropped"


class TestStays:
    """Pages that no cap concerns go on byte for byte."""

    @settings(max_examples=40)
    @given(SOUP)
    def test_small_pages_are_not_touched(self, html):
        """Tag soup of common size."""
        data = html.encode("utf-8", "replace")
        assert harmless(data) == (data, ())

    @pytest.mark.parametrize(
        "html",
        [
            "",
            "no markup",
            "<p>one" * 5_000,
            "<ul>" + "<li>one" * 5_000 + "</ul>",
            "<table>" + "<tr><td>one<td>two" * 3_000 + "</table>",
            "<dl>" + "<dt>a<dd>b" * 3_000 + "</dl>",
            "line<br>" * 5_000,
            "<img src=a><input>" * 3_000,
            "<div><b>x</b></div>" * 3_000,
            "<svg>" + "<path d='M0'/>" * 3_000 + "</svg>",
            "<svg>" + "<path d='M0'></path>" * 3_000 + "</svg>",
            "<script>" + 'w("<div>");' * 3_000 + "</script>",
            "<!-- " + "<div>" * 3_000 + " -->",
            "<textarea>" + "<b>" * 3_000 + "</textarea>",
            "<div>" * (MAX_DEPTH - 1) + "x" + "</div>" * (MAX_DEPTH - 1) + "<p></p>" * 1_000,
            "<b>" * (MAX_FORMATTING - 1) + "<p>x</p>" * 2_000,
            "<a href=x>" * 500 + "<p>x</p>" * 2_000,  # each ends the one before
            "<p title='" + "x" * (MAX_TAG_CHARS - 100) + "'>x</p>",
            "< " * 10_000,
            "</div>" * 5_000,
            "<svg><style>.a{}</style><g>" + "<path d='M0'/><circle/>" * 3_000 + "</g></svg>",
            "<p>icon <svg><use href='#a'/></svg></p>" * 3_000,
            "<p title='a > b' data-x=\"<div>\">x</p>" * 3_000,
            "<ul>" + "<li><svg><title>icon</title><path/></svg><a href=/x>x" * 3_000 + "</ul>",
        ],
        ids=lambda html: html[:24],
    )
    def test_harmless_pages_are_not_touched(self, html):
        """Long lists, tables, scripts, comments and icons are no nesting."""
        assert harmless(html.encode()) == (html.encode(), ())

    @pytest.mark.parametrize(
        "html",
        ["<a href=x>word" * 400, "<script>for(i=0;i<b.length;i++)a<i[0]</script>" * 100, "<p>1 <b2 <s-x" * 100],
        ids=lambda html: html[:24],
    )
    def test_a_first_look_tells_what_is_no_open_tag(self, html, monkeypatch):
        """Reading a page token by token takes longer than all else; one page in fifty has links or code like this."""
        monkeypatch.delattr("stripper.parse.guard.flattened")
        html += "<p>word</p>" * 1_000
        assert harmless(html.encode()) == (html.encode(), ())

    @pytest.mark.parametrize("tag", ["div", "span", "x-y"])
    def test_more_end_tags_than_start_tags_hide_no_depth(self, tag):
        """Depth is counted from the lowest point."""
        html = f"</{tag}>" * 5_000 + f"<{tag}>" * 5_000 + "x"
        assert harmless(html.encode())[1] == (NESTED,)


DEEP = {
    "div": lambda n: "<div>" * n + "inner" + "</div>" * n,
    "never closed": lambda n: "<div>word " * n,
    "fonts": lambda n: "<font>word " * n,
    "fonts with attributes of their own": lambda n: "".join(f"<font id={i}><p>word " for i in range(n)),
    "formatting": lambda n: "<b><i><a href=x><p>word " * n,
    "lists": lambda n: "<ul><li>item " * n,
    "tables": lambda n: "<table><tr><td>cell " * n,
    "an unknown element": lambda n: "<my-box>word " * n,
    "behind an empty comment": lambda n: "<!-->" + "<div>" * n + "inner",
    "behind a comment closed the odd way": lambda n: "<!-- x --!>" + "<div>" * n + "inner",
    "in an element named after a script": lambda n: "<script-x>" + "<div>" * n + "inner",
    "in a frame": lambda n: "<iframe>" + "<div>" * n + "inner</iframe>",
    "behind scripts": lambda n: "<script>'</div>'</script>" * 100 + "<div>" * n + "inner",
    "tags of svg": lambda n: "<svg>" + "<g>" * n + "<text>inner",
    "styles of svg, which hold tags": lambda n: "<svg><style>" + "<g>" * n + "</svg>",
    "titles of svg, which hold pages": lambda n: "<svg><title>" * n + "inner",
    "shapes of svg that stay open": lambda n: "<svg>" + "<path>" * n + "inner",
    "cells and fields in svg": lambda n: "<svg>" + "<td><input>" * n + "inner",
    "cells in math": lambda n: "<math>" + "<tr>" * n + "inner",
    "an element named after a void one": lambda n: "<br-x>" * n + "inner",
    "an element that begins like a shape": lambda n: "<linear>" * n + "inner",
    "shapes without svg": lambda n: "<path>" * n + "inner",
    "svg that closes itself": lambda n: "<svg/>" * 10 + "<style>x</style>" + "<div>" * n + "inner",
    "behind a paragraph in svg": lambda n: "<svg><p><style></svg></style>" + "<div>" * n + "inner",
    "behind CDATA in svg": lambda n: "<svg><![CDATA[ > <!-- ]]></svg>" + "<div>" * n + "inner",
    "behind a quoted attribute": lambda n: "<p title='><!--'>" + "<div>" * n + "inner",
    "behind a quote that opens nothing": lambda n: '<p =">' + "<div>" * n + '<i x="">inner',
    "behind a declaration": lambda n: "<!x <!-- >" + "<div>" * n + "inner",
    "behind an end tag of nothing": lambda n: "</ <!-- >" + "<div>" * n + "inner",
    "behind a script": lambda n: "<script></script-x><!--</script>" + "<div>" * n + "inner",
    "behind a script in a script": lambda n: (
        "<script><!--<script></script> <!-- </script></script>" + "<div>" * n + "inner"
    ),
    "formatting closed too early": lambda n: "<b><div></b>word " * n,
    "inline elements closed too early": lambda n: "<span><div></span>word " * n,
    "boxes closed in a table's cell": lambda n: "<div><table><tr><td></div>cell " * n,
}

# Where the cap is met the parser reads the rest as text, tags and all: nothing is lost, but words stand beside tags.
AS_TEXT = ("in a frame", "titles of svg, which hold pages")
PLAIN = ("div", "never closed")  # one element a level, and the depth test has the others


class TestDeep:
    """Nesting is capped, the reader is told, and no text goes."""

    @pytest.mark.parametrize("name", [name for name in DEEP if name not in AS_TEXT])
    def test_the_text_stays_and_the_page_says_so(self, name):
        """Every word outside a tag is still there."""
        html = DEEP[name](3_000)
        page = parse_html(html + LAST)
        assert page.text.endswith(MARK)
        for word in ("word", "item", "cell", "inner"):
            assert page.text.count(word) == html.count(word)
        assert {NESTED, FORMATTED} & set(page.warnings)

    @pytest.mark.parametrize("name", DEEP)
    def test_no_element_stands_deep(self, name):
        """The tree is not deeper than the cap and what an HTML parser adds to it."""
        outline = parse_html(DEEP[name](3_000) + LAST).outline
        depth = [0]
        for parent in outline.parent[1:]:
            depth.append(depth[parent] + 1)
        assert max(depth) <= 4 * (MAX_DEPTH + 1)  # a level of tables is four elements

    @pytest.mark.parametrize("name", DEEP)
    def test_deep_pages_take_linear_time(self, name):
        """Time grows with the page, not with its square (31 s for 100,000 `div` without the cap)."""
        html = DEEP[name](100_000 if name in PLAIN else 10_000) + LAST
        start = time.process_time()
        page = parse_html(html)
        assert time.process_time() - start < 5
        assert MARK in page.text

    def test_which_cap_it_was_is_told(self):
        """Depth and formatting have a warning each."""
        assert parse_html("<div>" * 2_000 + "x").warnings == (NESTED,)
        assert parse_html("<font>word " * 2_000).warnings == (FORMATTED,)
        assert parse_html("<font><div>word " * 2_000).warnings == (NESTED, FORMATTED)

    def test_words_keep_their_order(self):
        """Unwrapped elements leave their text where it stood."""
        page = parse_html("".join(f"<div>w{i} " for i in range(2_000)))
        assert page.text.split() == [f"w{i}" for i in range(2_000)]

    def test_icons_that_close_themselves_do_not_count(self):
        """600 <path/> before it do not make 500 flat elements deep."""
        icons = "<svg>" + "<path/>" * 600 + "</svg>"
        page = parse_html("<b>" * 20 + icons + "".join(f"<div>w{i}</div>" for i in range(500)))
        assert page.outline.tag.count("div") == 500


class TestHugeTags:
    """A tag with attributes without end loses them, not its words."""

    @pytest.mark.parametrize("count", [40_000, 200_000])
    def test_attributes_by_the_thousand(self, count):
        """The words inside and behind stay, and it takes no time (11 s in libxml2)."""
        html = "<div " + " ".join(f"a{i}=b" for i in range(count)) + ">words</div>" + LAST
        start = time.process_time()
        page = parse_html(html)
        assert time.process_time() - start < 1
        assert [block.text for block in page.blocks] == ["words", MARK]
        assert page.warnings == (HUGE,)

    def test_the_element_stays(self):
        """Name and place of the tag are kept."""
        clean, warnings = harmless(b"<p>a<em x='" + b"y" * 2 * MAX_TAG_CHARS + b"'>b</em>")
        assert (clean, warnings) == (b"<p>a<em>b</em>", (HUGE,))

    def test_a_tag_that_never_ends(self):
        """The rest of the page is inside the tag, for a browser too; what stood before it stays."""
        page = parse_html("<p>before</p><em " + "x " * MAX_TAG_CHARS)
        assert page.text == "before"
        assert page.warnings == (HUGE,)

    def test_both_caps_are_told(self):
        """One warning for each."""
        html = "<em x='" + "y" * 2 * MAX_TAG_CHARS + "'>b</em>" + "<div>" * 2_000 + "x"
        assert parse_html(html).warnings == (HUGE, NESTED)
