"""The formats that a stripped page is written in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from stripper.datatypes import Mode
from stripper.write.json_text import to_json

if TYPE_CHECKING:
    from stripper.write.stripped import Stripped


class Format(StrEnum):
    """How clean text is written; the value is the file's suffix too."""

    TXT = "txt"
    MD = "md"
    JSON = "json"  # {"text": clean text, "record": record} on one line
    HTML = "html"


def render(page: Stripped, form: Format) -> str:
    """Return a page in one of the formats.

    Clean text of HTML ends with a line end, as text files do; that of plain text is the input's own
    characters and nothing else.
    """
    match form:
        case Format.TXT:
            return page.text + "\n" if page.text and page.page.mode is Mode.HTML else page.text
        case Format.MD:
            return page.markdown
        case Format.HTML:
            return page.html
        case Format.JSON:
            return to_json({"text": page.text, "record": page.record()}) + "\n"


def as_utf8(text: str) -> bytes:
    """Return `text` as UTF-8; a lone surrogate, which has no such form, becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text).encode("utf-8")
