"""Labelled pages, in one of two forms.

A corpus is a folder: `gold.jsonl`, and an input for each line in `html/ID.html.gz` or `txt/ID.txt`. A labelled page
is a file `*.labelled.jsonl`, saved in a review: each of its lines holds the input as well. A folder of those is a
corpus too.
"""

from __future__ import annotations

import gzip
import zlib
from base64 import b64decode
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Kind
from stripper.errors import UnreadableInput
from stripper.write import from_json

if TYPE_CHECKING:
    from pathlib import Path

LABELLED = "stripper.labelled/1"
_LABELLED_FILES = "*.labelled.jsonl"
_SUFFIXES = MappingProxyType({"html": "html", "text": "txt"})
_INPUTS = ("html/{}.html.gz", "html/{}.html", "txt/{}.txt")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A labelled page; what it holds decides which scores it takes part in."""

    id: str
    path: Path  # of the input; where `data` is it: of a file that is not there, in place of one
    url: str | None = None
    type: str | None = None  # "article", "forum", ...
    text: str | None = None  # what a correct clean text says; None = not known
    must_keep: tuple[str, ...] = ()  # snippets
    must_remove: tuple[str, ...] = ()
    blocks: tuple[tuple[str, Kind], ...] | None = None  # text and kind of every block in reading order
    style: str | None = None  # of a plain text: what was left of its page
    data: bytes | None = None  # the input itself, where the labels hold it

    @property
    def without_title(self) -> bool:
        """Whether the gold text leaves out the page's headline: texts that were not labelled by block do."""
        return self.text is not None and self.blocks is None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled pages in the order of their lines."""

    folder: Path  # or the one file
    pages: tuple[GoldPage, ...]


def open_corpus(folder: Path) -> Corpus:
    """Read the labels of a corpus, or of a file of labelled pages. Raises UnreadableInput.

    The inputs of a corpus are read later, page by page.
    """
    return Corpus(folder, tuple(page for path in label_files(folder) for page in _pages(path)))


def label_files(folder: Path) -> tuple[Path, ...]:
    """Return the files that hold the labels: `folder` itself where it is one, its gold.jsonl, or its labelled pages."""
    if folder.is_file():
        return (folder,)
    gold = folder / "gold.jsonl"
    return (gold,) if gold.exists() else tuple(sorted(folder.glob(_LABELLED_FILES))) or (gold,)


def _pages(path: Path) -> list[GoldPage]:
    try:
        rows = [from_json(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise UnreadableInput(str(path), f"cannot be read, and a corpus needs it: {error.strerror}") from None
    except ValueError as error:
        raise UnreadableInput(str(path), f"is no file of JSON lines in UTF-8: {error}") from None
    try:
        return [_page(path, row) for row in rows]
    except (KeyError, TypeError, ValueError, AttributeError, EOFError, OSError, zlib.error) as error:
        raise UnreadableInput(str(path), f"a page's labels are malformed ({type(error).__name__}: {error})") from None


def _page(labels: Path, row: dict[str, Any]) -> GoldPage:
    blocks = None
    if "blocks" in row:
        blocks = tuple((str(text), Kind(kind)) for text, kind in row["blocks"])
    own = row.get("schema") == LABELLED
    return GoldPage(
        id=row["id"],
        path=labels / f"{row['id']}.{_SUFFIXES[row['mode']]}" if own else _input(labels.parent, row["id"]),
        url=row.get("url"),
        type=row.get("type"),
        text=row.get("text"),
        must_keep=tuple(row.get("with") or ()),
        must_remove=tuple(row.get("without") or ()),
        blocks=blocks,
        style=row.get("style"),
        data=gzip.decompress(b64decode(row["page"], validate=True)) if own else None,
    )


def _input(folder: Path, name: str) -> Path:
    candidates = [folder / pattern.format(name) for pattern in _INPUTS]
    return next((path for path in candidates if path.is_file()), candidates[0])
