"""The terminal or pipes that a command talks to: results to one side, messages to the other.

What a page, a file name or a URL holds may drive a terminal (ESC sequences, bidi overrides; CWE-150): on a
terminal such characters are shown instead of sent, in messages always. Pipes and files get them unchanged.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from stripper.errors import OutputError

if TYPE_CHECKING:
    from rich.console import RenderableType

_PIPE_WIDTH = 100_000  # columns: what goes into a pipe is never wrapped

# Controls but tab and line end, a carriage return that would hide a line's beginning, bidi embeddings,
# overrides and isolates. The marks U+200E and U+200F are left: right-to-left text needs them.
_DRIVES_TERMINAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def shown(text: str) -> str:
    r"""Return `text` with what drives a terminal spelled out, e.g. ESC as ``\x1b``; line ends stay."""
    return _DRIVES_TERMINAL.sub(lambda match: _spelled(match[0]), text)


def shown_name(name: str) -> str:
    """Return a file's name or a URL on one line, with everything that is not printable spelled out."""
    return name if name.isprintable() else "".join(char if char.isprintable() else _spelled(char) for char in name)


def _spelled(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # Python's stand-in for a byte of a file name that is no UTF-8
        return f"\\x{os.fsencode(char)[0]:02x}"
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


class Console:
    """Where a command writes. Output is UTF-8 whatever the locale says."""

    def __init__(self, out: BinaryIO | None, err: TextIO | None) -> None:
        """Take the sides for results and for messages; None where the caller closed one."""
        self._out = out
        self._err = err
        self._on_terminal = bool(out and out.isatty())
        self._progress = bool(err and err.isatty())
        self._progress_shown = False

    @classmethod
    def of_process(cls) -> Console:
        """Return the console of this process."""
        return cls(getattr(sys.stdout, "buffer", None), sys.stderr)

    def write(self, text: str) -> None:
        """Write a result; on a terminal it ends its line. Raises OutputError, and BrokenPipeError."""
        if self._out is None:
            raise OutputError("standard output is closed")
        if self._on_terminal:
            text = shown(text) if text.endswith("\n") or not text else shown(text) + "\n"
        self._send(text)

    def show(self, *parts: RenderableType) -> None:
        """Write what rich lays out, each part from a new line: in colours and as wide as the screen on a terminal.

        What drives a terminal is spelled out after the layout and before the colours, whatever the parts hold.
        Raises as `write` does.
        """
        from rich.console import Console as Screen
        from rich.segment import Segment, Segments

        buffer = StringIO()
        plain: dict[str, Any] = {"width": _PIPE_WIDTH, "color_system": None}
        screen = Screen(
            file=buffer, force_terminal=self._on_terminal, highlight=False, markup=False, emoji=False,
            legacy_windows=False,
            **({} if self._on_terminal else plain),
        )  # fmt: skip
        for part in parts:
            segments = [piece for piece in screen.render(part) if not piece.control]
            if self._on_terminal:
                segments = [Segment(shown(text), style) for text, style, _ in segments]
            screen.print(Segments(segments), soft_wrap=True, end="")
        self._send(buffer.getvalue())

    def _send(self, text: str) -> None:
        if self._out is None:
            raise OutputError("standard output is closed")
        try:
            self._out.write(_SURROGATE.sub("\ufffd", text).encode("utf-8"))
            self._out.flush()
        except BrokenPipeError:
            _abandon(self._out)
            raise
        except OSError as error:
            _abandon(self._out)
            raise OutputError(f"cannot write to standard output: {error.strerror or error}") from None

    def say(self, message: str) -> None:
        """Print a message of one line, e.g. ``stripper: a.html: no such file``."""
        self.tell(f"stripper: {message}")

    def tell(self, line: str) -> None:
        """Print a line of a longer message, spelling out what is not printable."""
        if self._err is None:
            return
        self.end_progress()
        try:
            self._err.write(f"{shown_name(line)}\n")
            self._err.flush()
        except OSError:  # nobody listens: the exit code still tells
            _abandon(self._err)
            self._err = None

    @property
    def shows_progress(self) -> bool:
        """Whether somebody sees how far a command is: messages go to a terminal."""
        return self._progress

    def progress(self, done: int, total: int) -> None:
        """Show how far a long command is; only a terminal shows it."""
        if self._progress and self._err is not None:
            self._err.write(f"\r{done}/{total}")
            self._err.flush()
            self._progress_shown = True

    def end_progress(self) -> None:
        """Wipe the progress, so that the next message stands alone."""
        if self._progress_shown and self._err is not None:
            self._err.write("\r\x1b[K")
            self._err.flush()
            self._progress_shown = False


def _abandon(stream: BinaryIO | TextIO) -> None:
    # Python flushes what is left at its end, fails again and prints a traceback: give it a place to go.
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
