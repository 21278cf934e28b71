"""What labels teach: text gold, labelled blocks, snippets, and none of them where they can't be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stripper.datatypes import Kind, Mode
from stripper.evaluation import GoldPage
from stripper.parse import parse_html
from stripper.training.corpora import Sample
from stripper.training.targets import CONTENT, TITLE, TYPES, UNKNOWN, kept_shares, targets

if TYPE_CHECKING:
    from stripper.training.dataset import Example
    from stripper.training.targets import Targets

HTML = """<title>x</title><nav><a href=/>Home page</a></nav><h1>The ferry</h1><p>It leaves at noon on most days.</p>
<p>Nobody minds.</p><div>Share this now</div>"""
PAGE = parse_html(HTML)
TEXT = "It leaves at noon on most days. Nobody minds."
BLOCKS = (
    ("Home page", Kind.NAVIGATION),
    ("The ferry", Kind.TITLE),
    ("It leaves at noon on most days.", Kind.CONTENT),
    ("Nobody minds.", Kind.CONTENT),
    ("Share this now", Kind.SHARE),
)


def taught(*golds: dict[str, Any], title: str | None = None) -> Targets:
    """Return what labels teach about the page."""
    pages = tuple(("c", GoldPage("x", Path("x"), **gold)) for gold in golds)
    return targets(PAGE, Sample("c/x", Path("x"), Mode.HTML, pages, title))


def test_a_gold_text_says_of_every_block_whether_it_stays() -> None:
    """But of the headline, which it leaves out; kinds are not known."""
    got = taught({"text": TEXT, "type": "article"}, title="The  Ferry")
    assert got.keep.tolist() == [0, UNKNOWN, 1, 1, 0]
    assert got.kind.tolist() == [UNKNOWN, TITLE, UNKNOWN, UNKNOWN, UNKNOWN]
    assert got.body is not None
    assert got.body.tolist() == [0, 0, 1, 1, 0]
    assert (TYPES[got.type], got.from_text, got.is_named) == ("article", True, False)
    assert got.words.tolist() == [2, 2, 7, 2, 3]


def test_without_its_headline_a_gold_text_says_it_goes() -> None:
    """What no label calls the title is a block like all others."""
    assert taught({"text": TEXT}).keep.tolist() == [0, 0, 1, 1, 0]


def test_labelled_blocks_say_both() -> None:
    """Kept or not, and the kind; the title stays."""
    got = taught({"blocks": BLOCKS})
    assert got.keep.tolist() == [0, 1, 1, 1, 0]
    assert got.kind.tolist() == [list(Kind).index(kind) for _, kind in BLOCKS]
    assert got.body is not None
    assert got.body.tolist() == [0, 0, 1, 1, 0]
    assert (got.type, got.from_text) == (UNKNOWN, False)


def test_a_page_with_both_keeps_by_its_text_and_names_by_its_blocks() -> None:
    """The text was written by a person who read the page for it."""
    got = taught({"text": "Nobody minds. It leaves at noon on most days."}, {"blocks": BLOCKS})
    assert got.keep.tolist() == [0, UNKNOWN, 1, 0, 0]
    assert got.kind[3] == CONTENT


def test_snippets_speak_of_their_blocks_alone() -> None:
    """A page of which so little is known weighs little."""
    got = taught({"must_keep": ("leaves  at",), "must_remove": ("Home", "")})
    assert got.keep.tolist() == [0, UNKNOWN, 1, UNKNOWN, UNKNOWN]
    assert got.keep_weight.sum() == pytest.approx(0.6, abs=1e-4)
    assert (got.body, got.from_text) == (None, False)


def test_what_must_stay_stays() -> None:
    """Where a block holds a snippet of both sorts."""
    assert taught({"must_keep": ("noon",), "must_remove": ("leaves",)}).keep[2] == 1


@pytest.mark.parametrize(
    ("text", "body"), [("Entirely other words, which no one ever put on the page we got.", None), ("", [0.0] * 5)]
)
def test_gold_that_disagrees_with_its_page_teaches_nothing(text: str, body: list[float] | None) -> None:
    """The page has changed, or has no text at all; an empty gold text still tells what is right."""
    got = taught({"text": text})
    assert got.keep_weight.sum() == 0
    assert not got.from_text
    assert (None if got.body is None else got.body.tolist()) == body


def test_a_page_weighs_one_whatever_its_length(examples: tuple[Example, ...]) -> None:
    """Long blocks weigh more, by the root of their words; kinds weigh where they are known."""
    for example in examples:
        lesson = example.targets
        assert lesson.keep_weight.sum() == pytest.approx(1, abs=1e-4)
        assert ((lesson.kind_weight > 0) == (lesson.kind != UNKNOWN)).all()
        assert (lesson.keep_weight[lesson.keep == UNKNOWN] == 0).all()
    heavy, light = taught({"text": TEXT}).keep_weight[[2, 3]]
    assert heavy / light == pytest.approx(np.sqrt(7 / 2))


def test_pages_of_the_blocks_corpus_are_named(examples: tuple[Example, ...]) -> None:
    """The first three fixtures are in both corpora."""
    assert [example.targets.is_named for example in examples] == [True] * 3 + [False] * 3


def test_shares_for_scoring() -> None:
    """Shares of a gold text, sides of labelled blocks, nothing of snippets; NaN where a block has no label."""
    texts = [block.text for block in PAGE.blocks]
    by_text = kept_shares(texts, GoldPage("x", Path("x"), text=TEXT))
    by_blocks = kept_shares(texts, GoldPage("x", Path("x"), blocks=BLOCKS[:-1]))
    assert by_text is not None
    assert by_text.tolist() == [0, 0, 1, 1, 0]
    assert by_blocks is not None
    assert by_blocks[:4].tolist() == [0, 1, 1, 1]
    assert np.isnan(by_blocks[4])
    assert kept_shares(texts, GoldPage("x", Path("x"), must_keep=("noon",))) is None
