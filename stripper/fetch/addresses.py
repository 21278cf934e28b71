"""Which addresses a fetch may reach: the public Internet, and nothing else.

`ipaddress.is_global` is no guard: Python 3.11 calls `64:ff9b::7f00:1` (127.0.0.1 by NAT64), `2002:7f00:1::`
and `fec0::1` public. The tables are the IANA special-purpose address registries (IPv4, IPv6), with what is not
globally reachable; and the rules apply to *resolved* addresses, so that no spelling of a host gets around them.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

_V4 = tuple(
    (IPv4Network(network), rule)
    for network, rule in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared with a carrier's NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own services"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# The first that holds the address names the rule; what none of them holds is denied unless it is in 2000::/3.
_V6 = tuple(
    (IPv6Network(network), rule)
    for network, rule in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # where only IPv6 is spoken, every IPv4 host has such an address
_V4_BITS = 0xFFFFFFFF


def denied(address: str) -> str | None:
    """Return why `address` (an IP address as text, with or without a zone) is not to be reached; None = it may be."""
    ip = ip_address(address)
    if not isinstance(ip, IPv4Address):
        if ip not in _NAT64:
            return next((rule for network, rule in _V6 if ip in network), None if ip in _GLOBAL_V6 else "unassigned")
        ip = IPv4Address(int(ip) & _V4_BITS)
    return next((rule for network, rule in _V4 if ip in network), None)
