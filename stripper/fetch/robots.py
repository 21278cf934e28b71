"""robots.txt by RFC 9309: who may fetch what, and how fast.

protego matches paths. The group is chosen here: RFC 9309 asks for a match of the whole product token, protego
takes a group named "boilerplate" for ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import protego

if TYPE_CHECKING:
    from stripper.errors import FetchError

PRODUCT = "boilerplate-stripper"
MAX_BYTES = 512 * 1024  # the RFC asks for at least 500 KiB
MAX_REDIRECTS = 5  # the RFC's figure
LIFETIME = 24 * 3600.0  # seconds; the RFC's figure

_AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[a-zA-Z_-]+|\*")


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to us."""

    rules: protego.Protego | None  # None = no rules: `denied` decides
    denied: str | None = None  # why everything is forbidden: robots.txt could not be had; None = it could
    failure: FetchError | None = None  # why the host itself can't be asked: its pages fail the same way
    sitemaps: tuple[str, ...] = ()

    def forbids(self, url: str) -> str | None:
        """Return why `url` may not be fetched, or None."""
        if self.rules is None:
            return self.denied
        return None if self.rules.can_fetch(url, PRODUCT) else "robots.txt forbids it"

    @property
    def delay(self) -> float:
        """Seconds between two requests that the site asks for; 0 = it doesn't say."""
        return (self.rules.crawl_delay(PRODUCT) if self.rules is not None else None) or 0.0


ALLOW_ALL = Robots(None)


def parse(data: bytes) -> Robots:
    """Return the rules of a robots.txt; any bytes will do, what is no rule is passed over."""
    text = data[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    rules = protego.Protego.parse(_AGENT_LINE.sub(_agent_line, text))
    return Robots(rules, sitemaps=tuple(rules.sitemaps))


def from_status(status: int, data: bytes) -> Robots:
    """Return what an answer to a request for robots.txt means (RFC 9309, 2.3.1).

    4xx: there are no rules. 5xx, and what is neither an answer nor a redirect: everything is forbidden.
    """
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's classes of status
        return parse(data)
    if 400 <= status < 500:  # noqa: PLR2004 - as above
        return ALLOW_ALL
    return Robots(None, denied=f"its robots.txt answers {status}, which forbids everything for now")


def _agent_line(match: re.Match[str]) -> str:
    token = _TOKEN.match(match[1].strip())
    name = token[0].lower() if token else ""
    # Any name but ours and "*" is somebody else: one that is no part of our name, nor ours of it.
    return f"User-agent: {name if name in {PRODUCT, '*'} else '0'}"
