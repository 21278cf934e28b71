"""Every input's one outcome: what is known already, what was made now, and what the journal and the manifest say."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.batch.items import Done, Item, Lost, Made
from stripper.batch.shards import Shards
from stripper.datatypes import Failure, Mode
from stripper.errors import WorkerDied
from stripper.pipeline import failure
from stripper.segment import model_id
from stripper.segment.profile import profile_path
from stripper.version import __version__
from stripper.write import is_url, json_file, json_line

if TYPE_CHECKING:
    from stripper.batch.journal import Entry, Journal
    from stripper.batch.mirror import Mirror
    from stripper.batch.page import Recipe
    from stripper.batch.settings import Settings

_CACHE_BYTES = 64 << 20  # of results that a later copy of the same page may ask for


class Kept(NamedTuple):
    """An outcome that stands: an earlier run's."""

    entry: Entry


class Taken(NamedTuple):
    """What is known of an item before it is worked on."""

    entry: Entry | None  # an earlier run's
    key: str | None = None  # None: there is no page to make
    sha256: str | None = None  # of the bytes as stored


class Copy(NamedTuple):
    """An item with the same bytes as an earlier one of this run."""

    key: str


class Again(NamedTuple):
    """An input that this run had before, under the same name."""


@dataclass(slots=True)
class Tally:
    """What this run did."""

    done: int = 0  # pages made now
    copied: int = 0  # outcomes of pages with the same bytes
    reused: int = 0  # outcomes of earlier runs
    failed: int = 0  # inputs of this run that failed, now or earlier
    inputs: int = 0


class Account:
    """Decides what has to be made, and enters what became of it."""

    def __init__(self, settings: Settings, recipe: Recipe, journal: Journal, sink: Mirror | Shards) -> None:
        """Enter outcomes in `journal`, write pages to `sink`."""
        self._settings = settings
        self._recipe = recipe
        self._journal = journal
        self._sink = sink
        self._recipe_key = _recipe_key(recipe)
        self._under_way: dict[str, Taken] = {}  # by id: items that were taken and not entered
        self._mentions: Counter[str] = Counter()  # of inputs that are named more than once
        self._keys: set[str] = set()  # of items that are being made
        self._made: OrderedDict[str, Made | Failure] = OrderedDict()  # the latest results
        self._made_bytes = 0
        self._profile_digest = lru_cache(maxsize=4096)(_digest_of_profile)
        self.tally = Tally()

    # Before the work

    def known(self, item: Item | Lost | Done) -> object:
        """Return what is to be entered for an item that needs no worker, None for one that does."""
        entry = self._journal.entry(item.id)
        if item.id in self._under_way or (entry is not None and entry.run == self._journal.run):
            return Again()
        self._under_way[item.id] = Taken(entry)
        if isinstance(item, Lost):
            return item
        if isinstance(item, Done):
            return Kept(entry) if entry is not None else Lost(item.id, "failed", "InternalError", "is gone")
        sha256 = item.digest()
        key = self._key(item, sha256)
        self._under_way[item.id] = Taken(entry, key, sha256)
        if entry is not None and self._stands(entry, key):
            return Kept(entry)
        if key in self._keys or key in self._made:
            return Copy(key)
        self._keys.add(key)
        return None

    def is_done(self, url: str) -> bool:
        """Tell whether a URL's page was made by an earlier run and need not be fetched."""
        entry = self._journal.entry(url)
        if entry is None or entry.key is None:
            return False
        return self._stands(entry, self._recipe_key + entry.key[len(self._recipe_key) :])

    def _stands(self, entry: Entry, key: str) -> bool:
        if entry.key != key or entry.status == "skipped":
            return False
        if entry.status == "failed":
            return not self._settings.retry_failed
        return self._sink.holds(entry)

    def _key(self, item: Item, sha256: str) -> str:
        """Return what an item's result depends on: recipe, content, and what is known of its site."""
        raw = item.raw
        profile = self._profile_digest(self._recipe.profiles, item.site) if self._recipe.profiles else None
        told = [raw.url, raw.media_type, raw.charset, item.content, item.codings, item.site, sha256]
        told.append(None if raw.warc is None else raw.warc["truncated"])
        return f"{self._recipe_key}:{_hash(told)}:{profile or '-'}"

    # After the work

    def enter(self, item: Item | Lost | Done, outcome: object) -> dict[str, Any] | None:
        """Write what became of an item and enter it; return its manifest row, None where an earlier one stands.

        Raises OutputError.
        """
        self.tally.inputs += 1
        if isinstance(outcome, Again):  # the first row stays; this one has a name of its own
            self._mentions[item.id] += 1
            name = f"{item.id} ({self._mentions[item.id] + 1})"
            lost = Lost(name, "skipped", "Duplicate", "was named before in this batch")
            return self._enter(lost, lost, Taken(self._journal.entry(name)))
        taken = self._under_way.pop(item.id)
        if isinstance(outcome, Kept):
            self._journal.see(item.id)
            self.tally.reused += 1
            self.tally.failed += outcome.entry.status == "failed"
            return None
        if isinstance(outcome, Copy):
            outcome = self._copied(item, outcome)
        elif taken.key is not None:
            self._keys.discard(taken.key)
            outcome = self._result(item, outcome)
            self._remember(taken.key, outcome)
            self.tally.done += 1
        return self._enter(item, outcome, taken)

    def _result(self, item: Item | Lost | Done, outcome: object) -> object:
        if not isinstance(outcome, Exception):
            return outcome
        return failure(item.raw if isinstance(item, Item) else item.id, outcome)

    def _copied(self, item: Item | Lost | Done, copy: Copy) -> object:
        outcome = self._made.get(copy.key)
        if outcome is None or not isinstance(item, Item):  # the cache is as large as what can be under way
            return Failure(item.id, "InternalError", "its copy's result is gone; this is a bug in stripper")
        self._made.move_to_end(copy.key)
        self.tally.copied += 1
        if isinstance(outcome, Failure):
            return replace(outcome, id=item.id)
        return replace(outcome, outputs=_renamed(outcome.outputs, item), seconds=0.0)

    def _remember(self, key: str, outcome: object) -> None:
        if not isinstance(outcome, Made | Failure):
            return
        self._made[key] = outcome
        self._made_bytes += _size(outcome)
        while self._made_bytes > _CACHE_BYTES and len(self._made) > self._settings.jobs * 64:
            _, oldest = self._made.popitem(last=False)
            self._made_bytes -= _size(oldest)

    def _enter(self, item: Item | Lost | Done, outcome: object, taken: Taken) -> dict[str, Any]:
        row = _row(item, outcome, taken.sha256)
        before = taken.entry
        ordinal = before.ordinal if before else self._journal.next_ordinal
        if isinstance(outcome, Made) and isinstance(item, Item):
            name: str | None = self._sink.add(item, ordinal, outcome.outputs)
            self._journal.add_blocks(outcome.removed)
        else:
            name = None
            if before is not None and before.status == "ok":
                self._sink.drop(before)
        self._journal.enter(row, ordinal, taken.key, name)
        if self._journal.is_due:
            self._sink.sync()
            self._journal.commit()
        if before is None and isinstance(self._sink, Shards):
            self._sink.passed(ordinal)
        self.tally.failed += row["status"] == "failed"
        return row


def _row(item: Item | Lost | Done, outcome: object, sha256: str | None) -> dict[str, Any]:
    """Return the manifest row of an input; `output` is added when the manifest is written."""
    failed = outcome if isinstance(outcome, Failure) else None
    lost = outcome if isinstance(outcome, Lost) else None
    made = outcome if isinstance(outcome, Made) else None
    whole = item if isinstance(item, Item) else None
    stretch = item.stretch if isinstance(item, Item | Lost) else None
    return {
        "id": lost.id if lost else item.id,
        "status": "ok" if made else lost.status if lost else "failed",
        "error": failed.error if failed else lost.error if lost else None,
        "message": failed.message if failed else lost.message if lost else None,
        "url": whole.raw.url if whole else lost.url if lost else item.id if is_url(item.id) else None,
        "site": whole.site if whole else None,
        "sha256": sha256,
        "bytes": len(whole.raw.data) if whole else None,
        "output": None,
        "page": dict(made.page) if made else None,
        "words": dict(made.words) if made else None,
        "archive": None if stretch is None else {"file": stretch.file, "offset": stretch.offset, "end": stretch.end},
        "tries": 2 if failed and failed.error == WorkerDied.__name__ else 1 if whole else 0,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": made.seconds if made else 0.0,
    }


def _renamed(outputs: tuple[bytes, ...], item: Item) -> tuple[bytes, ...]:
    """Return a page's outputs under the name of another item with the same bytes."""
    *texts, record = outputs
    told = json.loads(record)
    if "record" in told:  # a row of a shard
        told["id"] = told["record"]["source"]["id"] = item.id
        told["record"]["source"]["warc"] = item.raw.warc
        return (json_line(told),)
    told["source"]["id"] = item.id
    told["source"]["warc"] = item.raw.warc
    return (*texts, json_file(told))


def _size(outcome: Made | Failure) -> int:
    return sum(map(len, outcome.outputs)) if isinstance(outcome, Made) else 0


def _recipe_key(recipe: Recipe) -> str:
    models = [model_id(mode, recipe.options) for mode in Mode]
    return _hash([__version__, models, recipe.options.changed(), recipe.mode, recipe.form, recipe.blocks])


def _hash(value: object) -> str:
    return sha256(json.dumps(value).encode("utf-8")).hexdigest()[:32]


def _digest_of_profile(folder: str, site: str | None) -> str | None:
    if site is None:
        return None
    try:
        return sha256(profile_path(folder, site).read_bytes()).hexdigest()
    except OSError:
        return None
