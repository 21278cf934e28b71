"""What all tests share: no network, steady property tests, and the labelled corpora where they are present."""

from __future__ import annotations

import signal
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from stripper.fetch.memory import memory_of_process

# Not a part of the project: tests that read them carry the mark "shared" and are skipped where they are absent.
CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"

# The suite tries the same examples on every run: what is green here is green in CI. To look for new ones:
# pytest tests/laws --hypothesis-profile=search
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.register_profile(
    "search", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("steady")


def _loopback_only(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return
    host = args[1][0]
    if not (host == "localhost" or ip_address(str(host).partition("%")[0]).is_loopback):
        raise RuntimeError(f"a test wanted to connect to {args[1]}; only loopback addresses are allowed")


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """No test knows the robots.txt of another's server: ports come round again."""
    memory_of_process.cache_clear()


def pytest_configure() -> None:
    """Refuse every connection that leaves the machine, and let processes that a test starts be interrupted."""
    sys.addaudithook(_loopback_only)
    # A run in the background (`make test &`) begins with SIGINT ignored, and every child would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the corpora where there are none."""
    if CORPORA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason=f"no labelled corpora at {CORPORA}"))
