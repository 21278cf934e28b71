"""The whole way of an HTML page's blocks: one verdict each, and reasons only for who asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stripper.datatypes import Kind
from stripper.options import Options
from stripper.parse import parse_html
from stripper.segment import segment
from stripper.segment.evidence import Witness

ARTICLE = (
    "<title>Old bridge mended - The Paper</title><nav><ul><li><a href=/>Home</a><li><a href=/sport>Sport</a></ul></nav>"
    "<main><article><h1>Old bridge mended</h1>"
    + "<p>The council met on Tuesday and agreed, after a long debate, to mend the old bridge before the winter.</p>"
    * 6
    + "</article></main><div class=share-buttons><a href=/s>Share this</a></div>"
    "<footer><p>© 2024 The Paper</p><a href=/privacy>Privacy policy</a></footer>"
)
PAGE = parse_html(ARTICLE)


def test_one_verdict_for_each_block_in_order():
    """What is kept is said twice and cannot differ."""
    made = segment(PAGE, Options())
    assert [v.block for v in made.verdicts] == list(PAGE.blocks)
    assert tuple(v.kept for v in made.verdicts) == made.kept
    assert all(v.reasons or v.kept for v in made.verdicts)
    assert all(0 <= v.confidence <= 1 for v in made.verdicts)
    assert 0 <= made.confidence <= 1


def test_an_article_is_told_from_what_is_around_it():
    """Prose and headline stay, menu and footer go."""
    made = segment(PAGE, Options())
    kept = [v.block.text for v in made.verdicts if v.kept]
    assert kept[0] == "Old bridge mended"
    assert len(kept) == 7
    assert {v.kind for v in made.verdicts if not v.kept} <= set(Kind) - {Kind.CONTENT, Kind.TITLE}


def test_reasons_wait_until_somebody_asks(monkeypatch):
    """The clean text needs none."""
    asked = []
    real = Witness.reasons

    def watched(witness, index):
        asked.append(index)
        return real(witness, index)

    monkeypatch.setattr(Witness, "reasons", watched)
    made = segment(PAGE, Options())
    assert any(made.kept)
    assert asked == []
    removed = [v.block.index for v in made.verdicts if not v.kept]
    assert asked == removed
    assert made.verdicts is made.verdicts


def test_a_page_without_blocks_has_no_verdicts():
    """And a person should look at it."""
    made = segment(parse_html("<html></html>"), Options())
    assert (made.kept, made.verdicts, made.needs_review) == ((), (), True)


@pytest.mark.parametrize("kind", [Kind.TITLE, Kind.CONTENT])
def test_dropped_kinds_go(kind):
    """With the options' word as the reason."""
    made = segment(PAGE, replace(Options(), drop=frozenset({kind})))
    dropped = [v for v in made.verdicts if v.kind is kind]
    assert dropped
    assert not any(v.kept for v in dropped)
    assert {reason.rule for v in dropped for reason in v.reasons} == {"policy"}
