"""The prose in JSON whose keys nobody knows: what a Next.js page was to be rendered from.

Strings that stand in the same place of a repeated shape (`body.*.children.*.text`) belong together: an article is
the place with the most prose, not the longest string, which may well be a cookie notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stripper.parse.structured import Found

    Key = str | None  # None: an item of a list, whichever

_MAX_VALUES = 300_000
GUESSED = 0.6  # trust in what no public key names
_MIN_CHARS = 300  # of prose, in all: less is a notice
_MIN_PROSE = 40  # characters of a string
_SHARE = 0.25  # of the most prose in one place that another place needs to be part of the text
_BLANKS = 1 / 25  # of prose in scripts that part words
_SIGNS = 1 / 30  # above it's code
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef\u0e00-\u0eff]")
_SENTENCE = re.compile("[.!?\u2026\u3002\uff01\uff1f\u061f\u0964]")
_TAG = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"[{}\[\]=;\\|_]")
_TITLES = frozenset(("title", "headline", "heading", "name"))
# Tables of a site's own phrases, in every page's data.
_PHRASE_TABLES = frozenset(("_nextI18Next", "i18n", "messages", "translations", "locales", "dictionary"))


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the shape of the data: every list's items are one."""

    above: int  # index of the place around; -1 at the top
    key: Key
    repeated: bool  # a list is on the way


@dataclass(slots=True)
class _Strings:
    """The strings of a value in order, with their places."""

    places: list[_Place] = field(default_factory=lambda: [_Place(-1, "", repeated=False)])
    found: list[tuple[int, int, str]] = field(default_factory=list)  # place, list it stands in, text


def of_any(values: Iterable[Any], source: str) -> Iterator[Found]:
    """Yield the prose of JSON values."""
    for value in values:
        strings = _strings(value)
        prose: dict[int, int] = {}
        for place, text in {(place, text): None for place, _, text in strings.found}:
            prose[place] = prose.get(place, 0) + _prose_chars(text)
        best = max(prose, key=lambda place: prose[place], default=-1)
        if best >= 0 and prose[best] >= _MIN_CHARS:
            yield source, *_text(strings, {place for place in prose if prose[place] >= _SHARE * prose[best]}, best)


def _strings(value: Any) -> _Strings:
    out = _Strings()
    rows: dict[tuple[int, Key], int] = {}

    def place_of(above: int, key: Key) -> int:
        if (above, key) not in rows:
            rows[above, key] = len(out.places)
            out.places.append(_Place(above, key, out.places[above].repeated or key is None))
        return rows[above, key]

    stack: list[tuple[Any, int, int]] = [(value, 0, -1)]
    for number in range(_MAX_VALUES):
        if not stack:
            break
        value, place, row = stack.pop()
        if isinstance(value, str):
            out.found.append((place, row, value))
        elif isinstance(value, dict):
            inner = [(item, place_of(place, key), row) for key, item in value.items() if key not in _PHRASE_TABLES]
            stack.extend(reversed(inner))
        elif isinstance(value, list):
            below = place_of(place, None)
            stack.extend([(item, below, number) for item in reversed(value)])
    return out


def _text(strings: _Strings, places: set[int], best: int) -> tuple[list[str], float, str | None, None]:
    """Return the texts at `places` in order, with the headings between them, and the headline."""
    around = set()
    at = best
    while at >= 0:
        around.add(at)
        at = strings.places[at].above
    texts: list[str] = []
    title = None
    before = (-1, -1)
    for place, row, text in strings.found:
        if place in places:
            if before == (place, row) and texts and _goes_on(texts[-1], text):
                texts[-1] += text
            else:
                texts.append(text)
            before = (place, row)
        elif strings.places[place].key in _TITLES and strings.places[place].above in around:
            if strings.places[place].repeated:
                texts.append(text)
            else:
                title = title or text
    return texts, GUESSED, title, None


def _goes_on(one: str, other: str) -> bool:
    """Tell whether two strings of one list are pieces of a sentence, as bold words and links part it."""
    if not one or not other or "</" in one:
        return not other
    return one[-1].isspace() or other[0].isspace() or other[0].islower() or other[0] in ",.;:!?)"


def _prose_chars(text: str) -> int:
    """Return how many characters of prose a string has, without its tags; 0 for code, names, addresses."""
    if len(text) < _MIN_PROSE or not _SENTENCE.search(text):
        return 0
    bare = _TAG.sub(" ", text)
    size = len(bare)
    parted = sum(map(bare.count, " \n\u3000")) >= _BLANKS * size or _EAST_ASIAN.search(bare)
    return size if size >= _MIN_PROSE and parted and len(_CODE.findall(bare)) <= _SIGNS * size else 0
