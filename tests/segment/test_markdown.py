"""Markdown is judged as its readers see it; blocks keep what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.options import Options
from stripper.parse import parse_text
from stripper.segment import segment
from stripper.segment.markdown import without_marks
from tests.segment.texts import HARBOUR


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("* [Home](https://a.example/)", "* Home"),
        ("## What the Repair Changed [¶](#x)", "What the Repair Changed ¶"),
        ("[![Logo](/l.svg)](https://a.example/)", "Logo"),
        ("[![](/l.svg)](/)", "[![](/l.svg)](/)"),
        ("See [the *old* pier](/pier) and **this**.", "See the *old* pier and this."),
        ("f(x)[0](y)", "f(x)0"),
        ("no links here [1] (2)", "no links here [1] (2)"),
    ],
)
def test_a_line_as_its_reader_sees_it(text, seen):
    """Links are their words, headings have no marks; what would be empty stays as it is."""
    (block,) = without_marks(parse_text(text)).blocks
    assert block.text == seen


@given(st.lists(st.sampled_from(["[a](b)", "# c", "**d**", "e", "", " [](f) "]), max_size=8))
def test_spans_are_those_of_the_texts(lines):
    """As many blocks in the same order, each the slice of the new text."""
    page = parse_text("\n".join(lines))
    seen = without_marks(page)
    assert len(seen.blocks) == len(page.blocks)
    assert all(seen.text[slice(*block.span)] == block.text for block in seen.blocks)


def test_a_menu_in_markdown_goes():
    """With its targets it looks like nothing; without them it is a menu."""
    menu = [
        "[Skip to content](#content)",
        "* [Home](/)",
        "* [News](/news)",
        "* [Log in](/login)",
        "* [Subscribe](/sub)",
    ]
    share = [
        "[Share on Facebook](https://f.example/s?u=1)",
        "## Leave a Reply",
        "Your email address will not be published.",
    ]
    text = "\n".join([*menu, "", f"# {HARBOUR[0]}", "", *HARBOUR[1:], "", *share])
    kept = [verdict.block.text for verdict in segment(parse_text(text), Options()).verdicts if verdict.kept]
    assert kept == [f"# {HARBOUR[0]}", *HARBOUR[1:]]
