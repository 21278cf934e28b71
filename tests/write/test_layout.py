"""Which characters belong to which block, and what the clean text is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from stripper.datatypes import Mode
from stripper.write.layout import lay_out
from tests.write.handmade import html_page, html_pages, lines_page, text_page, text_pages, verdict

if TYPE_CHECKING:
    from stripper.write import Stripped


@pytest.mark.parametrize(
    "text",
    [
        "One\n\nTwo\n",
        "\n\n  One\nTwo  \n\n\n",
        "One\r\n\r\nTwo\r\n",
        "One\rTwo",
        "\ufeffOne\x00Two\x85Three\u2028Four",
        "\ud800 alone",
    ],
)
def test_clean_input_comes_back_as_it_is(text: str) -> None:
    """Where nothing is removed, the clean text is the input, character for character."""
    assert lines_page(text, junk=()).text == text


@pytest.mark.parametrize(
    ("text", "junk", "clean"),
    [
        ("Article\n\nCheck Also\n", ["Check Also"], "Article"),
        ("menu\n\nTitle\n\nBody\n", ["menu"], "Title\n\nBody\n"),
        ("A\n\njunk\n\nC", ["junk"], "A\n\nC"),
        ("A\n\njunk\n\nC\n\njunk\n", ["junk"], "A\n\nC"),
        ("\n\n  menu\n  Body", ["menu"], "Body"),
        ("\n\nBody\n\nad\n\n", ["ad"], "\n\nBody"),
        ("A\r\n\r\njunk\r\n\r\nC\r\n", ["junk"], "A\r\n\r\nC\r\n"),
        ("ad\n\nad\n", ["ad"], ""),
    ],
)
def test_a_removed_line_takes_its_blank_line_along(text: str, junk: list[str], clean: str) -> None:
    """White space goes with the block before it, but a clean text does not end in the way to the junk."""
    assert lines_page(text, junk).text == clean


def test_html_blocks_are_joined_by_line_ends() -> None:
    """The clean text of HTML is the kept blocks, one below the other."""
    page = html_page([verdict("Menu", kept=False), verdict("A"), verdict("Ad", kept=False), verdict("B\nb")])
    assert page.text == "A\nB\nb"


def test_a_page_without_blocks_has_no_text() -> None:
    """An HTML page that shows nothing is an empty text, not an error."""
    page = html_page([])
    assert (page.text, lay_out(page.page, page.verdicts)) == ("", ())


@given(text_pages())
def test_text_spans_tile_the_input(page: Stripped) -> None:
    """Law 1, text: one span begins where the other ends, the first at 0, the last at the end."""
    places = lay_out(page.page, page.verdicts)
    ends = [0, *(place.span[1] for place in places)]
    assert [place.span[0] for place in places] == ends[:-1]
    assert ends[-1] == len(page.page.text)


@given(html_pages())
def test_html_spans_leave_only_the_joints(page: Stripped) -> None:
    """Law 1, HTML: between two spans stands one line end, and nothing before the first or behind the last."""
    places = lay_out(page.page, page.verdicts)
    at = 0
    for place in places:
        assert place.span[0] == at
        at = place.span[1] + 1
    assert at - 1 == len(page.page.text) if places else page.page.text == ""


@given(text_pages() | html_pages())
def test_out_spans_point_at_the_blocks_text(page: Stripped) -> None:
    """`out` finds in the clean text what `span` finds in the page text; nothing else is in it (law 4)."""
    joint = "\n" if page.page.mode is Mode.HTML else ""
    pieces = []
    for v, place in zip(page.verdicts, lay_out(page.page, page.verdicts), strict=True):
        if v.kept:
            assert page.text[slice(*place.out)] == page.page.text[slice(*place.span)]
            pieces.append(page.text[slice(*place.out)])
    assert joint.join(pieces) == page.text


@given(text_pages() | html_pages())
def test_a_block_lies_inside_its_span(page: Stripped) -> None:
    """A block's own text is never given to another block."""
    for v, place in zip(page.verdicts, lay_out(page.page, page.verdicts), strict=True):
        assert place.span[0] <= v.block.span[0] <= v.block.span[1] <= place.span[1]


def test_a_removed_block_stands_where_the_last_kept_one_ends() -> None:
    """The place of a removed block in the clean text is the end of the kept block before it, 0 without one."""
    page = text_page("ab cd ef", [(0, 2), (3, 5), (6, 8)], [False, True, False])
    assert [place.out for place in lay_out(page.page, page.verdicts)] == [(0, 0), (0, 2), (2, 2)]
