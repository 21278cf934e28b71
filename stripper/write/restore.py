"""The way back: clean text + record = page text, or the clean text with some kinds back in place."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Block, Mode, Page
from stripper.errors import InvalidRecord
from stripper.write.layout import JOINT, clean_text
from stripper.write.record import FAILURE_SCHEMA, SCHEMA, digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from stripper.datatypes import Kind


def restore(text: str, record: Mapping[str, Any], kinds: Collection[Kind] | None = None) -> str:
    """Return the page text: what was kept out of `text`, what was removed out of `record`, in their old order.

    `text` is the clean text as stripper gave it; one line end more at its end, as editors and shells add
    it, does no harm. With `kinds` only these come back: the clean text that ``Options(keep=kinds)`` would have
    given. Raises `InvalidRecord` when the record is none or belongs to another text.
    """
    name = _name(record)
    try:
        pieces = _pieces(text, record, name)
        mode = Mode(record["text"]["mode"])
        joint = JOINT if mode is Mode.HTML else ""
        stays = None if kinds is None else _stays(record, frozenset(kinds))
        expected = record["text"]["sha256"]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise InvalidRecord(name, f"the record is malformed ({type(error).__name__}: {error})") from None
    restored = joint.join(pieces)
    if digest(restored) != expected:
        raise InvalidRecord(name, "text and record do not belong together, or one of them was changed")
    if stays is None:
        return restored
    if mode is Mode.HTML:
        return joint.join([piece for piece, wanted in zip(pieces, stays, strict=True) if wanted])
    return clean_text(Page(mode, restored, _blocks(pieces)), stays)


def _stays(record: Mapping[str, Any], kinds: Collection[str]) -> list[bool]:
    """Return for each block, in the order of the page, whether it was kept or is of one of `kinds`."""
    stays = [(item["id"], True) for item in record["kept"]]
    stays += [(item["id"], item["kind"] in kinds) for item in record["removed"]]
    return [wanted for _, wanted in sorted(stays)]


def _blocks(pieces: list[str]) -> tuple[Block, ...]:
    """Return the blocks of a plain text, which a record's pieces tile: white space around them goes with others now."""
    blocks = []
    for index, (start, end) in enumerate(pairwise(accumulate(map(len, pieces), initial=0))):
        piece = pieces[index]
        left, text = start + len(piece) - len(piece.lstrip()), piece.strip()
        blocks.append(Block(index, text, (left, left + len(text)) if text else (start, end)))
    return tuple(blocks)


def _name(record: Mapping[str, Any]) -> str:
    try:
        return str(record["source"]["id"])
    except (KeyError, TypeError):
        return "record"


def _pieces(text: str, record: Mapping[str, Any], name: str) -> list[str]:
    """Return each block's text, in the order of the page."""
    if record["schema"] == FAILURE_SCHEMA:
        raise InvalidRecord(name, f"this input failed, there is nothing to restore ({record['message']})")
    if record["schema"] != SCHEMA:
        raise InvalidRecord(name, f"the record's schema is {record['schema']!r}, not {SCHEMA!r}")
    kept = record["kept"]
    length = kept[-1]["out"][1] if kept else 0
    if text[length:] not in ("", "\n", "\r\n"):
        raise InvalidRecord(name, f"the clean text has {len(text)} characters, the record says {length}")
    pieces = [(item["id"], text[item["out"][0] : item["out"][1]]) for item in kept]
    pieces += [(item["id"], item["text"]) for item in record["removed"]]
    return [str(piece) for _, piece in sorted(pieces)]
