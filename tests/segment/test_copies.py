"""What stands in a noscript element: kept where it is the text, gone where the page shows the same."""

from __future__ import annotations

import pytest

from stripper import Kind, strip_html
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
