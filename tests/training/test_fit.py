"""Training learns, and learns the same from the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")

from stripper.segment.model_file import pack  # noqa: E402  after the check
from stripper.segment.network import NAMER_SHARE, Answer, run, unpack  # noqa: E402
from stripper.training.batches import collate  # noqa: E402
from stripper.training.export import weights_of  # noqa: E402
from stripper.training.fit import fit  # noqa: E402
from stripper.training.net import Net  # noqa: E402
from stripper.training.settings import DILATIONS  # noqa: E402
from stripper.training.targets import KEPT, TITLE  # noqa: E402
from tests.training.conftest import SMALL, quiet  # noqa: E402

if TYPE_CHECKING:
    from stripper.training.dataset import Example
    from stripper.training.fit import Fitted
    from stripper.training.settings import Settings

FACTS = {"dilations": list(DILATIONS)}


@pytest.fixture(scope="module")
def fitted(examples: tuple[Example, ...]) -> Fitted:
    """Train once."""
    return fit(examples, SMALL, quiet)


def packed(examples: tuple[Example, ...], settings: Settings) -> bytes:
    """Return the file of a model."""
    return pack(weights_of(fit(examples, settings, quiet)), FACTS)


def test_the_same_examples_and_seed_give_the_same_bytes(examples: tuple[Example, ...], fitted: Fitted) -> None:
    """Whatever torch's own generator has done before; another seed gives another model."""
    torch.rand(3)
    first = pack(weights_of(fitted), FACTS)
    assert packed(examples, SMALL) == first
    assert packed(examples, replace(SMALL, seed=1)) != first


def test_torch_is_left_as_it_was(examples: tuple[Example, ...]) -> None:
    """Threads, determinism and random numbers belong to the caller."""
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled(), torch.random.get_rng_state()
    fit(examples[:1], SMALL, quiet)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before[:2]
    assert torch.equal(torch.random.get_rng_state(), before[2])


def test_the_packed_net_says_what_the_trained_one_says(examples: tuple[Example, ...], fitted: Fitted) -> None:
    """Numpy on 16-bit weights with folded norms against torch: 0.002 at most, for both nets and all heads."""
    model = unpack(pack(weights_of(fitted), FACTS), "x")
    for example in examples:
        expected, got = said(fitted, example, SMALL), run(model, example.features)
        for mine, theirs in zip(got, expected, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=2e-3)


def said(fitted: Fitted, example: Example, settings: Settings) -> Answer:
    """Return what the trained nets say of a page, in torch."""
    size = len(example.targets.keep)
    outputs = []
    for state in (fitted.keeper, fitted.namer):
        net = Net(example.features.dense.shape[1], len(example.features.page), settings).eval()
        net.load_state_dict(state)
        with torch.no_grad():
            outputs.append(net(collate([example], fitted.scale)))
    keeper, namer = outputs
    kinds = torch.softmax(namer.kinds[:size], 1)
    stays = kinds[:, torch.tensor(KEPT)].sum(1)
    keep = (1 - NAMER_SHARE) * torch.sigmoid(keeper.keep[:size]) + NAMER_SHARE * stays
    return Answer(keep.numpy(), kinds.numpy(), torch.softmax(keeper.types[0], 0).numpy())


def test_something_is_learned(examples: tuple[Example, ...]) -> None:
    """After some epochs on six pages the net knows them: what stays, which is the headline, the types."""
    settings = replace(SMALL, keep_epochs=60, kind_epochs=30, self_epochs=0, dropout=0.0, token_dropout=0.0)
    fitted = fit(examples, settings, quiet)
    right = total = 0.0
    for example in examples:
        answer, lesson = said(fitted, example, settings), example.targets
        known = lesson.keep >= 0
        right += float((lesson.words * ((answer.keep > 0.5) == (lesson.keep > 0.5)))[known].sum())
        total += float(lesson.words[known].sum())
        if lesson.is_named:
            assert int(answer.kinds[:, TITLE].argmax()) == int((lesson.kind == TITLE).argmax())
        assert int(answer.types.argmax()) == lesson.type
    assert right / total > 0.95


def test_each_epoch_is_told(examples: tuple[Example, ...]) -> None:
    """Stage, epoch, loss."""
    lines: list[str] = []
    fit(examples, replace(SMALL, kind_epochs=2), lines.append)
    assert [line.rpartition(" ")[0] for line in lines] == [
        "keep: epoch 1 of 1, loss",
        "kind: epoch 1 of 2, loss",
        "kind: epoch 2 of 2, loss",
        "self: epoch 1 of 1, loss",
    ]


def test_without_labelled_blocks_kinds_are_not_learned(examples: tuple[Example, ...]) -> None:
    """A corpus of gold texts alone still gives a model."""
    lines: list[str] = []
    fit(examples[3:], SMALL, lines.append)
    assert lines[1:] == ["no page has labelled blocks: kinds are not learned"]
