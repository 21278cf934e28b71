"""Clean text and record give the page text back, or an error says why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper import Options, strip_file
from stripper.datatypes import Failure, Kind
from stripper.errors import InvalidRecord
from stripper.write import Stripped, restore, to_json
from tests.test_fixtures import FOLDERS, page_file
from tests.write.handmade import html_page, html_pages, lines_page, text_pages, verdict

if TYPE_CHECKING:
    from pathlib import Path


@given(text_pages() | html_pages())
def test_undo(page: Stripped) -> None:
    """Law 2: `restore(text, record)` is the page text, for any text, any blocks, any choice."""
    assert restore(page.text, page.record()) == page.page.text


@given(text_pages() | html_pages())
def test_undo_by_way_of_a_file(page: Stripped) -> None:
    """The record as JSON in UTF-8 restores as well as the value it was made of."""
    record = json.loads(to_json(page.record()).encode("utf-8"))
    # Two halves of a surrogate pair in a row are read as one character, by JSON's own rule.
    joined = page.page.text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if joined == page.page.text:
        assert restore(page.text, record) == page.page.text


@given(html_pages(), st.sets(st.sampled_from(Kind)))
def test_all_kinds_or_some_of_them(page: Stripped, kinds: set[Kind]) -> None:
    """No kind gives the clean text, every kind the page text, and one kind its blocks in their places."""
    record = page.record()
    assert restore(page.text, record, ()) == page.text
    assert restore(page.text, record, list(Kind)) == page.page.text
    wanted = [v.block.text for v in page.verdicts if v.kept or v.kind in kinds]
    assert restore(page.text, record, kinds) == "\n".join(wanted)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_kinds_put_back_are_kinds_that_were_kept(folder: Path) -> None:
    """`restore(text, record, kinds)` is what `Options(keep=kinds)` gives, to the last character, in HTML and text."""
    page = strip_file(page_file(folder))
    kinds = sorted({verdict.kind for verdict in page.removed})
    for chosen in [*([kind] for kind in kinds), kinds[::2]]:
        kept = strip_file(page_file(folder), options=Options(keep=frozenset(chosen)))
        assert restore(page.text, page.record(), chosen) == kept.text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_more_line_end_does_no_harm(end: str) -> None:
    """An editor or a shell adds a line end to a text; it is not taken for a change."""
    page = lines_page("Article\n\nCheck Also\n", ["Check Also"])
    assert restore(page.text + end, page.record()) == "Article\n\nCheck Also\n"


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + " x", lambda _: ""])
def test_a_changed_text_is_refused(change: Any) -> None:
    """A text that is not the record's is an error, not a page text that nobody ever saw."""
    page = html_page([verdict("Some article"), verdict("Ad", kept=False)])
    with pytest.raises(InvalidRecord, match="page: "):
        restore(change(page.text), page.record())


def test_a_changed_record_is_refused() -> None:
    """A record whose removed text was changed is an error."""
    page = html_page([verdict("Some article"), verdict("Ad", kept=False)])
    record = page.record()
    record["removed"][0]["text"] = "Another"
    with pytest.raises(InvalidRecord, match="do not belong together"):
        restore(page.text, record)


@pytest.mark.parametrize(
    "record",
    [
        {},
        [],
        None,
        {"schema": "stripper.record/2"},
        {"schema": "stripper.record/1"},
        {"schema": "stripper.record/1", "kept": [{}], "removed": []},
        {"schema": "stripper.record/1", "kept": [{"out": "ab"}], "removed": []},
        {"schema": "stripper.record/1", "kept": [], "removed": [], "text": {"mode": "pdf"}},
        {"schema": "stripper.record/1", "kept": 3, "removed": [], "text": {"mode": "html"}},
    ],
)
def test_what_is_no_record_is_refused(record: Any) -> None:
    """Any JSON value is answered by a clear error."""
    with pytest.raises(InvalidRecord):
        restore("text", record)


def test_a_failure_has_nothing_to_restore() -> None:
    """The record of a failed input says so."""
    with pytest.raises(InvalidRecord, match=r"a\.html: this input failed"):
        restore("", Failure("a.html", "UnreadableInput", "no such file").record())
