"""Cue phrases: which kind of junk a short text announces ("Leave a Reply", "Siehe auch", "© 2024").

The tables are ``stripper/data/phrases/KIND.tsv``; their README says how a phrase is written. A lookup
costs a few dict probes whatever the number of phrases: `exact` is a dict over the folded text, `prefix`
a dict over its first characters, `contains` a dict over its words.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_CHARS = 480  # no cue is read in a longer block: a phrase in running text says nothing about the text
MAX_EXACT_CHARS = 80  # above the longest phrase in the tables, with room for a count
MATCHES = ("contains", "exact", "prefix")

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")  # "1,204" is one number
_PLAIN = str.maketrans("‘’‚“”„´`", "'''\"\"\"''", "\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff")
_ODD = frozenset(map(chr, _PLAIN))
_LEAD = " .,;!?»«›‹><→←↑↓▼▲►▶•·|-–—)]}(*#+&_~\"'/\\"
_TAIL = " .,;!?»«›‹><→←↑↓▼▲►▶•·|-–—([{#+&_~\"'/\\…"
_FIRST_UNSPACED = "\u0e00"  # letters from here on: Thai, Lao, … CJK, written without spaces between words
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MEMO_CHARS = 40  # menus and labels come again on every page of a site
_BEGINNING = 120  # characters; above any phrase, marks and white space before it included
_LEADING_WORDS = 6  # of a phrase that a longer text begins with
_KEYS = (4, 2, 1)  # characters of a prefix phrase that index it: as many as it has, of these


class Phrase(NamedTuple):
    """A row of a phrase table."""

    kind: Kind
    lang: str  # ISO codes, comma-separated
    match: str  # exact: the whole block | prefix: a short block's beginning | contains: anywhere in a short block
    phrase: str  # folded


class Cue(NamedTuple):
    """A phrase that was found in a text."""

    kind: Kind
    phrase: str
    match: str


_NONE: tuple[Cue, ...] = ()


def fold(text: str) -> str:
    """Return `text` as the tables spell it: case-folded, white space squashed, straight quotes, numbers as ``0``."""
    folded = text.casefold()
    if not folded.isascii() and not _ODD.isdisjoint(folded):
        folded = folded.translate(_PLAIN)
    if _DIGIT.search(folded):
        folded = _DIGITS.sub("0", folded)
    return " ".join(folded.split())


def trim(folded: str) -> str:
    """Return a folded text without marks at its ends and without a count behind it; ``:`` and ``*`` at the end stay.

    "» Comments (12)" and "Comments" are one phrase, but "Name *" (a form's label) and "Name" are two.
    """
    folded = folded.rstrip(_TAIL)
    bare = folded.rstrip(")]")
    if bare.endswith((" 0", "(0", "[0")):
        folded = bare[:-1].rstrip(" ([")
    folded = folded.lstrip(_LEAD)
    return folded.replace(" :", ":").replace(" *", "*") if folded.endswith((":", "*")) else folded


class Lexicon:
    """Phrases indexed for lookup; immutable once built but for a bounded memo of texts seen."""

    __slots__ = ("_contains", "_contains_keys", "_exact", "_first_words", "_memo", "_prefix", "_unspaced")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Index `phrases`; where two have the same text and match, the first holds."""
        exact: dict[str, Cue] = {}
        prefix: dict[str, list[Cue]] = {}
        contains: dict[str, list[tuple[frozenset[str], Cue]]] = {}
        unspaced: list[Cue] = []
        for kind, _, match, phrase in phrases:
            cue = Cue(kind, phrase, match)
            if match == "exact":
                exact.setdefault(phrase, cue)
            elif match == "prefix":
                size = next(size for size in _KEYS if len(phrase) >= size)
                prefix.setdefault(phrase[:size], []).append(cue)
            elif _UNSPACED.search(phrase):
                unspaced.append(cue)
            else:
                inner = _inner(phrase)
                for key in [max(inner, key=len)] if inner else _spellings(phrase):
                    contains.setdefault(key, []).append((frozenset(inner), cue))
        # Plain dicts that nobody writes to: a proxy around one doubles the time of a probe.
        self._exact: Mapping[str, Cue] = exact
        self._prefix: Mapping[str, tuple[tuple[str, ...], tuple[Cue, ...]]] = {
            key: (tuple(cue.phrase for cue in cues), tuple(cues)) for key, cues in prefix.items()
        }
        self._first_words = frozenset(phrase.split()[0] for phrase in exact if " " in phrase)
        self._contains: Mapping[str, list[tuple[frozenset[str], Cue]]] = contains
        self._contains_keys = frozenset(contains)
        self._unspaced = tuple(unspaced)
        self._memo = lru_cache(maxsize=8192)(self._find)

    def cues(self, text: str) -> tuple[Cue, ...]:
        """Return the cues in a block's text, the most telling first; none for a block above `MAX_CHARS`."""
        size = len(text)
        if size <= _MEMO_CHARS:
            return self._memo(text)
        return _NONE if size > MAX_CHARS else self._find(text)

    def leads(self, text: str) -> bool:
        """Tell whether a text begins with a whole phrase of at least two words, whatever follows it."""
        # Most texts are told by their first word.
        if text.split(None, 1)[0].casefold() not in self._first_words:
            return False
        words = fold(text[:_BEGINNING]).split()
        return any(trim(" ".join(words[:count])) in self._exact for count in range(2, _LEADING_WORDS + 1))

    def _find(self, text: str) -> tuple[Cue, ...]:
        words = text.casefold().split()
        # Most labels are plain words: nothing in them to fold or to trim.
        plain = len(text) <= MAX_EXACT_CHARS and text.isascii() and "".join(words).isalpha()
        # Folding a whole paragraph costs more than all lookups in it: of a long text, fold the beginning.
        folded = " ".join(words) if plain else fold(text[:_BEGINNING])
        if plain or len(folded) <= MAX_EXACT_CHARS:
            whole = folded if plain else trim(folded)
            cue = self._exact.get(whole)
            if cue is None and whole.endswith((":", "*")):
                cue = self._exact.get(whole.rstrip(":*"))
            if cue is not None:
                return (cue,)
        found = self._beginnings(folded if plain else folded.lstrip(_LEAD))
        if not self._contains_keys.isdisjoint(words):
            found += self._insides(text, words)
        if not text.isascii() and _UNSPACED.search(text):
            folded = fold(text)
            found += [cue for cue in self._unspaced if cue.phrase in folded]
        if len(found) > 1:
            found.sort(key=lambda cue: (-len(cue.phrase), cue))
        return tuple(found)

    def _insides(self, text: str, split: list[str]) -> list[Cue]:
        words = set(split)
        squashed = " ".join(split)
        keys = self._contains_keys & words
        likely = {cue for key in keys for inner, cue in self._contains[key] if inner <= words}
        return [cue for cue in likely if cue.phrase in (fold(text) if "0" in cue.phrase else squashed)]

    def _beginnings(self, folded: str) -> list[Cue]:
        found: list[Cue] = []
        for size in _KEYS:
            key = folded[:size]
            if key in self._prefix and folded.startswith(self._prefix[key][0]):
                cues = self._prefix[key][1]
                found += [cue for cue in cues if folded.startswith(cue.phrase) and _ends_word(folded, len(cue.phrase))]
        return found


def _inner(phrase: str) -> list[str]:
    """Return the words that stand between two others: in a text, no quote, bracket or full stop is attached to them."""
    return [word for word in phrase.split()[1:-1] if word.isalpha()]


def _spellings(phrase: str) -> list[str]:
    """Return what the words of a short phrase may look like in a text; each text with the phrase has one of them."""
    words = phrase.split()
    return words if len(words) > 1 else [phrase, f"{phrase}.", f"{phrase},", f"({phrase})"]


def _ends_word(folded: str, at: int) -> bool:
    """Tell whether a word ends before `at`: "ad" begins "ad blocker", not "address"."""
    if at >= len(folded) or not folded[at].isalnum():
        return True
    return not folded[at - 1].isalnum() or folded[at - 1] >= _FIRST_UNSPACED


def read_phrases() -> list[Phrase]:
    """Return every row of the phrase tables, by kind and row."""
    rows = []
    for table in sorted(resources.files("stripper.data").joinpath("phrases").iterdir(), key=lambda path: path.name):
        kind = Kind(table.name.removesuffix(".tsv"))
        for line in table.read_text("utf-8").splitlines()[1:]:
            lang, match, phrase = line.split("\t")
            rows.append(Phrase(kind, lang, match, phrase))
    return rows


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the shipped tables, read once."""
    return Lexicon(read_phrases())
