"""URL -> bytes: the only room that opens a connection, and the only importer of httpx.

`fetch` gets one page, `fetch_many` many over one `Fetcher`: polite, guarded, recorded. Importing this package is
cheap; httpx and the rest are imported with the first page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stripper.datatypes import Failure, RawPage
    from stripper.options import Options

__all__ = ["fetch", "fetch_many"]


def fetch(url: str, options: Options) -> RawPage:
    """Return the page at `url` (http or https).

    Asks for the site's robots.txt first. For more than one page use `fetch_many` or a `Fetcher`, which keep
    connections, robots.txt and politeness from page to page. Raises a `FetchError`.
    """
    from stripper.fetch.fetcher import Fetcher

    with Fetcher(options) as fetcher:
        return fetcher.fetch(url)


def fetch_many(urls: Iterable[str], options: Options, *, ordered: bool = True) -> Iterator[RawPage | Failure]:
    """Yield what came of each of `urls`, in their order or as they come; raises no `FetchError`."""
    from stripper.fetch.fetcher import Fetcher

    with Fetcher(options) as fetcher:
        yield from fetcher.fetch_many(urls, ordered=ordered)
