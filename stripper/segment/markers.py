"""Markers: what the class, id, role and the like of an element say about the text in it.

The table is ``stripper/data/markers.tsv``; its README says how a row is written. A marker is a hint and
never enough to remove a text: publishers name wrappers around whole articles ``sidebar``, ``banner`` or
``hero`` (design law: no removal on a single class or id match alone).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ATTRS = ("class", "data", "id", "itemprop", "itemtype", "rel", "role")
MATCHES = ("contains", "exact", "prefix")

# Their classes say what the site can do, not what a text is: `no-js`, `has-comments`.
_NO_TOKENS_OF = frozenset(("html", "body"))
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]+|[^\W\d_a-zA-Z]+")
_LOWER_PARTS = re.compile("[a-z]+|[0-9]+")  # the same of lower-case ASCII: what most names are
# "has-share-buttons" and "no-sidebar" tell of a thing that is elsewhere or nowhere.
_ABOUT_OTHERS = frozenset(
    (
        "has",
        "have",
        "no",
        "non",
        "not",
        "with",
        "without",
        "un",
        "hide",
        "hides",
        "show",
        "shows",
        "disable",
        "disabled",
    )
)
# WordPress writes a post's categories, tags and author into the class of its wrapper, in any words a site likes:
# "category-related-reading", "tag-comments", and for other taxonomies any word at all.
_ENTRY = frozenset(("post", "page", "hentry", "type-post", "type-page", "status-publish"))
_TAXONOMIES = frozenset(("author", "cat", "category", "format", "tag", "tags", "taxonomy", "term", "topic"))
_WORD_ATTRIBUTES = frozenset(("id", "role", "itemprop", "itemtype", "rel"))
_KEY = 3  # characters that index a prefix; none in the table is shorter
_MAX_TOKENS = 40  # of one attribute; utility-class soup beyond it says nothing
_MAX_TOKEN_CHARS = 64  # hashes and generated names


class Token(NamedTuple):
    """One value of one attribute, lower case."""

    attr: str  # one of ATTRS
    value: str


class Marker(NamedTuple):
    """A row of the marker table."""

    kind: Kind
    attr: str
    token: str
    match: str  # exact: the whole value | prefix: its beginning | contains: whole parts of it
    weight: float  # 0..1: share of the texts under it that have the kind, as counted on labelled pages


def tokens(tag: str, attributes: Mapping[str, str | None]) -> tuple[Token, ...]:
    """Return what is worth reading of an element's attributes, in their order and without repeats."""
    if tag in _NO_TOKENS_OF:
        return ()
    entry = tag == "article"
    found = [token for name, value in attributes.items() if value for token in _tokens_of(name, value, entry=entry)]
    return tuple(dict.fromkeys(found))


def _tokens_of(name: str, value: str, *, entry: bool) -> tuple[Token, ...]:
    if name == "class":
        return tuple(Token("class", word) for word in map(_telling, _class_words(value, entry=entry)) if word)
    if name in _WORD_ATTRIBUTES:
        words = value.split(None, _MAX_TOKENS)[:_MAX_TOKENS]
        if name == "itemtype":
            words = [word.rpartition("/")[2] for word in words]
        return tuple(Token(name, word) for word in map(_telling, words) if word)
    if name == "aria-modal":
        return (Token("role", "dialog"),) if value == "true" else ()
    if name.startswith("data-"):
        named = Token("data", name)
        return (named, Token("data", f"{name}={value.lower()}")) if len(value) <= _MAX_TOKEN_CHARS else (named,)
    return ()


def _class_words(value: str, *, entry: bool) -> list[str]:
    words = value.split(None, _MAX_TOKENS)[:_MAX_TOKENS]
    if not _ENTRY.isdisjoint(words):
        return [word for word in words if word in _ENTRY or "-" not in word]
    if entry:
        return [word for word in words if word.partition("-")[0].lower() not in _TAXONOMIES or "-" not in word]
    return words


def _telling(word: str) -> str:
    """Return the part of a class word that may name a thing, else an empty string; case is kept for `parts`."""
    if len(word) > _MAX_TOKEN_CHARS:
        return ""
    if ":" in word:
        word = word.rpartition(":")[2]  # "print:hidden" is about hiding, not about printing
    head = word.partition("-")[0].lower()
    return "" if head in _ABOUT_OTHERS else word


def parts(value: str) -> tuple[str, ...]:
    """Return the lower-case words in a class or id, split at marks, digits and capitals.

    >>> parts("td-post-sharing_classic"), parts("commentForm2")
    (('td', 'post', 'sharing', 'classic'), ('comment', 'form', '2'))
    """
    if value.isascii() and value.islower():
        return tuple(_LOWER_PARTS.findall(value))
    return tuple([part.lower() for part in _PARTS.findall(value)])


class MarkerTable:
    """Markers indexed for lookup; immutable once built but for a bounded memo of values seen."""

    __slots__ = (
        "_beginnings", "_contains", "_exact", "_first_words", "_names", "_prefix", "_value", "_values", "find",
    )  # fmt: skip

    def __init__(self, markers: Iterable[Marker]) -> None:
        """Index `markers`."""
        self._exact: dict[tuple[str, str], Marker] = {}
        self._prefix: dict[tuple[str, str], list[Marker]] = {}
        self._contains: dict[str, dict[str, list[tuple[tuple[str, ...], Marker]]]] = {}  # attribute -> first word
        names = {"class", "aria-modal", *_WORD_ATTRIBUTES}
        for marker in markers:
            if marker.match == "exact":
                self._exact[marker.attr, marker.token] = marker
            elif marker.match == "prefix":
                self._prefix.setdefault((marker.attr, marker.token[:_KEY]), []).append(marker)
            else:
                words = parts(marker.token)
                self._contains.setdefault(marker.attr, {}).setdefault(words[0], []).append((words, marker))
            if marker.attr == "data":
                names.add(marker.token.partition("=")[0])
        self._names = frozenset(names)
        self._values = frozenset([value for _, value in self._exact])
        self._beginnings = frozenset([value for _, value in self._prefix])
        self._first_words = frozenset().union(*self._contains.values())
        # Whole values come again on every page of a site, words on every page of a theme.
        self._value = lru_cache(maxsize=8192)(self._read)
        self.find = lru_cache(maxsize=16384)(self._find)

    def of(self, tag: str, attributes: Mapping[str, str | None]) -> tuple[Marker, ...]:
        """Return the markers of an element, the surest first."""
        if tag in _NO_TOKENS_OF:
            return ()
        names = self._names
        found: tuple[Marker, ...] = ()
        for name, value in attributes.items():
            if value and name in names:
                hits = self._value(name, value, tag == "article")
                found = found + hits if found else hits
        return _ranked(found) if len(found) > 1 else found

    def cues(self, found: Iterable[Token]) -> tuple[Marker, ...]:
        """Return the markers among tokens, the surest first; at most one a token."""
        hits = [hit for token in found if (hit := self.find(token)) is not None]
        return _ranked(hits) if len(hits) > 1 else tuple(hits)

    def _read(self, name: str, value: str, entry: bool) -> tuple[Marker, ...]:  # noqa: FBT001 - a positional argument makes the memo's key cheap
        return self.cues(_tokens_of(name, value, entry=entry))

    def first(self, attrs: tuple[str, ...], value: str, words: tuple[str, ...]) -> Marker | None:
        """Return the marker of a value as the first of `attrs` for which it has one; `words` are its `parts`."""
        folded = value.lower()
        # Of most names no attribute's rows say anything: told at once for all of them.
        if self._first_words.isdisjoint(words) and folded not in self._values and folded[:_KEY] not in self._beginnings:
            return None
        for attr in attrs:
            marker = self._look(attr, folded, words)
            if marker is not None:
                return marker
        return None

    def _find(self, token: tuple[str, str]) -> Marker | None:
        attr, value = token
        return self._look(attr, value.lower(), parts(value))

    def _look(self, attr: str, folded: str, words: tuple[str, ...]) -> Marker | None:
        exact = self._exact.get((attr, folded))
        if exact is not None:
            return exact
        begins = self._prefix.get((attr, folded[:_KEY]))
        if begins:
            begins = [marker for marker in begins if folded.startswith(marker.token)]
            if begins:
                return max(begins, key=lambda marker: (len(marker.token), marker))
        contains = self._contains.get(attr)
        if contains is None or contains.keys().isdisjoint(words):
            return None
        inside = [
            marker
            for at, word in enumerate(words)
            for phrase, marker in contains.get(word, ())
            if words[at : at + len(phrase)] == phrase
        ]
        return max(inside, key=lambda marker: (len(marker.token), marker)) if inside else None


def _ranked(markers: Iterable[Marker]) -> tuple[Marker, ...]:
    return tuple(sorted(dict.fromkeys(markers), key=lambda marker: (-marker.weight, marker)))


def read_markers() -> list[Marker]:
    """Return every row of the marker table."""
    table = resources.files("stripper.data").joinpath("markers.tsv").read_text("utf-8")
    rows = []
    for line in table.splitlines()[1:]:
        kind, attr, token, match, weight = line.split("\t")
        rows.append(Marker(Kind(kind), attr, token, match, float(weight)))
    return rows


@cache
def load_markers() -> MarkerTable:
    """Return the table of the shipped markers, read once."""
    return MarkerTable(read_markers())
