"""Word F1 with and without site templates, on the hosts of a labelled corpus.

    python tools/site_templates.py ../shared/corpora/wcxb-dev          hosts with four and more pages
    python tools/site_templates.py ../shared/corpora/wcxb-dev --few    two and three pages, each counted twice
    … --models DIR    each host by the model of a cross-validation (`crossvalidate -o DIR`) that never saw it

The rule's two factors were chosen on the few, so the others are new to them; the shipped model has seen both.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.datatypes import Kind
from stripper.evaluation import Prediction, open_corpus, score_page
from stripper.options import Options
from stripper.parse import decode
from stripper.pipeline import parse_decoded, strip_decoded
from stripper.reading import read_file
from stripper.segment import fingerprints
from stripper.segment.profile import LEAST_PAGES
from stripper.sites import SiteProfile, host_of
from stripper.training.folds import fold_of
from stripper.training.folds import host_of as registered

if TYPE_CHECKING:
    from stripper.evaluation import GoldPage

OPTIONS = Options(drop=frozenset({Kind.TITLE}))


def main(argv: list[str]) -> int:
    """Print a line for each host, and the whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--models", type=Path)
    given = parser.parse_args(argv)
    few = given.few
    hosts = defaultdict(list)
    for gold in open_corpus(given.corpus).pages:
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
        options = OPTIONS if given.models is None else replace(OPTIONS, model=_model(given.models, pages[0]))
        mine = []
        for gold, raw, text in zip(pages, raws, decoded, strict=True):
            made = [strip_decoded(raw, text, options, None, known) for known in (None, profile)]
            words = [score_page(gold, Prediction(page.text)).words for page in made]
            mine.append(tuple(found.f1 if found else 0.0 for found in words))
        scores += [(without, with_) for without, with_ in mine]
        without, with_ = map(statistics.fmean, zip(*mine, strict=True))
        print(f"{host:<40}{len(pages):>4} pages  without {without:.4f}  with {with_:.4f}")
    without, with_ = map(statistics.fmean, zip(*scores, strict=True))
    print(f"{'all':<40}{len(scores):>4} pages  without {without:.4f}  with {with_:.4f}")
    return 0


def _model(folder: Path, page: GoldPage) -> str:
    """Return the model of the fold in which the page's host was held out."""
    fold = fold_of(registered(page.url, page.id), len(list(folder.glob("fold-*.model"))))
    return str(folder / f"fold-{fold + 1}.model")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
