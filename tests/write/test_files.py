"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from stripper.write import replacing, write_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    """The second content takes the first one's place, and nothing else is left in the folder."""
    path = tmp_path / "a.txt"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """When writing breaks off, the old content stands and no part of the new one is left."""
    path = tmp_path / "a.txt"
    write_file(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        _break_off(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _break_off(path: Path) -> None:
    with replacing(path) as stream:
        stream.write(b"half of the n")
        raise KeyboardInterrupt


def test_others_may_read_as_the_umask_says(tmp_path: Path) -> None:
    """An output has the permissions of any new file, not those of a secret one."""
    before = os.umask(0o022)
    try:
        write_file(tmp_path / "a.txt", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    """A link in the output folder cannot send the output somewhere else."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"precious")
    link = tmp_path / "a.txt"
    link.symlink_to(outside)
    write_file(link, b"new")
    assert outside.read_bytes() == b"precious"
    assert link.read_bytes() == b"new"
    assert not link.is_symlink()


def test_a_device_is_written_to(tmp_path: Path) -> None:
    """A pipe or a device stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"through")
    reader.join()
    assert read == [b"through"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["missing/a.txt", "folder"])
def test_where_no_file_can_be(tmp_path: Path, name: str) -> None:
    """A folder that is missing, or stands where the file should, is an OSError; nothing is left behind."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"No such file|directory"):
        write_file(tmp_path / name, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
