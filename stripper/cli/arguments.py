"""What may be typed: the parser, and the options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from stripper.datatypes import JUNK_KINDS, KEPT_KINDS, Kind, Mode
from stripper.errors import InputError, UsageError
from stripper.options import FAVORS, Options
from stripper.segment import model_id

if TYPE_CHECKING:
    from collections.abc import Sequence


_DIGITS = 18  # of a number: as many as fit into 64 bits


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake is an error like all others: one line, printed in one place."""

    def __init__(self, **settings: Any) -> None:
        """Take what argparse takes; descriptions and examples keep their lines."""
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and refuse values that are empty: a variable of the shell that was not set."""
        typed, rest = super().parse_known_args(args, namespace)
        for action in self._actions:
            value = getattr(typed, action.dest, None)
            if value != action.default and "" in (value if isinstance(value, list) else [value]):
                self.error(f"{'/'.join(action.option_strings) or action.metavar}: names nothing")
        return typed, rest

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
        "--profiles",
        metavar="DIR",
        help="folder of site profiles, made by `stripper batch`: what repeats on a site",
    )
    parser.add_argument(
        "--max-bytes",
        type=positive,
        default=Options().max_bytes,
        metavar="N",
        help="size of one input, unpacked; default: %(default)s",
    )
    parser.add_argument(
        "--as", dest="as_", choices=[str(mode) for mode in Mode], help="how to read the input; default: by its content"
    )


def new_file(option: str, typed: str) -> Path:
    """Return the path of a file that is to be written. Raises UsageError."""
    path = Path(typed)
    if path.is_dir():
        raise UsageError(f"{option}: {path} is a folder, name a file")
    return path


def new_folder(option: str, typed: str) -> Path:
    """Return the path of a folder that is to be written into. Raises UsageError."""
    path = Path(typed)
    if path.exists() and not path.is_dir():
        raise UsageError(f"{option}: {path} is no folder, name one to write into")
    return path


def positive(text: str) -> int:
    """Return the number that was typed. Raises ArgumentTypeError unless it is 1 or more."""
    return _number(text, 1)


def count(text: str) -> int:
    """Return the number that was typed. Raises ArgumentTypeError unless it is 0 or more."""
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    # Not isdecimal() alone: int() reads digits of every script, but no more than 4,300 of them.
    if not text.isdecimal() or not text.isascii() or len(text) > _DIGITS or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no number from {least} up")
    return int(text)


def read_options(typed: argparse.Namespace, **more: Any) -> Options:
    """Return the options that were typed; `more` are those of one command. Raises UsageError."""
    try:
        keep, drop = read_kinds("keep", typed.keep), read_kinds("drop", typed.drop)
        more = {"profiles": typed.profiles, "max_bytes": typed.max_bytes} | more
        options = Options(keep=keep, drop=drop, favor=typed.favor, model=typed.model, **more)
    except UsageError as error:
        raise UsageError(f"--{error}") from None
    _check_files(options)
    return options


def _check_files(options: Options) -> None:
    """Raise UsageError for a model or profiles that can't be used: once, and not for each page."""
    if options.profiles is not None and not Path(options.profiles).is_dir():
        raise UsageError(f"--profiles: {options.profiles} is no folder")
    if options.model is not None:
        try:
            model_id(Mode.HTML, options)
        except InputError as error:
            raise UsageError(f"--model: {error.problem}") from None


def read_mode(typed: argparse.Namespace) -> Mode | None:
    """Return the mode that was typed, None where the content decides."""
    return Mode(typed.as_) if typed.as_ else None


def read_kinds(option: str, typed: Sequence[str]) -> frozenset[Kind]:
    """Return the kinds that were typed for an option, parted by commas or blanks. Raises UsageError."""
    each = [text.replace(",", " ").split() for text in typed]
    if not all(each):
        raise UsageError(f"{option}: names no kind; see --help")
    names = [name for some in each for name in some]
    if unknown := [name for name in names if name not in frozenset(Kind)]:
        raise UsageError(f"{option}: {', '.join(unknown)}: no such kind; see --help")
    return frozenset(map(Kind, names))


def _list(kinds: Sequence[str]) -> str:
    return ", ".join(kinds)
