"""A page's whole way through the code, top to bottom; one page or many.

::

    str, bytes, file, URL -> RawPage -> Decoded -> Page -> Segmentation -> Stripped
"""

from __future__ import annotations

import gc
import hashlib
import os
import re
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.datatypes import Decoded, Failure, Metadata, Mode, Origin, RawPage, Source
from stripper.errors import EmptyInput, FetchError, InputError, InternalError, TooLarge, UnreadableInput, UsageError
from stripper.fetch import fetch, fetch_among, open_fetcher
from stripper.fetch.decode import BodyDecoder, CodingError, OverLimit
from stripper.options import Options
from stripper.parse import decode, extract_metadata, guess_mode, parse_html, parse_text, read_embedded
from stripper.segment import add_passage, model_id, segment, trust_needed
from stripper.workers import in_processes
from stripper.write import Stripped, clean_text, is_url, without_attributes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from typing import BinaryIO

    from stripper.fetch.fetcher import Fetcher

    _Source = str | os.PathLike[str] | RawPage

DEFAULTS = Options()

_CHUNK = 1 << 20  # bytes read at a time
_GZIP_MAGIC = b"\x1f\x8b"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
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
    return _strip(raw, decode(raw, options.max_bytes), options, _mode(as_))


def _strip_str(text: str, url: str | None, options: Options, mode: Mode) -> Stripped:
    # Two halves of a UTF-16 pair are one character: readers of JSON join them, and offsets would be off by one.
    text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    raw = RawPage(url or "-", text.encode("utf-8", "surrogatepass"), url=url)
    if len(raw.data) > options.max_bytes:
        raise TooLarge(raw.id, f"{len(raw.data):,} bytes are over the limit of {options.max_bytes:,}; raise max_bytes")
    return _strip(raw, Decoded(text, "utf-8", "str", 0), options, mode)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector out: a page makes thousands of values and no cycle.

    Its runs took a third of a page's time. With threads it may come back a little early: nothing depends on it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_paused()
def _strip(raw: RawPage, decoded: Decoded, options: Options, mode: Mode | None) -> Stripped:
    if not decoded.text.strip("\0").strip():
        raise EmptyInput(raw.id, "is empty: nothing to strip")
    mode = mode or guess_mode(decoded.text, raw.media_type)
    page = parse_html(decoded.text, url=raw.url) if mode is Mode.HTML else parse_text(decoded.text)
    segmentation = segment(page, options)
    trust = trust_needed(page, segmentation, options)
    page, segmentation = add_passage(page, segmentation, read_embedded(decoded.text, trust), options)
    metadata = Metadata(language=page.language)
    if options.metadata and mode is Mode.HTML:
        metadata = extract_metadata(decoded.text, raw.url, page.language)
    text = clean_text(page, segmentation.kept)
    light = without_attributes(page)
    return Stripped(text, _source(raw, decoded), light, segmentation, metadata, options, model_id(mode, options))


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


# Files


def read_file(path: str | os.PathLike[str], options: Options = DEFAULTS) -> RawPage:
    """Read a file, gzipped or not, up to `options.max_bytes` of content. Raises UnreadableInput, TooLarge."""
    if not isinstance(path, str | os.PathLike):
        raise UnreadableInput(repr(path), "is no path")
    name = os.fsdecode(path)
    try:
        with Path(name).open("rb") as stream:
            return read_stream(stream, name, options)
    except FileNotFoundError:
        hint = "" if Path(name).is_symlink() or "://" not in name else "; only http:// and https:// are fetched"
        raise UnreadableInput(name, f"no such file{hint}") from None
    except IsADirectoryError:
        raise UnreadableInput(name, "is a folder; name the files in it") from None
    except OSError as error:
        raise UnreadableInput(name, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a NUL in the name
        raise UnreadableInput(name, f"is no file name: {error}") from None


def read_stream(stream: BinaryIO, name: str, options: Options = DEFAULTS) -> RawPage:
    """Read an open file as `read_file` does; `name` is the page's id, its suffix tells the media type."""
    # One byte over the limit is enough to know: neither an endless pipe nor a bomb fills the memory.
    data = _first(iter(lambda: stream.read(_CHUNK), b""), options.max_bytes + 1)
    suffixes = [suffix.lower() for suffix in Path(name).suffixes[-2:]]
    if len(data) > options.max_bytes:
        raise TooLarge(name, f"is over the limit of {options.max_bytes:,} bytes; raise max_bytes")
    if data.startswith(_GZIP_MAGIC):
        data = _gunzip(data, name, options.max_bytes)
        suffixes = suffixes[:-1] if suffixes[-1:] == [".gz"] else suffixes
    return RawPage(name, data, media_type=_MEDIA_TYPES.get(suffixes[-1]) if suffixes else None)


def _first(chunks: Iterator[bytes], limit: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) >= limit:
            break
    return bytes(data)


def _gunzip(data: bytes, name: str, limit: int) -> bytes:
    decoder = BodyDecoder("gzip", limit)
    try:
        pieces = list(decoder.feed(data))
        decoder.close()
    except OverLimit:
        raise TooLarge(name, f"unpacks to more than the limit of {limit:,} bytes; raise max_bytes") from None
    except CodingError as error:
        raise UnreadableInput(name, f"is damaged: {error}") from None
    return b"".join(pieces)


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
            yield from (attempt(source, options, mode) for source in ready)
            return
        work = partial(attempt, options=options, mode=mode)
        for source, outcome in in_processes(ready, work, jobs):
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
    except Exception as error:  # noqa: BLE001  law 7: no page may stop the others
        return failure(source, error)


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
