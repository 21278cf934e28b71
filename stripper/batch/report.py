"""What a batch says of itself: a row for each input, and the whole in figures."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.batch.mirror import reported
from stripper.datatypes import Mode
from stripper.segment import model_id
from stripper.version import __version__
from stripper.write import json_file, json_line, replacing, write_file

if TYPE_CHECKING:
    from stripper.batch.account import Tally
    from stripper.batch.journal import Journal
    from stripper.batch.mirror import Mirror
    from stripper.batch.settings import Settings
    from stripper.batch.shards import Shards

SCHEMA = "stripper.summary/1"
_MOST = 10  # lines of a list
_FEW_WORDS = 500  # of a site, below which its share kept says little


class RunFigures(NamedTuple):
    """What only this run knows."""

    tally: Tally
    templates: dict[str, int] | None  # sites and pages that were learned from
    started: float  # seconds since 1970
    complete: bool


def write_manifest(settings: Settings, journal: Journal, sink: Mirror | Shards) -> None:
    """Write manifest.jsonl: every input that this folder has seen, in order. Raises OutputError."""
    path = settings.out / "manifest.jsonl"
    with reported(path), replacing(path, alone=True) as file:
        for ordinal, name, row in journal.rows():
            row["output"] = sink.output(ordinal, name)
            file.write(json_line(row))


def write_blocks(settings: Settings, journal: Journal) -> None:
    """Write blocks.jsonl: each removed text once. Raises OutputError."""
    path = settings.out / "blocks.jsonl"
    with reported(path), replacing(path, alone=True) as file:
        for name, text in journal.blocks():
            file.write(json_line({"block": name, "text": text}))


def write_summary(settings: Settings, journal: Journal, run: RunFigures) -> dict[str, Any]:
    """Write summary.json and return it. Raises OutputError."""
    seconds = time.time() - run.started
    counts = dict(journal.query("SELECT status, count(*) FROM pages GROUP BY status"))
    summary = {
        "schema": SCHEMA,
        "stripper": {
            "version": __version__,
            "model": model_id(Mode.HTML, settings.options),
            "options": settings.options.changed(),
        },
        "format": str(settings.form),
        "complete": run.complete,
        "inputs": sum(counts.values()),
        **{status: counts.get(status, 0) for status in ("ok", "failed", "skipped")},
        "errors": _errors(journal, "failed"),
        "skips": _errors(journal, "skipped"),
        "archives": _archives(journal),
        "words": _words(journal),
        "needs_review": _one(
            journal, "SELECT count(*) FROM pages WHERE json_extract(manifest, '$.page.needs_review') = 1"
        ),
        "sites": {
            "most_removed": _sites(journal, "removed DESC, site"),
            "least_kept": _sites(journal, "1.0 * kept / (kept + removed), site", least=_FEW_WORDS),
        },
        "slowest": _slowest(journal),
        "templates": run.templates and {**run.templates, "removed_blocks": _template_blocks(journal)},
        "run": {
            "started": datetime.fromtimestamp(run.started, UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 1),
            "jobs": settings.jobs,
            "done": run.tally.done,
            "copied": run.tally.copied,
            "reused": run.tally.reused,
            "pages_per_second": round(run.tally.done / seconds, 1) if seconds else 0.0,
            "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        },
    }
    path = settings.out / "summary.json"
    with reported(path):
        write_file(path, json_file(summary), alone=True)
    return summary


def _errors(journal: Journal, status: str) -> dict[str, int]:
    query = (
        "SELECT json_extract(manifest, '$.error') AS error, count(*) AS pages FROM pages"
        " WHERE status = ? GROUP BY error ORDER BY pages DESC, error"
    )
    return dict(journal.query(query, status))


def _archives(journal: Journal) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file, what, count in journal.archives():
        about = found.setdefault(file, {"records": 0, "pages": 0, "passed over": {}, "gaps": 0})
        if what in about:
            about[what] = count
        else:
            about["passed over"][what] = count
    return found


def _words(journal: Journal) -> dict[str, Any]:
    kinds = dict(
        journal.query(
            "SELECT each.key, sum(each.value) AS words FROM pages, json_each(manifest, '$.words.by_kind') AS each"
            " WHERE status = 'ok' GROUP BY each.key ORDER BY words DESC, each.key"
        )
    )
    kept, removed = next(journal.query("SELECT total(kept), total(removed) FROM pages WHERE status = 'ok'"))
    return {"seen": int(kept + removed), "kept": int(kept), "removed": int(removed), "by_kind": kinds}


def _sites(journal: Journal, order: str, least: int = 1) -> list[dict[str, Any]]:
    words = (
        "SELECT site, count(*), sum(kept) AS kept, sum(removed) AS removed FROM pages"
        " WHERE status = 'ok' AND site NOT NULL GROUP BY site HAVING sum(kept) + sum(removed) >= ?"
    )
    query = f"{words} ORDER BY {order} LIMIT ?"
    return [
        {
            "site": site,
            "pages": pages,
            "words_kept": kept,
            "words_removed": removed,
            "kept_share": round(kept / (kept + removed), 4),
        }
        for site, pages, kept, removed in journal.query(query, least, _MOST)
    ]


def _slowest(journal: Journal) -> list[dict[str, Any]]:
    query = "SELECT id, seconds FROM pages WHERE status = 'ok' ORDER BY seconds DESC, ordinal LIMIT ?"
    return [
        {"id": id_.decode("utf-8", "surrogatepass"), "seconds": seconds} for id_, seconds in journal.query(query, _MOST)
    ]


def _template_blocks(journal: Journal) -> int:
    return int(_one(journal, "SELECT total(json_extract(manifest, '$.page.template_blocks')) FROM pages"))


def _one(journal: Journal, query: str) -> Any:
    return next(journal.query(query))[0]
