"""Which addresses may be reached, judged as addresses; spellings of hosts are in test_network."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.fetch.addresses import denied

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
    "128.0.0.1", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1",
    "191.255.255.255", "192.0.1.1", "192.88.98.1", "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1",
    "198.51.99.1", "203.0.112.1", "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1",
    "2620:4f:8000::1", "64:ff9b::808:808",
]  # fmt: skip
NOT_PUBLIC = [
    ("0.0.0.0", "this network"),  # noqa: S104 - no binding
    ("0.1.2.3", "this network"), ("10.0.0.1", "private"), ("10.255.255.255", "private"),
    ("100.64.0.1", "shared with a carrier's NAT"), ("100.100.100.200", "shared with a carrier's NAT"),
    ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("168.63.129.16", "a cloud's own services"),
    ("169.254.169.254", "link-local"), ("172.16.0.1", "private"), ("172.31.255.255", "private"),
    ("192.0.0.192", "protocol assignments"), ("192.0.2.1", "documentation"), ("192.88.99.1", "6to4 relay"),
    ("192.168.0.1", "private"), ("198.18.0.1", "benchmarking"), ("198.19.255.255", "benchmarking"),
    ("198.51.100.7", "documentation"), ("203.0.113.9", "documentation"), ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"), ("240.0.0.1", "reserved"), ("255.255.255.255", "reserved"),
    ("::", "unspecified"), ("::1", "loopback"), ("::ffff:127.0.0.1", "IPv4-mapped"), ("::ffff:8.8.8.8", "IPv4-mapped"),
    ("::127.0.0.1", "IPv4-compatible"), ("64:ff9b::7f00:1", "loopback"), ("64:ff9b::a00:1", "private"),
    ("64:ff9b::a9fe:a9fe", "link-local"), ("64:ff9b:1::1", "local NAT64"), ("100::1", "discard"),
    ("100:0:0:1::1", "dummy"), ("2001::1", "Teredo"), ("2001:2::1", "protocol assignments"),
    ("2001:10::1", "protocol assignments"), ("2001:db8::1", "documentation"), ("2002:7f00:1::", "6to4"),
    ("3fff::1", "documentation"), ("5f00::1", "segment routing"), ("fc00::1", "private"), ("fd00:ec2::254", "private"),
    ("fe80::1", "link-local"), ("fe80::1%eth0", "link-local"), ("fec0::1", "site-local"), ("ff02::1", "multicast"),
    ("4000::1", "unassigned"), ("e000::1", "unassigned"), ("1::", "unassigned"),
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_reached(address: str) -> None:
    """The neighbours of every denied network, and well-known public hosts, are free."""
    assert denied(address) is None


@pytest.mark.parametrize(("address", "rule"), NOT_PUBLIC)
def test_other_addresses_are_denied_by_name_of_rule(address: str, rule: str) -> None:
    """Each network of the IANA special-purpose registries that is not global is denied, and says why."""
    assert denied(address) == rule


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_gets_through(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Our list is stricter than the standard library's, never laxer (NAT64 is judged by the IPv4 address inside)."""
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        assert denied(str(ip)) == denied(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    elif denied(str(ip)) is None:
        assert not (ip.is_private)
        assert not (ip.is_loopback)
        assert not (ip.is_link_local)
        assert not (ip.is_multicast)
        assert not (ip.is_reserved)
