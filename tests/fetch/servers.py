"""Real servers on 127.0.0.1: HTTP/1.1, bare sockets, HTTP/2 over TLS, a proxy."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import http.server
import select
import socket
import threading
import time
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Site:
    """A threaded HTTP/1.1 server; `answers` maps a path to what writes its answer, other paths are 404."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        self.connections = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def setup(self) -> None:
                site.connections += 1
                super().setup()

            def do_GET(self) -> None:
                with site._lock:
                    site.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                    site.times.append(time.monotonic())
                    site.at_once += 1
                    site.most_at_once = max(site.most_at_once, site.at_once)
                try:
                    with contextlib.suppress(ConnectionError):
                        site.answers.get(self.path, not_found)(self)
                finally:
                    with site._lock:
                        site.at_once -= 1

            def log_message(self, *_: object) -> None:
                return

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                return  # a client that goes away is no error of the test

        self.server = Server(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_port
        self.base = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

    def page(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answer `path` with a body and headers (`_` for `-`); return its URL."""

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            write_answer(handler, body, status, **headers)

        self.answers[path] = answer
        return self.base + path

    def pages(self, path: str, *answers: tuple[int, bytes, dict[str, str]]) -> str:
        """Answer the n-th request for `path` with the n-th of `answers`, the last one ever after."""
        left = list(answers)

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            status, body, headers = left.pop(0) if len(left) > 1 else left[0]
            write_answer(handler, body, status, **headers)

        self.answers[path] = answer
        return self.base + path

    def asked(self, path: str) -> int:
        """Return how often `path` was asked for."""
        return sum(1 for seen, _ in self.seen if seen == path)


def write_answer(handler: http.server.BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Write an answer with a Content-Length unless `headers` give another; a `Connection: close` is kept."""
    handler.send_response(status)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in ({"Content-Length": str(len(body))} | named).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    if headers.get("Connection") == "close":
        handler.close_connection = True


def not_found(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Answer 404."""
    write_answer(handler, b"no such page", 404)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a site until the block ends."""
    site = Site(context)
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


@contextmanager
def raw_server(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Run a server whose connections are talked to by `talk(connection, stop)`, one thread each; yield its port."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    listener.settimeout(0.02)
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            talk(connection, stop)

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                connection.settimeout(None)
                threads.append(threading.Thread(target=one, args=(connection,)))
                threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        acceptor.join()
        listener.close()
        for thread in threads:
            thread.join()


def drip(
    connection: socket.socket, stop: threading.Event, start: bytes, byte: bytes = b"x", seconds: float = 0.1
) -> None:
    """Send `start`, then a byte every few `seconds` until the client goes away."""
    connection.sendall(start)
    while not stop.wait(seconds):
        connection.sendall(byte)


def bomb(coding: str) -> bytes:
    """Return 1 GiB of zeros in gzip, deflate (raw), zstd or br, put together by hand: compressing takes seconds."""
    if coding == "br":
        return zlib.decompress(base64.b64decode(_BROTLI_BOMB))
    if coding == "zstd":  # a frame of 128 kB blocks, each of which repeats a byte; RFC 8878, 3.1.1
        block = (0x20000 << 3 | 0b010).to_bytes(3, "little") + b"\0"
        return b"\x28\xb5\x2f\xfd\x00\x58" + block * 8191 + bytes([block[0] | 1]) + block[1:]
    deflater = zlib.compressobj(9, wbits=-15)
    block = deflater.compress(bytes(1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    raw = block * 1024 + b"\x03\x00"
    return raw if coding == "deflate" else gzip.compress(b"")[:10] + raw + bytes(8)


# What brotli's own program makes of it, 841 bytes; packed once more, since it repeats itself.
_BROTLI_BOMB = (
    "eNo7//9//Q91hkcbHRS+/5v/////D/4MRxIZG979tQdyHs5n6DisxHD3d/2///8P2zMKtLMy7Pr+/8///+31TAp83Awl7////P+f/z+Lg4wYw4t7"
    "/z///y//j7PBQofhwt7/z///t/8jzFAYwbCg+v95qEUbGBxwWcQ0atGoRUPUInsAVujmqA=="
)


class _App:
    """The smallest ASGI application."""

    def __init__(self, pages: dict[str, bytes], seen: list[str]) -> None:
        self._pages = pages
        self._seen = seen

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        self._seen.append(f"{scope['http_version']} {scope['path']}")
        body = self._pages.get(scope["path"])
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 404 if body is None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body or b""})


@contextmanager
def http2_server(context: ssl.SSLContext, pages: dict[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """Run a server that speaks HTTP/2 over TLS; yield its address and what it is asked for: protocol and path."""
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    seen: list[str] = []

    app = _App(pages, seen)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = config.errorlog = None
    config.create_ssl_context = lambda: context  # type: ignore[method-assign]
    config.certfile = config.keyfile = "given as a context"
    context.set_alpn_protocols(["h2", "http/1.1"])
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    def run() -> None:
        loop.run_until_complete(serve(app, config, shutdown_trigger=stop.wait))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}", seen
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


@contextmanager
def proxy_server() -> Iterator[tuple[str, list[str]]]:
    """Run a proxy for http (forwarding) and https (CONNECT); yield its URL, and what it saw: requests, credentials."""
    seen: list[str] = []

    def talk(client: socket.socket, stop: threading.Event) -> None:
        head = _read_head(client)
        method, target, *_ = head.split(b"\r\n", 1)[0].decode().split()
        seen.append(f"{method} {target}")
        seen.extend(line for line in head.decode().split("\r\n") if line.lower().startswith("proxy-authorization"))
        host, _, port = (target if method == "CONNECT" else urlsplit(target).netloc).rpartition(":")
        with socket.create_connection((host, int(port))) as upstream:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = urlsplit(target).path
                upstream.sendall(head.replace(target.encode(), path.encode(), 1))
            _pump(client, upstream, stop)

    with raw_server(talk) as port:
        yield f"http://127.0.0.1:{port}", seen


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError
        head += data
    return head


def _pump(one: socket.socket, other: socket.socket, stop: threading.Event) -> None:
    while not stop.is_set():
        readable, _, _ = select.select([one, other], [], [], 0.02)
        for source in readable:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)
