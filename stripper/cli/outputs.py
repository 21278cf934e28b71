"""Where outcomes go: standard output, a folder, a file of records."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stripper.cli.console import shown_name
from stripper.datatypes import Failure
from stripper.errors import OutputError, UsageError
from stripper.write import (
    Format,
    as_utf8,
    assign_names,
    from_json,
    is_url,
    render,
    replacing,
    to_json,
    to_json_lines,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stripper.cli.console import Console
    from stripper.write import Stripped


class Sink(Protocol):
    """Takes the outcome of each input."""

    def add(self, name: str, outcome: Stripped | Failure) -> None:
        """Write the outcome of the input `name`. Raises OutputError."""


class PrintSink:
    """Standard output. Several inputs are told apart: by a line with the name, in JSON by being one line each."""

    def __init__(self, console: Console, form: Format, *, several: bool) -> None:
        """Print to `console`; `several` inputs are coming, or one."""
        self._console = console
        self._form = form
        self._several = several
        self._printed = False

    def add(self, name: str, outcome: Stripped | Failure) -> None:
        """Print the page; a failure is a line in JSON and nothing else, since the message went to the other side."""
        if isinstance(outcome, Failure):
            if self._form is Format.JSON:
                self._console.write(to_json({"text": None, "record": outcome.record()}) + "\n")
            return
        text = render(outcome, self._form)
        if self._several and self._form is not Format.JSON:
            text = self._heading(name) + _ended(text)
        self._console.write(text)
        self._printed = True

    def _heading(self, name: str) -> str:
        name = shown_name(name)
        heading = f"<!-- {name.replace('--', '- -')} -->\n\n" if self._form is Format.MD else f"==> {name} <==\n"
        return "\n" + heading if self._printed else heading


class FolderSink:
    """A folder: text and record of each input under a name of its own."""

    def __init__(self, folder: Path, form: Format, inputs: Sequence[str]) -> None:
        """Make the folder where it is missing, and choose a name for each of `inputs`.

        Raises OutputError, and UsageError where an output would take an input's place.
        """
        self._folder = folder
        self._form = form
        with _reported(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._names = assign_names(inputs, self._owner)
        self.paths = frozenset(path.absolute() for name in self._names.values() for path in self._paths(name))
        refuse_inputs(self.paths, inputs)

    def add(self, name: str, outcome: Stripped | Failure) -> None:
        """Write NAME.txt and NAME.json, or NAME.failure.json beside what an earlier run may have left."""
        text, record, failed = self._paths(self._names[name])
        if isinstance(outcome, Failure):
            self._write(failed, to_json_lines(outcome.record()))
            return
        self._write(text, render(outcome, self._form))
        if record != text:
            self._write(record, to_json_lines(outcome.record()))
        with _reported(failed):
            failed.unlink(missing_ok=True)

    def _paths(self, name: str) -> tuple[Path, Path, Path]:
        """Return the paths of text, record and failure."""
        # Not with_suffix(): in "v1.2" it would take ".2" for a suffix.
        text, record, failed = (self._folder / f"{name}.{end}" for end in (self._form, "json", "failure.json"))
        return text, record, failed

    def _owner(self, name: str) -> str | None:
        """Return the input whose outputs have this name; None where there are none, "" where nobody can tell."""
        text, record, failed = self._paths(name)
        for path in (record, failed):
            if path.is_file():
                try:
                    written = from_json(path.read_bytes())
                    return str(written.get("record", written)["source"]["id"])
                except (OSError, ValueError, KeyError, TypeError, AttributeError):
                    return ""
        return "" if text.exists() or text.is_symlink() else None

    def _write(self, path: Path, text: str) -> None:
        with _reported(path):
            write_file(path, as_utf8(text))


class RecordSink:
    """Records one by one."""

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        """Hand each record to `write`."""
        self._write = write

    def add(self, name: str, outcome: Stripped | Failure) -> None:  # noqa: ARG002  the record names its input
        """Write the outcome's record."""
        self._write(outcome.record())


@contextmanager
def json_lines_file(path: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Open a file for one JSON object a line, which takes the place of `path` when all are written.

    Raises OutputError.
    """
    with text_file(path) as write:
        yield lambda value: write(to_json(value) + "\n")


@contextmanager
def text_file(path: Path) -> Iterator[Callable[[str], None]]:
    """Open a file for text, which takes the place of `path` when all is written. Raises OutputError."""
    with _reported(path), replacing(path.resolve() if path.is_symlink() else path) as stream:

        def write(text: str) -> None:
            stream.write(as_utf8(text))

        yield write


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[str]) -> None:
    """Raise UsageError if one of `outputs` is a file that is to be read."""
    sources = {_identity(Path(name)) for name in inputs if name != "-" and not is_url(name)} - {None}
    for output in outputs:
        if _identity(output) in sources:
            raise UsageError(f"{output} is an input and would be written over; choose another place")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from all others under any of its names; None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
