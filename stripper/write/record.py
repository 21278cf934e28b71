"""The record: what was kept, what was removed, and why, as JSON-ready values in a fixed order of keys."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Kind, Mode
from stripper.version import __version__
from stripper.write.layout import lay_out

if TYPE_CHECKING:
    from stripper.datatypes import Source, Verdict
    from stripper.write.layout import Place
    from stripper.write.stripped import Stripped

SCHEMA = "stripper.record/1"
FAILURE_SCHEMA = "stripper.failure/1"

_WORD = re.compile(r"\w+")
_DIGITS = 4  # of a confidence: more would be noise


def build_record(page: Stripped) -> dict[str, Any]:
    """Return the record of a stripped page; `schema()` describes it."""
    places = lay_out(page.page, page.segmentation.kept)
    xpaths = _xpaths(page)
    pairs = list(zip(page.verdicts, places, strict=True))
    return {
        "schema": SCHEMA,
        "stripper": _made_by(page),
        "source": _source(page.source),
        "page": {
            "type": page.page_type,
            "type_confidence": _share(page.segmentation.type_confidence),
            "language": page.metadata.language,
            "title": page.title,
            "author": page.metadata.author,
            "date": page.metadata.date,
            "site": page.metadata.site,
        },
        "text": {"mode": str(page.page.mode), "chars": len(page.page.text), "sha256": digest(page.page.text)},
        "totals": _totals(page.verdicts),
        "confidence": _share(page.confidence),
        "needs_review": page.needs_review,
        "warnings": list(page.warnings),
        "kept": [_kept(v, place, xpaths) for v, place in pairs if v.kept],
        "removed": [_removed(v, place, xpaths, page.page.text) for v, place in pairs if not v.kept],
    }


def _share(figure: float) -> float:
    """Return a share as the record writes it. Raises ValueError for NaN: better an error here than at the reader's."""
    if not 0 <= figure <= 1:
        raise ValueError(f"a confidence of {figure} is not JSON compliant")
    return round(figure, _DIGITS)


def _made_by(page: Stripped) -> dict[str, Any]:
    made_by: dict[str, Any] = {"version": __version__, "model": page.model, "options": page.options.changed()}
    if (profile := page.segmentation.profile) is not None:
        made_by["profile"] = {"site": profile.site, "pages": profile.pages, "sha256": profile.sha256}
    return made_by


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every record and every failure record obeys."""
    loaded: dict[str, Any] = json.loads(files("stripper").joinpath("data/record.schema.json").read_text("utf-8"))
    return loaded


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, lone surrogates passed through as their three bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "url": source.url,
        "sha256": source.sha256,
        "bytes": source.bytes,
        "media_type": source.media_type,
        "encoding": source.encoding,
        "encoding_from": source.encoding_from,
        "replaced_characters": source.replaced_characters,
        "fetched": None if source.fetched is None else dict(source.fetched),
        "warc": None if source.warc is None else dict(source.warc),
    }


def _xpaths(page: Stripped) -> dict[int, str]:
    if page.page.mode is not Mode.HTML:
        return {}
    return page.page.outline.xpaths(sorted({v.block.element for v in page.verdicts if v.block.element >= 0}))


def _totals(verdicts: tuple[Verdict, ...]) -> dict[str, Any]:
    blocks: dict[Kind, int] = defaultdict(int)
    words: dict[Kind, int] = defaultdict(int)
    kept = 0
    for verdict in verdicts:
        count = len(_WORD.findall(verdict.block.text))
        blocks[verdict.kind] += 1
        words[verdict.kind] += count
        kept += count if verdict.kept else 0
    seen = sum(words.values())
    return {
        "blocks": len(verdicts),
        "words_seen": seen,
        "words_kept": kept,
        "words_removed": seen - kept,
        "by_kind": {str(kind): {"blocks": blocks[kind], "words": words[kind]} for kind in Kind if kind in blocks},
    }


def _kept(verdict: Verdict, place: Place, xpaths: dict[int, str]) -> dict[str, Any]:
    return {
        "id": verdict.block.index,
        "span": list(place.span),
        "out": list(place.out),
        "role": str(verdict.block.role),
        "origin": str(verdict.block.origin),
        "xpath": xpaths.get(verdict.block.element),
        "kind": str(verdict.kind),
        "confidence": _share(verdict.confidence),
    }


def _removed(verdict: Verdict, place: Place, xpaths: dict[int, str], text: str) -> dict[str, Any]:
    return {
        "id": verdict.block.index,
        "kind": str(verdict.kind),
        "confidence": _share(verdict.confidence),
        "span": list(place.span),
        "insert_at": place.out[1],
        "origin": str(verdict.block.origin),
        "xpath": xpaths.get(verdict.block.element),
        "text": text[place.span[0] : place.span[1]],
        "links": [link.href for link in verdict.block.links],
        "reasons": [{"rule": rule, "evidence": evidence} for rule, evidence in verdict.reasons],
    }
