"""Careless scrapes: what other people's tools make of a page, as input to learn from.

Needs the extra `train`. Made on the fly; nothing of it is kept.
"""

from __future__ import annotations

import logging
import warnings
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def _html_text(html: str) -> str:
    import html_text

    return str(html_text.extract_text(html))


def _inscriptis(html: str) -> str:
    import inscriptis

    return str(inscriptis.get_text(html))


def _resiliparse(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def _resiliparse_all(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=False))


def _readability(html: str) -> str:
    from readability import Document

    return _html_text(Document(html).summary())


def _justext(html: str) -> str:
    import justext

    paragraphs = justext.justext(html, justext.get_stoplist("English"))
    return "\n\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _get_text(html: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "lxml").get_text("\n")


TOOLS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "html-text": _html_text,
        "inscriptis": _inscriptis,
        "resiliparse": _resiliparse,
        "resiliparse, all": _resiliparse_all,
        "readability-lxml": _readability,
        "jusText": _justext,
        "get_text": _get_text,
    }
)
_MAX_CHARS = 1_500_000  # of a page: some of the tools are slow


def scrapes(html: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each tool and what it makes of a page; one that fails, or finds nothing, is left out."""
    if len(html) > _MAX_CHARS:
        return
    for name in TOOLS:
        text = scrape(name, html)
        if text.strip():
            yield name, text


def scrape(name: str, html: str) -> str:
    """Return what a tool makes of a page, "" where it fails."""
    logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return TOOLS[name](html).replace("\r\n", "\n").replace("\r", "\n")
        except ImportError:
            raise
        except Exception:  # noqa: BLE001  seven tools fail in seven ways, and the other six still teach
            return ""
