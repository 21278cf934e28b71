"""When a request is tried again, and when a host is left alone.

Only what may pass is tried again: 408, 429, 5xx and failed connections. A host that asks for more time than we
have (Retry-After) is parked: its other URLs fail at once, without a request. A host that failed many requests in
a row gets one try for each URL until one succeeds, so that an outage is not met with a storm.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from stripper.errors import ConnectionFailed, HostParked, HTTPStatusError, UnknownHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripper.fetch.memory import ByHost

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


class Patience:
    """What we know of hosts in trouble."""

    def __init__(
        self, tries: int, longest_wait: float, parked: ByHost[float], now: Callable[[], float] = time.time
    ) -> None:
        """Try a request `tries` times; wait at most `longest_wait` seconds between two.

        `parked` remembers until when (Unix time, as `now` gives it) hosts want to be left alone.
        """
        self._tries = tries
        self._longest = longest_wait
        self._parked = parked
        self._now = now
        self._failed: OrderedDict[str, int] = OrderedDict()  # requests in a row

    def check(self, source: str, host: str) -> None:
        """Raise `HostParked` while `host` wants to be left alone."""
        left = (self._parked.get(host) or 0.0) - self._now()
        if left > 0:
            raise HostParked(source, _parked(host, left))

    def park(self, source: str, host: str, error: HTTPStatusError) -> None:
        """Raise `HostParked`, now and for its other URLs, if the host asks for more time than we have."""
        if error.wait > self._longest:
            self._parked.put(host, self._now() + error.wait)
            raise HostParked(source, _parked(host, error.wait)) from error

    def attempts(self, host: str) -> AsyncRetrying:
        """Return the attempts at one request, with the waits between them."""

        def enough(attempt: RetryCallState) -> bool:
            # Asked after each failure: by then the host may be known to be in trouble.
            return attempt.attempt_number >= self._tries or self._failed.get(host, 0) >= _TROUBLE

        return AsyncRetrying(retry=retry_if_exception(may_pass), stop=enough, wait=_wait, reraise=True)

    def succeeded(self, host: str) -> None:
        """Forget the host's troubles."""
        self._failed.pop(host, None)

    def failed(self, host: str) -> None:
        """Note that a request to `host` failed."""
        if host not in self._failed and len(self._failed) >= _HOSTS_KEPT:
            self._failed.popitem(last=False)
        self._failed[host] = self._failed.get(host, 0) + 1
        self._failed.move_to_end(host)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.wait if isinstance(error, HTTPStatusError) else 0.0
    return max(asked, _BACKOFF(state))


def _parked(host: str, seconds: float) -> str:
    return f"{host} asks to be left alone for {seconds:,.0f} s; try again then, or raise longest_wait"
