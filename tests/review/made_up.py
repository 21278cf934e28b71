"""A batch's output folder without a batch: rows and records made up, in the format of `stripper batch`."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from stripper.datatypes import JUNK_KINDS

if TYPE_CHECKING:
    from pathlib import Path

JUNK = sorted(map(str, JUNK_KINDS))
TYPES = ("article", "forum", "product", "listing")
LANGUAGES = ("en", "de", "fr", "ja", None)
ERRORS = ("UnreadableInput", "FetchTimeout", "HTTPStatusError")


def make_run(folder: Path, pages: int, *, sites: int, blocks: int = 40, seed: int = 0) -> Path:
    """Write a run over `pages` inputs of `sites` sites; every tenth fails, every twentieth is skipped."""
    chance = random.Random(seed)  # noqa: S311  no secret
    folder.mkdir(parents=True)
    (folder / "pages").mkdir()
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for number in range(pages):
            row = make_row(number, f"site{number % sites}.example", chance, blocks)
            if row["output"]:
                record = make_record(row, chance)
                (folder / row["output"]["record"]).write_text(json.dumps(record), "utf-8")
                (folder / row["output"]["text"]).write_text("text\n", "utf-8")
            manifest.write(json.dumps(row) + "\n")
    summary = {"schema": "stripper.summary/1", "stripper": {"version": "9.9"}, "complete": True}
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    return folder


def make_row(number: int, site: str, chance: random.Random, blocks: int) -> dict[str, Any]:
    """Return a row of the manifest."""
    status = "skipped" if number % 20 == 1 else "failed" if number % 10 == 5 else "ok"
    row: dict[str, Any] = {
        "id": f"https://{site}/page-{number}",
        "status": status,
        "error": None if status == "ok" else "Duplicate" if status == "skipped" else ERRORS[number % 3],
        "message": None if status == "ok" else f"what went wrong with {number}",
        "site": site,
        "output": None,
        "page": None,
        "words": None,
        "seconds": round(chance.random() / 10, 4),
    }
    if status == "ok":
        by_kind = {"content": chance.randrange(200, 900), "title": 8}
        by_kind |= {kind: chance.randrange(1, 60) for kind in chance.sample(JUNK, 8)}
        seen, kept = sum(by_kind.values()), by_kind["content"] + 8
        confidence = round(chance.random(), 3)
        row |= {
            "output": {"text": f"pages/{number}.txt", "record": f"pages/{number}.json"},
            "page": {
                "mode": "html", "type": TYPES[number % 4], "language": LANGUAGES[number % 5], "title": f"Page {number}",
                "confidence": confidence, "needs_review": confidence < 0.2, "warnings": [], "blocks": blocks,
            },
            "words": {"seen": seen, "kept": kept, "removed": seen - kept, "by_kind": by_kind},
        }  # fmt: skip
    return row


def make_record(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a record with half of its blocks removed; of its keys those that a report reads."""
    blocks = row["page"]["blocks"]
    kept = [
        {"id": number, "span": [0, 9], "out": [0, 9], "role": "text", "kind": "content", "confidence": chance.random()}
        for number in range(0, blocks, 2)
    ]
    removed = [
        {
            "id": number, "kind": chance.choice(JUNK), "confidence": chance.random(), "span": [0, 9], "insert_at": 0,
            "text": "Some words of a menu or a box beside the text",
            "reasons": [{"rule": "model", "evidence": "sure"}, {"rule": "short", "evidence": "9 words"}],
        }
        for number in range(1, blocks, 2)
    ]  # fmt: skip
    return {"schema": "stripper.record/1", "source": {"id": row["id"]}, "kept": kept, "removed": removed}
