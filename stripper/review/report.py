"""The report of a batch: tables with a chart beside those that want one, as one HTML file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import KEPT_KINDS
from stripper.review.charts import Series, bars
from stripper.review.documents import environment, policy, style_of
from stripper.review.standouts import moved, nearly_empty
from stripper.review.tables import Table
from stripper.review.tally import BINS, mixes, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from stripper.review.runs import Run
    from stripper.review.tables import Cell
    from stripper.review.tally import Group, PageLine, Tally

SHOWN = 300  # rows of a table on the page; its CSV file has all
_CHARTED = 12  # bars of a chart at most
_DIGITS = 3


class Section(NamedTuple):
    """A table and its chart."""

    table: Table
    chart: Markup | None = None
    legend: tuple[str, ...] = ()  # kinds, where the chart has a colour for each


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report shows."""

    run: Run
    before: Run | None
    tally: Tally
    sections: tuple[Section, ...]


def make_report(run: Run, before: Run | None = None) -> Report:
    """Count a run and lay out its tables; `before` is a former run of the same inputs. Raises InputError."""
    counted = tally(run)
    former = mixes(before) if before else None
    return Report(run, before, counted, tuple(_sections(counted, former)))


def write_report(report: Report, write: Callable[[str], object], version: str) -> None:
    """Write the report as one HTML file."""
    styles, scripts = ("colours.css", "report.css"), ("report.js",)
    summary = report.run.summary()
    facts = {
        "csp": policy([style_of(*styles)], [style_of(*scripts)]),
        "style": style_of(*styles),
        "script": style_of(*scripts),
        "version": version,
        "name": report.run.name,
        "before": report.before.name if report.before else None,
        "made_by": (summary.get("stripper") or {}).get("version"),
        "complete": summary.get("complete", True),
        "tally": report.tally,
        "sections": report.sections,
        "shown": SHOWN,
    }
    for piece in environment().get_template("report.html").generate(**facts):
        write(piece)


def _sections(counted: Tally, former: Mapping[str, Group] | None) -> Iterator[Section]:
    yield _counts("status", "Pages by status", ("status", "inputs"), counted.statuses)
    yield _kinds(counted.all)
    yield _histogram(counted)
    yield Section(_pages("review-first", "Pages to review first", counted.first))
    yield Section(_nearly_empty(counted.groups["site"]))
    if former is not None:
        yield Section(_moved(former, counted.groups["site"]))
    for name, title in (("site", "sites"), ("language", "languages"), ("type", "page types")):
        yield _groups(name, f"Words by kind: {title}", counted.groups[name])
    yield _failures(counted)
    yield Section(_pages("slowest", "Slowest pages", counted.slowest))
    yield _counts("rules", "Removed blocks by reason", ("reason", "blocks"), counted.rules)


def _counts(name: str, title: str, columns: tuple[str, str], counts: Counter[str]) -> Section:
    # most_common() leaves equal counts as they were first seen: in an order of hashes, another in each process.
    rows = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    charted = rows[:_CHARTED]
    chart = bars([row[0] for row in charted], [Series(columns[1], tuple(row[1] for row in charted), ("plain",))])
    return Section(Table(name, title, columns, rows), chart if rows else None)


def _kinds(group: Group) -> Section:
    total = max(group.seen, 1)
    ranked = sorted(group.words.items(), key=lambda item: (item[0] not in KEPT_KINDS, -item[1], item[0]))
    rows = tuple((kind, words, _share(words / total)) for kind, words in ranked)
    junk = [(kind, words) for kind, words in ranked if kind not in KEPT_KINDS]  # what stays would dwarf it
    names = tuple(kind for kind, _ in junk)
    chart = bars(names, [Series("words", tuple(words for _, words in junk), names)]) if junk else None
    return Section(Table("kinds", "Words by kind", ("kind", "words", "share"), rows), chart)


def _histogram(counted: Tally) -> Section:
    names = [f"{at / BINS:.1f} to {(at + 1) / BINS:.1f}" for at in range(BINS)]
    columns = ("confidence", "pages", "kept blocks", "removed blocks")
    rows = tuple(
        (name, counted.confidence[at], counted.blocks[True, at], counted.blocks[False, at])
        for at, name in enumerate(names)
    )
    note = f"Of a page: its expected word F1. Blocks are counted from {counted.records:,} records."
    chart = bars(names, [Series("pages", tuple(row[1] for row in rows), ("plain",))])
    return Section(Table("confidence", "Confidence", columns, rows, note), chart)


def _pages(name: str, title: str, lines: Iterable[PageLine]) -> Table:
    columns = ("page", "confidence", "needs review", "words kept", "words removed", "CPU seconds")
    rows = tuple(
        (line.id, _share(line.confidence), "yes" if line.needs_review else "no", line.kept, line.removed, line.seconds)
        for line in sorted(lines, reverse=True)
    )
    return Table(name, title, columns, rows)


def _nearly_empty(sites: Mapping[str, Group]) -> Table:
    rows = tuple((name, g.pages, g.seen, _share(g.removed_share)) for name, g in nearly_empty(sites))
    note = "Nine words in ten or more were removed: an error page, a wall, or a split that went wrong."
    return Table(
        "nearly-empty", "Sites of which nearly all was removed", ("site", "pages", "words", "removed"), rows, note
    )


def _moved(before: Mapping[str, Group], after: Mapping[str, Group]) -> Table:
    columns = ("site", "words of another kind", "most changed", "before", "now")
    rows = tuple((m.site, _share(m.shift), m.kind, _share(m.before), _share(m.after)) for m in moved(before, after))
    note = "A fifth of the words or more is of another kind than in the former run: probably a redesign."
    return Table("changed", "Sites that changed", columns, rows, note)


def _groups(name: str, title: str, groups: Mapping[str, Group]) -> Section:
    ranked = sorted(groups.items(), key=lambda item: (-item[1].seen, item[0]))
    total: Counter[str] = Counter()
    for _, group in ranked:
        total += group.words
    kinds = [kind for kind in (*sorted(KEPT_KINDS), *_junk(total)) if total[kind]]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (key, g.pages, g.review, g.seen, _share(g.removed_share), *(g.words[kind] for kind in kinds))
        for key, g in ranked
    )
    columns = (name, "pages", "to review", "words", "removed", *kinds)
    charted = ranked[:_CHARTED]
    series = [Series(kind, tuple(g.words[kind] for _, g in charted), (kind,)) for kind in kinds]
    chart = bars([key for key, _ in charted], series, stacked=True) if charted else None
    return Section(Table(f"by-{name}", title, columns, rows), chart, tuple(kinds))


def _junk(total: Counter[str]) -> Sequence[str]:
    return [kind for kind, _ in total.most_common() if kind not in KEPT_KINDS]


def _failures(counted: Tally) -> Section:
    rows = tuple(
        (status, error, count, *counted.examples[status, error])
        for (status, error), count in counted.failures.most_common()
    )
    charted = rows[:_CHARTED]
    chart = bars([row[1] for row in charted], [Series("inputs", tuple(row[2] for row in charted), ("plain",))])
    columns = ("status", "class", "inputs", "for example", "message")
    return Section(Table("failures", "Failures by class", columns, rows), chart if rows else None)


def _share(value: float) -> float:
    return round(value, _DIGITS)
