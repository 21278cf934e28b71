"""Servers that send nonsense: every answer ends as a page or an error of the tree, never as a bug of ours."""

from __future__ import annotations

import random
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from stripper import errors
from stripper.datatypes import RawPage
from stripper.fetch import fetch_many
from stripper.options import FetchOptions, Options
from tests.fetch.servers import raw_server

if TYPE_CHECKING:
    import socket

LOCAL = Options(timeout=5, fetch=FetchOptions(allow_private=True, delay=0, robots=False, tries=1, insecure=True))
PIECES = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 99 ?\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/9.9 200\r\n",
    b"HTTP/1.1 204 No\r\n",
    b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"\r\n", b"\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Content-Encoding: gzip\r\n", b"5\r\nhello\r\n",
    b"zz\r\n", b"0\r\n\r\n", b"Location: \xff\xfe\r\n", b"Location: http://[\r\n", b"Location: ////\r\n", b": x\r\n",
    b"X: \0\r\n", b"Content-Type: \xe4\r\n", b"Content-Type: text/html\r\n", b"<p>hello", b"\x1f\x8b\x08\0",
    b"\xff" * 99,
    b"Retry-After: x\r\n", b"A" * 70_000, b"Set-Cookie: a=b\r\n", b" folded\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
]  # fmt: skip


def outcomes(port: int, scheme: str, count: int) -> list[str]:
    """Fetch as many pages; return what became of each."""
    urls = [f"{scheme}://127.0.0.1:{port}/{n}" for n in range(count)]
    return ["page" if isinstance(o, RawPage) else o.error for o in fetch_many(urls, LOCAL)]


def in_the_tree(name: str) -> bool:
    """Tell whether a class of error is one of the fetcher's."""
    return name == "page" or issubclass(getattr(errors, name), errors.FetchError)


def test_random_answers() -> None:
    """Pieces of HTTP in any order, 300 answers."""
    chance = random.Random(1)  # noqa: S311 - wild, not secret

    def talk(connection: socket.socket, _: Any) -> None:
        connection.recv(65536)
        connection.sendall(b"".join(chance.choices(PIECES, k=chance.randint(0, 8))))

    with raw_server(talk) as port:
        found = outcomes(port, "http", 300)
    assert [name for name in found if not in_the_tree(name)] == []
    assert len(set(found)) >= 3


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """Return an HTTP/2 frame (RFC 9113, 4.1)."""
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


@pytest.mark.parametrize("seed", range(3))
def test_random_frames_of_http2(seed: int) -> None:
    """A server that negotiates HTTP/2 and then sends frames of any kind, 60 answers."""
    chance = random.Random(seed)  # noqa: S311 - wild, not secret
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(["h2"])

    def talk(connection: socket.socket, _: Any) -> None:
        with context.wrap_socket(connection, server_side=True) as stream:
            stream.recv(65536)
            stream.sendall(frame(4, 0, 0, b""))
            for _ in range(chance.randint(0, 6)):
                kind, flags, number = chance.randint(0, 10), chance.choice([0, 1, 4, 5]), chance.choice([0, 1, 1, 2, 3])
                stream.sendall(frame(kind, flags, number, chance.randbytes(chance.choice([0, 4, 5, 8, 60]))))

    with raw_server(talk) as port:
        found = outcomes(port, "https", 60)
    assert [name for name in found if not in_the_tree(name)] == []
