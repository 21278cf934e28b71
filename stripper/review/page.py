"""The review: one HTML file that shows what became of each block of one or several pages, and takes corrections."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from dataclasses import dataclass
from itertools import starmap
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Failure, Kind, Mode
from stripper.review.documents import environment, policy, style_of
from stripper.review.overlay import outline
from stripper.review.picture import bar_of, strip_of, totals
from stripper.sites import without_password
from stripper.write import is_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import IO

    from stripper.datatypes import Page
    from stripper.review.split import Split

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # as pages declare it: anything else is noise
_IN_MEMORY = 16 << 20  # bytes of finished sections that are held before a file takes them
_STYLES = ("colours.css", "review.css")
_SCRIPTS = ("early.js", "review.js")
_FRAME_STYLES = ("colours.css", "frame.css")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review shows of one page."""

    split: Split
    page: Page | None = None  # for the copy of the page; None where only the record is at hand
    data: bytes | None = None  # the input, for the labelled page; None as above


def write_review(pages: Iterable[Reviewed | Failure], write: Callable[[str], object], version: str) -> None:
    """Write the review of `pages` piece by piece; with several, an index with a picture of each comes first.

    One page at a time is in memory.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as sections:
        index = []
        for number, page in enumerate(pages, 1):
            index.append(_failed(page) if isinstance(page, Failure) else _listed(page, number))
            if isinstance(page, Reviewed):
                for piece in environment().get_template("page.html").generate(**_section(page, number)):
                    sections.write(piece.encode("utf-8", "replace"))
        sections.seek(0)
        shell = environment().get_template("review.html")
        facts: dict[str, Any] = {
            "csp": policy(starmap(style_of, (_STYLES, _FRAME_STYLES)), map(style_of, _SCRIPTS)),
            "style": style_of(*_STYLES),
            "early": style_of(_SCRIPTS[0]),
            "script": style_of(_SCRIPTS[1]),
            "index": index,
            "heading": _heading(index),
            "legend": _legend(index),
            "version": version,
            "kinds": [str(kind) for kind in Kind],
            "sections": _pieces(sections),
        }
        for piece in shell.generate(**facts):
            write(piece)


def _heading(index: Sequence[Mapping[str, Any]]) -> str:
    failed = sum(page["anchor"] is None for page in index)
    pages = len(index) - failed
    counted = "1 page" if pages == 1 else f"{pages:,} pages"
    return f"{counted}, {failed:,} failed" if failed else counted


def _legend(index: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the kinds that the pictures of the index show, in the order of their list."""
    shown = {bar.kind for page in index for bar in page.get("strip", ())}
    return [str(kind) for kind in Kind if kind in shown]


def _pieces(sections: IO[bytes]) -> Iterator[str]:
    # Whole lines: a piece that ends inside a character could not be decoded.
    return (line.decode("utf-8") for line in sections)


def _listed(page: Reviewed, number: int) -> dict[str, Any]:
    record = page.split.record
    seen = record["totals"]["words_seen"]
    return {
        "anchor": f"p{number}",
        "id": page.split.id,
        "title": page.split.title,
        "strip": strip_of(page.split.entries),
        "removed": record["totals"]["words_removed"] / seen if seen else 0.0,
        "words": seen,
        "confidence": record["confidence"],
        "needs_review": record["needs_review"],
    }


def _failed(failure: Failure) -> dict[str, Any]:
    name = without_password(failure.id)
    return {"anchor": None, "id": name, "title": name, "problem": failure.message}


def _section(page: Reviewed, number: int) -> dict[str, Any]:
    split = page.split
    language = split.record["page"]["language"]
    rows = totals(split.record["totals"]["by_kind"])
    return {
        "number": f"p{number}",
        "split": split,
        "record": split.record,
        "link": split.url if split.url and is_url(split.url) else None,
        "totals": rows,
        "bar": bar_of(rows),
        "strip": strip_of(split.entries),
        "undecided": sum(entry.undecided for entry in split.entries),
        "lines": outline(page.page, split) if page.page and split.mode is Mode.HTML else (),
        "frame_style": style_of(*_FRAME_STYLES),
        "frame_csp": policy([style_of(*_FRAME_STYLES)], []),
        "labels": _labels(page),
        "lang": language if language and _LANGUAGE.fullmatch(language) else None,
    }


def _labels(page: Reviewed) -> dict[str, Any] | None:
    """Return what a labelled page holds besides its blocks, which the browser reads off the page."""
    if page.data is None:
        return None
    source = page.split.record["source"]
    return {
        "schema": "stripper.labelled/1",
        "id": f"{source['sha256'][:16]}",
        "source": page.split.id,
        "url": page.split.url,
        "mode": str(page.split.mode),
        "page": b64encode(gzip.compress(page.data, mtime=0)).decode("ascii"),
    }
