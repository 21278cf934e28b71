"""A folder's files: all of them, once, in one order; nothing that blocks, loops or lies outside."""

from __future__ import annotations

import os
import socket

import pytest

from stripper.batch import walk as module
from stripper.batch.items import Lost
from stripper.batch.walk import Choice, File, walk


def found(root, choice=None, own=None):
    """Paths below the root, files as they are, lost ones with the word for it."""
    out = []
    for entry in walk(str(root), choice or Choice(), own):
        path = entry.path if isinstance(entry, File) else entry.id
        name = os.path.relpath(path, root)
        out.append(f"{name} {entry.error}" if isinstance(entry, Lost) else name)
    return out


def write(root, *names):
    """Make empty files."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")


def test_all_files_in_the_order_of_their_names(tmp_path):
    """Folders where their name stands; bytes decide, not the locale."""
    write(tmp_path, "b.html", "a/z.html", "a/B.html", "c", "é.html", "a.html", "index.php?id=3")
    assert found(tmp_path) == ["a/B.html", "a/z.html", "a.html", "b.html", "c", "index.php?id=3", "é.html"]


def test_huge_folders_are_sorted_on_disk(tmp_path, monkeypatch):
    """In runs of which few names are in memory; names may hold line ends."""
    monkeypatch.setattr(module, "_RUN", 3)
    names = [f"{number % 7}{number}.html" for number in range(20)] + ["a\nb.html"]
    write(tmp_path, *names)
    assert found(tmp_path) == sorted(names)


def test_links_are_not_followed(tmp_path):
    """Unless asked for; then each folder once, whatever loops there are. A link to nothing is a failure."""
    write(tmp_path, "in/a/x.html", "outside/y.html")
    (tmp_path / "in/a/up").symlink_to("..")
    (tmp_path / "in/out").symlink_to("../outside")
    (tmp_path / "in/page.html").symlink_to("a/x.html")
    (tmp_path / "in/none.html").symlink_to("nowhere")
    root = tmp_path / "in"
    assert found(root) == [
        *("a/up SymbolicLink", "a/x.html", "none.html UnreadableInput", "out SymbolicLink", "page.html SymbolicLink")
    ]
    followed = found(root, Choice(follow=True))
    assert followed == ["a/up Seen", "a/x.html", "none.html UnreadableInput", "out/y.html", "page.html"]


def test_what_would_block_is_never_opened(tmp_path, monkeypatch):
    """Pipes, sockets."""
    os.mkfifo(tmp_path / "pipe.html")
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind("socket.html")
        assert found(tmp_path) == ["pipe.html SpecialFile", "socket.html SpecialFile"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), ["a.css NotAPage", "a.html", "b/c.html", "b/d.txt"]),
        (Choice(include=("*.html",)), ["a.css NotIncluded", "a.html", "b/c.html", "b/d.txt NotIncluded"]),
        (Choice(include=("*.css",)), ["a.css", "a.html NotIncluded", "b/c.html NotIncluded", "b/d.txt NotIncluded"]),
        (Choice(include=("b/*",)), ["a.css NotIncluded", "a.html NotIncluded", "b/c.html", "b/d.txt"]),
        (Choice(exclude=("*.txt", "a.*")), ["a.css Excluded", "a.html Excluded", "b/c.html", "b/d.txt Excluded"]),
        (Choice(("*.html",), ("b/*",)), ["a.css NotIncluded", "a.html", "b/c.html Excluded", "b/d.txt Excluded"]),
    ],
)
def test_globs(tmp_path, choice, expected):
    """Nothing is left out in silence."""
    write(tmp_path, "a.html", "a.css", "b/c.html", "b/d.txt")
    assert found(tmp_path, choice) == expected


def test_hidden_entries_are_one_row_each(tmp_path):
    """A .git folder is not walked."""
    write(tmp_path, ".git/a", ".git/b", ".x.html", "a.html")
    assert found(tmp_path) == [".git Hidden", ".x.html Hidden", "a.html"]


def test_deep_folders(tmp_path):
    """As deep as the system allows: no recursion."""
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    write(deep, "x.html")
    assert len(found(tmp_path)) == 1


def test_the_output_folder_is_left_out(tmp_path):
    """Told by what it is, not by its name."""
    write(tmp_path, "a.html", "out/b.html")
    status = (tmp_path / "out").stat()
    assert found(tmp_path, own=(status.st_dev, status.st_ino)) == ["a.html"]
