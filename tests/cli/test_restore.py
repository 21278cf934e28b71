"""`stripper restore`: the page text back, byte for byte, or one line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Result

ARTICLE = (
    "\r\nThe keeper and the ships\r\n\r\n"
    f"{SENTENCE} Nobody had asked him to do so.\r\n\r\n"
    "In the third winter the book was full — so he began another, and then a third one after the storm.\r\n\r\n"
    "Check Also\r\n\r\nLeave a Reply\r\n\r\nYour email address will not be published. Required fields are marked *"
)


@pytest.mark.usefixtures("page")
def test_plain_text_comes_back_byte_for_byte(call: Callable[..., Result], tmp_path: Path) -> None:
    """Strip a text into a folder, restore it: the input's own bytes."""
    (tmp_path / "article.txt").write_bytes(ARTICLE.encode())
    assert call("strip", "article.txt", "-o", "out").code == 0
    clean = (tmp_path / "out" / "article.txt").read_bytes()
    assert SENTENCE.encode() in clean
    assert b"Leave a Reply" not in clean
    result = call("restore", "out/article.txt", "out/article.json")
    assert (result.code, result.err) == (0, "")
    assert result.out.encode() == ARTICLE.encode()


def test_html_gives_its_page_text(page: str, call: Callable[..., Result]) -> None:
    """A page of HTML comes back as everything it showed, block by block."""
    call("strip", page, "-o", "out")
    lines = call("restore", "out/page.txt", "out/page.json").out.split("\n")
    assert lines[:4] == ["Home", "News", "About us", "The keeper and the ships"]
    assert lines[-1] == "Copyright 2026 Harbour News. All rights reserved."


def test_gzipped_records(page: str, call: Callable[..., Result], tmp_path: Path) -> None:
    """Records are often kept packed."""
    call("strip", page, "-o", "out")
    record = tmp_path / "out" / "page.json"
    (tmp_path / "r.json.gz").write_bytes(gzip.compress(record.read_bytes()))
    assert call("restore", "out/page.txt", "r.json.gz").code == 0


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("missing.txt", "out/page.json"), "missing.txt: no such file"),
        (("out/page.txt", "missing.json"), "missing.json: no such file"),
        (("out/page.txt", "page.html"), "page.html: is no JSON"),
        (("out/page.txt", "list.json"), "list.json: is no record"),
        (("out/page.txt", "lines.jsonl"), "give a file with one record"),
        (("out/page.json", "out/page.json"), "out/page.json: the clean text has "),
        (("latin.txt", "out/page.json"), "latin.txt: is no UTF-8"),
        (("out/page.txt", "failure.json"), "failure.json: this input failed"),
    ],
)
def test_what_does_not_fit(
    page: str, call: Callable[..., Result], tmp_path: Path, args: tuple[str, str], problem: str
) -> None:
    """One line that names the file that is wrong, exit code 1, nothing on stdout."""
    call("strip", page, "-o", "out")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "lines.jsonl").write_text("{}\n{}\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    failed = {"schema": "stripper.failure/1", "source": {"id": "x", "url": None}, "error": "E", "message": "m"}
    (tmp_path / "failure.json").write_text(json.dumps(failed))
    result = call("restore", *args)
    assert (result.code, result.out) == (1, "")
    assert problem in result.err
    assert result.err.count("\n") == 1


def test_wrong_usage(call: Callable[..., Result]) -> None:
    """Two files are needed."""
    assert call("restore", "a.txt").code == 2


def test_chosen_kinds_come_back(page: str, call: Callable[..., Result]) -> None:
    """The text that `strip --keep` would have given, and nothing else of what was removed."""
    call("strip", page, "-o", "out")
    result = call("restore", "--kind", "legal", "out/page.txt", "out/page.json")
    assert (result.code, result.err) == (0, "")
    assert result.out + "\n" == call("strip", page, "--keep", "legal").out
    assert "All rights reserved" in result.out
    assert "About us" not in result.out


def test_an_unknown_kind_is_wrong_usage(call: Callable[..., Result]) -> None:
    """As with --keep."""
    result = call("restore", "--kind", "adverts", "out/page.txt", "out/page.json")
    assert (result.code, result.err) == (2, "stripper: --kind: adverts: no such kind; see --help\n")
