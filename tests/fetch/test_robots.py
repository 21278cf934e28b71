"""robots.txt by RFC 9309 (F9): matching, and what an answer or none means."""

from __future__ import annotations

import itertools
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch.crawler import Crawler, World
from stripper.fetch.fetcher import Fetcher
from stripper.fetch.robots import MAX_BYTES, PRODUCT, from_status, parse
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import Names, Recorder, Web, in_virtual_time, ok, status
from tests.fetch.servers import serving

if TYPE_CHECKING:
    import httpx

    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"


def allowed(text: str, agent: str, path: str) -> bool:
    """Tell whether `agent` may fetch `path`; its name in `text` becomes ours."""
    return parse(text.replace(agent, PRODUCT).encode()).forbids(f"http://site.example{path}") is None


# Matching: robots.txt ("|" parts lines), agent, then what is allowed and what is not. Covers the groups of
# assertions in Google's own test of its parser, in words of ours, where they follow the RFC.
CASES: dict[str, tuple[str, str, str, str]] = {
    "empty": ("", "abot", "/ /x /x?y=1", ""),
    "only a comment": ("# disallow: /", "abot", "/", ""),
    "no group for us": ("user-agent: other|disallow: /", "abot", "/ /x", ""),
    "our group": ("user-agent: abot|disallow: /", "abot", "", "/ /x /x/y?z"),
    "unknown lines": ("foo: abot|bar: /", "abot", "/x", ""),
    "no colon": ("user-agent abot|disallow /", "abot", "", "/x"),
    "spaces around": ("  user-agent :  abot  |  disallow :  /x  ", "abot", "/", "/x /xy"),
    "rules before any group": ("disallow: /x|user-agent: abot|allow: /", "abot", "/x", ""),
    "two groups for us": (
        "user-agent: abot|disallow: /|allow: /x/|user-agent: b|disallow: /|user-agent: abot|allow: /z/",
        "abot", "/x/1 /z/1", "/y/1 /",
    ),
    "a group for two": ("user-agent: other|user-agent: abot|disallow: /x", "abot", "/y", "/x"),
    "empty lines don't end a group": ("user-agent: abot||disallow: /x||disallow: /y", "abot", "/z", "/x /y"),
    "a crawl-delay ends the list of agents": (
        "user-agent: abot|crawl-delay: 1|user-agent: other|disallow: /", "abot", "/x", "",
    ),
    "a sitemap doesn't": ("user-agent: abot|sitemap: http://x/|user-agent: other|disallow: /", "abot", "", "/x"),
    "upper case names": ("USER-AGENT: abot|DISALLOW: /|ALLOW: /x/", "abot", "/x/1", "/ /y"),
    "mixed case names": ("uSeR-aGeNt: abot|dIsAlLoW: /|AlLoW: /x/", "abot", "/x/1", "/ /y"),
    "agent in upper case": (f"user-agent: {PRODUCT.upper()}|disallow: /", "abot", "", "/x"),
    "agent with a version": ("user-agent: abot/2.1|disallow: /", "abot", "", "/x"),
    "agent with more words": ("user-agent: abot and friends|disallow: /x", "abot", "/", "/x"),
    "agent that begins like ours": ("user-agent: boilerplate|disallow: /", "abot", "/x", ""),
    "agent that ends like ours": ("user-agent: stripper|disallow: /", "abot", "/x", ""),
    "agent longer than ours": (f"user-agent: {PRODUCT}-news|disallow: /", "abot", "/x", ""),
    "agent inside another": (f"user-agent: my{PRODUCT}|disallow: /", "abot", "/x", ""),
    "no agent named": ("user-agent:|disallow: /", "abot", "/x", ""),
    "everybody": ("user-agent: *|disallow: /x", "abot", "/", "/x"),
    "everybody, with words": ("user-agent: * bots|disallow: /x", "abot", "/", "/x"),
    "ours before everybody's": ("user-agent: *|disallow: /|user-agent: abot|disallow: /y", "abot", "/x", "/y"),
    "ours, later or earlier": ("user-agent: abot|disallow: /y|user-agent: *|disallow: /", "abot", "/x", "/y"),
    "ours allows nothing new": ("user-agent: *|allow: /|user-agent: abot|disallow: /", "abot", "", "/x"),
    "our empty group": ("user-agent: *|disallow: /|user-agent: abot|disallow:", "abot", "/x", ""),
    "paths keep their case": ("user-agent: abot|disallow: /X/", "abot", "/x/1", "/X/1"),
    "the longest match, forbidden": (
        "user-agent: abot|disallow: /x/page.html|allow: /x/", "abot", "/x/", "/x/page.html",
    ),
    "the longest match, allowed": ("user-agent: abot|allow: /x/page.html|disallow: /x/", "abot", "/x/page.html", "/x/"),
    "empty rules": ("user-agent: abot|disallow:|allow:", "abot", "/ /x", ""),
    "as long, allow wins": ("user-agent: abot|disallow: /|allow: /", "abot", "/ /x", ""),
    "as long, allow wins, any order": ("user-agent: abot|allow: /x|disallow: /x", "abot", "/x /x/y", ""),
    "a folder and its name": ("user-agent: abot|disallow: /x|allow: /x/", "abot", "/x/ /x/1", "/x /xy"),
    "a star counts for length": ("user-agent: abot|allow: /page|disallow: /*.html", "abot", "/page", "/page.html"),
    "a star, shorter": ("user-agent: abot|allow: /x/page.|disallow: /*.html", "abot", "/x/page.html", "/x/y.html"),
    "a URL inside a query": (
        "user-agent: abot|disallow: /|allow: /a?b=c&d=http://x.example?e&f", "abot",
        "/a?b=c&d=http://x.example?e&f", "/a",
    ),
    "non-ASCII in the rule": ("user-agent: abot|disallow: /|allow: /a/ツ", "abot", "/a/%E3%83%84 /a/%e3%83%84", "/a/b"),
    "escaped in the rule": ("user-agent: abot|disallow: /|allow: /a/%E3%83%84", "abot", "/a/%E3%83%84 /a/ツ", "/a/b"),
    "escaped ASCII": ("user-agent: abot|disallow: /a/%62%61%7A", "abot", "/a/b", "/a/baz /a/%62%61%7A"),
    "an escaped slash is none": ("user-agent: abot|disallow: /a%2Fb", "abot", "/a/b", "/a%2fb /a%2Fb"),
    "a star in the middle": ("user-agent: abot|disallow: /a/*/c", "abot", "/a/c /b/x/c", "/a/b/c /a//c /a/b/b/cd"),
    "several stars": ("user-agent: abot|disallow: /*a*b*c", "abot", "/acb /cba", "/abc /xaxbxc /x/a/b/c/d"),
    "stars in a row": ("user-agent: abot|disallow: /a***b", "abot", "/a", "/ab /axb"),
    "an end": ("user-agent: abot|disallow: /a/b$", "abot", "/a/b/ /a/b/c /a/bc", "/a/b"),
    "an end after a star": (
        "user-agent: abot|disallow: /*.php$", "abot", "/a.php? /a.php/ /a.php5 /php", "/a.php /b/c.php",
    ),
    "a dollar inside": ("user-agent: abot|disallow: /a$b", "abot", "/a", "/a$b /a$bc"),
    "a comment behind": ("user-agent: abot|disallow: /x#y|disallow: /z # no", "abot", "/y", "/x /z"),
    "a comment before": ("user-agent: abot|# disallow: /|disallow: /x|allow: /", "abot", "/y", "/x"),
    "index.html is its folder": (
        "user-agent: *|allow: /a/index.html|disallow: /", "abot", "/a/ /a/index.html", "/a/index.htm /b /",
    ),
    "a prefix": (
        "user-agent: abot|disallow: /|allow: /fig", "abot",
        "/fig /fig.html /fig/jam.html /figs /figs/jam.html /fig.html?id=1", "/nut /Fig.asp /afig /?id=fig",
    ),
    "a prefix with a star": (
        "user-agent: abot|disallow: /|allow: /fig*", "abot",
        "/fig /fig.html /fig/jam.html /figs /figs/jam.html /fig.html?id=1", "/nut /Fig.asp /afig /?id=fig",
    ),
    "a folder": (
        "user-agent: abot|disallow: /|allow: /fig/", "abot",
        "/fig/ /fig/jam /fig/?jam /fig/jam.html /fig/?id=1", "/fig /fig.html /Fig/Jam.html",
    ),
    "an ending anywhere": (
        "user-agent: abot|disallow: /|allow: /*.php", "abot",
        "/a.php /b/a.php /b/a.php?x /b/any.php.html /a.php/ /i?f=a.php/", "/nut /php/ /i?php /w.PHP",
    ),
    "a beginning and an ending": (
        "user-agent: abot|disallow: /|allow: /fig*.php", "abot", "/fig.php /figs/a.php?x", "/Fig.PHP /fig",
    ),
    "only the front page": ("user-agent: abot|allow: /$|disallow: /", "abot", "/", "/page.html"),
    "a query": ("user-agent: abot|disallow: /*?", "abot", "/x", "/x?y /?"),
    "a rule without slash": ("user-agent: abot|disallow: x", "abot", "/", ""),
    "an absolute URL as a rule": ("user-agent: abot|disallow: http://site.example/x", "abot", "/x", ""),
    "old Mac line ends": ("user-agent: abot\rdisallow: /x\rallow: /y", "abot", "/y", "/x"),
    "DOS line ends": ("user-agent: abot\r\ndisallow: /x\r\n", "abot", "/y", "/x"),
    "a BOM": ("\ufeffuser-agent: abot|disallow: /x", "abot", "/y", "/x"),
    "HTML instead": ("<!doctype html>|<title>user-agent: abot</title>|<p>disallow: /", "abot", "/ /x", ""),
    "robots.txt itself": ("user-agent: abot|disallow: /", "abot", "/robots.txt", ""),
    "misspelled": ("user-agent: abot|disalow: /x|dissallow: /y", "abot", "/z", "/x /y"),
}  # fmt: skip
ASSERTIONS = [
    pytest.param(text.replace("|", "\n"), agent, path, may, id=f"{name}: {path}")
    for name, (text, agent, yes, no) in CASES.items()
    for paths, may in ((yes, True), (no, False))
    for path in paths.split()
]


@pytest.mark.parametrize(("text", "agent", "path", "may"), ASSERTIONS)
def test_rules_match_as_the_rfc_says(text: str, agent: str, path: str, may: bool) -> None:  # noqa: FBT001 - a column of the table
    """Groups, longest match, wildcards, encoding, line ends."""
    assert allowed(text, agent, path) is may


def test_there_are_as_many_assertions_as_in_googles_test() -> None:
    """About 180 there."""
    assert len(ASSERTIONS) >= 180


@given(st.binary(max_size=3000))
def test_any_bytes_are_rules_of_some_kind(data: bytes) -> None:
    """A robots.txt may be anything; it never raises."""
    parse(data).forbids("http://site.example/x?y")


def test_what_stands_behind_the_limit_is_not_read() -> None:
    """512 KiB are; the RFC asks for at least 500."""
    head = b"user-agent: *\ndisallow: /early\n"
    padding = b"#" * (MAX_BYTES - len(head) - 1) + b"\n"
    rules = parse(head + padding + b"disallow: /late\n")
    assert rules.forbids("http://site.example/early")
    assert rules.forbids("http://site.example/late") is None
    assert MAX_BYTES >= 500 * 1024


def test_many_rules_and_many_stars_cost_little() -> None:
    """As many rules as fit, and a pattern of 30 stars against a long path."""
    rules = "user-agent: *\n" + "".join(f"disallow: /{n:06d}/*.php$\n" for n in range(10_000))
    started = time.process_time()
    robots = parse(rules.encode())
    for n in range(5):
        assert robots.forbids(f"http://site.example/{n + 10**6}/a.php") is None
    stars = parse(b"user-agent: *\ndisallow: /" + b"*a" * 30 + b"b$\n")
    assert stars.forbids("http://site.example/" + "a" * 20_000) is None
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("code", "may"), [(200, False), (404, True), (401, True), (403, True), (410, True), (500, False), (503, False)]
)
def test_a_status_has_a_meaning(code: int, may: bool) -> None:  # noqa: FBT001 - a column of the table
    """4xx: no rules. 5xx: everything is forbidden."""
    assert (from_status(code, b"user-agent: *\ndisallow: /").forbids("http://site.example/x") is None) is may


def local(timeout: float = 30, **fetching: Any) -> Options:
    """Options for servers on this machine, without pauses."""
    return Options(timeout=timeout, fetch=FetchOptions(**{"allow_private": True, "delay": 0, "tries": 1} | fetching))


def test_denied_pages_are_not_asked_for(site: Site) -> None:
    """robots.txt is asked for once per host; what it forbids gets no request, and its own error."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /private")
    urls = [site.page(path, HTML) for path in ("/a", "/private/a", "/b", "/private/b")]
    with Fetcher(local()) as fetcher:
        fates = [o.fetch["robots"] if isinstance(o, RawPage) else o.error for o in fetcher.fetch_many(urls)]  # type: ignore[index]
    assert fates == ["allowed", "RobotsDenied", "allowed", "RobotsDenied"]
    assert [path for path, _ in site.seen] == ["/robots.txt", "/a", "/b"]


def test_ignoring_is_explicit_and_recorded(site: Site) -> None:
    """Without `robots` its robots.txt is not even asked for, and the record says so."""
    site.page("/robots.txt", b"user-agent: *\ndisallow: /")
    with Fetcher(local(robots=False)) as fetcher:
        page = fetcher.fetch(site.page("/a", HTML))
    assert page.fetch is not None
    assert (page.fetch["robots"], page.fetch["relaxed"]) == ("not asked", ["allow_private", "ignore_robots"])
    assert site.asked("/robots.txt") == 0


def test_the_redirects_target_is_checked_with_its_own_robots(site: Site) -> None:
    """A page that may be fetched may lead to one that may not."""
    with serving() as other:
        other.page("/robots.txt", b"user-agent: *\ndisallow: /b")
        site.page("/a", b"", 302, Location=other.page("/b", HTML))
        with Fetcher(local()) as fetcher, pytest.raises(errors.RobotsDenied):
            fetcher.fetch(site.base + "/a")
        assert [path for path, _ in other.seen] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([(302, {"Location": "/r1"}), (302, {"Location": "/r2"}), (200, {})], "RobotsDenied"),
        ([(302, {"Location": f"/r{n}"}) for n in range(1, 6)] + [(200, {})], "RobotsDenied"),
        ([(302, {"Location": f"/r{n}"}) for n in range(1, 7)] + [(200, {})], None),
        ([(302, {"Location": "/robots.txt"})], None),
        ([(404, {})], None),
        ([(403, {})], None),
        ([(500, {})], "RobotsDenied"),
        ([(503, {})], "RobotsDenied"),
        ([(200, {"Content-Type": "image/png"})], "RobotsDenied"),
        ([(200, {"Content-Encoding": "br"})], "RobotsDenied"),
    ],
)
def test_what_an_answer_to_robots_means(site: Site, answers: list[Any], error: str | None) -> None:
    """Five redirects are followed, more are as if there were none; errors of the server forbid; any type is read."""
    for n, (code, headers) in enumerate(answers):
        site.page(f"/r{n}" if n else "/robots.txt", b"user-agent: *\ndisallow: /", code, **headers)
    with Fetcher(local()) as fetcher:
        (outcome,) = fetcher.fetch_many([site.page("/page", HTML)])
    assert getattr(outcome, "error", None) == error


def test_a_robots_txt_that_hangs_forbids_everything(site: Site) -> None:
    """No answer in time is no permission; the line says which file is to blame."""
    import threading

    stop = threading.Event()
    site.answers["/robots.txt"] = lambda _: stop.wait(10)  # type: ignore[assignment]
    with Fetcher(local(1)) as fetcher, pytest.raises(errors.RobotsDenied, match=r"/robots\.txt could not be had"):
        fetcher.fetch(site.page("/a", HTML))
    stop.set()


def test_robots_goes_through_the_guard() -> None:
    """A redirect of robots.txt to a private host connects to nothing there."""
    recorder = Recorder(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/robots.txt\r\nContent-Length: 0\r\n\r\n")
    names = Names({"public.example": [["93.184.216.34"]], "10.0.0.1": [["10.0.0.1"]]})
    options = Options(fetch=FetchOptions(delay=0))
    with Fetcher(options, World(resolve=names, sockets=recorder)) as fetcher, pytest.raises(errors.RobotsDenied):
        fetcher.fetch("http://public.example/")
    assert recorder.connects == [("93.184.216.34", 80)]


def test_a_host_that_is_down_fails_as_such() -> None:
    """No connection for robots.txt is no connection for the page, not a prohibition."""
    with serving() as gone:
        url = gone.base + "/a"
    with Fetcher(local()) as fetcher, pytest.raises(errors.ConnectionFailed):
        fetcher.fetch(url)


class Clock:
    """Unix time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        """Return it."""
        return self.now


def test_rules_are_kept_for_a_day_per_scheme_name_and_port() -> None:
    """Asked again after 24 hours; another port or scheme is another host."""
    clock = Clock()
    web = Web(lambda url, _: status(404) if url.endswith("robots.txt") else ok())

    async def main() -> None:
        crawler = Crawler(local(), World(transport=web, now=clock))
        for hours, url in [
            (0, "http://a.example/1"),
            (23, "http://a.example/2"),
            (2, "http://a.example/3"),
            (0, "http://a.example:8080/"),
            (0, "https://a.example/"),
        ]:
            clock.now += hours * 3600
            await crawler.page(url)
        await crawler.aclose()

    in_virtual_time(main())
    assert [url for _, url in web.asked if url.endswith("robots.txt")] == [
        "http://a.example/robots.txt",
        "http://a.example/robots.txt",
        "http://a.example:8080/robots.txt",
        "https://a.example/robots.txt",
    ]


def test_many_pages_of_a_host_wait_for_one_robots_txt() -> None:
    """Twenty at once ask for it once."""
    web = Web(lambda url, _: status(404) if url.endswith("robots.txt") else ok())

    async def main() -> None:
        import asyncio

        crawler = Crawler(local(), World(transport=web))
        await asyncio.gather(*(crawler.page(f"http://a.example/{n}") for n in range(20)))
        await crawler.aclose()

    in_virtual_time(main())
    assert sum(url.endswith("robots.txt") for _, url in web.asked) == 1


def test_crawl_delay_is_kept() -> None:
    """A longer pause than ours is obeyed; one that is too long leaves the host for this run."""

    def answer(url: str, _: int) -> httpx.Response:
        delay = 7 if "a.example" in url else 9999
        return ok(b"user-agent: *\ncrawl-delay: %d" % delay) if url.endswith("robots.txt") else ok()

    web = Web(answer, seconds=0)

    async def main() -> list[str]:
        import asyncio

        crawler = Crawler(local(delay=1), World(transport=web))
        await asyncio.gather(*(crawler.page(f"http://a.example/{n}") for n in range(3)))
        with pytest.raises(errors.HostParked, match="9,999 s between"):
            await crawler.page("http://b.example/")
        await crawler.aclose()
        return []

    in_virtual_time(main())
    times = web.times("a.example")
    assert [round(b - a) for a, b in itertools.pairwise(times)] == [7, 7]
    assert web.times("b.example") == []


def test_random_rules_never_crash() -> None:
    """Wild patterns, found with a fixed seed."""
    chance = random.Random(9309)  # noqa: S311 - wild, not secret
    for _ in range(300):
        lines = ["user-agent: *"]
        lines += ["".join(chance.choices("dalow:/*$?%2fé #", k=chance.randint(1, 20))) for _ in range(9)]
        parse("\n".join(lines).encode()).forbids("http://site.example/a%2fb?c=d")
