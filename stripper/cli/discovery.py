"""Inputs found by feeds and sitemaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stripper.datatypes import Failure
from stripper.errors import FetchError
from stripper.pipeline import failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stripper.fetch.fetcher import Fetcher

MAX_PAGES = 100


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where to look for links."""

    feeds: tuple[str, ...] = ()  # URLs
    sitemaps: tuple[str, ...] = ()  # URLs
    most: int = MAX_PAGES  # links of each

    @property
    def sources(self) -> tuple[str, ...]:
        """All URLs to look at."""
        return self.feeds + self.sitemaps

    def links(self, fetcher: Fetcher, known: Iterable[str]) -> list[str | Failure]:
        """Return the URLs that are found and not `known`, each once; a source that fails is a failure among them."""
        found: dict[str, str | Failure] = {}
        for find, urls in ((fetcher.feed_links, self.feeds), (fetcher.sitemap_links, self.sitemaps)):
            for url in urls:
                try:
                    found |= {link: link for link in find(url, self.most)}
                except FetchError as error:
                    found[url] = failure(url, error)
        already = frozenset(known)
        return [source for url, source in found.items() if isinstance(source, Failure) or url not in already]
