"""Real pages to ask the laws of: the project's own fixtures, and any labelled corpus."""

from __future__ import annotations

import gzip
from pathlib import Path

from stripper import Mode, RawPage

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_PATTERNS = ("*/page.html", "*/page.txt", "html/*.html.gz", "html/*.html", "txt/*.txt")


def paths(folder: Path) -> list[Path]:
    """Return the pages of a folder of fixtures or of a corpus, sorted by name."""
    return sorted(path for pattern in _PATTERNS for path in folder.glob(pattern))


def read(path: Path) -> RawPage:
    """Return a page as bytes, with its path as id."""
    data = path.read_bytes()
    return RawPage(str(path), gzip.decompress(data) if path.suffix == ".gz" else data)


def mode(path: Path) -> Mode:
    """Return how a page is to be read."""
    return Mode.TEXT if path.suffix == ".txt" else Mode.HTML
