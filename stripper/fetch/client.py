"""One page over HTTP: a deadline for all of it, a bound on its bytes, few redirects, one clear error."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import anyio
import anyio.from_thread
import httpx

from stripper.datatypes import RawPage
from stripper.errors import (
    BadResponse,
    ConnectionFailed,
    FetchTimeout,
    HTTPStatusError,
    InvalidURL,
    RedirectFailed,
    ResponseTooLarge,
    SkippedType,
    TLSFailed,
)
from stripper.fetch.decode import ACCEPT_ENCODING, BodyDecoder, CodingError, OverLimit

if TYPE_CHECKING:
    from stripper.options import Options

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
READ_SECONDS = 10.0
READABLE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})


def fetch_page(url: str, options: Options) -> RawPage:
    """Return the page at `url`; every failure is a `FetchError`."""
    with anyio.from_thread.start_blocking_portal() as portal:  # works too where an event loop already runs
        return portal.call(_fetch_in_time, url, options)


async def _fetch_in_time(url: str, options: Options) -> RawPage:
    # httpx's timeouts are per read: a byte now and then passes them for ever.
    try:
        with anyio.fail_after(options.timeout):
            return await _fetch(url, options)
    except TimeoutError:
        raise FetchTimeout(url, f"no complete answer within {options.timeout:g} s") from None
    except httpx.InvalidURL as error:  # httpx looks at a Location before we see the answer
        raise RedirectFailed(url, f"redirects to what is no URL ({error})") from None
    except httpx.HTTPError as error:
        raise _translated(url, error) from error


async def _fetch(url: str, options: Options) -> RawPage:
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    headers = {"User-Agent": _user_agent(), "Accept-Encoding": ACCEPT_ENCODING, "Accept": "text/html, text/*;q=0.8"}
    nobody = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # a page's cookies are not kept, nor sent on
    async with httpx.AsyncClient(timeout=timeout, headers=headers, cookies=nobody, trust_env=False) as client:
        target = _parsed(url)
        chain = [str(target)]
        while True:
            async with client.stream("GET", target) as response:
                if not response.has_redirect_location:
                    data = await _body(url, response, options.max_fetch_bytes)
                    break
                target = _next(url, response, chain)
            chain.append(str(target))
    media_type, charset = content_type(response.headers.get("content-type", ""))
    fetched = {"status": response.status_code, "redirects": chain[:-1]}
    return RawPage(url, data, url=chain[-1], media_type=media_type, charset=charset, fetch=fetched)


def _parsed(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InvalidURL(url, f"no valid URL ({error})") from None
    if target.scheme not in {"http", "https"} or not target.host:
        raise InvalidURL(url, "no http(s) URL with a host")
    return target


def _next(source: str, response: httpx.Response, chain: list[str]) -> httpx.URL:
    location = response.headers["location"]
    try:
        target = response.request.url.join(location.partition("#")[0])
    except httpx.InvalidURL:
        raise RedirectFailed(source, f"redirects to {location!r}, which is no URL") from None
    if target.scheme not in {"http", "https"} or not target.host:
        raise RedirectFailed(source, f"redirects to {location[:200]!r}, which is no http(s) URL")
    if str(target) in chain:
        raise RedirectFailed(source, f"redirects in a loop, back to {target}")
    if len(chain) > MAX_REDIRECTS:
        raise RedirectFailed(source, f"more than {MAX_REDIRECTS} redirects")
    return target


async def _body(source: str, response: httpx.Response, limit: int) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise HTTPStatusError(source, f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
    media_type, _ = content_type(response.headers.get("content-type", ""))
    if media_type and not (media_type in READABLE_TYPES or media_type == "text/plain"):
        raise SkippedType(source, f"is {media_type}, only HTML and text are read")
    pieces: list[bytes] = []
    try:
        decoder = BodyDecoder(response.headers.get("content-encoding", ""), limit)
        async for data in response.aiter_raw():
            pieces.extend(decoder.feed(data))
        decoder.close()
    except OverLimit:
        raise ResponseTooLarge(source, f"is larger than {limit} bytes (max_fetch_bytes)") from None
    except CodingError as error:
        raise BadResponse(source, str(error)) from None
    return b"".join(pieces)


def content_type(header: str) -> tuple[str | None, str | None]:
    """Return media type and charset of a ``Content-Type`` header, lower case, None where absent."""
    media_type, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip().strip("\"'").lower() or None
    return media_type.strip().lower() or None, charset


def _translated(source: str, error: httpx.HTTPError) -> Exception:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return TLSFailed(source, f"no trusted TLS connection ({cause.reason or cause})")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return FetchTimeout(source, "the server is too slow")
    if isinstance(error, httpx.ConnectError):
        return ConnectionFailed(source, f"no connection to the server ({error})")
    return BadResponse(source, f"the answer broke off or is no HTTP ({error or type(error).__name__})")


def _user_agent() -> str:
    try:
        return f"boilerplate-stripper/{version('boilerplate-stripper')}"
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "boilerplate-stripper"
