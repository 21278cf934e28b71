"""Why a line went: each reason is given where it should be, and not where the line only looks like it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from stripper.datatypes import Kind
from stripper.parse import parse_text
from stripper.segment.line_decision import LineDecision
from stripper.segment.line_evidence import LineWitness
from stripper.segment.lines import lines
from stripper.segment.templates import Repeats
from tests.segment.texts import HARBOUR

RELATED = ["Related Posts", "New Timetable for the Northern Line", "Golden Dice is among the liveliest sites …"]
TEXT = ["Menu", *HARBOUR[:2], "4 March 2024", *HARBOUR[2:], *RELATED, HARBOUR[0], "Menu", "Leave a Reply"]


class Case(NamedTuple):
    """Lines of TEXT, by their words: where a reason is given, and where it is not."""

    speaks: str
    silent: str
    kind: Kind


LINE_CASES = {
    "model": Case("Related Posts", "", Kind.RELATED),
    "phrase": Case("Leave a Reply", "New Timetable", Kind.COMMENT_FORM),
    "introduced": Case("New Timetable", "4 March", Kind.RELATED),
    "before-title": Case("Menu", "4 March", Kind.NAVIGATION),
    "tail": Case("Leave a Reply", "4 March", Kind.COMMENT_FORM),
    "date-line": Case("4 March", "New Timetable", Kind.BYLINE),
    "headline-again": Case(HARBOUR[0], "New Timetable", Kind.RELATED),
    "repeated": Case("Menu", "New Timetable", Kind.NAVIGATION),
    "short": Case("Leave a Reply", HARBOUR[2], Kind.COMMENT_FORM),
    "ellipsis": Case("Golden Dice", "New Timetable", Kind.RELATED),
    "off-topic": Case("Golden Dice", HARBOUR[0], Kind.RELATED),
}


def witness(kind, known=None):
    """The witness of TEXT, of which all but the article is removed as `kind`."""
    page = parse_text("\n\n".join(TEXT))
    seen = lines(page).facts
    stays = [i in range(1, 3) or i in range(4, 4 + len(HARBOUR) - 2) for i in range(len(TEXT))]
    kinds = [Kind.CONTENT if keep else kind for keep in stays]
    kinds[0], kinds[1] = Kind.NAVIGATION, Kind.TITLE
    keep = np.array(stays)
    decision = LineDecision(keep, np.full(len(TEXT), 0.9), kinds, ~keep & keep, 0.9)
    return LineWitness(page, seen, decision, known)


def rules_on(words, kind, known=None):
    """The rules that give a reason for the last line with these words."""
    index = max(i for i, line in enumerate(TEXT) if words in line)
    return {reason.rule for reason in witness(kind, known).reasons(index)}


@pytest.mark.parametrize("rule", LINE_CASES)
def test_a_reason_is_given(rule):
    """Where its fact holds."""
    assert rule in rules_on(LINE_CASES[rule].speaks, LINE_CASES[rule].kind) | first_menu(rule)


def first_menu(rule):
    """The rules on the menu above the headline."""
    return {reason.rule for reason in witness(Kind.NAVIGATION).reasons(0)} if rule == "before-title" else set()


@pytest.mark.parametrize("rule", [rule for rule, case in LINE_CASES.items() if case.silent])
def test_a_reason_is_not_given(rule):
    """Where the line only looks alike."""
    assert rule not in rules_on(LINE_CASES[rule].silent, LINE_CASES[rule].kind)


def test_a_line_that_repeats_on_the_site_says_on_how_many_pages():
    """And whether it stands apart from the text's own paragraphs."""
    counts = tuple(9 if line == "Leave a Reply" else 0 for line in TEXT)
    reasons = {r.rule: r.evidence for r in witness(Kind.COMMENT_FORM, Repeats(counts, 10)).reasons(len(TEXT) - 1)}
    assert reasons["site"] == "stands on 9 of 10 pages of the site"
    assert "apart" in reasons


def test_the_model_s_word_comes_first():
    """With its percentage and the kind."""
    first = witness(Kind.RELATED).reasons(len(TEXT) - 4)[0]
    assert (first.rule, first.evidence) == (
        "model",
        "the model is 90 % sure that this is no content, most likely related",
    )
