"""Pages made by scripts, in an installed Chromium that reaches nothing by itself."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch.crawler import World
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.servers import raw_server

if TYPE_CHECKING:
    from tests.fetch.servers import Site

pytest.importorskip("playwright", reason="the extra `render` is not installed")
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

EMPTY = b"""<!doctype html><html lang=en><title>App</title><div id=root></div><script src=/app.js></script>"""
SCRIPT = b"""fetch("/data.json?page=1").then(r => r.json()).then(d => {
  document.getElementById("root").innerHTML = "<article><h1>" + d.title + "</h1><p>" + d.text + "</p></article>";
});"""
DATA = '{"title": "Made by script", "text": "Grüße: this paragraph is not in the page\'s source."}'.encode()


def rendering(timeout: float = 30, **fetching: Any) -> Options:
    """Options with a browser."""
    defaults: dict[str, Any] = {"allow_private": True, "delay": 0, "tries": 1, "render": "always", "browser": CHROMIUM}
    return Options(timeout=timeout, fetch=FetchOptions(**defaults | fetching))


@needs_chromium
def test_an_article_made_by_a_script_is_there(site: Site) -> None:
    """The script and its data come through our fetcher, as a crawler that says its name; the account says so."""
    site.page("/app.js", SCRIPT, Content_Type="text/javascript")
    site.page("/data.json?page=1", DATA, Content_Type="application/json")
    url = site.page("/a", EMPTY, Content_Type="text/html; charset=utf-8")
    with Fetcher(rendering()) as fetcher:
        page = fetcher.fetch(url)
    html = page.data.decode()
    assert "<h1>Made by script</h1>" in html
    assert "Grüße: this paragraph" in html
    assert page.fetch is not None
    assert (page.charset, page.fetch["rendered"], page.url) == ("utf-8", True, url)
    assert sorted(path for path, _ in site.seen) == ["/a", "/app.js", "/data.json?page=1", "/robots.txt"]
    assert {seen["user-agent"].split("/")[0] for _, seen in site.seen} == {"boilerplate-stripper"}


@needs_chromium
def test_a_browser_reaches_nothing_by_itself(site: Site) -> None:
    """What a page asks for goes through the guard or nowhere: images, frames, posts, sockets, redirects, beacons."""
    connections = []

    def note(connection: Any, _: Any) -> None:
        connections.append(connection.recv(100))

    with raw_server(note) as port:
        evil = f"""<!doctype html><p id=p>Start</p>
        <img src=http://127.0.0.1:{port}/image><iframe src=http://127.0.0.1:{port}/frame></iframe>
        <link rel=preconnect href=http://127.0.0.1:{port}/><link rel=stylesheet href=http://127.0.0.1:{port}/css>
        <script src=http://127.0.0.1:{port}/script></script>
        <script>
          for (const host of ["127.0.0.1", "localhost", "[::1]", "2130706433"]) {{
            fetch("http://" + host + ":{port}/fetch", {{mode: "no-cors"}}).catch(() => 0);
            fetch("http://" + host + ":{port}/post", {{method: "POST", mode: "no-cors", body: "x"}}).catch(() => 0);
            try {{ new WebSocket("ws://" + host + ":{port}/socket"); }} catch (e) {{}}
            try {{ new EventSource("http://" + host + ":{port}/events"); }} catch (e) {{}}
            navigator.sendBeacon("http://" + host + ":{port}/beacon", "x");
          }}
          try {{
            const server = {{urls: "turn:127.0.0.1:{port}?transport=tcp", username: "a", credential: "b"}};
            const peer = new RTCPeerConnection({{iceServers: [server]}});
            peer.createDataChannel("x"); peer.createOffer().then(o => peer.setLocalDescription(o));
          }} catch (e) {{}}
          document.getElementById("p").textContent = "Scripts ran";
          window.open("http://127.0.0.1:{port}/popup");
        </script>"""
        site.page("/", evil.encode(), Content_Type="text/html")
        # The guard is on for all but the page itself: its host has a public address here, and our sockets lead home.
        with Fetcher(rendering(), World(resolve=_guarded(port))) as fetcher:
            page = fetcher.fetch(f"http://public.example:{site.port}/")
        assert b"Scripts ran" in page.data
    assert connections == []


def _guarded(forbidden: int) -> Any:
    async def resolve(host: str, port: int) -> list[str]:
        from stripper.fetch.network import DeniedAddress

        if port == forbidden:
            raise DeniedAddress(host, "127.0.0.1", "loopback")
        return ["127.0.0.1"]

    return resolve


@needs_chromium
@pytest.mark.slow
def test_a_script_that_never_ends_is_ended(site: Site) -> None:
    """In time, with an error of its own; the next page gets a new browser."""
    bad = site.page("/bad", b"<!doctype html><p>x<script>for(;;);</script>", Content_Type="text/html")
    good = site.page("/good", b"<!doctype html><p>y<script>document.title='z'</script>", Content_Type="text/html")
    with Fetcher(rendering(timeout=6)) as fetcher:
        started = time.monotonic()
        with pytest.raises(errors.RenderFailed):
            fetcher.fetch(bad)
        assert time.monotonic() - started < 6 + 6
        assert b"<title>z</title>" in fetcher.fetch(good).data


@needs_chromium
def test_robots_txt_holds_for_scripts(site: Site) -> None:
    """A script that the site forbids is not fetched; the page stays as it was."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /app.js")
    site.page("/app.js", SCRIPT, Content_Type="text/javascript")
    with Fetcher(rendering()) as fetcher:
        page = fetcher.fetch(site.page("/a", EMPTY, Content_Type="text/html"))
    assert b"<article>" not in page.data
    assert site.asked("/app.js") == 0


@needs_chromium
def test_a_page_that_grows_without_end_is_too_large(site: Site) -> None:
    """The cap holds for what scripts make."""
    html = b"<!doctype html><p id=p>x<script>p.textContent = 'x'.repeat(3e6)</script>"
    options = Options(
        max_fetch_bytes=2_000_000,
        fetch=FetchOptions(allow_private=True, robots=False, render="always", browser=CHROMIUM),
    )
    with Fetcher(options) as fetcher, pytest.raises(errors.ResponseTooLarge):
        fetcher.fetch(site.page("/", html, Content_Type="text/html"))


def test_plain_text_needs_no_browser(site: Site) -> None:
    """It is given as it is, though the browser named here is none."""
    url = site.page("/a.txt", b"plain", Content_Type="text/plain")
    with Fetcher(rendering(browser="/nonexistent/browser")) as fetcher:
        assert fetcher.fetch(url).data == b"plain"


def test_a_missing_browser_is_said(site: Site) -> None:
    """One line that names it."""
    url = site.page("/a", EMPTY, Content_Type="text/html")
    with Fetcher(rendering(browser="/nonexistent/browser")) as fetcher:
        with pytest.raises(errors.RenderFailed, match="/nonexistent/browser does not start"):
            fetcher.fetch(url)
        (outcome,) = fetcher.fetch_many([url])
        assert not isinstance(outcome, RawPage)
        assert outcome.fetched is not None
        assert outcome.fetched["status"] == 200


@needs_chromium
@pytest.mark.slow
def test_the_browser_alone_resolves_nothing(site: Site) -> None:
    """Should a request ever get past the interception, it ends at the name: no host leads anywhere, nor an address."""
    import asyncio

    from playwright.async_api import Error, async_playwright

    from stripper.fetch.render import launch

    async def main() -> list[str]:
        said = []
        async with async_playwright() as playwright:
            browser = await launch(playwright, str(CHROMIUM))
            page = await browser.new_page()
            for host in ("127.0.0.1", "localhost", "[::1]", "2130706433"):
                with pytest.raises(Error) as caught:
                    await page.goto(f"http://{host}:{site.port}/")
                said.append(caught.value.message)
            await browser.close()
        return said

    assert all("ERR_NAME_NOT_RESOLVED" in message for message in asyncio.run(main()))
    assert site.connections == 0
