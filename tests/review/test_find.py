"""Words to the blocks that hold them."""

from __future__ import annotations

import pytest

from stripper.review.find import Found, find

TEXTS = [
    "Home",
    "The ship came home, late in\n the evening.",
    "“Who’s there?” he asked.",
    "今日は晴れです。",
    "* * *",
    "Home",
]


@pytest.mark.parametrize(
    ("sentence", "blocks"),
    [
        ("ship came home", (1,)),
        ("SHIP   CAME\nhome late", (1,)),
        ("late in the evening", (1,)),
        ("Who's there? he", (2,)),
        ("who’s there", (2,)),
        ("晴れ", (3,)),
        ("* * *", (4,)),
        ("***", (4,)),
        ("home", (0, 1, 5)),
        ("home the ship", (0, 1)),
        ("asked. 今日", (2, 3)),
    ],
)
def test_words_are_found(sentence: str, blocks: tuple[int, ...]) -> None:
    """White space, case and marks don't matter; a sentence may go over several blocks, or stand in several."""
    assert find(TEXTS, sentence) == Found(blocks, exact=True)


def test_similar_words_are_found() -> None:
    """Where no block has the sentence, those with most of its words come, the best first."""
    assert find(TEXTS, "a ship came home very late in the evening") == Found((1,), exact=False)


@pytest.mark.parametrize("sentence", ["nothing of the kind at all", "§§§", "ship xyz abc"])
def test_words_that_are_not_there(sentence: str) -> None:
    """One word in common is not similar."""
    assert find(TEXTS, sentence).blocks == ()


def test_finding_takes_linear_time() -> None:
    """A page of one repeated word is answered at once."""
    assert len(find(["a " * 20000] * 20, "a a a a a").blocks) == 20
