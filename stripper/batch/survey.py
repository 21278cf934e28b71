"""What repeats on each site, learned before anything is stripped: the same for any order of the inputs.

First look: which pages there are on each site. The 200 with the lowest hashes of their content stand for it, so
neither order nor copies of a page matter. Second look: these are parsed, and their blocks counted. Memory is bounded:
all of it lies in SQLite.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stripper.batch.items import Item
from stripper.batch.mirror import reported
from stripper.batch.page import mode_of, readable
from stripper.errors import InputError, OutputError
from stripper.pipeline import parse_decoded
from stripper.segment import fingerprints, load_profile
from stripper.segment.profile import LEAST_PAGES, SCHEMA, least_count, profile_path
from stripper.write import json_file, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from stripper.batch.items import Done, Lost
    from stripper.batch.page import Recipe

PAGES = 200  # of a site that are looked at, at most
_SHOWN = 100  # characters of a block's text in a profile

_TABLES = """
CREATE TABLE IF NOT EXISTS pages(site TEXT, digest BLOB, prints BLOB, PRIMARY KEY(site, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sites(site TEXT PRIMARY KEY, pages INTEGER NOT NULL, last BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts(site TEXT, print INTEGER, text TEXT, PRIMARY KEY(site, print)) WITHOUT ROWID;
"""


class Prints(NamedTuple):
    """A page's different blocks."""

    prints: tuple[int, ...]  # fingerprints
    texts: tuple[str, ...]  # the beginning of each one's text, for people


def prints_of(item: Item, recipe: Recipe) -> Prints | None:
    """Return the fingerprints of an item's blocks; None for one that is no page."""
    try:
        raw, decoded = readable(item, recipe.options)
        page = parse_decoded(raw, decoded, mode_of(item, recipe.mode))
    except InputError:
        return None
    found = dict(zip(fingerprints(page), (block.text for block in page.blocks), strict=True))
    return Prints(tuple(found), tuple(" ".join(text[: 2 * _SHOWN].split())[:_SHOWN] for text in found.values()))


class Survey:
    """The pages that stand for each site, and what is on them."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        """Keep what is learned at `path`. Raises OutputError."""
        self._path = path
        self._recipe = recipe
        with self._reported():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=OFF")  # a cut-off run looks again
            self._db.executescript(_TABLES)
        self._figures = {"sites": 0, "pages": 0}

    def look(self, items: Iterable[Item | Lost | Done]) -> int:
        """Note which pages there are; return the number of inputs."""
        inputs = 0
        with self._reported():
            self._db.execute("BEGIN")
        try:
            for item in items:
                inputs += 1
                if isinstance(item, Item) and item.site is not None:
                    with self._reported():
                        self._note(item.site, bytes.fromhex(item.digest()))
        finally:
            with self._reported():
                self._db.execute("COMMIT")
        return inputs

    def to_learn(self) -> int:
        """Return how many pages have to be parsed."""
        query = "SELECT count(*) FROM pages JOIN sites USING (site) WHERE sites.pages >= ? AND prints IS NULL"
        with self._reported():
            return int(self._db.execute(query, (LEAST_PAGES,)).fetchone()[0])

    def chosen(self, items: Iterable[Item | Lost | Done]) -> Iterator[Item]:
        """Yield the items that have to be parsed, each content once."""
        taken: set[tuple[str, bytes]] = set()
        left = self.to_learn()
        for item in items:
            if not left:
                return
            if not isinstance(item, Item) or item.site is None:
                continue
            key = (item.site, bytes.fromhex(item.digest()))
            if key not in taken and self._is_chosen(*key):
                taken.add(key)
                left -= 1
                yield item

    def work(self) -> Callable[[Item], Prints | None]:
        """Return what a worker does with a chosen item."""
        return partial(prints_of, recipe=self._recipe)

    def learn(self, item: Item, outcome: Prints | Exception | None) -> None:
        """Keep what a worker found on a page; one that it failed on counts for nothing."""
        prints = outcome if isinstance(outcome, Prints) else Prints((), ())
        stored = array("Q", prints.prints).tobytes()
        with self._reported():
            self._db.execute("BEGIN")
            self._db.execute(
                "UPDATE pages SET prints = ? WHERE site = ? AND digest = ?",
                (stored, item.site, bytes.fromhex(item.digest())),
            )
            rows = ((item.site, _signed(print_), _storable(text)) for print_, text in zip(*prints, strict=True))
            self._db.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", rows)
            self._db.execute("COMMIT")

    def write_profiles(self) -> None:
        """Write the profile of each site with enough pages, unless one of more pages is there. Raises OutputError."""
        folder = self._recipe.profiles
        if folder is None:
            return
        with reported(Path(folder)):
            Path(folder).mkdir(parents=True, exist_ok=True)
        with self._reported():
            sites = [site for (site,) in self._db.execute("SELECT site FROM sites WHERE pages >= ?", (LEAST_PAGES,))]
        for site in sites:
            pages, profile = self._profile(site)
            if pages < LEAST_PAGES:
                continue
            self._figures["sites"] += 1
            self._figures["pages"] += pages
            path = profile_path(folder, site)
            before = _old(folder, site)
            data = json_file(profile)
            with reported(path):
                if before <= pages and not (path.is_file() and path.read_bytes() == data):
                    write_file(path, data, alone=True)

    def figures(self) -> dict[str, int]:
        """Return how many sites have a profile, and of how many pages."""
        return self._figures

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _profile(self, site: str) -> tuple[int, dict[str, object]]:
        counts: Counter[int] = Counter()
        pages = 0
        with self._reported():
            for (stored,) in self._db.execute("SELECT prints FROM pages WHERE site = ? AND prints NOT NULL", (site,)):
                if stored:
                    pages += 1
                    counts.update(array("Q", stored))
            least = least_count(pages)
            often = sorted((-count, print_) for print_, count in counts.items() if count >= least)
            return pages, {
                "schema": SCHEMA,
                "site": site,
                "pages": pages,
                "blocks": [
                    {"fingerprint": f"{print_:016x}", "pages": -count, "text": self._text(site, print_)}
                    for count, print_ in often
                ],
            }

    def _text(self, site: str, print_: int) -> str | None:
        row = self._db.execute(
            "SELECT text FROM texts WHERE site = ? AND print = ?", (site, _signed(print_))
        ).fetchone()
        return row[0] if row else None

    def _note(self, site: str, digest: bytes) -> None:
        known = self._db.execute("SELECT pages, last FROM sites WHERE site = ?", (site,)).fetchone()
        pages, last = known or (0, b"")
        if pages >= PAGES and digest >= last:
            return
        if not self._db.execute("INSERT OR IGNORE INTO pages VALUES (?, ?, NULL)", (site, digest)).rowcount:
            return
        if pages >= PAGES:
            self._db.execute("DELETE FROM pages WHERE site = ? AND digest = ?", (site, last))
            pages -= 1
        query = "SELECT max(digest) FROM pages WHERE site = ?"
        last = self._db.execute(query, (site,)).fetchone()[0]
        self._db.execute("INSERT OR REPLACE INTO sites VALUES (?, ?, ?)", (site, pages + 1, last))

    def _is_chosen(self, site: str, digest: bytes) -> bool:
        query = (
            "SELECT 1 FROM pages JOIN sites USING (site)"
            " WHERE site = ? AND digest = ? AND prints IS NULL AND sites.pages >= ?"
        )
        with self._reported():
            return self._db.execute(query, (site, digest, LEAST_PAGES)).fetchone() is not None

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutputError(f"cannot use {self._path}: {error}") from None


def _old(folder: str, site: str) -> int:
    """Return of how many pages the profile is that is there; 0 where there is none."""
    try:
        profile = load_profile(folder, site)
    except InputError:
        return 0
    return profile.pages if profile else 0


def _signed(print_: int) -> int:
    return print_ - (1 << 64) if print_ >= 1 << 63 else print_  # SQLite's integers


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
