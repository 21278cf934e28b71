"""Characters are counted by class and block, whatever the script."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.segment import characters as ch


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        *[("a", ch.LOWER), ("Z", ch.UPPER), ("7", ch.DIGIT), (" ", ch.SPACE), ("\n", ch.SPACE), ("\u3000", ch.SPACE)],
        *[(".", ch.END), ("。", ch.END), (",", ch.COMMA), (":", ch.COLON), ("“", ch.QUOTE), ("›", ch.BAR)],
        *[("–", ch.DASH), ("(", ch.OPEN), ("€", ch.MONEY), ("…", ch.ELLIPSIS), ("؟", ch.QUESTION)],
        *[("ä", ch.LOWER), ("Σ", ch.UPPER), ("ع", ch.OTHER), ("語", ch.CJK), ("ก", ch.CJK), ("한", ch.CJK)],
        *[("☃", ch.SYMBOL), ("\U0001f600", ch.SYMBOL), ("\ud800", ch.SYMBOL), ("z", ch.LOWER), ("ł", ch.LOWER)],
    ],
)
def test_the_class_of_a_character(character, kind):
    """Letters, marks and scripts; beyond the basic plane all is a symbol."""
    assert ch.classes(character).tolist() == [kind]


TEXTS = st.lists(st.text(st.characters(), min_size=1, max_size=20), min_size=1, max_size=8)


def joined(texts):
    """The page text and the place of each block in it."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths + 1)[:-1]))
    return ch.classes("\n".join(texts)), starts, starts + lengths


@given(TEXTS)
def test_blocks_are_counted_as_if_each_stood_alone(texts):
    """What is between two blocks counts in neither."""
    classed, starts, ends = joined(texts)
    alone = [ch.counts(ch.classes(text), np.array([0]), np.array([len(text)]))[0] for text in texts]
    assert np.array_equal(ch.counts(classed, starts, ends), np.array(alone))
    assert ch.counts(classed, starts, ends).sum(axis=1).tolist() == [len(text) for text in texts]


@given(TEXTS)
def test_words_are_counted_as_if_each_stood_alone(texts):
    """A word that begins a block is one, too."""
    classed, starts, ends = joined(texts)
    alone = [ch.word_counts(ch.classes(text), np.array([0]), np.array([len(text)]))[0] for text in texts]
    assert ch.word_counts(classed, starts, ends).tolist() == alone


@pytest.mark.parametrize(
    ("text", "words"), [("one", 1), (" one  two ", 2), ("...", 1), ("   ", 0), ("日本語版", 3), ("我 你", 3)]
)
def test_words_of_a_text(text, words):
    """Runs between spaces; scripts without spaces count two characters more as one word more."""
    assert ch.word_counts(ch.classes(text), np.array([0]), np.array([len(text)])).tolist() == [words]
