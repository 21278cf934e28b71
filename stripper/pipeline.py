"""A page's whole way through the code, top to bottom; one page or many.

::

    str, bytes, file, URL -> RawPage -> Decoded -> Page -> Segmentation -> Stripped
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from stripper.collector import collector_paused
from stripper.datatypes import Decoded, Failure, Metadata, Mode, Origin, RawPage, Source
from stripper.errors import EmptyInput, FetchError, InputError, InternalError, OutOfMemory, TooLarge, UsageError
from stripper.fetch import fetch, fetch_among, open_fetcher
from stripper.options import Options
from stripper.parse import decode, extract_metadata, guess_mode, parse_html, parse_text, read_embedded
from stripper.reading import read_file
from stripper.segment import add_passage, load_profile, model_id, segment, trust_needed
from stripper.sites import site_of
from stripper.workers import Plan, in_processes
from stripper.write import Stripped, clean_text, is_url, without_attributes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from stripper.datatypes import Page
    from stripper.fetch.fetcher import Fetcher
    from stripper.sites import SiteProfile

    _Source = str | os.PathLike[str] | RawPage

DEFAULTS = Options()

_FEW_WORDS = 25  # fewer than any article has, more than "please enable JavaScript"
_UNSURE = 0.2  # confidence
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


# One page


def strip_html(html: bytes | str, url: str | None = None, *, options: Options = DEFAULTS) -> Stripped:
    """Strip an HTML page. `url` is where it came from: kept in the record, never fetched.

    Raises EmptyInput, TooLarge, UnsupportedInput.
    """
    if isinstance(html, str):
        return _strip_str(html, url, options, Mode.HTML)
    return strip_raw(RawPage(url or "-", html, url=url), options=options, as_=Mode.HTML)


def strip_text(text: bytes | str, *, options: Options = DEFAULTS) -> Stripped:
    """Strip plain text that someone scraped sloppily. Raises EmptyInput, TooLarge, UnsupportedInput."""
    if isinstance(text, str):
        return _strip_str(text, None, options, Mode.TEXT)
    return strip_raw(RawPage("-", text), options=options, as_=Mode.TEXT)


def strip_file(path: str | os.PathLike[str], *, options: Options = DEFAULTS, as_: Mode | str | None = None) -> Stripped:
    """Strip a file, gzipped or not; HTML and text are told apart by content, or by `as_`.

    Raises UnreadableInput, EmptyInput, TooLarge, UnsupportedInput.
    """
    return strip_raw(read_file(path, options), options=options, as_=as_)


def strip_url(url: str, *, options: Options = DEFAULTS, as_: Mode | str | None = None) -> Stripped:
    """Fetch a page and strip it. Raises a FetchError that says what went wrong, and what `strip_raw` raises."""
    return strip_raw(fetch(url, options, partial(_is_empty, options=options)), options=options, as_=as_)


def strip_raw(raw: RawPage, *, options: Options = DEFAULTS, as_: Mode | str | None = None) -> Stripped:
    """Strip bytes with their source. Raises EmptyInput, TooLarge, UnsupportedInput."""
    return strip_decoded(raw, decode(raw, options.max_bytes), options, _mode(as_))


def _strip_str(text: str, url: str | None, options: Options, mode: Mode) -> Stripped:
    # Two halves of a UTF-16 pair are one character: readers of JSON join them, and offsets would be off by one.
    text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    raw = RawPage(url or "-", text.encode("utf-8", "surrogatepass"), url=url)
    if len(raw.data) > options.max_bytes:
        raise TooLarge(raw.id, f"{len(raw.data):,} bytes are over the limit of {options.max_bytes:,}; raise max_bytes")
    return strip_decoded(raw, Decoded(text, "utf-8", "str", 0), options, mode)


def parse_decoded(raw: RawPage, decoded: Decoded, mode: Mode | None) -> Page:
    """Parse a page whose characters are known: the first half of `strip_decoded`. Raises EmptyInput."""
    if not decoded.text.strip("\0").strip():
        raise EmptyInput(raw.id, "is empty: nothing to strip")
    mode = mode or guess_mode(decoded.text, raw.media_type)
    if mode is not Mode.HTML:
        return parse_text(decoded.text)
    # The parser reads UTF-8: what came as that need not be written again.
    as_given = decoded.encoding == "utf-8" and not decoded.replaced and decoded.encoding_from not in ("bom", "str")
    return parse_html(raw.data if as_given else decoded.text, url=raw.url)


@collector_paused()
def strip_decoded(
    raw: RawPage, decoded: Decoded, options: Options, mode: Mode | None, profile: SiteProfile | None = None
) -> Stripped:
    """Strip a page whose characters are known; `mode` None = by content.

    `profile` tells what repeats on its site; without one it is looked for in `options.profiles`. Raises EmptyInput.
    """
    page = parse_decoded(raw, decoded, mode)
    if profile is None and options.profiles is not None:
        profile = load_profile(options.profiles, site_of(raw.url, raw.data))
    segmentation = segment(page, options, profile)
    trust = trust_needed(page, segmentation, options)
    page, segmentation = add_passage(page, segmentation, read_embedded(decoded.text, trust), options)
    metadata = Metadata(language=page.language)
    if options.metadata and page.mode is Mode.HTML:
        metadata = extract_metadata(decoded.text, raw.url, page.language)
    text = clean_text(page, segmentation.kept)
    light = without_attributes(page)
    return Stripped(text, _source(raw, decoded), light, segmentation, metadata, options, model_id(page.mode, options))


def _source(raw: RawPage, decoded: Decoded) -> Source:
    return Source(
        id=raw.id,
        url=raw.url,
        sha256=hashlib.sha256(raw.data).hexdigest(),
        bytes=len(raw.data),
        media_type=raw.media_type,
        encoding=decoded.encoding,
        encoding_from=decoded.encoding_from,
        replaced_characters=decoded.replaced,
        fetched=raw.fetch,
        warc=raw.warc,
    )


def _mode(given: Mode | str | None) -> Mode | None:
    try:
        return None if given is None else Mode(given)
    except ValueError:
        raise UsageError(f"as_: {given!r} is none of {', '.join(Mode)}") from None


# Many pages


def strip_many(
    sources: Iterable[_Source],
    *,
    options: Options = DEFAULTS,
    jobs: int = 1,
    as_: Mode | str | None = None,
) -> Iterator[Stripped | Failure]:
    """Strip URLs, paths and raw pages: yield one outcome for each, in order; a bad one never stops the others.

    Sources are taken as they are needed. URLs that follow one another are fetched together, each host in its
    turn; URLs of many hosts, mixed, come fastest. With `jobs` > 1 that many processes work, and one that is killed
    costs its page only. They start as Python's "forkserver" (elsewhere "spawn") does, so a script keeps its
    own work under ``if __name__ == "__main__":``. Raises UsageError, and StripperError where no worker starts.
    """
    mode = _mode(as_)
    if jobs < 1:
        raise UsageError(f"jobs: must be at least 1, not {jobs}")
    return _strip_all(sources, options, jobs, mode)


def _strip_all(
    sources: Iterable[_Source], options: Options, jobs: int, mode: Mode | None
) -> Iterator[Stripped | Failure]:
    with closing(fetched(sources, options)) as ready:
        if jobs == 1:
            yield from (_attempt_here(source, options, mode) for source in ready)
            return
        work = partial(attempt, options=options, mode=mode)
        for source, outcome in in_processes(ready, work, jobs, Plan(options.work)):
            yield failure(source, outcome) if isinstance(outcome, Exception) else outcome


def fetched(
    sources: Iterable[_Source | Failure], options: Options, fetcher: Fetcher | None = None
) -> Generator[_Source | Failure, None, None]:
    """Yield `sources` in order, each URL replaced by its page or by the failure to get it; the rest as it is.

    Without a `fetcher` one is started at the first URL. Raises UsageError if `options` can't be met.
    """
    return fetch_among(sources, lambda s: isinstance(s, str) and is_url(s), fetcher or partial(open_for, options))


def open_for(options: Options) -> Fetcher:
    """Return a fetcher that sees for itself which pages are empty without their scripts. Raises UsageError."""
    return open_fetcher(options, partial(_is_empty, options=options))


def _is_empty(raw: RawPage, options: Options) -> bool:
    """Tell whether a page shows next to nothing until its scripts have run; text in its data is not shown."""
    if b"<script" not in raw.data.lower():
        return False
    try:
        page = strip_raw(raw, options=replace(options, metadata=False))
    except InputError as error:
        return isinstance(error, EmptyInput)
    shown = [verdict.block.text.split() for verdict in page.kept if verdict.block.origin is not Origin.DATA]
    return page.confidence < _UNSURE or sum(map(len, shown)) < _FEW_WORDS


def attempt(source: _Source | Failure, options: Options, mode: Mode | None = None) -> Stripped | Failure:
    """Strip one source: a URL, a path or a raw page. Every error becomes a `Failure`, and one stays what it is."""
    try:
        if isinstance(source, Failure):
            return source
        if isinstance(source, RawPage):
            return strip_raw(source, options=options, as_=mode)
        if isinstance(source, str) and is_url(source):
            return strip_url(source, options=options, as_=mode)
        return strip_file(source, options=options, as_=mode)
    except MemoryError:  # a worker ends with it, and its page is tried again alone
        raise
    except Exception as error:  # noqa: BLE001  law 7: no page may stop the others
        return failure(source, error)


def _attempt_here(source: _Source | Failure, options: Options, mode: Mode | None) -> Stripped | Failure:
    try:
        return attempt(source, options, mode)
    except MemoryError:
        return failure(source, OutOfMemory("-", "needs more memory than there is"))


def failure(source: _Source | Failure, error: Exception) -> Failure:
    """Return the outcome of a source that raised `error`."""
    name = _name(source)
    if not isinstance(error, InputError):
        error = InternalError(name, f"{type(error).__name__}: {error}; this is a bug in stripper, please report it")
    url = source.url if isinstance(source, RawPage) else None
    told = error.fetched if isinstance(error, FetchError) else None
    return Failure(name, type(error).__name__, error.problem, name if is_url(name) else url, told)


def _name(source: object) -> str:
    if isinstance(source, RawPage | Failure):
        return source.id
    return os.fsdecode(source) if isinstance(source, str | os.PathLike) else repr(source)
