"""Cue phrases are found in any spelling of case, space, quotes and counts, and not in running text."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Kind
from stripper.segment.lexicon import MAX_CHARS, Cue, Lexicon, Phrase, fold, load_lexicon, read_phrases, trim


@pytest.mark.parametrize(
    "text",
    [
        "Address book",  # not "ad…"
        "Chocolate chip cookies",
        "Bread and butter",
        "The comments of the minister came as a surprise",
        "Related work",
        "A share of the profit",
        "Login shells explained",
        "Copyrighted works of the last century",
        "Tagged release v1.2",
        "In 2024",
        "Sponsored walks raise money for the lifeboat",
        "What the author wanted to say about the sea",
        "Printing presses of the north",
        "Menus of the royal court",
        "",
        " ",
        "…",
        "→",
        "12",
        "\U0001f6a2",
    ],
)
def test_ordinary_words_are_no_cues(text):
    """Phrases match whole texts or whole words, never parts of words."""
    assert load_lexicon().cues(text) == ()


def test_a_phrase_in_a_long_paragraph_is_no_cue():
    """Above `MAX_CHARS` nothing is read: the paragraph speaks of sharing, it does not offer it."""
    text = "We use cookies " * (MAX_CHARS // 15 + 1)
    assert load_lexicon().cues(text[:MAX_CHARS])
    assert load_lexicon().cues(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Check Also", Kind.RELATED),
        ("CHECK ALSO", Kind.RELATED),
        ("» Check\u00a0Also:", Kind.RELATED),
        ("You may also like…", Kind.RELATED),
        ("Leave a Reply", Kind.COMMENT_FORM),
        ("Name *", Kind.COMMENT_FORM),
        ("Your email address will not be published. Required fields are marked *", Kind.COMMENT_FORM),
        ("7 Comments", Kind.COMMENTS),
        ("Comments (1,204)", Kind.COMMENTS),
        ("© 2024 The Lindholm Courier", Kind.LEGAL),
        ("All Rights Reserved.", Kind.LEGAL),
        ("The Lindholm Courier and its staff. All rights reserved.", Kind.LEGAL),
        ("Play at our tables, with free spins.", Kind.ADVERTISEMENT),
        ("If you buy through these links we may earn a commission, at no extra cost to you.", Kind.LEGAL),
        ("We use cookies to make this site work.", Kind.CONSENT),
        ("Don’t miss", Kind.RELATED),
        ("Don't miss", Kind.RELATED),
        ("Skip to main content", Kind.NAVIGATION),
        ("Table of Contents", Kind.TOC),
        ("Subscribe to continue reading", Kind.PAYWALL),
        ("Subscribe to our newsletter", Kind.PROMOTION),
        ("Follow us on", Kind.SHARE),
        ("About the author", Kind.AUTHOR_BIO),
        ("Home » Harbour » Ferries", Kind.BREADCRUMB),
        ("Most Popular", Kind.POPULAR),
        ("Advertisement", Kind.ADVERTISEMENT),
        ("Place your bets with no deposit bonus today", Kind.ADVERTISEMENT),
        ("Schreibe einen Kommentar", Kind.COMMENT_FORM),
        ("Das könnte Sie auch interessieren", Kind.RELATED),
        ("Tous droits réservés", Kind.LEGAL),
        ("Deja una respuesta", Kind.COMMENT_FORM),
        ("Читайте также", Kind.RELATED),
        ("関連記事", Kind.RELATED),
        ("اترك تعليقاً", Kind.COMMENT_FORM),
        ("版权所有 2024 林港日报", Kind.LEGAL),
    ],
)
def test_a_cue_tells_its_kind(text, kind):
    """In many languages, the most telling cue first."""
    cues = load_lexicon().cues(text)
    assert cues
    assert cues[0].kind is kind


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("1,204 in 2.5", "0 in 0"),
        ("2024.", "0."),
        ("  Read \t more\n", "read more"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Don’t “miss”", 'don\'t "miss"'),
        ("12 of 345 comments", "0 of 0 comments"),
        ("١٢", "0"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
    ],
)
def test_folding(text, folded):
    """Case, white space, quotes and numbers don't matter; folding twice changes nothing."""
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("folded", "trimmed"),
    [
        ("» read more »", "read more"),
        ("comments (0)", "comments"),
        ("comments 0", "comments"),
        ("0 comments", "0 comments"),
        ("name *", "name*"),
        ("tags :", "tags:"),
        ("(opens in a new tab)", "opens in a new tab)"),
        ("•", ""),
        ("0", "0"),
    ],
)
def test_trimming(folded, trimmed):
    """Marks at the ends and a count behind a phrase go; a colon or an asterisk tells a label, and stays."""
    assert trim(folded) == trimmed


def test_each_way_of_matching():
    """The whole text, its first words, or anywhere as a whole phrase; scripts without spaces too."""
    lexicon = Lexicon(
        [
            Phrase(Kind.SHARE, "en", "exact", "send it on"),
            Phrase(Kind.PROMOTION, "en", "prefix", "send it"),
            Phrase(Kind.LEGAL, "en", "contains", "it on time"),
            Phrase(Kind.LEGAL, "zh", "contains", "备案号"),
            Phrase(Kind.TAGS, "zh", "prefix", "标签"),
        ]
    )
    assert lexicon.cues("Send it on!") == (Cue(Kind.SHARE, "send it on", "exact"),)
    assert lexicon.cues("Send it to a friend") == (Cue(Kind.PROMOTION, "send it", "prefix"),)
    assert lexicon.cues("Send items") == ()
    assert lexicon.cues("We sent it on time") == (Cue(Kind.LEGAL, "it on time", "contains"),)
    assert [cue.kind for cue in lexicon.cues("Send it on time")] == [Kind.LEGAL, Kind.PROMOTION]
    assert [cue.kind for cue in lexicon.cues("So much " * 30 + "came (it on time), he said")] == [Kind.LEGAL]
    assert lexicon.cues("林港备案号十二") == (Cue(Kind.LEGAL, "备案号", "contains"),)
    assert lexicon.cues("标签：港口") == (Cue(Kind.TAGS, "标签", "prefix"),)


@given(st.text(max_size=600))
def test_any_text_has_an_answer(text):
    """No text raises, every cue is in the text, and the answer is the same again."""
    lexicon = load_lexicon()
    cues = lexicon.cues(text)
    assert all(cue.phrase.rstrip(":*") in fold(text).replace(" :", ":").replace(" *", "*") for cue in cues)
    assert lexicon.cues(text) == cues


def test_time_grows_with_the_texts_and_not_with_their_square():
    """Twice the texts, less than three times the time, best of seven each, in turns; a fresh lexicon has no memory."""
    words = ["please", "subscribe", "to", "the", "related", "comments", "on", "our", "cookie", "policy", "and", "share"]
    texts = [" ".join(words[i % 7 : i % 7 + 5]) + f" {i}" for i in range(2000)]
    rows = read_phrases()
    best = [1e9, 1e9]
    for turn in range(14):
        lexicon = Lexicon(rows)
        some = texts[: 1000 * (1 + turn % 2)]
        begun = process_time()
        for text in some:
            lexicon.cues(text)
        best[turn % 2] = min(best[turn % 2], process_time() - begun)
    assert best[1] < 3 * best[0]


def test_the_longest_text_that_is_read_is_read_fast():
    """A block of `MAX_CHARS`: far below a millisecond, whatever its words."""
    text = ("for your new free online " * 40)[:MAX_CHARS]
    lexicon = load_lexicon()
    begun = process_time()
    for _ in range(50):
        lexicon.cues(text)
    assert process_time() - begun < 0.05


def test_loading_is_cheap():
    """Reading and indexing the tables: 30 ms on a machine of our time, 60 ms on a busy one."""
    best = 1e9
    for _ in range(5):
        begun = process_time()
        Lexicon(read_phrases())
        best = min(best, process_time() - begun)
    assert best < 0.06
    assert load_lexicon() is load_lexicon()
