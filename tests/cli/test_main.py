"""The command line as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result

COMMANDS = ["strip", "batch", "review", "explain", "diff", "report", "restore", "eval", "train"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(call: Callable[..., Result], name: str) -> None:
    """`--help` shows how the command is used."""
    result = call(name, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"examples:\n  stripper {name} " in result.out


def test_help_lists_every_command(call: Callable[..., Result]) -> None:
    """`stripper --help` names all commands."""
    out = call("--help").out
    assert [line.split()[0] for line in out.splitlines() if line.startswith("    ")] == COMMANDS


@pytest.mark.parametrize("args", [[], ["stripe"], ["--nonsense"], ["strip\x1b[2J"]])
def test_wrong_usage(call: Callable[..., Result], args: list[str]) -> None:
    """What is no command is exit code 2, one safe line that leads to the help."""
    result = call(*args)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert "--help" in result.err
    assert "\x1b" not in result.err
