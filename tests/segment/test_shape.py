"""What counts as a word, as prose and as the end of a sentence, in any script."""

from __future__ import annotations

import pytest

from stripper.datatypes import Block, Link, Role
from stripper.segment.shape import count_words, ends_sentence, measure, reads_as_prose

SENTENCE = "The ferry sails again on Monday, the port authority said, after a long repair."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 1),
        ("one", 1),
        ("one two", 2),
        ("one\ttwo\nthree", 3),
        ("渡し船が再開", 4),
        ("港 の 市場", 5),
        ("เรือข้ามฟาก", 6),
        ("паром снова идёт", 3),
        ("배가 다시 다닌다", 3),
    ],
)
def test_words_are_counted(text, words):
    """Scripts without spaces count two characters a word; Korean has spaces."""
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Harbour", False),
        ("Harbour Ferry Returns After Nine Months in Dock and Nobody Knows Quite Why", False),
        ("It sails again.", False),
        (SENTENCE, True),
        (SENTENCE.rstrip("."), False),
        (f"{SENTENCE} And", True),
        ("word " * 30, True),
        ("修理のため長く止まっていた渡し船が月曜日の朝から再び運航する。", True),
    ],
)
def test_prose_has_a_sentence_in_it(text, prose):
    """Twelve words and a full stop, or too many words for a label."""
    assert reads_as_prose(text, count_words(text)) is prose


@pytest.mark.parametrize("text", ["Yes.", "Why?", "“No.”", "終わり。", "क्या।", "Wait…", "(see below)", "The end.  "])
def test_sentences_end_in_many_ways(text):
    """Quotes and brackets may close behind the stop."""
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "Menu", "Share -", "10 %", "→", "Chapter 1,"])
def test_labels_do_not_end_like_sentences(text):
    """No stop, no sentence."""
    assert not ends_sentence(text)


def test_columns_and_sums_fit():
    """One entry a block, one sum more; links make a sentence no prose, code needs no full stop."""
    blocks = [
        Block(0, SENTENCE, (0, len(SENTENCE))),
        Block(1, SENTENCE, (0, len(SENTENCE)), links=(Link(0, len(SENTENCE), "/x"),)),
        Block(2, "for line in lines: print line and then go on to the next one", (0, 61), Role.CODE),
        Block(3, "Menu", (0, 4)),
    ]
    shapes = measure(blocks)
    assert shapes.words == (14, 14, 14, 1)
    assert shapes.links == (0.0, 1.0, 0.0, 0.0)
    assert shapes.prose == (True, False, True, False)
    assert shapes.word_sums == (0, 14, 28, 42, 43)
    assert shapes.prose_sums == (0, 14, 14, 28, 28)
    assert shapes.free_sums == (0, 14, 14, 28, 29)


def test_no_blocks_have_no_words():
    """The sums begin with 0."""
    assert measure([]).word_sums == (0,)
