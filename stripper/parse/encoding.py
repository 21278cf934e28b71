"""Bytes to str by the rules browsers follow, and HTML told from text.

Order: byte order mark, HTTP charset, `meta` prescan, strict UTF-8, detector. lxml is never asked:
it gets 36 of html5lib's 82 encoding cases right.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING

from stripper.datatypes import Decoded, Mode, RawPage
from stripper.errors import EmptyInput, TooLarge, UnsupportedInput

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16le"), (BOM_UTF16_BE, "utf-16be"))
_PRESCAN_BYTES = 4096  # the standard asks for 1,024; real pages have their meta later
_DETECT_BYTES = 65_536
_ASCII = 127
# Python's names that are no WHATWG labels.
_DETECTORS_NAMES = {
    "cp932": "shift_jis", "shift_jis_2004": "shift_jis", "cp949": "euc-kr", "uhc": "euc-kr", "cp950": "big5",
}  # fmt: skip
_SNIFF_CHARS = 65_536
_DENSE, _SEVERAL = 5, 4  # tags per 1,000 characters, and in all, that make HTML of a text that does not begin so

# The standard's own: a meta tag that could be read is not in UTF-16, whatever it says.
_META_OVERRIDES = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}

# What the prescan looks at: a comment, a meta tag, another tag up to its name's end, a declaration.
_TOKEN = re.compile(
    rb"(?P<comment><!--)|(?P<meta><meta(?=[\s/]))|(?P<tag></?[a-z][^\s>]*)|(?P<declaration><[!/?])", re.IGNORECASE
)
_ATTRIBUTE = re.compile(rb"""[\s/]*([^\s/>][^\s/>=]*)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_CHARSET = re.compile(r"""charset\s*=\s*("[^"]*"|'[^']*'|[^\s;"']+)""", re.IGNORECASE)
_TAG = re.compile(r"<(?:!doctype\s+html|!--|/?(?:html|head|body|title|meta|link|script|style|div|p|a|span|table|tr|td|"
                  r"ul|ol|li|h[1-6]|br|img|article|section|main|header|footer|nav|aside|form|iframe|pre|blockquote|"
                  r"center|font|b|i|em|strong|noscript|svg)\b[^<>]{0,2000}/?>|\?xml\b)", re.IGNORECASE)  # fmt: skip
_BINARY = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_MAGIC = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG image"), (b"\xff\xd8\xff", "JPEG image"), (b"GIF8", "GIF image"),
    (b"PK\x03\x04", "zip archive"), (b"\x1f\x8b", "gzip file"), (b"BZh", "bzip2 file"), (b"\xfd7zXZ", "xz file"),
    (b"\x28\xb5\x2f\xfd", "zstd file"), (b"\x7fELF", "program"), (b"MZ\x90", "program"),
    (b"\x00\x00\x00\x18ftyp", "video"), (b"\x00\x00\x00\x20ftyp", "video"), (b"OggS\0", "media file"),
    (b"ID3\2", "audio file"), (b"ID3\3", "audio file"), (b"ID3\4", "audio file"),  # "ID3 tags are" is text
    (b"\x00\x01\x00\x00\x00", "font"), (b"wOFF", "font"), (b"wOF2", "font"), (b"SQLite format 3\0", "database"),
)  # fmt: skip


def decode(raw: RawPage, max_bytes: int) -> Decoded:
    """Return the page's characters and how its encoding was found; any bytes decode.

    Raises EmptyInput, TooLarge (over `max_bytes`) or UnsupportedInput (binary).
    """
    data = raw.data
    if len(data) > max_bytes:
        raise TooLarge(raw.id, f"{len(data):,} bytes are over the limit of {max_bytes:,}; raise max_bytes")
    if not data.strip(b" \t\r\n\0"):
        raise EmptyInput(raw.id, "is empty: nothing to strip")
    what = _file_type(data)
    if what is not None:
        raise UnsupportedInput(raw.id, f"is a {what}, neither HTML nor text")
    decoded = _decode(data, raw.charset)
    head = decoded.text[:_SNIFF_CHARS]
    coded = head.encode("utf-8", "surrogatepass")  # bytes are searched twice as fast as characters
    if len(coded) - len(coded.translate(None, _BINARY)) > 0.05 * len(head):
        raise UnsupportedInput(raw.id, "is binary data, neither HTML nor text")
    return decoded


def guess_mode(text: str, media_type: str | None = None) -> Mode:
    """Tell HTML from plain text by the content; the media type only settles doubt.

    A text about HTML may quote a tag: HTML needs to begin like it, or tags all over it.
    """
    head = text[:_SNIFF_CHARS]
    start = head.lstrip("\ufeff \t\r\n\0")[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        return Mode.HTML
    tags = sum(1 for _ in _TAG.finditer(head))
    per_kilobyte = 1000 * tags / max(len(head), 1)
    if media_type in ("text/html", "application/xhtml+xml"):
        return Mode.HTML if tags or start.startswith("<") else Mode.TEXT
    if media_type in ("text/plain", "text/markdown"):
        return Mode.HTML if start.startswith("<") and per_kilobyte > _DENSE else Mode.TEXT
    if start.startswith("<") and _TAG.match(start):
        return Mode.HTML if tags > 1 else Mode.TEXT
    return Mode.HTML if tags >= _SEVERAL and per_kilobyte > _DENSE else Mode.TEXT


def _file_type(data: bytes) -> str | None:
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "media file"
    return next((what for magic, what in _MAGIC if data.startswith(magic)), None)


def _decode(data: bytes, http_charset: str | None) -> Decoded:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _as(data[len(bom) :], name, "bom")
    for label, origin in ((http_charset, "http"), (_prescan(data[:_PRESCAN_BYTES]), "meta")):
        declared = _known(label)
        if declared is not None:
            if origin == "meta":
                declared = _META_OVERRIDES.get(declared, declared)
            return _declared(data, declared, origin)
    if _is_utf8(data):
        return _as(data, "utf-8", "utf-8")
    return _detected(data)


def _declared(data: bytes, name: str, origin: str) -> Decoded:
    """Trust a declaration unless the bytes speak against it."""
    if name != "utf-8":
        # Bytes beyond ASCII that form valid UTF-8 throughout are UTF-8, whatever an old template declares.
        legacy = not name.startswith(("utf-", "iso-2022"))
        if legacy and not data.isascii() and _is_utf8(data):
            return _as(data, "utf-8", "utf-8")
        return _as(data, name, origin)
    decoded = _as(data, name, origin)
    high = sum(1 for byte in data[:_DETECT_BYTES] if byte > _ASCII) if decoded.replaced else 0
    # Single bad bytes are damage; when hardly any byte beyond ASCII fits, the declaration is wrong.
    if decoded.replaced and decoded.text[:_DETECT_BYTES].count("\ufffd") > 0.5 * high:
        return _detected(data)
    return decoded


def _detected(data: bytes) -> Decoded:
    from bs4.dammit import EncodingDetector  # heavy, and only for pages that declare nothing

    sample = data[:_DETECT_BYTES]
    for label in EncodingDetector(sample, is_html=True, exclude_encodings=["ascii", "utf-8"]).encodings:
        name = _known(_DETECTORS_NAMES.get(label.lower(), label))
        if name is None or name.startswith("utf-16"):
            continue
        decoded = _as(data, name, "detector")
        if not decoded.replaced:
            return decoded
    return _as(data, "windows-1252", "default")


def _prescan(head: bytes) -> str | None:
    for attributes in _metas(head):
        label = attributes.get(b"charset")
        if label is None and attributes.get(b"http-equiv", "").lower() == "content-type":
            found = _CHARSET.search(attributes.get(b"content", ""))
            label = found[1].strip("\"'") if found else None
        if label is not None and _known(label):
            return label
    return None


def _metas(head: bytes) -> Iterator[dict[bytes, str]]:
    """Yield the attributes of each `meta`, as the standard's prescan finds them.

    Other tags are passed over with their attributes: a title="<meta charset=…>" declares nothing.
    """
    at = 0
    while token := _TOKEN.search(head, at):
        if token.lastgroup == "comment":
            at = head.find(b"-->", token.start() + 2) + 3  # its dashes may be those of the opening
        elif token.lastgroup == "declaration":
            at = head.find(b">", token.end()) + 1
        else:
            attributes, at = _attributes(head, token.end())
            if token.lastgroup == "meta":
                yield attributes
        if at < token.end():  # nothing closes it
            return


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, str], int]:
    """Return the attributes that begin at `at`, and where they end; of two with one name the first counts."""
    found: dict[bytes, str] = {}
    while attribute := _ATTRIBUTE.match(head, at):
        found.setdefault(attribute[1].lower(), attribute[2].strip(b"\"'").decode("latin-1") if attribute[2] else "")
        at = attribute.end()
    return found, at


def _known(label: str | None) -> str | None:
    import webencodings

    encoding = webencodings.lookup(label.strip()) if label else None
    return encoding.name if encoding and encoding.name != "replacement" else None


def _as(data: bytes, name: str, origin: str) -> Decoded:
    import webencodings

    codec = webencodings.lookup(name)
    read = (codec.codec_info if codec else webencodings.UTF8.codec_info).decode
    try:
        return Decoded(read(data, "strict")[0], name, origin, 0)
    except UnicodeDecodeError:
        text = read(data, "replace")[0]
    # The page may hold U+FFFD itself, in whatever bytes its encoding writes it.
    return Decoded(text, name, origin, text.count("\ufffd") - read(data, "ignore")[0].count("\ufffd"))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
