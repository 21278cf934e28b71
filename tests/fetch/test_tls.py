"""TLS (F7): verified always, no silent retry without; HTTP/2 by negotiation."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from stripper import errors
from stripper.fetch import fetch
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.servers import http2_server, raw_server, serving

if TYPE_CHECKING:
    from pathlib import Path

HTML = b"<!doctype html><p>Hello, reader.</p>"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its certificate as a file."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """A server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def options(ca_file: str | None = None, *, insecure: bool = False) -> Options:
    """Options for servers on this machine."""
    fetching = FetchOptions(allow_private=True, delay=0, ca_file=ca_file, insecure=insecure, robots=False)
    return Options(fetch=fetching)


def test_a_trusted_certificate_is_accepted(authority: trustme.CA, ca_file: str) -> None:
    """HTTPS works with a certificate for the host by a trusted authority."""
    with serving(server_context(authority.issue_cert("127.0.0.1"))) as site:
        assert fetch(site.page("/a", HTML), options(ca_file)).data == HTML


def expired(authority: trustme.CA) -> trustme.LeafCert:
    """A certificate that was good until 2001."""
    return authority.issue_cert("127.0.0.1", not_after=dt.datetime(2001, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize("fault", ["self-signed", "wrong host", "expired"])
def test_a_bad_certificate_is_an_error_and_not_tried_again(fault: str, authority: trustme.CA, ca_file: str) -> None:
    """One connection, no request on it, an error that says what is wrong."""
    certificate = {
        "self-signed": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "wrong host": lambda: authority.issue_cert("other.example"),
        "expired": lambda: expired(authority),
    }[fault]()
    with serving(server_context(certificate)) as site:
        url = site.page("/a", HTML)
        with pytest.raises(errors.TLSFailed, match="no trusted TLS connection") as caught:
            fetch(url, options(ca_file))
        assert site.seen == []
        assert site.connections <= 1
        words = {"self-signed": "self-signed|unable to get", "wrong host": "not valid for", "expired": "expired"}[fault]
        assert any(word in str(caught.value) for word in words.split("|"))


def test_insecure_is_explicit_and_recorded() -> None:
    """Only `insecure` accepts a bad certificate, and the record says so."""
    with serving(server_context(trustme.CA().issue_cert("other.example"))) as site:
        page = fetch(site.page("/a", HTML), options(insecure=True))
    assert page.data == HTML
    assert page.fetch is not None
    assert page.fetch["relaxed"] == ["allow_private", "ignore_robots", "insecure"]


def test_a_server_without_tls_is_no_tls_server() -> None:
    """HTTPS to a server that speaks plain HTTP fails as TLS, and is not tried without."""
    with (
        raw_server(lambda c, _: c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port,
        pytest.raises(errors.TLSFailed),
    ):
        fetch(f"https://127.0.0.1:{port}/", options())


def test_a_redirect_from_https_is_verified_too(authority: trustme.CA, ca_file: str) -> None:
    """Each hop has its own check."""
    good = server_context(authority.issue_cert("127.0.0.1"))
    bad = server_context(trustme.CA().issue_cert("127.0.0.1"))
    with serving(good) as first, serving(bad) as second:
        first.page("/a", b"", 302, Location=second.page("/b", HTML))
        with pytest.raises(errors.TLSFailed):
            fetch(first.base + "/a", options(ca_file))
        assert second.seen == []


def test_the_environment_does_not_choose_whom_to_trust(
    authority: trustme.CA, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE is not read: trust comes from options only."""
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    with serving(server_context(authority.issue_cert("127.0.0.1"))) as site, pytest.raises(errors.TLSFailed):
        fetch(site.page("/a", HTML), options())


def test_a_missing_authority_file_is_wrong_usage(tmp_path: Path) -> None:
    """It names the file."""
    with pytest.raises(errors.UsageError, match=r"nothing\.pem"):
        fetch("https://127.0.0.1/", options(str(tmp_path / "nothing.pem")))


def test_http2_is_spoken_where_the_server_does(authority: trustme.CA, ca_file: str) -> None:
    """Negotiated by ALPN; pages come over one connection and the record names the protocol."""
    context = server_context(authority.issue_cert("127.0.0.1"))
    pages = {f"/{n}": HTML + b"%d" % n for n in range(5)}
    with http2_server(context, pages) as (base, seen), Fetcher(options(ca_file)) as fetcher:
        outcomes = list(fetcher.fetch_many(base + path for path in [*pages, "/missing"]))
    assert [getattr(o, "data", None) for o in outcomes] == [*pages.values(), None]
    assert {o.fetch["http_version"] for o in outcomes[:5]} == {"HTTP/2"}  # type: ignore[union-attr, index]
    assert seen == [f"2 {path}" for path in [*pages, "/missing"]]
