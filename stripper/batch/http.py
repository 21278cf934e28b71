"""An HTTP answer as archives keep it: status line, headers, body in its codings."""

from __future__ import annotations

from email.message import Message
from typing import NamedTuple

_MAX_HEADERS = 1 << 20  # bytes


class Answer(NamedTuple):
    """What an archived answer says of its body."""

    status: int
    media_type: str  # "" = unknown
    charset: str | None
    codings: tuple[str, ...]  # in the order in which they were applied
    body: bytes


def parse_answer(block: bytes) -> Answer | None:
    """Return the answer that a record's block holds, None where it is no HTTP."""
    head, body = _split(block)
    lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    status = lines[0].split(None, 2)
    if len(status) < 2 or not status[0].upper().startswith("HTTP/") or not status[1].isdecimal():  # noqa: PLR2004
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            known = headers.get(name.strip().lower())
            headers[name.strip().lower()] = f"{known}, {value.strip()}" if known else value.strip()
    media_type, charset = content_type(headers.get("content-type", ""))
    codings = [*_names(headers.get("content-encoding", "")), *_names(headers.get("transfer-encoding", ""))]
    return Answer(int(status[1]), media_type, charset, tuple(codings), body)


def content_type(value: str) -> tuple[str, str | None]:
    """Return media type and charset of a Content-Type header; "" and None where it names none."""
    if "/" not in value:
        return "", None
    message = Message()
    message["content-type"] = value.partition(",")[0]
    charset = message.get_param("charset")
    return message.get_content_type(), charset if isinstance(charset, str) and charset else None


def _split(block: bytes) -> tuple[bytes, bytes]:
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, _MAX_HEADERS)) >= 0]
    if not ends:
        return block[:_MAX_HEADERS], b""
    at, length = min(ends)
    return block[:at], block[at + length :]


def _names(value: str) -> list[str]:
    names = [name.strip().lower() for name in value.split(",")]
    return [name for name in names if name and name != "identity"]
