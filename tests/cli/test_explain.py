"""`stripper explain`: from words to the block and its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
