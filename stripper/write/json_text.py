"""Records as JSON text: always valid UTF-8, always what `json.loads` gives back."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

# Valid in a JSON string, but not everywhere else: U+0085, U+2028 and U+2029 end a line for some readers of JSON
# lines, and C1 controls drive terminals.
_HARMFUL = re.compile("[\x7f-\x9f\u2028\u2029]")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: object) -> str:
    """Return `value` as JSON on one line; non-ASCII stays readable, only what could do harm is escaped.

    JSON has no NaN: who makes a figure sees to it that it is one.
    """
    return json_line(value)[:-1].decode("utf-8")


def json_line(value: object) -> bytes:
    """Return `to_json` of a value as a line of a file."""
    return _harmless(_plain(value) + b"\n")


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def from_json(text: str | bytes) -> Any:
    """Return what somebody else's JSON says. Raises ValueError for whatever is wrong with it, NaN included."""
    try:
        return json.loads(text, parse_constant=_refused)
    except RecursionError:  # of all that json.loads raises the one that is no ValueError
        raise ValueError("nested too deep") from None


def to_json_lines(record: dict[str, Any]) -> str:
    """Return `record` as JSON for people and grep: a line for each key, and for each block in a list of blocks."""
    return json_file(record).decode("utf-8")


def json_file(record: dict[str, Any]) -> bytes:
    """Return `to_json_lines` of a record as a file's content."""
    lines = []
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            text = b"[\n  " + b",\n  ".join(map(_plain, value)) + b"\n]"
        else:
            text = _plain(value)
        lines.append(_plain(key) + b": " + text)
    return _harmless(b"{\n" + b",\n".join(lines) + b"\n}\n")


def _plain(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a lone surrogate, which has no UTF-8 form; an integer above 64 bits
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return _SURROGATE.sub(lambda match: _escape(match[0]), text).encode("utf-8")


def _harmless(data: bytes) -> bytes:
    # Three bytes in a row are found twenty times slower than one character, and all at once two hundred times.
    text = data.decode("utf-8")
    if "\x7f" in text or "\u2028" in text or "\u2029" in text or (b"\xc2" in data and _C1.search(data)):
        return _HARMFUL.sub(lambda match: _escape(match[0]), text).encode("utf-8")
    return data


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}"
