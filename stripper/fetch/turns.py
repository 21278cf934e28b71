"""Whose turn it is: one request at a time per host, a pause between two, and a cap over all hosts.

A request waits for its host's turn, then for a lane. Whoever holds a lane waits for nothing but its own answer,
so nobody waits in a circle. Both queues are first come, first served: a host with a thousand URLs has one of
them in the queue for a lane, like a host with one.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from stripper.fetch.memory import ByHost
    from stripper.fetch.shelf import Gate

SLOW_SECONDS = 1.0  # a request that takes longer moves over to the slow lanes
_SLOW_LANES = 4  # for each fast one
_HOSTS_KEPT = 10_000  # an idle host's turn is forgotten beyond that


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # in the loop's time: when the host may be asked again
    delay: float = 0.0
    waiting: int = 0


@dataclass(slots=True)
class Visit:
    """A turn being held."""

    pause: bool = False  # set when the host was asked for something that costs it


class Turns:
    """Grants each host its turn; a host is scheme, name and port."""

    def __init__(self, delay: float, concurrency: int, free_at: ByHost[float]) -> None:
        """Pause `delay` seconds between two requests to a host; ask `concurrency` hosts at once.

        `free_at` remembers, in the loop's time, when a host may be asked again after these turns are gone.
        """
        self._delay = delay
        self._free_at = free_at
        self._lanes = _Lanes(concurrency)
        self._turns: OrderedDict[str, _Turn] = OrderedDict()

    def rest(self, host: str, seconds: float) -> None:
        """Don't ask `host` for the next `seconds`."""
        turn = self._turn(host)
        turn.free_at = max(turn.free_at, asyncio.get_running_loop().time() + seconds)
        self._free_at.put(host, turn.free_at)

    def slow_down(self, host: str, delay: float) -> None:
        """Pause at least `delay` seconds between two requests to `host` from now on."""
        turn = self._turn(host)
        turn.delay = max(turn.delay, delay)

    @asynccontextmanager
    async def turn(self, host: str, gate: Gate | None = None) -> AsyncIterator[Visit]:
        """Hold `host`'s turn and a lane once `gate` is open; the visit says whether the host rests afterwards."""
        turn = self._turn(host)
        turn.waiting += 1
        visit = Visit()
        try:
            await _enter(turn, gate)
            try:
                async with self._lanes.lane():
                    yield visit
            finally:
                if visit.pause:
                    turn.free_at = asyncio.get_running_loop().time() + turn.delay
                    self._free_at.put(host, turn.free_at)
                turn.lock.release()
        finally:
            turn.waiting -= 1

    def _turn(self, host: str) -> _Turn:
        turn = self._turns.get(host)
        if turn is None:
            self._forget_idle()
            turn = self._turns[host] = _Turn(delay=self._delay, free_at=self._free_at.get(host) or 0.0)
        self._turns.move_to_end(host)
        return turn

    def _forget_idle(self) -> None:
        if len(self._turns) < _HOSTS_KEPT:
            return
        now = asyncio.get_running_loop().time()
        idle = [host for host, turn in self._turns.items() if not turn.waiting and turn.free_at <= now]
        for host in idle[: _HOSTS_KEPT // 10]:
            del self._turns[host]


async def _enter(turn: _Turn, gate: Gate | None) -> None:
    """Take the turn's lock, at a time when the host may be asked and the gate is open.

    The lock is not held while the gate is shut: the page that would open it may be waiting for this very lock.
    """
    loop = asyncio.get_running_loop()
    while True:
        if gate is not None:
            await gate.wait()
        await turn.lock.acquire()
        try:
            await asyncio.sleep(turn.free_at - loop.time())
        except BaseException:
            turn.lock.release()
            raise
        if gate is None or gate.is_open():
            return
        turn.lock.release()


class _Lanes:
    """A cap that slow servers don't use up.

    With a plain semaphore a hundred servers that drip hold every place until their deadline. Here a request
    that is still running after `SLOW_SECONDS` gives its place up for one of the slow lanes, if one is free.
    """

    def __init__(self, count: int) -> None:
        self._fast = asyncio.Semaphore(count)
        self._slow_free = count * _SLOW_LANES

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[None]:
        await self._fast.acquire()
        place = _Place(self)
        try:
            yield
        finally:
            place.leave()

    def leave_fast(self) -> None:
        self._fast.release()

    def leave_slow(self) -> None:
        self._slow_free += 1

    def move_over(self) -> bool:
        """Change a fast place for a slow one, if one is free."""
        if not self._slow_free:
            return False
        self._slow_free -= 1
        self._fast.release()
        return True


class _Place:
    """A place in a fast lane, or after a while in a slow one."""

    def __init__(self, lanes: _Lanes) -> None:
        self._lanes = lanes
        self._slow = False
        self._watch()

    def _watch(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._try_to_move)

    def _try_to_move(self) -> None:
        self._slow = self._lanes.move_over()
        if not self._slow:
            self._watch()

    def leave(self) -> None:
        self._timer.cancel()
        if self._slow:
            self._lanes.leave_slow()
        else:
            self._lanes.leave_fast()
