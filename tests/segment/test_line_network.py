"""The network for plain text: probabilities, whatever the text; the right model for a page's mode."""

from __future__ import annotations

import numpy as np
import pytest

from stripper import Options, strip_html, strip_text
from stripper.datatypes import Mode
from stripper.errors import UnreadableInput
from stripper.parse import parse_text
from stripper.segment.decision import KINDS
from stripper.segment.line_network import _convolved, load_line_model, run_lines, unpack_lines
from stripper.segment.lines import lines
from stripper.segment.model_file import MAGIC, pack, parse
from stripper.segment.network import load_model
from tests.segment.texts import CLEAN, HARBOUR, LANGUAGES

MODEL = load_line_model()


def stored():
    """The shipped model's arrays as they stand in its file."""
    from importlib import resources

    return parse((resources.files("stripper.data") / "text.model").read_bytes(), "text.model")


@pytest.mark.parametrize("text", ["a", "Menu\nHome", *CLEAN.values(), LANGUAGES["en"].text()])
def test_answers_are_probabilities(text):
    """Of keeping, of kinds, of a clean text."""
    answer = run_lines(MODEL, lines(parse_text(text)))
    assert answer.kinds.shape[1] == len(KINDS)
    assert ((answer.keep >= 0) & (answer.keep <= 1)).all()
    assert np.allclose(answer.kinds.sum(axis=1), 1, atol=1e-5)
    assert 0 <= answer.clean <= 1


@pytest.mark.parametrize("dilation", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 33])
def test_a_step_sees_the_blocks_at_its_distance(n, dilation):
    """Against a sum written out block by block: zeros stand beyond both ends of the text, however short it is."""
    chance = np.random.default_rng(n)
    x, weights = chance.random((n, 3), np.float32), chance.random((9, 4), np.float32)
    zeros = np.zeros(3, np.float32)
    out = _convolved(x, weights, dilation)
    for i in range(n):
        before = x[i - dilation] if i >= dilation else zeros
        after = x[i + dilation] if i + dilation < n else zeros
        assert np.allclose(out[i], np.concatenate((before, x[i], after)) @ weights, atol=1e-5)


def test_a_model_for_texts_leaves_pages_to_the_shipped_one(tmp_path):
    """And the other way round; the record names the one that judged."""
    file = stored()
    (tmp_path / "own.model").write_bytes(pack(file.weights, {**file.facts, "seed": 41}))
    options = Options(model=str(tmp_path / "own.model"))
    text = strip_text("\n\n".join(HARBOUR), options=options).record()["stripper"]["model"]
    page = strip_html(f"<p>{HARBOUR[1]}</p>", options=options).record()["stripper"]["model"]
    assert text == load_line_model(options.model).sha256 != MODEL.sha256
    assert page == load_model().sha256


def test_the_shipped_file_is_small_and_says_what_it_is_for():
    """Under a megabyte, for plain text."""
    file = stored()
    assert file.mode is Mode.TEXT
    assert len(pack(file.weights, file.facts)) < 1_000_000
    assert unpack_lines(pack(file.weights, file.facts), "again").sha256 == MODEL.sha256


@pytest.mark.parametrize("data", [b"no model", MAGIC, MAGIC + b"{}\n"])
def test_a_damaged_file_says_so_in_one_line(data, tmp_path):
    """It names the file."""
    path = tmp_path / "mine.model"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as caught:
        load_line_model(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_without_a_layer_is_no_model():
    """What is missing is named."""
    file = stored()
    weights = {name: array for name, array in file.weights.items() if name != "clean.w"}
    with pytest.raises(UnreadableInput, match=r"mine is no model for plain text: it has no clean\.w"):
        unpack_lines(pack(weights, file.facts), "mine")
