"""The value that a caller holds."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from types import MappingProxyType

import pytest
from hypothesis import given

from stripper.datatypes import Kind, Metadata, Outline
from stripper.options import Options
from stripper.write import Stripped, without_attributes
from tests.write.handmade import html_page, html_pages, link, text_page, text_pages, verdict


@given(text_pages() | html_pages())
def test_it_pickles(page: Stripped) -> None:
    """A worker can send it: after the trip it is equal, and so is its record."""
    sent = pickle.loads(pickle.dumps(page))  # noqa: S301  our own bytes
    assert sent == page
    assert sent.record() == page.record()


def test_attributes_stay_where_the_page_was_parsed() -> None:
    """The elements' attributes, which may not even pickle, are dropped; the record does not change."""
    outline = Outline((-1,), ("html",), (MappingProxyType({"class": "x"}),), (0,), (1,))
    page = html_page([verdict("A", element=0)])
    full = replace(page, page=replace(page.page, outline=outline))
    light = replace(full, page=without_attributes(full.page))
    assert light.record() == full.record()
    assert pickle.loads(pickle.dumps(light)) == light  # noqa: S301  our own bytes


def test_kept_and_removed_are_the_verdicts() -> None:
    """Two views on one tuple: together they are all of it, in order."""
    page = html_page([verdict("A"), verdict("B", kept=False), verdict("C")])
    assert [v.block.text for v in page.kept] == ["A", "C"]
    assert [v.block.text for v in page.removed] == ["B"]
    assert sorted(page.kept + page.removed, key=lambda v: v.block.index) == list(page.verdicts)


@pytest.mark.parametrize(
    ("metadata", "headline", "head", "title"),
    [
        ("By metadata", "Headline", "Head | Site", "By metadata"),
        (None, "Head\nline", "Head | Site", "Head line"),
        (None, None, "Head | Site", "Head | Site"),
        (None, None, None, None),
    ],
)
def test_title(metadata: str | None, headline: str | None, head: str | None, title: str | None) -> None:
    """The title is the metadata's, else the headline, else the head's; one line."""
    blocks = [verdict("Text"), *([verdict(headline, kind=Kind.TITLE)] if headline else [])]
    page = html_page(blocks, metadata=Metadata(title=metadata))
    page = replace(page, page=replace(page.page, title=head))
    assert page.title == title
    assert page.record()["page"]["title"] == title


def test_markdown_obeys_the_options() -> None:
    """Links in Markdown are an option; the clean text never has them."""
    text = "See this"
    page = html_page([verdict(text, links=(link(text, "this", "https://x.example/"),))])
    assert page.markdown == "See [this](https://x.example/)\n"
    assert replace(page, options=Options(markdown_links=False)).markdown == "See this\n"
    assert page.text == text


def test_markdown_of_plain_text_lets_lines_flow() -> None:
    """The line ends of a hard-wrapped paragraph are white space, not breaks."""
    assert text_page("one\r\ntwo", [(0, 8)], [True]).markdown == "one\ntwo\n"


def test_it_is_frozen() -> None:
    """A result cannot be changed under the hands of another reader."""
    with pytest.raises(FrozenInstanceError):
        html_page([]).text = "x"  # type: ignore[misc]


def test_its_repr_is_short() -> None:
    """In a shell a page is one line, not the whole page."""
    assert repr(html_page([verdict("A" * 9999), verdict("B", kept=False)])) == (
        "<Stripped 'page': 1 blocks kept, 1 removed>"
    )
