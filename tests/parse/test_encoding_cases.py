"""How a page's encoding is found: the WHATWG rules (HTML, "Determining the character encoding"), case by case.

html5lib-tests has 82 such cases; these are ours, made from the rules. Each page ends in bytes that no UTF-8 holds,
so that the characters tell which encoding was taken, whatever it is called.
"""

from __future__ import annotations

import pytest
import webencodings
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import RawPage
from stripper.errors import InputError
from stripper.parse import decode

PROBE = b"<p>\xe4\xf6\xfc \xc0\xc1\xa4 \xd0\xd1"  # differs in every encoding below, and is no UTF-8
LIMIT = 1_000_000
COMMENT = b"<!-- " + b"x" * 600 + b" -->"

# name: (bytes before the probe, the HTTP header's charset, the encoding)
META: dict[str, tuple[bytes, str | None, str]] = {
    # The plain forms
    "charset": (b"<meta charset=koi8-r>", None, "koi8-r"),
    "charset in double quotes": (b'<meta charset="koi8-r">', None, "koi8-r"),
    "charset in single quotes": (b"<meta charset='koi8-r'>", None, "koi8-r"),
    "charset in capitals": (b"<META CHARSET=KOI8-R>", None, "koi8-r"),
    "spaces around the equals sign": (b"<meta charset = koi8-r >", None, "koi8-r"),
    "spaces inside the quotes": (b'<meta charset="  koi8-r  ">', None, "koi8-r"),
    "line ends and tabs": (b"<meta\n\tcharset\r\n=\x0ckoi8-r\n>", None, "koi8-r"),
    "a slash instead of a space": (b"<meta/charset=koi8-r>", None, "koi8-r"),
    "a slash at the end": (b'<meta charset="koi8-r"/>', None, "koi8-r"),
    "after other attributes": (b'<meta name=x content="y" charset=koi8-r>', None, "koi8-r"),
    "after a lone attribute": (b"<meta x charset=koi8-r>", None, "koi8-r"),
    "after an attribute with a >": (b'<meta content="a > b" charset=koi8-r>', None, "koi8-r"),
    "twice in one tag: the first": (b"<meta charset=koi8-r charset=big5>", None, "koi8-r"),
    "twice on the page: the first": (b"<meta charset=koi8-r><meta charset=big5>", None, "koi8-r"),
    # http-equiv
    "http-equiv": (b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', None, "koi8-r"),
    "http-equiv behind": (b'<meta content="text/html; charset=koi8-r" http-equiv="Content-Type">', None, "koi8-r"),
    "http-equiv without quotes": (b"<meta http-equiv=Content-Type content=text/html;charset=koi8-r>", None, "koi8-r"),
    "http-equiv in capitals": (b'<META HTTP-EQUIV="CONTENT-TYPE" CONTENT="TEXT/HTML; CHARSET=KOI8-R">', None, "koi8-r"),
    "http-equiv, no type": (b'<meta http-equiv="Content-Type" content="charset=koi8-r">', None, "koi8-r"),
    "http-equiv, spaces": (b'<meta http-equiv="Content-Type" content="text/html; charset = koi8-r ">', None, "koi8-r"),
    "http-equiv, inner quotes": (b"""<meta http-equiv=Content-Type content="a;charset='koi8-r'">""", None, "koi8-r"),
    "http-equiv, more behind": (b'<meta http-equiv="Content-Type" content="a; charset=koi8-r; x=y">', None, "koi8-r"),
    "http-equiv, a charset without =": (
        b'<meta http-equiv="Content-Type" content="charset; charset=koi8-r">', None, "koi8-r",
    ),
    "http-equiv, no separator": (b'<meta http-equiv="Content-Type" content="text/htmlcharset=koi8-r">', None, "koi8-r"),
    "charset before content": (
        b'<meta charset=koi8-r http-equiv="Content-Type" content="a; charset=big5">', None, "koi8-r",
    ),
    "content alone is none": (b'<meta content="text/html; charset=big5">', None, ""),
    "another http-equiv is none": (b'<meta http-equiv="refresh" content="0; charset=big5">', None, ""),
    "a name is no http-equiv": (b'<meta name="Content-Type" content="text/html; charset=big5">', None, ""),
    "an unclosed inner quote is none": (b"""<meta http-equiv=Content-Type content="a;charset='big5">""", None, ""),
    # What is no meta
    "in a comment": (b"<!-- <meta charset=big5> -->", None, ""),
    "behind a comment": (b"<!-- <meta charset=big5> --><meta charset=koi8-r>", None, "koi8-r"),
    "behind a short comment": (b"<!--><meta charset=koi8-r>", None, "koi8-r"),
    "behind a comment with dashes": (b"<!-- -- <meta charset=big5> ---><meta charset=koi8-r>", None, "koi8-r"),
    "in another tag's attribute": (b'<div title="<meta charset=big5>"></div>', None, ""),
    "in an end tag's attribute": (b'</div title="<meta charset=big5>">', None, ""),
    "behind another tag's attribute": (b"""<a title='>"'><meta charset=koi8-r>""", None, "koi8-r"),
    "an end tag": (b"</meta charset=big5>", None, ""),
    "a longer name": (b"<metadata charset=big5>", None, ""),
    "a custom element": (b"<meta-data charset=big5>", None, ""),
    "no space": (b"<metacharset=big5>", None, ""),
    "in a doctype": (b"<!doctype html SYSTEM '<meta charset=big5'>", None, ""),
    "in a processing instruction": (b"<?php '<meta charset=big5' ?>", None, ""),
    "behind a processing instruction": (b"<?xml version='1.0'?><meta charset=koi8-r>", None, "koi8-r"),
    "in a script, which the prescan doesn't know": (b"<script><meta charset=koi8-r></script>", None, "koi8-r"),
    "in the body": (b"<body><p>x</p><meta charset=koi8-r>", None, "koi8-r"),
    "behind a lone <": (b"a < b <meta charset=koi8-r>", None, "koi8-r"),
    "data-charset": (b"<meta data-charset=big5>", None, ""),
    "itself only": (b"<meta>", None, ""),
    "charset without a value": (b"<meta charset>", None, ""),
    "charset with an empty value": (b'<meta charset="">', None, ""),
    # Unknown and special labels
    "an unknown label": (b"<meta charset=klingon>", None, ""),
    "an unknown label, then a known one": (b"<meta charset=klingon><meta charset=koi8-r>", None, "koi8-r"),
    "UTF-16 in a meta can't be": (b"<meta charset=utf-16>", None, "utf-8"),
    "UTF-16LE neither": (b"<meta charset=utf-16le>", None, "utf-8"),
    "UTF-16BE neither": (b"<meta charset=utf-16be>", None, "utf-8"),
    "x-user-defined is windows-1252": (b"<meta charset=x-user-defined>", None, "windows-1252"),
    "UTF-7 is unknown": (b"<meta charset=utf-7><meta charset=koi8-r>", None, "koi8-r"),
    # Where it stands
    "within the first 1,024 bytes": (COMMENT + b"<meta charset=koi8-r>", None, "koi8-r"),
    "later, as many pages have it": (COMMENT * 3 + b"<meta charset=koi8-r>", None, "koi8-r"),
    # The HTTP header
    "the header alone": (b"", "koi8-r", "koi8-r"),
    "the header in capitals": (b"", "KOI8-R", "koi8-r"),
    "the header with spaces": (b"", " koi8-r ", "koi8-r"),
    "the header against a meta": (b"<meta charset=big5>", "koi8-r", "koi8-r"),
    "the header says latin-1": (b"<meta charset=big5>", "iso-8859-1", "windows-1252"),
    "an unknown header": (b"<meta charset=koi8-r>", "klingon", "koi8-r"),
    "an empty header": (b"<meta charset=koi8-r>", "", "koi8-r"),
    "an unknown header and nothing else": (b"", "none", ""),
    # Byte order marks
    "UTF-8's mark": (b"\xef\xbb\xbf<meta charset=koi8-r>", None, "utf-8"),
    "UTF-8's mark against the header": (b"\xef\xbb\xbf", "koi8-r", "utf-8"),
}  # fmt: skip
# Labels that mean another encoding than they say, and a few that mean themselves (Encoding standard, 4.2).
LABELS = {
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252", "us-ascii": "windows-1252",
    "cp1252": "windows-1252", "iso-8859-9": "windows-1254", "latin5": "windows-1254", "iso-8859-11": "windows-874",
    "tis-620": "windows-874", "gb2312": "gbk", "gb_2312-80": "gbk", "chinese": "gbk", "x-gbk": "gbk",
    "gb18030": "gb18030", "big5-hkscs": "big5", "x-x-big5": "big5", "shift-jis": "shift_jis", "x-sjis": "shift_jis",
    "windows-31j": "shift_jis", "ms_kanji": "shift_jis", "x-euc-jp": "euc-jp", "ks_c_5601-1987": "euc-kr",
    "korean": "euc-kr", "windows-949": "euc-kr", "cp1251": "windows-1251", "koi8-ru": "koi8-u", "koi": "koi8-r",
    "mac": "macintosh", "x-mac-ukrainian": "x-mac-cyrillic", "iso_8859-2:1987": "iso-8859-2", "cyrillic": "iso-8859-5",
    "greek8": "iso-8859-7", "arabic": "iso-8859-6", "logical": "iso-8859-8-i", "visual": "iso-8859-8",
    "866": "ibm866", "x-cp1250": "windows-1250",
}  # fmt: skip


def expected(data: bytes, encoding: str) -> str:
    """Return the characters in `encoding`; "" = the default for pages that declare nothing."""
    return str(webencodings.decode(data, encoding or "windows-1252", "replace")[0])


@pytest.mark.parametrize("name", META)
def test_the_declaration_counts_as_the_standard_says(name: str) -> None:
    """Byte order mark, then header, then the prescan's meta."""
    before, header, encoding = META[name]
    decoded = decode(RawPage("page", before + PROBE, charset=header), LIMIT)
    if encoding == "utf-8" and b"utf-16" in before:  # declared so; the probe would speak against it
        assert decode(RawPage("page", before + "<p>мир".encode()), LIMIT).encoding == encoding
    elif encoding:
        assert decoded.text.endswith(expected(PROBE, encoding))
    else:
        # Nothing is declared: what is taken is the detector's business, but not what the page does not say.
        assert decoded.encoding != "big5"
        assert decoded.encoding_from in {"detector", "default"}


@pytest.mark.parametrize("label", LABELS)
def test_labels_mean_what_browsers_take_them_for(label: str) -> None:
    """`iso-8859-1` is windows-1252, `gb2312` is gbk."""
    for raw in (
        RawPage("page", PROBE, charset=label),
        RawPage("page", b"<meta charset='%s'>" % label.encode() + PROBE),
    ):
        decoded = decode(raw, LIMIT)
        assert decoded.encoding == LABELS[label]
        assert decoded.text.endswith(expected(PROBE, LABELS[label]))


def test_there_are_more_cases_than_html5lib_has() -> None:
    """82 there."""
    assert len(META) + len(LABELS) > 82


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")]
)
@pytest.mark.parametrize("header", [None, "koi8-r", "utf-8"])
def test_a_byte_order_mark_beats_everything(mark: bytes, codec: str, header: str | None) -> None:
    """Header and meta are not asked; the mark itself is no character of the page."""
    text = "<meta charset=koi8-r><p>Grüße, мир, 世界"
    decoded = decode(RawPage("page", mark + text.encode(codec), charset=header), LIMIT)
    assert (decoded.text, decoded.encoding_from, decoded.replaced) == (text, "bom", 0)


@pytest.mark.parametrize("declared", [None, "iso-8859-1", "windows-1251", "shift_jis"])
def test_utf8_that_declares_something_else_is_utf8(declared: str | None) -> None:
    """An old template's header over a new database: bytes that are UTF-8 throughout are no accident."""
    text = "<p>Grüße, мир, 世界, ελληνικά"
    assert decode(RawPage("page", text.encode(), charset=declared), LIMIT).text == text


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le", "utf-16be"])
def test_utf16_in_the_header_is_obeyed(declared: str) -> None:
    """There it is possible, without a mark too."""
    codec = "utf-16-be" if declared.endswith("be") else "utf-16-le"
    text = "<p>Grüße, мир"
    assert decode(RawPage("page", text.encode(codec), charset=declared), LIMIT).text == text


def test_damage_is_counted() -> None:
    """Bytes that don't fit become U+FFFD, one each, and are told."""
    decoded = decode(RawPage("page", "<meta charset=utf-8><p>Grüße".encode() + b"\xff" + "ü ä ö".encode()), LIMIT)
    assert (decoded.encoding, decoded.replaced, decoded.text.count("\ufffd")) == ("utf-8", 1, 1)


@given(st.binary(max_size=4000), st.sampled_from([None, "", "utf-8", "koi8-r", "utf-16", "gbk", "\u00fc", "a b", "\0"]))
def test_any_bytes_decode(data: bytes, header: str | None) -> None:
    """Or are refused as empty or binary; nothing else is raised."""
    try:
        decoded = decode(RawPage("page", data, charset=header), LIMIT)
    except InputError:
        return
    assert decoded.replaced >= 0
    assert webencodings.lookup(decoded.encoding) is not None
