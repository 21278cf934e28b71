"""A bound on pages that have come but nobody has taken yet.

A consumer that is slower than the network, or pages that wait for an earlier one to be handed out in order,
would pile up in memory. While too many bytes lie here no request begins, but for the page that is waited for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

LIMIT = 64_000_000  # bytes


class Shelf:
    """Counts the bytes of finished pages; used inside the event loop only."""

    def __init__(self, limit: int = LIMIT, head: int | None = None) -> None:
        """Be open while fewer than `limit` bytes lie here; `head` is the page that is waited for, None = any."""
        self._limit = limit
        self._held = 0
        self._head = head
        self._changed = asyncio.Event()

    def put(self, count: int) -> None:
        """A page of `count` bytes has come."""
        self._held += count

    def take(self, count: int, head: int | None) -> None:
        """A page of `count` bytes was taken; `head` is the one that is waited for next, None = any."""
        self._held -= count
        self._head = head
        self._changed.set()
        self._changed = asyncio.Event()

    def is_open(self, index: int) -> bool:
        """Tell whether page number `index` may be asked for now."""
        return self._held < self._limit or index == self._head

    async def wait(self, index: int) -> None:
        """Wait until page number `index` may be asked for."""
        while not self.is_open(index):
            await self._changed.wait()


@dataclass(frozen=True, slots=True)
class Gate:
    """A page's place on a shelf."""

    shelf: Shelf
    index: int

    def is_open(self) -> bool:
        """Tell whether the page may be asked for now."""
        return self.shelf.is_open(self.index)

    async def wait(self) -> None:
        """Wait until the page may be asked for."""
        await self.shelf.wait(self.index)
