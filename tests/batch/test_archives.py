"""WARC and ARC: every page is found, damage costs what it hit, and is told."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections import Counter

import pytest
from backports import zstd

from stripper.batch.archives import Span, read_archive
from stripper.batch.forms import Form
from stripper.batch.items import Item
from stripper.batch.page import readable
from stripper.errors import TooLarge
from stripper.options import Options
from tests.batch.archive import answer, arc, page, record, records, response, zipped

MAX = 10_000_000
FORMS = ("warc", "warc.gz", "one.warc.gz", "warc.zst", "one.warc.zst", "dict.warc.zst", "arc", "arc.gz")


def written(folder, form, count=6):
    """An archive of that many pages in one of the forms."""
    parts = records(count)
    plain = arc(count) if "arc" in form and "warc" not in form else b"".join(parts)
    if form == "warc.gz":
        data = zipped(parts)
    elif form.endswith(".gz"):
        data = gzip.compress(plain)
    elif form == "warc.zst":
        data = b"".join(zstd.compress(part) for part in parts)
    elif form == "one.warc.zst":
        data = zstd.compress(plain)
    elif form == "dict.warc.zst":
        dictionary = zstd.train_dict(records(60), 4000)
        raw = dictionary.dict_content
        data = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw
        data += b"".join(zstd.compress(part, zstd_dict=dictionary) for part in parts)
    else:
        data = plain
    path = folder / f"x.{form}"
    path.write_bytes(data)
    return path


def read(path, **more):
    """The pages' bodies by id, and what was lost."""
    found = list(read_archive(str(path), ("x",), MAX, **more))
    pages = {item.id: readable(item, Options())[0].data for item in found if isinstance(item, Item)}
    return pages, [item for item in found if not isinstance(item, Item)]


def warcs(path):
    """What the records say of the WARC records they come from."""
    return [item.raw.warc or {} for item in read_archive(str(path), ("x",), MAX) if isinstance(item, Item)]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_every_page(tmp_path, form):
    """Compressed by record or as a whole, with or without a dictionary; each page has a name of its own."""
    pages, lost = read(written(tmp_path, form))
    assert list(pages.values()) == [page(number) for number in range(6)]
    assert lost == []


def test_what_holds_no_page_is_counted(tmp_path):
    """Requests, revisits, robots.txt, other statuses and types: no row each, but a number."""
    parts = [
        record("warcinfo", b"software: none\r\n"),
        record("request", b"GET / HTTP/1.1\r\n\r\n", 1),
        response(2),
        record("revisit", answer(3, body=b""), 3),
        record("response", answer(4), 4, {"WARC-Target-URI": "https://bank.example/robots.txt"}),
        response(5, status="404 Not Found"),
        response(6, status="301 Moved"),
        response(7, headers="Content-Type: image/png"),
        record("conversion", b"A text that somebody made of a page.", 8),
        record("response", b"192.0.2.1", 9, {"Content-Type": "text/dns"}),
    ]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(zipped(parts))
    counts: Counter[str] = Counter()
    pages, lost = read(path, tally=lambda _file, what: counts.update([what]))
    assert [*pages.values()] == [page(2), b"A text that somebody made of a page."]
    assert lost == []
    assert counts.pop("records") == 10
    assert counts.pop("pages") == 2
    assert counts == dict.fromkeys(
        ["warcinfo", "request", "revisit", "robots.txt", "status 404", "status 301", "type image/png", "type text/dns"],
        1,
    )


@pytest.mark.parametrize("form", ["warc", "warc.gz", "warc.zst"])
def test_damage_costs_what_it_hit(tmp_path, form):
    """60 bytes zeroed in the middle of a record: the others are there, and the gap is told by its offsets."""
    path = written(tmp_path, form, 20)
    whole, _ = read(path)
    offsets = [int(name.split("@")[1]) for name in whole]
    data = bytearray(path.read_bytes())
    data[offsets[10] + 15 : offsets[10] + 75] = bytes(60)
    path.write_bytes(data)
    pages, lost = read(path)
    assert {name: body for name, body in whole.items() if name != f"{path}@{offsets[10]}"} == pages
    (gap,) = lost
    assert (gap.error, gap.status) == ("DamagedArchive", "failed")
    assert (gap.stretch.offset, gap.stretch.end) == (offsets[10], offsets[11])


@pytest.mark.parametrize("form", ["warc", "warc.gz", "warc.zst", "arc"])
def test_a_cut_file_is_told(tmp_path, form):
    """Half a record is no page."""
    path = written(tmp_path, form, 5)
    whole, _ = read(path)
    path.write_bytes(path.read_bytes()[:-200])
    pages, lost = read(path)
    assert pages == dict(list(whole.items())[:-1])
    assert [item.error for item in lost] == ["DamagedArchive"]
    assert lost[0].stretch.end == path.stat().st_size


def test_a_length_that_swallows_the_next_record(tmp_path):
    """A wrong digest with a record inside: the inner one is read for itself."""
    parts = records(4)
    length = parts[1].split(b"Content-Length: ")[1].split(b"\r\n")[0]
    wrong = str(int(length) + len(parts[2])).encode()
    parts[1] = parts[1].replace(b"Content-Length: " + length, b"Content-Length: " + wrong, 1)
    path = tmp_path / "x.warc"
    path.write_bytes(b"".join(parts))
    pages, lost = read(path)
    assert list(pages.values()) == [page(0), page(2), page(3)]
    assert len(lost) == 1


def test_a_wrong_digest_is_told_in_the_record(tmp_path):
    """The page is there, flagged."""
    part = response(1).replace(b"otter", b"OTTER", 1)
    path = tmp_path / "x.warc"
    path.write_bytes(part + response(2))
    assert [told["digest_ok"] for told in warcs(path)] == [False, True]


def test_what_the_writer_cut_is_told(tmp_path):
    """WARC-Truncated and the payload's digest reach the record."""
    path = tmp_path / "x.warc"
    path.write_bytes(record("response", answer(1), 1, {"WARC-Truncated": "length"}))
    (told,) = warcs(path)
    assert told["truncated"] == "length"
    assert str(told["payload_digest"]).startswith("sha1:")


@pytest.mark.parametrize("form", ["warc", "warc.gz", "warc.zst"])
def test_disjoint_spans_give_the_whole(tmp_path, form):
    """Two workers on two ranges of offsets, wherever the border falls."""
    path = written(tmp_path, form, 12)
    whole, _ = read(path)
    size = path.stat().st_size
    dice = random.Random(3)  # noqa: S311 - the same borders
    for _ in range(10):
        border = dice.randrange(1, size)
        first, lost = read(path, span=Span(0, border))
        second, more = read(path, span=Span(border, None))
        assert not lost + more
        assert list((first | second).items()) == list(whole.items())
        assert not first.keys() & second.keys()


CODED = {
    "gzip": (gzip.compress, "Content-Encoding: gzip"),
    "deflate": (zlib.compress, "Content-Encoding: deflate"),
    "chunked": (lambda body: b"5\r\n" + body[:5] + b"\r\n%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked"),
    "chunked header, body as it was": (lambda body: body, "Transfer-Encoding: chunked"),
    "gzip header, body as it was": (lambda body: body, "Content-Encoding: gzip"),
    "gzip twice": (lambda body: gzip.compress(gzip.compress(body)), "Content-Encoding: gzip, gzip"),
}  # fmt: skip


@pytest.mark.parametrize("coding", CODED)
def test_codings_are_undone(tmp_path, coding):
    """As the header says, or not at all where the crawler had done it already."""
    code, headers = CODED[coding]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(zipped([response(1, body=code(page(1)), headers=headers)]))
    assert list(read(path)[0].values()) == [page(1)]


def test_a_bomb_in_a_record(tmp_path):
    """A page that unpacks to more than the limit is too large, and costs no memory."""
    bomb = gzip.compress(bytes(50_000_000))
    path = tmp_path / "x.warc.gz"
    path.write_bytes(zipped([response(1, body=bomb, headers="Content-Encoding: gzip")]))
    (item,) = read_archive(str(path), ("x",), MAX)
    assert isinstance(item, Item)
    with pytest.raises(TooLarge):
        readable(item, Options(max_bytes=MAX))


def test_a_record_over_the_limit(tmp_path):
    """It is passed over with a row, not read into memory."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(zipped([response(1, body=b"<p>" + bytes(20_000_000)), response(2)]))
    pages, lost = read(path)
    assert list(pages.values()) == [page(2)]
    assert [item.error for item in lost] == ["TooLarge"]


@pytest.mark.parametrize(
    "junk",
    [b"", b"no archive", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", bytes(range(7, 256)) * 12, b"WARC/1.0\r\n" * 9],
)
def test_what_is_no_archive(tmp_path, junk):
    """No exception, no endless loop."""
    for form in ("warc", "warc.gz", "arc", "warc.zst"):
        path = tmp_path / f"x.{form}"
        path.write_bytes(junk)
        pages, lost = read(path)
        assert not pages
        assert bool(lost) == bool(junk.strip())


def test_a_thousand_pages_damaged_and_cut(place):
    """One record lost for each damage, all in the manifest: 1,000 pages, 7 damages, the end cut off."""
    parts = records(1000)
    members = [gzip.compress(part, mtime=0) for part in parts]
    data = bytearray(b"".join(members))
    hit = [100, 230, 231, 400, 555, 800, 998]
    starts = [sum(map(len, members[:number])) for number in hit]
    for start in starts:
        data[start + 40 : start + 100] = bytes(60)
    path = place.write("crawl.warc.gz", bytes(data[: -len(members[-1]) // 2]))
    pages, lost = read(path)
    assert len(pages) == 1000 - len(hit) - 1
    # Neighbours that are both hit are one gap, and so is the last with the cut end.
    gaps = [(item.stretch.offset, item.stretch.end) for item in lost]
    assert all(any(first <= start < end for first, end in gaps) for start in starts)
    assert len(gaps) <= len(hit) + 1
    assert gaps[-1][1] == path.stat().st_size
    result = place.run(path, form=Form.JSONL)
    assert result.summary["ok"] == len(pages)
    assert result.summary["errors"] == {"DamagedArchive": len(gaps)}
    assert json.loads((place.out / "summary.json").read_text())["archives"][str(path)]["gaps"] == len(gaps)
