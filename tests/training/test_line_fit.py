"""Training for plain text learns, and learns the same from the same; the packed net says what the trained one says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")

from stripper.datatypes import Kind  # noqa: E402  after the check
from stripper.segment.line_network import run_lines, unpack_lines  # noqa: E402
from stripper.segment.model_file import pack  # noqa: E402
from stripper.training.line_batches import collate_texts, line_scale  # noqa: E402
from stripper.training.line_dataset import build_line_examples  # noqa: E402
from stripper.training.line_fit import fit_lines  # noqa: E402
from stripper.training.line_net import LineNet, line_weights  # noqa: E402
from stripper.training.settings import DILATIONS, LineSettings  # noqa: E402
from stripper.training.texts import Text  # noqa: E402
from stripper.training.units import unit  # noqa: E402
from tests.segment.texts import LANGUAGES  # noqa: E402
from tests.training.conftest import quiet  # noqa: E402

SMALL = LineSettings(folds=2, epochs=1, width=8, words=4, page=4)
FACTS = {"dilations": list(DILATIONS), "mode": "text"}


@pytest.fixture(scope="module")
def examples():
    """Our sloppy texts in thirteen languages."""
    texts = [
        Text(name, f"{name}.example", "test", (
            *[unit(line, Kind.CONTENT, "\n\n") for line in sloppy.article],
            *[unit(line, Kind(kind), "\n\n") for line, kind in sloppy.junk],
        ))
        for name, sloppy in LANGUAGES.items()
    ]  # fmt: skip
    return build_line_examples(texts, 1, quiet)


def test_the_same_examples_and_seed_give_the_same_bytes(examples):
    """Whatever torch's own generator has done before; another seed gives another model."""
    first = pack(fit_lines(examples, SMALL, quiet), FACTS)
    torch.rand(3)
    assert pack(fit_lines(examples, SMALL, quiet), FACTS) == first
    assert pack(fit_lines(examples, replace(SMALL, seed=1), quiet), FACTS) != first


def test_the_packed_net_says_what_the_trained_one_says(examples):
    """Numpy on 16-bit weights with folded norms against torch: 0.005 at most, for all heads."""
    torch.manual_seed(4)
    scale = line_scale(examples)
    net = LineNet(examples[0].lines.dense.shape[1], len(examples[0].lines.page), SMALL).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.uniform_(-0.1, 0.1)
            module.running_var.uniform_(0.8, 1.2)
    model = unpack_lines(pack(line_weights(net.state_dict(), scale.mean, scale.deviation), FACTS), "x")
    for example in examples:
        with torch.no_grad():
            said = net(collate_texts([example], scale))
        size = len(example.keep)
        answer = run_lines(model, example.lines)
        np.testing.assert_allclose(answer.kinds, torch.softmax(said.kinds[:size], 1).numpy(), atol=5e-3)
        assert answer.clean == pytest.approx(float(torch.sigmoid(said.clean[0])), abs=5e-3)


def test_something_is_learned(examples):
    """After some epochs the net knows the texts: what stays."""
    settings = replace(SMALL, epochs=60, dropout=0.0, token_dropout=0.0)
    model = unpack_lines(pack(fit_lines(examples, settings, quiet), FACTS), "x")
    right = [(run_lines(model, example.lines).keep > 0.5) == (example.keep > 0.5) for example in examples]
    assert np.concatenate(right).mean() > 0.95
