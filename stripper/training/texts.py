"""Plain texts to learn from: labelled texts, scrapes of labelled pages, clean texts, and texts put together of those.

A page of HTML gives the texts that careless tools make of it, its labelled blocks line by line, and its gold text,
which shall come back as it is. Others are put together: an article with another page's junk below it, or with boxes
made up out of the phrase tables; several articles in a row. Parts of one text are of one fold.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from stripper.datatypes import Kind, Mode
from stripper.errors import InputError
from stripper.evaluation import read_input
from stripper.options import Options
from stripper.parse import decode
from stripper.segment.decision import KINDS
from stripper.training import units as un
from stripper.training.folds import fold_of
from stripper.training.made_up import boxes, pointer
from stripper.training.scrapes import scrapes
from stripper.training.targets import CONTENT, TITLE
from stripper.training.units import Shape, Unit
from stripper.workers import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stripper.training.corpora import Sample

    Say = Callable[[str], None]

CLEAN, _LISTS, _BLOCKS, MADE = "clean text", "clean lists", "labelled blocks", "put together"
_PROSE = frozenset({"article", "documentation", "mixed", None})  # types of pages whose clean text is running text
_SHORTEST, _SHORT = 200, 600  # characters of a clean text, and of one that junk is put below
_ONE_LINE = 0.06  # share of the scrapes that are also read as one line
_LONGEST_RUN, _MOST_JUNK = 25, 40  # units
_JOINED, _JOINED_UNITS = 0.12, 250  # share of the texts that are put in a row with others, and their size
_FRAME = frozenset(
    {
        Kind.FOOTER, Kind.LEGAL, Kind.NAVIGATION, Kind.CONSENT, Kind.SEARCH, Kind.ACCOUNT, Kind.WIDGET, Kind.OTHER,
        Kind.NOTICE, Kind.MASTHEAD, Kind.SHARE, Kind.PROMOTION, Kind.CONTACT,
    }
)  # fmt: skip
_BELOW = frozenset(
    {
        Kind.RELATED, Kind.POPULAR, Kind.COMMENT_FORM, Kind.SHARE, Kind.PROMOTION, Kind.ADVERTISEMENT, Kind.AUTHOR_BIO,
        Kind.COMMENTS, Kind.TAGS, Kind.PAGINATION, Kind.LEGAL, Kind.ACCOUNT,
    }
)  # fmt: skip
_MADE_SHAPES = (Shape.LINES, Shape.LINES, Shape.PARAGRAPHS, Shape.PARAGRAPHS, Shape.WRAPPED, Shape.ONE_LINE, Shape.CRLF)
_CLEAN_SHAPES = (Shape.AS_IT_IS, Shape.LINES, Shape.PARAGRAPHS, Shape.WRAPPED, Shape.ONE_LINE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from."""

    id: str  # its sample's
    host: str  # see folds.py
    source: str  # the tool that made it, or another word for where it comes from
    units: tuple[Unit, ...]
    shape: Shape = Shape.AS_IT_IS


class _Parts(NamedTuple):
    """What the pages of one fold give to others of it."""

    junk: list[list[Unit]]  # runs of one kind that stood below a page's content
    headlines: list[str]
    teasers: list[str]


def texts_of(samples: Sequence[Sample], folds: int, jobs: int, say: Say) -> list[Text]:
    """Return the texts that labelled samples give, plain or HTML; the same for any number of processes.

    Needs the tools of scrapes.py where a sample is HTML.
    """
    texts: list[Text] = []
    for sample, outcome in _each(samples, jobs):
        if isinstance(outcome, InputError):
            say(f"{outcome} (left out)")
        elif isinstance(outcome, Exception):
            raise outcome
        else:
            texts += outcome
        if sample is samples[-1]:
            say(f"{len(samples)} pages gave {len(texts)} texts")
    return texts + list(_put_together(texts, max(folds, 1)))


def _each(samples: Sequence[Sample], jobs: int) -> Iterator[tuple[Sample, list[Text] | Exception]]:
    if jobs > 1:
        yield from in_processes(samples, _attempt, jobs)
    else:
        yield from ((sample, _attempt(sample)) for sample in samples)


def _attempt(sample: Sample) -> list[Text] | InputError:
    try:
        return list(_of_text(sample) if sample.mode is Mode.TEXT else _of_page(sample))
    except InputError as error:
        return error


def _chance(text_id: str) -> random.Random:
    return random.Random(crc32(text_id.encode("utf-8", "surrogatepass")))  # noqa: S311  a choice, no secret


def _of_text(sample: Sample) -> Iterator[Text]:
    """Yield a labelled plain text as it is; its units are its blocks."""
    written = decode(read_input(sample.golds[0][1], Options()), Options().max_bytes).text
    make = partial(Text, sample.id, sample.host, _BLOCKS)
    if sample.with_blocks is not None and sample.with_blocks.blocks:
        gap = "\n\n" if "\n\n" in written else "\n"
        yield make(tuple([un.unit(text, kind, gap) for text, kind in sample.with_blocks.blocks]))
    elif sample.with_text is not None:
        units = un.by_gold(written, sample.with_text.text or "", sample.title)
        if units:
            yield make(tuple(units))


def _of_page(sample: Sample) -> Iterator[Text]:
    chance = _chance(sample.id)
    make = partial(Text, sample.id, sample.host)
    blocks = sample.with_blocks.blocks if sample.with_blocks is not None else None
    gold = sample.with_text.text or "" if sample.with_text is not None else ""
    if blocks:
        units = un.units_of(blocks)
        for some in (units, column(units)):
            yield make(_BLOCKS, tuple(some), chance.choice((Shape.LINES, Shape.PARAGRAPHS)))
    if len(gold) >= _SHORTEST:
        yield from _clean(sample, gold, chance)
    elif blocks:  # in many languages, where gold texts are English
        yield make(
            _clean_source(sample),
            tuple([one for one in un.units_of(blocks) if one.keep]),
            chance.choice(_CLEAN_SHAPES[1:]),
        )
    html = decode(read_input(sample.golds[0][1], Options()), Options().max_bytes).text
    for tool, text in scrapes(html):
        found = un.by_kinds(text, blocks) if blocks else un.by_gold(text, gold, sample.title)
        if found:
            yield make(tool, tuple(found))
            if chance.random() < _ONE_LINE:
                yield make(tool, tuple(found), Shape.ONE_LINE)


def _clean(sample: Sample, gold: str, chance: random.Random) -> Iterator[Text]:
    """Yield the gold text, and the same with its headline in another shape."""
    units = [Unit(line, gap, 1.0, CONTENT) for line, gap in un.lines_of(gold)]
    make = partial(Text, sample.id, sample.host, _clean_source(sample))
    yield make(tuple(units))
    if sample.title:
        yield make((Unit(sample.title, "\n\n", 1.0, TITLE), *units), chance.choice(_CLEAN_SHAPES))


def _clean_source(sample: Sample) -> str:
    return CLEAN if sample.type in _PROSE else _LISTS


def column(units: Sequence[Unit]) -> list[Unit]:
    """Return what a scraper of articles leaves: from the headline on, without the page's last frame."""
    kinds = [one.kind for one in units]
    first = next((i for i, kind in enumerate(kinds) if kind == TITLE), None)
    if first is None:
        first = next((i for i, kind in enumerate(kinds) if kind == CONTENT), 0)
    end = len(units)
    while end > first + 1 and KINDS[kinds[end - 1]] in _FRAME:
        end -= 1
    return list(units[first:end])


# Texts put together


def _put_together(texts: Sequence[Text], folds: int) -> Iterator[Text]:
    by_fold: dict[int, list[Text]] = defaultdict(list)
    for text in texts:
        by_fold[fold_of(text.host, folds)].append(text)
    for mine in by_fold.values():
        parts = _parts(mine)
        yield from _with_junk(mine, parts)
        yield from _in_a_row([text for text in mine if len(text.units) < _JOINED_UNITS])


def _parts(texts: Iterable[Text]) -> _Parts:
    parts = _Parts([], [], [])
    for text in texts:
        if text.source == _BLOCKS:
            parts.junk.extend(_runs(column(text.units)))
        if text.source in (CLEAN, _LISTS):
            parts.headlines.extend([one.text for one in text.units if one.kind == TITLE])
            parts.teasers.extend([one.text for one in text.units if len(one.text) > _SHORTEST][:1])
    return parts


def _runs(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Yield the runs of one kind of junk below the last content."""
    last = max((i for i, one in enumerate(units) if one.kind in (CONTENT, TITLE)), default=len(units))
    run: list[Unit] = []
    for one in (*units[last + 1 :], None):
        if run and (one is None or one.kind != run[0].kind):
            if len(run) <= _LONGEST_RUN and KINDS[run[0].kind] in _BELOW:
                yield run
            run = []
        if one is not None:
            run.append(one)


def _with_junk(texts: Sequence[Text], parts: _Parts) -> Iterator[Text]:
    """Yield clean articles with junk below them, of other pages or made up."""
    if not (parts.junk and parts.headlines and parts.teasers):
        return
    bodies = [text for text in texts if _is_body(text)]
    for number, text in enumerate(bodies):
        chance = _chance(f"{number} {text.id}")
        units = list(text.units)
        if chance.random() < 0.5:  # noqa: PLR2004  a coin
            below = [one for _ in range(chance.choice((1, 1, 2, 2, 3, 4))) for one in chance.choice(parts.junk)]
        else:
            below = boxes(parts.headlines, parts.teasers, chance)
            if chance.random() < 0.3:  # noqa: PLR2004  less often
                units.insert(
                    chance.randint(len(units) // 2, len(units)), pointer(chance.choice(parts.headlines), chance)
                )
        yield Text(text.id, text.host, MADE, (*units, *below[:_MOST_JUNK]), chance.choice(_MADE_SHAPES))


def _is_body(text: Text) -> bool:
    return text.source in (CLEAN, _LISTS) and sum(len(one.text) for one in text.units) > _SHORT


def _in_a_row(texts: Sequence[Text]) -> Iterator[Text]:
    chance = _chance(f"{len(texts)} in a row")
    for _ in range(int(_JOINED * len(texts))):
        some = [text for text in chance.sample(list(texts), min(3, len(texts))) if text.units][: chance.choice((2, 3))]
        if len(some) > 1:
            units = [one._replace(gap="\n\n" if one is text.units[-1] else "\n") for text in some for one in text.units]
            yield Text(some[0].id, some[0].host, MADE, tuple(units))
