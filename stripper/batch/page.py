"""What a worker does with an item: unpack, strip, and make the bytes that are written."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stripper.batch.body import opened
from stripper.batch.items import Content, Made
from stripper.datatypes import Decoded, Mode
from stripper.parse import decode
from stripper.pipeline import failure, strip_decoded
from stripper.reading import unpacked
from stripper.segment import load_profile
from stripper.segment.profile import SITE_RULE
from stripper.write import Format, as_utf8, json_file, json_line, render
from stripper.write.blocks import without_texts

if TYPE_CHECKING:
    from stripper.batch.forms import Form
    from stripper.batch.items import Item
    from stripper.datatypes import Failure, RawPage
    from stripper.options import Options
    from stripper.write import Stripped

_DIGITS = 4  # of seconds and confidence


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the pages of a run are made; all workers have the same."""

    options: Options
    mode: Mode | None  # None = by content
    form: Form
    blocks: bool  # removed texts go to a file of their own
    profiles: str | None  # folder of site profiles


def make(item: Item, recipe: Recipe) -> Made | Failure:
    """Strip an item; every error but MemoryError becomes a `Failure`."""
    start = time.process_time()
    try:
        raw, decoded = readable(item, recipe.options)
        profile = load_profile(recipe.profiles, item.site) if recipe.profiles else None
        page = strip_decoded(raw, decoded, recipe.options, mode_of(item, recipe.mode), profile)
        return _made(page, item, recipe, start)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  law 7: no page may stop the others
        return failure(item.raw, error)


def readable(item: Item, options: Options) -> tuple[RawPage, Decoded]:
    """Return an item's page unpacked and its characters. Raises InputError."""
    raw = item.raw
    if item.content in {Content.HTML, Content.TEXT}:  # a table's characters
        return raw, Decoded(raw.data.decode("utf-8", "surrogatepass"), "utf-8", "str", 0)
    if item.content is Content.FILE:
        media_type = raw.media_type
        raw = unpacked(raw, options)
        raw = replace(raw, media_type=media_type) if media_type else raw
    else:
        raw = opened(raw, item.codings, options.max_bytes)
    return raw, decode(raw, options.max_bytes)


def mode_of(item: Item, mode: Mode | None) -> Mode | None:
    """Return how an item is to be read: as its column says, else as was asked for."""
    return {Content.HTML: Mode.HTML, Content.TEXT: Mode.TEXT}.get(item.content, mode)


def _made(page: Stripped, item: Item, recipe: Recipe, start: float) -> Made:
    record = page.record()
    totals = record["totals"]
    texts: dict[str, str] = {}
    if recipe.blocks:
        record, texts = without_texts(record)
    if recipe.form.sharded:
        outputs: tuple[bytes, ...] = (json_line(_row(page, item, record)),)
    else:
        text = render(page, Format(recipe.form))
        outputs = (as_utf8(text), json_file(record))
    return Made(
        page={
            "mode": str(page.page.mode),
            "type": page.page_type,
            "language": page.metadata.language,
            "title": page.title,
            "confidence": record["confidence"],
            "needs_review": page.needs_review,
            "warnings": record["warnings"],
            "template_blocks": _template_blocks(record),
        },
        words={
            "seen": totals["words_seen"],
            "kept": totals["words_kept"],
            "removed": totals["words_removed"],
            "by_kind": {kind: count["words"] for kind, count in totals["by_kind"].items()},
        },
        outputs=outputs,
        removed=tuple(texts.items()),
        seconds=round(time.process_time() - start, _DIGITS),
    )


def _template_blocks(record: dict[str, Any]) -> int:
    """Return how many blocks went because their site repeats them."""
    return sum(item["reasons"][0]["rule"] == SITE_RULE for item in record["removed"])


def _row(page: Stripped, item: Item, record: dict[str, Any]) -> dict[str, Any]:
    """Return a page as a row of a shard; forms.COLUMNS has the same names in the same order."""
    about = record["page"]
    return {
        "id": page.source.id,
        "url": page.source.url,
        "site": item.site,
        "sha256": item.digest(),
        "mode": record["text"]["mode"],
        "type": about["type"],
        "language": about["language"],
        "title": about["title"],
        "author": about["author"],
        "date": about["date"],
        "confidence": record["confidence"],
        "needs_review": record["needs_review"],
        "words_kept": record["totals"]["words_kept"],
        "words_removed": record["totals"]["words_removed"],
        "text": page.text,
        "record": record,
    }
