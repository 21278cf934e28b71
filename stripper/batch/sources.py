"""What was typed, as a stream of items: lazily, in one order, as often as it is asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.batch.archives import is_archive, read_archive
from stripper.batch.items import Item, Link, Lost
from stripper.batch.rows import is_table, read_table
from stripper.batch.walk import File, walk
from stripper.errors import InputError
from stripper.reading import read_packed
from stripper.sites import head_of, site_of
from stripper.write import is_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from stripper.batch.walk import Choice
    from stripper.options import Options

_LIST = "@"


@dataclass(frozen=True, slots=True)
class Sources:
    """The inputs of a batch. Standard input was copied to `stdin` beforehand, since it is read more than once."""

    inputs: tuple[str, ...]  # as typed
    choice: Choice  # of a folder's files
    columns: Mapping[str, str]  # names of a table's columns: url, html, text, id
    options: Options
    stdin: Path | None = None
    own: tuple[int, int] | None = None  # (device, inode) of the output folder

    def each(self, tally: Callable[[str, str], None] | None = None) -> Iterator[Item | Lost | Link]:
        """Yield every input; `tally(file, what)` is told of the records of archives, the passed over ones too."""
        several = len(self.inputs) > 1
        for name in self.inputs:
            if name.startswith(_LIST):
                yield from self._listed(name[1:], tally)
            else:
                yield from self._input(name, several=several, tally=tally)

    def _listed(self, name: str, tally: Callable[[str, str], None] | None) -> Iterator[Item | Lost | Link]:
        path = self.stdin if name == "-" else Path(name)
        try:
            with (path or Path(name)).open("r", encoding="utf-8", errors="surrogateescape") as lines:
                for line in lines:
                    entry = line.strip()
                    if entry and not entry.startswith("#"):
                        yield from self._input(entry, several=True, tally=tally)
        except (OSError, ValueError) as error:
            problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            yield Lost(_LIST + name, "failed", "UnreadableInput", f"the list cannot be read: {problem}")

    def _input(
        self, name: str, *, several: bool, tally: Callable[[str, str], None] | None
    ) -> Iterator[Item | Lost | Link]:
        if is_url(name):
            yield Link(name)
        elif name == "-":
            yield from self._standard_input()
        elif Path(name).is_dir():
            root = (_base(name),) if several else ()
            for found in walk(name, self.choice, self.own):
                if isinstance(found, File):
                    yield from map(_vanished, self._file(found.path, (*root, *found.parts), tally))
                else:
                    yield found
        else:
            yield from self._file(name, (_base(name),), tally)

    def _file(
        self, path: str, place: tuple[str, ...], tally: Callable[[str, str], None] | None
    ) -> Iterator[Item | Lost | Link]:
        if is_archive(path):
            yield from read_archive(path, place, self.options.max_bytes, tally)
        elif is_table(path):
            yield from read_table(path, place, self.columns, self.options.max_bytes)
        else:
            yield self._page(path, place)

    def _page(self, path: str, place: tuple[str, ...]) -> Item | Lost:
        try:
            raw = read_packed(path, self.options)
        except InputError as error:
            return lost(error)
        site = site_of(None, head_of(raw.data)) or f"{os.path.dirname(path)}/"  # noqa: PTH120 - as the id has it
        return Item(raw, place, site=site)

    def _standard_input(self) -> Iterator[Item | Lost]:
        if self.stdin is None:
            yield Lost("-", "failed", "UnreadableInput", "standard input is closed")
            return
        page = self._page(str(self.stdin), ("stdin",))
        if isinstance(page, Lost):
            yield replace(page, id="-")
        else:
            yield replace(page, raw=replace(page.raw, id="-"), site=site_of(None, head_of(page.raw.data)))


def _vanished(item: Item | Lost | Link) -> Item | Lost | Link:
    """Return the item; of a file that a folder had and that cannot be found any more, with words for it."""
    if isinstance(item, Lost) and item.status == "failed" and not os.path.lexists(item.id):
        return replace(item, message="vanished: the folder had it when it was listed")
    return item


def lost(error: InputError) -> Lost:
    """Return the input that an error is about, as failed."""
    return Lost(error.source, "failed", type(error).__name__, error.problem)


def _base(name: str) -> str:
    """Return the last part of a path, of "." and ".." what they stand for."""
    base = os.path.basename(name.rstrip("/\\"))  # noqa: PTH119 - no Path: names stay as typed
    if base in {"", ".", ".."}:
        base = Path(name).resolve().name
    return base or "root"
