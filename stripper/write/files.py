"""Writing files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_file(path: Path, data: bytes, *, alone: bool = False) -> None:
    """Make `data` the content of `path` at once; raises OSError, and then `path` is as it was. `alone` as below."""
    with replacing(path, alone=alone) as stream:
        stream.write(data)


@contextmanager
def replacing(path: Path, *, alone: bool = False) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends well, and leaves no trace when it does not.

    A device or a pipe (`/dev/null`, `/dev/fd/63`) is written to directly: putting a file in its place would
    break the machine. A symbolic link is replaced, not followed. Who is `alone` in writing there gets a temporary file
    whose name is made of the path's: what a killed run leaves behind, the next one replaces. Raises OSError.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            yield stream
        return
    temporary = path.parent / (f".{path.name}.part" if alone else f".{secrets.token_hex(8)}.part")
    with _moved(temporary, path, "wb" if alone else "xb") as stream:
        yield stream
    sync_folder(path.parent)


def put_file(path: Path, data: bytes) -> None:
    """Make `data` the content of a plain file, as who is alone does it, but for the folder. Raises OSError.

    For many files in one folder: `sync_folder` makes their names last.
    """
    with _moved(path.parent / f".{path.name}.part", path, "wb") as stream:
        stream.write(data)


@contextmanager
def _moved(temporary: Path, path: Path, mode: Literal["wb", "xb"]) -> Iterator[BinaryIO]:
    try:
        with temporary.open(mode) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names of a folder's files last."""
    # Not all systems can sync a folder: then the files are safe, their names a bit later.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
