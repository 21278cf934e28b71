"""Every option with its default, in one frozen value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from stripper.datatypes import JUNK_KINDS, KEPT_KINDS, Kind
from stripper.errors import UsageError

_PROXY = re.compile(r"https?://(?:[^/@\s]*@)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?/?")
RENDER = ("never", "auto", "always")


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How pages are fetched. The defaults are those of a polite crawler that trusts nobody."""

    contact: str | None = None  # a URL or mail address in the User-Agent: whom a site's owner can write to
    headers: tuple[tuple[str, str], ...] = ()  # sent to the origin of the URL asked for, never to another
    allow_private: bool = False  # reach addresses that are not public: an intranet, a test server
    robots: bool = True  # obey robots.txt
    insecure: bool = False  # accept any TLS certificate
    ca_file: str | None = None  # PEM file of certificate authorities to trust besides the public ones
    proxy: str | None = None  # http(s)://[user:password@]host:port; the environment's proxies are never used
    delay: float = 1.0  # seconds between two requests to one host; a longer Crawl-delay of its robots.txt wins
    concurrency: int = 64  # hosts that are asked at once
    connect_timeout: float = 10.0  # seconds
    read_timeout: float = 10.0  # seconds of silence
    min_speed: int = 100  # bytes per second of a body, over 10 seconds
    tries: int = 3  # of one request that fails for a reason that may pass
    longest_wait: float = 120.0  # seconds; a host that asks for more (Retry-After, Crawl-delay) is left for this run
    cache: str | None = None  # folder of the HTTP cache
    cache_bytes: int = 1_000_000_000  # about how large the cache may grow
    offline: bool = False  # answer from the cache alone
    warc: str | None = None  # file to be made, with all that was fetched
    render: str = "never"  # run the page's scripts in a browser: "never" | "auto" (when it's empty without) | "always"
    browser: str | None = None  # the browser's program; None = the installed chromium

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("concurrency", "connect_timeout", "read_timeout", "tries", "longest_wait", "cache_bytes"):
            _above_zero(name, getattr(self, name))
        for name in ("delay", "min_speed"):
            if not getattr(self, name) >= 0:
                raise UsageError(f"{name}: must be 0 or more, not {getattr(self, name)!r}")
        for name, value in (*self.headers, ("contact", self.contact or "")):
            _check_header(name, value)
        self._check_words()

    def _check_words(self) -> None:
        if self.render not in RENDER:
            raise UsageError(f"render: {self.render!r} is none of {', '.join(RENDER)}")
        for name in ("contact", "cache", "warc", "ca_file", "browser"):
            if getattr(self, name) == "":
                raise UsageError(f"{name}: names nothing")
        if self.offline and self.cache is None:
            raise UsageError("offline: needs a cache to answer from")
        if self.proxy is not None and not _PROXY.fullmatch(self.proxy):
            # Not repeated here: it may hold a password.
            raise UsageError("proxy: must be http(s)://[user:password@]host:port")


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """What one page may cost where worker processes do the work (`jobs` > 1, batch): a page over it fails alone."""

    page_seconds: float = 10.0  # of CPU; a page that takes more ends its worker
    page_memory: int = 1 << 30  # bytes by which a worker may grow for one page
    recycle: int = 2_000  # pages after which a worker is replaced by a fresh one

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("page_seconds", "page_memory", "recycle"):
            _above_zero(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class Options:
    """How pages are stripped. Same bytes + version + options give the same output."""

    keep: frozenset[Kind] = frozenset()  # junk kinds that stay
    drop: frozenset[Kind] = frozenset()  # kinds out of content and title that go
    favor: str = "balanced"  # "precision" | "balanced" | "recall"
    model: str | None = None  # path of a model of your own (`stripper train`); None = the shipped one
    metadata: bool = False  # title, author, date, site by trafilatura; the command line turns it on
    markdown_links: bool = True  # [text](href) in Markdown, else the text alone
    max_bytes: int = 100_000_000  # of one input, decoded; larger ones raise TooLarge
    timeout: float = 30.0  # seconds in all for one fetch
    max_fetch_bytes: int = 20_000_000  # of one response body, on the wire and decoded
    profiles: str | None = None  # folder of site profiles (`stripper batch --profiles`): what repeats on a site
    fetch: FetchOptions = field(default_factory=FetchOptions)
    work: WorkOptions = field(default_factory=WorkOptions)

    def __post_init__(self) -> None:
        """Check the values and accept plain strings for kinds."""
        object.__setattr__(self, "keep", _kinds("keep", self.keep, JUNK_KINDS))
        object.__setattr__(self, "drop", _kinds("drop", self.drop, KEPT_KINDS))
        if self.favor not in FAVORS:
            raise UsageError(f"favor: {self.favor!r} is none of {', '.join(FAVORS)}")
        for name in ("max_bytes", "timeout", "max_fetch_bytes"):
            _above_zero(name, getattr(self, name))

    def changed(self) -> dict[str, Any]:
        """Return only what differs from the defaults, JSON-ready, sorted by name.

        `fetch` and `work` are left out: they don't change what bytes give. How bytes were fetched the record tells in
        `source.fetched`; a proxy's password or a header does not belong there.
        """
        out = {}
        for f in sorted((f for f in fields(self) if f.name not in _NOT_OF_THE_RESULT), key=lambda f: f.name):
            value = getattr(self, f.name)
            if value != f.default:
                out[f.name] = sorted(value) if isinstance(value, frozenset) else value
        return out


# Set by the fetcher itself, or about the connection, not the page.
_OWN_HEADERS = frozenset(
    {
        "user-agent",
        "host",
        "accept-encoding",
        "connection",
        "content-length",
        "transfer-encoding",
        "proxy-authorization",
    }
)

_NOT_OF_THE_RESULT = frozenset({"fetch", "work"})
FAVORS = ("precision", "balanced", "recall")


def _kinds(option: str, given: object, allowed: frozenset[Kind]) -> frozenset[Kind]:
    if isinstance(given, str):
        given = [given]
    try:
        kinds = frozenset(Kind(k) for k in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise UsageError(f"{option}: {given!r} is no set of kinds; known kinds: {', '.join(Kind)}") from None
    if wrong := sorted(kinds - allowed):
        raise UsageError(f"{option}: {', '.join(wrong)} cannot be named here; allowed: {', '.join(sorted(allowed))}")
    return kinds


def _above_zero(name: str, value: float) -> None:
    if not value > 0:
        raise UsageError(f"{name}: must be above 0, not {value!r}")


def _check_header(name: str, value: str) -> None:
    if name.lower() in _OWN_HEADERS:
        raise UsageError(f"headers: {name} is set by the fetcher")
    if not (name and name.isascii() and name.replace("-", "").isalnum()) or not (
        value.isascii() and value.isprintable()
    ):
        raise UsageError(f"headers: {name!r}: {value!r} is no header of printable ASCII characters")
