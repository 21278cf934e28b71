"""Where blocks begin and end, what they are, and where they stand."""

from __future__ import annotations

import pytest

from stripper.datatypes import Origin, Role
from stripper.parse import parse_html

LONG = "a cell with a whole paragraph of text in it " * 5


def texts(html):
    """The blocks' texts."""
    return [block.text for block in parse_html(html).blocks]


def roles(html):
    """Text, role, level and ordinal of each block."""
    return [(block.text, block.role, block.level, block.ordinal) for block in parse_html(html).blocks]


class TestOneBlock:
    """What does not part a sentence."""

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>a <b>bold</b> and <i>slant</i>ed <span>word</span></p>", "a bold and slanted word"),
            ("<p>a<span> </span>b", "a b"),
            ("<p>a<!-- unseen -->b", "ab"),
            ("<p>a<script>unseen</script>b<style>unseen</style>c<template>unseen</template>d", "abcd"),
            ("<p>a\n  \t b&nbsp;&#8195;c", "a b c"),
            ("<p>a<br>b<br/>c", "a\nb\nc"),
            ("<p>a<img alt=x>b<wbr>c<input>d", "abcd"),
            (
                "<p>H<sub>2</sub>O, x<sup>2</sup>, <abbr>UN</abbr>, <q>quote</q>, <time>now</time>",
                "H2O, x2, UN, quote, now",
            ),
            ("<p>an icon <svg></svg> without words", "an icon without words"),
            ("<p>an <b>icon <svg><g><path d=M0 /></g> </svg></b> of shapes", "an icon of shapes"),
            ("<p>&lt;b&gt; &amp;amp; &#x41; &notanentity;", "<b> &amp; A ¬anentity;"),
            ("<my-text>a <my-word>b</my-word></my-text>", "a b"),
            ("<p>a\0b", "ab"),
            ("<", "<"),
        ],
    )
    def test_inline_markup_does_not_split(self, html, text):
        """Nor do comments, scripts, single breaks and images."""
        assert texts(html) == [text]

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<pre>  a\n\n\tb  c</pre>", "  a\n\n\tb  c"),
            ("<pre>\n\n a\n\n</pre>", " a"),
            ("<pre>a<br>b<br><br>c</pre>", "a\nb\n\nc"),
            ("<pre><table><tr><td> a <td>  b<td> </table></pre>", " a \t  b"),
            ("<pre><code>if <b>x</b>:\n    <i>y</i></code></pre>", "if x:\n    y"),
            ("<xmp>a <b>\n  c</xmp>", "a <b>\n  c"),
            ("<listing>a\n  b</listing>", "a\n  b"),
        ],
    )
    def test_preformatted_text_keeps_its_white_space(self, html, text):
        """But for empty lines around it and white space at its end."""
        assert roles(html) == [(text, Role.CODE, 0, 0)]


class TestBorders:
    """What parts blocks."""

    @pytest.mark.parametrize(
        "html",
        [
            "<p>a</p><p>b</p>",
            "<p>a<p>b",
            "a<div>b</div>",
            "<div>a</div>b",
            "<div>a<p>b</div>",
            "a<br><br>b",
            "<p>a<br> \n <br>b",
            "<p>a<br><!-- --><br>b",
            "<p>a<br><br><br><br>b",
            "a<hr>b",
            "<span>a<div>b</div></span>",
            "<h1>a</h1>b",
            "<ul><li>a<li>b</ul>",
            "<dl><dt>a<dd>b</dl>",
            "<table><caption>a</caption><tr><td>b</table>",
            "<table><tr><td>a<tr><td>b</table>",
            "<table>a<tr><td>b</table>",
            "<table><tr><td><p>a<p>b</table>",
            "<fieldset><legend>a</legend>b</fieldset>",
            "<figure>a<figcaption>b</figcaption></figure>",
            "<details><summary>a</summary>b</details>",
            "<select><option>a<option>b</select>",
            "<label>a</label><button>b</button>",
            "a<textarea>b</textarea>",
            "<p>a<svg><title>b</title><path/></svg>",
            "<p>a<noscript>b</noscript>",
            "<p>a<iframe>b</iframe>",
            "<p>a<object>b</object>",
            "<p>a<video>b</video>",
            "<p>a</p><!-- unseen --> b",
            "<body>a</body></html><p>b",
        ],
    )
    def test_two_blocks(self, html):
        """Block-level elements, two breaks, and controls, which are read apart from the text around them."""
        assert texts(html) == ["a", "b"]

    @pytest.mark.parametrize(
        "html",
        [
            "",
            " \n ",
            "<!-- unseen -->",
            "<script>unseen</script>",
            "<style>unseen</style>",
            "<template>unseen<p>unseen</p></template>",
            "<head><title>unseen</title></head>",
            "<title>unseen</title>",
            "<input value=unseen placeholder=unseen>",
            "<img alt=unseen>",
            "<svg><style>unseen</style><script>unseen</script></svg>",
            "<p></p><div><br><br></div><a href=x></a>",
            "<!doctype html><?php unseen ?>",
        ],
    )
    def test_no_block(self, html):
        """Scripts, styles, templates, the head, comments and attributes are no text of the page."""
        page = parse_html(html)
        assert (page.blocks, page.text) == ((), "")

    @pytest.mark.parametrize(
        ("html", "found"),
        [
            ("<iframe><p>Your browser</p><p>shows no frames</p></iframe>", "Your browser shows no frames"),
            ("<iframe>A &amp; B</iframe>", "A & B"),
            ("<frameset><noframes><h1>No</h1> <b>frames</b></noframes></frameset>", "No frames"),
        ],
    )
    def test_frames_have_the_words_of_their_fallback(self, html, found):
        """HTML5 reads it as text: tags in it are no words, and entities are read."""
        assert " ".join(" ".join(texts(html)).split()) == found


class TestTables:
    """Data rows are one block, layout rows a block a cell."""

    def test_a_data_row_keeps_its_cells_apart(self):
        """By tabs; cells without text leave none."""
        html = "<table><tr><th>Year<th>Town<tr><td>1999<td>  <td><b>New</b> town</table>"
        assert roles(html) == [("Year\tTown", Role.ROW, 0, 0), ("1999\tNew town", Role.ROW, 0, 0)]

    def test_a_row_with_a_long_cell_is_layout(self):
        """A menu beside an article is not its table."""
        html = f"<table><tr><td>Menu<td>{LONG}<td>Ads</table>"
        assert roles(html) == [(text, Role.TEXT, 0, 0) for text in ("Menu", LONG.strip(), "Ads")]

    def test_a_single_cell_is_plain_text(self):
        """No tab, no row."""
        assert roles("<table><tr><td><td>only</table>") == [("only", Role.TEXT, 0, 0)]

    def test_links_in_a_row_move_with_their_cell(self):
        """Offsets are those of the row's text."""
        (block,) = parse_html("<table><tr><td>one<td><a href=/2>two</a><td>x <a href=/3>three</a></table>").blocks
        assert [(block.text[a:b], href) for a, b, href in block.links] == [("two", "/2"), ("three", "/3")]

    def test_a_link_around_a_table_is_a_link_of_each_cell(self):
        """As it is of each block."""
        (block,) = parse_html("<a href=/x><table><tr><td>one<td>two</table></a>").blocks
        assert [(block.text[a:b], href) for a, b, href in block.links] == [("one", "/x"), ("two", "/x")]


class TestRoles:
    """What a block is to the writer."""

    @pytest.mark.parametrize("level", range(1, 7))
    def test_headings(self, level):
        """Each has its level, also with markup or a break inside."""
        assert roles(f"<h{level}>a<br><b>b</b></h{level}>") == [("a\nb", Role.HEADING, level, 0)]

    def test_nested_lists(self):
        """Level is the depth of the list; ordered items have their number, each list its own."""
        html = "<ol><li>a<ul><li>b<ol><li>c<li>d</ol><li>e</ul><li>f</ol><ul><li>g</ul>"
        assert roles(html) == [
            ("a", Role.LIST_ITEM, 1, 1),
            ("b", Role.LIST_ITEM, 2, 0),
            ("c", Role.LIST_ITEM, 3, 1),
            ("d", Role.LIST_ITEM, 3, 2),
            ("e", Role.LIST_ITEM, 2, 0),
            ("f", Role.LIST_ITEM, 1, 2),
            ("g", Role.LIST_ITEM, 1, 0),
        ]

    @pytest.mark.parametrize(
        ("html", "numbers"),
        [
            ("<ol><li>a<li>b</ol>", [1, 2]),
            ("<ul><li>a<li value=4>b</ul>", [0, 0]),
            ("<ol start=5><li>a<li>b</ol>", [5, 6]),
            ("<ol start=x><li>a<li>b</ol>", [1, 2]),
            ("<ol start=' +7 or so'><li>a</ol>", [7]),
            ("<ol><li>a<li value=10>b<li>c</ol>", [1, 10, 11]),
            ("<ol reversed><li>a<li>b<li>c</ol>", [3, 2, 1]),
            ("<ol reversed start=9><li>a<li value=4>b<li>c</ol>", [9, 4, 3]),
            ("<ol start=3><li>a<ol><li>b</ol><li>c</ol>", [3, 1, 4]),
            ("<ol start=-1><li>a<li>b<li>c<li>d</ol>", [1, 1, 1, 2]),
            ("<ol start=99999999999999999999><li>a</ol>", [999_999_999]),
        ],
    )
    def test_ordered_lists_count_as_they_say(self, html, numbers):
        """start, reversed and value are read as browsers read them; nothing counts below 1."""
        assert [ordinal for *_, ordinal in roles(html)] == numbers

    def test_the_second_block_of_an_item_has_no_bullet(self):
        """It is text at the item's level; an item without text takes its number along."""
        html = "<ol><li><p>a</p><p>b</p><li><img><li>c</ol>"
        assert roles(html) == [("a", Role.LIST_ITEM, 1, 1), ("b", Role.TEXT, 1, 0), ("c", Role.LIST_ITEM, 1, 3)]

    @pytest.mark.parametrize(
        ("html", "role"),
        [
            ("<p>a", Role.PARAGRAPH),
            ("<div>a", Role.TEXT),
            ("a", Role.TEXT),
            ("<blockquote>a", Role.QUOTE),
            ("<blockquote><p>a", Role.QUOTE),
            ("<blockquote><div>a", Role.QUOTE),
            ("<figure><figcaption><p>a", Role.CAPTION),
            ("<table><caption>a", Role.CAPTION),
            ("<blockquote><ul><li>a", Role.LIST_ITEM),
            ("<blockquote><h2>a", Role.HEADING),
            ("<ul><li><blockquote>a", Role.QUOTE),
            ("<ul><li><div>a", Role.LIST_ITEM),
            ("<li>a", Role.LIST_ITEM),
            ("<dl><dt>a", Role.TEXT),
            ("<ul>a", Role.TEXT),
        ],
    )
    def test_the_nearest_element_that_says_something(self, html, role):
        """A paragraph in a quote is a quote, a heading in a quote a heading."""
        assert parse_html(html).blocks[0].role is role


class TestOrigin:
    """Shown, hidden, or for browsers without scripts."""

    @pytest.mark.parametrize(
        "html",
        [
            "<p>a",
            "<p aria-hidden=false>a",
            "<p style='display:block'>a",
            "<p class=hidden>a",
            "<dialog open>a</dialog>",
            "<details>a</details>",
        ],
    )
    def test_visible(self, html):
        """A class name alone hides nothing."""
        assert parse_html(html).blocks[0].origin is Origin.VISIBLE

    @pytest.mark.parametrize(
        "html",
        [
            "<p hidden>a",
            "<p hidden=until-found>a",
            "<div hidden><ul><li><b>a",
            "<p aria-hidden=true>a",
            "<p style='color: red; Display : NONE'>a",
            "<p style=visibility:hidden>a",
            "<dialog><p>a</dialog>",
            "<div hidden><dialog open>a",
        ],
    )
    def test_hidden(self, html):
        """By attribute or style, of the element or one around it; the text is a block all the same."""
        assert [(block.text, block.origin) for block in parse_html(html).blocks] == [("a", Origin.HIDDEN)]

    def test_noscript(self):
        """Its markup is read as elements."""
        html = "<body><noscript><p>a <b>b</b><ul><li>c</ul></noscript>d"
        assert [(b.text, b.role, b.origin) for b in parse_html(html).blocks] == [
            ("a b", Role.PARAGRAPH, Origin.NOSCRIPT),
            ("c", Role.LIST_ITEM, Origin.NOSCRIPT),
            ("d", Role.TEXT, Origin.VISIBLE),
        ]


class TestLinks:
    """Links of a block, with their offsets and the address as written."""

    @pytest.mark.parametrize(
        ("html", "links"),
        [
            ("<p>no link", []),
            ("<p>a <a name=here>target</a>", []),
            ("<p>a <a href=/x></a>", []),
            ("<p>a <a href=/x><img></a><a href=/y>b</a>", [("b", "/y")]),
            ("<p>See <a href='/x?a=1&amp;b=2'> the <b>page</b> </a>.", [("the page", "/x?a=1&b=2")]),
            ("<p><a href>a</a>", []),
            ("<p><a href=''>a</a>", [("a", "")]),
            ("<p>x<a href=1>a</a>y<a href=2>b</a>z", [("a", "1"), ("b", "2")]),
            ("<p><a href=1>a<a href=2>b</a>c", [("a", "1"), ("b", "2")]),
            ("<h2><a href=1>a</a></h2>", [("a", "1")]),
        ],
    )
    def test_of_one_block(self, html, links):
        """`text[start:end]` are the link's words."""
        (block,) = parse_html(html).blocks
        assert [(block.text[a:b], href) for a, b, href in block.links] == links

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<a href=1>one</a><a href=2>two</a>", "one two"),
            ("<a href=1>one</a> <a href=2>two</a>", "one two"),
            ("<a href=1>one</a>|<a href=2>two</a>", "one|two"),
            ("re<a href=1>start</a>ed", "restarted"),
        ],
    )
    def test_links_side_by_side_are_words_apart(self, html, text):
        """A menu's entries are no one word, but a link inside a word does not split it."""
        assert texts(html) == [text]

    def test_a_link_around_several_blocks_is_a_link_of_each(self):
        """And ends where it ends."""
        page = parse_html("<a href=/x><h2>Head</h2><p>one<br><br>two</p></a> after")
        assert [(b.text, [(b.text[s:e], href) for s, e, href in b.links]) for b in page.blocks] == [
            ("Head", [("Head", "/x")]),
            ("one", [("one", "/x")]),
            ("two", [("two", "/x")]),
            ("after", []),
        ]


class TestMisnested:
    """Elements that were never closed, or closed in the wrong order."""

    def test_an_unclosed_header_does_not_hold_the_article(self):
        """`nav` ends with the header around it: the article stands beside both, as in a browser."""
        page = parse_html("<body><header><nav>menu</header><article><p>text</p></article>")
        assert [page.outline.xpath(b.element) for b in page.blocks] == ["/html/body/header/nav", "/html/body/article/p"]

    def test_paragraphs_end_where_a_block_begins(self):
        """A paragraph holds no list."""
        page = parse_html("<p>a<ul><li>b</ul>c</p>d")
        assert [(b.text, page.outline.tag[b.element]) for b in page.blocks] == [
            ("a", "p"),
            ("b", "li"),
            ("c", "body"),
            ("d", "body"),
        ]

    def test_formatting_that_overlaps(self):
        """No word is lost or doubled."""
        assert texts("<p><b>a<i>b</b>c</i>d<p>e") == ["abcd", "e"]

    def test_text_beside_the_cells_stands_before_the_table(self):
        """Where a browser shows it."""
        assert texts("<table><tr><td>a</td>b</tr></table>c") == ["b", "a", "c"]
