"""The same method as faults.py, for URLs: let the n-th connect or read fail, for every n; a retry puts all right."""

from __future__ import annotations

import errno
import os
import threading
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anyio
import pytest
from anyio._backends._asyncio import SocketStream

from stripper.options import FetchOptions, Options
from tests.batch.conftest import html
from tests.batch.faults import visible

URLS = 2
OPTIONS = Options(fetch=FetchOptions(allow_private=True, delay=0, tries=1))


class Site(BaseHTTPRequestHandler):
    """A page a number; no robots.txt."""

    def do_GET(self):
        """Answer."""
        number = self.path.strip("/")
        body = html(int(number)).encode() if number.isdigit() else b"none"
        self.send_response(200 if number.isdigit() else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def urls():
    """Addresses of a server of our own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield [f"http://127.0.0.1:{server.server_port}/{number}" for number in range(URLS)]
    server.shutdown()
    thread.join()
    server.server_close()


class Wire:
    """Counts what goes over the network, and lets one operation fail."""

    def __init__(self, monkeypatch, fails=None):
        self.count: Counter[str] = Counter()
        self._fails = fails
        self._install(monkeypatch, anyio, "connect_tcp", "connect", errno.ECONNREFUSED)
        self._install(monkeypatch, SocketStream, "receive", "receive", errno.ECONNRESET)

    def _install(self, monkeypatch, owner, name, what, code):
        real = getattr(owner, name)

        async def counted(*more, **named):
            number = self.count[what]
            self.count[what] += 1
            if (what, number) == self._fails:
                error = OSError(code, os.strerror(code))
                raise error if what == "connect" else anyio.BrokenResourceError from error
            return await real(*more, **named)

        monkeypatch.setattr(owner, name, counted)


def settled(out):
    """What readers see, without the times of fetching."""
    return {name: data for name, data in visible(out).items() if name.endswith(".txt")}


def test_every_connect_and_read_fails_once(place, urls, monkeypatch):
    """The URL it hit is a row with its error, the others are there; --retry-failed gives an undisturbed run's texts."""
    with monkeypatch.context() as patch:
        wire = Wire(patch)
        assert place.run(*urls, options=OPTIONS).failed == 0
    golden = settled(place.out)
    assert len(golden) == URLS
    for fails in [(what, number) for what, count in wire.count.items() for number in range(count)]:
        place.out = place.root / f"{fails[0]}-{fails[1]}"
        with monkeypatch.context() as patch:
            Wire(patch, fails)
            place.run(*urls, options=OPTIONS)
        told = place.told()
        assert set(told) == set(urls)
        assert set(told.values()) <= {"ok", "ConnectionFailed", "BadResponse"}, told
        place.run(*urls, options=OPTIONS, retry_failed=True)
        assert settled(place.out) == golden, fails


def test_what_fails_in_passing_is_asked_for_again(place, urls, monkeypatch):
    """With more tries no row fails."""
    again = replace(OPTIONS, fetch=replace(OPTIONS.fetch, tries=3))
    Wire(monkeypatch, ("connect", 1))
    assert place.run(*urls, options=again).failed == 0
