"""The report of a batch: its figures, what stands out, its charts and tables, in the browser and as CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from stripper.cli import main
from stripper.review.charts import Series, bars
from stripper.review.report import make_report
from stripper.review.runs import open_run
from stripper.review.standouts import moved, nearly_empty
from stripper.review.tables import safe_cell, to_csv
from stripper.review.tally import Group, tally
from tests.review.conftest import needs_chromium
from tests.review.made_up import make_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.review.conftest import Opened

    Open = Callable[..., Opened]

PAGES = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run over sixty inputs of seven sites."""
    return make_run(tmp_path_factory.mktemp("run") / "out", PAGES, sites=7)


@pytest.fixture(scope="module")
def report(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return its report, tables beside it."""
    out = tmp_path_factory.mktemp("report") / "report.html"
    assert main(["report", str(run), "-o", str(out), "--csv", str(out.parent / "tables")]) == 0
    return out


def rows_of(run: Path) -> list[dict[str, Any]]:
    """The manifest."""
    return [json.loads(line) for line in (run / "manifest.jsonl").read_text("utf-8").splitlines()]


def table(report: Path, name: str) -> list[list[str]]:
    """A table as CSV, without its head."""
    with (report.parent / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


def test_the_figures_are_the_manifests(run: Path, report: Path) -> None:
    """Statuses, words by kind, failures by class: what the rows add up to."""
    rows = rows_of(run)
    done = [row for row in rows if row["status"] == "ok"]
    statuses = {status: int(count) for status, count in table(report, "status")}
    assert statuses == {"ok": len(done), "failed": PAGES // 10, "skipped": PAGES // 20}
    words: dict[str, int] = {}
    for row in done:
        for kind, count in row["words"]["by_kind"].items():
            words[kind] = words.get(kind, 0) + count
    assert {kind: int(count) for kind, count, _ in table(report, "kinds")} == words
    failed = [(row["status"], row["error"]) for row in rows if row["status"] != "ok"]
    told = {(status, error): int(count) for status, error, count, *_ in table(report, "failures")}
    assert told == {key: failed.count(key) for key in failed}


def test_words_by_kind_for_each_site(run: Path, report: Path) -> None:
    """And for each language and type; the sums agree."""
    done = [row for row in rows_of(run) if row["status"] == "ok"]
    seen = sum(row["words"]["seen"] for row in done)
    for name, groups in (("by-site", 7), ("by-language", 5), ("by-type", 4)):
        rows = table(report, name)
        assert len(rows) == groups
        assert sum(int(row[1]) for row in rows) == len(done)
        assert sum(int(row[3]) for row in rows) == sum(int(cell) for row in rows for cell in row[5:]) == seen


def test_confidence_is_counted_in_tenths(run: Path, report: Path) -> None:
    """Of pages by the manifest, of blocks by the records."""
    done = [row for row in rows_of(run) if row["status"] == "ok"]
    rows = table(report, "confidence")
    assert [int(row[1]) for row in rows] == [
        sum(min(int(row["page"]["confidence"] * 10), 9) == at for row in done) for at in range(10)
    ]
    assert sum(int(row[2]) for row in rows) == sum(int(row[3]) for row in rows) == 20 * len(done)
    assert table(report, "rules") == [["model", str(20 * len(done))], ["short", str(20 * len(done))]]


def test_the_report_is_the_same_in_every_process(run: Path, report: Path) -> None:
    """No order of a set or a hash shows, as in records (law 5)."""
    command = [sys.executable, "-m", "stripper", "report", str(run), "-o", str(report.parent / "again.html")]
    for seed in ("1", "2", "3"):
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True)
        assert (report.parent / "again.html").read_bytes() == report.read_bytes()


def test_pages_to_review_first_and_slowest(run: Path, report: Path) -> None:
    """Those that need review, the least sure first; those that took longest."""
    done = [row for row in rows_of(run) if row["status"] == "ok"]
    first = sorted(done, key=lambda row: (not row["page"]["needs_review"], row["page"]["confidence"]))
    assert [row[0] for row in table(report, "review-first")][:5] == [row["id"] for row in first[:5]]
    slow = sorted(done, key=lambda row: -row["seconds"])
    assert [float(row[5]) for row in table(report, "slowest")][:5] == [row["seconds"] for row in slow[:5]]


def group(kept: int, **words: int) -> Group:
    """A site."""
    out = Group(pages=1, kept=kept)
    out.words.update(words)
    return out


def test_sites_of_which_nearly_all_went() -> None:
    """Nine words in ten; a site of a few words says nothing."""
    sites = {
        "wall": group(50, content=50, consent=950),
        "fine": group(500, content=500, navigation=500),
        "tiny": group(0, legal=10),
    }
    assert [name for name, _ in nearly_empty(sites)] == ["wall"]


def test_sites_that_changed_since_a_former_run() -> None:
    """By the share of words that are of another kind; with the kind that moved most."""
    before = {"a": group(600, content=600, related=400), "b": group(700, content=700, legal=300)}
    after = {"a": group(200, content=200, related=800), "b": group(690, content=690, legal=310)}
    before["few words"], after["few words"] = group(1, content=1), group(0, legal=999)
    (found,) = moved(before, after)
    assert (found.site, round(found.shift, 3)) == ("a", 0.4)
    assert {found.kind} <= {"content", "related"}


def test_a_former_run_adds_a_table(run: Path, tmp_path: Path) -> None:
    """With --before; a run is not different from itself."""
    names = [section.table.name for section in make_report(open_run(run)).sections]
    with_former = make_report(open_run(run), open_run(run))
    assert [section.table.name for section in with_former.sections if section.table.name not in names] == ["changed"]
    assert next(section.table.rows for section in with_former.sections if section.table.name == "changed") == ()
    assert main(["report", str(run), "--before", str(run), "-o", str(tmp_path / "r.html")]) == 0


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_formula_is_text_in_csv(cell: str) -> None:
    """Whatever a URL or a message begins with; numbers stay numbers."""
    assert safe_cell(cell) == "'" + cell
    assert safe_cell(-1.5) == -1.5
    assert list(csv.reader(io.StringIO(to_csv(["n"], [[cell]]), newline=""))) == [["n"], ["'" + cell]]


def test_a_chart_has_nothing_that_a_strict_policy_refuses() -> None:
    """No style, no script, no link; labels are text, controls are shown as replaced."""
    svg = str(bars(["<script>x</script>", "a\x00b", "c" * 99], [Series("n", (1, 2, 3), ("plain",))]))
    assert "<script" not in svg
    assert "style" not in svg
    assert "a\ufffdb" in svg
    assert "c" * 30 not in svg


@pytest.mark.parametrize("form", ["files", "jsonl", "jsonl.gz"])
def test_shards_are_read_as_files_are(run: Path, tmp_path: Path, form: str) -> None:
    """The same figures from records in one file each, or in shards."""
    folder = run
    if form != "files":
        folder = tmp_path / "out"
        folder.mkdir()
        rows = rows_of(run)
        lines: list[str] = []
        for row in rows:
            if row["output"]:
                record = json.loads((run / row["output"]["record"]).read_text("utf-8"))
                row["output"] = {"shard": f"part-00000.{form}", "row": len(lines)}
                lines.append(json.dumps({"id": row["id"], "text": "x", "record": record}))
        (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        data = "".join(line + "\n" for line in lines).encode()
        (folder / f"part-00000.{form}").write_bytes(gzip.compress(data) if form.endswith("gz") else data)
    assert tally(open_run(folder)) == tally(open_run(run))


@pytest.mark.parametrize(
    ("content", "code", "problem"),
    [(None, 2, "is no folder of `stripper batch`"), ("{}\n", 1, "is no row"), ("x\n", 1, "is no JSON")],
)
def test_what_is_no_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: str | None, code: int, problem: str
) -> None:
    """One line that names it; no report is left behind."""
    if content is not None:
        (tmp_path / "manifest.jsonl").write_text(content, "utf-8")
    assert main(["report", str(tmp_path), "-o", str(tmp_path / "report.html")]) == code
    err = capfd.readouterr().err
    assert problem in err
    assert err.count("\n") == 1
    assert not (tmp_path / "report.html").exists()


@needs_chromium
def test_it_is_silent_and_sorts(opened: Open, report: Path) -> None:
    """No message, no request; a click on a column sorts by it, a second one the other way round."""
    page = opened(report)
    assert page.count("figure svg rect") > 50
    kinds = "selector => [...new Set([...document.querySelectorAll(selector)].map(e => e.classList[0]))].sort()"
    charted = page.page.evaluate(kinds, "#by-site svg g[class^=k-]")
    assert charted  # every colour has its name below the chart
    assert page.page.evaluate(kinds, "#by-site .legend li") == charted
    values = "() => [...document.querySelectorAll('#by-site tbody tr')].map(row => Number(row.cells[3].textContent))"
    page.page.click("#by-site th:nth-child(4) button")
    assert page.page.evaluate(values) == sorted(page.page.evaluate(values), reverse=True)
    assert page.page.get_attribute("#by-site th:nth-child(4)", "aria-sort") == "descending"
    page.page.click("#by-site th:nth-child(4) button")
    assert page.page.evaluate(values) == sorted(page.page.evaluate(values))
    assert (page.said, page.asked) == ([], [])


@needs_chromium
def test_tables_are_saved_as_csv(opened: Open, report: Path, tmp_path: Path) -> None:
    """The browser's file is the command's, cell by cell."""
    page = opened(report)
    with page.page.expect_download() as download:
        page.page.click("#failures .csv")
    download.value.save_as(tmp_path / "failures.csv")
    with (tmp_path / "failures.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[1:] == table(report, "failures")


@needs_chromium
def test_it_fits_a_phone(opened: Open, report: Path) -> None:
    """Tables scroll in themselves."""
    page = opened(report, viewport={"width": 360, "height": 740})
    assert page.page.evaluate("() => document.documentElement.scrollWidth") <= 360


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_problem(opened: Open, tmp_path: Path, scheme: str) -> None:
    """In both colour schemes; of a small run, which has the same elements."""
    out = tmp_path / "report.html"
    assert main(["report", str(make_run(tmp_path / "out", 12, sites=2)), "-o", str(out)]) == 0
    assert opened(out, color_scheme=scheme).axe() == []


@needs_chromium
def test_hostile_names_run_nothing(opened: Open, tmp_path: Path) -> None:
    """Sites, ids, messages and classes come from outside."""
    folder = make_run(tmp_path / "out", 30, sites=2)
    attack = "=HYPERLINK(1)</script><script>window.hacked = 1</script><img src=x onerror=window.hacked=2>\x07\u202e"
    rows = rows_of(folder)
    for row in rows:
        row["site"] = row["message"] = attack
        row["error"] = attack if row["error"] else None
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    out = tmp_path / "report.html"
    assert main(["report", str(folder), "-o", str(out)]) == 0
    page = opened(out)
    assert page.page.evaluate("() => window.hacked === undefined")
    assert page.count("img") == 0
    assert (page.said, page.asked) == ([], [])


PEAK = """
import sys, tracemalloc
from stripper.cli import main
tracemalloc.start()
code = main(["report", sys.argv[1], "-o", sys.argv[2]])
print(tracemalloc.get_traced_memory()[1])
sys.exit(code)
"""
TABLE = 2_000_000  # bytes by which the interpreter's own table of names may grow, whatever a report holds


@pytest.mark.slow
def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """Ten times the pages, half as much again at most; a report of 20,000 takes less than a minute and 5 MB.

    In processes of their own: after other tests that table is large, and one doubling of it hides the report.
    """
    peaks = []
    for pages in (2_000, 20_000):
        folder = make_run(tmp_path / str(pages), pages, sites=500, blocks=4)
        out = tmp_path / "report.html"
        before = os.times()
        done = subprocess.run([sys.executable, "-c", PEAK, folder, out], check=True, capture_output=True, text=True)
        after = os.times()
        assert after.children_user + after.children_system - before.children_user - before.children_system < 60
        peaks.append(int(done.stdout.splitlines()[-1]))
        assert out.stat().st_size <= 5_000_000
    assert peaks[1] < 1.5 * peaks[0] + TABLE
