"""What may be typed: the parser, and the options that several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from stripper.datatypes import JUNK_KINDS, KEPT_KINDS, Kind, Mode
from stripper.errors import UsageError
from stripper.options import FAVORS, Options

if TYPE_CHECKING:
    from collections.abc import Sequence


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake is an error like all others: one line, printed in one place."""

    def __init__(self, **settings: Any) -> None:
        """Take what argparse takes; descriptions and examples keep their lines."""
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of leaving the process."""
        raise UsageError(f"{message}; see {self.prog} --help")


def add_input_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that strips pages."""
    parser.add_argument(
        "--keep", action="append", default=[], metavar="KINDS", help=f"junk that stays: {_list(sorted(JUNK_KINDS))}"
    )
    parser.add_argument(
        "--drop", action="append", default=[], metavar="KINDS", help=f"what goes as well: {_list(sorted(KEPT_KINDS))}"
    )
    parser.add_argument(
        "--favor", choices=FAVORS, default="balanced", help="when in doubt: remove (precision) or keep (recall)"
    )
    parser.add_argument("--model", metavar="FILE", help="a model of your own for HTML, made by `stripper train`")
    parser.add_argument(
        "--profiles", metavar="DIR", help="folder of site profiles, made by `stripper batch`: what repeats on a site"
    )
    parser.add_argument(
        "--as", dest="as_", choices=[str(mode) for mode in Mode], help="how to read the input; default: by its content"
    )


def positive(text: str) -> int:
    """Return the number that was typed. Raises ArgumentTypeError unless it is 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def read_options(typed: argparse.Namespace, **more: Any) -> Options:
    """Return the options that were typed; `more` are those of one command. Raises UsageError."""
    try:
        keep, drop = read_kinds("keep", typed.keep), read_kinds("drop", typed.drop)
        more = {"profiles": typed.profiles} | more
        return Options(keep=keep, drop=drop, favor=typed.favor, model=typed.model, **more)
    except UsageError as error:
        raise UsageError(f"--{error}") from None


def read_mode(typed: argparse.Namespace) -> Mode | None:
    """Return the mode that was typed, None where the content decides."""
    return Mode(typed.as_) if typed.as_ else None


def read_kinds(option: str, typed: Sequence[str]) -> frozenset[Kind]:
    """Return the kinds that were typed for an option, parted by commas or blanks. Raises UsageError."""
    names = [name for text in typed for name in text.replace(",", " ").split()]
    if unknown := [name for name in names if name not in frozenset(Kind)]:
        raise UsageError(f"{option}: {', '.join(unknown)}: no such kind; see --help")
    return frozenset(map(Kind, names))


def _list(kinds: Sequence[str]) -> str:
    return ", ".join(kinds)
