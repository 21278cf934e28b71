"""Texts to learn from: what a labelled page gives, what is put together, and that folds stay apart."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from stripper.datatypes import Kind
from stripper.segment.decision import KINDS
from stripper.training.corpora import read_corpora
from stripper.training.folds import fold_of
from stripper.training.line_dataset import build_line_examples, line_example
from stripper.training.made_up import boxes, pointer
from stripper.training.scrapes import TOOLS, scrape
from stripper.training.targets import CONTENT, TITLE, UNKNOWN
from stripper.training.texts import CLEAN, MADE, Text, column, texts_of
from stripper.training.units import Shape, Unit, unit
from tests.training.conftest import NEEDS_TOOLS, fixture, quiet, write_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from stripper.training.corpora import Corpora


@NEEDS_TOOLS
@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_makes_text_of_a_page(tool: str) -> None:
    """With Unix line ends, and the article in it."""
    text = scrape(tool, fixture("tabloid-ads-en")[0])
    assert len(text) > 500
    assert "\r" not in text


@NEEDS_TOOLS
def test_a_page_that_a_tool_fails_on_gives_nothing() -> None:
    """The others still teach."""
    assert scrape("readability-lxml", "") == ""


@NEEDS_TOOLS
def test_a_labelled_page_gives_texts_of_many_sources(corpora: Corpora) -> None:
    """Scrapes, blocks, the clean text; the same for any order, and parts of one fold only."""
    texts = texts_of(corpora.samples, 2, 1, quiet)
    assert {text.source for text in texts} >= {*TOOLS, CLEAN, MADE, "labelled blocks"}
    assert repr(texts) == repr(texts_of(corpora.samples, 2, 1, quiet))  # NaN is not equal to itself
    clean = [text for text in texts if text.source == CLEAN]
    assert all(one.keep == 1 for text in clean for one in text.units)
    own = {one.text for text in texts if text.source != MADE and fold_of(text.host, 2) == 0 for one in text.units}
    other = {one.text for text in texts if text.source != MADE and fold_of(text.host, 2) == 1 for one in text.units}
    made = [text for text in texts if text.source == MADE and fold_of(text.host, 2) == 0]
    assert not {one.text for text in made for one in text.units} & (other - own)


def test_a_plain_text_is_its_blocks(tmp_path: Path) -> None:
    """With blank lines where it has them."""
    rows = [{"id": "a", "blocks": [["Title", "title"], ["Menu", "navigation"]], "style": "page"}]
    folder = write_corpus(tmp_path / "texts", rows, {"a": "Title\n\nMenu"}, suffix="txt")
    (text,) = texts_of(read_corpora([folder], quiet).samples, 0, 1, quiet)
    assert text.units == (unit("Title", Kind.TITLE, "\n\n"), unit("Menu", Kind.NAVIGATION, "\n\n"))


def test_a_column_begins_at_the_headline_and_ends_before_the_last_frame() -> None:
    """What stands between stays, junk too."""
    kinds = [Kind.NAVIGATION, Kind.TITLE, Kind.CONTENT, Kind.RELATED, Kind.FOOTER, Kind.LEGAL]
    units = [unit(str(kind), kind) for kind in kinds]
    assert [one.text for one in column(units)] == ["title", "content", "related"]
    assert column(units[:1]) == units[:1]


def test_boxes_are_junk_in_the_words_of_the_tables() -> None:
    """In some language: a heading, other pages' headlines, cut teasers, labels of forms."""
    made = [one for seed in range(40) for one in boxes(["Heron Seen"], ["A heron was seen " * 9], random.Random(seed))]  # noqa: S311  a choice, no secret
    assert {one.keep for one in made} == {0.0}
    assert {KINDS[one.kind] for one in made} >= {Kind.RELATED, Kind.COMMENT_FORM, Kind.SHARE}
    assert any(one.text.endswith(("…", "...", "[…]", "[...]")) for one in made)
    assert pointer("Heron Seen", random.Random(1)).text.endswith(": Heron Seen")  # noqa: S311  a choice, no secret


LINES = [
    Unit("Title here", "\n", 1.0, TITLE),
    Unit("Some words of text", "\n", 0.5, CONTENT),
    Unit("x", "\n", float("nan"), UNKNOWN),
]


def test_an_example_has_the_labels_of_its_lines() -> None:
    """Shares, kinds, weights that add up to one; unknown lines weigh nothing."""
    example = line_example(Text("a", "h", "test", tuple(LINES)))
    assert example is not None
    assert example.keep.tolist() == [1.0, 0.5, 0.0]
    assert example.kind.tolist() == [TITLE, CONTENT, UNKNOWN]
    assert example.keep_weight[2] == 0
    assert example.keep_weight.sum() == pytest.approx(1)
    assert example.clean == 1.0


def test_a_block_of_several_units_takes_their_mean() -> None:
    """A sentence that holds the end of one line and all of the next."""
    first = "It rained for most of the day and for all of the night " * 6
    units = (Unit(first.strip() + ". And", " ", 1.0, CONTENT), Unit("then it stopped again.", " ", 0.0, UNKNOWN))
    example = line_example(Text("a", "h", "test", units, Shape.ONE_LINE))
    assert example is not None
    assert example.keep.tolist() == pytest.approx([1.0, 0.2])


def test_a_text_without_blocks_is_no_example() -> None:
    """Nothing to learn."""
    assert build_line_examples([Text("a", "h", "test", ())], 1, quiet) == ()
