"""URL -> bytes: the only room that opens a connection, and the only importer of httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripper.datatypes import RawPage
    from stripper.options import Options

__all__ = ["fetch"]


def fetch(url: str, options: Options) -> RawPage:
    """Return the page at `url` (http or https), at most `options.max_fetch_bytes` within `options.timeout` seconds.

    Raises a `FetchError` that names the URL and says what went wrong.
    """
    from stripper.fetch.client import fetch_page  # httpx costs 100 ms, paid by those who fetch

    return fetch_page(url, options)
