"""What a model's file says of itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from stripper.datatypes import Mode
from stripper.parse import parse_html, parse_text
from stripper.segment import features as module
from stripper.segment.features import cue_columns
from stripper.segment.line_network import load_line_model
from stripper.segment.network import load_model
from stripper.training import facts
from stripper.training.facts import base_facts, fingerprint
from tests.training.conftest import SMALL

if TYPE_CHECKING:
    from stripper.datatypes import Page
    from stripper.segment.features import Features
    from stripper.training.corpora import Corpora


def test_facts_are_enough_to_run_a_model_and_to_make_it_again(corpora: Corpora) -> None:
    """Kinds, types, dilations, a calibration; data, seed, settings, versions; all of it JSON."""
    got = base_facts(corpora, SMALL)
    assert json.loads(json.dumps(got)) == got
    assert (got["kinds"][:2], got["types"][0], got["mode"], got["pages"]) == (
        ["content", "title"],
        "article",
        "html",
        6,
    )
    assert [source["name"] for source in got["data"]] == ["texts", "kinds"]
    assert got["settings"]["keep_epochs"] == 1
    assert got["calibration"] == [1.0, 0.0]
    assert got["made_with"]["numpy"] != "unknown"


@pytest.mark.parametrize("mode", list(Mode))
def test_the_fingerprint_is_the_same_in_every_run(mode: Mode) -> None:
    """16 digits that stand for the code of the features."""
    assert fingerprint(mode) == fingerprint(mode)
    assert len(fingerprint(mode)) == 16


def test_other_features_have_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that changes by a hundredth is seen, and so is one token."""
    before = fingerprint(Mode.HTML)
    assert before != fingerprint(Mode.TEXT)

    def more(page: Page) -> Features:
        seen = module.features(page)
        return replace(seen, dense=seen.dense + (0.02 * (seen.dense == seen.dense.max())).astype("float32"))

    def moved(page: Page) -> Features:
        seen = module.features(page)
        return replace(seen, heading=seen.heading[::-1].copy())

    for other in (more, moved):
        monkeypatch.setattr(facts, "features", other)
        assert fingerprint(Mode.HTML) != before


def test_the_probe_is_in_no_phrase_table() -> None:
    """Else a new phrase would look like new code."""
    for page in (parse_html(facts._PROBE_HTML, url=facts._PROBE_URL), parse_text(facts._PROBE_TEXT)):
        assert not cue_columns(page).any()
        assert len(page.blocks) > 4


def test_the_shipped_model_was_trained_on_these_features():
    """A change of the features needs a new model: weights of other columns would be noise."""
    assert load_model().facts["features"] == fingerprint(Mode.HTML)
    assert load_line_model().facts["features"] == fingerprint(Mode.TEXT)
