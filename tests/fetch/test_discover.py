"""Links out of feeds and sitemaps, through our own fetcher."""

from __future__ import annotations

import gzip
import importlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
import trafilatura.downloads

from stripper import errors
from stripper.fetch.crawler import World
from stripper.fetch.discover import _read_feed, _read_sitemap
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fetch.servers import Site

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{base}/</link>
<atom:link href="{base}/feed" rel="self"/>{items}</channel></rss>"""
ITEM = "<item><title>{n}</title><link>{url}</link><guid>{n}</guid></item>"
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<link href="{base}/feed" rel="self"/>{items}</feed>"""
ENTRY = '<entry><title>{n}</title><link href="{url}"/></entry>'


async def here(*_: object) -> list[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


@pytest.fixture
def fetcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    """A fetcher, and trafilatura's own downloader made to fail the test."""

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("trafilatura downloads by itself")

    for module in ("downloads", "feeds", "sitemaps"):
        for name in ("fetch_url", "is_live_page"):
            monkeypatch.setattr(f"trafilatura.{module}.{name}", never, raising=False)
    options = Options(fetch=FetchOptions(allow_private=True, delay=0, tries=1))
    with Fetcher(options, World(resolve=here)) as fetcher:
        yield fetcher


@pytest.fixture
def base(site: Site) -> str:
    """The site under a name."""
    return f"http://news.example.org:{site.port}"


def articles(base: str, count: int) -> list[str]:
    """URLs of pages."""
    return [f"{base}/2024/05/story-{n}.html" for n in range(count)]


@pytest.mark.parametrize(
    "form", [(RSS, ITEM, "application/rss+xml"), (ATOM, ENTRY, "application/atom+xml"), (RSS, ITEM, "text/html")]
)
def test_a_feed_gives_its_links_in_order_each_once(
    site: Site, fetcher: Fetcher, base: str, form: tuple[str, str, str]
) -> None:
    """RSS and Atom, whatever type they are sent as; newest first, as they stand."""
    whole, part, kind = form
    urls = articles(base, 9)[::-1]
    items = "".join(part.format(n=n, url=url) for n, url in enumerate([*urls, *urls]))
    site.page("/feed", whole.format(base=base, items=items).encode(), Content_Type=kind)
    assert fetcher.feed_links(base + "/feed", 100) == urls
    assert fetcher.feed_links(base + "/feed", 3) == urls[:3]


def test_a_json_feed_is_read(site: Site, fetcher: Fetcher, base: str) -> None:
    """The JSON form of the same."""
    urls = articles(base, 3)
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": url} for url in urls]}
    body = json.dumps(feed)
    site.page("/feed", body.encode(), Content_Type="application/feed+json")
    assert fetcher.feed_links(base + "/feed", 100) == urls


def test_a_page_that_names_its_feeds_leads_to_them(site: Site, fetcher: Fetcher, base: str) -> None:
    """A home page's alternate links; one that is missing is passed over."""
    urls = articles(base, 2)
    html = f"""<!doctype html><link rel=alternate type=application/rss+xml href={base}/gone.rss>
    <link rel=alternate type=application/rss+xml href={base}/there.rss><p>Hello"""
    site.page("/", html.encode(), Content_Type="text/html")
    items = "".join(ITEM.format(n=n, url=url) for n, url in enumerate(urls))
    site.page("/there.rss", RSS.format(base=base, items=items).encode(), Content_Type="application/rss+xml")
    assert fetcher.feed_links(base + "/", 100) == urls


def sitemap(urls: list[str], outer: str = "urlset", inner: str = "url") -> bytes:
    """A sitemap, or an index of some."""
    body = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><{outer} xmlns="{namespace}">{body}</{outer}>'.encode()


def test_a_sitemap_and_its_parts_give_their_links(site: Site, fetcher: Fetcher, base: str) -> None:
    """An index, a plain part, a gzip file, a missing one, and the index once more: no loop, nothing twice."""
    urls = articles(base, 30)
    parts = [f"{base}/{name}" for name in ("one.xml", "two.xml.gz", "gone.xml", "sitemap.xml")]
    site.page("/sitemap.xml", sitemap(parts, "sitemapindex", "sitemap"), Content_Type="application/xml")
    site.page("/one.xml", sitemap(urls[:20]), Content_Type="text/xml")
    site.page("/two.xml.gz", gzip.compress(sitemap(urls[10:])), Content_Type="application/gzip")
    assert fetcher.sitemap_links(base + "/sitemap.xml", 100) == urls
    assert fetcher.sitemap_links(base + "/sitemap.xml", 7) == urls[:7]
    assert site.asked("/sitemap.xml") == 2


def test_a_sites_sitemaps_are_found_by_its_robots_txt(site: Site, fetcher: Fetcher, base: str) -> None:
    """Given any page of a site; without a word in robots.txt, in the usual places."""
    urls = articles(base, 3)
    site.page("/", b"<p>Hello", Content_Type="text/html")
    site.page("/robots.txt", f"Sitemap: {base}/hidden.xml\n".encode())
    site.page("/hidden.xml", sitemap(urls), Content_Type="text/xml")
    assert fetcher.sitemap_links(base + "/", 100) == urls


def test_the_usual_places_are_tried(site: Site, fetcher: Fetcher, base: str) -> None:
    """A robots.txt without sitemaps."""
    urls = articles(base, 3)
    site.page("/", b"<p>Hello", Content_Type="text/html")
    site.page("/sitemap_index.xml", sitemap(urls), Content_Type="text/xml")
    assert fetcher.sitemap_links(base + "/", 100) == urls


def test_robots_txt_holds_for_feeds_too(site: Site, fetcher: Fetcher, base: str) -> None:
    """They are fetched like pages."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /feed")
    site.page("/feed", RSS.format(base=base, items="").encode())
    with pytest.raises(errors.RobotsDenied):
        fetcher.feed_links(base + "/feed", 10)
    assert site.asked("/feed") == 0


@pytest.mark.parametrize("find", ["feed_links", "sitemap_links"])
def test_no_link_is_an_error_of_its_own(site: Site, fetcher: Fetcher, base: str, find: str) -> None:
    """A page without feed or sitemap; a missing one is a status."""
    site.page("/", b"<p>Hello", Content_Type="text/html")
    with pytest.raises(errors.NothingFound):
        getattr(fetcher, find)(base + "/", 10)
    with pytest.raises(errors.HTTPStatusError):
        getattr(fetcher, find)(base + "/gone", 10)


def test_a_gzip_bomb_for_a_sitemap_is_stopped(site: Site, fetcher: Fetcher, base: str) -> None:
    """Files are unpacked with the same bound as answers."""
    from tests.fetch.servers import bomb

    site.page("/sitemap.xml.gz", bomb("gzip"), Content_Type="application/gzip")
    with pytest.raises(errors.BadResponse, match="gzip file"):
        fetcher.sitemap_links(base + "/sitemap.xml.gz", 10)


@pytest.mark.parametrize(
    "evil",
    [
        "<rss>" + "<link " * 100_000,
        "<rss>" + "<link>" * 100_000,
        "<feed>" + '<link "' * 100_000,
        "<feed>" + "<link a='" * 100_000,
        "<rss><link>" + " " * 500_000,
        "<rss>" + "<link><![CDATA[" * 50_000,
        "{" * 100_000,
    ],
)
def test_feeds_made_to_be_slow_are_not(evil: str) -> None:
    """Tags and sections that are never closed, half a megabyte of them."""
    started = time.process_time()
    assert _read_feed(evil, "http://news.example.org/feed") == []
    assert time.process_time() - started < 2


def test_entities_are_not_expanded() -> None:
    """A sitemap with a billion laughs, and one that reads a file."""
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "http://x.example/1">'
        + "".join(f'<!ENTITY {b} "{"".join([f"&{a};"] * 10)}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]><urlset><url><loc>&i;</loc></url><url><loc>http://news.example.org/a</loc></url></urlset>"
    )
    started = time.process_time()
    assert _read_sitemap(laughs, "http://news.example.org/s.xml") == ([], [])  # lxml gives up on such a file
    assert time.process_time() - started < 1
    file = '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/hostname">]><urlset><url><loc>&a;</loc></url></urlset>'
    assert _read_sitemap(file, "http://news.example.org/s.xml") == ([], [])


@pytest.mark.parametrize(
    ("base", "link", "found"),
    [
        ("http://a.example/feed", "/x?a=1&amp;b=2#c", "http://a.example/x?a=1&b=2"),
        ("http://www.a.example/feed", "https://a.example/x", "https://a.example/x"),
        ("http://a.example/feed", "http://news.a.example/x", "http://news.a.example/x"),
        ("http://intranet/feed", "http://intranet/x", "http://intranet/x"),
        ("http://127.0.0.1:8/feed", "/x", "http://127.0.0.1:8/x"),
        ("http://a.example/feed", "http://b.example/x", None),
        ("http://a.example/feed", "http://nota.example/x", None),
        ("http://a.example/feed", "javascript:alert(1)", None),
        ("http://a.example/feed", "http://[::1/x", None),
        ("http://a.example/feed", "ftp://a.example/x", None),
    ],
)
def test_links_stay_on_their_site(base: str, link: str, found: str | None) -> None:
    """The same host or a part of it, whatever the host looks like; the address is kept as it stands."""
    item = f"<rss><item><link>{link}</link></item></rss>"
    assert _read_feed(item, base) == ([found] if found else [])
    assert _read_sitemap(f"<urlset><url><loc>{link}</loc></url></urlset>", base)[0] in ([found], [])


def test_the_package_that_reads_feeds_is_not_asked_to_fetch() -> None:
    """The names that the fixture above replaces are the ones trafilatura uses."""
    for module in ("trafilatura.feeds", "trafilatura.sitemaps"):
        assert vars(importlib.import_module(module))["fetch_url"] is trafilatura.downloads.fetch_url
