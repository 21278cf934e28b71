"""Batches in a folder of their own, in this process: the engine's processes have tests of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from stripper.batch.run import run_batch
from stripper.batch.settings import Settings
from tests.batch.engine import counting

if TYPE_CHECKING:
    from pathlib import Path

    from stripper.batch.run import Result

WORDS = "heron otter plover curlew dunlin godwit avocet turnstone whimbrel sanderling knot oystercatcher".split()


def html(number: int, **more: str) -> str:
    """Return a small page of its own words."""
    words = [WORDS[(number + step) % len(WORDS)] for step in range(5)]
    article = "".join(
        f"<p>On day {number} the {word} came back to the {words[0]} bank, and the warden wrote down where it had stood"
        f" and for how long, since nobody else would have noticed it.</p>"
        for word in words
    )
    head = more.get("head", "")
    return (
        f"<html lang=en><head><title>Day {number}</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<h1>Day {number} on the bank</h1>{article}{more.get('tail', '')}</body></html>"
    )


class Place:
    """A folder with inputs and an output folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "out"
        self.worked: list[str] = []  # ids of what was worked on in the last run

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file below the folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *inputs: object, **settings: Any) -> Result:
        """Run a batch over `inputs`."""
        self.worked = []
        settings.setdefault("templates", False)
        asked = Settings(tuple(map(str, inputs)), settings.pop("out", self.out), **settings)
        return run_batch(asked, engine=counting(self.worked))

    def manifest(self, out: Path | None = None) -> list[dict[str, Any]]:
        """Return the rows of the manifest, without what differs from run to run."""
        return [
            {key: value for key, value in json.loads(line).items() if key not in {"finished", "seconds"}}
            for line in ((out or self.out) / "manifest.jsonl").read_text("utf-8").splitlines()
        ]

    def told(self) -> dict[str, str]:
        """Return each input's name and what the manifest says of it."""
        return {row["id"].removeprefix(f"{self.root}/"): row["error"] or row["status"] for row in self.manifest()}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Return an empty place, the current folder."""
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path)
