"""The network in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")

from stripper.training.batches import collate, scale_of  # noqa: E402  after the check
from stripper.training.net import Net  # noqa: E402
from tests.training.conftest import SMALL  # noqa: E402

if TYPE_CHECKING:
    from stripper.training.dataset import Example


def test_a_page_is_judged_alike_in_any_company(examples: tuple[Example, ...]) -> None:
    """Alone or between others: gaps and pools keep pages apart."""
    columns, page_columns = examples[0].features.dense.shape[1], len(examples[0].features.page)
    net = Net(columns, page_columns, SMALL).eval()
    scale = scale_of(examples)
    with torch.no_grad():
        together = net(batch := collate(examples, scale))
        for i, (example, (first, end)) in enumerate(zip(examples, batch.spans.tolist(), strict=True)):
            alone = net(collate([example], scale))
            torch.testing.assert_close(alone.keep[: end - first], together.keep[first:end], rtol=1e-4, atol=1e-4)
            torch.testing.assert_close(alone.kinds[: end - first], together.kinds[first:end], rtol=1e-4, atol=1e-4)
            torch.testing.assert_close(alone.types[0], together.types[i], rtol=1e-4, atol=1e-4)
