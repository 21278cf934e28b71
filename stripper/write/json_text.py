"""Records as JSON text: always valid UTF-8, always what `json.loads` gives back."""

from __future__ import annotations

import json
import re
from typing import Any

# Valid in a JSON string, but not everywhere else: a lone surrogate has no UTF-8 form, U+0085, U+2028 and
# U+2029 end a line for some readers of JSON lines, and C1 controls drive terminals.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def to_json(value: object) -> str:
    """Return `value` as JSON on one line; non-ASCII stays readable, only what could do harm is escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


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
    lines = []
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            text = "[\n  " + ",\n  ".join(map(to_json, value)) + "\n]"
        else:
            text = to_json(value)
        lines.append(f"{to_json(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
