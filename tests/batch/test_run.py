"""A batch accounts for every input, does nothing twice, and goes on where an earlier run was."""

from __future__ import annotations

import gc
import json
import os
import pathlib
import subprocess
import sys
import tracemalloc
from hashlib import sha256

import pytest

from stripper import Kind, Options, restore
from stripper.batch.forms import Form
from stripper.batch.items import Made
from stripper.batch.journal import Journal
from stripper.batch.run import run_batch
from stripper.batch.settings import Nobody, Settings
from stripper.errors import FolderInUse, OutputError, UsageError, WorkerDied
from stripper.reading import read_packed
from stripper.workers import Stop
from stripper.write import schema
from tests.batch.conftest import html
from tests.batch.engine import inline

GOOD = 30


def good(place, count=GOOD):
    """Write that many good pages into `in`."""
    for number in range(count):
        place.write(f"in/{number:02}.html", html(number))


# What peers lose


def test_bad_inputs_cost_nobody_else(place):
    """30 good files, a link to nothing, an empty file, a picture, a file that cannot be read: 30 of 30 outputs."""
    good(place)
    (place.root / "in" / "dangling.html").symlink_to("nowhere")
    place.write("in/empty.html", "")
    place.write("in/picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    place.write("in/style.css", "p {}")
    result = place.run("in")
    assert result.failed == 3
    told = place.told()
    assert [told.pop(f"in/{number:02}.html") for number in range(GOOD)] == ["ok"] * GOOD
    assert told == {
        "in/dangling.html": "UnreadableInput",
        "in/empty.html": "EmptyInput",
        "in/picture": "UnsupportedInput",
        "in/style.css": "NotAPage",
    }
    for number in range(GOOD):
        assert f"Day {number} on the bank" in (place.out / f"{number:02}.txt").read_text("utf-8")
    summary = json.loads((place.out / "summary.json").read_text("utf-8"))
    assert (summary["inputs"], summary["ok"], summary["failed"], summary["skipped"]) == (34, 30, 3, 1)


def test_a_file_that_cannot_be_read(place, monkeypatch):
    """No permission is a row like any other."""
    good(place, 2)

    def refuse(path, options):
        from stripper.errors import UnreadableInput
        from stripper.reading import read_packed

        if str(path).endswith("00.html"):
            raise UnreadableInput(str(path), "cannot be read: Permission denied")
        return read_packed(path, options)

    monkeypatch.setattr("stripper.batch.sources.read_packed", refuse)
    place.run("in")
    assert place.told() == {"in/00.html": "UnreadableInput", "in/01.html": "ok"}


def test_pages_that_differ_only_in_a_number_are_all_there(place):
    """Outputs are named after inputs, not after their content."""
    for number in range(GOOD):
        place.write(f"in/{number}.html", html(0).replace("Day 0", f"Day {number}"))
    place.run("in")
    assert len(list(place.out.glob("*.txt"))) == GOOD


@pytest.mark.parametrize("absolute", [False, True])
def test_folders_are_mirrored(place, absolute):
    """However the folder is named; of several folders each has its own name on top."""
    for name in ("in/a/x.html", "in/a/b/x.html", "in/x.html", "other/x.html"):
        place.write(name, html(len(name)))
    root = place.root if absolute else "."
    place.run(f"{root}/in")
    assert sorted(str(path.relative_to(place.out)) for path in place.out.rglob("*.txt")) == [
        "a/b/x.txt",
        "a/x.txt",
        "x.txt",
    ]
    both = place.root / "both"
    place.run(f"{root}/in/", f"{root}/other", out=both)
    assert sorted(str(path.relative_to(both)) for path in both.rglob("*.txt")) == [
        *("in/a/b/x.txt", "in/a/x.txt", "in/x.txt", "other/x.txt")
    ]


@pytest.mark.parametrize(
    "name", ["CON.html", "a\nb.html", "..html", "x" * 200 + ".html", "a.html", "a.txt", "summary.html", "manifest.html"]
)
def test_odd_names_stay_inside(place, name):
    """Each input has outputs of its own, all below the output folder, and the batch's own files stay."""
    place.write("in/A.html", html(1))
    place.write(f"in/{name}", html(2))
    place.write("in/sub.json/x.html", html(3))
    place.write("in/sub.html", html(4))
    place.run("in")
    outputs = [row["output"]["text"] for row in place.manifest() if row["output"]]
    assert len({output.casefold() for output in outputs}) == len(outputs) == 3 + (not name.startswith("."))
    for output in outputs:
        path = (place.out / output).resolve()
        assert path.is_relative_to(place.out.resolve())
        assert path.is_file()
    assert json.loads((place.out / "summary.json").read_text("utf-8"))["schema"] == "stripper.summary/1"


def test_names_that_are_no_utf8(place):
    """Such a file is a page like any other."""
    place.write(os.fsdecode(b"in/\xff.html"), html(1))
    place.run("in")
    (row,) = place.manifest()
    assert row["id"] == "in/\udcff.html"
    assert row["status"] == "ok"


# Outputs


@pytest.mark.parametrize("form", list(Form))
def test_every_form_gives_text_and_record_back(place, form):
    """Text and record of each page restore its page text, in every form."""
    from stripper.batch.tables import read_lines

    good(place, 5)
    place.run("in", form=form, shard_inputs=2)
    rows = place.manifest()
    if not form.sharded:
        for row in rows:
            text = (place.out / row["output"]["text"]).read_text("utf-8")
            record = json.loads((place.out / row["output"]["record"]).read_text("utf-8"))
            if form is Form.TXT:
                assert "Home" in restore(text, record)
        return
    assert [row["output"] for row in rows] == [
        {"shard": f"part-{number // 2:05}.{form}", "row": number % 2} for number in range(5)
    ]
    for row in rows:
        line = list(read_lines(place.out / row["output"]["shard"], form))[row["output"]["row"]]
        page = json.loads(line)
        assert page["id"] == row["id"] == page["record"]["source"]["id"]
        assert "Home" in restore(page["text"], page["record"])


def test_all_shards_hold_the_same_rows(place):
    """Plain, compressed and Parquet are one table."""
    from stripper.batch.tables import read_lines

    good(place, 5)
    place.write("in/odd.html", html(9, tail="<p>half a pair: &#xD83D; and a line\u2028separator</p>"))
    tables = {}
    for form in Form:
        if form.sharded:
            out = place.root / form
            place.run("in", form=form, out=out)
            tables[form] = [json.loads(line) for line in read_lines(out / f"part-00000.{form}", form)]
    assert len(tables) == 4
    assert all(table == tables[Form.JSONL] for table in tables.values())


def test_parquet_has_a_fixed_schema(place):
    """Names, types and version stand in the file."""
    import pyarrow.parquet

    from stripper.batch.forms import COLUMNS

    good(place, 3)
    place.run("in", form=Form.PARQUET)
    table = pyarrow.parquet.read_table(place.out / "part-00000.parquet")
    assert [(field.name, str(field.type)) for field in table.schema] == list(COLUMNS)
    assert table.schema.metadata[b"stripper.schema"] == b"stripper.page/1"


def test_records_obey_the_schema(place):
    """Also with what templates add."""
    import jsonschema

    for number in range(6):
        place.write(f"in/{number}.html", html(number, tail="<div><p>Tea is served above the chandlery.</p></div>"))
    place.run("in", templates=True)
    for path in place.out.rglob("?.json"):
        record = json.loads(path.read_text("utf-8"))
        jsonschema.validate(record, schema())
        assert record["stripper"]["profile"]["pages"] == 6


def test_removed_texts_once(place):
    """--blocks: records refer by hash, and the texts bring the plain record back."""
    from stripper.write.blocks import with_texts

    good(place, 4)
    place.run("in", blocks=True)
    texts = {}
    for line in (place.out / "blocks.jsonl").read_text("utf-8").splitlines():
        block = json.loads(line)
        assert block["block"] not in texts
        texts[block["block"]] = block["text"]
    assert list(texts) == sorted(texts)
    plain = place.root / "plain"
    place.run("in", out=plain)
    for number in range(4):
        record = json.loads((place.out / f"{number:02}.json").read_text("utf-8"))
        assert record["schema"] == "stripper.record/1+blocks"
        assert with_texts(record, texts.__getitem__) == json.loads((plain / f"{number:02}.json").read_text("utf-8"))


# Again


@pytest.mark.parametrize("form", [Form.TXT, Form.JSONL])
def test_what_is_done_is_not_done_again(place, form):
    """A second run works on nothing and leaves the same manifest."""
    good(place, 5)
    place.run("in", form=form)
    assert len(place.worked) == 5
    before = place.manifest()
    place.run("in", form=form)
    assert place.worked == []
    assert place.manifest() == before


@pytest.mark.parametrize("form", [Form.TXT, Form.JSONL])
def test_what_changed_is_done_again(place, form):
    """A changed page, a new one, other options: these and no others; the result is that of a fresh run."""
    good(place, 6)
    place.run("in", form=form, shard_inputs=2)
    place.write("in/03.html", html(33))
    place.write("in/99.html", html(99))
    place.run("in", form=form, shard_inputs=2)
    assert place.worked == ["in/03.html", "in/99.html"]
    fresh = place.root / "fresh"
    place.run("in", form=form, shard_inputs=2, out=fresh)
    assert snapshot(place.out) == snapshot(fresh)
    place.run("in", form=form, shard_inputs=2, options=Options(keep=frozenset({Kind.NAVIGATION})))
    assert len(place.worked) == 7


@pytest.mark.parametrize("form", [Form.TXT, Form.JSONL])
def test_a_page_that_fails_later_leaves_no_stale_output(place, form):
    """Its old text would be taken for the new one's."""
    good(place, 3)
    place.run("in", form=form)
    place.write("in/01.html", " ")
    place.run("in", form=form)
    assert place.told() == {"in/00.html": "ok", "in/01.html": "EmptyInput", "in/02.html": "ok"}
    fresh = place.root / "fresh"
    place.run("in", form=form, out=fresh)
    assert snapshot(place.out) == snapshot(fresh)
    place.write("in/01.html", html(1))
    place.run("in", form=form)
    assert set(place.told().values()) == {"ok"}


def test_a_lost_output_is_made_again(place):
    """Whoever deletes one gets it back."""
    good(place, 3)
    place.run("in")
    (place.out / "01.txt").unlink()
    place.run("in")
    assert place.worked == ["in/01.html"]


def test_failures_are_tried_again_when_asked(place):
    """Not otherwise: the same bytes fail the same way."""
    place.write("in/bad.html", "")
    place.run("in")
    assert place.run("in").failed == 1
    assert place.worked == []
    place.run("in", retry_failed=True)
    assert place.worked == ["in/bad.html"]


def test_a_page_that_kills_is_kept_apart(place):
    """Two tries, a row with the hash of its bytes; the next run leaves it alone unless it is asked for."""
    good(place, 3)
    worked = []

    def deadly(items, work, jobs, plan):
        for item, outcome in inline(items, work, jobs, plan):
            if isinstance(outcome, Made) and item.id.endswith("01.html"):
                worked.append(item.id)
                yield item, WorkerDied(item.id, "its worker was killed by signal 9, twice")
            else:
                yield item, outcome

    def run(**more):
        settings = Settings(("in",), place.out, templates=False, **more)
        return run_batch(settings, engine=deadly).failed

    assert run() == run() == 1
    row = place.manifest()[1]
    assert (row["error"], row["tries"], row["sha256"]) == ("WorkerDied", 2, sha256(html(1).encode()).hexdigest())
    assert worked == ["in/01.html"]
    run(retry_failed=True)
    assert worked == ["in/01.html"] * 2


def test_inputs_that_are_gone_keep_their_rows(place):
    """What was made is never thrown away because its input is not there any more."""
    good(place, 3)
    place.run("in", form=Form.JSONL)
    (place.root / "in" / "01.html").unlink()
    place.run("in", form=Form.JSONL)
    assert len(place.manifest()) == 3


def test_another_form_is_refused(place):
    """One folder holds one batch."""
    good(place, 1)
    place.run("in")
    with pytest.raises(UsageError, match="another form"):
        place.run("in", form=Form.JSONL)


def test_a_second_run_is_refused(place):
    """While the first one writes."""
    good(place, 2)

    class Second(Nobody):
        def step(self, _row):
            with pytest.raises(FolderInUse, match="another batch"):
                run_batch(Settings(("in",), place.out, templates=False), engine=inline)
            raised.append(True)

    raised: list[bool] = []
    run_batch(Settings(("in",), place.out, templates=False), Second(), engine=inline)
    assert len(raised) == 2


def test_a_killed_run_does_not_hold_the_folder(place):
    """The lock dies with its process."""
    good(place, 1)
    script = (
        "import os, filelock, pathlib; pathlib.Path('out/.stripper').mkdir(parents=True)\n"
        "filelock.FileLock('out/.stripper/lock').acquire(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    assert place.run("in").failed == 0


def test_a_stopped_run_goes_on(place):
    """What was done stands; the rest is done by the next run, and the result is that of one run."""
    good(place, 9)
    stop = Stop()

    class Stopper(Nobody):
        def step(self, row):
            if row and row["id"].endswith("04.html"):
                stop.ask()

    settings = Settings(("in",), place.out, form=Form.JSONL, templates=False, shard_inputs=2)
    result = run_batch(settings, Stopper(), stop, inline)
    assert not result.complete
    assert not json.loads((place.out / "summary.json").read_text("utf-8"))["complete"]
    assert len(place.manifest()) == 5
    place.run("in", form=Form.JSONL, shard_inputs=2)
    assert len(place.worked) == 4
    fresh = place.root / "fresh"
    place.run("in", form=Form.JSONL, shard_inputs=2, out=fresh)
    assert snapshot(place.out) == snapshot(fresh)


# Copies


def test_the_same_bytes_are_stripped_once(place):
    """Two records, each with its own name."""
    for name in ("a", "b", "c"):
        place.write(f"in/{name}.html", html(1))
    place.run("in")
    assert len(place.worked) == 1
    records = [json.loads((place.out / f"{name}.json").read_text("utf-8")) for name in ("a", "b", "c")]
    assert [record.pop("source").pop("id") for record in records] == ["in/a.html", "in/b.html", "in/c.html"]
    assert records[0] == records[1] == records[2]


def test_copies_are_what_they_would_be_alone(place):
    """In every form: the copied result equals the made one."""
    for name in ("a", "b"):
        place.write(f"in/{name}.html", html(1))
    for form in (Form.TXT, Form.JSONL):
        both, alone = place.root / f"both-{form}", place.root / f"alone-{form}"
        place.run("in", form=form, out=both)
        place.run("in/b.html", form=form, out=alone)
        if form is Form.TXT:
            assert (both / "b.json").read_text("utf-8") == (alone / "b.json").read_text("utf-8")
        else:
            assert (both / "part-00000.jsonl").read_text("utf-8").splitlines()[1:] == (
                (alone / "part-00000.jsonl").read_text("utf-8").splitlines()
            )


def test_an_input_that_is_named_twice(place):
    """It is done once, and the second mention is a row of its own."""
    place.write("a.html", html(1))
    place.run("a.html", "a.html")
    assert place.worked == ["a.html"]
    assert place.told() == {"a.html": "ok", "a.html (2)": "Duplicate"}


# Memory


def test_memory_does_not_grow_with_the_pages(place, monkeypatch):
    """All that grows is on disk, or bounded. `tools/batch_figures.py --memory` does 20,000 real pages."""
    monkeypatch.setattr("stripper.batch.account._CACHE_BYTES", 0)
    held = {}

    def made(item, **_):
        from stripper.batch.items import Made

        return Made(
            {"mode": "html"}, {"kept": 1, "removed": 1, "by_kind": {}}, (f'{{"id": "{item.id}"}}\n'.encode(),), (), 0.1
        )

    class Memory(Nobody):
        steps = 0

        def step(self, _row):
            self.steps += 1
            if self.steps in {2000, 6000}:
                gc.collect()
                # pathlib interns names; the table of them, which other tests have filled, doubles at once.
                names = tracemalloc.Filter(inclusive=False, filename_pattern=pathlib.__file__)
                ours = tracemalloc.take_snapshot().filter_traces([names])
                held[self.steps] = sum(trace.size for trace in ours.traces)

    monkeypatch.setattr("stripper.batch.run.make", made)
    rows = "".join(
        json.dumps({"url": f"https://s{n % 40}.example/{n}", "text": f"page {n}"}) + "\n" for n in range(6000)
    )
    table = place.write("t.jsonl", rows)
    tracemalloc.start()
    try:
        run_batch(Settings((str(table),), place.out, form=Form.JSONL, templates=False), Memory(), engine=inline)
    finally:
        tracemalloc.stop()
    assert held[6000] - held[2000] < 4 * 1_000_000 / 10  # a tenth of what 1 MB per 1,000 pages allows


# Trouble with the disk


def test_a_full_disk_is_one_line_and_the_next_run_goes_on(place, monkeypatch):
    """Exit with a message, the journal whole."""
    good(place, 4)
    with monkeypatch.context() as patch:
        calls = []

        def full(handle):
            calls.append(handle)
            if len(calls) == 5:
                raise OSError(28, "No space left on device")

        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            place.run("in")
    place.run("in")
    assert set(place.told().values()) == {"ok"}
    assert 0 < len(place.worked) < 4


def test_a_full_journal_is_told_by_its_own_words(tmp_path):
    """SQLite ends the transaction that found the disk full: closing has nothing left to commit, and says nothing."""
    journal = Journal(tmp_path / "j")
    journal._db.execute("PRAGMA max_page_count = 40")
    with pytest.raises(OutputError, match="disk is full"):
        journal.put_line(0, bytes(10_000_000), 0)
    journal.close()
    Journal(tmp_path / "j").close()


def test_a_file_that_vanishes_is_a_row_of_its_own(place, monkeypatch):
    """The folder had it when it was listed; the others are done."""
    good(place, 3)

    def read(path, options):
        if path.endswith("01.html"):
            (place.root / path).unlink()
        return read_packed(path, options)

    monkeypatch.setattr("stripper.batch.sources.read_packed", read)
    assert place.run("in").failed == 1
    assert place.told() == {"in/00.html": "ok", "in/01.html": "UnreadableInput", "in/02.html": "ok"}
    assert place.manifest()[1]["message"].startswith("vanished")


def test_odd_line_ends_end_no_line_of_a_shard(place):
    """U+2028, U+2029 and U+0085 in a page and in a name: as many lines as rows, for every reader of lines."""
    place.write("in/a\u2028b.html", html(1, tail="<p>one\u2028two\u2029three\x85four, and a sentence goes on here</p>"))
    place.write("in/c.html", html(2))
    place.run("in", form=Form.JSONL)
    shard = (place.out / "part-00000.jsonl").read_text("utf-8")
    assert len(shard.splitlines()) == shard.count("\n") == 2
    assert len((place.out / "manifest.jsonl").read_text("utf-8").splitlines()) == 2


def test_an_output_folder_that_is_none(place):
    """A file in its place is told."""
    place.write("out", "a file")
    place.write("in/a.html", html(1))
    with pytest.raises(OutputError, match="cannot write"):
        place.run("in")


def test_the_output_folder_is_no_input(place):
    """A batch over "." does not read its own outputs."""
    place.write("a.html", html(1))
    place.run(".", form=Form.HTML)
    place.run(".", form=Form.HTML)
    assert place.told() == {"./a.html": "ok"}


def snapshot(out):
    """All files that readers see, without what differs between runs; the manifest in order of names."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = str(path.relative_to(out))
        if path.is_file() and not name.startswith(".stripper/") and name != "summary.json":
            found[name] = path.read_bytes()
    rows = [json.loads(line) for line in found.pop("manifest.jsonl").decode().splitlines()]
    for row in rows:
        row.pop("finished")
        row.pop("seconds")
    return found, sorted(rows, key=lambda row: row["id"])
