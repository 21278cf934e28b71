"""Records that refer to removed texts by hash: the same footer a thousand times is written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripper.errors import InvalidRecord
from stripper.write.record import SCHEMA, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BLOCKS_SCHEMA = f"{SCHEMA}+blocks"


def without_texts(record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a record whose removed blocks hold a hash (`block`) in place of `text`, and the texts by their hash.

    The hash is the SHA-256 of the text in UTF-8, lone surrogates passed through.
    """
    texts: dict[str, str] = {}
    removed = []
    for item in record["removed"]:
        name = digest(item["text"])
        texts[name] = item["text"]
        removed.append({("block" if key == "text" else key): name if key == "text" else item[key] for key in item})
    return {**record, "schema": BLOCKS_SCHEMA, "removed": removed}, texts


def with_texts(record: Mapping[str, Any], text_of: Callable[[str], str]) -> dict[str, Any]:
    """Return the record with its texts again; `text_of` gives the text of a hash, or raises KeyError.

    A record that holds its texts comes back as it is. Raises InvalidRecord where a text is missing.
    """
    if record.get("schema") != BLOCKS_SCHEMA:
        return dict(record)
    try:
        removed = [
            {("text" if key == "block" else key): text_of(item[key]) if key == "block" else item[key] for key in item}
            for item in record["removed"]
        ]
    except KeyError as error:
        raise InvalidRecord(str(record["source"]["id"]), f"the text of block {error} is missing") from None
    return {**record, "schema": SCHEMA, "removed": removed}
