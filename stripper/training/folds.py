"""Which pages are held out together: all pages of one host, so that no figure is of a site that was learned."""

from __future__ import annotations

from zlib import crc32

_SHORT = 3  # letters of the second-level part of "co.uk", "com.br", "org": a name has more


def host_of(url: str | None, otherwise: str) -> str:
    """Return the registered domain of `url`, about: the last two parts of its host, three under "co.uk" and the like.

    Without a public suffix list a short name ("bbc.com" beside "news.bbc.com") may keep a part too many, which
    can split a host's subdomains but no host. Where there is no URL, the answer is `otherwise`.
    """
    host = (url or otherwise).split("//", 1)[-1].split("/", 1)[0].rpartition("@")[2].partition(":")[0].lower()
    parts = host.removeprefix("www.").split(".")
    size = 2 if len(parts) <= 2 or len(parts[-2]) > _SHORT else 3  # noqa: PLR2004  names a part of the rule
    return ".".join(parts[-size:])


def fold_of(host: str, folds: int) -> int:
    """Return the fold in which a host's pages are held out, 0..folds-1; the same in every run."""
    return crc32(host.encode("utf-8", "surrogatepass")) % folds
