"""The registry: closed, worded, and every rule fires where it should and is silent where the text must stay."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import JUNK_KINDS, KEPT_KINDS, Kind, Reason
from stripper.options import FAVORS, Options
from stripper.parse import parse_html, parse_text
from stripper.segment import segment
from stripper.segment.rules import RULES, Vote, confidence, reason, reasons, title_ruling, weigh
from stripper.segment.text import judge
from tests.segment.texts import CLEAN, HARBOUR, LANGUAGES

SLOPPY = LANGUAGES["en"].text()
EXCERPT = "Golden Dice is among"
MENU = "\n".join(["Menu", "Log in", "Subscribe", "Weather", *HARBOUR])


class Case(NamedTuple):
    """A plain text and words of one of its blocks."""

    text: str
    words: str


# Rule -> where it is silent, where it speaks.
TEXT_CASES = {
    "phrase": (Case(CLEAN["interview"], "Do you share your"), Case(SLOPPY, "Leave a Reply")),
    "introduced": (Case(CLEAN["recipe"], "2 eggs"), Case(SLOPPY, EXCERPT)),
    "short": (Case(CLEAN["poem"], "and pays me twice"), Case(SLOPPY, "Check Also")),
    "symbols": (
        Case("\n\n".join([*HARBOUR[:3], "* * *", *HARBOUR[3:]]), "* * *"),
        Case("\n\n".join([*HARBOUR, "Share this", "|"]), "|"),
    ),
    "ellipsis": (
        Case("\n\n".join([*HARBOUR[:3], "And then …", *HARBOUR[3:]]), "And then"),
        Case(SLOPPY, EXCERPT),
    ),
    "before-title": (Case(CLEAN["news"], HARBOUR[0]), Case(MENU, "Log in")),
    "tail": (Case(CLEAN["news"], "Besides"), Case(SLOPPY, EXCERPT)),
    "repeated": (
        Case(CLEAN["chat-log"].replace("08", "09"), "09:14"),
        Case(SLOPPY, "Claim the Golden Dice"),
    ),
    "headline-again": (
        Case(CLEAN["news"], HARBOUR[0]),
        Case("\n\n".join([*HARBOUR, "Share this", HARBOUR[0]]), HARBOUR[0]),
    ),
    "date-line": (
        Case("\n\n".join([*HARBOUR[:3], "4 March 2024", *HARBOUR[3:]]), "4 March"),
        Case("\n\n".join([HARBOUR[0], "4 March 2024", *HARBOUR[1:]]), "4 March"),
    ),
    "menu-run": (Case(CLEAN["recipe"], "2 eggs"), Case(MENU, "Log in")),
    "off-topic": (Case(CLEAN["news"], "Besides"), Case(SLOPPY, EXCERPT)),
    "between": (
        Case(CLEAN["poem"], "The rope"),
        Case(
            "\n".join(
                [
                    *HARBOUR,
                    "Share this",
                    "The crew answers all questions about the new engines and the ramp on Sunday.",
                    "Leave a Reply",
                ]
            ),
            "The crew answers",
        ),
    ),
    "prose": (Case(CLEAN["poem"], "The rope"), Case(CLEAN["news"], "Besides")),
    "body": (Case(SLOPPY, "Check Also"), Case(CLEAN["news"], "What the Repair")),
}


def rules_on(case: Case) -> set[str]:
    """The rules that vote on the last block with the case's words."""
    page = parse_text(case.text)
    votes, _ = judge(page, Options())
    found = [mine for block, mine in zip(page.blocks, votes, strict=True) if case.words in block.text]
    assert found, f"no block holds {case.words!r}"
    return {rule for rule, *_ in found[-1]}


@pytest.mark.parametrize("rule", TEXT_CASES)
def test_a_rule_is_silent_where_the_text_must_stay(rule):
    """The no-op comes first: what looks alike and isn't."""
    assert rule not in rules_on(TEXT_CASES[rule][0])


@pytest.mark.parametrize("rule", TEXT_CASES)
def test_a_rule_speaks(rule):
    """Each rule has a text that it speaks on."""
    assert rule in rules_on(TEXT_CASES[rule][1])


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in HARBOUR[1:4])
STORIES = "".join(f"<li><a href=/{n}>Story number {n} of a long day</a></li>" for n in range(6))
HTML = f"""<html lang=en><head><title>{HARBOUR[0]}</title></head><body>
<nav class="main-menu"><ul><li><a href=/>Home</a><li><a href=/harbour>Harbour</a><li><a href=/port>Port</a></ul></nav>
<main><article class=entry-content><h1>{HARBOUR[0]}</h1>{PARAGRAPHS}<p>{HARBOUR[5]}</p></article>
<div id=jp-relatedposts><h3>Related Posts</h3><ul>{STORIES}</ul></div></main>
<div hidden class=cookie-notice><p>We use cookies to make this site work.</p><button>Accept all</button></div>
<footer class=site-footer>
<ul><li><a href=/privacy>Privacy Policy</a><li><a href=/port>Port</a></ul><p>© 2024 The Lindholm Courier</p></footer>
</body></html>"""
# Rule -> words of the removed block that it speaks on.
HTML_CASES = {
    "model": "Home",
    "phrase": "Related Posts",
    "marker": "Story number 2",
    "landmark": "Lindholm Courier",
    "introduced": "Story number 2",
    "links": "Story number 2",
    "short": "Related Posts",
    "unseen": "We use cookies",
    "repeated": "Port",
    "policy": HARBOUR[0],
}


@pytest.mark.parametrize("rule", HTML_CASES)
def test_a_reason_in_html(rule):
    """Each reason that an HTML page can have is given on this one."""
    options = Options(drop=frozenset({Kind.TITLE})) if rule == "policy" else Options()
    verdicts = segment(parse_html(HTML), options).verdicts
    found = [verdict for verdict in verdicts if HTML_CASES[rule] in verdict.block.text]
    assert rule in {reason.rule for verdict in found for reason in verdict.reasons}


def test_no_article_block_of_the_page_has_a_reason():
    """What stays needs none."""
    verdicts = [verdict for verdict in segment(parse_html(HTML), Options()).verdicts if verdict.block.text in HARBOUR]
    assert len(verdicts) == 5
    assert all(verdict.kept and verdict.reasons == () for verdict in verdicts)


SITE_CASES = {"site", "apart"}  # need a site: tests/batch/test_templates.py


def test_no_rule_is_without_a_case():
    """The registry is closed; text out of data and copies have tests of their own."""
    assert set(TEXT_CASES) | set(HTML_CASES) | {"embedded", "copy", "quoted"} | SITE_CASES == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_says_what_it_does(rule):
    """A name in kebab case, one line of description, evidence that can be worded."""
    assert rule.name == rule.name.lower().replace(" ", "-").replace("_", "-")
    assert rule.description.endswith(".")
    assert "\n" not in rule.description
    assert reason(rule.name, ("a", "b", "c")).evidence


@given(st.sampled_from(sorted(RULES)), st.sampled_from([None, *JUNK_KINDS]), st.floats(0, 1e6), st.sampled_from(FAVORS))
def test_no_single_family_removes(rule, kind, weight, favor):
    """However strong: a phrase alone or a place alone never removes, and two votes of one rule are one signal."""
    vote: Vote = (rule, kind, weight, ("x", "y", "z"))
    assert not weigh([vote], favor).removed
    assert not weigh([vote, vote], favor).removed


VOTES = st.lists(
    st.tuples(
        st.sampled_from(sorted(RULES)),
        st.sampled_from([None, *sorted(JUNK_KINDS)]),
        st.floats(-5, 5),
        st.just((1, 2, 3)),
    )
)


@given(VOTES)
def test_favor_orders_what_is_removed(votes):
    """What recall removes balanced removes, and what balanced removes precision removes."""
    removed = [weigh(votes, favor).removed for favor in ("recall", "balanced", "precision")]
    assert removed == sorted(removed)


@given(VOTES, st.sampled_from(FAVORS))
def test_a_ruling_is_whole(votes, favor):
    """A kind of junk if and only if removed, a confidence in its range, known reasons of two families."""
    ruling = weigh(votes, favor)
    assert (ruling.kind in KEPT_KINDS) is not ruling.removed
    assert 0.5 <= confidence(ruling) <= 0.99
    if ruling.removed:
        rules = {reason.rule for reason in reasons(votes, ruling.kind)}
        assert rules <= set(RULES)
        assert len({RULES[rule].family for rule in rules}) >= 2


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ((Kind.FOOTER, Kind.LEGAL), Kind.LEGAL),
        ((Kind.NAVIGATION, Kind.SEARCH), Kind.SEARCH),
        ((Kind.FOOTER, Kind.NAVIGATION), Kind.FOOTER),
        ((Kind.FOOTER, Kind.POPULAR), Kind.FOOTER),
        ((Kind.FOOTER, Kind.SHARE), Kind.SHARE),
        ((Kind.COMMENTS, Kind.COMMENT_FORM), Kind.COMMENT_FORM),
    ],
)
def test_the_more_specific_kind_wins(kinds, kind):
    """As kinds.md says; and lists in the footer zone are footer."""
    votes: list[Vote] = [("introduced", kinds[0], 2.0, ("", "")), ("phrase", kinds[1], 2.0, ("", ""))]
    assert weigh(votes, "balanced").kind is kind


def test_reasons_speak_for_the_kind_first():
    """Then the strongest; what speaks for content is no reason."""
    votes: list[Vote] = [
        ("short", None, 0.6, (3,)),
        ("tail", None, 1.3, ()),
        ("prose", None, -1.0, ()),
        ("phrase", Kind.SHARE, 0.9, ("share", "is")),
    ]
    assert reasons(votes, Kind.SHARE) == (
        Reason("phrase", "the text is “share”"),
        Reason("tail", "below the last paragraph"),
        Reason("short", "3 words"),
    )


def test_the_title_stays():
    """Its ruling removes nothing and is sure enough."""
    assert title_ruling().kind is Kind.TITLE
    assert confidence(title_ruling()) > 0.7
