"""Which site a page belongs to, as far as it says so itself, and what is known of a site."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD_BYTES = 200_000  # where a page names its address, if anywhere
_CANONICAL = re.compile(
    rb"""<link\b(?=[^>]{0,1000}\brel\s{0,9}=\s{0,9}["']?canonical\b)[^>]{0,1000}?\bhref\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})"""
    rb"""|<meta\b(?=[^>]{0,1000}\bproperty\s{0,9}=\s{0,9}["']?og:url\b)[^>]{0,1000}?\bcontent\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})""",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(https?://)[^/?#]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What repeats on the pages of a site."""

    site: str  # host without "www.", or a folder
    pages: int  # different pages that were looked at
    counts: Mapping[int, int]  # fingerprint of a block (64 bits) -> pages it stands on
    sha256: str  # of the file it was read from


def site_of(url: str | None, data: bytes = b"") -> str | None:
    """Return the site of a page: the host of its URL, else of the address its head names; None where nobody knows."""
    return host_of(url) or host_of(canonical(data))


def without_password(name: str) -> str:
    """Return the name of an input; of a URL without user and password."""
    found = _USERINFO.match(name)
    return f"{found[1]}{name[found.end() :]}" if found else name


def host_of(url: str | None) -> str | None:
    """Return a URL's host without "www.", with its port if it has one; None for what is no http(s) URL."""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = parts.hostname.rstrip(".").removeprefix("www.")
    return f"{host}:{port}" if port is not None else host


def canonical(data: bytes) -> str | None:
    """Return the address that a page's head names: `link rel=canonical`, else `og:url`; cheap, without a parse."""
    found = _CANONICAL.search(data, 0, _HEAD_BYTES)
    return (found[1] or found[2]).decode("utf-8", "replace") if found else None


def head_of(data: bytes) -> bytes:
    """Return the first bytes of a page, unpacked if it is gzipped; damaged ones as far as they go."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:_HEAD_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:_HEAD_BYTES], _HEAD_BYTES)
    except zlib.error:
        return b""
