"""`stripper eval`: a corpus in, figures out."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import PAGE, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Result

TEXT = PAGE.partition("<p>")[2].partition("</article>")[0].replace("<p>", "").replace("</p>", "")


@pytest.fixture
def corpus(tmp_path: Path, page: str) -> Path:  # noqa: ARG001  the empty current folder
    """Make a corpus of three pages with gold texts, the last of which has no input."""
    folder = tmp_path / "corpus"
    (folder / "html").mkdir(parents=True)
    rows: list[dict[str, str | None]] = [
        {"id": "a", "url": "https://x.example/a", "type": "article", "text": TEXT},
        {"id": "b", "url": None, "type": "forum", "text": "entirely different words"},
        {"id": "c", "type": "forum", "text": "no input"},
    ]
    for row in rows[:2]:
        (folder / "html" / f"{row['id']}.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def test_figures_for_people(corpus: Path, call: Callable[..., Result]) -> None:
    """A short table, the types and the worst pages on request; a missing input is named and counts as empty."""
    result = call("eval", str(corpus), "--by-type", "--worst", "2", "--jobs", "1")
    assert result.code == 1
    assert result.err == f"stripper: {corpus}/html/c.html.gz: no such file\n"
    lines = result.out.splitlines()
    assert lines[0] == f"{corpus}: 3 pages, 1 failed"
    assert [line.split()[0] for line in lines[1:]] == ["words", "shingles", "article", "forum", "0.000", "0.000"]
    assert "article        F1 1.0000  1 pages" in result.out


def test_figures_for_programs(corpus: Path, call: Callable[..., Result]) -> None:
    """One JSON object; the same for any number of processes."""
    one = call("eval", str(corpus), "--json", "--jobs", "1")
    two = call("eval", str(corpus), "--json", "--jobs", "2")
    assert one == two
    assert json.loads(one.out)["word"]["f1"] == pytest.approx(1 / 3, abs=1e-4)


def test_the_headline_is_no_part_of_gold_texts(corpus: Path, call: Callable[..., Result], tmp_path: Path) -> None:
    """Where the gold is a text, titles are dropped; where it is blocks, they are kept."""
    call("eval", str(corpus), "--predictions", "p.jsonl", "--jobs", "1")
    first, second = map(json.loads, (tmp_path / "p.jsonl").read_text("utf-8").splitlines())
    assert first["id"] == "a"
    assert first["text"].startswith(SENTENCE)
    assert {"kind": "title", "text": "The keeper and the ships"} in second["removed"]
    blocks = [["The keeper and the ships", "title"], [TEXT, "content"], ["Home News About us", "navigation"]]
    (corpus / "gold.jsonl").write_text(json.dumps({"id": "a", "blocks": blocks}), "utf-8")
    result = call("eval", str(corpus), "--predictions", "p.jsonl", "--jobs", "1")
    assert json.loads((tmp_path / "p.jsonl").read_text("utf-8"))["text"].startswith("The keeper")
    assert "kept words     F1 1.0000" in result.out
    assert "    navigation     F1 1.000" in result.out


@pytest.mark.parametrize(
    ("gold", "problem"),
    [
        (None, "cannot be read, and a corpus needs it"),
        ("{", "is no file of JSON lines"),
        ("[]", "malformed"),
        ("{}", "malformed"),
        ('{"id": "a", "blocks": [["x", "junk"]]}', "malformed"),
    ],
)
def test_bad_labels(corpus: Path, call: Callable[..., Result], gold: str | None, problem: str) -> None:
    """Labels that cannot be read are one line and exit code 1."""
    (corpus / "gold.jsonl").unlink()
    if gold is not None:
        (corpus / "gold.jsonl").write_text(gold)
    result = call("eval", str(corpus))
    assert (result.code, result.out) == (1, "")
    assert problem in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("args", [["missing"], ["corpus", "--jobs", "0"], ["corpus", "--worst", "x"], []])
def test_wrong_usage(corpus: Path, call: Callable[..., Result], args: list[str]) -> None:  # noqa: ARG001
    """Exit code 2 and one line."""
    result = call("eval", *args)
    assert result.code == 2
    assert result.err.count("\n") == 1
