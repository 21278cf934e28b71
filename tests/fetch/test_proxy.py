"""Proxies (F8): only the one that is asked for, and the guard still looks at the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

from stripper import errors
from stripper.fetch import fetch
from stripper.fetch.crawler import World
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import Names, Recorder
from tests.fetch.servers import proxy_server, raw_server, serving
from tests.fetch.test_tls import server_context

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"


def options(proxy: str | None = None, ca_file: str | None = None, *, allow_private: bool = True) -> Options:
    """Options with a proxy."""
    fetching = FetchOptions(allow_private=allow_private, delay=0, proxy=proxy, robots=False, ca_file=ca_file, tries=1)
    return Options(fetch=fetching)


def test_a_proxy_that_is_asked_for_is_used(site: Site) -> None:
    """Http goes through it, its credentials go to it alone, and the record says so."""
    url = site.page("/a", HTML)
    with proxy_server() as (proxy, seen):
        page = fetch(url, options(proxy.replace("//", "//me:secret@")))
    assert page.data == HTML
    assert seen == [f"GET {url}", "Proxy-Authorization: Basic bWU6c2VjcmV0"]
    assert page.fetch is not None
    assert page.fetch["relaxed"] == ["allow_private", "ignore_robots", "proxy"]
    assert "secret" not in str(page.fetch)


def test_https_goes_through_a_tunnel(tmp_path: Path) -> None:
    """The proxy sees the host, not the page; the certificate is the server's."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = server_context(authority.issue_cert("127.0.0.1"))
    with serving(context) as site, proxy_server() as (proxy, seen):
        assert fetch(site.page("/a", HTML), options(proxy, str(tmp_path / "ca.pem"))).data == HTML
        assert seen == [f"CONNECT 127.0.0.1:{site.port}"]


def test_the_environments_proxy_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY and its like are ignored."""
    with proxy_server() as (proxy, seen):
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        assert fetch(site.page("/a", HTML), options()).data == HTML
    assert seen == []


@pytest.mark.parametrize("host", ["169.254.169.254", "metadata.example", "[::1]", "2852039166"])
def test_a_private_target_is_refused_through_a_proxy_too(host: str) -> None:
    """The target's name is resolved here and vetted before the proxy hears of it."""
    recorder = Recorder()
    names = Names({host.strip("[]"): [["169.254.169.254"]]})
    with Fetcher(
        options("http://10.0.0.9:3128", allow_private=False), World(resolve=names, sockets=recorder)
    ) as fetcher:
        for scheme in ("http", "https"):
            with pytest.raises(errors.AddressDenied, match=r"169\.254\.169\.254"):
                fetcher.fetch(f"{scheme}://{host}/latest/meta-data/")
    assert recorder.connects == []


def test_a_name_only_the_proxy_knows_passes() -> None:
    """Behind a proxy there may be no name server: vetting is best effort then. The proxy itself may be private."""

    async def resolve(host: str, _: int) -> list[str]:
        from stripper.fetch.network import UnresolvedHost

        raise UnresolvedHost(host, "no name server", transient=True)

    recorder = Recorder()
    world = World(resolve=resolve, sockets=recorder)
    with (
        Fetcher(options("http://10.0.0.9:3128", allow_private=False), world) as fetcher,
        pytest.raises(errors.ConnectionFailed),
    ):
        fetcher.fetch("http://example.org/")
    assert recorder.connects == [("10.0.0.9", 3128)]


def test_a_proxy_that_refuses_is_named() -> None:
    """Its answer to CONNECT is told."""

    def refuse(connection: object, _: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")  # type: ignore[attr-defined]

    with raw_server(refuse) as port, pytest.raises(errors.ProxyFailed, match="403 Forbidden"):
        fetch("https://127.0.0.1:9/", options(f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "127.0.0.1:3128", "http://", "nonsense", ""])
def test_what_is_no_http_proxy_is_wrong_usage(proxy: str) -> None:
    """It says what is allowed."""
    with pytest.raises(errors.UsageError, match="proxy: "):
        options(proxy)
