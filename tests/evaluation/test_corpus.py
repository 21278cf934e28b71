"""Reading labelled pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from stripper.datatypes import Kind
from stripper.errors import UnreadableInput
from stripper.evaluation import GoldPage, open_corpus

if TYPE_CHECKING:
    from pathlib import Path


def test_a_corpus(tmp_path: Path) -> None:
    """Each line is a page; its input is found as HTML, packed or not, or as text."""
    rows = [
        {"id": "a b", "url": "https://x.example/", "type": "forum", "text": "t\u2028u", "with": ["w"], "without": None},
        {"id": "c", "blocks": [["x", "title"], ["y", "comment-form"]], "more": 1},
        {"id": "d", "text": None, "with": [], "without": ["v"]},
    ]
    text = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "gold.jsonl").write_text(text + "\n", "utf-8")
    for name in ("html/a b.html.gz", "txt/c.txt", "html/d.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert open_corpus(tmp_path).pages == (
        GoldPage("a b", tmp_path / "html/a b.html.gz", "https://x.example/", "forum", "t\u2028u", ("w",)),
        GoldPage("c", tmp_path / "txt/c.txt", blocks=(("x", Kind.TITLE), ("y", Kind.COMMENT_FORM))),
        GoldPage("d", tmp_path / "html/d.html", must_remove=("v",)),
    )


@pytest.mark.parametrize(
    ("page", "answer"),
    [({"text": "x"}, True), ({"text": ""}, True), ({"text": "x", "blocks": ()}, False), ({"must_keep": ("x",)}, False)],
)
def test_which_gold_leaves_the_title_out(tmp_path: Path, page: dict[str, object], answer: bool) -> None:  # noqa: FBT001
    """A gold text without blocks does."""
    assert GoldPage("a", tmp_path, **page).without_title is answer  # type: ignore[arg-type]


def test_an_input_that_is_missing_is_told_later(tmp_path: Path) -> None:
    """Labels can be read without the inputs; the path says where one should have been."""
    (tmp_path / "gold.jsonl").write_text('{"id": "a"}')
    (page,) = open_corpus(tmp_path).pages
    assert page.path == tmp_path / "html/a.html.gz"


def test_a_folder_without_labels(tmp_path: Path) -> None:
    """The error names the file that is missing."""
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl: cannot be read"):
        open_corpus(tmp_path)
