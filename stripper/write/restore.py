"""The way back: clean text + record = page text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripper.datatypes import Mode
from stripper.errors import InvalidRecord
from stripper.write.layout import JOINT
from stripper.write.record import FAILURE_SCHEMA, SCHEMA, digest

if TYPE_CHECKING:
    from collections.abc import Mapping


def restore(text: str, record: Mapping[str, Any]) -> str:
    """Return the page text: what was kept out of `text`, what was removed out of `record`, in their old order.

    `text` is the clean text as stripper gave it; one line end more at its end, as editors and shells add
    it, does no harm. Raises `InvalidRecord` when the record is none or belongs to another text.
    """
    name = _name(record)
    try:
        pieces = _pieces(text, record, name)
        joint = JOINT if Mode(record["text"]["mode"]) is Mode.HTML else ""
        expected = record["text"]["sha256"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidRecord(name, f"the record is malformed ({type(error).__name__}: {error})") from None
    restored = joint.join(pieces)
    if digest(restored) != expected:
        raise InvalidRecord(name, "text and record do not belong together, or one of them was changed")
    return restored


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
