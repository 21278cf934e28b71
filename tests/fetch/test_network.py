"""The guard between names and sockets (F1, F2): recorded connects only, no socket is opened."""

from __future__ import annotations

import pytest

from stripper import errors
from stripper.datatypes import Failure
from stripper.fetch.crawler import World
from stripper.fetch.failures import translated
from stripper.fetch.fetcher import Fetcher
from stripper.options import FetchOptions, Options
from tests.fetch.fakes import PAGE, Names, Recorder

# How curl, browsers and C libraries let one spell a host that is not public.
HOSTS = [
    "127.0.0.1", "127.0.0.1:80", "127.1", "127.0.1", "127.000.000.001", "0", "0.0.0.0", "2130706433",  # noqa: S104 - no binding
    "017700000001",
    "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "0177.0.0.01", "127.255.255.254", "127。0。0。1",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①", "127.0.0.1.", "[::1]", "[0:00::0:1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:7f00:1]",
    "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2001::1]", "[fec0::1]", "[fe80::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[ff02::1]", "[5f00::1]", "[3fff::1]", "[2001:db8::1]", "[100::1]", "10.0.0.1", "10.1",
    "0x0a000001", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "3232235777", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "100.64.0.1", "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192", "192.88.99.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "localhost", "LOCALHOST",
]  # fmt: skip
# Names, with what a name server says.
NAMES = {
    "metadata.google.internal": [["169.254.169.254"]],
    "intranet.example": [["10.0.0.5"]],
    "localtest.example": [["127.0.0.1"]],
    "six.example": [["::1"]],
    "mapped.example": [["::ffff:10.0.0.1"]],
    "mixed.example": [["93.184.216.34", "127.0.0.1"]],
    "mixed6.example": [["2606:4700::1", "fe80::1"]],
    "nat64.example": [["64:ff9b::a00:1"]],
}


def options(**fetching: object) -> Options:
    """The guard on, robots.txt off (it would be denied first), no waiting."""
    return Options(fetch=FetchOptions(**{"robots": False, "tries": 1, "delay": 0} | fetching))  # type: ignore[arg-type]


def test_there_are_enough_spellings() -> None:
    """The bar asks for at least 60."""
    assert len(set(HOSTS)) + len(NAMES) >= 60


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("robots", [False, True])
def test_no_spelling_of_a_private_host_is_connected_to(host: str, robots: bool) -> None:  # noqa: FBT001 - both ways
    """However it is spelled, the host is refused before a socket is opened; the error names host and rule."""
    recorder = Recorder()
    with (
        Fetcher(options(robots=robots), World(sockets=recorder)) as fetcher,
        pytest.raises((errors.AddressDenied, errors.InvalidURL, errors.UnknownHost)) as caught,
    ):
        fetcher.fetch(f"http://{host}/latest/meta-data/")
    assert recorder.connects == []
    if isinstance(caught.value, errors.AddressDenied):
        assert "not a public address (" in str(caught.value)


def test_most_spellings_reach_the_guard() -> None:
    """They are refused for their address, not because they happen to be no valid URL."""
    with Fetcher(options(), World(sockets=Recorder())) as fetcher:
        outcomes = list(fetcher.fetch_many(f"http://{host}/" for host in HOSTS))
    refused = [outcome.error for outcome in outcomes if isinstance(outcome, Failure)]
    assert refused.count("AddressDenied") >= 55


@pytest.mark.parametrize("name", NAMES)
def test_no_name_that_leads_to_a_private_address_is_connected_to(name: str) -> None:
    """Any private answer, also among public ones, refuses the host."""
    recorder = Recorder()
    with (
        Fetcher(options(), World(resolve=Names(NAMES), sockets=recorder)) as fetcher,
        pytest.raises(errors.AddressDenied, match=name),
    ):
        fetcher.fetch(f"http://{name}/")
    assert recorder.connects == []


@pytest.mark.parametrize(
    "location", ["http://127.0.0.2/", "http://metadata.google.internal/", "//intranet.example/x", "http://[::1]:8080/"]
)
def test_a_redirect_to_a_private_host_is_refused(location: str) -> None:
    """Every hop is vetted, not only the first."""
    recorder = Recorder(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location.encode())
    names = Names(NAMES | {"public.example": [["93.184.216.34"]], "127.0.0.2": [["127.0.0.2"]], "::1": [["::1"]]})
    with (
        Fetcher(options(), World(resolve=names, sockets=recorder)) as fetcher,
        pytest.raises(errors.AddressDenied) as caught,
    ):
        fetcher.fetch("http://public.example/")
    assert recorder.connects == [("93.184.216.34", 80)]
    assert caught.value.source == "http://public.example/"
    assert caught.value.fetched is not None
    assert caught.value.fetched["redirects"] == [{"url": "http://public.example/", "status": 302}]
    assert caught.value.fetched["status"] is None


def test_a_host_is_resolved_once_and_its_vetted_address_connected_to() -> None:
    """A name server that changes its answer after the check (DNS rebinding) gains nothing."""
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (
        len(PAGE),
        PAGE,
    )
    recorder = Recorder(answer)
    names = Names({"rebind.example": [["93.184.216.34"], ["127.0.0.1"]]})
    with Fetcher(options(), World(resolve=names, sockets=recorder)) as fetcher:
        assert fetcher.fetch("http://rebind.example/").data == PAGE
        assert names.lookups == ["rebind.example"]
        assert recorder.connects == [("93.184.216.34", 80)]
        # The server closed the connection; a new one is vetted anew.
        with pytest.raises(errors.AddressDenied):
            fetcher.fetch("http://rebind.example/2")
    assert names.lookups == ["rebind.example"] * 2
    assert recorder.connects == [("93.184.216.34", 80)]


def test_all_public_addresses_of_a_host_are_tried() -> None:
    """A dead first address does not lose the page; each is connected to once."""
    recorder = Recorder()
    names = Names({"two.example": [["93.184.216.34", "2606:4700::1"]]})
    with Fetcher(options(), World(resolve=names, sockets=recorder)) as fetcher, pytest.raises(errors.ConnectionFailed):
        fetcher.fetch("https://two.example:8443/")
    assert recorder.connects == [("93.184.216.34", 8443), ("2606:4700::1", 8443)]


def test_private_hosts_are_reached_when_asked_to() -> None:
    """`allow_private` opens the guard; the record says so (test_fetcher)."""
    recorder = Recorder()
    with (
        Fetcher(options(allow_private=True), World(sockets=recorder)) as fetcher,
        pytest.raises(errors.ConnectionFailed),
    ):
        fetcher.fetch("http://127.1/")
    assert recorder.connects == [("127.0.0.1", 80)]


def test_an_error_whose_reasons_go_in_a_ring():
    """An error raised again while it is handled has itself as a reason: it is told, and nobody looks for ever."""
    first, second = OSError(111, "Connection refused"), OSError(104, "Connection reset by peer")
    first.__cause__, second.__context__ = second, first
    assert translated("http://a.example/", first, Options()).problem == "Connection refused"
