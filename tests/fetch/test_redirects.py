"""Redirects (F3): few, only to http(s), no loop, nothing secret across origins, each hop vetted (test_network)."""

from __future__ import annotations

import pytest

from stripper import errors
from stripper.fetch import fetch
from stripper.fetch.urls import next_url, origin, parse_url
from stripper.options import FetchOptions, Options
from tests.fetch.servers import Site, serving

HTML = b"<!doctype html><p>Hello, reader.</p>"


def local(headers: tuple[tuple[str, str], ...] = ()) -> Options:
    """Options for servers on this machine, without pauses."""
    return Options(fetch=FetchOptions(allow_private=True, delay=0, headers=headers))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_five_redirects_lead_to_the_page(site: Site, status: int) -> None:
    """Every kind of redirect is followed, relative ones too; the page's id stays the URL that was asked for."""
    for hop in range(5):
        site.page(f"/{hop}", b"", status, Location=f"{hop + 1}#top")
    site.page("/5", HTML, Content_Type="text/html")
    page = fetch(site.base + "/0", local())
    assert (page.id, page.url, page.data) == (site.base + "/0", site.base + "/5", HTML)


def test_a_sixth_redirect_is_not_followed(site: Site) -> None:
    """Five are the limit."""
    for hop in range(6):
        site.page(f"/{hop}", b"", 302, Location=f"/{hop + 1}")
    with pytest.raises(errors.RedirectFailed, match="more than 5 times"):
        fetch(site.base + "/0", local())
    assert site.asked("/6") == 0


def test_a_loop_is_found(site: Site) -> None:
    """A redirect back to where one has been ends at once, at itself or further back."""
    site.page("/self", b"", 302, Location="/self")
    site.page("/a", b"", 302, Location="/b")
    site.page("/b", b"", 302, Location="/a")
    for path, asked in (("/self", 1), ("/a", 1)):
        with pytest.raises(errors.RedirectFailed, match=f"in a loop, back to .*{path}"):
            fetch(site.base + path, local())
        assert site.asked(path) == asked


@pytest.mark.parametrize(
    "location",
    ["file:///etc/hosts", "data:text/html,<p>x", "javascript:alert(1)", "ftp://127.0.0.1/", "gopher://x:70/1"],
)
def test_only_http_is_followed(site: Site, location: str) -> None:
    """A redirect out of the web is refused, and named."""
    site.page("/a", b"", 302, Location=location)
    with pytest.raises(errors.RedirectFailed, match="redirects to"):
        fetch(site.base + "/a", local())


def test_secrets_go_to_their_own_origin_only(site: Site) -> None:
    """The user's headers are sent to the origin of the URL asked for, and to no other: host, port or scheme."""
    headers = (("Authorization", "Bearer secret"), ("Cookie", "session=secret"), ("Accept-Language", "de"))
    with serving() as other:
        site.page("/a", b"", 302, Location="/b")
        site.page("/b", b"", 302, Location=other.base + "/c")
        other.page("/c", b"", 302, Location=site.base + "/d")
        site.page("/d", HTML)
        fetch(site.base + "/a", local(headers))
    sent = {path: seen for path, seen in site.seen if path != "/robots.txt"}
    for path in ("/a", "/b", "/d"):
        assert (sent[path]["authorization"], sent[path]["accept-language"]) == ("Bearer secret", "de")
    for path, seen in other.seen:
        assert "secret" not in str(seen), path
        assert "authorization" not in seen


@pytest.mark.parametrize("name", ["User-Agent", "host", "Accept-Encoding", "Proxy-Authorization", "X\r\nY", ""])
def test_headers_that_are_ours_cannot_be_given(name: str) -> None:
    """Who we are and what we can decode is not the user's to change; nor is a header line to be broken."""
    with pytest.raises(errors.UsageError):
        FetchOptions(headers=((name, "x"),))


@pytest.mark.parametrize(
    ("current", "location", "target"),
    [
        ("http://a.example/x/y", "z", "http://a.example/x/z"),
        ("http://a.example/x", "//b.example/y", "http://b.example/y"),
        ("https://a.example/x", "http://me:secret@a.example/", "http://a.example/"),
        ("http://a.example/x", "/ü?q=ä", "http://a.example/%C3%BC?q=%C3%A4"),
        ("http://a.example/x", "", "http://a.example/x"),
    ],
)
def test_locations_are_resolved(current: str, location: str, target: str) -> None:
    """Relative, scheme-relative and non-ASCII locations work; a password in one is dropped."""
    assert str(next_url("id", parse_url(current), location)) == target


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/", "https://a.example/"),
        ("http://a.example/", "http://a.example:8080/"),
        ("http://a.example/", "http://b.a.example/"),
    ],
)
def test_another_scheme_port_or_name_is_another_origin(one: str, other: str) -> None:
    """As browsers see it."""
    assert origin(parse_url(one)) != origin(parse_url(other))


def test_the_default_port_is_the_same_origin() -> None:
    """`http://a:80/` and `http://A/` are one host."""
    assert origin(parse_url("http://a.example:80/x")) == origin(parse_url("http://A.example/")) == "http://a.example:80"
    assert origin(parse_url("https://[::1]/")) == "https://[::1]:443"
