"""Junk made up out of the phrase tables and other pages' headlines: boxes in every language that the tables know.

Labelled pages are mostly English. What "Check Also" and "Leave a Reply" do to a text they do in all languages, and
the tables have the words for it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from stripper.datatypes import Kind
from stripper.segment.lexicon import read_phrases
from stripper.training.units import Unit, unit

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    _Phrases = Mapping[tuple[str, Kind], Sequence[str]]

_LISTS = (Kind.RELATED, Kind.RELATED, Kind.POPULAR, Kind.ADVERTISEMENT)
_LABELS = (Kind.COMMENT_FORM, Kind.COMMENT_FORM, Kind.SHARE, Kind.PROMOTION, Kind.PAGINATION, Kind.LEGAL, Kind.ACCOUNT)
_ELLIPSES = ("…", " …", "...", " [...]", " […]")
_LEAST_PHRASES = 3  # of a kind in a language
_TEASER_WORDS = (9, 26)


@cache
def _phrases() -> tuple[_Phrases, tuple[str, ...]]:
    """Return whole phrases by language and kind, and the languages that have enough of them."""
    by_kind: dict[tuple[str, Kind], list[str]] = defaultdict(list)
    for phrase in read_phrases():
        if phrase.match == "exact" and "0" not in phrase.phrase:
            for language in phrase.lang.split(","):
                by_kind[language, phrase.kind].append(phrase.phrase)
    languages = [
        language
        for language in sorted({language for language, _ in by_kind})
        if all(len(by_kind[language, kind]) >= _LEAST_PHRASES for kind in (Kind.RELATED, Kind.COMMENT_FORM))
    ]
    return by_kind, tuple(languages)


def boxes(headlines: Sequence[str], teasers: Sequence[str], chance: random.Random) -> list[Unit]:
    """Return one to four boxes of junk in one language; their items are of `headlines` and of `teasers`' beginnings."""
    phrases, languages = _phrases()
    language = chance.choice(languages)
    out: list[Unit] = []
    for _ in range(chance.choice((1, 2, 2, 3, 4))):
        kind = chance.choice(_LISTS + _LABELS)
        words = phrases.get((language, kind), ())
        if len(words) >= _LEAST_PHRASES:
            out += _list(kind, words, headlines, teasers, chance) if kind in _LISTS else _labels(kind, words, chance)
    return out


def pointer(headline: str, chance: random.Random) -> Unit:
    """Return a line that points to another page, as they stand between paragraphs: "Related: HEADLINE"."""
    phrases, languages = _phrases()
    words = chance.choice(phrases[chance.choice(languages), Kind.RELATED])
    return unit(f"{_cased(words.rstrip(':'), chance)}: {headline}", Kind.RELATED)


def _list(
    kind: Kind, words: Sequence[str], headlines: Sequence[str], teasers: Sequence[str], chance: random.Random
) -> list[Unit]:
    out = [unit(_cased(chance.choice(words), chance), kind)]
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        headline = chance.choice(headlines)
        out += [unit(headline, kind)] * chance.choice((1, 1, 1, 2))
        if chance.random() < 0.5:  # noqa: PLR2004  a coin
            cut = chance.choice(teasers).split()[: chance.randint(*_TEASER_WORDS)]
            out.append(unit(" ".join(cut) + chance.choice(_ELLIPSES), kind))
    return out


def _labels(kind: Kind, words: Sequence[str], chance: random.Random) -> list[Unit]:
    count = min(len(words), chance.randint(1, 5))
    return [unit(_cased(phrase, chance), kind) for phrase in chance.sample(list(words), count)]


def _cased(phrase: str, chance: random.Random) -> str:
    """Return a phrase of the tables, which are folded, as an interface would write it."""
    return chance.choice(
        (phrase[:1].upper() + phrase[1:], phrase[:1].upper() + phrase[1:], phrase.title(), phrase.upper())
    )
