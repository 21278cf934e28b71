"""The page as a whole: spans, outline, places, and characters nobody expects."""

from __future__ import annotations

import html as entities
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from stripper.datatypes import Mode
from stripper.parse import parse_html
from tests.laws.strategies import ANY_TEXT, SOUP, WELL_FORMED

PAGE = """<!doctype html><html lang=en><head><title>t</title></head><body>
<header><nav><ul><li><a href=/>Home</a><li><a href=/b>Blog</a></ul></nav></header>
<div><p>First.</p><p>Second <b>bold</b> words.</p><div><p>Inner.</p></div>after</div>
<table><tr><td>1<td>2<tr><td>3<td>4</table><div><x-box>custom</x-box></div><div><o:p>office</o:p></div>
<footer><p>Foot</p></footer></body></html>"""
WORDS = "words of the page"


def inside(outline, element, ancestor):
    """Whether a row is the other one or stands inside it."""
    while element > ancestor:
        element = outline.parent[element]
    return element == ancestor


class TestLaws:
    """What holds on every page."""

    @settings(max_examples=80)
    @given(SOUP)
    def test_the_blocks_joined_are_the_page_text(self, html):
        """Spans tile it but for one line end between neighbours; links begin inside their block, in order."""
        page = parse_html(html)
        assert "\n".join(block.text for block in page.blocks) == page.text
        for index, block in enumerate(page.blocks):
            start, end = block.span
            assert (block.index, page.text[start:end]) == (index, block.text)
            assert block.text.strip()
            assert all(0 <= link.start < len(block.text) for link in block.links)
            assert all(a.end <= b.start for a, b in pairwise(block.links))

    @settings(max_examples=80)
    @given(SOUP)
    def test_the_outline_is_a_tree_in_document_order(self, html):
        """Parents come first, columns are of one length, and each element has exactly the blocks inside it."""
        page = parse_html(html)
        outline = page.outline
        rows = range(len(outline.tag))
        assert len(rows) == len(outline.parent) == len(outline.attributes)
        assert len(rows) == len(outline.first_block) == len(outline.end_block)
        assert (outline.tag[0], outline.parent[0]) == ("html", -1)
        assert all(0 <= outline.parent[row] < row for row in rows[1:])
        for row in rows:
            found = [block.index for block in page.blocks if inside(outline, block.element, row)]
            assert found == list(range(outline.first_block[row], outline.end_block[row]))

    @settings(max_examples=30)
    @given(WELL_FORMED)
    def test_every_xpath_leads_to_the_text(self, html):
        """On a tree of another HTML5 parser, the element named holds the block's words."""
        assert_xpaths_lead_to_text(html)

    @settings(max_examples=60)
    @given(ANY_TEXT)
    def test_any_text_parses(self, text):
        """Controls, noncharacters and lone surrogates too; the page text can be written as UTF-8."""
        page = parse_html(text)
        page.text.encode()
        assert page.mode is Mode.HTML


def assert_xpaths_lead_to_text(html: str) -> None:
    """Evaluate each block's xpath on html5lib's tree of lexbor's own serialisation."""
    from html5lib import HTMLParser, treebuilders
    from selectolax.lexbor import LexborHTMLParser

    written = LexborHTMLParser(html).html or ""
    root: Any = HTMLParser(treebuilders.getTreeBuilder("lxml"), namespaceHTMLElements=False).parse(written)
    page = parse_html(html)
    places = page.outline.xpaths([block.element for block in page.blocks])
    for block in page.blocks:
        (element,) = root.xpath(places[block.element])
        text = "".join("".join(element.itertext()).split())
        assert "".join(block.text.split()) in text, places[block.element]


class TestXPaths:
    """Where a block stands."""

    def test_on_a_page(self):
        """Lists, tables, custom elements and repeated paragraphs."""
        assert_xpaths_lead_to_text(PAGE.replace("o:p", "o-p"))

    def test_positions_are_given_where_they_are_needed(self):
        """Among elements of the same name only; names that XPath does not take are compared as strings."""
        page = parse_html(PAGE)
        assert {block.text: page.outline.xpath(block.element) for block in page.blocks} == {
            "Home": "/html/body/header/nav/ul/li[1]/a",
            "Blog": "/html/body/header/nav/ul/li[2]/a",
            "First.": "/html/body/div[1]/p[1]",
            "Second bold words.": "/html/body/div[1]/p[2]",
            "Inner.": "/html/body/div[1]/div/p",
            "after": "/html/body/div[1]",
            "1\t2": "/html/body/table/tbody/tr[1]",
            "3\t4": "/html/body/table/tbody/tr[2]",
            "custom": "/html/body/div[2]/x-box",
            "office": "/html/body/div[3]/*[name()='o:p']",
            "Foot": "/html/body/footer/p",
        }

    def test_skipped_elements_take_no_position(self):
        """A script between two paragraphs is no row, and no paragraph."""
        page = parse_html("<p>a</p><script>x</script><p>b</p>")
        assert "script" not in page.outline.tag
        assert [page.outline.xpath(block.element) for block in page.blocks] == ["/html/body/p[1]", "/html/body/p[2]"]


class TestPage:
    """The page's other fields."""

    @given(SOUP)
    def test_utf8_is_the_same_page_as_its_characters(self, html):
        """Bytes need not be decoded first."""
        html = html.encode("utf-8", "replace").decode()
        assert parse_html(html.encode()) == parse_html(html)

    def test_fields(self):
        """Mode, address, head and no warnings."""
        page = parse_html(PAGE, url="https://example.org/")
        assert (page.mode, page.url, page.title, page.language, page.warnings) == (
            Mode.HTML,
            "https://example.org/",
            "t",
            "en",
            (),
        )

    def test_attributes_are_kept_as_parsed(self):
        """Names in lower case, entities read, None where no value was written; void elements have none."""
        outline = parse_html("<P CLASS='A  b' hidden title='&lt;'>x<img src=y>").outline
        at = outline.tag.index("p")
        assert dict(outline.attributes[at]) == {"class": "A  b", "hidden": None, "title": "<"}
        assert dict(outline.attributes[outline.tag.index("img")]) == {}

    @pytest.mark.parametrize(
        ("text", "found"),
        [("a\ud83d\ude42b", "a🙂b"), ("a\ud800b", "a\ufffdb"), ("a&#xD800;b", "a\ufffdb"), ("a&#0;b", "a\ufffdb")],
    )
    def test_surrogates(self, text, found):
        """Pairs are the character they mean; halves are replaced."""
        assert parse_html(f"<p>{text}").text == found

    @pytest.mark.parametrize("html", ["", " ", "<!-- -->", "\0", "\ufeff"])
    def test_an_empty_page_has_no_blocks(self, html):
        """And raises nothing."""
        assert parse_html(html).text.strip("\ufeff") == ""

    def test_a_text_of_megabytes_is_whole(self):
        """Over the ten million characters at which libxml2 drops the rest of a page."""
        html = f"<p>{'words and ' * 1_100_000}</p><p>last</p>"
        page = parse_html(html)
        assert (len(page.text), page.blocks[-1].text, page.warnings) == (11_000_004, "last", ())


class TestNothingIsExpandedOrFetched:
    """Entities, document types and includes of XML mean nothing here (P5)."""

    @pytest.mark.parametrize(
        "page",
        [
            '<!DOCTYPE html [<!ENTITY canary SYSTEM "file://{path}">]><p>words of the page &canary;</p>',
            '<?xml?><!DOCTYPE x [<!ENTITY canary SYSTEM "file://{path}">]><p>words of the page &canary;</p>',
            '<!DOCTYPE html SYSTEM "file://{path}"><p>words of the page</p>',
            '<p xmlns:xi="http://www.w3.org/2001/XInclude">words of the page<xi:include href="{path}" parse="text"/>',
            '<!DOCTYPE x [<!ENTITY % canary SYSTEM "file://{path}"> %canary;]><p>words of the page</p>',
        ],
    )
    def test_external_entities(self, page, tmp_path):
        """A file that they name is not read."""
        canary = tmp_path / "canary.txt"
        canary.write_text("the canary sings")
        text = parse_html(page.replace("{path}", str(canary))).text
        assert WORDS in text
        assert "sings" not in text

    def test_entities_that_name_each_other(self):
        """A billion laughs stay one word."""
        levels = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
        page = parse_html(f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><p>&l9; {WORDS}</p>')
        assert WORDS in page.text
        assert len(page.text) < 2_000

    @settings(max_examples=60)
    @given(ANY_TEXT)
    def test_escaped_text_comes_back(self, text):
        """Each character reference is read once, and no more: what was escaped is no markup."""
        words = re.sub("[\0\ud800-\udfff]", "", text).split()
        page = parse_html(f"<p>x {entities.escape(' '.join(words))}</p>")
        assert page.text.split() == ["x", *words]
