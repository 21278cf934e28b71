"""Texts that many records share, by their hash: a batch with --blocks writes each once, into blocks.jsonl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripper.errors import InvalidRecord, UnreadableInput
from stripper.write import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BLOCKS = "blocks.jsonl"


class RemovedTexts:
    """Looks up texts in the file; in memory are their places only, found when the first one is asked for."""

    def __init__(self, folder: Path) -> None:
        """Look into the blocks.jsonl of `folder`."""
        self._path = folder / BLOCKS
        self._places: dict[str, int] | None = None

    @property
    def is_there(self) -> bool:
        """Whether the folder holds them."""
        return self._path.is_file()

    def filled(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a record with the texts of its removed blocks; one that holds them comes back as it is.

        Raises InputError.
        """
        removed = record.get("removed")
        if not isinstance(removed, list) or not any(isinstance(item, dict) and "block" in item for item in removed):
            return record  # what is malformed is told by whoever reads it
        try:
            with self._path.open("rb") as stream:
                if self._places is None:
                    self._places = _places(stream)
                removed = [self._with_text(stream, item) for item in removed]
        except OSError as error:
            raise UnreadableInput(str(self._path), f"cannot be read: {error.strerror or error}") from None
        except (KeyError, ValueError, TypeError) as error:
            raise InvalidRecord(str(self._path), f"lacks a block ({type(error).__name__}: {error})") from None
        schema = str(record["schema"]).partition("+")[0]
        return {**record, "schema": schema, "removed": removed}

    def _with_text(self, stream: Any, item: Mapping[str, Any]) -> Mapping[str, Any]:
        if "block" not in item:
            return item
        stream.seek((self._places or {})[item["block"]])
        return {**item, "text": from_json(stream.readline())["text"]}


def _places(stream: Any) -> dict[str, int]:
    out = {}
    at = 0
    for line in stream:
        out[from_json(line)["block"]] = at
        at += len(line)
    return out
