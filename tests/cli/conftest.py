"""The command line, called in this process or started as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from stripper.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SENTENCE = "The lighthouse keeper counted the ships that came home in the evening, and wrote each name into a book."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>The keeper | Harbour News</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/about">About us</a></li></ul></nav>
<main><article><h1>The keeper and the ships</h1>
<p>{SENTENCE} Nobody had asked him to do so, and nobody read what he wrote.</p>
<p>In the third winter the book was full, so he began another, and then a third one after the storm had passed.</p>
<p>When he left the tower, the town found forty books on the shelf, with every ship that had ever come home.</p>
</article></main>
<footer><p>Copyright 2026 Harbour News. All rights reserved.</p></footer></body></html>
"""


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make an empty folder the current one, with `page.html` in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    return "page.html"


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Result]:
    """Return a function that runs a command in this process."""

    def run(*args: str) -> Result:
        code = main(args)
        captured = capfdbinary.readouterr()
        return Result(code, captured.out.decode("utf-8"), captured.err.decode("utf-8"))

    return run


@pytest.fixture
def command() -> Callable[..., subprocess.Popen[bytes]]:
    """Return a function that starts a command as a process; outputs are pipes unless told otherwise."""

    def start(*args: str | bytes, **settings: object) -> subprocess.Popen[bytes]:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], "LC_ALL": "C"}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [sys.executable, "-m", "stripper", *args], **({"env": environment} | pipes | settings)
        )

    return start
