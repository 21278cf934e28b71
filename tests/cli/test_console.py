"""What is shown of characters that drive a terminal."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from stripper.cli.console import Console, shown, shown_name


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "dos\r\n", "שלום \u200fעולם", "zero\u200dwidth", "日本"])
def test_text_that_stays(text: str) -> None:
    """Line ends, tabs, marks of right-to-left text and joiners are text."""
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("over\rwritten", "over\\rwritten"),
        ("\x00\x07\x08\x7f", "\\x00\\x07\\x08\\x7f"),
        ("\x9b1m\x85", "\\x9b1m\\x85"),
        ("\u202e\u2066\u2069", "\\u202e\\u2066\\u2069"),
    ],
)
def test_text_that_is_spelled_out(text: str, seen: str) -> None:
    """Controls, overwriting and reordering are spelled out."""
    assert shown(text) == seen


@given(st.text(st.characters()))
def test_a_name_is_one_printable_line(name: str) -> None:
    """A name of any characters can be printed anywhere."""
    assert shown_name(name).isprintable()


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a b-c_é日.html", "a b-c_é日.html"),
        ("a\nb", "a\\nb"),
        ("\udce9", "\\xe9"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
        ("\u200e", "\\u200e"),
    ],
)
def test_names(name: str, seen: str) -> None:
    """What is not printable is spelled out; a byte that is no UTF-8 as that byte."""
    assert shown_name(name) == seen


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_only() -> None:
    """A log file gets no progress; on a terminal a message wipes it."""
    terminal, log = _Terminal(), io.StringIO()
    for err in (terminal, log):
        console = Console(io.BytesIO(), err)
        console.progress(1, 3)
        console.say("a: message")
        console.end_progress()
    assert log.getvalue() == "stripper: a: message\n"
    assert terminal.getvalue() == "\r1/3\r\x1b[Kstripper: a: message\n"


def test_lone_surrogates_have_no_utf8() -> None:
    """Output is valid UTF-8 whatever the text is."""
    out = io.BytesIO()
    Console(out, None).write("a\ud800b")
    assert out.getvalue() == "a\ufffdb".encode()


class _Screen(io.BytesIO):
    def isatty(self) -> bool:
        return True


HOSTILE = "a\x1b]52;c;x\x07b \x1b[2J \u202ec \x9b1m [bold]d[/bold] :smile:"


def test_what_rich_lays_out_is_spelled_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own colours are sent, what a page holds is not, in text as in tables; its markup is none."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NO_COLOR", raising=False)
    table = Table(HOSTILE)
    table.add_row(HOSTILE)
    out = _Screen()
    Console(out, None).show(Text(HOSTILE, "bold red"), HOSTILE, table)
    text = out.getvalue().decode()
    assert "\x1b[1;31m" in text
    assert text.count("\\x1b]52") == text.count("\\u202e") == text.count("\\x9b1m") == 4
    assert re.sub(r"\x1b\[[\d;]*m|\n", "", text).isprintable()
    assert "[bold]d[/bold] :smile:" in text


def test_a_pipe_gets_what_rich_lays_out_without_colours() -> None:
    """And without wrapping, however long a line is."""
    out = io.BytesIO()
    Console(out, None).show(Text("word " * 500, "bold"), "x" * 900)
    assert out.getvalue().decode() == "word " * 500 + "\n" + "x" * 900 + "\n"


def test_nobody_listens() -> None:
    """Without a stderr a message is dropped."""
    Console(io.BytesIO(), None).say("x")
