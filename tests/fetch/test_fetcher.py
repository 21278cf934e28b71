"""Pages over HTTP through the one synchronous face, from real servers on 127.0.0.1."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import pickle
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.datatypes import Failure, RawPage
from stripper.fetch import fetch, fetch_many
from stripper.fetch.fetcher import LOOKAHEAD, Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.servers import serving, write_answer

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"


def local(**fetching: Any) -> Options:
    """Options for servers on this machine, without pauses."""
    return Options(
        max_fetch_bytes=1000, fetch=FetchOptions(**{"allow_private": True, "delay": 0, "tries": 1} | fetching)
    )


def test_a_page_comes_back_byte_for_byte_with_type_and_charset(site: Site) -> None:
    """The bytes, the media type and the header's charset of a plain answer are given as sent."""
    url = site.page("/a", HTML, Content_Type='Text/HTML; charset="ISO-8859-1"')
    page = fetch(url, local())
    assert (page.id, page.url, page.data) == (url, url, HTML)
    assert (page.media_type, page.charset) == ("text/html", "iso-8859-1")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", HTML),
        ("gzip", gzip.compress(HTML, mtime=0)),
        ("x-gzip", gzip.compress(HTML, mtime=0)),
        ("gzip", gzip.compress(HTML[:9], mtime=0) + gzip.compress(HTML[9:], mtime=0)),
        ("gzip", gzip.compress(HTML, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(HTML)),
        ("deflate", zlib.compress(HTML)[2:-4]),
        ("gzip, gzip", gzip.compress(gzip.compress(HTML, mtime=0), mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(HTML), mtime=0)),
    ],
)
def test_content_codings_are_undone(site: Site, coding: str, body: bytes) -> None:
    """Bodies in gzip and deflate, also nested, padded and in several members, give the page."""
    url = site.page("/a", body, Content_Type="text/html", Content_Encoding=coding)
    assert fetch(url, local()).data == HTML


def test_requests_say_who_asks_and_whom_to_write_to(site: Site) -> None:
    """The User-Agent is our own name, with the contact; only codings that we undo with a bound are asked for."""
    site.page("/a", HTML)
    fetch(site.base + "/a", local(contact="https://example.org/bot"))
    for _, headers in site.seen:
        assert headers["user-agent"].startswith("boilerplate-stripper/")
        assert headers["user-agent"].endswith(" (+https://example.org/bot)")
        assert headers["accept-encoding"] == "gzip, deflate"


def test_no_cookie_is_kept(site: Site) -> None:
    """A cookie that a page sets is sent to nobody, not even its own site."""
    site.page("/a", b"", 302, Location="/b", Set_Cookie="k=v")
    site.page("/b", HTML, Set_Cookie="k=w")
    with Fetcher(local()) as fetcher:
        fetcher.fetch(site.base + "/a")
        fetcher.fetch(site.base + "/b")
    assert [path for path, headers in site.seen if "cookie" in headers] == []


def test_one_connection_serves_a_host(site: Site) -> None:
    """Keep-alive: robots.txt, pages, redirects and small errors go over one connection."""
    site.page("/redirect", b"gone there", 302, Location="/0")
    urls = [site.page(f"/{n}", HTML) for n in range(5)]
    with Fetcher(local()) as fetcher:
        outcomes = list(fetcher.fetch_many([*urls, site.base + "/redirect", site.base + "/missing"]))
    assert [type(o).__name__ for o in outcomes] == ["RawPage"] * 6 + ["Failure"]
    assert site.connections == 1


def test_outcomes_come_in_the_order_asked_for(site: Site) -> None:
    """One outcome for each URL, in order, good and bad mixed."""
    with serving() as slow:
        release = threading.Event()

        def late(handler: BaseHTTPRequestHandler) -> None:
            release.wait(5)
            write_answer(handler, HTML)

        slow.answers["/late"] = late

        def urls() -> Any:
            yield slow.base + "/late"
            yield from (site.page(f"/{n}", HTML) for n in range(3))
            yield "nonsense"
            yield site.base + "/missing"
            release.set()

        outcomes = list(fetch_many(urls(), local()))
    assert [(o.id.rsplit("/", 1)[-1], type(o)) for o in outcomes] == [
        ("late", RawPage),
        ("0", RawPage),
        ("1", RawPage),
        ("2", RawPage),
        ("nonsense", Failure),
        ("missing", Failure),
    ]


def test_outcomes_come_as_they_come(site: Site) -> None:
    """Unordered, a slow page does not hold up those behind it."""
    with serving() as slow:
        release = threading.Event()

        def late(handler: BaseHTTPRequestHandler) -> None:
            release.wait(5)
            write_answer(handler, HTML)

        slow.answers["/late"] = late
        names = []
        for outcome in fetch_many([slow.base + "/late", site.page("/soon", HTML)], local(), ordered=False):
            names.append(outcome.id.rsplit("/", 1)[-1])
            release.set()
    assert names == ["soon", "late"]


def test_endless_input_is_taken_bit_by_bit(site: Site) -> None:
    """A generator that never ends is read no further than the look-ahead."""
    site.page("/a", HTML)
    taken = itertools.count()
    urls = (f"{site.base}/{'a' if next(taken) < 3 else 'missing'}" for _ in itertools.repeat(None))
    outcomes = fetch_many(urls, local())
    assert [type(next(outcomes)) for _ in range(4)] == [RawPage] * 3 + [Failure]
    outcomes.close()  # type: ignore[attr-defined]
    assert next(taken) <= LOOKAHEAD + 5


def test_giving_up_early_ends_at_once(site: Site) -> None:
    """Leaving the loop cancels what is under way."""
    stop = threading.Event()
    site.answers["/hangs"] = lambda _: stop.wait(20)  # type: ignore[assignment]
    site.page("/a", HTML)
    with serving() as other:
        urls = [other.page("/a", HTML), site.base + "/hangs"]
        for outcome in fetch_many(urls, local(), ordered=False):
            assert isinstance(outcome, RawPage)
            break
    stop.set()


def test_a_program_that_leaves_pages_untaken_ends(site: Site) -> None:
    """A half-read run in a variable does not keep Python alive, nor does it say anything."""
    program = f"""
from stripper.fetch import fetch_many
from stripper.options import FetchOptions, Options
pages = fetch_many(["{site.page("/a", HTML)}"] * 3, Options(fetch=FetchOptions(allow_private=True)))
print(len(next(pages).data))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
    assert (done.stdout, done.stderr) == (f"{len(HTML)}\n", "")


def test_a_fetch_works_where_an_event_loop_runs(site: Site) -> None:
    """The synchronous face may be called inside a coroutine (a notebook)."""
    url = site.page("/a", HTML)

    async def main() -> bytes:
        return fetch(url, local()).data

    assert asyncio.run(main()) == HTML


def test_the_account_tells_what_was_done(site: Site) -> None:
    """The record's part on fetching holds the final URL, the chain, status, sizes, robots and validators."""
    body = gzip.compress(HTML, mtime=0)
    site.page("/a", b"", 301, Location="/b")
    site.page("/b", body, Content_Type="text/html", Content_Encoding="gzip", ETag='"1"', Last_Modified="then")
    fetched = dict(fetch(site.base + "/a", local()).fetch or {})
    assert fetched.pop("seconds") < 5
    assert fetched.pop("started").startswith("20")
    assert fetched == {
        "url": site.base + "/b",
        "redirects": [{"url": site.base + "/a", "status": 301}],
        "status": 200,
        "http_version": "HTTP/1.1",
        "address": "127.0.0.1",
        "attempts": 2,
        "wire_bytes": len(body),
        "decoded_bytes": len(HTML),
        "content_encoding": "gzip",
        "media_type": "text/html",
        "charset": None,
        "etag": '"1"',
        "last_modified": "then",
        "robots": "allowed",
        "cache": "off",
        "rendered": False,
        "relaxed": ["allow_private"],
    }


def test_a_failure_has_its_account_too(site: Site) -> None:
    """What is known of a failed fetch is in the error, in the failure and in its record."""
    site.page("/a", b"", 302, Location="/gone")
    (failure,) = fetch_many([site.base + "/a"], local(robots=False))
    assert isinstance(failure, Failure)
    fetched = failure.record()["source"]["fetched"]
    assert (fetched["url"], fetched["status"], fetched["robots"]) == (site.base + "/gone", 404, "not asked")
    assert fetched["relaxed"] == ["allow_private", "ignore_robots"]


BAD = [
    ({"body": b"", "status": 404}, errors.HTTPStatusError, "404 Not Found"),
    ({"body": b"", "status": 500}, errors.HTTPStatusError, "500"),
    ({"body": b"", "status": 304}, errors.HTTPStatusError, "304"),
    ({"body": b"", "status": 302}, errors.HTTPStatusError, "302"),
    ({"body": b"x", "Content_Type": "image/png"}, errors.SkippedType, "is image/png"),
    ({"body": b"x", "Content_Encoding": "br"}, errors.BadResponse, "'br'"),
    ({"body": b"x", "Content_Encoding": "gzip, " * 6}, errors.BadResponse, "6 content codings"),
    ({"body": b"not gzip", "Content_Encoding": "gzip"}, errors.BadResponse, "broken gzip"),
    ({"body": gzip.compress(HTML, mtime=0)[:-9], "Content_Encoding": "gzip"}, errors.BadResponse, "too early"),
    ({"body": b"x" * 1001}, errors.ResponseTooLarge, "1,000 bytes"),
    ({"body": gzip.compress(b"x" * 1001, mtime=0), "Content_Encoding": "gzip"}, errors.ResponseTooLarge, "1,000 bytes"),
    ({"body": b"xy", "Content_Length": "9", "Connection": "close"}, errors.BadResponse, "broken off"),
    ({"body": b"xy", "Content_Length": "nine", "Connection": "close"}, errors.BadResponse, "no HTTP"),
]


@pytest.mark.parametrize(("answer", "error", "words"), BAD)
def test_bad_answers_give_one_clear_line(
    site: Site, answer: dict[str, Any], error: type[errors.FetchError], words: str
) -> None:
    """Each way to fail has its class, and a line that begins with the URL and says what happened."""
    url = site.page("/a", **answer)
    with pytest.raises(errors.FetchError) as caught:
        fetch(url, local())
    assert type(caught.value) is error
    line = str(caught.value)
    assert line.startswith(f"{url}: ")
    assert words in line
    assert "\n" not in line
    copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made in this line
    assert (str(copied), copied.fetched) == (line, caught.value.fetched)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "example.org", "http://", "http://[::1", "javascript:alert(1)", "", "http://a b/", "//x/y"],
)
def test_what_is_no_http_url_is_refused(url: str) -> None:
    """Only http and https URLs with a host are tried."""
    with pytest.raises(errors.InvalidURL):
        fetch(url, local())


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    """It would end up in records; the message doesn't show it either."""
    with pytest.raises(errors.InvalidURL, match=r"http://127\.0\.0\.1/x: holds a password") as caught:
        fetch("http://me:secret@127.0.0.1/x", local())
    assert "secret" not in str(caught.value)


def test_a_refused_connection_is_named() -> None:
    """A port where nobody listens gives ConnectionFailed."""
    with serving() as gone:
        url = gone.base + "/a"
    with pytest.raises(errors.ConnectionFailed, match="no connection"):
        fetch(url, local())


def test_an_unknown_host_is_named() -> None:
    """A name without an address gives UnknownHost; `.invalid` has none by RFC 6761."""

    async def resolve(host: str, _: int) -> list[str]:
        from stripper.fetch.network import UnresolvedHost

        raise UnresolvedHost(host, "Name or service not known", transient=False)

    from stripper.fetch.crawler import World

    with Fetcher(local(), World(resolve=resolve)) as fetcher, pytest.raises(errors.UnknownHost, match="no-such-host"):
        fetcher.fetch("http://no-such-host.invalid/a")
