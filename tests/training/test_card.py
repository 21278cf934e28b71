"""A model's card says what is in the file, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stripper.segment.model_file import ModelFile, pack
from stripper.training.calibrate import neutral
from stripper.training.card import card, main
from stripper.training.line_calibrate import neutral_lines
from stripper.training.targets import TYPES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# The least that a model file holds.
NAMES = ["mean", *[f"keeper.{name}" for name in ("input.w", "keep.w", "keep.b", "type.w", "type.b")]]
NAMES += [f"namer.{name}" for name in ("input.w", "kind.w", "kind.b")]
FACTS = neutral({"types": list(TYPES), "mode": "html", "seed": 7})
KNOWN = {
    **FACTS,
    "command": "stripper train ours -o MODEL",
    "features": "0123456789abcdef",
    "made_with": {"torch": "2"},
    "settings": {"seed": 7},
    "data": [
        {"name": "ours", "pages": 1200, "sha256": "ab", "credit": "Ada, CC0"},
        {"name": "more", "pages": 3, "sha256": "cd", "credit": ""},
    ],
    "figures": {
        "ours": {"pages": 1200, "missing": 0, "word": {"f1": 0.9, "p": 0.8, "r": 0.7}, "calibration_error": 0.01},
        "more": {"pages": 3, "missing": 0},
    },
}


def test_everything_known_is_told() -> None:
    """Data with credit, command, seed, figures, calibration."""
    text = card({"ours.model": ModelFile({"a": np.zeros((2, 600), np.float32)}, KNOWN, "feed")})
    for said in (
        "## ours.model",
        "for HTML pages; 1,200 numbers",
        "sha256 `feed`",
        "`stripper train ours -o MODEL`",
        "- seed 7",
        "torch 2",
        "| ours | 1,200 | Ada, CC0 | `ab` |",
        "| more | 3 | not said | `cd` |",
        "| ours | words | F1 0.9000  P 0.8000  R 0.7000 |",
        "| ours | calibration error, by words | 0.0100 |",
        "article 0.85",
    ):
        assert said in text


def test_a_model_that_tells_little_has_a_card_too() -> None:
    """What is not known is called so."""
    text = card({"old.model": ModelFile({}, FACTS, "feed")})
    assert "Trained on: not said." in text
    assert "without cross-validation" in text


def test_a_model_for_plain_text_tells_its_own_figures() -> None:
    """Clean texts, other tools' texts, the bound above which a text is clean."""
    facts = neutral_lines({"mode": "text", "data": KNOWN["data"], "figures": {"ours": {
        "pages": 2, "missing": 0, "word_f1_by_style": {"column": [0.93, 2]}, "repaired": {"inscriptis": [0.8, 0.9]},
        "clean": {"texts": 2, "unchanged": 1.0, "words_removed": 0.0},
    }}})  # fmt: skip
    text = card({"text.model": ModelFile({}, facts, "feed")})
    for said in (
        "for plain text",
        "| ours | words kept, column (2 texts) | F1 0.9300 |",
        "| ours | clean texts unchanged (2) | 100.0 % |",
        "| ours | articles by inscriptis, before and after | F1 0.8000, 0.9000 |",
        "Above 0.3 a text is taken for clean",
    ):
        assert said in text


def test_the_command_prints_a_card_for_several_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One section each; a file that is no model is named."""
    for name in "ab":
        (tmp_path / f"{name}.model").write_bytes(pack(dict.fromkeys(NAMES, np.zeros((2, 2), np.float32)), FACTS))
    assert main([str(tmp_path / "a.model"), str(tmp_path / "b.model")]) == 0
    assert capsys.readouterr().out.count("\n## ") == 2
    assert main([str(tmp_path / "c.model")]) == 1
    err = capsys.readouterr().err
    assert err.startswith("stripper: ")
    assert "c.model" in err
