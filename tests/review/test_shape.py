"""Shapes: what a file must hold to be taken for a record or a row, and where it doesn't."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from stripper import strip_html
from stripper.cli import main
from stripper.errors import InvalidRecord
from stripper.review.compare import compare
from stripper.review.page import Reviewed, write_review
from stripper.review.shape import RECORD, ROW, Each, OrMissing, OrNone, misfit
from stripper.review.split import read_split
from tests.cli.conftest import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRONG: tuple[Any, ...] = (None, -1, 1.5, "x", [], {}, True, 10**30, [None, None], {"a": 1}, "\ud800", [[[]]])


@pytest.mark.parametrize(
    ("value", "shape", "place"),
    [
        (1, int, None),
        ("1", int, "all of it"),
        (None, OrNone(int), None),
        ({"a": [[1, 2], [3]]}, {"a": Each((int, int))}, "a.1"),
        ({"a": {"x": 1, "y": "2"}}, {"a": Each(int)}, "a.y"),
        ({}, {"a": OrMissing(int)}, None),
        ({}, {"a": OrNone(int)}, "a"),
        ({"a": None}, {"a": OrMissing(int)}, None),
        ([], {"a": int}, "all of it"),
        ("ab", Each(str), "all of it"),
        ("ab", (str, str), "all of it"),
    ],
)
def test_the_first_place_that_does_not_fit_is_named(value: Any, shape: Any, place: str | None) -> None:
    """By the keys that lead there."""
    assert misfit(value, shape) == place


@pytest.fixture(scope="module")
def split() -> tuple[str, dict[str, Any]]:
    """Clean text and record of a small page, as they come out of a file."""
    page = strip_html(PAGE)
    return page.text, json.loads(json.dumps(page.record()))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a record; of lists the first and the last item."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if not isinstance(value, list) or key in {0, len(value) - 1}:
            yield from places(inner, (*path, key))


def damaged(whole: Any) -> Iterator[Any]:
    """A value with one of its places gone, or with something else there."""
    for number, path in enumerate(places(whole)):
        for wrong in ("gone", WRONG[number % len(WRONG)]):
            value = copy.deepcopy(whole)
            inside = value
            for key in path[:-1]:
                inside = inside[key]
            if wrong == "gone":
                del inside[path[-1]]
            else:
                inside[path[-1]] = wrong
            yield value


def test_a_damaged_record_is_said_to_be_one(split: tuple[str, dict[str, Any]]) -> None:
    """Whatever is missing or of another sort: a review and a comparison are made, or there is an InvalidRecord."""
    text, record = split
    assert misfit(record, RECORD) is None
    tried = 0
    for bad in damaged(record):
        tried += 1
        for use in (lambda bad=bad: compare(record, bad), lambda bad=bad: _review(text, bad)):
            with suppress(InvalidRecord):
                use()
    assert tried > 200


def _review(text: str, record: dict[str, Any]) -> None:
    pieces: list[str] = []
    write_review([Reviewed(read_split(text, record))], pieces.append, "0")


def test_a_damaged_manifest_is_said_to_be_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A report over it is made, or there is one line that names the row."""
    row = {
        "id": "a", "status": "ok", "site": "s", "error": None, "message": None, "seconds": 0.1,
        "output": {"record": "a.json", "text": "a.txt"},
        "page": {"type": "article", "language": "en", "confidence": 0.5, "needs_review": False},
        "words": {"seen": 3, "kept": 2, "removed": 1, "by_kind": {"content": 2, "legal": 1}},
    }  # fmt: skip
    assert misfit(row, ROW) is None
    record = {"kept": [{"confidence": 0.5}], "removed": [{"confidence": 0.5, "reasons": [{"rule": "model"}]}]}
    for value, name in ((row, "manifest.jsonl"), (record, "a.json")):
        for bad in damaged(value):
            (tmp_path / "manifest.jsonl").write_text(json.dumps(row))
            (tmp_path / "a.json").write_text(json.dumps(record))
            (tmp_path / name).write_text(json.dumps(bad))
            code = main(["report", str(tmp_path), "-o", str(tmp_path / "r.html")])
            assert (code, capfd.readouterr().err.count("\n")) in {(0, 0), (1, 1)}
