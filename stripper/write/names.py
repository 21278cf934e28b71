"""What inputs are called, and what the files of their outputs are called.

An output's name stays inside its folder whatever the input's name is, and no two inputs share one.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SLUG_BYTES = 80  # with hash and suffix far below the 255 bytes that file systems allow
_READ = re.compile(r"(?<=.)(?:\.(?:html?|xhtml|txt|text|md))?(?:\.gz)?\Z", re.IGNORECASE | re.DOTALL)
_UNSAFE = re.compile(r"[^\w.+,=@()\[\] -]")
# Names that Windows keeps for devices, with any suffix.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


class Name(NamedTuple):
    """A file name without suffix."""

    text: str
    exact: bool  # it says all that the input's name says


def is_url(source: str) -> bool:
    """Tell whether `source` is meant as a web address: it begins with ``http://`` or ``https://``."""
    return source[:8].lower().startswith(("http://", "https://"))


def assign_names(sources: Iterable[str], owner: Callable[[str], str | None]) -> dict[str, str]:
    """Return a file name without suffix for each of `sources` (paths, URLs or "-"), no two alike.

    A file's name is its own base name; a URL's is 16 hex digits of its SHA-256 and words of it. Where the
    name is taken, or had to be changed to be safe, a hash is added. `owner(name)` tells which source an
    output that is there already belongs to: None where there is none, "" where nobody knows. Names that
    differ only in case or in Unicode form count as alike, since file systems hold them so.
    """
    given: dict[str, str] = {}  # folded name -> source
    names: dict[str, str] = {}

    def free(name: str, source: str) -> bool:
        return given.get(_folded(name), source) == source and (owner(name) in (None, source))

    for source in sources:
        if source in names:
            continue
        name, exact = safe_name(source)
        if not exact or not free(name, source):
            name = f"{name}-{_hash(source)[:16]}"  # 64 bits of the source itself: its own, whoever wrote there before
        given[_folded(name)] = source
        names[source] = name
    return names


def safe_name(source: str) -> Name:
    """Return a name for the outputs of `source`: a file's base name, words of a URL, "stdin" for "-"."""
    if source == "-":
        return Name("stdin", exact=True)
    if is_url(source):
        slug = _cut(re.sub(r"[^a-z0-9]+", "-", _words(source).lower()).strip("-"))
        return Name(f"{_hash(source)[:16]}-{slug}" if slug else _hash(source)[:16], exact=True)
    stem = _READ.sub("", re.split(r"[/\\]", source.rstrip("/\\"))[-1], count=1)
    safe = _cut(_UNSAFE.sub("_", stem).lstrip(". -"))
    if not safe or _DEVICE.fullmatch(safe):
        safe = f"page_{safe}" if safe else "page"
    return Name(safe, exact=safe == stem)


def _words(url: str) -> str:
    try:
        parts = urlsplit(url)
        return unquote(f"{parts.hostname or ''}{parts.path}")
    except ValueError:  # e.g. "http://[": still an input, which fails later with a clear error
        return ""


def _cut(name: str) -> str:
    return name.encode("utf-8", "replace")[:_SLUG_BYTES].decode("utf-8", "ignore").rstrip(". -")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _hash(source: str) -> str:
    return sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
