"""The robots.txt of each host, asked for once and kept for a day."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from stripper.fetch.robots import LIFETIME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from stripper.fetch.robots import Robots

_FAILURE_LIFETIME = 300.0  # seconds: a host that is down forbids everything, but not for a day
_HOSTS_KEPT = 2_000


class RobotsCache:
    """Keeps rules per host (scheme, name, port), in memory."""

    def __init__(self, ask: Callable[[str], Awaitable[Robots]], now: Callable[[], float]) -> None:
        """Get rules by `ask(host)`, which raises nothing; `now` gives Unix time."""
        self._ask = ask
        self._now = now
        self._known: OrderedDict[str, tuple[Robots, float]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Robots]] = {}

    async def get(self, host: str) -> Robots:
        """Return the rules of `host`; whoever asks while they are on their way waits for the same answer."""
        robots, until = self._known.get(host, (None, 0.0))
        if robots is not None and self._now() < until:
            return robots
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._learn(host))
        # One that is cancelled must not take the answer away from the others.
        return await asyncio.shield(task)

    async def _learn(self, host: str) -> Robots:
        try:
            robots = await self._ask(host)
        finally:
            del self._asking[host]
        had = robots.denied is None and robots.failure is None
        self._known[host] = (robots, self._now() + (LIFETIME if had else _FAILURE_LIFETIME))
        self._known.move_to_end(host)
        if len(self._known) > _HOSTS_KEPT:
            self._known.popitem(last=False)
        return robots

    async def aclose(self) -> None:
        """Give up what is still being asked for."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
