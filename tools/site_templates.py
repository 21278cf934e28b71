"""Word F1 with and without site templates, on the hosts of a labelled corpus.

    python tools/site_templates.py ../shared/corpora/wcxb-dev          hosts with four and more pages
    python tools/site_templates.py ../shared/corpora/wcxb-dev --few    two and three pages, each counted twice

The rule's two factors were chosen on the few, so the others are new to them; the model has seen both.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from stripper.datatypes import Kind
from stripper.evaluation import Prediction, open_corpus, score_page
from stripper.options import Options
from stripper.parse import decode
from stripper.pipeline import parse_decoded, strip_decoded
from stripper.reading import read_file
from stripper.segment import fingerprints
from stripper.segment.profile import LEAST_PAGES
from stripper.sites import SiteProfile, host_of

OPTIONS = Options(drop=frozenset({Kind.TITLE}))


def main(argv: list[str]) -> int:
    """Print a line for each host, and the whole."""
    few = "--few" in argv
    hosts = defaultdict(list)
    for gold in open_corpus(Path(argv[0])).pages:
        hosts[host_of(gold.url)].append(gold)
    scores: list[tuple[float, float]] = []
    for host, pages in sorted(hosts.items(), key=lambda pair: str(pair[0])):
        if host is None or len(pages) == 1 or (len(pages) < LEAST_PAGES) is not few:
            continue
        raws = [replace(read_file(gold.path, OPTIONS), url=gold.url) for gold in pages]
        decoded = [decode(raw, OPTIONS.max_bytes) for raw in raws]
        parsed = [parse_decoded(raw, text, None) for raw, text in zip(raws, decoded, strict=True)]
        counts = Counter(print_ for page in parsed for print_ in set(fingerprints(page)))
        times = 2 if few else 1
        profile = SiteProfile(host, times * len(pages), {print_: times * n for print_, n in counts.items()}, "")
        mine = []
        for gold, raw, text in zip(pages, raws, decoded, strict=True):
            made = [strip_decoded(raw, text, OPTIONS, None, known) for known in (None, profile)]
            words = [score_page(gold, Prediction(page.text)).words for page in made]
            mine.append(tuple(found.f1 if found else 0.0 for found in words))
        scores += [(without, with_) for without, with_ in mine]
        without, with_ = map(statistics.fmean, zip(*mine, strict=True))
        print(f"{host:<40}{len(pages):>4} pages  without {without:.4f}  with {with_:.4f}")
    without, with_ = map(statistics.fmean, zip(*scores, strict=True))
    print(f"{'all':<40}{len(scores):>4} pages  without {without:.4f}  with {with_:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
