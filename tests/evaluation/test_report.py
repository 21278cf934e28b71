"""The figures of a corpus; the same as those of the corpora's own scorer, where that is at hand."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stripper.datatypes import Kind
from stripper.evaluation import GoldPage, Prediction, open_corpus, score_page, summarize

SCORER = Path(__file__).parents[3] / "shared" / "eval" / "score.py"

PAGES = (
    GoldPage("a", Path("a"), type="article", text="one two three"),
    GoldPage("b", Path("b"), type="article", text="one"),
    GoldPage("c", Path("c"), type="forum", text=""),
)


def test_macro_means() -> None:
    """Word figures are means over pages, so that a long page counts as much as a short one."""
    said = [Prediction("one two three"), Prediction("one x y z"), Prediction("")]
    scores = [score_page(page, prediction) for page, prediction in zip(PAGES, said, strict=True)]
    figures = summarize(scores, missing=1, by_type=True, worst=1)
    assert figures == {
        "pages": 3,
        "missing": 1,
        "word": {"f1": 0.8, "p": 0.75, "r": 1.0},
        "shingle": {"f1": 0.5, "p": 0.5, "r": 0.5},
        "word_f1_by_type": {"article": [0.7, 2], "forum": [1.0, 1]},
        "worst": [[0.4, "b", "article"]],
    }


def test_micro_and_macro_over_kinds() -> None:
    """Micro counts words, macro the kinds that the labels have."""
    page = GoldPage("a", Path("a"), blocks=(("x y", Kind.CONTENT), ("a b c", Kind.LEGAL), ("d", Kind.SHARE)))
    said = Prediction("x y d", ((Kind.LEGAL, "a b c"), (Kind.OTHER, "q")))
    figures = summarize([score_page(page, said)])
    assert figures["kept"] == {"f1": 0.8, "p": 0.6667, "r": 1.0}
    assert figures["kinds"]["macro_f1"] == 0.5
    assert figures["kinds"]["micro_f1"] == 0.75
    assert list(figures["kinds"]["each"]) == ["legal", "share", "other"]


def test_no_pages() -> None:
    """An empty corpus has no figures, and is no error."""
    assert summarize([]) == {"pages": 0, "missing": 0}


@pytest.mark.shared
@pytest.mark.skipif(not SCORER.exists(), reason="needs ../shared/eval/score.py")
@pytest.mark.parametrize("name", ["wcxb-dev", "traf-dev", "kinds-dev", "text-dev"])
def test_the_figures_are_the_scorers(name: str, tmp_path: Path) -> None:
    """On the same predictions, made up out of the labels of every 16th page, each figure is that of score.py."""
    gold = SCORER.parents[1] / "corpora" / name / "gold.jsonl"
    rows = gold.read_text("utf-8").split("\n")[::16]
    (tmp_path / "gold.jsonl").write_text("\n".join(filter(None, rows)) + "\n", "utf-8")
    pages = open_corpus(tmp_path).pages
    chance = random.Random(7)  # noqa: S311  a choice, no secret
    predictions = {page.id: _made_up(page, chance) for page in pages if chance.random() < 0.9}
    with (tmp_path / "p.jsonl").open("w", encoding="utf-8") as stream:
        for key, said in predictions.items():
            removed = [{"kind": kind, "text": text} for kind, text in said.removed]
            stream.write(json.dumps({"id": key, "text": said.text, "removed": removed}) + "\n")
    command = [
        sys.executable,
        str(SCORER),
        str(tmp_path),
        str(tmp_path / "p.jsonl"),
        "--by-type",
        "--worst",
        "5",
        "--json",
    ]
    expected = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    scores = [score_page(page, predictions.get(page.id, Prediction())) for page in pages]
    figures = summarize(scores, missing=len(pages) - len(predictions), by_type=True, worst=5)
    assert json.loads(json.dumps(figures)) == expected


def _made_up(page: GoldPage, chance: random.Random) -> Prediction:
    """Return something between right and wrong."""
    blocks: Any = page.blocks or [(line, Kind.CONTENT) for line in (page.text or "").split("\n")]
    blocks = [*blocks, *((snippet, Kind.CONTENT) for snippet in page.must_keep + page.must_remove)]
    said = [(chance.choice([kind, kind, *Kind]), text) for text, kind in blocks]
    kept = [text for kind, text in said if kind in (Kind.CONTENT, Kind.TITLE)]
    return Prediction("\n".join(kept), tuple((kind, text) for kind, text in said if text not in kept))
