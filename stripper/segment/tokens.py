"""Strings to ids of hashed tokens: words of blocks, class names, paths of links, facts of the page.

A token's id is CRC-32 modulo the table's size: the same on every machine and in every run (Python's own
`hash` is salted). Digits are folded to "0" or dropped, so that `post-4711` and "12 Comments" are seen again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from stripper.segment.markers import load_markers, parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUCKETS = 8192  # of the words' table and of the markup's table, each
HEAD_WORDS, TAIL_WORDS = 7, 3  # of a block that are read; junk tells what it is at its ends
_SHORT = HEAD_WORDS + TAIL_WORDS
_LONG = 140  # characters; of longer blocks only the two ends are looked at

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9_\s]")  # the same of lower-case ASCII, in two thirds of the time
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")
_PATH = re.compile("[a-zA-Z]{2,}")
_MAX_CLASS_CHARS = 300  # utility-class soups grow without end; what names a block stands first
_MAX_PARTS = 16

# Class words of an article say what it is about, not what it is: WordPress writes category-… and tag-… there.
_ABOUT = ("category-", "tag-", "author-", "post-", "topic-", "term-")


def _id(token: str) -> int:
    return crc32(token.encode("utf-8", "replace")) % BUCKETS


@lru_cache(maxsize=1 << 16)
def _word_id(word: str, before: str = "") -> int:
    return _id(before + ("0" * min(len(word), 4) if word.isdigit() else word))


@lru_cache(maxsize=1 << 15)
def _tail_id(word: str) -> int:
    return _word_id(word, "…")


def word_ids(text: str) -> list[int]:
    """Return the ids of the first and last words of a block, lower-cased, numbers folded.

    Scripts without spaces between words give pairs of characters.
    """
    if len(text) > _LONG:
        head, tail = _words(text[:80])[:HEAD_WORDS], _words(text[-40:])[-TAIL_WORDS:]
    else:
        head, tail = _words(text), []
        if len(head) > _SHORT:
            head, tail = head[:HEAD_WORDS], head[-TAIL_WORDS:]
    return [*map(_word_id, head), *map(_tail_id, tail)] if tail else list(map(_word_id, head))


def _words(text: str) -> list[str]:
    text = text.lower()
    if text.isascii():
        return text.split() if text.replace(" ", "").isalpha() else _ASCII_WORD.findall(text)
    words: list[str] = _WORD.findall(text)
    return [part for word in words for part in _unspaced(word)] if _CJK.search(text) else words


def _unspaced(word: str) -> tuple[str, ...]:
    """Return a word as it is, or in pairs of characters where its script has no spaces between words."""
    if len(word) > 2 and _CJK.match(word):
        return tuple([word[i : i + 2] for i in range(0, min(len(word), 16), 2)])
    return (word,)


@lru_cache(maxsize=1 << 15)
def _parts(value: str, prefix: str) -> tuple[int, ...]:
    ids: dict[int, None] = {}
    for name in value[:_MAX_CLASS_CHARS].split():
        ids.update(_name_ids(name, prefix))
        if len(ids) >= _MAX_PARTS:
            break
    return tuple(ids)


@lru_cache(maxsize=1 << 15)
def _name_ids(name: str, prefix: str) -> dict[int, None]:
    """Return the ids of one class name: its words, and the whole of it without numbers. Not to be changed."""
    if prefix == "c" and name.startswith(_ABOUT) and name not in _ABOUT:
        return {}
    inside = parts(name)
    if name.isascii() and name.islower():  # what most names are: their parts are words and numbers
        spelled = [part for part in inside if part.isalpha()]
    else:
        spelled = [word.lower() for word in _PART.findall(name)]
    of_word, of_name = _STARTS[prefix]
    words = [word.encode("utf-8", "replace") for word in spelled]
    ids = [crc32(word, of_word) % BUCKETS for word, seen in zip(words, spelled, strict=True) if len(seen) > 1]
    if len(words) > 1:
        ids.append(crc32(b"-".join(words), of_name) % BUCKETS)
    # The kind that the marker table sees in a name: learned once for all names of that kind.
    marker = load_markers().first(_MARKED[prefix], name, inside) if prefix in _MARKED else None
    if marker is not None:
        ids.append(_id(f"m:{marker.kind}"))
    return dict.fromkeys(ids)


@lru_cache(maxsize=1 << 12)
def _tag_ids(tag: str) -> tuple[int, ...]:
    return (_id(f"t:{tag}"),)


def class_ids(tag: str, attributes: Mapping[str, str | None]) -> tuple[int, ...]:
    """Return the ids of an element's tag, class, id, role and microdata words."""
    found = _tag_ids(tag)
    for name, value in attributes.items():
        if name in _PREFIXES and value:
            found += _parts(value, _PREFIXES[name])
    return found


_MARKED = {"c": ("class", "id"), "i": ("itemtype",), "p": ("itemprop",), "r": ("role",), "l": ("rel",)}
_PREFIXES = {
    "class": "c", "id": "c", "role": "r", "itemprop": "p", "itemtype": "i", "rel": "l", "aria-label": "a", "type": "y",
    "data-testid": "c", "data-component": "c", "data-module": "c", "name": "n", "for": "n",
}  # fmt: skip
# CRC-32 goes on from what it has: of "c:" and "c=", then a word.
_STARTS = {prefix: (crc32(f"{prefix}:".encode()), crc32(f"{prefix}=".encode())) for prefix in _PREFIXES.values()}


@lru_cache(maxsize=1 << 14)
def href_ids(href: str) -> tuple[int, ...]:
    """Return the ids of the words of a link's path; of another site's link only that it is one."""
    if href.startswith(("http:", "https:", "//")):
        rest = href.split("//", 1)[-1]
        _, slash, path = rest.partition("/")
        href = slash + path
    # Not lower-cased before: "K" (U+212A) would become a letter.
    words = _PATH.findall(href[:160])[:8]
    return tuple([crc32(word.lower().encode(), _OF_HREF) % BUCKETS for word in words])


_OF_HREF = crc32(b"h:")


def page_ids(page_url: str | None, hints: Mapping[str, str]) -> list[int]:
    """Return the ids of what the whole page says of itself: JSON-LD and og types, generator, words of its URL."""
    tokens = [f"ld:{word}" for word in hints.get("ld:type", "").split()[:12]]
    tokens += [f"og:{word.lower()}" for word in hints.get("og:type", "").split()[:2]]
    tokens += [f"gen:{word.lower()}" for word in _PATH.findall(hints.get("generator", ""))[:3]]
    if page_url:
        path = page_url.split("://", 1)[-1].partition("/")[2]
        tokens += [f"u:{word.lower()}" for word in _PATH.findall(path)[:8]]
        tokens.append(f"ud:{min(path.rstrip('/').count('/'), 5)}")
        tokens.append(f"ul:{min(len(path) // 20, 6)}")
        tokens.append(f"un:{bool(re.search(r'[0-9]{4,}', path))}")
        tokens.append(f"uq:{'?' in path}")
    return [_id(token) for token in tokens]


_TELLING_LETTERS = 4
TELLING = 1 << 15  # bit of a word of a line that may tell its topic, set beside its id
LINE_END = 1 << 16  # stands behind the words of each line
# Letters of scripts without spaces in pairs; a line end is a token of its own.
_LINE_TOKEN = re.compile(
    "\n|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{1,2}"
    "|[^\\W\\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+|\\d+|[^\\w\\s]"
)
_ASCII_LINE_TOKEN = re.compile(r"\n|[a-z]+|[0-9]+|[^a-z0-9_\s]")


def line_tokens(lines: Sequence[str]) -> list[int]:
    """Return the tokens of lines of plain text, each line's followed by LINE_END: ids, some with the bit TELLING."""
    text = "".join([line.replace("\n", " ") + "\n" if "\n" in line else line + "\n" for line in lines]).lower()
    words = _ASCII_LINE_TOKEN.findall(text) if text.isascii() else _LINE_TOKEN.findall(text)
    return list(map(_line_token, words))


@lru_cache(maxsize=1 << 16)
def _line_token(word: str) -> int:
    if word == "\n":
        return LINE_END
    if word.isdigit():
        return _id("0" * min(len(word), 4))
    return _id(word) | (TELLING if len(word) >= _TELLING_LETTERS or _CJK.match(word) else 0)
