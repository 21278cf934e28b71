"""What repeats on a site: fingerprints of blocks, and the profile that counts them over pages.

A profile is a JSON file that people can read; `stripper batch` writes it, any later run may use it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from stripper.errors import UnreadableInput
from stripper.sites import SiteProfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.datatypes import Page

SCHEMA = "stripper.profile/1"
SITE_RULE = "site"
LEAST_PAGES = 4  # of a site, before anything is said about it
_LEAST_COUNT = 3
_LEAST_SHARE = 0.2

_UNSAFE = re.compile(r"[^a-z0-9.-]+")
_NAME_CHARS = 80
_KEPT_PROFILES = 64  # in memory


def fingerprints(page: Page) -> list[int]:
    """Return for each block 64 bits of its text and its place: letters folded, spaces squashed; tags of the path."""
    paths = [0] * (len(page.outline.tag) + 1)  # one more: element -1 is no element
    for row, (parent, tag) in enumerate(zip(page.outline.parent, page.outline.tag, strict=True)):
        paths[row] = crc32(b"/" + tag.encode("utf-8", "replace"), paths[parent] if parent >= 0 else 0)
    return [
        int.from_bytes(
            blake2b(
                f"{paths[block.element]} {' '.join(block.text.casefold().split())}".encode("utf-8", "replace"),
                digest_size=8,
            ).digest()
        )
        for block in page.blocks
    ]


def least_count(pages: int) -> float:
    """Return on how many of a site's pages a block must stand before it counts as repeated."""
    return max(_LEAST_COUNT, _LEAST_SHARE * pages)


def load_profile(folder: str, site: str | None) -> SiteProfile | None:
    """Return the profile of `site` that lies in `folder`, None where there is none. Raises UnreadableInput."""
    if site is None:
        return None
    path = profile_path(folder, site)
    try:
        status = path.stat()
    except OSError:
        return None
    return _load(str(path), site, status.st_mtime_ns, status.st_size)


def profile_path(folder: str, site: str) -> Path:
    """Return where the profile of `site` lies."""
    name = _UNSAFE.sub("_", site.lower()).strip(".")[:_NAME_CHARS]
    if name != site:
        name = f"{name}-{sha256(site.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return Path(folder) / f"{name}.json"


@lru_cache(maxsize=_KEPT_PROFILES)
def _load(path: str, site: str, _changed: int, _size: int) -> SiteProfile | None:
    data = Path(path).read_bytes()
    try:
        written = json.loads(data)
        if written["schema"] != SCHEMA:
            raise UnreadableInput(path, f"is no site profile of this version: schema {written['schema']!r}")
        counts: Mapping[int, int] = {int(block["fingerprint"], 16): int(block["pages"]) for block in written["blocks"]}
        if written["site"] != site:
            return None
        return SiteProfile(site, int(written["pages"]), counts, sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableInput(path, f"is no site profile ({type(error).__name__}: {error})") from None
