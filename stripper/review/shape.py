"""What a file must look like to be taken for a record or a manifest's row: shapes as values, and a comparison.

The record's JSON Schema says more, but reading it needs a package that only tests have; here stands what the code of
this room relies on.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class OrNone:
    """Null, or this shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class OrMissing:
    """No such key, null, or this shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Each:
    """A list, or an object with any keys, of values of this shape."""

    shape: Any


_MISSING = object()
_NUMBER = int | float
_NAME = str | None
_SPAN = (int, int)
_BLOCK = MappingProxyType({"id": int, "kind": str, "confidence": _NUMBER, "span": _SPAN, "xpath": _NAME})
_REASON = MappingProxyType({"rule": str, "evidence": str})
BLOCKS = MappingProxyType(
    {
        "kept": Each(_BLOCK | {"out": _SPAN, "role": str}),
        "removed": Each(_BLOCK | {"text": str, "reasons": Each(_REASON), "links": Each(str)}),
    }
)
RECORD = BLOCKS | {
    "source": {"id": str, "url": _NAME, "sha256": str},
    "page": {"type": _NAME, "language": _NAME, "title": _NAME},
    "text": {"mode": str, "sha256": str},
    "totals": {"words_seen": int, "words_removed": int, "by_kind": Each({"blocks": int, "words": int})},
    "confidence": _NUMBER,
    "needs_review": bool,
    "warnings": Each(str),
    "stripper": {"version": str},
}
# What a report counts of a record; texts may stand in blocks.jsonl.
COUNTED = MappingProxyType(
    {
        "kept": Each({"confidence": _NUMBER}),
        "removed": Each({"confidence": _NUMBER, "reasons": Each({"rule": str})}),
    }
)
ROW = MappingProxyType(
    {
        **dict.fromkeys(("id", "status"), str),
        **dict.fromkeys(("site", "error", "message"), OrMissing(str)),
        "seconds": OrMissing(_NUMBER),
        "output": OrNone(Each(str | int)),  # {record, text} or {shard, row}
        "page": OrNone({"confidence": _NUMBER, "needs_review": bool, "type": _NAME, "language": _NAME}),
        "words": OrNone({"seen": int, "kept": int, "removed": int, "by_kind": Each(int)}),
    }
)


def misfit(value: Any, shape: Any, place: str = "") -> str | None:
    """Return the first place where `value` is not of `shape`, e.g. ``kept.3.span.0``; None where it fits.

    A shape is a type, a mapping of keys that must be there, a tuple for a list of as many values, or one of
    the classes above.
    """
    if isinstance(shape, OrNone | OrMissing):
        nothing = value is None or (value is _MISSING and isinstance(shape, OrMissing))
        return None if nothing else misfit(value, shape.shape, place)
    parts = _parts(value, shape)
    if parts is None:
        return None if _is_leaf(shape) and isinstance(value, shape) else place or "all of it"
    found = (misfit(part, inner, f"{place}.{name}" if place else str(name)) for name, part, inner in parts)
    return next(filter(None, found), None)


def _is_leaf(shape: Any) -> bool:
    return not isinstance(shape, (Each, tuple, dict, MappingProxyType))


def _parts(value: Any, shape: Any) -> list[tuple[object, Any, Any]] | None:
    """Return name, value and shape of what stands inside; None where `value` is not of this sort, or has no inside."""
    if isinstance(shape, Each) and isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [(name, part, shape.shape) for name, part in items]
    if isinstance(shape, dict | MappingProxyType) and isinstance(value, dict):
        return [(name, value.get(name, _MISSING), inner) for name, inner in shape.items()]
    if isinstance(shape, tuple) and isinstance(value, list) and len(value) == len(shape):
        return [(at, part, inner) for at, (part, inner) in enumerate(zip(value, shape, strict=True))]
    return None
