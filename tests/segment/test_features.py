"""What the model sees of a page has the same columns for every page, and numbers it can stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from stripper.datatypes import Block, Kind, Mode, Page, Role
from stripper.parse import parse_html, parse_text
from stripper.segment.containers import LEVELS
from stripper.segment.features import KIND_INDEX, bag, cue_columns, features, last_headings, repetition, title_overlap
from stripper.segment.measures import measure_blocks
from stripper.segment.network import load_model
from tests.laws.strategies import SOUP

COLUMNS = len(load_model().weights["mean"])
HTML = {
    "one letter": "<p>x",
    "one block": "<p>The council met on Tuesday.",
    "one symbol": "<p>☃",
    "one huge block": "<p>" + "words of prose, " * 20_000,
    "many tiny blocks": "<p>x" * 2_000,
    "many classes": "".join(f"<div class='box-{i} {'ab' * (i % 20)}'>x</div>" for i in range(1_000)),
    "a deep page": "<div>" * 400 + "<p>x</p>" + "</div>" * 400 + "<p>y",
    "a large table": "<table>" + "<tr><td>a<td>b<td><a href=/c>c</a>" * 1_000 + "</table>",
    "only links": "<nav>" + "<a href=/a><p>link</p></a>" * 50,
    "hidden": "<div hidden><p>one</div><noscript><p>two</noscript>",
    "odd characters": "<p>\ufffd\u202e\U0001f600 \u0301",
}


def check(seen, n):
    """The shapes that the class promises, and no number that is none or out of range."""
    boxes = len(seen.ranges)
    assert seen.dense.shape[0] == n
    assert seen.dense.dtype == np.float32
    assert np.isfinite(seen.dense).all()
    assert np.abs(seen.dense).max() < 40  # the depth of the tree, up to the guard's cap, is the largest
    assert [len(part.offsets) for part in (seen.words, seen.hrefs, seen.markup)] == [n + 1, n + 1, boxes + 1]
    for part in (seen.words, seen.hrefs, seen.markup):
        assert part.offsets[0] == 0
        assert part.offsets[-1] == len(part.ids)
        assert (np.diff(part.offsets) >= 0).all()
    assert seen.chain.shape == (n, LEVELS)
    assert ((seen.chain >= -1) & (seen.chain < boxes)).all()
    assert ((seen.heading >= -1) & (seen.heading < np.arange(n))).all()
    assert ((seen.ranges[:, 0] < seen.ranges[:, 1]) & (seen.ranges[:, 1] <= n)).all()
    assert np.isfinite(seen.page).all()
    assert (seen.words_per_block >= 1).all()
    assert ((seen.link_share >= 0) & (seen.link_share <= 1)).all()


@pytest.mark.parametrize("name", HTML)
def test_every_page_has_the_same_columns(name):
    """From one letter to sixty thousand words, in as many columns as the model was trained on."""
    page = parse_html(HTML[name])
    seen = features(page)
    check(seen, len(page.blocks))
    assert seen.dense.shape[1] == COLUMNS


@settings(max_examples=25)
@given(SOUP)
def test_any_page_can_be_seen(html):
    """Trees of any shape."""
    page = parse_html(html)
    if page.blocks:
        check(features(page), len(page.blocks))


@pytest.mark.parametrize("text", ["x", "one\n\ntwo\n", "# Title\n\n* item\n[link](x)\n" * 50])
def test_plain_text_can_be_seen(text):
    """Lines instead of a tree."""
    page = parse_text(text)
    check(features(page), len(page.blocks))


def page_of(*texts, roles=(), **more):
    """A page of these texts; `roles` of the first ones."""
    at = 0
    blocks = []
    for index, text in enumerate(texts):
        role = roles[index] if index < len(roles) else Role.TEXT
        blocks.append(Block(index, text, (at, at + len(text)), role))
        at += len(text) + 1
    return Page(Mode.HTML, "\n".join(texts), tuple(blocks), **more)


def test_rows_of_ids_are_packed_one_behind_the_other():
    """Empty ones, too."""
    packed = bag([[1, 2], [], [3]])
    assert packed.ids.tolist() == [1, 2, 3]
    assert packed.offsets.tolist() == [0, 2, 2, 3]
    assert bag([]).offsets.tolist() == [0]


def test_the_last_heading_is_the_one_before():
    """A heading's own is the one above it."""
    roles = (Role.TEXT, Role.HEADING, Role.TEXT, Role.HEADING)
    assert last_headings(page_of("a", "b", "c", "d", "e", roles=roles)).tolist() == [-1, -1, 1, 1, 3]


def test_repeated_texts_are_counted():
    """How often, and whether it stood before."""
    counted = repetition(page_of("share", "one", "share", "share"))
    assert counted[:, 1].tolist() == [0, 0, 1, 1]
    assert counted[0, 0] == counted[2, 0] > counted[1, 0] == 0


def test_the_title_is_found_again():
    """Share of the title's words, share of the block's, and whether the whole block is in it."""
    page = page_of("Old bridge mended", "bridge", "something else", title="Old Bridge Mended - The Paper")
    overlap = title_overlap(page)
    assert overlap[0].tolist() == pytest.approx([3 / 6, 1, 1])
    assert overlap[1].tolist() == pytest.approx([1 / 6, 1, 0])
    assert overlap[2].tolist() == [0, 0, 0]
    assert not title_overlap(page_of("Old bridge")).any()


def test_cue_phrases_have_a_column_for_each_kind():
    """Short texts only: in prose a phrase says nothing."""
    cues = cue_columns(page_of("Leave a Reply", "the council met", "Leave a Reply " * 40))
    assert cues[0, KIND_INDEX[Kind.COMMENT_FORM]] == 1
    assert cues.sum() == 1


def test_sizes_of_blocks():
    """Characters, words, and the share of characters in links."""
    page = parse_html("<p>one <a href=/x>two</a></p><p><a href=/y>three four</a>")
    sizes = measure_blocks(page)
    assert sizes.chars.tolist() == [7, 10]
    assert sizes.words.tolist() == [2, 2]
    assert sizes.share.tolist() == pytest.approx([3 / 7, 1])
