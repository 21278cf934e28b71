"""URL -> bytes: the only room that opens a connection, and the only importer of httpx.

`fetch` gets one page, `fetch_many` many over one `Fetcher`: polite, guarded, recorded. Importing this package is
cheap; httpx and the rest are imported with the first page.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from stripper.datatypes import Failure, RawPage
    from stripper.fetch.fetcher import Fetcher
    from stripper.options import Options

__all__ = ["fetch", "fetch_among", "fetch_many", "open_fetcher"]

T = TypeVar("T")


def fetch(url: str, options: Options, is_empty: Callable[[RawPage], bool] | None = None) -> RawPage:
    """Return the page at `url` (http or https); `is_empty` as in `open_fetcher`.

    Asks for the site's robots.txt first, unless this process knows it, and keeps the pause after the page before.
    For more than one page use `fetch_many` or a `Fetcher`, which keep connections as well. Raises a `FetchError`.
    """
    with open_fetcher(options, is_empty) as fetcher:
        return fetcher.fetch(url)


def fetch_many(urls: Iterable[str], options: Options, *, ordered: bool = True) -> Iterator[RawPage | Failure]:
    """Yield what came of each of `urls`, in their order or as they come; raises no `FetchError`."""
    with open_fetcher(options) as fetcher:
        yield from fetcher.fetch_many(urls, ordered=ordered)


def fetch_among(
    sources: Iterable[T], is_url: Callable[[T], bool], fetcher: Fetcher | Callable[[], Fetcher]
) -> Generator[T | RawPage | Failure, None, None]:
    """Yield `sources` in order, each URL replaced by what came of it, the rest as it is.

    Sources are taken as they are needed; URLs that follow one another are fetched together. A `fetcher` that is
    still to be made is made at the first of them, and closed at the end.
    """
    with ExitStack() as stack:
        for are_urls, group in groupby(sources, is_url):
            if are_urls:
                if callable(fetcher):
                    fetcher = stack.enter_context(fetcher())
                yield from fetcher.fetch_many(str(url) for url in group)
            else:
                yield from group


def open_fetcher(options: Options, is_empty: Callable[[RawPage], bool] | None = None) -> Fetcher:
    """Return a `Fetcher`, a context manager; `is_empty` tells which pages ``render="auto"`` runs in a browser.

    Raises `UsageError` if a cache, an archive or a certificate file can't be used.
    """
    from stripper.fetch.crawler import World
    from stripper.fetch.fetcher import Fetcher
    from stripper.fetch.memory import memory_of_process

    return Fetcher(options, World(memory=memory_of_process(options.fetch)), is_empty)
