"""The one synchronous face: an event loop in a thread of its own, pages and failures out of it."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

from stripper.datatypes import Failure, RawPage
from stripper.errors import FetchError, InternalError, OutputError
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.loop import LoopThread
from stripper.fetch.shelf import Gate, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from types import TracebackType

    from stripper.options import Options

LOOKAHEAD = 1_000  # URLs taken from the input ahead of the page that is handed out: what the turns can pick from


class Fetcher:
    """Fetches pages over one pool of connections, with one order of turns and one cache.

    A context manager; for one thread at a time. It works too where an event loop runs already.
    """

    def __init__(
        self, options: Options, world: World | None = None, is_empty: Callable[[RawPage], bool] | None = None
    ) -> None:
        """Fetch by `options`; `is_empty` tells which pages ``render="auto"`` runs in a browser.

        Raises `UsageError` if a cache, an archive or a certificate file can't be used.
        """
        self._is_empty = is_empty if options.fetch.render == "auto" else None
        with ExitStack() as stack:
            self._loop = LoopThread()
            stack.callback(self._loop.close)
            self._crawler = self._loop.run(_crawler(options, world or World()))
            stack.callback(lambda: self._loop.run(self._crawler.aclose()))
            self._stack = stack.pop_all()
        # Later, while Python takes itself apart, the thread no longer runs and closing would wait for it for ever.
        atexit.register(self.close)

    def fetch(self, url: str) -> RawPage:
        """Return the page at `url`; raise a `FetchError`."""
        return self._looked_at(self._loop.run(self._crawler.page(url)))

    def fetch_many(self, urls: Iterable[str], *, ordered: bool = True) -> Iterator[RawPage | Failure]:
        """Yield what came of each URL: in the order of `urls`, or as they come.

        `urls` may be endless: at most `LOOKAHEAD` are taken ahead. Give URLs of many hosts mixed where the
        order is yours to choose; each host is asked for one page at a time.
        """
        run = _Run(self._loop, self._crawler, ordered=ordered)
        given = iter(urls)
        more = True
        try:
            while more or len(run):
                if more and len(run) < LOOKAHEAD and not run.ready():
                    url = next(given, None)
                    if url is None:
                        more = False
                    else:
                        run.start(url)
                else:
                    outcome = run.take()
                    yield self._looked_at(outcome) if isinstance(outcome, RawPage) else outcome
        finally:
            run.cancel()

    def render(self, page: RawPage) -> RawPage:
        """Return `page` as it is after its scripts have run in a browser; raise a `FetchError`."""
        return self._loop.run(self._crawler.render(page))

    def _looked_at(self, page: RawPage) -> RawPage:
        if self._is_empty is None or not self._is_empty(page):
            return page
        try:
            return self.render(page)
        except FetchError as error:  # the page is there, only not as its scripts would have it
            return replace(page, fetch=dict(page.fetch or {}) | {"render_error": error.problem})

    def feed_links(self, url: str, limit: int) -> list[str]:
        """Return at most `limit` links from the feed at `url`, or from those that the page at `url` names.

        Raises a `FetchError`.
        """
        from stripper.fetch.discover import feed_links

        return self._loop.run(feed_links(self._crawler, url, limit))

    def sitemap_links(self, url: str, limit: int) -> list[str]:
        """Return at most `limit` links from the sitemap at `url`, or those of its site; raise a `FetchError`."""
        from stripper.fetch.discover import sitemap_links

        return self._loop.run(sitemap_links(self._crawler, url, limit))

    def close(self) -> None:
        """Give up what is under way; close connections, cache and archive."""
        atexit.unregister(self.close)
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Run:
    """The pages of one `fetch_many` that are under way or wait to be taken."""

    def __init__(self, loop: LoopThread, crawler: Crawler, *, ordered: bool) -> None:
        self._loop = loop
        self._crawler = crawler
        self._ordered = ordered
        self._shelf = Shelf(head=0 if ordered else None)
        self._pending: dict[int, Future[RawPage | Failure]] = {}
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._started = 0
        self._head = 0

    def __len__(self) -> int:
        return len(self._pending)

    def start(self, url: str) -> None:
        index = self._started
        self._started += 1
        future = self._loop.start(self._outcome(url, Gate(self._shelf, index)))
        self._pending[index] = future
        if not self._ordered:
            future.add_done_callback(lambda _: self._finished.put(index))

    def ready(self) -> bool:
        """Tell whether `take` would not wait."""
        if self._ordered:
            return bool(self._pending) and self._pending[self._head].done()
        return not self._finished.empty()

    def take(self) -> RawPage | Failure:
        index = self._head if self._ordered else self._finished.get()
        outcome = self._pending[index].result()
        del self._pending[index]
        self._head += 1
        self._loop.soon(self._shelf.take, _size(outcome), self._head if self._ordered else None)
        return outcome

    def cancel(self) -> None:
        for future in self._pending.values():
            future.cancel()

    async def _outcome(self, url: str, gate: Gate) -> RawPage | Failure:
        outcome: RawPage | Failure
        try:
            outcome = await self._crawler.page(url, gate)
        except FetchError as error:
            outcome = Failure(url, type(error).__name__, error.problem, url, error.fetched)
        except OutputError:  # an archive that can't be written is no page's fault
            raise
        except Exception as error:  # noqa: BLE001 - a page that trips us up must not take the others with it
            problem = f"{type(error).__name__}: {error}; this is a bug in stripper, please report it"
            outcome = Failure(url, InternalError.__name__, " ".join(problem.split()), url)
        self._shelf.put(_size(outcome))
        return outcome


def _size(outcome: RawPage | Failure) -> int:
    return len(outcome.data) if isinstance(outcome, RawPage) else 0


async def _crawler(options: Options, world: World) -> Crawler:
    return Crawler(options, world)
