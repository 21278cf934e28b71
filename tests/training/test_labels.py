"""Words of blocks are found in the gold's words: in order, each place once, edits forgiven."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.training.labels import KindMatch, align, align_kinds, words_of

ARTICLE = "The ferry leaves at noon . It is late on most days , and nobody on the quay minds that it is ."
SENTENCES = ("The ferry leaves at noon.", "It is late on most days, and nobody on the quay minds that it is.")


def shares(blocks: list[str], gold: str) -> list[float]:
    """Return how much of each block stands in the gold."""
    return [round(match.share, 2) for match in align(blocks, words_of(gold))]


def test_blocks_of_the_gold_are_found_whole() -> None:
    """Whatever stands between them."""
    assert shares([SENTENCES[0], "Advertisement", SENTENCES[1]], ARTICLE) == [1, 0, 1]


def test_a_menu_word_that_the_article_uses_is_no_match() -> None:
    """The order is kept on both sides: a menu before the article can't hold a word out of its midst."""
    blocks = ["Home", "The quay", "Late", *SENTENCES, "The quay", "Late"]
    assert shares(blocks, ARTICLE) == [0, 0, 0, 1, 1, 0, 0]


def test_a_repeated_teaser_is_matched_once() -> None:
    """Of two copies of a text that the gold has once, one is the gold's."""
    assert sum(shares([SENTENCES[1], "More", SENTENCES[1]], SENTENCES[1])) == 1


@pytest.mark.parametrize(
    ("block", "share"),
    [
        ("It is very late on most days, and nobody on the quay minds that it is.", 15 / 16),  # a word more
        ("It is late on days, and nobody on the quay minds that it is.", 1.0),  # a word less
        ("On most days it is late, and nobody on the quay minds that it is.", 1.0),  # words moved
        ("IT IS LATE — ON MOST DAYS: AND NOBODY ON THE QUAY MINDS THAT IT IS", 1.0),
        ("It is late in some years, and all who wait here mind that.", 0.0),  # another sentence
    ],
)
def test_edits_survive(block: str, share: float) -> None:
    """A page that changed a little since it was labelled is still recognised."""
    (_, match, _) = align([SENTENCES[0], block, "Share"], words_of(ARTICLE))
    assert match.share == pytest.approx(share, abs=0.07)


@pytest.mark.parametrize(("blocks", "gold"), [([], "a b"), (["", "…", "a"], ""), ([""], "a")])
def test_nothing_in_nothing(blocks: list[str], gold: str) -> None:
    """No blocks, no words, no gold: no matches."""
    assert [match.start for match in align(blocks, words_of(gold))] == [-1] * len(blocks)


WORDS = st.lists(st.sampled_from("abcd"), max_size=7).map(" ".join)


@given(st.lists(WORDS, max_size=5), WORDS)
def test_matches_keep_both_orders(blocks: list[str], gold: str) -> None:
    """Starts never fall, shares are 0 or at least a half, and a match lies in the gold."""
    matches = align(blocks, words_of(gold))
    starts = [match.start for match in matches if match.start >= 0]
    assert starts == sorted(starts)
    assert all(match.share >= 0.5 if match.start >= 0 else match.share == 0 for match in matches)
    assert all(start < len(words_of(gold)) for start in starts)


BLOCKS = st.lists(st.sampled_from(["a b", "b c", "c", "a", "d"]), max_size=6)


@given(BLOCKS, st.lists(st.sampled_from("abcd"), max_size=8))
def test_the_chain_is_the_heaviest(blocks: list[str], gold: list[str]) -> None:
    """No other choice of blocks that stand whole in the gold, one after the other, holds more of its words."""
    rows = zip(blocks, align(blocks, gold), strict=True)
    found = sum(len(words_of(text)) * match.share**2 for text, match in rows)
    choices = [choice for size in range(len(blocks) + 1) for choice in combinations(blocks, size)]
    best = max(sum(len(words_of(text)) for text in choice) for choice in choices if fits(choice, gold))
    assert found >= best - 1e-9


def fits(choice: tuple[str, ...], gold: list[str]) -> bool:
    """Whether the blocks stand in the gold one after the other."""
    at = 0
    for text in choice:
        words = words_of(text)
        places = [i for i in range(at, len(gold) - len(words) + 1) if gold[i : i + len(words)] == words]
        if not places:
            return False
        at = places[0] + len(words)
    return True


def test_kinds_follow_the_labelled_blocks() -> None:
    """Blocks that are cut in another way get the kind of most of their words."""
    gold = [("Home News", "navigation"), (SENTENCES[0], "content"), (SENTENCES[1], "content"), ("by Ada", "byline")]
    found = align_kinds(["Home", "News", " ".join(SENTENCES), "by Ada", "unheard of"], gold)
    assert [match.kind for match in found] == ["navigation", "navigation", "content", "byline", None]
    assert found[-1] == KindMatch(None, 0.0)


def test_a_block_of_two_kinds_gets_the_greater() -> None:
    """Its share tells how much of it says so."""
    gold = [("Home News", "navigation"), ("by Ada Lovelace Byron King Noel", "byline")]
    assert align_kinds(["Home News by Ada Lovelace Byron King Noel"], gold) == [KindMatch("byline", 6 / 8)]
