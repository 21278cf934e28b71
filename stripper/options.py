"""Every option with its default, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from stripper.datatypes import JUNK_KINDS, KEPT_KINDS, Kind
from stripper.errors import UsageError


@dataclass(frozen=True, slots=True)
class Options:
    """How pages are stripped. Same bytes + version + options give the same output."""

    keep: frozenset[Kind] = frozenset()  # junk kinds that stay
    drop: frozenset[Kind] = frozenset()  # kinds out of content and title that go
    favor: str = "balanced"  # "precision" | "balanced" | "recall"
    model: str | None = None  # path of a model of your own (`stripper train`); None = the shipped one
    metadata: bool = False  # title, author, date, site by trafilatura; the command line turns it on
    markdown_links: bool = True  # [text](href) in Markdown, else the text alone
    max_bytes: int = 100_000_000  # of one input, decoded; larger ones raise TooLarge
    timeout: float = 30.0  # seconds in all for one fetch
    max_fetch_bytes: int = 20_000_000  # of one response body, on the wire and decoded

    def __post_init__(self) -> None:
        """Check the values and accept plain strings for kinds."""
        object.__setattr__(self, "keep", _kinds("keep", self.keep, JUNK_KINDS))
        object.__setattr__(self, "drop", _kinds("drop", self.drop, KEPT_KINDS))
        if self.favor not in FAVORS:
            raise UsageError(f"favor: {self.favor!r} is none of {', '.join(FAVORS)}")
        for name in ("max_bytes", "timeout", "max_fetch_bytes"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name}: must be above 0, not {getattr(self, name)!r}")

    def changed(self) -> dict[str, Any]:
        """Return only what differs from the defaults, JSON-ready, sorted by name."""
        out = {}
        for f in sorted(fields(self), key=lambda f: f.name):
            value = getattr(self, f.name)
            if value != f.default:
                out[f.name] = sorted(value) if isinstance(value, frozenset) else value
        return out


FAVORS = ("precision", "balanced", "recall")


def _kinds(option: str, given: object, allowed: frozenset[Kind]) -> frozenset[Kind]:
    if isinstance(given, str):
        given = [given]
    try:
        kinds = frozenset(Kind(k) for k in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise UsageError(f"{option}: {given!r} is no set of kinds; known kinds: {', '.join(Kind)}") from None
    if wrong := sorted(kinds - allowed):
        raise UsageError(f"{option}: {', '.join(wrong)} cannot be named here; allowed: {', '.join(sorted(allowed))}")
    return kinds
