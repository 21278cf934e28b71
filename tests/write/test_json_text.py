"""JSON that every reader of UTF-8, of lines and of terminals can take."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Failure
from stripper.deferred import Deferred
from stripper.write import Stripped, to_json, to_json_lines
from tests.write.handmade import html_page, html_pages, text_pages, verdict

_ANY = st.text(st.characters(), max_size=20)


@pytest.mark.parametrize("text", ["Grüße", "日本語", "שלום", "🙂", 'say "hi"', "a\tb"])
def test_text_stays_readable(text: str) -> None:
    """Nothing is escaped that need not be."""
    assert to_json(text) == json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("char", ["\ud800", "\x85", "\u2028", "\u2029", "\x9b", "\x7f", "\x00", "\x1b"])
def test_what_does_harm_is_escaped(char: str) -> None:
    """Lone surrogates, line separators and controls are escapes, and come back as they were."""
    line = to_json(f"a{char}b")
    assert char not in line
    assert json.loads(line) == f"a{char}b"


@given(_ANY)
def test_one_line_of_utf8_that_reads_back(text: str) -> None:
    """Any text is one line for every reader of lines, valid UTF-8, and the same after reading."""
    line = to_json({"text": text})
    assert len(line.splitlines()) == 1
    read = json.loads(line.encode("utf-8"))["text"]
    # Two halves of a surrogate pair in a row are one character to JSON.
    assert read.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


@pytest.mark.parametrize("figure", [float("nan"), float("inf")])
def test_figures_that_json_has_not_are_refused(figure: float) -> None:
    """NaN is no JSON: better an error than a null at the reader's."""
    page = html_page([verdict("Ad", kept=False)])
    judged = replace(page.verdicts[0], confidence=figure)
    broken = replace(page, segmentation=replace(page.segmentation, deferred=Deferred.made((judged,))))
    with pytest.raises(ValueError, match="not JSON compliant"):
        broken.record()


def test_what_no_fast_encoder_takes() -> None:
    """An integer above 64 bits, a lone surrogate beside text."""
    assert to_json({"a": [2**70, "\ud800", "ü"]}) == '{"a":[1180591620717411303424,"\\ud800","ü"]}'


@given(html_pages() | text_pages())
def test_the_form_for_people_is_the_same_json(page: Stripped) -> None:
    """One block a line changes nothing but the layout."""
    record = page.record()
    text = to_json_lines(record)
    assert json.loads(text) == json.loads(to_json(record))
    for item in record["removed"]:
        assert f"  {to_json(item)}" in text


def test_the_form_for_people_of_a_failure() -> None:
    """A failure's record ends with a line end too."""
    record = Failure("a", "E", "m").record()
    assert json.loads(to_json_lines(record)) == record
    assert to_json_lines(record).endswith("}\n")
