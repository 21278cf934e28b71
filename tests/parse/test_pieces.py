"""Pieces of text and links to a block's text with offsets."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Link
from stripper.parse.pieces import BREAK, lines, row, squashed


def opens(href):
    """A link that opens."""
    return Link(0, 0, href)


WORDS = st.text(st.sampled_from("ab \n\t\xa0é日"), max_size=6)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a b", "a b"),
        ("", ""),
        (" \n\t ", ""),
        ("  a \n\t b  ", "a b"),
        ("a\xa0\u2003b\u2028c", "a b c"),
        (f"a{BREAK}b", "a\nb"),
        (f" {BREAK} a {BREAK} {BREAK} b {BREAK}", "a\nb"),
    ],
)
def test_white_space_is_squashed(raw, text):
    """Any run of it is one space, a break is a line end, and no line is empty."""
    assert lines(raw) == text


@pytest.mark.parametrize(
    ("pieces", "text", "links"),
    [
        ([], "", ()),
        (["a"], "a", ()),
        (["a ", " b", "c"], "a bc", ()),
        ([opens("/x"), " a ", None], "a", (Link(0, 1, "/x"),)),
        (["see ", opens("/x"), "a", None, "."], "see a.", (Link(4, 5, "/x"),)),
        (["see", opens("/x"), " a ", None, "b"], "see a b", (Link(4, 5, "/x"),)),
        ([opens("/x"), "a", None, " ", opens("/y"), "b", None], "a b", (Link(0, 1, "/x"), Link(2, 3, "/y"))),
        ([opens("/x"), "a ", "b", None, "c"], "a bc", (Link(0, 3, "/x"),)),
        ([opens("/x"), "a"], "a", (Link(0, 1, "/x"),)),
        ([opens("/x"), "a", opens("/y"), "b", None], "ab", (Link(0, 1, "/x"), Link(1, 2, "/y"))),
        (["a", opens("/x"), " ", None, "b"], "a b", ()),
        ([opens("/x"), None, "a"], "a", ()),
        (["a", BREAK, opens("/x"), "b", None], "a\nb", (Link(2, 3, "/x"),)),
        ([opens("/x"), "t", BREAK, None], "t", (Link(0, 1, "/x"),)),
        ([opens("/x"), "t", BREAK, None, "u"], "t\nu", (Link(0, 1, "/x"),)),
        ([opens("/x"), "t", None, BREAK, opens("/y"), BREAK, None, "u"], "t\nu", (Link(0, 1, "/x"),)),
        ([opens("/x"), "a", BREAK, "b", None, BREAK], "a\nb", (Link(0, 3, "/x"),)),
        ([BREAK, BREAK, opens("/x"), "a", None, BREAK, BREAK, " b"], "a\nb", (Link(0, 1, "/x"),)),
    ],
)
def test_links_know_their_place(pieces, text, links):
    """`text[start:end]` are the words of the link; a link without words is none."""
    assert squashed(pieces) == (text, links)


@given(st.lists(st.tuples(st.booleans(), WORDS), max_size=12))
def test_links_change_no_text(parts):
    """The text is that of the pieces alone, and every link's slice is its own words."""
    pieces = []
    for is_link, words in parts:
        pieces += [opens(words), words, None] if is_link else [words]
    text, links = squashed(pieces)
    assert text == lines("".join(words for _, words in parts))
    assert [(text[start:end], href) for start, end, href in links] == [
        (lines(words), words) for is_link, words in parts if is_link and lines(words)
    ]


def test_cells_are_parted_by_tabs():
    """Links move with their cell."""
    cells = [("a", (Link(0, 1, "/x"),)), ("bc", ()), ("d", (Link(0, 1, "/y"),))]
    assert row(cells) == ("a\tbc\td", (Link(0, 1, "/x"), Link(5, 6, "/y")))


def test_many_links_in_one_block_take_linear_time():
    """200,000 links are joined in less than two seconds (the text is not copied for each)."""
    pieces = [opens("/x"), "word", None, " "] * 200_000
    start = time.process_time()
    text, links = squashed(pieces)
    assert time.process_time() - start < 2
    assert (len(text), len(links)) == (5 * 200_000 - 1, 200_000)
