"""What a batch costs: time beside a loop over strip_html, scaling over workers, memory over many pages.

    python tools/batch_figures.py              500 pages: the loop, one worker, two workers
    python tools/batch_figures.py --memory     20,000 pages, each with tags and words of its own: memory per 1,000 pages

Pages are the project's fixtures, made unlike each other by words and class names of their own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from stripper import strip_html
from stripper.batch.forms import Form
from stripper.batch.run import run_batch
from stripper.batch.settings import Nobody, Settings
from stripper.write import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIXTURES = sorted((Path(__file__).resolve().parents[1] / "fixtures").glob("*/page.html"))
PAGES, MANY = 500, 20_000
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


class Memory(Nobody):
    """Notes the memory of this process and its workers while a batch runs."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self._steps = 0

    def step(self, row: Mapping[str, object] | None) -> None:
        """Look every 1,000 pages."""
        self._steps += row is not None
        if row is not None and self._steps % STEP == 0:
            self.seen.append(psutil.Process().memory_info().rss)
            print(f"  {self._steps:>6} pages: {self.seen[-1] / 1e6:.1f} MB", flush=True)


def timed(jobs: int, table: Path, folder: Path, *, templates: bool) -> float:
    """Return the seconds that a batch takes."""
    begun = time.perf_counter()
    out = folder / f"out-{jobs}-{templates}"
    run_batch(Settings((str(table),), out, form=Form.JSONL, jobs=jobs, templates=templates))
    return time.perf_counter() - begun


def main(argv: list[str]) -> int:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if argv[:1] == ["--memory"]:
            count = int(argv[1]) if argv[1:] else MANY
            watch = Memory()
            settings = Settings((str(write(folder, count)),), folder / "out", form=Form.JSONL, jobs=2, templates=False)
            run_batch(settings, watch)
            half = watch.seen[len(watch.seen) // 4 :]
            slope = (half[-1] - half[0]) / 1e6 / max(len(half) - 1, 1)
            print(f"slope after the first quarter: {slope:.2f} MB per 1,000 pages")
            return 0
        table = write(folder, PAGES)
        strip_html(b"<p>The first page pays for imports.</p>")
        begun = time.perf_counter()
        for body in pages(PAGES):
            strip_html(body)
        loop = time.perf_counter() - begun
        begun = time.perf_counter()
        for body in pages(PAGES):
            page = strip_html(body)
            to_json({"text": page.text, "record": page.record()})
        whole = time.perf_counter() - begun
        print(f"strip_html in a loop: {loop:.2f} s; with its record as JSON: {whole:.2f} s ({PAGES} pages)")
        one = timed(1, table, folder, templates=False)
        two = timed(2, table, folder, templates=False)
        learned = timed(2, table, folder, templates=True)
        print(f"one worker: {one:.2f} s, {one / loop:.2f} x the loop, {one / whole:.2f} x the loop with records")
        print(f"two workers: {two:.2f} s, {one / two:.2f} x one; with templates {learned:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
