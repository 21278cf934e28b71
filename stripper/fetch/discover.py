"""Links to pages out of feeds and sitemaps: trafilatura reads them, our own fetcher gets them.

trafilatura's own search functions download by themselves, past guard, robots.txt and turns; only its readers are
used. Feeds are cut down to their link elements first: the reader's expressions take quadratic time on tags that
are never closed.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections import deque
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from trafilatura.feeds import FeedParameters, determine_feed, find_links, is_potential_feed
from trafilatura.sitemaps import DETECT_SITEMAP_LINK, GUESSES, SitemapObject

from stripper.errors import BadResponse, FetchError, NothingFound
from stripper.fetch.body import Want, media_type_and_charset
from stripper.fetch.decode import BodyDecoder, CodingError, OverLimit
from stripper.fetch.urls import origin, parse_url

if TYPE_CHECKING:
    from stripper.fetch.crawler import Crawler
    from stripper.fetch.exchange import Reply

_FEEDS_OF_A_PAGE = 5
_SITEMAPS = 100
_GZIP = b"\x1f\x8b"
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
# An RSS link, or one tag of an Atom link; what is longer is no link.
_LINK = re.compile(
    r"<link>\s{0,100}(?:<!\[CDATA\[[^<>]{1,2000}\]\]>|[^<>]{1,2000})\s{0,100}</link>|<link\s[^<>]{1,2000}>"
)


async def feed_links(crawler: Crawler, url: str, limit: int) -> list[str]:
    """Return at most `limit` links to pages from the feed at `url`, or from the feeds that the page at `url` names.

    In the feed's order, each once. Raises a `FetchError`; one feed of several that fails is passed over.
    """
    _quiet()
    text, final = await _text(crawler, url)
    links = _read_feed(text, final)
    if not links and not _is_feed(text):
        for feed in determine_feed(text, _parameters(final))[:_FEEDS_OF_A_PAGE]:
            try:
                more, where = await _text(crawler, feed)
            except FetchError:
                continue
            links += _read_feed(more, where)
    return _capped(url, links, limit, "no feed, nor a page that names one with links")


async def sitemap_links(crawler: Crawler, url: str, limit: int) -> list[str]:
    """Return at most `limit` links to pages from the sitemap at `url`, or from those of the site at `url`.

    Nested sitemaps are followed. A URL that is no sitemap stands for its site: the sitemaps that its robots.txt
    names, else the usual places. Raises a `FetchError`; one sitemap of several that fails is passed over.
    """
    _quiet()
    text, final = await _text(crawler, url)
    links, nested = _read_sitemap(text, final)
    if not links and not nested:
        nested = await _sitemaps_of_site(crawler, final)
    queue = deque(nested)
    seen = {url, final}
    while queue and len(seen) < _SITEMAPS and len(links) < limit:
        sitemap = queue.popleft()
        if sitemap in seen:
            continue
        seen.add(sitemap)
        try:
            text, final = await _text(crawler, sitemap)
        except FetchError:
            continue
        more, nested = _read_sitemap(text, final)
        links += more
        queue.extend(nested)
    return _capped(url, links, limit, "no sitemap with links")


async def _sitemaps_of_site(crawler: Crawler, url: str) -> list[str]:
    host = origin(parse_url(url))
    robots = await crawler.robots(host)
    base = host.removesuffix(":80") if host.startswith("http:") else host.removesuffix(":443")
    return list(robots.sitemaps) or [f"{base}/{guess}" for guess in GUESSES]


async def _text(crawler: Crawler, url: str) -> tuple[str, str]:
    account, reply = await crawler.get(url, Want.FEED)
    return _decoded(url, reply, crawler.max_bytes), account.url


def _decoded(url: str, reply: Reply, limit: int) -> str:
    data = reply.body.data
    if data.startswith(_GZIP):  # a sitemap.xml.gz is a gzip file, not a coded answer
        try:
            data = b"".join(BodyDecoder("gzip", limit).feed(data))
        except (CodingError, OverLimit) as error:
            raise BadResponse(url, f"a gzip file that is broken or too large ({error})") from None
    _, charset = media_type_and_charset(reply.headers.get("content-type", ""))
    declared = _XML_ENCODING.match(data)
    for name in (charset, declared[1].decode("ascii") if declared else None):
        try:
            return data.decode(codecs.lookup(name or "").name, "replace")
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8-sig", "replace")


def _is_feed(text: str) -> bool:
    head = text.lstrip()
    return is_potential_feed(head) or head.startswith("{")


def _read_feed(text: str, url: str) -> list[str]:
    text = text.strip()
    if not text.startswith("{"):
        if not is_potential_feed(text):
            return []
        text = "<rss>" + "\n".join(_LINK.findall(text)) + "</rss>"
    links = (_link(url, link) for link in find_links(text, _parameters(url)))
    # A feed's own address and its site's front page stand in it as links too.
    return [link for link in links if link and link != url and urlsplit(link).path.strip("/")]


class _Sitemap(SitemapObject):
    """trafilatura's reader; which links count is ours to say: its own rules drop hosts without a dot."""

    def handle_link(self, link: str) -> None:
        url = _link(self.current_url, link)
        if url is None or url == self.current_url:
            return
        nested = "<sitemapindex" in self.content[:1000] or DETECT_SITEMAP_LINK.search(url)
        (self.sitemap_urls if nested else self.urls).append(url)


def _read_sitemap(text: str, url: str) -> tuple[list[str], list[str]]:
    reader = _Sitemap("", "", [])
    reader.current_url = url
    reader.content = text.strip()
    reader.process()
    return reader.urls, reader.sitemap_urls


def _link(base: str, link: str) -> str | None:
    """Return `link`, found at `base`, as a URL if it leads to a page of the same site."""
    try:
        url = urljoin(base, unescape(link).strip()).partition("#")[0]
        here, there = (_bare(urlsplit(each).hostname) for each in (base, url))
    except ValueError:
        return None
    same = here == there or here.endswith(f".{there}") or there.endswith(f".{here}")
    return url if there and same and url.startswith(("http://", "https://")) else None


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _parameters(url: str) -> FeedParameters:
    parts = urlsplit(url)
    return FeedParameters(f"{parts.scheme}://{parts.netloc}", parts.hostname or "", url)


def _capped(url: str, links: list[str], limit: int, nothing: str) -> list[str]:
    unique = list(dict.fromkeys(links))[:limit]
    if not unique:
        raise NothingFound(url, nothing)
    return unique


def _quiet() -> None:
    # Without a handler Python prints trafilatura's warnings to stderr, where one line a failure is promised.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
