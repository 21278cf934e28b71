"""`stripper strip` over URLs: pages of every fate, feeds, sitemaps, cache, archive, and what may be typed."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from stripper.cli import main
from stripper.cli.fetching import read_fetching
from stripper.options import FetchOptions, Options
from tests.cli.conftest import PAGE, SENTENCE
from tests.fetch.servers import Site, drip, raw_server, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

HTML: dict[str, Any] = {"Content_Type": "text/html; charset=utf-8"}
HERE = ("--allow-private", "--delay", "0")


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of its own for one test."""
    with serving() as site:
        yield site


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A page without end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"<p>More and more words of a page. " * 2000)


def slow(connection: socket.socket, stop: threading.Event) -> None:
    """A page that drips."""
    if b"/robots.txt" in connection.recv(65536):
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        connection.recv(65536)
    drip(connection, stop, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n")


def mixed(site: Site, slow_port: int) -> dict[str, str]:
    """Return 30 URLs, each with what should become of it: a class of error, or "ok"."""
    page = PAGE.encode()
    site.page("/robots.txt", b"user-agent: *\ndisallow: /private/")
    site.page("/r0", b"", 301, Location="/r1")
    site.page("/r1", b"", 302, Location="/ok0")
    site.page("/loop", b"", 302, Location="/loop2")
    site.page("/loop2", b"", 302, Location="/loop")
    site.page("/out", b"", 302, Location="ftp://127.0.0.1/x")
    site.answers["/huge"] = endless
    umlauts = PAGE.replace("forty", "vierzig Bücher, größer").encode("utf-8")
    fates = {site.page(f"/ok{n}", page, **HTML): "ok" for n in range(8)}
    return fates | {
        site.pages("/once", (500, b"", {}), (200, page, HTML)): "ok",
        site.pages("/twice", (500, b"", {}), (503, b"", {}), (200, page, HTML)): "ok",
        site.page("/badcharset", umlauts, Content_Type="text/html; charset=klingon-8"): "ok",
        site.page("/wrongcharset", umlauts, Content_Type="text/html; charset=iso-8859-1"): "ok",
        site.page("/notype", page): "ok",
        site.page("/text", b"A line of text.\n" * 9, Content_Type="text/plain"): "ok",
        site.base + "/r0": "ok",
        site.base + "/missing": "HTTPStatusError",
        site.page("/gone", b"", 410): "HTTPStatusError",
        site.page("/login", b"", 403): "HTTPStatusError",
        site.base + "/loop": "RedirectFailed",
        site.base + "/out": "RedirectFailed",
        site.page("/image", b"\x89PNG\r\n\x1a\n\0\0", Content_Type="image/png"): "SkippedType",
        site.page("/liar", b"\x89PNG\r\n\x1a\n\0\0", **HTML): "SkippedType",
        site.page("/pdf", b"%PDF-1.7\n", Content_Type="application/pdf"): "SkippedType",
        site.base + "/huge": "ResponseTooLarge",
        site.page("/private/a", page, **HTML): "RobotsDenied",
        site.page("/private/b", page, **HTML): "RobotsDenied",
        site.page("/empty", b"", **HTML): "EmptyInput",
        site.page("/blank", b" \n ", **HTML): "EmptyInput",
        site.page("/cut", page[:99], Content_Length="5000", Connection="close", **HTML): "BadResponse",
        f"http://127.0.0.1:{slow_port}/slow": "FetchTimeout",
    }


def test_thirty_pages_of_mixed_fate(site: Site, command: Callable[..., Any], tmp_path: Path) -> None:
    """One outcome for each URL, of the right class, in the folder; exit 1, a line for each failure and one in sum."""
    with raw_server(slow) as slow_port:
        fates = mixed(site, slow_port)
        process = command("strip", *fates, "-o", str(tmp_path), "--timeout", "4", "--ignore-robots=no", *HERE)
        _, err = process.communicate()
        assert process.returncode == 2  # a flag takes no value
        process = command("strip", *fates, "-o", str(tmp_path), "--timeout", "4", *HERE)
        out, err = process.communicate(timeout=90)
    assert len(fates) == 30
    found = {}
    for file in tmp_path.glob("*.json"):
        record = json.loads(file.read_bytes())
        found[record["source"]["id"]] = record.get("error", "ok")
    assert found == fates
    lines = err.decode().splitlines()
    failed = Counter(fate for fate in fates.values() if fate != "ok")
    assert lines[-1] == "stripper: 15 of 30 inputs failed: " + ", ".join(
        f"{n} {name}" for name, n in failed.most_common()
    )
    assert sum(line.startswith("stripper: http://127.0.0.1:") for line in lines) == 15
    assert "Traceback" not in err.decode()
    assert (process.returncode, out) == (1, b"")


def test_good_pages_are_stripped_and_say_how_they_came(site: Site, call: Callable[..., Any]) -> None:
    """Text to stdout; the record's fetched part is there."""
    url = site.page("/a", PAGE.encode(), **HTML)
    result = call("strip", url, "--record", "-", *HERE)
    assert (result.code, result.err) == (0, "")
    fetched = json.loads(result.out)["source"]["fetched"]
    assert (fetched["status"], fetched["robots"], fetched["relaxed"]) == (200, "allowed", ["allow_private"])
    result = call("strip", url, *HERE)
    assert SENTENCE in result.out


def test_files_and_urls_keep_their_order(site: Site, page: str, call: Callable[..., Any]) -> None:
    """Inputs of all kinds, mixed, come out as they were named."""
    urls = [site.page(f"/{n}", PAGE.encode(), **HTML) for n in range(3)]
    names = [page, urls[0], urls[1], page, urls[2]]
    result = call("strip", *names, *HERE)
    assert [line[4:-4] for line in result.out.splitlines() if line.startswith("==>")] == names


def test_private_addresses_are_refused_by_default(site: Site, call: Callable[..., Any]) -> None:
    """The line says which and how to permit it; nothing was sent."""
    result = call("strip", site.page("/a", PAGE.encode()))
    assert result.code == 1
    assert "not a public address (loopback)" in result.err
    assert site.seen == []


def test_a_sitemap_and_a_feed_give_inputs(site: Site, call: Callable[..., Any], tmp_path: Path) -> None:
    """Found pages follow the named ones, each once; a feed that is missing is a failed input."""
    base = site.base
    urls = [site.page(f"/story-{n}.html", PAGE.encode(), **HTML) for n in range(4)]
    locations = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    sitemap = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
    site.page("/sitemap.xml", sitemap.encode(), Content_Type="application/xml")
    args = ("--sitemap", base + "/sitemap.xml", "--feed", base + "/gone.rss", "-o", str(tmp_path))
    result = call("strip", urls[1], *args, *HERE, "--max-pages", "3")
    assert result.code == 1
    assert "1 of 4 inputs failed: 1 HTTPStatusError" in result.err
    ids = [json.loads(file.read_bytes())["source"]["id"] for file in tmp_path.glob("*.json")]
    assert sorted(ids) == sorted([*urls[:3], base + "/gone.rss"])
    assert site.asked("/story-1.html") == 1


def test_cache_offline_and_archive(site: Site, call: Callable[..., Any], tmp_path: Path) -> None:
    """What was fetched once is there without the network: from the cache, and in the archive."""
    url = site.page("/a", PAGE.encode(), Cache_Control="max-age=60", **HTML)
    cache, warc = str(tmp_path / "cache"), str(tmp_path / "out.warc.gz")
    first = call("strip", url, "--cache", cache, "--save-warc", warc, *HERE)
    before = len(site.seen)
    assert call("strip", url, "--cache", cache, "--offline", *HERE).out == first.out
    assert len(site.seen) == before
    assert "not in the cache" in call("strip", site.base + "/b", "--cache", cache, "--offline", *HERE).err
    from fastwarc.warc import ArchiveIterator

    with (tmp_path / "out.warc.gz").open("rb") as file:
        assert url in [record.headers.get("WARC-Target-URI") for record in ArchiveIterator(file)]
    assert call("strip", url, "--save-warc", warc, *HERE).code == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["--offline"], "--offline: needs a cache"),
        (["--header", "nonsense"], "--header: 'nonsense' is no NAME:VALUE"),
        (["--header", "User-Agent: x"], "--header: User-Agent is set by the fetcher"),
        (["--proxy", "socks5://x"], "--proxy: must be http"),
        (["--delay", "-1"], "'-1' is no number of seconds"),
        (["--timeout", "0"], "--timeout: must be above 0"),
        (["--render", "sometimes"], "invalid choice"),
        (["--cache", ""], "--cache: names nothing"),
        (["--save-warc", "/nonexistent/x.warc"], "--save-warc: /nonexistent/x.warc"),
        (["--ca-file", "/nonexistent/ca.pem"], "--ca-file: /nonexistent/ca.pem"),
    ],
)
def test_wrong_usage_is_said(typed: list[str], words: str, call: Callable[..., Any]) -> None:
    """Exit 2 and one line that names the option."""
    result = call("strip", "http://127.0.0.1:9/", *typed)
    assert result.code == 2
    assert words in result.err
    assert result.err.count("\n") == 1


def test_no_input_at_all_is_wrong_usage(call: Callable[..., Any]) -> None:
    """Neither named nor to be found."""
    result = call("strip")
    assert (result.code, result.out) == (2, "")
    assert "INPUT" in result.err


def test_every_option_reaches_the_fetcher() -> None:
    """What is typed is what is run; untyped are the defaults."""
    from stripper.cli.arguments import Parser
    from stripper.cli.fetching import add_fetch_options

    parser = Parser(prog="x")
    add_fetch_options(parser)
    assert Options(**read_fetching(parser.parse_args([]))) == Options()
    typed = """--contact me@example.org --header Accept-Language:de --header X-Y:z --delay 3 --cache c --offline
        --save-warc w --render auto --browser b --proxy http://p:1 --ca-file f --insecure --allow-private
        --ignore-robots --timeout 9 --longest-wait 8 --max-fetch-bytes 7""".split()
    fetch = FetchOptions(
        contact="me@example.org",
        headers=(("Accept-Language", "de"), ("X-Y", "z")),
        delay=3,
        cache="c",
        offline=True,
        warc="w",
        render="auto",
        browser="b",
        proxy="http://p:1",
        ca_file="f",
        insecure=True,
        allow_private=True,
        robots=False,
        longest_wait=8,
    )
    assert read_fetching(parser.parse_args(typed)) == {"timeout": 9, "max_fetch_bytes": 7, "fetch": fetch}


def test_ctrl_c_while_fetching_ends_at_once(site: Site, command: Callable[..., Any]) -> None:
    """No traceback, exit 130, though a server hangs."""
    import signal
    import time

    asked, stop = threading.Event(), threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> None:
        asked.set()
        stop.wait(20)

    site.answers["/a"] = hang
    process = command("strip", site.base + "/a", *HERE)
    assert asked.wait(20)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, err = process.communicate(timeout=20)
    stop.set()
    assert time.monotonic() - started < 5
    assert (process.returncode, err) == (130, b"stripper: interrupted\n")


def test_main_is_what_the_command_runs() -> None:
    """The entry point of the package."""
    assert main(["strip", "--help"]) == 0
