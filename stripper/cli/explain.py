"""`stripper explain`: which block a sentence stands in, whether it stayed, and why."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stripper.cli.arguments import add_input_options, read_mode, read_options
from stripper.cli.fetching import add_fetch_options, read_fetch_options
from stripper.cli.strip import report, strip_input
from stripper.datatypes import Failure
from stripper.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from stripper.cli.arguments import Parser
    from stripper.cli.console import Console
    from stripper.datatypes import Mode
    from stripper.options import Options
    from stripper.write import Stripped

DESCRIPTION = """\
Show which block of a page holds a sentence, whether it was kept or removed, and why.

White space, case and punctuation need not agree. Where no block holds the sentence, the blocks that share
most of its words are shown. Exit code: 0 found, 1 not found or the input failed, 2 wrong usage.
"""

EXAMPLES = """\
examples:
  stripper explain page.html "Check Also"
  stripper explain https://example.org/article "the first words of a paragraph that is missing"
"""

_WORD = re.compile(r"\w+")
_ENOUGH = 0.6  # share of the sentence's words that a similar block holds
_MOST = 3  # similar blocks shown
_WIDTH = 300  # characters of a block's text shown


class Found(NamedTuple):
    """Blocks that hold what was asked for."""

    blocks: tuple[int, ...]  # indices, in reading order; of similar ones the best first
    exact: bool


@dataclass(frozen=True, slots=True)
class ExplainJob:
    """What to run."""

    input: str
    sentence: str
    options: Options
    mode: Mode | None

    def run(self, console: Console) -> int:
        """Explain the blocks; return the exit code."""
        page = strip_input(self.input, self.options, self.mode)
        report(page, console)
        if isinstance(page, Failure):
            return 1
        found = find([verdict.block.text for verdict in page.verdicts], self.sentence)
        if not found.blocks:
            console.say(f"{self.input}: no block holds these words")
            return 1
        if not found.exact:
            console.say(f"{self.input}: no block holds these words; the closest:")
        console.write("\n".join(_explained(page, found.blocks)))
        return 0


def add_parser(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Say what may be typed."""
    parser = parsers.add_parser(
        "explain",
        help="which block holds a sentence, kept or removed, and why",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("input", metavar="INPUT", help="URL, file, or - for standard input")
    parser.add_argument("sentence", metavar="SENTENCE", help="words of the page")
    add_input_options(parser)
    add_fetch_options(parser)
    parser.set_defaults(plan=plan)


def plan(typed: argparse.Namespace) -> ExplainJob:
    """Return what to run for what was typed. Raises UsageError."""
    if not typed.sentence.strip():
        raise UsageError("SENTENCE: is empty, give some words of the page")
    options = read_options(typed, timeout=typed.timeout, fetch=read_fetch_options(typed))
    return ExplainJob(typed.input, typed.sentence, options, read_mode(typed))


def find(texts: Sequence[str], sentence: str) -> Found:
    """Return the blocks of `texts` that hold `sentence`, wherever it begins and ends, or else similar ones."""
    # Words alone, parted by one blank: white space, case and typographic marks no longer matter.
    words = [_folded(text) for text in texts]
    wanted = _folded(sentence)
    if not wanted:  # marks only, e.g. "***"
        sign = "".join(sentence.split())
        return Found(tuple(i for i, text in enumerate(texts) if sign in "".join(text.split())), exact=True)
    whole = " ".join(words)
    starts = []
    at = 0
    for text in words:
        starts.append(at)
        at += len(text) + 1
    held: dict[int, None] = {}
    for start in _occurrences(whole, wanted):
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, start + len(wanted) - 1) - 1
        held.update(dict.fromkeys(index for index in range(first, last + 1) if words[index]))
    return Found(tuple(held), exact=True) if held else _similar(words, wanted)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _occurrences(whole: str, wanted: str) -> Iterator[int]:
    at = whole.find(wanted)
    while at >= 0:
        yield at
        at = whole.find(wanted, at + len(wanted))


def _similar(words: Sequence[str], wanted: str) -> Found:
    goal = Counter(wanted.split())
    shares = [(Counter(text.split()) & goal).total() / goal.total() for text in words]
    best = sorted((i for i, share in enumerate(shares) if share >= _ENOUGH), key=lambda i: -shares[i])[:_MOST]
    return Found(tuple(best), exact=False)


def _explained(page: Stripped, blocks: Sequence[int]) -> Iterator[str]:
    verdicts = page.verdicts
    elements = [verdicts[i].block.element for i in blocks if verdicts[i].block.element >= 0]
    xpaths = page.page.outline.xpaths(elements)
    for verdict in (verdicts[index] for index in blocks):
        block = verdict.block
        fate = f"{'kept' if verdict.kept else 'removed'} as {verdict.kind}, confidence {verdict.confidence:.2f}"
        yield f"block {block.index} of {len(verdicts)}: {fate}"
        text = " ".join(block.text.split())
        yield f"  text    {text if len(text) <= _WIDTH else text[:_WIDTH] + ' ...'}"
        if block.element in xpaths:
            yield f"  xpath   {xpaths[block.element]}"
        for rule, evidence in verdict.reasons:
            yield f"  reason  {rule}: {evidence}"
        yield ""
