"""What is written down of a fetch: the record's `source.fetched`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stripper.fetch.body import media_type_and_charset

if TYPE_CHECKING:
    from stripper.fetch.exchange import Reply
    from stripper.options import FetchOptions


@dataclass(slots=True)
class Account:
    """Collects the facts of one fetch, over redirects and tries."""

    url: str  # what is asked for now
    started: float  # Unix time
    relaxed: list[str]
    attempts: int = 0
    robots: str = "not asked"
    replies: list[Reply] = field(default_factory=list)
    rendered: bool = False

    def add(self, reply: Reply) -> None:
        """Note an answer; another one from the same URL (a further try) takes the place of the last."""
        if self._last() is not None:
            self.replies.pop()
        self.replies.append(reply)

    def record(self) -> dict[str, Any]:
        """Return the facts, JSON-ready, keys in fixed order.

        url is the final one, or the one that failed; redirects are what led there, each {url, status}; seconds is
        the time on the wire of all replies, without polite waits; cache is off | miss | stored | hit | revalidated.
        """
        last = self._last()
        headers = last.headers if last is not None else {}
        media_type, charset = media_type_and_charset(headers.get("content-type", ""))
        return {
            "url": self.url,
            "redirects": [{"url": str(r.url), "status": r.status} for r in self.replies if r is not last],
            "status": last.status if last is not None else None,
            "http_version": last.http_version if last is not None else None,
            "address": last.address if last is not None else None,
            "started": datetime.fromtimestamp(self.started, UTC).isoformat(timespec="milliseconds"),
            "seconds": round(sum(r.seconds for r in self.replies), 3),
            "attempts": self.attempts,
            "wire_bytes": sum(len(r.body.wire) for r in self.replies),
            "decoded_bytes": len(last.body.data) if last is not None else 0,
            "content_encoding": headers.get("content-encoding"),
            "media_type": media_type,
            "charset": charset,
            "etag": headers.get("etag"),
            "last_modified": headers.get("last-modified"),
            "robots": self.robots,
            "cache": last.cache if last is not None else "off",
            "rendered": self.rendered,
            "relaxed": self.relaxed,
        }

    def _last(self) -> Reply | None:
        return self.replies[-1] if self.replies and str(self.replies[-1].url) == self.url else None


def relaxed(options: FetchOptions) -> list[str]:
    """Return which safeguards were switched off, by name of option."""
    off = {
        "allow_private": options.allow_private,
        "ignore_robots": not options.robots,
        "insecure": options.insecure,
        "proxy": options.proxy is not None,
    }
    return [name for name, is_off in off.items() if is_off]
