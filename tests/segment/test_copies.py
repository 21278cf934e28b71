"""What stands in a noscript element: kept where it is the text, gone where the page shows the same."""

from __future__ import annotations

import numpy as np
import pytest

from stripper import Kind, strip_html
from stripper.parse import parse_html
from stripper.segment.copies import copy_reasons, find_copies
from stripper.segment.decision import Decision
from tests.segment.texts import HARBOUR

TITLE, *PARAGRAPHS = HARBOUR
MENU = '<nav><ul><li><a href="/">Home</a><li><a href="/n">News</a><li><a href="/s">Sport</a></ul></nav>'
TEXT = f"<article><h1>{TITLE}</h1>{''.join(f'<p>{paragraph}</p>' for paragraph in PARAGRAPHS)}</article>"
EACH = "".join(f"<div><p>{text}</p></div><noscript><p>{text}</p></noscript>" for text in PARAGRAPHS)
WHOLE = "\n".join(HARBOUR)


@pytest.mark.parametrize(
    "html",
    [
        f"{MENU}<div id=app></div><noscript>{TEXT}</noscript>",
        f"{MENU}<main>{TEXT}</main><noscript>{TEXT}</noscript>",
        f"{MENU}<noscript>{TEXT}</noscript><main>{TEXT}</main>",
        f"{MENU}<main><article><h1>{TITLE}</h1>{EACH}</article></main>",
    ],
    ids=["alone", "below", "above", "each paragraph"],
)
def test_the_text_comes_once(html):
    """Once, whole, with one headline."""
    page = strip_html(html)
    assert page.text == WHOLE
    assert [verdict.kind for verdict in page.kept].count(Kind.TITLE) == 1


def test_a_copy_goes_on_two_signals():
    """Not shown, and shown elsewhere; the reasons say where."""
    page = strip_html(f"{MENU}<main>{TEXT}</main><noscript>{TEXT}</noscript>")
    copies = [verdict for verdict in page.removed if verdict.block.text in HARBOUR]
    assert [verdict.block.text for verdict in copies] == [*HARBOUR]
    assert {tuple(reason.rule for reason in verdict.reasons) for verdict in copies} == {("unseen", "copy")}
    assert copies[0].reasons[1].evidence == f"the same text is shown {len(HARBOUR)} blocks above"
    above = strip_html(f"{MENU}<noscript>{TEXT}</noscript><main>{TEXT}</main>")
    copy = next(verdict for verdict in above.removed if verdict.block.text == TITLE)
    assert copy.reasons[1].evidence == f"the same text is shown {len(HARBOUR)} blocks below"


POST = "I oiled the hinge with what the hardware shop had, and it has not made a sound since last autumn."
REPLY = "Mine squeaks again after every winter, so I take it off its pins and clean it."
THREAD = f"""<div class=post><p>{POST}</p></div>
<div class=post><blockquote><p>{POST}</p></blockquote><p>{REPLY}</p></div>"""
CHORUS = f"<div><p>{POST}</p><p>{REPLY}</p><p>{POST}</p></div>"


def found(html: str, page_type: str) -> dict[int, int]:
    """Copies on a page of which everything is kept."""
    page = parse_html(html)
    n = len(page.blocks)
    decision = Decision(
        np.ones(n, bool), np.ones(n), [Kind.CONTENT] * n, np.zeros(n, bool), page_type, 1.0, 1.0
    )  # fmt: skip
    return find_copies(page, decision, np.array([len(block.text.split()) for block in page.blocks], float))


def test_a_post_that_is_quoted_in_full_is_kept_once():
    """On a page of posts, where it stands first."""
    assert found(THREAD, "forum") == {1: 0}


@pytest.mark.parametrize(
    ("html", "page_type"),
    [(THREAD, "article"), (CHORUS, "forum"), (THREAD.replace(POST, "Me too, thanks!"), "forum")],
    ids=["no page of posts", "among its siblings", "few words"],
)
def test_other_repetitions_stay(html, page_type):
    """A teaser, a chorus, a word of thanks."""
    assert found(html, page_type) == {}


def test_a_quote_goes_on_two_signals():
    """It stands further up, and the page is one of posts."""
    quote = parse_html(THREAD).blocks[1]
    assert [(why.rule, why.evidence) for why in copy_reasons(quote, 0)] == [
        ("repeated", "the same text stands 1 block above"),
        ("quoted", "a quote on a page of posts"),
    ]
