"""What the model sees of a plain text: the same numbers for the same lines, and what lines say of each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Kind
from stripper.parse import parse_text
from stripper.segment.features import KIND_INDEX
from stripper.segment.line_network import load_line_model
from stripper.segment.lines import lines
from stripper.segment.tokens import BUCKETS, HEAD_WORDS, LINE_END, TELLING, line_tokens
from tests.segment.texts import HARBOUR, LANGUAGES

COLUMNS = len(load_line_model().weights["mean"])
SLOPPY = LANGUAGES["en"].text()
CUES = 42  # columns before those of the cue phrases
SAID = CUES + len(KIND_INDEX)  # those of what the cue line above announces


def seen(*texts):
    """The inputs for a text of these lines."""
    return lines(parse_text("\n\n".join(texts)))


@given(st.text(min_size=1, max_size=300))
def test_every_text_gives_finite_numbers_of_one_shape(text):
    """Whatever the characters: columns as the shipped model expects them, and none out of bounds."""
    page = parse_text(text)
    if page.blocks:
        got = lines(page)
        assert got.dense.shape == (len(page.blocks), COLUMNS)
        assert got.dense.dtype == np.float32
        assert np.isfinite(got.dense).all()
        assert np.abs(got.dense).max() < 100
        assert np.isfinite(got.page).all()
        assert got.ends.shape[0] == len(got.facts.words) == len(got.facts.announcer) == len(page.blocks)


def test_a_cue_is_seen_in_its_line_and_announced_to_those_below():
    """Until the next cue line, or forty lines on."""
    got = seen(*HARBOUR[:3], "Leave a Reply", "Name", *["word"] * 50)
    form = KIND_INDEX[Kind.COMMENT_FORM]
    assert got.dense[3, CUES + form] == 1
    assert got.dense[0, CUES + form] == 0
    assert got.dense[4, SAID + form] == 1
    assert got.facts.announcer[[0, 3]].tolist() == [-1, -1]
    assert got.facts.announcer[4] == 3
    assert got.facts.announcer[-1] == -1


def test_a_line_in_running_text_announces_nothing():
    """A long line with a phrase inside is no heading."""
    got = seen(f"{HARBOUR[1]} Leave a reply to this article if you can, said the harbour master.", "Name", "Port")
    assert got.facts.announcer.tolist() == [-1, -1, -1]


def test_strangers_share_no_telling_word_with_the_body():
    """A bet is no part of an article about a ferry; a line does not count for itself."""
    got = seen(*HARBOUR, "Roulette jackpots multiply nightly", HARBOUR[1].split(".")[0])
    assert got.facts.strangers[-2]
    assert not got.facts.strangers[-1]


def test_words_of_both_ends_are_read():
    """The first seven tokens and the last three; short lines have no last ones of their own."""
    got = seen("one two three four five six seven eight nine ten eleven", "one two")
    assert got.ends[0, :HEAD_WORDS].tolist()[:2] == got.ends[1, :2].tolist()
    assert got.ends[0, -1] == line_tokens(["eleven"])[0] % TELLING
    assert got.ends[1, 2] == BUCKETS


@pytest.mark.parametrize(
    ("line", "count"),
    [("Share this!", 3), ("12 Comments", 2), ("字字字", 2), ("Ünïcode wörds", 2), ("", 0), ("a_b", 2), ("one\ntwo", 2)],
)
def test_tokens_of_a_line(line, count):
    """Words, numbers, marks; pairs of letters where no spaces part words; a line end behind."""
    tokens = line_tokens([line])
    assert len(tokens) == count + 1
    assert tokens[-1] == LINE_END


def test_numbers_are_folded():
    """Those of as many digits are one: "12 Comments" is seen again as "34 Comments", not as "7 Comments"."""
    assert line_tokens(["12 comments"]) == line_tokens(["34 Comments"]) != line_tokens(["7 Comments"])


def test_many_lines_are_read_as_a_few(monkeypatch):
    """Words are read in portions; where a portion ends makes no difference."""
    whole = seen(*HARBOUR, *SLOPPY.split("\n\n"))
    monkeypatch.setattr("stripper.segment.lines._AT_ONCE", 3)
    parts = seen(*HARBOUR, *SLOPPY.split("\n\n"))
    assert all(np.array_equal(one, other) for one, other in zip(whole[:3], parts[:3], strict=True))


def test_a_text_said_again_is_known():
    """First, second, and how often."""
    got = seen(HARBOUR[0], *HARBOUR, "Port of call")
    again = got.dense[:, SAID + len(KIND_INDEX) + 8]
    assert again[:3].tolist() == [0, 1, 0]
