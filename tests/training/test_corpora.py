"""Corpora are read and joined: one page, all that is known of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from stripper.datatypes import Kind, Mode
from stripper.errors import UnreadableInput, UsageError
from stripper.training.corpora import Source, read_corpora
from tests.training.conftest import PAGES, quiet, write_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from stripper.training.corpora import Corpora

PAGE = "<title>t</title><h1>One</h1><p>two three</p>"


def test_the_same_page_in_two_corpora_is_one_sample(corpora: Corpora) -> None:
    """Joined by its bytes, whatever its ids: text gold from one, blocks from the other."""
    assert [sample.id for sample in corpora.samples] == [f"texts/t.{slug}" for slug in PAGES]
    assert [[name for name, _ in sample.golds] for sample in corpora.samples] == [["texts", "kinds"]] * 3 + [
        ["texts"]
    ] * 3
    first = corpora.samples[0]
    assert first.with_text is not None
    assert first.with_blocks is not None
    assert first.with_blocks.id == PAGES[0]
    assert (first.mode, first.type, first.host) == (Mode.HTML, "article", "aside-article-it.example")
    assert first.title == "Come si leggeva la piena prima dei sensori"


def test_sources_say_what_was_read(folders: tuple[Path, Path]) -> None:
    """Name, pages and hash of each corpus, and whose they are, in the order given."""
    texts, kinds = read_corpora(folders, quiet, {"kinds": "our own"}).sources
    assert (texts.name, texts.pages, texts.credit) == ("texts", 6, "")
    assert kinds == Source("kinds", 3, kinds.sha256, "our own")
    assert all(re.fullmatch("[0-9a-f]{64}", source.sha256) for source in (texts, kinds))


def test_what_is_missing_is_left_out_and_named(tmp_path: Path) -> None:
    """A page without input is no reason to stop."""
    folder = write_corpus(tmp_path / "a", [{"id": "x", "text": "two"}, {"id": "gone", "text": "two"}], {"x": PAGE})
    said: list[str] = []
    assert [sample.id for sample in read_corpora([folder], said.append).samples] == ["a/x"]
    assert said == [f"{folder}/html/gone.html.gz: no such file (left out)"]


def test_text_corpora_are_read_as_text(tmp_path: Path) -> None:
    """Inputs in txt/ are plain text."""
    folder = write_corpus(tmp_path / "a", [{"id": "x", "blocks": [["One", "content"]]}], {"x": "One"}, suffix="txt")
    (sample,) = read_corpora([folder], quiet).samples
    assert sample.mode is Mode.TEXT
    assert sample.with_blocks is not None
    assert sample.with_blocks.blocks == (("One", Kind.CONTENT),)
    assert (sample.with_text, sample.title, sample.host) == (None, None, "x")


def test_html_and_text_do_not_mix(tmp_path: Path) -> None:
    """They need a model each."""
    html = write_corpus(tmp_path / "a", [{"id": "x", "text": "two"}], {"x": PAGE})
    text = write_corpus(tmp_path / "b", [{"id": "y", "text": "two"}], {"y": "two"}, suffix="txt")
    with pytest.raises(UsageError, match="HTML and text need a model each"):
        read_corpora([html, text], quiet)


@pytest.mark.parametrize(
    ("credits_", "problem"),
    [({}, "no page can be read"), ({"b": "x"}, "--credit b: no corpus has this name; there are a")],
)
def test_wrong_usage(tmp_path: Path, credits_: dict[str, str], problem: str) -> None:
    """An empty corpus and a credit for no corpus are told."""
    folder = write_corpus(tmp_path / "a", [], {})
    with pytest.raises(UsageError, match=problem):
        read_corpora([folder], quiet, credits_)


def test_names_must_differ(tmp_path: Path) -> None:
    """Figures and credits go by the folder's name."""
    one, two = (write_corpus(tmp_path / name / "pages", [{"id": "x", "text": "t"}], {"x": PAGE}) for name in "ab")
    with pytest.raises(UsageError, match="same name"):
        read_corpora([one, two], quiet)


def test_a_folder_without_labels(tmp_path: Path) -> None:
    """Not a corpus."""
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl"):
        read_corpora([tmp_path], quiet)
