"""Pages end to end in one batch, as if each stood alone."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")

from stripper.training.batches import GAP, collate, deal, scale_of, without_some_tokens  # noqa: E402  after the check
from stripper.training.settings import DILATIONS  # noqa: E402
from stripper.training.targets import UNKNOWN  # noqa: E402

if TYPE_CHECKING:
    from stripper.training.dataset import Example


def test_no_convolution_reaches_across_a_gap() -> None:
    """Else a page would see its neighbour in the batch."""
    assert max(DILATIONS) <= GAP


def test_rows_indices_and_gaps(examples: tuple[Example, ...]) -> None:
    """Each page's rows, then zeros; indices point into the batch, or behind its end."""
    pair = examples[:2]
    scale = scale_of(examples)
    batch = collate(pair, scale)
    sizes = [len(example.targets.keep) for example in pair]
    rows = sum(sizes) + 2 * GAP
    boxes = [len(example.features.ranges) for example in pair]
    first, second = (slice(*span) for span in batch.spans.tolist())
    assert [second.stop - second.start, first.stop] == sizes[::-1]
    assert (len(batch.dense), len(batch.words.offsets), len(batch.markup.offsets)) == (rows, rows + 1, sum(boxes) + 1)
    assert batch.mask.sum() == sum(sizes)
    assert not batch.dense[batch.mask[:, 0] == 0].any()
    assert (batch.keep[batch.mask[:, 0] == 0] == UNKNOWN).all()
    chain, heading = pair[1].features.chain, pair[1].features.heading
    expected = np.where(chain < 0, sum(boxes), chain + boxes[0])
    np.testing.assert_array_equal(batch.chain[second].numpy(), expected)
    np.testing.assert_array_equal(batch.heading[second].numpy(), np.where(heading < 0, rows, heading + second.start))
    np.testing.assert_array_equal(batch.ranges[boxes[0] :].numpy(), pair[1].features.ranges + second.start)
    assert batch.owner[[0, rows - 1]].tolist() == [0, 1]


def test_the_scale_makes_columns_alike(examples: tuple[Example, ...]) -> None:
    """Mean 0, deviation 1; a column that hardly changes is not blown up."""
    scale = scale_of(examples[:1])
    scaled = (examples[0].features.dense - scale.mean) / scale.deviation
    assert np.abs(scaled.mean(0)).max() < 1e-3
    assert scaled.std(0).max() < 1 + 1e-3
    assert scale.deviation.min() == np.float32(0.05)


def test_every_page_is_dealt_once_in_an_order_of_its_own(examples: tuple[Example, ...]) -> None:
    """The same chance gives the same order; long pages are taken in some epochs only."""
    many = examples * 9
    chances = (random.Random(3), random.Random(3))  # noqa: S311  an order, no secret
    once, again = ([[e.id for e in batch] for batch in deal(many, chance)] for chance in chances)
    assert once == again
    assert sorted(name for batch in once for name in batch) == sorted(example.id for example in many)
    assert len(once) > 1
    assert [name for batch in once for name in batch] != [example.id for example in many]


def test_dropped_tokens(examples: tuple[Example, ...]) -> None:
    """About the share asked for, of the page's own twice as many; nothing else changes."""
    batch = collate(examples, scale_of(examples))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        less = without_some_tokens(batch, 0.3)
    for name, share in (("words", 0.3), ("markup", 0.3), ("page_tokens", 0.6)):
        before, after = getattr(batch, name), getattr(less, name)
        assert after.offsets is before.offsets
        changed = after.ids != before.ids
        assert (after.ids[changed] == 0).all()
        assert float(changed.float().mean()) == pytest.approx(share, abs=0.15)
    assert less.dense is batch.dense
