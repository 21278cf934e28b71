"""Sloppy and clean plain texts in many languages, written for these tests.

``sloppy/LANG.txt``: the lines of an article, a blank line, then what a theme puts below it, as KIND<TAB>LINE.
``clean/NAME.txt``: a text without junk whose lines look like junk to a careless rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Sloppy(NamedTuple):
    """A text as a careless scraper leaves it."""

    article: tuple[str, ...]  # headline and paragraphs, which must stay
    junk: tuple[tuple[str, str], ...]  # lines below it with their kinds, which must go

    def text(self, gap: str = "\n\n") -> str:
        """Return article and junk as one text."""
        return gap.join((*self.article, *(line for line, _ in self.junk)))


def _sloppy(path: Path) -> Sloppy:
    article, _, junk = path.read_text("utf-8").partition("\n\n")
    rows = [row.partition("\t") for row in junk.splitlines()]
    return Sloppy(tuple(article.split("\n")), tuple((line, kind) for kind, _, line in rows))


LANGUAGES = {path.stem: _sloppy(path) for path in sorted((_HERE / "sloppy").glob("*.txt"))}
HARBOUR = LANGUAGES["en"].article  # headline, three paragraphs, a heading, a paragraph
CLEAN = {path.stem: path.read_text("utf-8").rstrip("\n") for path in sorted((_HERE / "clean").glob("*.txt"))}
CLEAN["news"] = "\n\n".join(HARBOUR)
