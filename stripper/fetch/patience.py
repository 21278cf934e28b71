"""When a request is tried again, and when a host is left alone.

Only what may pass is tried again: 408, 429, 5xx and failed connections. A host that asks for more time than we
have (Retry-After) is parked: its other URLs fail at once, without a request. A host that failed many requests in
a row gets one try for each URL until one succeeds, so that an outage is not met with a storm.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from stripper.errors import ConnectionFailed, HostParked, HTTPStatusError, UnknownHost

if TYPE_CHECKING:
    from collections.abc import Callable

_PASSING_STATUSES = frozenset({408, 429, *range(500, 600)})
_TROUBLE = 9  # requests in a row that failed
_HOSTS_KEPT = 10_000
_BACKOFF = wait_exponential_jitter(initial=1, max=30, jitter=1)  # seconds


def may_pass(error: BaseException) -> bool:
    """Tell whether trying again may help."""
    if isinstance(error, HTTPStatusError):
        return error.status in _PASSING_STATUSES
    return isinstance(error, ConnectionFailed) and not isinstance(error, UnknownHost)


def retry_after(header: str, now: float) -> float:
    """Return the seconds a ``Retry-After`` header asks for, given as such or as a date; 0 = neither.

    `now` is Unix time.
    """
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header[:12])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


@dataclass(slots=True)
class _State:
    parked_until: float = 0.0  # Unix time
    failed: int = 0  # requests in a row


class Patience:
    """What we know of hosts in trouble."""

    def __init__(self, tries: int, longest_wait: float, now: Callable[[], float] = time.time) -> None:
        """Try a request `tries` times; wait at most `longest_wait` seconds between two; `now` gives Unix time."""
        self._tries = tries
        self._longest = longest_wait
        self._now = now
        self._hosts: OrderedDict[str, _State] = OrderedDict()

    def check(self, source: str, host: str) -> None:
        """Raise `HostParked` while `host` wants to be left alone."""
        state = self._hosts.get(host)
        if state is not None and state.parked_until > self._now():
            raise HostParked(source, _parked(host, state.parked_until - self._now()))

    def park(self, source: str, host: str, error: HTTPStatusError) -> None:
        """Raise `HostParked`, now and for its other URLs, if the host asks for more time than we have."""
        if error.wait > self._longest:
            self._state(host).parked_until = self._now() + error.wait
            raise HostParked(source, _parked(host, error.wait)) from error

    def attempts(self, host: str) -> AsyncRetrying:
        """Return the attempts at one request, with the waits between them."""

        def enough(attempt: RetryCallState) -> bool:
            # Asked after each failure: by then the host may be known to be in trouble.
            state = self._hosts.get(host)
            return attempt.attempt_number >= self._tries or (state is not None and state.failed >= _TROUBLE)

        return AsyncRetrying(retry=retry_if_exception(may_pass), stop=enough, wait=_wait, reraise=True)

    def succeeded(self, host: str) -> None:
        """Forget the host's troubles."""
        self._hosts.pop(host, None)

    def failed(self, host: str) -> None:
        """Note that a request to `host` failed."""
        self._state(host).failed += 1

    def _state(self, host: str) -> _State:
        if host not in self._hosts and len(self._hosts) >= _HOSTS_KEPT:
            self._hosts.popitem(last=False)
        state = self._hosts.setdefault(host, _State())
        self._hosts.move_to_end(host)
        return state


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.wait if isinstance(error, HTTPStatusError) else 0.0
    return max(asked, _BACKOFF(state))


def _parked(host: str, seconds: float) -> str:
    return f"{host} asks to be left alone for {seconds:,.0f} s; try again then"
