"""One text and one record for each page, in folders that mirror those of the inputs."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from stripper.errors import OutputError
from stripper.write import Name, put_file, safe_name, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stripper.batch.forms import Form
    from stripper.batch.items import Item
    from stripper.batch.journal import Entry, Journal

RESERVED = ("summary", "manifest", "blocks")  # the batch's own files in the output folder


class Mirror:
    """Writes each page's files when it comes."""

    def __init__(self, folder: Path, form: Form, journal: Journal) -> None:
        """Write below `folder`; names are kept in `journal`."""
        self._folder = folder
        self._form = form
        self._journal = journal
        self._made: set[Path] = set()  # folders that are there
        self._unsynced: set[Path] = set()  # folders with new names in them

    def holds(self, entry: Entry) -> bool:
        """Tell whether a page's files are still there."""
        return entry.name is not None and all(path.is_file() for path in self._paths(entry.name))

    def add(self, item: Item, ordinal: int, outputs: tuple[bytes, ...]) -> str:  # noqa: ARG002 - as Shards has it
        """Write a page's files; return their name. Raises OutputError."""
        name = self._name(item)
        for path, data in zip(self._paths(name), outputs, strict=True):
            with reported(path):
                if path.parent not in self._made:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    if len(self._made) > _FOLDERS:
                        self._made.clear()
                    self._made.add(path.parent)
                put_file(path, data)
                self._unsynced.add(path.parent)
        return name

    def drop(self, entry: Entry) -> None:
        """Take away the files of a page that is no longer ok. Raises OutputError."""
        if entry.name is not None:
            for path in self._paths(entry.name):
                with reported(path):
                    path.unlink(missing_ok=True)

    def output(self, ordinal: int, name: str | None) -> dict[str, object] | None:  # noqa: ARG002 - as Shards has it
        """Return what the manifest says of a page's files; asked for in the order of the ordinals."""
        return None if name is None else {"text": f"{name}.{self._form}", "record": f"{name}.json"}

    def sync(self) -> None:
        """Make the names of the files that were written last."""
        for folder in self._unsynced:
            sync_folder(folder)
        self._unsynced.clear()

    def finish(self) -> None:
        """Nothing else waits."""
        self.sync()

    def _name(self, item: Item) -> str:
        parts = [*map(_folder_name, item.place[:-1]), safe_name(item.place[-1])]
        name = "/".join(part.text for part in parts)
        exact = all(part.exact for part in parts) and name.casefold() not in RESERVED
        if not exact or not self._journal.claim(_folded(name), item.id):
            name = f"{name}-{sha256(item.id.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
            self._journal.claim(_folded(name), item.id)
        return name

    def _paths(self, name: str) -> tuple[Path, Path]:
        return self._folder / f"{name}.{self._form}", self._folder / f"{name}.json"


_OUR_SUFFIXES = (".txt", ".md", ".html", ".json", ".jsonl")
_FOLDERS = 10_000  # that are known to be there


def _folder_name(part: str) -> Name:
    name = safe_name(part)
    # A folder must not have the name of a file that is written beside it.
    return Name(f"{name.text}_", exact=False) if name.text.lower().endswith(_OUR_SUFFIXES) else name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn the system's errors into OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
