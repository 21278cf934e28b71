"""What a batch costs: time beside a loop over strip_html, memory over many pages.

    python tools/batch_figures.py              500 pages, CPU time: the loop, and a batch with one worker in its parts
    python tools/batch_figures.py --jobs       the same pages, seconds of one and of two workers: on an idle machine
    python tools/batch_figures.py --memory     20,000 pages, each with tags and words of its own: memory per 1,000 pages

Pages are the project's fixtures, made unlike each other by words and class names of their own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from stripper import strip_html
from stripper.batch.forms import Form
from stripper.batch.run import run_batch
from stripper.batch.settings import Nobody, Settings
from stripper.write import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIXTURES = sorted((Path(__file__).resolve().parents[1] / "fixtures").glob("*/page.html"))
PAGES, MANY, ROUNDS = 500, 20_000, 3
WARM = 100  # pages before which a worker loads what it needs
STEP = 1_000


def pages(count: int) -> Iterator[bytes]:
    """Yield pages, no two alike."""
    bodies = [path.read_bytes() for path in FIXTURES]
    for number in range(count):
        own = b"<p class='own-%d'>Number %d was counted on the quay, and counted again.</p><x-%d>tag</x-%d></body>"
        yield bodies[number % len(bodies)].replace(b"</body>", own % ((number,) * 4), 1)


def write(folder: Path, count: int) -> Path:
    """Write the pages as one table."""
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, body in enumerate(pages(count)):
            row = {"url": f"https://site-{number % 50}.example/{number}", "html": body.decode("utf-8", "replace")}
            file.write(to_json(row) + "\n")
    return path


class Measure(Nobody):
    """Notes what this process and its workers take while a batch runs."""

    def __init__(self, every: int) -> None:
        """Look after each `every` pages."""
        self.parent: list[int] = []  # bytes
        self.workers: list[int] = []  # bytes, the mean of those that are there
        self.worker_seconds: list[float] = []  # of CPU, of the workers that are there
        self._every, self._steps = every, 0

    def step(self, row: Mapping[str, object] | None) -> None:
        """Look."""
        self._steps += row is not None
        if row is None or self._steps % self._every:
            return
        self.parent.append(psutil.Process().memory_info().rss)
        # Started by multiprocessing's fork server, which is no worker.
        found = [child for server in psutil.Process().children() for child in server.children()]
        self.workers.append(sum(worker.memory_info().rss for worker in found) // max(len(found), 1))
        self.worker_seconds.append(sum(sum(worker.cpu_times()[:2]) for worker in found))


def slope(seen: list[int]) -> float:
    """Return by how many MB a series grows from one look to the next, after its first quarter."""
    later = seen[len(seen) // 4 :]
    return (later[-1] - later[0]) / 1e6 / max(len(later) - 1, 1)


def memory(folder: Path, count: int) -> None:
    """Print what many pages do to memory."""
    watch = Measure(STEP)
    table = write(folder, count)
    run_batch(Settings((str(table),), folder / "out", form=Form.JSONL, jobs=2, templates=False), watch)
    print(f"{'pages':>8}{'parent':>12}{'a worker':>12}")
    for number, (parent, worker) in enumerate(zip(watch.parent, watch.workers, strict=True), 1):
        print(f"{number * STEP:>8}{parent / 1e6:>9.1f} MB{worker / 1e6:>9.1f} MB")
    print(f"MB per 1,000 pages: parent {slope(watch.parent):.2f}, worker {slope(watch.workers):.2f}")


def loop(*, records: bool) -> float:
    """Return the CPU seconds of a plain loop over the pages."""
    begun = time.process_time()
    for number, body in enumerate(pages(PAGES)):
        page = strip_html(body, f"https://site-{number % 50}.example/{number}")
        if records:
            to_json({"text": page.text, "record": page.record()})
    return time.process_time() - begun


class Cost(NamedTuple):
    """CPU seconds of a batch with one worker, but for what starting takes."""

    made: float  # of making pages
    worker: float
    parent: float


def batch(table: Path, out: Path, form: Form, *, templates: bool) -> Cost:
    """Return what a batch costs over all pages, as its pages after the first 100 tell."""
    watch = Measure(WARM)
    begun = time.process_time()
    run_batch(Settings((str(table),), out, form=form, templates=templates), watch)
    parent = time.process_time() - begun
    rows = map(json.loads, (out / "manifest.jsonl").read_text("utf-8").splitlines()[WARM:])
    scale = PAGES / (PAGES - WARM)
    worker = watch.worker_seconds[-1] - watch.worker_seconds[0]
    return Cost(scale * sum(row["seconds"] for row in rows), scale * worker, parent)


def overhead(folder: Path) -> None:
    """Print what a batch costs beside a loop, in CPU time: figures that hold on a busy machine."""
    table = write(folder, PAGES)
    strip_html(b"<p>The first page pays for imports.</p>")
    for round_ in range(ROUNDS):
        plain, recorded = loop(records=False), loop(records=True)
        print(
            f"a loop over strip_html: {1000 * plain / PAGES:.2f} ms a page; with records as JSON {recorded / plain:.2f}"
        )
        print(
            f"{'beside the loop':<24}{'making':>8}{'worker':>8}{'parent':>8}{'worker beside the loop with records':>38}"
        )
        for form, templates in ((Form.JSONL, False), (Form.TXT, False), (Form.JSONL, True)):
            cost = batch(table, folder / f"{round_}-{form}-{templates}", form, templates=templates)
            name = f"{form}{', templates' if templates else ''}"
            print(f"{name:<24}{''.join(f'{part / plain:>8.2f}' for part in cost)}{cost.worker / recorded:>38.2f}")


def scaling(folder: Path) -> None:
    """Print what a second worker gives."""
    table = write(folder, PAGES)
    seconds = []
    for jobs in (1, 2):
        begun = time.perf_counter()
        run_batch(Settings((str(table),), folder / f"jobs-{jobs}", form=Form.JSONL, jobs=jobs, templates=False))
        seconds.append(time.perf_counter() - begun)
    print(f"one worker {seconds[0]:.1f} s, two {seconds[1]:.1f} s: {seconds[0] / seconds[1]:.2f} x")


def main(argv: list[str]) -> int:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        if argv[:1] == ["--memory"]:
            memory(Path(name), int(argv[1]) if argv[1:] else MANY)
        elif argv[:1] == ["--jobs"]:
            scaling(Path(name))
        else:
            overhead(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
