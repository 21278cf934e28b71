"""Pages whose text is made by scripts, run in an installed Chromium that cannot reach the network.

Every request of the page is answered by our own fetcher: guard, caps, robots.txt and deadline hold for scripts as
for pages. The browser itself resolves no name and opens no connection, so nothing gets past the interception.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stripper.errors import FetchError, RenderFailed, ResponseTooLarge
from stripper.fetch.body import Want

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright, Route, WebSocketRoute

    from stripper.datatypes import RawPage
    from stripper.fetch.crawler import Crawler

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--js-flags=--max-old-space-size=512",
)
_ANSWERED = frozenset({"script", "xhr", "fetch"})  # kinds of requests that can make text
_REQUESTS = 200  # of one page
_PAGES_AT_ONCE = 2
_QUIET_MS = 2_000.0  # how long to wait for scripts to come to rest after the page has loaded
_GONE = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}
)  # no longer true, or unwanted


async def launch(playwright: Playwright, program: str) -> Browser:
    """Start the browser, cut off from the network; raises Playwright's `Error`."""
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium refuses its sandbox to root
    return await playwright.chromium.launch(executable_path=program, args=flags)


class Renderer:
    """A browser, started with the first page."""

    def __init__(self, crawler: Crawler, program: str | None, seconds: float) -> None:
        """Fetch through `crawler`, run `program` (None = the installed Chromium), `seconds` in all for a page."""
        self._crawler = crawler
        self._program = program
        self._seconds = seconds
        self._places = asyncio.Semaphore(_PAGES_AT_ONCE)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def render(self, raw: RawPage) -> RawPage:
        """Return `raw` as it is after its scripts have run; raises `RenderFailed` or `ResponseTooLarge`."""
        async with self._places:
            try:
                async with asyncio.timeout(self._seconds):
                    html = await self._run(raw)
            except TimeoutError:
                await self._stop()  # a script that never ends holds the whole process
                raise RenderFailed(raw.id, f"its scripts have not come to rest within {self._seconds:g} s") from None
        data = html.encode("utf-8", "replace")
        if len(data) > self._crawler.max_bytes:
            raise ResponseTooLarge(
                raw.id, f"is larger than {self._crawler.max_bytes:,} bytes once its scripts have run"
            )
        fetched = dict(raw.fetch or {}) | {"rendered": True, "decoded_bytes": len(data), "charset": "utf-8"}
        return replace(raw, data=data, media_type="text/html", charset="utf-8", fetch=fetched)

    async def _run(self, raw: RawPage) -> str:
        from playwright.async_api import Error

        browser = await self._started(raw.id)
        try:
            context = await browser.new_context(service_workers="block", accept_downloads=False)
            try:
                visit = _Visit(self._crawler, raw)
                await context.route("**/*", visit.answer)
                await context.route_web_socket("**/*", _close)
                page = await context.new_page()
                await page.goto(visit.url, wait_until="load", timeout=self._seconds * 1000)
                with suppress(Error):
                    await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)
                return str(await page.content())
            finally:
                with suppress(Error):
                    await context.close()
        except Error as error:
            raise RenderFailed(raw.id, f"the browser gave no page ({error.message.splitlines()[0]})") from None

    async def _started(self, source: str) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._start(source)
            return self._browser

    async def _start(self, source: str) -> Browser:
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            raise RenderFailed(
                source, "rendering needs Playwright: pip install 'boilerplate-stripper[render]'"
            ) from None
        program = self._program or next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            raise RenderFailed(source, "rendering needs an installed Chromium, and none is found; name one (browser)")
        self._playwright = self._playwright or await async_playwright().start()
        try:
            return await launch(self._playwright, program)
        except Error as error:
            raise RenderFailed(source, f"{program} does not start ({error.message.splitlines()[0]})") from None

    async def _stop(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            with suppress(Exception):
                async with asyncio.timeout(5):
                    await browser.close()

    async def aclose(self) -> None:
        """Close the browser."""
        await self._stop()
        if self._playwright is not None:
            await self._playwright.stop()
            self._playwright = None


class _Visit:
    """The requests of one page."""

    def __init__(self, crawler: Crawler, raw: RawPage) -> None:
        self._crawler = crawler
        self._raw = raw
        self._left = _REQUESTS
        self._document_given = False
        self.url = raw.url or raw.id

    async def answer(self, route: Route) -> None:
        from playwright.async_api import Error

        with suppress(Error):  # the page is gone meanwhile
            answer = await self._answer(route)
            if answer is None:
                await route.abort("blockedbyclient")
            else:
                await route.fulfill(**answer)

    async def _answer(self, route: Route) -> dict[str, Any] | None:
        request = route.request
        if request.resource_type == "document" and request.url == self.url and not self._document_given:
            self._document_given = True
            charset = f"; charset={self._raw.charset}" if self._raw.charset else ""
            kind = (self._raw.media_type or "text/html") + charset
            return {"status": 200, "headers": {"content-type": kind}, "body": self._raw.data}
        if request.resource_type == "stylesheet":
            return {"status": 200, "headers": {"content-type": "text/css"}, "body": b""}
        if request.method != "GET" or request.resource_type not in _ANSWERED or self._left <= 0:
            return None
        self._left -= 1
        try:
            _, reply = await self._crawler.get(request.url, Want.PART)
        except FetchError:
            return None
        headers = {name: value for name, value in reply.headers.items() if name not in _GONE}
        return {"status": reply.status, "headers": headers, "body": reply.body.data}


async def _close(socket: WebSocketRoute) -> None:
    await socket.close()
