"""The robots.txt of each host, asked for once and kept for a day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from stripper.fetch.memory import ByHost
from stripper.fetch.robots import LIFETIME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from stripper.fetch.robots import Robots

_FAILURE_LIFETIME = 300.0  # seconds: a host that is down forbids everything, but not for a day


class RobotsCache:
    """Keeps rules per host (scheme, name, port), in memory."""

    def __init__(
        self,
        ask: Callable[[str], Awaitable[Robots]],
        now: Callable[[], float],
        had: ByHost[tuple[Robots, float]],
    ) -> None:
        """Get rules by `ask(host)`, which raises nothing; `now` gives Unix time; `had` is what is known before."""
        self._ask = ask
        self._now = now
        self._had = had
        # Not remembered longer than this cache: who starts a server and tries once more is not to wait.
        self._failed: ByHost[tuple[Robots, float]] = ByHost()
        self._asking: dict[str, asyncio.Task[Robots]] = {}

    async def get(self, host: str) -> Robots:
        """Return the rules of `host`; whoever asks while they are on their way waits for the same answer."""
        for known in (self._had.get(host), self._failed.get(host)):
            if known is not None and self._now() < known[1]:
                return known[0]
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
        if robots.denied is None and robots.failure is None:
            self._had.put(host, (robots, self._now() + LIFETIME))
        else:
            self._failed.put(host, (robots, self._now() + _FAILURE_LIFETIME))
        return robots

    async def aclose(self) -> None:
        """Give up what is still being asked for."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
