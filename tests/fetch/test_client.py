"""One page over HTTP, from real servers on 127.0.0.1."""

from __future__ import annotations

import gzip
import pickle
import socket
import threading
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.fetch import fetch
from stripper.options import Options

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

HTML = b"<!doctype html><p>Hello, reader.</p>"


def test_page_comes_back_byte_for_byte_with_type_and_charset(site: Any) -> None:
    """The bytes, the media type and the header's charset of a plain answer are given as sent."""
    url = site.page("/a", HTML, Content_Type='Text/HTML; charset="ISO-8859-1"')
    page = fetch(url, Options())
    assert (page.id, page.url, page.data) == (url, url, HTML)
    assert (page.media_type, page.charset) == ("text/html", "iso-8859-1")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", HTML),
        ("identity", HTML),
        ("gzip", gzip.compress(HTML)),
        ("x-gzip", gzip.compress(HTML)),
        ("gzip", gzip.compress(HTML[:9]) + gzip.compress(HTML[9:])),
        ("gzip", gzip.compress(HTML) + b"\0\0\0"),
        ("deflate", zlib.compress(HTML)),
        ("deflate", zlib.compress(HTML)[2:-4]),
        ("gzip, gzip", gzip.compress(gzip.compress(HTML))),
        ("deflate, gzip", gzip.compress(zlib.compress(HTML))),
    ],
)
def test_content_codings_are_undone(site: Any, coding: str, body: bytes) -> None:
    """Bodies in gzip and deflate, also nested, padded and in several members, give the page."""
    url = site.page("/a", body, Content_Type="text/html", Content_Encoding=coding)
    assert fetch(url, Options()).data == HTML


@pytest.mark.parametrize("headers", [{}, {"Content_Type": "text/plain"}, {"Content_Type": "application/xhtml+xml"}])
def test_html_and_text_and_untyped_answers_are_read(site: Any, headers: dict[str, str]) -> None:
    """A missing type does not lose the page."""
    assert fetch(site.page("/a", HTML, **headers), Options()).data == HTML


def test_redirects_are_followed_and_the_final_url_is_given(site: Any) -> None:
    """Up to five redirects, relative ones too, lead to the page; its id stays what was asked for."""
    for hop in range(5):
        site.page(f"/{hop}", b"", 302, Location=f"{hop + 1}")
    site.page("/5", HTML, Content_Type="text/html")
    page = fetch(site.base + "/0", Options())
    assert (page.id, page.url, page.data) == (site.base + "/0", site.base + "/5", HTML)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"body": b"", "status": 404}, errors.HTTPStatusError, "404"),
        ({"body": b"", "status": 500}, errors.HTTPStatusError, "500"),
        ({"body": b"", "status": 302, "Location": "/a"}, errors.RedirectFailed, "loop"),
        ({"body": b"", "status": 302, "Location": "/a?x"}, errors.RedirectFailed, "more than 5"),
        ({"body": b"", "status": 302, "Location": "file:///etc/hosts"}, errors.RedirectFailed, "file:///etc/hosts"),
        ({"body": b"", "status": 302, "Location": "data:text/html,x"}, errors.RedirectFailed, "is no URL"),
        ({"body": b"x", "Content_Type": "image/png"}, errors.SkippedType, "image/png"),
        ({"body": b"x", "Content_Type": "text/html", "Content_Encoding": "br"}, errors.BadResponse, "'br'"),
        ({"body": b"x", "Content_Encoding": "gzip, " * 6}, errors.BadResponse, "6 content codings"),
        ({"body": b"not gzip", "Content_Encoding": "gzip"}, errors.BadResponse, "broken gzip"),
        ({"body": gzip.compress(HTML)[:-9], "Content_Encoding": "gzip"}, errors.BadResponse, "too early"),
        ({"body": b"x" * 1001}, errors.ResponseTooLarge, "1000 bytes"),
        ({"body": gzip.compress(b"x" * 1001), "Content_Encoding": "gzip"}, errors.ResponseTooLarge, "1000 bytes"),
        ({"body": b"xy", "Content_Length": "9", "Connection": "close"}, errors.BadResponse, "broke off"),
    ],
)
def test_bad_answers_raise_one_clear_line(
    site: Any, answer: dict[str, Any], error: type[Exception], words: str
) -> None:
    """Each way to fail has its class, and a line that begins with the URL and says what happened."""
    url = site.page("/a", **answer)
    for hop in ("x", "xx", "xxx", "xxxx", "xxxxx"):
        site.page(f"/a?{hop}", b"", 302, Location=f"/a?{hop}x")
    closes = answer.get("Connection") == "close"
    if closes:
        inner = site.answers["/a"]

        def cut(handler: BaseHTTPRequestHandler) -> None:
            inner(handler)
            handler.close_connection = True

        site.answers["/a"] = cut
    with pytest.raises(errors.FetchError) as caught:
        fetch(url, Options(max_fetch_bytes=1000))
    assert type(caught.value) is error
    line = str(caught.value)
    assert line.startswith(f"{url}: ")
    assert words in line
    assert "\n" not in line
    assert str(pickle.loads(pickle.dumps(caught.value))) == line  # noqa: S301 - made one line above


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "example.org", "http://", "http://[::1", "javascript:alert(1)", ""]
)
def test_what_is_no_http_url_is_refused(url: str) -> None:
    """Only http and https URLs with a host are tried."""
    with pytest.raises(errors.InvalidURL):
        fetch(url, Options())


def test_refused_connection_is_named() -> None:
    """A port where nobody listens gives ConnectionFailed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(errors.ConnectionFailed, match=f"127.0.0.1:{port}/a: no connection"):
        fetch(f"http://127.0.0.1:{port}/a", Options())


def test_deadline_holds_against_a_server_that_drips(site: Any) -> None:
    """A byte now and then does not keep a fetch alive past its total time."""
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return

    site.answers["/a"] = drip
    started = time.monotonic()
    with pytest.raises(errors.FetchTimeout, match=r"0\.5 s"):
        fetch(site.base + "/a", Options(timeout=0.5))
    stop.set()
    assert 0.4 < time.monotonic() - started < 1.5


def test_requests_say_who_asks_and_carry_no_cookie(site: Any) -> None:
    """The User-Agent is our own name, and a cookie that a redirect sets is not sent on."""
    site.page("/a", b"", 302, Location="/b", Set_Cookie="k=v")
    site.page("/b", HTML)
    fetch(site.base + "/a", Options())
    (_, first), (_, second) = site.seen
    assert first["user-agent"].startswith("boilerplate-stripper")
    assert first["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in second
