"""``make bench``: CPU time a page of stripper and of other tools, in one run.

200 pages of ../shared/corpora/wcxb-dev where it is present (a fixed sample; ``--all``: every page), else the project's
own fixtures. Each tool takes a page's bytes; the tools take turns on every page, so that a change of the machine's
speed hits all alike. CPU time of this process (time.process_time), the faster of two rounds over all pages
(``--rounds``): one page twice in a row would find its own class names and labels in our memos. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import gzip
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "wcxb-dev" / "html"
TEXTS = ROOT.parent / "shared" / "corpora" / "text-dev" / "txt"
SAMPLE = 200
TEXT = 4000  # characters
RESILIPARSE = "resiliparse, main content"
IMPORT = "import time; t = time.perf_counter(); import stripper; print(time.perf_counter() - t)"


def main() -> int:
    """Print three tables."""
    parser = argparse.ArgumentParser(description="CPU time a page of stripper and of other tools.")
    parser.add_argument("--all", action="store_true", help=f"all pages in place of {SAMPLE}")
    parser.add_argument("--rounds", type=int, default=2, help="rounds over the pages, of which the fastest counts")
    given = parser.parse_args()
    pages = _pages(None if given.all else SAMPLE)
    size = statistics.fmean([len(_read(path)) for path in pages]) / 1000
    print(f"{len(pages)} HTML pages, {size:.0f} kB in the mean, CPU ms a page\n")
    _print_tools(_measure(_tools(), pages, given.rounds))
    _print_texts(given.rounds)
    print(f"import stripper: {1000 * _import_seconds():.0f} ms (best of 5)")
    return 0


def _print_texts(rounds: int) -> None:
    """Print how fast plain text goes: whole texts, texts of 4 kB, and that a long file takes no more time a byte."""
    from stripper import strip_text

    texts = [path.read_text("utf-8") for path in _texts()]
    print()
    for label, some in (("whole", texts), ("of 4 kB", [text[:TEXT] for text in texts if len(text) >= TEXT])):
        seconds = sum([min(_seconds(strip_text, text) for _ in range(rounds)) for text in some])
        megabytes = sum(len(text.encode()) for text in some) / 1e6
        print(
            f"strip_text: {len(some)} texts {label}, {len(some) / seconds:,.0f} texts/s, "
            f"{megabytes / seconds:.2f} MB/s of CPU"
        )
    long = "\n\n".join(texts)
    for size in (3, 12, 50):
        text = (long * (size * 1_000_000 // len(long) + 1))[: size * 1_000_000]
        print(f"strip_text: a file of {size} M characters, {size / _seconds(strip_text, text):.2f} M characters/s")


def _seconds(call: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    call(text)
    return time.process_time() - start


def _pages(count: int | None) -> Sequence[Path]:
    paths = sorted(CORPUS.glob("*.html.gz")) or sorted(ROOT.glob("fixtures/*/page.html"))
    return _sample(paths, count or len(paths))


def _texts() -> Sequence[Path]:
    return _sample(sorted(TEXTS.glob("*.txt")) or sorted(ROOT.glob("fixtures/*/page.txt")), SAMPLE)


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _sample(paths: Sequence[Path], count: int) -> Sequence[Path]:
    return random.Random(1).sample(paths, min(count, len(paths)))  # noqa: S311 - a fixed sample


def _tools() -> dict[str, Callable[[bytes], object]]:
    """Return the tools by name; each is called once on nothing much, so that imports and caches are not counted."""
    import trafilatura
    from lxml import html as lxml_html
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    from stripper import Options, strip_html

    with_metadata = Options(metadata=True)

    def resiliparse(data: bytes) -> object:
        return extract_plain_text(HTMLTree.parse_from_bytes(data, detect_encoding(data) or "utf-8"), main_content=True)

    def lxml_parse(data: bytes) -> object:
        # Some tools can't take a page: the time until they say so counts.
        try:
            return lxml_html.document_fromstring(data)
        except ValueError:
            return None

    tools: dict[str, Callable[[bytes], object]] = {
        "stripper: strip_html": strip_html,
        "stripper: strip_html and record()": lambda data: strip_html(data).record(),
        "stripper: the same with metadata": lambda data: strip_html(data, options=with_metadata).record(),
        "trafilatura": trafilatura.extract,
        "trafilatura, fast": lambda data: trafilatura.extract(data, fast=True),
        RESILIPARSE: resiliparse,
        "lxml, parse alone": lxml_parse,
    }
    for call in tools.values():
        call(b"<html><body><p>The first page pays for imports and caches.</p></body></html>")
    return tools


def _measure(
    tools: Mapping[str, Callable[[bytes], object]], pages: Sequence[Path], rounds: int
) -> dict[str, list[float]]:
    """Return CPU seconds for each page, by tool."""
    seconds = {name: [float("inf")] * len(pages) for name in tools}
    for _ in range(rounds):
        for i, path in enumerate(pages):
            page = _read(path)
            for name, call in tools.items():
                start = time.process_time()
                call(page)
                seconds[name][i] = min(seconds[name][i], time.process_time() - start)
    return seconds


def _print_tools(seconds: Mapping[str, Sequence[float]]) -> None:
    bases = [statistics.fmean(seconds[name]) for name in ("trafilatura", RESILIPARSE)]
    print(f"{'':<36}{'mean':>8}{'median':>8}{'slowest':>9}{'x trafilatura':>15}{'x resiliparse':>15}")
    for name, spent in seconds.items():
        mean = statistics.fmean(spent)
        median, worst = 1000 * statistics.median(spent), 1000 * max(spent)
        ratios = "".join([f"{mean / base:>15.3f}" for base in bases])
        print(f"{name:<36}{1000 * mean:>8.2f}{median:>8.2f}{worst:>9.1f}{ratios}")


def _import_seconds() -> float:
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, check=True, text=True) for _ in range(5)
    ]
    return min(float(run.stdout) for run in runs)


if __name__ == "__main__":
    sys.exit(main())
