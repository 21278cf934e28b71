"""The network says the same of a page whatever was asked before, and a damaged model file says one line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stripper.errors import UnreadableInput
from stripper.parse import parse_html
from stripper.segment.features import features
from stripper.segment.model_file import MAGIC, pack
from stripper.segment.network import load_model, run, unpack

MODEL = load_model()
PAGES = {
    "one word": "<p>word",
    "two blocks": "<h1>Bridge</h1><p>The council met on Tuesday and agreed to mend the old bridge.",
    "a menu": "<nav><ul>" + "".join(f"<li><a href=/s/{i}>Section {i}</a>" for i in range(40)) + "</ul></nav>",
    "a page": "<title>Bridge</title><nav><a href=/>Home</a></nav><main><h1>Bridge</h1>"
    + "<p>The council met on Tuesday and agreed, after a long debate, to mend the old bridge before winter.</p>" * 8
    + "</main><aside><h2>Related</h2><ul><li><a href=/a>One</a><li><a href=/b>Two</a></ul></aside>"
    + "<footer>© 2024</footer>",
    "no tokens": "<p>…</p><p>—</p>",
    "many boxes": "<div><section><article>" * 20 + "words" + "</article></section></div>" * 20,
}
EACH_PAGE = pytest.mark.parametrize("name", PAGES)


def ask(html):
    """The answer on a page, its arrays as bytes."""
    return [array.tobytes() for array in run(MODEL, features(parse_html(html)))]


@EACH_PAGE
def test_the_answer_is_made_of_probabilities(name):
    """One row for each block, each in 0..1, kinds and types of a sum of 1."""
    seen = features(parse_html(PAGES[name]))
    keep, kinds, types = run(MODEL, seen)
    n = len(seen.chain)
    assert keep.shape == (n,)
    assert kinds.shape == (n, len(MODEL.facts["kinds"]))
    assert types.shape == (len(MODEL.facts["types"]),)
    for array in (keep, kinds, types):
        assert ((array >= 0) & (array <= 1)).all()
    assert np.allclose(kinds.sum(axis=1), 1, atol=1e-5)
    assert types.sum() == pytest.approx(1, abs=1e-5)


def test_the_answer_depends_on_the_page_alone():
    """To the last bit, in any order of pages, and without touching the features."""
    first = {name: ask(html) for name, html in PAGES.items()}
    assert {name: ask(PAGES[name]) for name in reversed(PAGES)} == first
    seen = features(parse_html(PAGES["a page"]))
    before = [seen.dense.tobytes(), seen.chain.tobytes(), seen.ranges.tobytes(), seen.words.ids.tobytes()]
    assert [array.tobytes() for array in run(MODEL, seen)] == first["a page"]
    assert [seen.dense.tobytes(), seen.chain.tobytes(), seen.ranges.tobytes(), seen.words.ids.tobytes()] == before


@pytest.mark.parametrize("dilation", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 33])
def test_a_step_sees_the_blocks_at_its_distance(n, dilation):
    """Against a sum written out block by block: zeros stand beyond both ends of the page, however short it is."""
    from stripper.segment.network import _shifted

    width = 3
    x = np.arange(1, 2 * n * width + 1, dtype=np.float32).reshape(2, n, width)
    cut = n // 3
    out = np.concatenate([_shifted(x, dilation, rows) for rows in (slice(0, cut), slice(cut, n))], axis=1)
    zeros = np.zeros((2, width), np.float32)
    for i in range(n):
        before = x[:, i - dilation] if i >= dilation else zeros
        after = x[:, i + dilation] if i + dilation < n else zeros
        assert np.array_equal(out[:, i], np.concatenate((before, x[:, i], after), axis=1))


def test_a_long_page_in_pieces_is_a_long_page(monkeypatch):
    """Where it is cut makes no difference."""
    seen = features(parse_html("".join(f"<div class=c{i % 7}><h3>{i}</h3><p>word {i} here" for i in range(100))))
    whole = run(MODEL, seen)
    monkeypatch.setattr("stripper.segment.network._ROWS", 17)
    for one, other in zip(run(MODEL, seen), whole, strict=True):
        assert np.allclose(one, other, atol=1e-5)


def test_a_model_comes_back_as_it_was_packed():
    """Weights in half precision, facts, and a hash of the file."""
    again = unpack(pack(MODEL.weights, MODEL.facts), "again")
    assert again.facts == MODEL.facts
    assert again.weights.keys() == MODEL.weights.keys()
    assert all(np.array_equal(again.weights[name], MODEL.weights[name]) for name in MODEL.weights)
    assert again.sha256 == MODEL.sha256
    changed = {name: array * (name != "keeper.keep.b") for name, array in MODEL.weights.items()}
    assert unpack(pack(changed, MODEL.facts), "other").sha256 != MODEL.sha256


DATA = pack(MODEL.weights, MODEL.facts)
HEAD_END = DATA.index(b"\n", len(MAGIC))
WITHOUT_A_LAYER = {name: array for name, array in MODEL.weights.items() if name != "keeper.keep.w"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no model at all",
        MAGIC.replace(b"/1", b"/9") + DATA[len(MAGIC) :],
        MAGIC,
        MAGIC + b"\n",
        MAGIC + b"{}\n",
        MAGIC + b"[1]\n",
        MAGIC + json.dumps({"facts": {}, "arrays": [["a", [-1]]]}).encode() + b"\n",
        DATA[: HEAD_END - 10],
        DATA[:-1],
        DATA[: len(DATA) // 2],
        pack(WITHOUT_A_LAYER, MODEL.facts),
        pack({}, {}),
    ],
)
def test_a_damaged_file_says_so_in_one_line(data, tmp_path):
    """It names the file, and no array is made of what is not there."""
    path = tmp_path / "mine.model"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as caught:
        load_model(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there(tmp_path):
    """A missing file and a folder are named as well."""
    for path in (tmp_path / "none.model", tmp_path):
        with pytest.raises(UnreadableInput, match="cannot be read as a model"):
            load_model(str(path))
