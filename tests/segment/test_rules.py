"""The registry: closed, worded, and every rule fires where it should."""

from __future__ import annotations

import pytest

from stripper.datatypes import Kind
from stripper.options import Options
from stripper.parse import parse_html
from stripper.segment import segment
from stripper.segment.rules import RULES, reason
from tests.segment.test_line_evidence import LINE_CASES
from tests.segment.texts import HARBOUR

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
    """The registry is closed; plain text, text out of data and copies have tests of their own."""
    assert set(LINE_CASES) | set(HTML_CASES) | {"embedded", "copy", "quoted"} | SITE_CASES == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_says_what_it_does(rule):
    """A name in kebab case, one line of description, evidence that can be worded."""
    assert rule.name == rule.name.lower().replace(" ", "-").replace("_", "-")
    assert rule.description.endswith(".")
    assert "\n" not in rule.description
    assert reason(rule.name, ("a", "b", "c")).evidence
