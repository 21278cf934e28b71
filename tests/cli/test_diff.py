"""`stripper diff`: what changed between two records or two batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result

    Call = Callable[..., Result]

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "wordpress-check-also" / "page.html"


@pytest.fixture
def records(page: str, call: Call) -> tuple[str, str]:
    """Strip a page twice: as it comes, and with the legal line kept."""
    call("strip", page, "-o", "before")
    call("strip", page, "--keep", "legal", "-o", "after")
    return "before/page.json", "after/page.json"


def test_what_changed_is_told(records: tuple[str, str], call: Call) -> None:
    """The block, both fates, the reasons, the options that explain it, and the words by kind."""
    result = call("diff", *records)
    assert (result.code, result.err) == (0, "")
    lines = [line.rstrip() for line in result.out.splitlines()]
    assert lines[0] == "before/page.json -> after/page.json: the same page text, 1 block changed, 7 words"
    assert lines[1] == '  options: {"metadata":true} -> {"keep":["legal"],"metadata":true}'
    assert lines[2].startswith("kept    removed as legal (0.")
    assert lines[2].endswith("), 7 words")
    assert lines[3] == "  text    Copyright 2026 Harbour News. All rights reserved."
    assert lines[4].startswith("  before  model: the model is ")
    assert lines[-2].split() == ["kept", "legal", "legal", "7"]


def test_a_fixture_in_words(call: Call, tmp_path: Path) -> None:
    """Every block that the option puts back, no other, and their sum."""
    for options, folder in (((), "a"), (("--keep", "byline,tags"), "b")):
        call("strip", str(DEMO), *options, "-o", str(tmp_path / folder))
    told = json.loads(call("diff", str(tmp_path / "a/page.json"), str(tmp_path / "b/page.json"), "--json").out)
    record = json.loads((tmp_path / "a/page.json").read_text("utf-8"))
    wanted = [item for item in record["removed"] if item["kind"] in ("byline", "tags")]
    assert [change["before"]["id"] for change in told["changes"]] == [item["id"] for item in wanted]
    assert [change["text"] for change in told["changes"]] == [item["text"] for item in wanted]
    assert {change["change"] for change in told["changes"]} == {"kept"}
    assert told["same_page"]
    by_kind = record["totals"]["by_kind"]
    assert told["words"] == [
        {"change": "kept", "before": kind, "after": kind, "words": by_kind[kind]["words"]}
        for kind in ("byline", "tags")
    ]


def test_the_other_way_round(records: tuple[str, str], call: Call) -> None:
    """What was kept is removed, for the reasons of the second record."""
    result = call("diff", *reversed(records))
    assert "removed kept as legal" in result.out
    assert "  after   model: " in result.out


def test_nothing_changed(records: tuple[str, str], call: Call) -> None:
    """One line says so."""
    result = call("diff", records[0], records[0])
    assert result.out == "before/page.json -> before/page.json: the same page text, no block changed, 0 words\n"


def test_a_page_that_changed(page: str, call: Call) -> None:
    """Blocks are matched by their text; what is new and what is gone is told."""
    call("strip", page, "-o", "before")
    Path(page).write_text(PAGE.replace("In the third winter", "In the fourth winter"), "utf-8")
    call("strip", page, "-o", "after")
    result = call("diff", "before/page.json", "after/page.json")
    assert "the page itself changed, 2 blocks changed" in result.out
    assert result.out.index("gone    kept as content") < result.out.index("new     absent -> kept as content")


def test_a_page_that_changed_needs_its_texts(page: str, call: Call) -> None:
    """Kept text stands in no record: the message names the file that is missing."""
    call("strip", page, "-o", "before")
    Path(page).write_text(PAGE.replace("In the third winter", "In the fourth winter"), "utf-8")
    call("strip", page, "-o", "after")
    Path("after/page.txt").unlink()
    result = call("diff", "before/page.json", "after/page.json")
    assert (result.code, result.out) == (1, "")
    assert "after/page.json: the clean text is not beside it (no page.txt)" in result.err


def test_records_that_hold_their_text(page: str, call: Call) -> None:
    """As `strip --format json` writes them."""
    call("strip", page, "--format", "json", "-o", "before")
    Path(page).write_text(PAGE.replace("In the third winter", "In the fourth winter"), "utf-8")
    call("strip", page, "--format", "json", "-o", "after")
    assert "2 blocks changed" in call("diff", "before/page.json", "after/page.json").out


@pytest.mark.parametrize("most", [0, 2])
def test_only_the_first_changes_are_printed(page: str, call: Call, most: int) -> None:
    """The rest is counted; in JSON all are there."""
    call("strip", page, "-o", "before")
    call("strip", page, "--keep", "navigation,legal", "-o", "after")
    result = call("diff", "before/page.json", "after/page.json", "--most", str(most))
    assert result.out.count("\n  text ") == most
    assert f"... and {4 - most} more: --most" in result.out
    told = json.loads(call("diff", "before/page.json", "after/page.json", "--most", str(most), "--json").out)
    assert len(told["changes"]) == 4


@pytest.mark.parametrize(
    ("args", "code", "problem"),
    [
        (("page.html", "page.html"), 2, "name two records"),
        (("before", "before/page.json"), 2, "name two records"),
        (("before", "before"), 2, "is no folder of `stripper batch`"),
        (("missing.json", "before/page.json"), 1, "missing.json: no such file"),
        (("list.json", "before/page.json"), 1, "list.json: is no record"),
        (("before/page.json", "empty.json"), 1, "empty.json: is no record"),
    ],
)
def test_bad_inputs(page: str, call: Call, args: tuple[str, str], code: int, problem: str) -> None:
    """One line, nothing on standard output."""
    call("strip", page, "-o", "before")
    Path("list.json").write_text("[]", "utf-8")
    Path("empty.json").write_text("{}", "utf-8")
    result = call("diff", *args)
    assert (result.code, result.out) == (code, "")
    assert problem in result.err
    assert result.err.count("\n") == 1


# Batches: made by hand, in the format of their manifest.


def batch(folder: Path, pages: dict[str, Path], failed: tuple[str, ...] = ()) -> None:
    """Write the output folder of a batch: `pages` leads from an input to the folder with its text and record."""
    folder.mkdir()
    rows: list[dict[str, Any]] = []
    for name, source in pages.items():
        for suffix in ("txt", "json"):
            (folder / f"{name}.{suffix}").write_bytes((source / f"page.{suffix}").read_bytes())
        output = {"text": f"{name}.txt", "record": f"{name}.json"}
        rows.append({"id": name, "status": "ok", "output": output, "page": None, "words": None})
    rows += [{"id": name, "status": "failed", "output": None, "page": None, "words": None} for name in failed]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_two_batches(records: tuple[str, str], call: Call) -> None:
    """Pages in both are compared; inputs of one, and those with another status, are counted."""
    before, after = (Path(name).parent for name in records)
    batch(Path("A"), {"one": before, "two": before, "three": before}, failed=("four",))
    batch(Path("B"), {"two": after, "one": before, "four": after, "five": after}, failed=("three",))
    result = call("diff", "A", "B")
    lines = [line.rstrip() for line in result.out.splitlines()]
    assert lines[:5] == [
        "A -> B: 1 of 2 pages in both changed",
        "  only in B: 1 input",
        "  failed -> ok: 1 input",
        "  ok -> failed: 1 input",
        "  two: 7 words in 1 block",
    ]
    told = json.loads(call("diff", "A", "B", "--json").out)
    assert told["pages"] == {"both": 2, "changed": 1, "only_before": 0, "only_after": 1}
    assert told["most"] == [{"words": 7, "blocks": 1, "id": "two", "same_page": True}]
    assert told["words"] == [{"change": "kept", "before": "legal", "after": "legal", "words": 7}]


def test_hostile_names_and_texts_drive_no_terminal(records: tuple[str, str], call: Call, tmp_path: Path) -> None:
    """A record from elsewhere may hold anything: its markup is no markup, and JSON stays JSON."""
    record = json.loads(Path(records[0]).read_text("utf-8"))
    item = record["removed"][0]
    item["text"], item["kind"] = "[bold]x[/bold] :smile:\x1b", "other"
    (tmp_path / "[red]a.json").write_text(json.dumps(record), "utf-8")
    result = call("diff", records[0], str(tmp_path / "[red]a.json"))
    assert "[red]a.json" in result.out
    assert json.loads(call("diff", records[0], str(tmp_path / "[red]a.json"), "--json").out)["changes"]
