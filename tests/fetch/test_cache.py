"""The HTTP cache (F12): fresh pages cost no request, stale ones a question; robust, shared, and enough when offline."""

from __future__ import annotations

import gzip
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch.fetcher import Fetcher
from stripper.fetch.store import FILE, Store
from stripper.options import FetchOptions, Options
from tests.fetch.servers import write_answer

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"
FRESH: dict[str, Any] = {"Content_Type": "text/html", "Cache_Control": "max-age=3600"}


def cached(folder: Path, **fetching: Any) -> Options:
    """Options with a cache."""
    defaults: dict[str, Any] = {"allow_private": True, "delay": 0, "robots": False, "cache": str(folder)}
    return Options(fetch=FetchOptions(**defaults | fetching))


def words(options: Options, *urls: str) -> list[Any]:
    """Fetch with a fetcher of its own; return what the cache did for each, or the class of error."""
    with Fetcher(options) as fetcher:
        return [o.fetch["cache"] if isinstance(o, RawPage) else o.error for o in fetcher.fetch_many(urls)]  # type: ignore[index]


def test_a_fresh_page_is_not_asked_for_again(site: Site, tmp_path: Path) -> None:
    """The second run answers from the disk, byte for byte, coded bodies too."""
    url = site.page("/a", gzip.compress(HTML), **FRESH, Content_Encoding="gzip")
    pages = []
    for _ in range(2):
        with Fetcher(cached(tmp_path)) as fetcher:
            pages.append(fetcher.fetch(url))
    assert [p.data for p in pages] == [HTML, HTML]
    assert [p.fetch["cache"] for p in pages] == ["stored", "hit"]  # type: ignore[index]
    assert site.asked("/a") == 1


def test_a_cached_page_needs_no_pause(site: Site, tmp_path: Path) -> None:
    """Politeness is towards servers: what comes from the disk costs them nothing."""
    import time

    urls = [site.page(f"/{n}", HTML, **FRESH) for n in range(10)]
    words(cached(tmp_path), *urls)
    started = time.monotonic()
    assert words(cached(tmp_path, delay=5), *urls) == ["hit"] * 10
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("given", "asked"),
    [({"ETag": '"v1"'}, "if-none-match"), ({"Last_Modified": "Tue, 14 Nov 2023 22:13:20 GMT"}, "if-modified-since")],
)
def test_a_stale_page_is_asked_about(site: Site, tmp_path: Path, given: dict[str, Any], asked: str) -> None:
    """With its validator; 304 gives the stored page, and its account says so."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get(asked):
            write_answer(handler, b"", 304, **given)
        else:
            write_answer(handler, HTML, Content_Type="text/html", Cache_Control="max-age=0", **given)

    site.answers["/a"] = answer
    with Fetcher(cached(tmp_path)) as fetcher:
        first = fetcher.fetch(site.base + "/a")
        second = fetcher.fetch(site.base + "/a")
    assert (first.data, second.data) == (HTML, HTML)
    assert second.fetch is not None
    assert (second.fetch["cache"], second.fetch["status"]) == ("revalidated", 200)
    assert site.asked("/a") == 2


def test_a_changed_page_is_replaced(site: Site, tmp_path: Path) -> None:
    """A stale page whose validator no longer holds comes anew."""
    site.pages(
        "/a",
        (200, b"<p>old", {"Content_Type": "text/html", "Cache_Control": "max-age=0", "ETag": '"1"'}),
        (200, b"<p>new", {"Content_Type": "text/html", "Cache_Control": "max-age=900", "ETag": '"2"'}),
    )
    with Fetcher(cached(tmp_path)) as fetcher:
        data = [fetcher.fetch(site.base + "/a").data for _ in range(3)]
    assert data == [b"<p>old", b"<p>new", b"<p>new"]
    assert site.asked("/a") == 2


@pytest.mark.parametrize("forbids", ["no-store", "no-store, max-age=900"])
def test_what_must_not_be_stored_is_not(site: Site, tmp_path: Path, forbids: str) -> None:
    """`no-store` leaves nothing on the disk."""
    secret = b"<p>for your eyes only"
    url = site.page("/a", secret, Content_Type="text/html", Cache_Control=forbids)
    assert words(cached(tmp_path), url) + words(cached(tmp_path), url) == ["miss", "miss"]
    assert all(secret not in file.read_bytes() for file in tmp_path.iterdir())


def test_credentials_go_past_the_cache(site: Site, tmp_path: Path) -> None:
    """Neither a password nor what it opens is stored; other headers don't matter."""
    url = site.page("/a", HTML, **FRESH)
    with_password = cached(tmp_path, headers=(("Authorization", "Basic c2VjcmV0"),))
    assert words(with_password, url) == ["off"]
    assert words(cached(tmp_path, headers=(("Accept-Language", "de"),)), url) == ["stored"]
    assert all(b"c2VjcmV0" not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_page_for_another_language_is_another_page(site: Site, tmp_path: Path) -> None:
    """`Vary` is part of the key."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = b"<p>" + handler.headers.get("Accept-Language", "none").encode()
        write_answer(handler, body, **FRESH, Vary="Accept-Language")

    site.answers["/a"] = answer
    seen = []
    for language in ("de", "fr", "de", "fr"):
        with Fetcher(cached(tmp_path, headers=(("Accept-Language", language),))) as fetcher:
            seen.append(fetcher.fetch(site.base + "/a").data)
    assert seen == [b"<p>de", b"<p>fr", b"<p>de", b"<p>fr"]
    assert site.asked("/a") == 2


def test_robots_and_redirects_are_cached_too(site: Site, tmp_path: Path) -> None:
    """A second run asks for nothing at all."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /x", Cache_Control="max-age=900")
    site.page("/a", b"", 301, Location="/b", Cache_Control="max-age=900")
    site.page("/b", HTML, **FRESH)
    for _ in range(2):
        words(cached(tmp_path, robots=True), site.base + "/a", site.base + "/x")
    assert [path for path, _ in site.seen] == ["/robots.txt", "/a", "/b"]


def test_a_body_that_breaks_off_is_not_stored(site: Site, tmp_path: Path) -> None:
    """Half a page is no page, next time neither."""
    site.pages("/a", (200, HTML[:9], FRESH | {"Content_Length": "99", "Connection": "close"}), (200, HTML, FRESH))
    assert words(cached(tmp_path), site.base + "/a") == ["BadResponse"]
    assert words(cached(tmp_path), site.base + "/a") == ["stored"]


def test_a_file_that_is_no_cache_is_put_aside(site: Site, tmp_path: Path) -> None:
    """Overwritten, cut or empty: the page is fetched again, nothing crashes, the old file is kept."""
    url = site.page("/a", HTML, **FRESH)
    for damage in (
        b"this is no database at all, but rather a long line of text " * 99,
        b"SQLite format 3\0" + b"\xff" * 5000,
        b"",
    ):
        (tmp_path / FILE).write_bytes(damage)
        for leftover in ("-wal", "-shm"):
            (tmp_path / (FILE + leftover)).unlink(missing_ok=True)
        assert words(cached(tmp_path), url) == ["stored"]
        assert words(cached(tmp_path), url) == ["hit"]
        if damage:
            assert (tmp_path / f"{FILE}.broken").read_bytes() == damage


def test_damage_inside_the_cache_costs_pages_not_the_run(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Overwritten pages of the database: every page still comes, right, without a word on stderr."""
    bodies = {f"/{n}": HTML * (n + 1) * 50 for n in range(20)}
    urls = [site.page(path, body, **FRESH) for path, body in bodies.items()]
    words(cached(tmp_path), *urls)
    file = tmp_path / FILE
    data = bytearray(file.read_bytes())
    for start in range(8192, len(data) - 4096, 3 * 4096):
        data[start : start + 4096] = b"\xaa" * 4096
    file.write_bytes(data)
    with Fetcher(cached(tmp_path)) as fetcher:
        outcomes = list(fetcher.fetch_many(urls))
    good = [o for o in outcomes if isinstance(o, RawPage)]
    assert all(page.data == bodies[page.id.removeprefix(site.base)] for page in good)
    assert len(good) == 20
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_cannot_be_used_is_wrong_usage(tmp_path: Path) -> None:
    """It is named."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.UsageError, match="cache: "):
        Fetcher(cached(tmp_path / "file" / "folder"))


def test_the_cache_keeps_its_size(site: Site, tmp_path: Path) -> None:
    """What doesn't fit is fetched, but not kept."""
    import random

    chance = random.Random(1)  # noqa: S311 - any bytes will do
    urls = [site.page(f"/{n}", b"<p>" + chance.randbytes(200_000).hex().encode(), **FRESH) for n in range(20)]
    assert set(words(cached(tmp_path, cache_bytes=2_000_000), *urls)) <= {"stored", "miss"}
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 20_000_000


_RUN = textwrap.dedent(
    """
    import sys
    from stripper.datatypes import RawPage
    from stripper.fetch import fetch_many
    from stripper.options import FetchOptions, Options
    options = Options(fetch=FetchOptions(allow_private=True, delay=0, robots=False, cache=sys.argv[1]))
    print(sum(isinstance(o, RawPage) and o.data.startswith(b"<!doctype") for o in fetch_many(sys.argv[2:], options)))
    """
)


def test_two_runs_share_a_cache(site: Site, tmp_path: Path) -> None:
    """Two processes at once on a new cache: both get all pages, and a third finds them."""
    urls = [site.page(f"/{n}", HTML, **FRESH) for n in range(40)]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", _RUN, str(tmp_path), *order],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for order in (urls, urls[::-1])
    ]
    for run in runs:
        assert run.communicate(timeout=60) == ("40\n", "")
    before = len(site.seen)
    assert words(cached(tmp_path), *urls) == ["hit"] * 40
    assert len(site.seen) == before


def test_an_interrupted_run_goes_on_without_asking_twice(site: Site, tmp_path: Path) -> None:
    """What came before the interruption is not asked for again."""
    urls = [site.page(f"/{n}", HTML, **FRESH) for n in range(60)]
    with Fetcher(cached(tmp_path)) as fetcher:
        for count, _ in enumerate(fetcher.fetch_many(urls), 1):
            if count == 25:
                break
    assert words(cached(tmp_path), *urls).count("hit") >= 25
    # One request may have been under way when the run was given up.
    assert sum(site.asked(f"/{n}") - 1 for n in range(60)) <= 1


def test_offline_answers_from_the_cache_alone(site: Site, tmp_path: Path) -> None:
    """Fresh or stale, redirects too; no request is made, and what is missing has its own error."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /x")
    site.page("/moved", b"", 301, Location="/stale")
    urls = [
        site.page("/fresh", HTML, **FRESH),
        site.page("/stale", HTML, Content_Type="text/html", Cache_Control="max-age=0, must-revalidate", ETag='"1"'),
        site.base + "/moved",
    ]
    words(cached(tmp_path, robots=True), *urls)
    before = len(site.seen)
    offline = cached(tmp_path, robots=True, offline=True)
    assert words(offline, *urls, site.page("/new", HTML)) == ["hit", "hit", "hit", "NotCached"]
    assert len(site.seen) == before


def test_offline_needs_a_cache() -> None:
    """Otherwise there is nothing to answer from."""
    with pytest.raises(errors.UsageError, match="offline"):
        FetchOptions(offline=True)


def test_a_deadline_while_the_cache_stores_frees_the_host(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is slower than the deadline costs that page; the host's next one comes."""
    import asyncio

    create = Store.create_entry

    async def slow(self: Store, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.url.endswith("/slow"):
            await asyncio.sleep(5)
        return await create(self, request, *args, **kwargs)

    monkeypatch.setattr(Store, "create_entry", slow)
    urls = [site.page("/slow", HTML, **FRESH), site.page("/next", HTML, **FRESH)]
    options = Options(timeout=0.5, fetch=cached(tmp_path).fetch)
    assert words(options, *urls) == ["FetchTimeout", "stored"]


def test_a_304_that_fits_nothing_is_asked_again_in_the_same_turn(site: Site, tmp_path: Path) -> None:
    """A server that answers a conditional request with another page's validator gets a plain one."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("if-none-match"):
            write_answer(handler, b"", 304, ETag='"another"')
        else:
            write_answer(handler, HTML, Content_Type="text/html", Cache_Control="max-age=0", ETag='"1"')

    site.answers["/a"] = answer
    options = Options(timeout=3, fetch=cached(tmp_path).fetch)
    with Fetcher(options) as fetcher:
        assert [fetcher.fetch(site.base + "/a").data for _ in range(2)] == [HTML, HTML]
    assert site.asked("/a") == 3
