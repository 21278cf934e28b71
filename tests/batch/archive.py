"""Archives of made pages, written by hand: nothing is shared with what reads them."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import TYPE_CHECKING

from tests.batch.conftest import html

if TYPE_CHECKING:
    from collections.abc import Mapping


def page(number: int) -> bytes:
    """Return the body of page `number`."""
    return html(number).encode()


def records(count: int) -> list[bytes]:
    """Return `count` responses, each as a record without compression."""
    return [response(number) for number in range(count)]


def response(
    number: int, *, status: str = "200 OK", headers: str = "Content-Type: text/html", body: bytes | None = None
) -> bytes:
    """Return a response record of page `number`, or of `body`; `headers` are the answer's."""
    return record("response", answer(number, status=status, headers=headers, body=body), number)


def answer(
    number: int, *, status: str = "200 OK", headers: str = "Content-Type: text/html", body: bytes | None = None
) -> bytes:
    """Return an HTTP answer."""
    head = f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode()
    return head + (page(number) if body is None else body)


def record(kind: str, block: bytes, number: int = 0, more: Mapping[str, str] | None = None) -> bytes:
    """Return a WARC record with digests; `more` are headers of its own that add to or replace the usual ones."""
    http = kind in {"response", "request", "revisit"}
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date": "2026-01-01T00:00:00Z",
        "WARC-Target-URI": f"https://bank.example/day-{number}",
        "WARC-Block-Digest": _digest(block),
        "WARC-Payload-Digest": _digest(block.partition(b"\r\n\r\n")[2]),
        "Content-Type": f"application/http; msgtype={kind}" if http else "text/plain",
        "Content-Length": str(len(block)),
    }
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in (headers | dict(more or {})).items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def zipped(parts: list[bytes]) -> bytes:
    """Return the records as gzip members of their own."""
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def arc(count: int) -> bytes:
    """Return an ARC file of `count` pages."""
    first = b"1 0 made\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://made.arc 0.0.0.0 20260101000000 text/plain %d\n%s\n" % (len(first), first)]
    for number in range(count):
        block = answer(number)
        parts.append(
            b"https://bank.example/day-%d 192.0.2.1 20260101000000 text/html %d\n%s\n" % (number, len(block), block)
        )
    return b"".join(parts)


def _digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
