"""All seven laws on every page of the folders given: ``python -m tests.laws FOLDER...``.

A folder is a labelled corpus or ``fixtures``. Each page is stripped twice, in two processes and in opposite orders;
the last line of a folder says how many pages there were, how many broke a law and how many raised.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from stripper import Failure, Mode, Options, Stripped, strip_many
from stripper.errors import InputError
from stripper.parse import decode
from stripper.pipeline import strip_raw
from stripper.reading import read_file
from tests.laws import checks, oracle, pages

JOBS = 2


class Finding(NamedTuple):
    """What one page showed."""

    outcome: str  # sha256 of the record, or the error
    violations: tuple[checks.Violation, ...] = ()
    exception: str | None = None  # anything but an error of the input
    lxml_differs: bool = False  # law 3 was settled by html5lib's tree
    misread: bool = False  # a text read as HTML or the other way round: the laws hold, the guess was wrong


def main(folders: list[str]) -> int:
    """Print the figures of each folder; return 1 where a law is broken, 2 where there is nothing to look at."""
    if not folders:
        print("usage: python -m tests.laws FOLDER...", file=sys.stderr)
        return 2
    # `corpora/*` names the README beside the corpora, too.
    broken = [folder for folder in folders if not Path(folder).is_file() and not _holds(Path(folder))]
    return 1 if broken else 0


def _holds(folder: Path) -> bool:
    found = pages.paths(folder)
    if not found:
        print(f"{folder}: no pages", file=sys.stderr)
        return False
    start = time.monotonic()
    with ProcessPoolExecutor(JOBS) as pool:
        findings = dict(zip(found, pool.map(look, found, chunksize=4), strict=True))
    # Laws 5 and 7: the same pages backwards, by other processes; one outcome each, and the same.
    outcomes = list(strip_many(found[::-1], jobs=JOBS))
    differ = [
        path
        for path, outcome in zip(found[::-1], outcomes, strict=False)
        if _outcome(outcome) != findings[path].outcome
    ]
    broken: Counter[int] = Counter({5: len(differ), 7: abs(len(outcomes) - len(found))})
    for path in differ:
        print(f"{path}: law 5: another process found something else")
    for path, finding in findings.items():
        broken.update({violation.law for violation in finding.violations})
        for law, detail in finding.violations:
            print(f"{path}: law {law}: {detail}")
        if finding.exception:
            print(f"{path}: {finding.exception}")
    exceptions = sum(finding.exception is not None for finding in findings.values())
    refused = sum(isinstance(outcome, Failure) for outcome in outcomes)
    print(
        f"{folder}: {len(found)} pages, {broken.total()} violations"
        + (f" ({', '.join(f'law {law}: {n}' for law, n in sorted(broken.items()) if n)})" if broken.total() else "")
        + f", {exceptions} exceptions; {refused} refused with an error of their own,"
        + f" {sum(finding.lxml_differs for finding in findings.values())} where lxml's tree lost words,"
        + f" {sum(finding.misread for finding in findings.values())} text taken for HTML or the reverse;"
        + f" {time.monotonic() - start:.0f} s"
    )
    return not broken.total() and not exceptions


def look(path: Path) -> Finding:
    """Strip one page and ask it laws 1 to 4 and 6."""
    mode = pages.mode(path)
    try:
        raw = read_file(path)
        decoded = decode(raw, Options().max_bytes).text
        page = strip_raw(raw)
        violations = checks.violations(page, decoded)
        differs = False
        if page.page.mode is Mode.HTML:
            root = oracle.lxml_tree(decoded)
            differs = root is not None and bool(checks.unseen(page, root))
            violations += checks.law_3(page, decoded)
        return Finding(_outcome(page), tuple(violations), None, differs, page.page.mode is not mode)
    except InputError as error:
        return Finding(str(error))
    except Exception as error:  # noqa: BLE001 - the figure that this command is asked for
        return Finding("", exception=f"{type(error).__name__}: {error}")


def _outcome(outcome: Stripped | Failure) -> str:
    if isinstance(outcome, Failure):
        return f"{outcome.id}: {outcome.message}"
    return hashlib.sha256(json.dumps(outcome.record()).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
