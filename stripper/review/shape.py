"""What a file must look like to be taken for a record or a manifest's row: shapes as values, and a comparison.

The record's JSON Schema says more, but reading it needs a package that only tests have; here stands what the code of
this room relies on.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType, UnionType
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


def misfit(value: Any, shape: Any) -> str | None:
    """Return the first place where `value` is not of `shape`, e.g. ``kept.3.span.0``; None where it fits.

    A shape is a type, a mapping of keys that must be there, a tuple for a list of as many values, or one of
    the classes above.
    """
    path = _wrong(value, shape)
    return None if path is None else ".".join(map(str, reversed(path))) or "all of it"


def _wrong(value: Any, shape: Any) -> list[object] | None:
    """Return the keys that lead to the first place that does not fit, the last one first; None where all fits."""
    if isinstance(shape, type | UnionType):
        return None if isinstance(value, shape) else []
    if isinstance(shape, OrNone | OrMissing):
        nothing = value is None or (value is _MISSING and isinstance(shape, OrMissing))
        return None if nothing else _wrong(value, shape.shape)
    parts = _parts(value, shape)
    if parts is None:
        return []
    for name, part, inner in parts:
        path = _wrong(part, inner)
        if path is not None:
            return [*path, name]
    return None


def _parts(value: Any, shape: Any) -> list[tuple[object, Any, Any]] | None:
    """Return name, value and shape of what stands inside; None where `value` is not of this sort."""
    if isinstance(shape, Each) and isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [(name, part, shape.shape) for name, part in items]
    if isinstance(shape, dict | MappingProxyType) and isinstance(value, dict):
        return [(name, value.get(name, _MISSING), inner) for name, inner in shape.items()]
    if isinstance(shape, tuple) and isinstance(value, list) and len(value) == len(shape):
        return [(at, part, inner) for at, (part, inner) in enumerate(zip(value, shape, strict=True))]
    return None
