"""What a process remembers of hosts from one fetcher to the next: rules of robots.txt, and how long a host rests.

A program that calls `strip_url` in a loop makes a fetcher for each call. Without a memory each of them would ask for
robots.txt again, keep no pause to the call before, and ask a host that wants to be left alone. What is remembered
changes what is sent and when, never what bytes give.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from stripper.fetch.robots import Robots
    from stripper.options import FetchOptions

T = TypeVar("T")

_HOSTS_KEPT = 2_000
_SETS_OF_OPTIONS = 8


class ByHost(Generic[T]):
    """A value for each of the hosts that were told of last; several threads may use it."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, host: str) -> T | None:
        """Return the value of `host`, None where there is none."""
        with self._lock:
            return self._values.get(host)

    def put(self, host: str, value: T) -> None:
        """Keep the value of `host`; the oldest goes where there are too many."""
        with self._lock:
            self._values[host] = value
            self._values.move_to_end(host)
            if len(self._values) > _HOSTS_KEPT:
                self._values.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of hosts (scheme, name, port)."""

    rules: ByHost[tuple[Robots, float]] = field(default_factory=ByHost)  # of its robots.txt; until when (Unix time)
    free_at: ByHost[float] = field(default_factory=ByHost)  # the pause after a request; in a loop's time (monotonic)
    parked: ByHost[float] = field(default_factory=ByHost)  # until when it wants to be left alone; Unix time


@lru_cache(maxsize=_SETS_OF_OPTIONS)
def memory_of_process(options: FetchOptions) -> Memory:
    """Return the one memory of all fetchers with these options: others may reach other hosts under the same name."""
    del options
    return Memory()
