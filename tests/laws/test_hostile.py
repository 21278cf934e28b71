"""Pages made to break parsers: nothing is lost in silence, and time grows with the size of the page, no faster."""

from __future__ import annotations

import gc
import json
import time

import pytest

from stripper import StripperError, strip_html, strip_text
from stripper.errors import EmptyInput, UnsupportedInput
from tests.laws import checks

MARK = "marker-of-the-last-paragraph"
LAST = f"<p>The {MARK} stands at the end of the page.</p>"
PROSE = "<p>The council met on Tuesday and agreed, after a long debate, to mend the old bridge before winter.</p>"


def nested(tag, levels):
    """Elements in one another, text in the innermost, closed in order."""
    return f"<{tag}>" * levels + "inner words" + f"</{tag}>" * levels + LAST


# Name -> page of about n pieces.
HOSTILE = {
    "nested div": lambda n: nested("div", n),
    "nested span": lambda n: nested("span", n),
    "nested font": lambda n: nested("font", n),
    "nested b": lambda n: nested("b", n),
    "nested a": lambda n: nested("a", n),
    "nested blockquote": lambda n: nested("blockquote", n),
    "nested custom element": lambda n: nested("my-box", n),
    "nested lists": lambda n: "<ul><li>item " * n + "</ul>" * n + LAST,
    "nested tables": lambda n: "<table><tr><td>cell " * n + "</table>" * n + LAST,
    "nested svg": lambda n: "<svg>" * n + "</svg>" * n + LAST,
    "unclosed div": lambda n: "<div>word " * n + LAST,
    "unclosed font": lambda n: "<font>word " * n + LAST,
    "unclosed p": lambda n: "<p>word " * n + LAST,
    "unclosed li": lambda n: "<ul>" + "<li>word " * n + "</ul>" + LAST,
    "unclosed formatting": lambda n: "<b><i><a><p>word " * n + LAST,
    "unclosed formatting with attributes": lambda n: "".join(f"<b id={i}><p>word " for i in range(n)) + LAST,
    "misnested formatting": lambda n: "<b><p>one</b>two</p>" * n + LAST,
    "unclosed select": lambda n: "<select><option>one" * n + "</select>" + LAST,
    "unclosed button": lambda n: "<button>press " * n + "</button>" * n + LAST,
    "foster parents": lambda n: "<table>" + "word<b>" * n + "</table>" + LAST,
    "end tags without start": lambda n: "</div></p></b></table>" * n + LAST,
    "attributes on one tag": lambda n: "<div " + " ".join(f"a{i}=b" for i in range(n)) + ">words</div>" + LAST,
    "the same attribute again": lambda n: "<div " + "class=a " * n + ">words</div>" + LAST,
    "class tokens on one tag": lambda n: '<div class="' + " ".join(f"c{i}" for i in range(n)) + '">words</div>' + LAST,
    "a long attribute": lambda n: '<div title="' + "x" * 20 * n + '">words</div>' + LAST,
    "a long tag name": lambda n: "<" + "x" * 20 * n + ">words" + LAST,
    "a long word": lambda n: "<p>" + "x" * 20 * n + "</p>" + LAST,
    "a long paragraph": lambda n: "<p>" + "words of prose, " * n + "</p>" + LAST,
    "links in one paragraph": lambda n: "<p>" + "<a href=/x>link</a> " * n + "</p>" + LAST,
    "empty links": lambda n: "<p>" + "<a href=/x></a>" * n + "</p>" + LAST,
    "line breaks": lambda n: "<p>" + "line<br>" * n + "</p>" + LAST,
    "cells in one row": lambda n: "<table><tr>" + "<td>1" * n + "</table>" + LAST,
    "lines of code": lambda n: "<pre>" + "a = b\n" * n + "</pre>" + LAST,
    "character references": lambda n: "<p>" + "&amp;&eacute;&#233;&notit;" * n + "</p>" + LAST,
    "ampersands": lambda n: "<p>" + "&" * 10 * n + "</p>" + LAST,
    "less-than signs": lambda n: "<" * 10 * n + LAST,
    "comments": lambda n: "<!-- x -->" * n + LAST,
    "comment starts": lambda n: PROSE + "<!--" * n + "-->" + LAST,
    "NULs": lambda n: PROSE + "<p>a\0b\0</p>" * n + LAST,
    "scripts": lambda n: "<script>var a = '<div>';</script>" * n + LAST,
    "headings": lambda n: "<h2>Related posts</h2><h2>Leave a Reply</h2>" * n + LAST,
    "the same junk line": lambda n: PROSE + "<p>Advertisement</p>" * n + LAST,
    "paragraphs": lambda n: PROSE * n + LAST,
    "siblings of many kinds": lambda n: "".join(f"<x{i % 997}>word</x{i % 997}>" for i in range(n)) + LAST,
    "a class for each box": lambda n: "".join(f"<div class='box-{i} c{i}x'><p>w{i}</div>" for i in range(n)) + LAST,
    "rows of links": lambda n: "<table>" + "<tr><td><a href=/a>one</a><td>two" * n + "</table>" + LAST,
    "deep boxes side by side": lambda n: ("<div class=box>" * 99 + "<p>a<p>b" + "</div>" * 99) * (n // 100) + LAST,
    "white space": lambda n: "<p>a" + " \n\t" * 5 * n + "b</p>" + LAST,
    "no-break spaces": lambda n: "<p>a" + "&nbsp;" * 5 * n + "b</p>" + LAST,
}
HOSTILE_TEXT = {
    "one long line": lambda n: "word " * 5 * n,
    "one long word": lambda n: "x" * 20 * n,
    "short lines": lambda n: "Advertisement\n" * n,
    "blank lines": lambda n: "a" + "\n" * 10 * n + "b",
    "spaces": lambda n: "a" + " " * 10 * n + "b",
    "carriage returns": lambda n: "line\r" * n,
    "less-than signs": lambda n: "a " + "<" * 10 * n,
    "prose and junk": lambda n: "The council met on Tuesday and agreed to mend the bridge.\n\nCheck Also\n" * n,
}
EACH_PAGE = pytest.mark.parametrize("name", HOSTILE)
EACH_TEXT = pytest.mark.parametrize("name", HOSTILE_TEXT)
SMALL = 3_000  # pieces
DEPTH = 100_000  # levels, and pieces of the large pages
MEASURABLE = 0.1  # seconds of CPU
WORST = 20.0  # seconds of CPU for any of them; the largest are 10 MB in 200,000 blocks


def seconds(call, page):
    """CPU time of one call, without the collector, whose rounds fall where they fall."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    call(page)
    spent = time.process_time() - start
    gc.enable()
    return spent


def assert_linear(call, make):
    """Twice the page takes at most 2.5 times the time: told over two doublings, where noise counts for less.

    A linear call takes 4 times as long for 4 times the page, a quadratic one 16 times.
    """
    size = SMALL
    while (once := seconds(call, make(size))) < MEASURABLE and size < 400_000:
        size *= 2
    small, large = make(size), make(4 * size)
    for _ in range(3):
        fourfold = seconds(call, large)
        if fourfold <= 2.5**2 * once:
            return
        once = max(once, seconds(call, small))
    pytest.fail(f"{size} pieces take {once:.2f} s, {4 * size} take {fourfold:.2f} s")


class TestSmall:
    """A few thousand of everything: fast enough for every run."""

    @EACH_PAGE
    def test_nothing_is_lost(self, name):
        """The last paragraph is on the page text, and the laws hold."""
        page = strip_html(HOSTILE[name](SMALL))
        assert MARK in page.page.text
        assert checks.violations(page) == []

    @EACH_TEXT
    def test_text_comes_back(self, name):
        """Clean text and record give the input back."""
        text = HOSTILE_TEXT[name](SMALL)
        assert checks.violations(strip_text(text), text) == []


@pytest.mark.slow
class TestLarge:
    """A hundred thousand of everything."""

    @EACH_PAGE
    def test_nothing_is_lost_in_bounded_time(self, name):
        """The last paragraph is there, in seconds of CPU, and the record can be made."""
        html = HOSTILE[name](DEPTH)
        start = time.process_time()
        page = strip_html(html)
        record = page.record()
        assert time.process_time() - start < WORST
        assert MARK in page.page.text
        assert record["totals"]["blocks"] == len(page.verdicts)

    @EACH_PAGE
    def test_time_grows_linearly(self, name):
        """Twice the page, at most 2.5 times the time."""
        assert_linear(lambda html: strip_html(html).record(), HOSTILE[name])

    @EACH_TEXT
    def test_time_on_text_grows_linearly(self, name):
        """The same for plain text."""
        assert_linear(lambda text: strip_text(text).record(), HOSTILE_TEXT[name])

    def test_a_text_node_of_50_megabytes(self):
        """Longer than lxml takes."""
        html = f"<p>{'words and ' * 5_000_000}</p>{LAST}"
        page = strip_html(html)
        assert MARK in page.page.text
        assert len(page.page.text) > 49_000_000
        assert checks.violations(page) == []

    def test_a_text_of_50_megabytes(self):
        """A text file as large comes back too."""
        text = "The council met and agreed to mend the bridge before the winter comes.\n" * 704_000
        assert checks.violations(strip_text(text), text) == []

    @pytest.mark.parametrize("value", ["x", "x > y "])
    def test_an_attribute_of_20_megabytes(self, value):
        """The words around it are all there, and where the attribute was given up the record says so."""
        page = strip_html(f'<div title="{value * (20_000_000 // len(value))}">words</div>{LAST}')
        assert [block.text for block in page.page.blocks] == ["words", LAST.removeprefix("<p>").removesuffix("</p>")]
        assert value != "x" or any("attributes" in warning for warning in page.record()["warnings"])
        assert checks.violations(page) == []


class TestOddCharacters:
    """Characters that JSON, UTF-8 and terminals stumble over."""

    ODD = "a\0b\ud800c\udfffd\ufffee\x1b[2Jf\u202eg\u2028h\ufeffi\U0001f600j"

    @pytest.mark.parametrize("call", [strip_html, strip_text])
    def test_the_record_is_json_that_any_reader_reads(self, call):
        """It has no character that UTF-8 cannot hold once it is JSON."""
        page = call(f"{self.ODD}\n\n{self.ODD}")
        written = json.dumps(page.record(), allow_nan=False).encode("ascii")
        assert json.loads(written) == page.record()
        assert checks.violations(page) == []

    @pytest.mark.parametrize("call", [strip_html, strip_text])
    @pytest.mark.parametrize("page", ["", b"", "  \n ", b"\0\0\0", b"\xef\xbb\xbf", b"\xff\xfe"])
    def test_an_empty_page_is_said_to_be_empty(self, call, page):
        """Nothing in, one clear error out."""
        with pytest.raises(EmptyInput):
            call(page)

    @pytest.mark.parametrize("data", [b"%PDF-1.7\n1 0 obj", b"\x7fELF\x02\x01\x01" + bytes(60), bytes(range(256)) * 40])
    def test_binary_data_is_refused(self, data):
        """No text is made up out of a picture or a program."""
        for call in (strip_html, strip_text):
            with pytest.raises(UnsupportedInput):
                call(data)

    def test_a_page_without_words_is_a_page_or_an_error(self):
        """Markup without text: no crash either way."""
        for html in (
            "<html></html>",
            "<!-- only a comment -->",
            "<script>x</script>",
            "<br>",
            "<p></p>",
            "<",
            "</",
            "<!",
            "&",
        ):
            try:
                page = strip_html(html)
            except StripperError:
                continue
            assert checks.violations(page) == []
