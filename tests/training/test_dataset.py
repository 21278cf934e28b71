"""Pages become examples with the inputs of run time, in order, however many processes work."""

from __future__ import annotations

import gzip
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stripper.parse import parse_html
from stripper.segment.features import features
from stripper.training.corpora import read_corpora
from stripper.training.dataset import build_dataset, load_dataset, save_dataset
from tests.training.conftest import PAGES, fixture, quiet, write_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from stripper.training.corpora import Corpora
    from stripper.training.dataset import Example


def assert_same(one: Any, two: Any) -> None:
    """Fail unless two values hold the same arrays and scalars."""
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name))
    elif isinstance(one, tuple):
        assert len(one) == len(two)
        for mine, other in zip(one, two, strict=True):
            assert_same(mine, other)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, two)
    else:
        assert one == two


def test_the_inputs_are_those_of_run_time(examples: tuple[Example, ...]) -> None:
    """The same parser, the same features."""
    slug = PAGES[0]
    page = parse_html(fixture(slug)[0], url=f"https://www.{slug}.example/page")
    assert_same(examples[0].features, features(page))
    assert len(examples[0].targets.keep) == len(page.blocks)


def test_several_processes_give_the_same(corpora: Corpora, examples: tuple[Example, ...]) -> None:
    """In the same order."""
    assert [example.id for example in examples] == [sample.id for sample in corpora.samples]
    assert_same(build_dataset(corpora.samples, 2, quiet), examples)


def test_a_dataset_survives_the_way_to_another_process(examples: tuple[Example, ...], tmp_path: Path) -> None:
    """What is saved is what is loaded."""
    save_dataset(examples, tmp_path / "dataset")
    assert_same(load_dataset(tmp_path / "dataset"), examples)


def test_pages_without_text_and_broken_ones_are_left_out_and_named(tmp_path: Path) -> None:
    """The others are still learned from."""
    rows = [{"id": name, "text": "two"} for name in ("a", "b", "c")]
    folder = write_corpus(tmp_path / "k", rows, {"a": "<p>two</p>", "b": "<img>", "c": "c"})
    (folder / "html" / "c.html.gz").write_bytes(gzip.compress(b"%PDF-1.7 \x00\x01\x02" * 9))
    said: list[str] = []
    built = build_dataset(read_corpora([folder], quiet).samples, 1, said.append)
    assert [example.id for example in built] == ["k/a"]
    assert said[0] == "k/b: no text (left out)"
    assert said[1].startswith("k/c: ")
    assert said[1].endswith("(left out)")
    assert said[2:] == ["3 of 3 pages read"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bug_is_not_hidden(corpora: Corpora, jobs: int) -> None:
    """What is no fault of the input ends the training."""
    broken = [replace(corpora.samples[0], golds=())]
    with pytest.raises(IndexError):
        build_dataset(broken, jobs, quiet)
