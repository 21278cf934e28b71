"""`stripper train`: what may be typed, what is written, and what is said where torch is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stripper.cli import main
from stripper.segment.network import load_model
from stripper.training import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]

CREDIT = "texts=our own pages, CC0"


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Return a function that runs `stripper train` in this process: code, out, err."""

    def run(*args: str) -> tuple[int, str, str]:
        code = main(["train", *args])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


def test_a_model_and_its_card(call: Call, folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Figures to stdout, progress to stderr, the card beside the model."""
    pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")
    model = tmp_path / "own.model"
    sources = [str(folder) for folder in folders]
    code, out, err = call(
        *sources, "-o", str(model), "--epochs", "1,1,0", "--folds", "2", "--seed", "3", "--credit", CREDIT
    )
    assert code == 0
    assert out.startswith("texts: 6 pages, 0 failed\n  words ")
    assert "stripper: all pages: keep: epoch 1 of 1, loss " in err
    assert load_model(str(model)).facts["seed"] == 3
    card = (tmp_path / "own.md").read_text("utf-8")
    assert "| texts | 6 | our own pages, CC0 |" in card
    assert "--seed 3 --folds 2 --epochs 1,1,0`" in card


def test_without_torch(
    call: Call,
    folders: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line says what to install."""
    monkeypatch.setattr(settings, "find_spec", lambda _: None)
    code, out, err = call(str(folders[0]), "-o", str(tmp_path / "own.model"))
    assert (code, out) == (2, "")
    assert err == "stripper: training needs torch; install it with: pip install 'boilerplate-stripper[train]'\n"


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["--epochs", "1,2"], "three numbers"),
        (["--text", "--epochs", "1,2,3"], "one number"),
        (["--epochs", "0,1,1"], "--epochs: must be at least 1,1,0"),
        (["--folds", "1"], "--folds: must be 0"),
        (["--folds", "x"], "no number from 0 up"),
        (["--credit", "x"], "NAME=LINE"),
        (["-o", "card.md"], "the model's card"),
        (["-o", "."], "no place for a file"),
        (["-o", "missing/own.model"], "no place for a file"),
    ],
)
def test_wrong_usage(call: Call, folders: tuple[Path, Path], args: list[str], problem: str) -> None:
    """Told before anything is read."""
    code, out, err = call(str(folders[0]), *(["-o", "own.model"] if "-o" not in args else []), *args)
    assert (code, out) == (2, "")
    assert problem in err
    assert err.count("\n") == 1


def test_a_corpus_that_is_none(call: Call) -> None:
    """Named before anything is read."""
    assert call("missing", "-o", "own.model") == (2, "", "stripper: CORPUS: missing is not there\n")


def test_the_help_shows_how(call: Call) -> None:
    """With examples."""
    assert "examples:\n  stripper train " in call("--help")[1]
