"""A folder of labelled pages: `gold.jsonl`, and an input for each line in `html/ID.html.gz` or `txt/ID.txt`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Kind
from stripper.errors import UnreadableInput

if TYPE_CHECKING:
    from pathlib import Path

_INPUTS = ("html/{}.html.gz", "html/{}.html", "txt/{}.txt")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A labelled page; what it holds decides which scores it takes part in."""

    id: str
    path: Path  # of the input
    url: str | None = None
    type: str | None = None  # "article", "forum", ...
    text: str | None = None  # what a correct clean text says; None = not known
    must_keep: tuple[str, ...] = ()  # snippets
    must_remove: tuple[str, ...] = ()
    blocks: tuple[tuple[str, Kind], ...] | None = None  # text and kind of every block in reading order

    @property
    def without_title(self) -> bool:
        """Whether the gold text leaves out the page's headline: texts that were not labelled by block do."""
        return self.text is not None and self.blocks is None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled pages in the order of `gold.jsonl`."""

    folder: Path
    pages: tuple[GoldPage, ...]


def open_corpus(folder: Path) -> Corpus:
    """Read the labels of a corpus; the inputs are read later, page by page. Raises UnreadableInput."""
    gold = folder / "gold.jsonl"
    try:
        rows = [json.loads(line) for line in gold.read_text("utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise UnreadableInput(str(gold), f"cannot be read, and a corpus needs it: {error.strerror}") from None
    except ValueError as error:
        raise UnreadableInput(str(gold), f"is no file of JSON lines in UTF-8: {error}") from None
    try:
        return Corpus(folder, tuple(_page(folder, row) for row in rows))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableInput(str(gold), f"a page's labels are malformed ({type(error).__name__}: {error})") from None


def _page(folder: Path, row: dict[str, Any]) -> GoldPage:
    blocks = None
    if "blocks" in row:
        blocks = tuple((str(text), Kind(kind)) for text, kind in row["blocks"])
    return GoldPage(
        id=row["id"],
        path=_input(folder, row["id"]),
        url=row.get("url"),
        type=row.get("type"),
        text=row.get("text"),
        must_keep=tuple(row.get("with") or ()),
        must_remove=tuple(row.get("without") or ()),
        blocks=blocks,
    )


def _input(folder: Path, name: str) -> Path:
    candidates = [folder / pattern.format(name) for pattern in _INPUTS]
    return next((path for path in candidates if path.is_file()), candidates[0])
