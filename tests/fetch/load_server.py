"""Many small hosts in one process of their own: `python load_server.py COUNT`; prints its ports, ends with stdin.

Each port is a host with pages /0, /1, ... of about 20 kB that may be cached. GET /count gives the number of pages
served so far.
"""

from __future__ import annotations

import asyncio
import sys

FILLER = b"<p>" + b"A paragraph of some words that stand for the text of a page. " * 8 + b"</p>\n"
served = 0


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    global served  # noqa: PLW0603 - a script of a test
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1]
            status, body = b"200 OK", b"<!doctype html><title>Page " + path + b"</title>" + FILLER * 40
            if path == b"/robots.txt":
                status, body = b"404 Not Found", b""
            elif path == b"/count":
                body = b"%d" % served
            else:
                served += 1
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nCache-Control: max-age=3600\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(body), body)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(count: int) -> None:
    """Serve on `count` ports until stdin ends."""
    servers = [await asyncio.start_server(talk, "127.0.0.1", 0) for _ in range(count)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)  # noqa: T201 - a script
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
