"""What a net says of unlabelled pages becomes a label where gold text and odds allow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stripper.datatypes import Kind
from stripper.training.self_training import with_said_kinds
from stripper.training.targets import CONTENT, TITLE, UNKNOWN, Targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stripper.training.dataset import Example

KINDS = list(Kind)
SHARE, RELATED = KINDS.index(Kind.SHARE), KINDS.index(Kind.RELATED)


def odds(**kinds: float) -> NDArray[np.float32]:
    """Return what a net says of a block; the rest goes to OTHER."""
    row = np.zeros(len(KINDS), np.float32)
    for name, value in kinds.items():
        row[KINDS.index(Kind(name))] = value
    row[KINDS.index(Kind.OTHER)] += 1 - row.sum()
    return row


@pytest.mark.parametrize(
    ("body", "said", "kind", "weight"),
    [
        (1.0, odds(share=0.9), CONTENT, 0.25),  # the gold text has it, whatever the net says
        (0.5, odds(content=1.0), UNKNOWN, 0),  # half of it: nobody knows
        (0.0, odds(content=0.6, share=0.3, related=0.1), SHARE, 0.35 * 0.75),  # junk, so it is the likeliest junk
        (0.0, odds(share=0.5), UNKNOWN, 0),  # which junk is not clear
        (0.0, odds(title=0.5, share=0.5), UNKNOWN, 0),  # perhaps the headline
    ],
)
def test_beside_a_gold_text(
    examples: tuple[Example, ...], body: float, said: NDArray[np.float32], kind: int, weight: float
) -> None:
    """What stays is known; of what goes, the likeliest kind of junk is taken where it is likely enough."""
    lesson = with_said_kinds(page(examples, body=np.array([body], np.float32)), said[None]).targets
    assert lesson.kind.tolist() == [kind]
    assert lesson.kind_weight.tolist() == pytest.approx([3 * weight])


@pytest.mark.parametrize(
    ("said", "kind"),
    [(odds(related=0.9), RELATED), (odds(content=0.85), CONTENT), (odds(related=0.7), UNKNOWN)],
)
def test_without_a_gold_text(examples: tuple[Example, ...], said: NDArray[np.float32], kind: int) -> None:
    """Only what the net is sure of."""
    lesson = with_said_kinds(page(examples, body=None), said[None]).targets
    assert lesson.kind.tolist() == [kind]
    assert lesson.kind_weight.tolist() == pytest.approx([0.9 if kind != UNKNOWN else 0])


def test_a_known_headline_keeps_its_full_weight(examples: tuple[Example, ...]) -> None:
    """It comes from the corpus, not from the net."""
    example = page(examples, body=np.zeros(1, np.float32), kind=TITLE)
    lesson = with_said_kinds(example, odds(share=1.0)[None]).targets
    assert (lesson.kind.tolist(), lesson.kind_weight.tolist()) == ([TITLE], [3.0])


def page(examples: tuple[Example, ...], body: NDArray[np.float32] | None, kind: int = UNKNOWN) -> Example:
    """Return an example of one block of nine words; its features are never looked at."""
    one = np.zeros(1, np.float32)
    words = np.array([9], dtype=np.int64)
    return replace(
        examples[0], targets=Targets(0, one, one, np.array([kind]), one, words, body, from_text=body is not None)
    )
