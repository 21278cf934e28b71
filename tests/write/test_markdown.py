"""Markdown: read back by a CommonMark parser, it says what the blocks say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stripper.datatypes import Kind, Link, Role, Verdict
from stripper.write.markdown import markdown
from tests.write.handmade import link, verdict

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# What Markdown gives a meaning to, and a few words: dense enough to hit every rule.
_MARKS = st.sampled_from([*"\\`*_{}[]()<>#+-=.!|~&:;^$\"'/ab1 \n\t", "&amp;", "<b>", "1.", "---", "__", "![", "  "])
_MARKED = st.lists(_MARKS, min_size=1, max_size=25).map("".join)
_PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
_HREFS = st.sampled_from(["https://x.example/a_(b)?c=d&copy=1", "/ b", "m.html", "mailto:a@x.example", "x|y\\", "é`<>"])


@st.composite
def _kept(draw: st.DrawFn) -> Verdict:
    text = draw(_MARKED | _PLAIN)
    links = []
    if draw(st.booleans()):
        start = draw(st.integers(0, len(text)))
        links = [Link(start, draw(st.integers(start, len(text))), draw(_HREFS))]
    kind = draw(st.sampled_from([Kind.CONTENT, Kind.CONTENT, Kind.TITLE]))
    return verdict(
        text,
        kind=kind,
        role=draw(st.sampled_from(Role)),
        level=draw(st.integers(0, 4)),
        ordinal=draw(st.integers(0, 12)),
        links=tuple(links),
    )


def words_of(source: str) -> list[str]:
    """Return the words that a reader of rendered Markdown sees; nothing but text may have come of it."""
    seen = []
    for token in READER.parse(source):
        assert token.type not in ("hr", "html_block", "code_block"), token
        if token.type == "fence":
            seen.append(token.content)
        for child in token.children or []:
            assert child.type in ("text", "softbreak", "hardbreak", "link_open", "link_close", "text_special"), child
            seen.append(child.content or ("\n" if "break" in child.type else ""))
        seen.append("\n")
    return "".join(seen).split()


@given(st.lists(_kept(), max_size=6), st.booleans(), st.booleans())
def test_text_round_trips(kept: list[Verdict], links: bool, breaks: bool) -> None:  # noqa: FBT001  drawn
    """Whatever characters a block holds, a reader of the Markdown sees the block's words and no others."""
    source = markdown(kept, links=links, breaks=breaks)
    assert words_of(source) == [word for v in kept for word in v.block.text.split()]


@pytest.mark.parametrize(
    "text",
    [
        "A sentence, with commas; and (brackets) - and 3 + 4 = 7, 50 % off.",
        "snake_case_name and 2024-05-01",
        "-5 degrees, +1 point, #1 of 3 (no. 1.)",
        "AT&T and R&D, 3 < 4 > 2",
        "Why? Because! e-mail a@b.example or https://x.example/path",
    ],
)
def test_common_text_stays_as_it_is(text: str) -> None:
    """Only what would mean something is escaped."""
    assert markdown([verdict(text)]) == text + "\n"


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([verdict("Headline", kind=Kind.TITLE, role=Role.HEADING, level=3)], "# Headline\n"),
        ([verdict("Part", role=Role.HEADING, level=2), verdict("Text")], "## Part\n\nText\n"),
        ([verdict("C #", role=Role.HEADING, level=9)], "###### C \\#\n"),
        ([verdict("# no heading")], "\\# no heading\n"),
        ([verdict("1. no list")], "1\\. no list\n"),
        ([verdict("one\ntwo")], "one\\\ntwo\n"),
        ([verdict("Said", role=Role.QUOTE), verdict("Done", role=Role.QUOTE)], "> Said\n>\n> Done\n"),
        ([verdict("x = `1`\n  y", role=Role.CODE)], "```\nx = `1`\n  y\n```\n"),
        ([verdict("a ``` b", role=Role.CODE)], "````\na ``` b\n````\n"),
        ([verdict("A caption", role=Role.CAPTION)], "A caption\n"),
        ([], ""),
    ],
)
def test_shapes(kept: list[Verdict], expected: str) -> None:
    """Each role has its form."""
    assert markdown(kept) == expected


def _item(text: str, level: int = 1, ordinal: int = 0) -> Verdict:
    return verdict(text, role=Role.LIST_ITEM, level=level, ordinal=ordinal)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([_item("a"), _item("b")], "- a\n- b\n"),
        ([_item("a"), _item("b", 2), _item("c", 3), _item("d")], "- a\n  - b\n    - c\n- d\n"),
        ([_item("a", ordinal=9), _item("b", ordinal=10), _item("c", 2)], "9. a\n10. b\n    - c\n"),
        ([_item("a"), _item("b", 2, 3)], "- a\n\n  3. b\n"),
        ([_item("a", 3), _item("b", 2)], "- a\n- b\n"),
        ([_item("a"), verdict("more of a", level=1), _item("b")], "- a\n\n  more of a\n- b\n"),
        ([_item("two\nlines")], "- two\\\n  lines\n"),
        ([_item("a"), verdict("after")], "- a\n\nafter\n"),
    ],
)
def test_lists(items: list[Verdict], expected: str) -> None:
    """Lists keep their depth and their numbers."""
    assert markdown(items) == expected


def test_nested_lists_read_back_nested() -> None:
    """A parser sees the depth that the page had."""
    source = markdown([_item("a"), _item("b", 2, 1), _item("c", 2, 2), _item("d", 3), _item("e")])
    html = READER.render(source).replace("\n", "")
    assert html == "<ul><li>a<ol><li>b</li><li>c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>"


def test_rows_make_one_table() -> None:
    """Rows that follow each other are a table; short ones are filled up, pipes are escaped."""
    rows = [verdict(text, role=Role.ROW) for text in ("Name\tSize", "a|b\t1\t2", "\tlast")]
    assert markdown(rows) == (
        "| Name | Size |  |\n| --- | --- | --- |\n| a\\|b | 1 | 2 |\n|  | last |  |\n"
    )  # fmt: skip


def _linked(text: str, words: str, href: str, role: Role = Role.TEXT) -> Verdict:
    return verdict(text, role=role, links=(link(text, words, href),))


@pytest.mark.parametrize(
    ("v", "expected"),
    [
        (_linked("See this now", "this", "//x.example/a?b=1&c=2"), "See [this](//x.example/a?b=1&c=2) now\n"),
        (_linked("See this", "this", "/path (1)"), "See [this](/path%20\\(1\\))\n"),
        (_linked("Mail me", "me", "MAILTO:a@x.example"), "Mail [me](MAILTO:a@x.example)\n"),
        (_linked("Wow!here", "here", "a"), "Wow\\![here](a)\n"),
        (_linked("a\tb here", "here", "x|y", Role.ROW), "| a | b [here](x%7Cy) |\n| --- | --- |\n"),
        (_linked("a [b] c", "[b]", "u"), "a [\\[b\\]](u) c\n"),
    ],
)
def test_links(v: Verdict, expected: str) -> None:
    """Links to pages and addresses are kept, with targets that end where they should."""
    assert markdown([v]) == expected


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "\x01javascript:x",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "#comments",
        "",
        "  ",
    ],
)
def test_links_that_are_not_written(href: str) -> None:
    """A target that runs code, or leads nowhere outside the page, leaves its words as they are."""
    assert markdown([_linked("Press here", "here", href)]) == "Press here\n"


def test_a_target_cannot_hide_its_scheme_in_an_entity() -> None:
    """What a Markdown reader would decode into a scheme stays escaped."""
    html = READER.render(markdown([_linked("Press here", "here", "javascript&colon;alert(1)")]))
    assert 'href="javascript&amp;colon;alert(1)"' in html


def test_links_can_be_left_out() -> None:
    """Without links the text is the same."""
    assert markdown([_linked("See this", "this", "https://x.example/")], links=False) == "See this\n"


def test_links_do_not_overlap() -> None:
    """Of two links on the same words the first is written."""
    v = verdict("one two", links=(Link(0, 7, "a"), Link(4, 7, "b")))
    assert markdown([v]) == "[one two](a)\n"
