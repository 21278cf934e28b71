"""The command line: what was typed -> what to run -> running it."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stripper.cli import batch, diff, evaluate, explain, report, restore, review, strip, train
from stripper.cli.arguments import Parser
from stripper.cli.console import Console
from stripper.cli.spelling import spelled
from stripper.errors import StripperError, UsageError
from stripper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DESCRIPTION = """\
Split scraped pages into what a reader came for and junk: clean text, and a record of everything removed.
"""

EXAMPLES = """\
examples:
  stripper strip https://example.org/article       clean text to the terminal
  stripper strip *.html -o clean/                  text and record of each page
  stripper batch pages/ -o clean                   a folder, or an archive of pages
  stripper explain page.html "Check Also"          why this block went
  stripper review page.html -o review.html         what went, in the browser

"stripper COMMAND --help" tells the rest.
"""

_OK, _FAILED, _USAGE, _INTERRUPTED, _TERMINATED = 0, 1, 2, 130, 143


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 all well, 1 an input failed, 2 wrong usage, 130 interrupted, 143 terminated."""
    for stream in (sys.stdout, sys.stderr):  # help and messages are UTF-8 too, whatever the locale
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    console = Console.of_process()
    try:
        with _terminable():
            typed = _parser().parse_args(argv)
            code: int = typed.plan(typed).run(console)
    except SystemExit as stop:  # --help and --version, printed; SIGTERM
        return stop.code if isinstance(stop.code, int) else _OK
    except UsageError as error:
        console.say(spelled(str(error)))
        return _USAGE
    except StripperError as error:
        console.say(spelled(str(error)))
        return _FAILED
    except BrokenPipeError:  # the reader has seen enough
        return _OK
    except KeyboardInterrupt:
        console.say("interrupted")
        return _INTERRUPTED
    return code


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM unwind the stack, so that half-written files and worker processes are cleaned up."""

    def stop(*_: object) -> None:
        raise SystemExit(_TERMINATED)

    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> Parser:
    parser = Parser(prog="stripper", description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument("--version", action="version", version=f"stripper {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for command in (strip, batch, review, explain, diff, report, restore, evaluate, train):
        command.add_parser(commands)
    return parser
