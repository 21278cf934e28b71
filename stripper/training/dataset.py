"""Pages to examples: the model's inputs as at run time, and what the labels teach about them."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stripper.datatypes import Mode
from stripper.errors import InputError
from stripper.evaluation import read_input
from stripper.options import Options
from stripper.parse import decode, parse_html, parse_text
from stripper.segment.features import features
from stripper.training.targets import targets
from stripper.workers import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from stripper.datatypes import Page
    from stripper.segment.features import Features
    from stripper.training.corpora import Sample
    from stripper.training.targets import Targets


_REPORT_EVERY = 500  # pages


@dataclass(frozen=True, slots=True)
class Example:
    """A page of n >= 1 blocks to learn from."""

    id: str  # the sample's
    host: str  # see folds.py
    features: Features
    targets: Targets


def build_dataset(samples: Sequence[Sample], jobs: int, say: Callable[[str], None]) -> tuple[Example, ...]:
    """Return an example for each sample, in order; those that fail or have no blocks are left out and named."""
    return tuple(_told(samples, _built(samples, jobs), say))


def _built(samples: Sequence[Sample], jobs: int) -> Iterator[tuple[Sample, Example | Exception | None]]:
    if jobs > 1:
        yield from in_processes(samples, _attempt, jobs)
    else:
        yield from ((sample, _attempt(sample)) for sample in samples)


def _told(
    samples: Sequence[Sample], built: Iterator[tuple[Sample, Example | Exception | None]], say: Callable[[str], None]
) -> Iterator[Example]:
    for done, (sample, outcome) in enumerate(built, 1):
        if isinstance(outcome, Example):
            yield outcome
        elif outcome is None:
            say(f"{sample.id}: no text (left out)")
        elif isinstance(outcome, InputError):
            say(f"{outcome} (left out)")
        else:
            raise outcome
        if done % _REPORT_EVERY == 0 or done == len(samples):
            say(f"{done} of {len(samples)} pages read")


def _attempt(sample: Sample) -> Example | InputError | None:
    try:
        return build_example(sample)
    except InputError as error:
        return error


def build_example(sample: Sample) -> Example | None:
    """Return the example of one page, None where it has no blocks. Raises InputError."""
    page = read_page(sample)
    if not page.blocks:
        return None
    return Example(sample.id, sample.host, features(page), targets(page, sample))


def read_page(sample: Sample) -> Page:
    """Return the page as the pipeline parses it. Raises InputError."""
    options = Options()
    raw = replace(read_input(sample.golds[0][1], options), id=sample.id, url=sample.url)
    text = decode(raw, options.max_bytes).text
    return parse_html(text, url=sample.url) if sample.mode is Mode.HTML else parse_text(text)


def save_dataset(examples: Sequence[Any], path: Path) -> None:
    """Write examples for other processes of this run, which each read them once."""
    with path.open("wb") as stream:
        pickle.dump(tuple(examples), stream, protocol=pickle.HIGHEST_PROTOCOL)


def load_dataset(path: Path) -> tuple[Any, ...]:
    """Read what `save_dataset` of this run wrote."""
    with path.open("rb") as stream:
        examples: tuple[Any, ...] = pickle.load(stream)  # noqa: S301  our own file, written a moment ago
    return examples
