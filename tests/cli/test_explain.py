"""`stripper explain`: from words to the block and its reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result


def test_a_kept_block(page: str, call: Callable[..., Result]) -> None:
    """A block that stayed is told with its kind, confidence and place."""
    result = call("explain", page, SENTENCE)
    assert result.code == 0
    first, text, xpath, *_ = result.out.splitlines()
    assert first.startswith("block 4 of 8: kept as content, confidence 0.")
    assert text.startswith(f"  text    {SENTENCE}")
    assert xpath == "  xpath   /html/body/main/article/p[1]"
    assert result.err == ""


def test_a_removed_block_has_reasons(page: str, call: Callable[..., Result]) -> None:
    """A block that went is told with every reason."""
    result = call("explain", page, "about us")
    assert result.code == 0
    assert "removed as navigation" in result.out
    assert "  reason  " in result.out


def test_a_similar_block_is_announced(page: str, call: Callable[..., Result]) -> None:
    """The answer to other words than the page's is told to be a guess."""
    result = call("explain", page, SENTENCE.replace("evening", "night"))
    assert result.code == 0
    assert "the closest" in result.err


def test_not_found(page: str, call: Callable[..., Result]) -> None:
    """Words that no block holds are exit code 1 and one line."""
    result = call("explain", page, "nothing of the kind")
    assert (result.code, result.out) == (1, "")
    assert result.err == "stripper: page.html: no block holds these words\n"


def test_bad_input_and_bad_usage(page: str, call: Callable[..., Result]) -> None:
    """A page that fails is exit code 1, an empty question 2."""
    assert call("explain", "missing.html", "x").code == 1
    assert call("explain", page, " ").code == 2
    assert call("explain", page).code == 2


FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.parametrize(
    ("slug", "sentence", "lines"),
    [
        (
            "wordpress-check-also/page.html",
            "Check Also",
            [
                "removed as related, confidence ",
                "  text    Check Also",
                "  xpath   /html/body/div",
                "  reason  model: the model is ",
                "  reason  phrase: the text is “check also”",
                "  reason  marker: inside id “check-also-box”",
                "  against model: the model is ",
            ],
        ),
        (
            "wordpress-check-also/page.html",
            "A ten-minute crossing became a forty-minute detour",
            [
                "kept as content, confidence 0.",
                "  for     landmark: inside article",
                "  for     neighbours: stands among kept blocks",
                "  against short: 9 words",
            ],
        ),
        (
            "sloppy-check-also/page.txt",
            "Puffin Palace is one of",
            [
                "block 18 of 21: removed as related, confidence 0.",
                "  reason  introduced: heading “Check Also” 3 blocks above",
                "  reason  tail: below the last paragraph",
            ],
        ),
    ],
)
def test_fixtures(call: Callable[..., Result], slug: str, sentence: str, lines: list[str]) -> None:
    """What spoke for and what spoke against, in the order in which it is printed."""
    result = call("explain", str(FIXTURES / slug), sentence)
    at = 0
    for line in lines:
        assert line in result.out[at:], line
        at = result.out.index(line, at) + len(line)


def test_a_record_is_explained_without_its_page(page: str, call: Callable[..., Result]) -> None:
    """From NAME.json and NAME.txt, with the same answer."""
    call("strip", page, "-o", "out")
    of_page = call("explain", page, SENTENCE).out
    Path(page).unlink()
    assert call("explain", "out/page.json", SENTENCE).out == of_page


def test_json(page: str, call: Callable[..., Result]) -> None:
    """For machines: all of it, and nothing cut."""
    told = json.loads(call("explain", page, "about us", "--json").out)
    (block,) = told["blocks"]
    assert (told["exact"], told["input"]) == (True, page)
    assert (block["id"], block["of"], block["kept"], block["kind"]) == (2, 8, False, "navigation")
    assert block["xpath"] == "/html/body/nav/ul/li[3]/a"
    assert "model" in [reason["rule"] for reason in block["for"]]
    assert "model" in [reason["rule"] for reason in block["against"]]
    nothing = call("explain", page, "nothing of the kind", "--json")
    assert (nothing.code, json.loads(nothing.out)["blocks"]) == (1, [])
