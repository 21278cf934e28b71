"""URLs of requests: what may be asked for, where a redirect leads, and what is one origin."""

from __future__ import annotations

import httpx

from stripper.errors import InvalidURL, RedirectFailed

_SCHEMES = frozenset({"http", "https"})
_PORTS = {"http": 80, "https": 443}


def parse_url(source: str) -> httpx.URL:
    """Return the URL to ask for, without its fragment; raise `InvalidURL`."""
    try:
        url = httpx.URL(source.strip().partition("#")[0])
    except httpx.InvalidURL as error:
        raise InvalidURL(source, f"no valid URL ({error})") from None
    if url.scheme not in _SCHEMES or not url.host:
        raise InvalidURL(source, "no URL of a page; it must begin with http:// or https:// and name a host")
    if "%" in url.host and ":" not in url.host:  # httpx escapes what no host name may hold
        raise InvalidURL(source, f"no valid URL ({url.host!r} is no host name)")
    if url.userinfo:
        # It would end up in the record, the cache and the log.
        raise InvalidURL(_without_userinfo(url), "holds a password; give it as a header (Authorization)")
    return url


def next_url(source: str, current: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect from `current` leads; raise `RedirectFailed` unless to an http(s) URL."""
    shown = location[:200]
    try:
        url = current.join(location.partition("#")[0])
    except httpx.InvalidURL:
        raise RedirectFailed(source, f"redirects to {shown!r}, which is no valid URL") from None
    if url.scheme not in _SCHEMES or not url.host:
        raise RedirectFailed(source, f"redirects to {shown!r}, which is no http(s) URL")
    return url.copy_with(userinfo=b"") if url.userinfo else url


def origin(url: httpx.URL) -> str:
    """Return scheme, host and port: ``https://example.org:443``."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}:{url.port or _PORTS[url.scheme]}"


def _without_userinfo(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))
