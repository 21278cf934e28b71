"""The files of a folder, in one order on every machine, with constant memory."""

from __future__ import annotations

import fnmatch
import heapq
import os
import stat
import struct
import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple

from stripper.batch.items import Lost

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = 50_000  # names of one folder that are sorted in memory
_LENGTH = struct.Struct("<I")
# What no page is called. Files without a suffix, or with one that isn't here, are looked into.
_NO_PAGES = frozenset(
    (
        " .7z .aac .apk .atom .avi .avif .bin .bmp .br .bz2 .class .css .csv .deb .dll .dmg .doc .docx .eot .epub"
        " .exe .flac .flv .gif .heic .ico .ics .iso .jar .jpeg .jpg .js .json .m3u8 .m4a .m4v .map .mid .mjs .mkv"
        " .mobi .mov .mp3 .mp4 .mpeg .mpg .msi .odp .ods .odt .ogg .ogv .opus .otf .pdf .pkl .png .ppt .pptx .ps"
        " .psd .py .rar .rpm .rss .rtf .so .sqlite .sqlite3 .svg .swf .tar .tgz .tif .tiff .ts .tsv .ttf .vcf"
        " .wasm .wav .webm .webmanifest .webp .wmv .woff .woff2 .xls .xlsx .xml .xz .yaml .yml .zip"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files of a folder are inputs. A pattern's `*` also matches `/`; without a `/` it means a file's name."""

    include: tuple[str, ...] = ()  # globs; none = all but what is surely no page
    exclude: tuple[str, ...] = ()
    follow: bool = False  # symbolic links

    def passed_over(self, relative: str) -> str | None:
        """Return why a file is no input, None where it is one."""
        name = relative.rsplit("/", 1)[-1]
        if _matches(self.exclude, relative, name):
            return "Excluded"
        if self.include:
            return None if _matches(self.include, relative, name) else "NotIncluded"
        return "NotAPage" if os.path.splitext(name.lower())[1] in _NO_PAGES else None  # noqa: PTH122 - a name, no path


class File(NamedTuple):
    """A file that is an input."""

    path: str
    parts: tuple[str, ...]  # below the folder


def walk(root: str, choice: Choice, own: tuple[int, int] | None) -> Iterator[File | Lost]:
    """Yield the files below `root`, folders in the order of their names' bytes, and a `Lost` for what is none.

    What `Choice` leaves out is a `Lost` too: nothing is passed over in silence. `own` is (device, inode) of the
    batch's own output folder, which is not entered. Links are not followed unless asked for; pipes, sockets and devices
    are never opened.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[Iterator[File | Lost | str]] = [_folder(root, (), choice, seen)]
    folders: list[tuple[str, ...]] = [()]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            folders.pop()
        elif isinstance(found, str):
            parts = (*folders[-1], found)
            path = os.path.join(root, *parts)  # noqa: PTH118 - names that are no UTF-8 stay as they are
            if own is None or _identity(path) != own:
                waiting.append(_folder(path, parts, choice, seen))
                folders.append(parts)
        else:
            yield found


def _folder(
    path: str, parts: tuple[str, ...], choice: Choice, seen: set[tuple[int, int]]
) -> Iterator[File | Lost | str]:
    """Yield what one folder holds: files, lost ones, and names of folders to enter."""
    if choice.follow:  # only then can a folder come twice
        identity = _identity(path)
        if identity in seen:
            yield Lost(path, "skipped", "Seen", "this folder was walked before under another name")
            return
        if identity:
            seen.add(identity)
    try:
        for name in _names(path):
            yield _entry(path, (*parts, name), choice)
    except OSError as error:
        yield Lost(path, "failed", "UnreadableInput", f"the folder cannot be read: {error.strerror or error}")


def _entry(folder: str, parts: tuple[str, ...], choice: Choice) -> File | Lost | str:
    name = parts[-1]
    path = os.path.join(folder, name)  # noqa: PTH118
    try:
        word = _word(path, name, choice)
    except FileNotFoundError:
        return Lost(path, "failed", "UnreadableInput", "is a link to nothing, or vanished")
    except OSError as error:
        return Lost(path, "failed", "UnreadableInput", f"cannot be read: {error.strerror or error}")
    if word == _FOLDER:
        return name
    word = word or choice.passed_over("/".join(parts))
    return Lost(path, "skipped", word, _WHY[word]) if word else File(path, parts)


def _word(path: str, name: str, choice: Choice) -> str | None:
    """Return what an entry is that is no plain file, None for one that is. Raises OSError."""
    if name.startswith("."):
        return "Hidden"
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        mode = os.stat(path).st_mode  # noqa: PTH116
        if not choice.follow:
            return "SymbolicLink"
    if stat.S_ISDIR(mode):
        return _FOLDER
    return None if stat.S_ISREG(mode) else "SpecialFile"


_FOLDER = "folder"
_WHY = {
    "Hidden": "its name begins with a dot",
    "SymbolicLink": "symbolic links are not followed; --follow does it",
    "SpecialFile": "is a pipe, a socket or a device",
    "Excluded": "an --exclude pattern matches it",
    "NotIncluded": "no --include pattern matches it",
    "NotAPage": "its suffix is not one of pages; --include takes it",
}


def _names(folder: str) -> Iterator[str]:
    """Yield the names in a folder, sorted by their bytes; of a huge folder in sorted runs on disk."""
    runs: list[Iterator[bytes]] = []
    names: list[bytes] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(os.fsencode(entry.name))
            if len(names) == _RUN:
                runs.append(_spilled(sorted(names)))
                names = []
    for name in heapq.merge(sorted(names), *runs):
        yield os.fsdecode(name)


def _spilled(names: list[bytes]) -> Iterator[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when its last name is read, or with the iterator
    file.writelines(_LENGTH.pack(len(name)) + name for name in names)
    file.seek(0)
    return _read_back(file)


def _read_back(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while head := file.read(_LENGTH.size):
            yield file.read(_LENGTH.unpack(head)[0])


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _matches(globs: tuple[str, ...], relative: str, name: str) -> bool:
    return any(fnmatch.fnmatchcase(relative if "/" in glob else name, glob) for glob in globs)
