"""Bytes to characters: which declaration wins, what is refused, and how HTML is told from text."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import Mode, RawPage
from stripper.errors import EmptyInput, InputError, TooLarge, UnsupportedInput
from stripper.parse import decode, guess_mode

LIMIT = 1_000_000


def read(data, charset=None):
    """Decode a page named "page"."""
    return decode(RawPage("page", data, charset=charset), LIMIT)


class TestStays:
    """Characters that come through as they were written."""

    @pytest.mark.parametrize(
        "text", ["plain", "café", "日本語", "🙂", "a\ufffdb", "tab\tand\r\nline", "a\0b, and a lot of prose behind it"]
    )
    def test_utf8_needs_no_declaration(self, text):
        """Bytes that are valid UTF-8 are read as such, and nothing counts as replaced."""
        found = read(text.encode())
        assert (found.text, found.encoding, found.encoding_from, found.replaced) == (text, "utf-8", "utf-8", 0)

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
    def test_any_text_in_utf8_with_a_bom_comes_back(self, text):
        """A byte order mark settles the encoding and is no part of the text."""
        found = read(text.encode("utf-8-sig"))
        assert (found.text, found.encoding_from, found.replaced) == (text, "bom", 0)

    @pytest.mark.parametrize("data", [b"ID3 tags name the singer", b"RIFF is a format", b"OggS starts it", b"MZ is"])
    def test_text_that_begins_like_a_file_type_is_text(self, data):
        """Letters alone make no music of an article."""
        assert read(data).text == data.decode()

    @pytest.mark.parametrize("text", ["Привет, мир. Это русский текст.", "日本語のページです。これは文です。"])
    @pytest.mark.parametrize("bom", ["utf-16-le", "utf-16-be"])
    def test_utf16_with_a_bom(self, text, bom):
        """Both byte orders are read."""
        found = read(("\ufeff" + text).encode(bom))
        assert (found.text, found.encoding, found.encoding_from) == (text, bom.replace("-16-", "-16"), "bom")


class TestOrder:
    """Byte order mark, HTTP header, meta, UTF-8, detector: the first that speaks is believed."""

    @pytest.mark.parametrize(
        ("data", "charset", "encoding", "source"),
        [
            (b"\xef\xbb\xbfcaf\xc3\xa9", "windows-1252", "utf-8", "bom"),
            (b"\xef\xbb\xbf<meta charset=koi8-r>caf\xc3\xa9", None, "utf-8", "bom"),
            (b"\xff\xfea\0", "utf-8", "utf-16le", "bom"),
            (b"<meta charset=koi8-r>caf\xe9", "windows-1252", "windows-1252", "http"),
            (b"<meta charset=windows-1251>\xcf\xf0", None, "windows-1251", "meta"),
            (b"<META CharSet='WINDOWS-1251'>\xcf\xf0", None, "windows-1251", "meta"),
            (b"<meta content='text/html; charset=gb2312' http-equiv=Content-Type>\xc4\xe3", None, "gbk", "meta"),
            (b"<meta charset=iso-8859-1>\x93\xe9\x94", None, "windows-1252", "meta"),
            (b"<meta charset=koi8-r>\xe9 and ascii", "nonsense", "koi8-r", "meta"),
            (b"<meta charset=nonsense><meta charset=koi8-r>\xe9", None, "koi8-r", "meta"),
            (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1252>\xe9", None, "windows-1252", "meta"),
            (b"<p>" + b"x" * 2_000 + b"<meta charset=koi8-r>\xe9", None, "koi8-r", "meta"),
            (b"<meta name=x content='text/html; charset=koi8-r'>caf\xc3\xa9", None, "utf-8", "utf-8"),
        ],
    )
    def test_who_wins(self, data, charset, encoding, source):
        """Mark before header before meta; unknown labels and comments are passed over; a late meta is found."""
        found = read(data, charset)
        assert (found.encoding, found.encoding_from) == (encoding, source)

    @pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1", "shift_jis", "koi8-r"])
    def test_utf8_under_an_old_declaration_is_utf8(self, label):
        """Bytes beyond ASCII that are UTF-8 throughout are UTF-8, whatever a template says."""
        data = f"<meta charset={label}>Ä café – ñandú".encode()
        assert (read(data).text[-14:], read(data).encoding) == ("Ä café – ñandú", "utf-8")
        assert read(data, label).encoding == "utf-8"

    @pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-16be"])
    def test_a_meta_that_says_utf16_is_utf8(self, label):
        """Who could read the tag did not read UTF-16."""
        found = read(f"<meta charset={label}>café".encode())
        assert (found.encoding, found.text[-4:]) == ("utf-8", "café")

    def test_a_meta_that_says_x_user_defined_is_windows_1252(self):
        """The standard's own exception."""
        found = read(b"<meta charset=x-user-defined>caf\xe9")
        assert (found.encoding, found.text[-4:]) == ("windows-1252", "café")

    @pytest.mark.parametrize("charset", ["utf-8", None])
    def test_a_page_that_is_not_the_utf8_it_declares_goes_to_the_detector(self, charset):
        """Where hardly any byte beyond ASCII fits, the declaration is wrong."""
        found = read(b"<meta charset=utf-8><p>caf\xe9 cr\xe8me, d\xe9j\xe0 vu", charset)
        assert found.text.endswith("<p>café crème, déjà vu")
        assert (found.encoding_from, found.replaced) == ("detector", 0)

    def test_single_bad_bytes_are_damage(self):
        """One broken byte among good ones costs one character, and is counted."""
        found = read("Ä café – ñandú ".encode() + b"\xff" + " – ñ".encode(), "utf-8")
        assert (found.encoding, found.encoding_from, found.replaced) == ("utf-8", "http", 1)
        assert found.text == "Ä café – ñandú \ufffd – ñ"

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("Привет мир, это обычный русский текст", "koi8-r"),
            ("日本語のページです。これは文です。", "shift_jis"),
            ("un café crème, déjà vu à l’hôtel", "windows-1252"),
        ],
    )
    def test_the_detector_reads_pages_that_declare_nothing(self, text, encoding):
        """Legacy bytes without any declaration."""
        found = read(text.encode("cp1252" if encoding == "windows-1252" else encoding))
        assert (found.text, found.encoding, found.encoding_from) == (text, encoding, "detector")


class TestReplaced:
    """How many sequences had no character."""

    @pytest.mark.parametrize(
        ("data", "charset", "replaced"),
        [
            ("a\ufffdb".encode(), "utf-8", 0),
            ("a\ufffdb é".encode() + b"\xff", "utf-8", 1),
            ("a\ufffd".encode("utf-16-le"), "utf-16le", 0),
            ("a\ufffd你".encode("gb18030"), "gb18030", 0),
            (b"\x81 \xef\xbf\xbd \xef\xbf\xbd", "windows-1252", 1),
        ],
    )
    def test_a_replacement_character_of_the_page_itself_does_not_count(self, data, charset, replaced):
        """Only what this decoder replaced is counted, in any encoding."""
        assert read(data, charset).replaced == replaced

    @given(st.binary(min_size=1, max_size=60), st.sampled_from(["utf-8", "gbk", "shift_jis", "windows-1252", "utf-16"]))
    def test_it_is_never_below_zero(self, data, charset):
        """Whatever the bytes and their encoding."""
        try:
            found = read(b"text " + data, charset)
        except InputError:
            return
        assert 0 <= found.replaced <= found.text.count("\ufffd")


def zipped():
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("page.html", "<p>text</p>")
    return buffer.getvalue()


class TestRefused:
    """What is no page, and the one line that says so."""

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"%PDF-1.7\n1 0 obj", "PDF"),
            (b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG image"),
            (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG image"),
            (b"GIF89a\1\0\1\0", "GIF image"),
            (zipped(), "zip archive"),
            (gzip.compress(b"<p>text</p>", mtime=0), "gzip file"),
            (b"\x7fELF\2\1\1" + bytes(20), "program"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "media file"),
            (b"ID3\4\0\0", "audio file"),
            (b"SQLite format 3\0", "database"),
        ],
    )
    def test_files_of_other_types(self, data, what):
        """The error names the input and the type."""
        with pytest.raises(UnsupportedInput, match=f"^page: is a {what}, neither HTML nor text$"):
            read(data)

    @pytest.mark.parametrize("data", [bytes(range(256)) * 4, "<p>text".encode("utf-16-le"), b"\1\2\3\4text"])
    def test_control_characters_all_over(self, data):
        """Binary data of no known type is no text."""
        with pytest.raises(UnsupportedInput, match=r"^page: is binary data, neither HTML nor text$"):
            read(data)

    @pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0\0\0"])
    def test_nothing(self, data):
        """No bytes, white space and NULs are empty."""
        with pytest.raises(EmptyInput, match=r"^page: is empty: nothing to strip$"):
            read(data)

    def test_too_many_bytes(self):
        """The limit itself is still read; the error says both sizes and what to change."""
        assert decode(RawPage("page", b"x" * 1_000), 1_000).text == "x" * 1_000
        with pytest.raises(TooLarge, match=r"^page: 1,001 bytes are over the limit of 1,000; raise max_bytes$"):
            decode(RawPage("page", b"x" * 1_001), 1_000)

    @given(
        st.one_of(st.binary(max_size=300), st.text(st.characters(), max_size=80).map(lambda t: t.encode("utf-16"))),
        st.sampled_from(
            [None, "utf-8", "utf-16be", "iso-2022-jp", "big5", "euc-kr", "hz-gb-2312", "x-user-defined", ""]
        ),
    )
    def test_any_bytes_decode_or_raise_an_input_error(self, data, charset):
        """Nothing else comes out, and what decodes can be written as UTF-8."""
        try:
            found = read(data, charset)
        except InputError:
            return
        assert found.text.encode().decode() == found.text


class TestGuessMode:
    """HTML or text, by the content first."""

    @pytest.mark.parametrize(
        ("text", "media_type"),
        [
            ("", None),
            ("A plain article.\n\nSecond paragraph.", None),
            ("If x < 3 and y > 2 then a<b", None),
            ("Write to <jane@example.org> or see <https://example.org/>.", None),
            ("The <p> tag opens a paragraph, and </p> closes it. " * 3 + "Words. " * 200, None),
            ("<p> opens a paragraph.", None),
            ("x", "text/html"),
            ("How <b> and <i> differ from <em> and <strong>", "text/plain"),
            ("<p> is a tag. " + "Prose goes on and on. " * 40, "text/plain"),
            ("# Heading\n\ntext with <br> once", "text/markdown"),
        ],
    )
    def test_text_stays_text(self, text, media_type):
        """A text may quote a tag, or several."""
        assert guess_mode(text, media_type) is Mode.TEXT

    @pytest.mark.parametrize(
        ("text", "media_type"),
        [
            ("<!DOCTYPE html><p>x", None),
            ("\ufeff \n<HTML><p>x", None),
            ("<html", "text/plain"),
            ("<head><title>x", None),
            ("<body>x", None),
            ("<?xml version='1.0'?><html><p>x</p></html>", None),
            ("<!-- saved --><div>x</div>", None),
            ("<div><p>one</p><p>two</p></div>", None),
            ("<p>one</p><p>two</p>", "text/plain"),
            ("Words first, then <p>one</p><p>two</p>", None),
            ("words and one <b>tag", "text/html"),
            ("<x-y>z", "application/xhtml+xml"),
        ],
    )
    def test_html_is_seen(self, text, media_type):
        """By how it begins, or by tags all over it; the media type settles doubt."""
        assert guess_mode(text, media_type) is Mode.HTML

    @given(st.text(st.characters(), max_size=100), st.sampled_from([None, "text/html", "text/plain", "image/png", ""]))
    def test_any_text_is_one_of_both(self, text, media_type):
        """It never raises."""
        assert guess_mode(text, media_type) in Mode
