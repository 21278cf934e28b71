"""A response's body (F4, F5, F13): limits on both sides, and only HTML and text."""

from __future__ import annotations

import contextlib
import gzip
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.fetch import fetch
from stripper.fetch.body import WrongType, check_first_bytes, check_type, media_type_and_charset
from stripper.options import FetchOptions, Options
from tests.fetch.servers import bomb

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"
LOCAL = Options(fetch=FetchOptions(allow_private=True, delay=0, robots=False, tries=1))
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", HTML),
        ("TEXT/HTML ; charset=utf-8", HTML),
        ("application/xhtml+xml", HTML),
        ("text/xml", b"<?xml version='1.0'?><html/>"),
        ("text/plain", b"BM is short for a few things, PK too.\n"),
        ("text/plain", b"RIFF: a riff on chords. ID3 tags. GIF89a. OTTO."),
        ("text/html", "<p>Ünï".encode("utf-16")),
        ("text/html", "<p>Ünï".encode("utf-16-le")),
        ("text/markdown", b"# Heading"),
        (None, HTML),
        (None, "Grüße".encode("latin-1")),
        (None, "Grüße".encode("utf-16")),
        ("*/*", HTML),
        ("text/html", b""),
    ],
)
def test_html_and_text_are_read(site: Site, content_type: str | None, body: bytes) -> None:
    """Pages stay pages: odd types, no type, any encoding, words that look like a magic number."""
    headers: Any = {"Content_Type": content_type} if content_type else {}
    url = site.page("/a", body, **headers)
    assert fetch(url, LOCAL).data == body


@pytest.mark.parametrize(
    "content_type",
    [
        "image/png",
        "application/pdf",
        "video/mp4",
        "application/octet-stream",
        "text/css",
        "application/json",
        "font/woff2",
    ],
)
def test_other_types_are_skipped_before_the_body(site: Site, content_type: str) -> None:
    """The type alone decides; the body, here endless, is not read."""
    sent = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.end_headers()
        handler.close_connection = True
        with contextlib.suppress(OSError):
            while True:
                sent.append(handler.wfile.write(bytes(65536)))

    site.answers["/a"] = answer
    with pytest.raises(errors.SkippedType, match=content_type) as caught:
        fetch(site.base + "/a", LOCAL)
    assert caught.value.fetched is not None
    assert (caught.value.fetched["status"], caught.value.fetched["media_type"]) == (200, content_type)
    assert sum(sent) < 20_000_000  # what the sockets' buffers hold


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (PNG, "PNG image, sent as text/html"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF, sent as text/html"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01", "JPEG image"),
        (b"GIF89a\x01\0\x01\0\x80\x01\0", "GIF image"),
        (b"RIFF\x24\0\x01\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0", "MP4 video"),
        (b"PK\x03\x04\x14\0\x06\0", "zip archive"),
        (gzip.compress(HTML, mtime=0), "gzip file"),
        (b"wOF2\0\x01\0\0", "font"),
    ],
)
def test_a_lie_about_the_type_is_found_out(site: Site, body: bytes, what: str) -> None:
    """An image sent as text/html is known by its first bytes."""
    with pytest.raises(errors.SkippedType, match=what):
        fetch(site.page("/a", body, Content_Type="text/html"), LOCAL)


def test_no_type_and_binary_is_skipped(site: Site) -> None:
    """Without a type the bytes decide."""
    with pytest.raises(errors.SkippedType, match="no Content-Type and is binary"):
        fetch(site.page("/a", bytes(range(256))), LOCAL)


def test_first_bytes_are_looked_at_however_they_come(site: Site) -> None:
    """A server that sends byte by byte does not get an image past the check."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for byte in PNG:
            handler.wfile.write(b"1\r\n%c\r\n" % byte)
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")

    site.answers["/a"] = answer
    with pytest.raises(errors.SkippedType, match="PNG"):
        fetch(site.base + "/a", LOCAL)


def test_check_type_and_first_bytes_agree_on_pages() -> None:
    """Neither has anything against a plain page."""
    check_type("text/html; charset=x")
    check_first_bytes(HTML, "text/html")
    with pytest.raises(WrongType):
        check_type("image/svg+xml")


@pytest.mark.parametrize(
    ("header", "parsed"),
    [
        ("", (None, None)),
        ("text/html", ("text/html", None)),
        ("Text/HTML; Charset='UTF-8'", ("text/html", "utf-8")),
        ('text/html;foo;charset="a"; charset=b', ("text/html", "a")),
        ("; charset=utf-8", (None, "utf-8")),
        ("text/html; charset=", ("text/html", None)),
    ],
)
def test_content_types_are_taken_apart(header: str, parsed: tuple[str | None, str | None]) -> None:
    """Case, quotes, order and nonsense."""
    assert media_type_and_charset(header) == parsed


def test_an_announced_length_over_the_limit_is_refused_unread(site: Site) -> None:
    """The header is enough."""
    url = site.page("/a", b"x", Content_Length="20000001", Connection="close")
    with pytest.raises(errors.ResponseTooLarge, match="20,000,000"):
        fetch(url, LOCAL)


# Each in a process of its own, so that its peak of memory is its own.
_HOSTILE = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from stripper.errors import FetchError
    from stripper.fetch import fetch_many
    from stripper.options import FetchOptions, Options
    robots, *urls = sys.argv[1:]
    options = Options(fetch=FetchOptions(allow_private=True, delay=0, robots=robots == "True", tries=1))
    started = time.process_time()
    print(*(getattr(outcome, "error", "-") for outcome in fetch_many(urls, options)))
    print(time.process_time() - started)
    # Not ru_maxrss: that counts the memory of the process that started this one.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024)
    """
)


def run_hostile(*urls: str, obey: bool = False) -> tuple[list[str], float, float]:
    """Fetch in a fresh process, with robots.txt or without; return classes of error, CPU seconds and peak MB."""
    command = [sys.executable, "-c", _HOSTILE, str(obey), *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    classes, seconds, peak = done.stdout.splitlines()
    return classes.split(), float(seconds), float(peak)


def test_an_endless_body_stops_at_the_limit(site: Site) -> None:
    """Chunks without end: stopped at the cap, in bounded memory."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    site.answers["/endless"] = endless
    classes, _, peak = run_hostile(site.base + "/endless")
    assert classes == ["ResponseTooLarge"]
    assert peak < 100


def test_three_bombs_take_little_memory_and_time(site: Site) -> None:
    """Three bodies of 1 GiB behind gzip, deflate and gzip in gzip, after one another: < 100 MB, < 1 s of CPU each."""
    gzipped = bomb("gzip")
    bodies = {"gzip": gzipped, "deflate": bomb("deflate"), "gzip, gzip": gzip.compress(gzipped)}
    urls = [
        site.page(f"/{n}", body, Content_Type="text/html", Content_Encoding=coding)
        for n, (coding, body) in enumerate(bodies.items())
    ]
    classes, seconds, peak = run_hostile(*urls)
    assert classes == ["ResponseTooLarge"] * 3
    assert peak < 100
    assert seconds < 3


def test_bombs_in_codings_nobody_asked_for_are_not_unpacked(site: Site) -> None:
    """1 GiB behind br (841 bytes), zstd and gzip in br: refused by their names, whatever decoders are installed."""
    bodies = {"br": bomb("br"), "zstd": bomb("zstd"), "br, gzip": gzip.compress(bomb("br"))}
    urls = [
        site.page(f"/{n}", body, Content_Type="text/html", Content_Encoding=coding)
        for n, (coding, body) in enumerate(bodies.items())
    ]
    classes, seconds, peak = run_hostile(*urls)
    assert classes == ["BadResponse"] * 3
    assert peak < 100
    assert seconds < 3
    assert {headers["accept-encoding"] for _, headers in site.seen} == {"gzip, deflate"}


def test_a_bomb_for_robots_txt_or_an_error_page_is_harmless(site: Site) -> None:
    """A robots.txt is cut at its limit; the body of an error is read no further than a connection is worth."""
    coded: dict[str, Any] = {"Content_Type": "text/html", "Content_Encoding": "gzip"}
    site.page("/robots.txt", bomb("gzip"), **coded)
    pages = [site.page("/gone", bomb("gzip"), 404, **coded), site.page("/a", HTML, Content_Type="text/html")]
    classes, seconds, peak = run_hostile(*pages, obey=True)
    assert classes == ["HTTPStatusError", "-"]
    assert peak < 100
    assert seconds < 3
