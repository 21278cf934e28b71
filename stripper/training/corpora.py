"""Labelled corpora to pages to learn from: what several corpora say of one page is joined.

The format is that of `stripper eval`: a folder with gold.jsonl, one page a line, and the inputs html/ID.html.gz
or txt/ID.txt, or labelled pages. A line may also have "title", the headline that a gold text leaves out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from stripper.datatypes import Mode
from stripper.errors import InputError, UsageError
from stripper.evaluation import label_files, open_corpus, read_input
from stripper.training.folds import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from stripper.evaluation import GoldPage


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus, as a model's card names it."""

    name: str  # of the folder
    pages: int
    sha256: str  # of gold.jsonl, or of the labelled pages one after the other
    credit: str  # whose pages and labels they are, under which licence; "" = not said


@dataclass(frozen=True, slots=True)
class Sample:
    """One page with everything that is known of it."""

    id: str  # "CORPUS/ID" where it came first
    path: Path  # of the input there
    mode: Mode
    golds: tuple[tuple[str, GoldPage], ...]  # corpus and labels, in the order of the corpora; at least one
    title: str | None  # the headline that the gold text leaves out

    @property
    def url(self) -> str | None:
        """The first URL that a corpus gives."""
        return next((gold.url for _, gold in self.golds if gold.url), None)

    @property
    def host(self) -> str:
        """What is held out together with this page: its site, or where no URL is known itself."""
        return host_of(self.url, self.golds[0][1].id)

    @property
    def type(self) -> str | None:
        """The first type that a corpus gives."""
        return next((gold.type for _, gold in self.golds if gold.type), None)

    @property
    def with_text(self) -> GoldPage | None:
        """The labels with a gold text, where a corpus has them."""
        return next((gold for _, gold in self.golds if gold.without_title), None)

    @property
    def with_blocks(self) -> GoldPage | None:
        """The labels with labelled blocks, where a corpus has them."""
        return next((gold for _, gold in self.golds if gold.blocks is not None), None)


@dataclass(frozen=True, slots=True)
class Corpora:
    """What a model is trained on."""

    sources: tuple[Source, ...]
    samples: tuple[Sample, ...]  # in the order of the corpora and their lines

    @property
    def mode(self) -> Mode:
        """How the pages are read: all alike."""
        return self.samples[0].mode


def read_corpora(
    folders: Sequence[Path],
    say: Callable[[str], None],
    credit_lines: Mapping[str, str] | None = None,
    *,
    mixed: bool = False,
) -> Corpora:
    """Read the labels of all corpora and join those of pages that are the same, byte for byte.

    `credit_lines` gives a line of credit by the name of a corpus. An input that cannot be read is left out, and
    `say` is told. Raises UnreadableInput, and UsageError where nothing is left, or HTML meets text and is not to.
    """
    credit_lines = credit_lines or {}
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        raise UsageError(f"CORPUS: two corpora have the same name ({', '.join(names)}); rename one")
    if unknown := sorted(credit_lines.keys() - set(names)):
        raise UsageError(f"--credit {unknown[0]}: no corpus has this name; there are {', '.join(names)}")
    pages: dict[str, Sample] = {}
    sources = []
    for name, folder in zip(names, folders, strict=True):
        corpus = open_corpus(folder)
        gold = b"\n".join(path.read_bytes() for path in label_files(folder))
        titles = _titles(gold)
        sources.append(Source(name, len(corpus.pages), sha256(gold).hexdigest(), credit_lines.get(name, "")))
        for page in corpus.pages:
            try:
                key = sha256(read_input(page).data).hexdigest()
            except InputError as error:
                say(f"{error} (left out)")
                continue
            pages[key] = _joined(pages.get(key), name, page, titles.get(page.id))
    samples = tuple(pages.values())
    if not samples:
        raise UsageError("CORPUS: no page can be read")
    if not mixed and len({sample.mode for sample in samples}) > 1:
        raise UsageError("CORPUS: HTML and text need a model each; name corpora of one sort, or say --text")
    return Corpora(tuple(sources), samples)


def _joined(known: Sample | None, corpus: str, page: GoldPage, title: str | None) -> Sample:
    if known is None:
        mode = Mode.TEXT if page.path.suffix == ".txt" else Mode.HTML
        return Sample(f"{corpus}/{page.id}", page.path, mode, ((corpus, page),), title)
    return Sample(known.id, known.path, known.mode, (*known.golds, (corpus, page)), known.title or title)


def _titles(gold: bytes) -> dict[str, str]:
    rows = [json.loads(line) for line in gold.split(b"\n") if line.strip()]
    return {row["id"]: row["title"] for row in rows if isinstance(row.get("title"), str)}
