"""Two records of one page: what changed sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given

from stripper.datatypes import Kind
from stripper.review.compare import compare
from tests.write.handmade import html_page, html_pages, lines_page, text_pages, verdict

if TYPE_CHECKING:
    from stripper.write import Stripped


@given(html_pages() | text_pages())
def test_a_record_is_no_different_from_itself(page: Stripped) -> None:
    """Whatever stands in it."""
    found = compare(page.record(), page.record())
    assert (found.same_page, found.changes) == (True, ())


@given(html_pages())
def test_every_block_that_changed_sides_is_found(page: Stripped) -> None:
    """Each once, in order, with both fates; the other way round everything is mirrored."""
    turned = [replace(v, kept=not v.kept) for v in page.verdicts]
    other = html_page(turned)
    found = compare(page.record(), other.record())
    assert [change.before.id for change in found.changes if change.before] == list(range(len(turned)))
    assert [change.sort for change in found.changes] == ["kept" if v.kept else "removed" for v in turned]
    assert [change.text for change in found.changes] == [v.block.text for v in turned]


def test_white_space_that_changes_hands_is_no_change() -> None:
    """In plain text a block owns the white space around it, and which one does depends on what is kept."""
    text = "Article\n\n\nCheck Also\n\nLeave a reply\n"
    found = compare(
        lines_page(text, ["Leave a reply"]).record(), lines_page(text, ["Check Also", "Leave a reply"]).record()
    )
    (change,) = found.changes
    assert (change.sort, change.text.strip()) == ("removed", "Check Also")


def test_another_kind_is_a_change() -> None:
    """Of removed blocks too."""
    one, two = (html_page([verdict("x y", kept=False, kind=kind)]) for kind in (Kind.RELATED, Kind.POPULAR))
    found = compare(one.record(), two.record())
    assert found.words() == {("kind", "related", "popular"): 2}


def test_other_blocks_of_the_same_text_are_matched_by_place() -> None:
    """Another version parted the page otherwise: the stretch that changed is told."""
    one = html_page([verdict("a b\nc d")])
    two = html_page([verdict("a b"), verdict("c d", kept=False)])
    assert one.page.text == two.page.text
    (change,) = compare(one.record(), two.record()).changes
    assert (change.sort, change.text, change.words) == ("removed", "c d", 2)


def test_a_text_that_stands_twice_is_matched_in_order() -> None:
    """The page changed above it: the first is the first, the second the second."""
    one = html_page([verdict("Ad", kept=False), verdict("text"), verdict("Ad")])
    two = html_page([verdict("new"), verdict("Ad", kept=False), verdict("text"), verdict("Ad", kept=False)])
    found = compare(one.record(), two.record(), (one.text, two.text))
    assert not found.same_page
    assert [(change.sort, change.text) for change in found.changes] == [("removed", "Ad"), ("new", "new")]
