"""A real server on 127.0.0.1 for each test that asks for one, and a fence around all of them."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.fetch.servers import Site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def fence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here connects to anything but this machine, nor asks a name server, even if the guard is broken."""
    connect = socket.socket.connect
    getaddrinfo = socket.getaddrinfo

    def fenced_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test connects to {address}")
        connect(self, address)

    def fenced_getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "localhost":
            host = "127.0.0.1"
        kwargs["flags"] = kwargs.get("flags", 0) | socket.AI_NUMERICHOST
        return getaddrinfo(host, port, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", fenced_connect)
    monkeypatch.setattr(socket, "getaddrinfo", fenced_getaddrinfo)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of its own for one test."""
    with serving() as site:
        yield site
