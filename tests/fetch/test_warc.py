"""Saving what was fetched: a WARC file from which every result can be made again."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as OtherReader

from stripper import errors
from stripper.fetch.fetcher import Fetcher
from stripper.fetch.warc import Archive
from stripper.options import FetchOptions, Options

if TYPE_CHECKING:
    from tests.fetch.servers import Site

HTML = b"<!doctype html><p>Hello, reader.</p>"


def archived(path: Path, **fetching: Any) -> Options:
    """Options that save."""
    defaults: dict[str, Any] = {"allow_private": True, "delay": 0, "tries": 1, "warc": str(path)}
    return Options(fetch=FetchOptions(**defaults | fetching))


@pytest.mark.parametrize("name", ["out.warc", "out.warc.gz"])
def test_pages_redirects_and_failures_are_kept(site: Site, tmp_path: Path, name: str) -> None:
    """Two readers find what came, in order, with its headers and coded body, and digests that hold."""
    site.page("/a", b"moved", 302, Location="/b")
    coded = gzip.compress(HTML)
    site.page("/b", coded, Content_Type="text/html", Content_Encoding="gzip")
    with Fetcher(archived(tmp_path / name)) as fetcher:
        list(fetcher.fetch_many([site.base + "/a", site.base + "/missing"]))
    found = []
    with (tmp_path / name).open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False):
            assert record.verify_block_digest()
            assert record.headers["WARC-IP-Address"] == "127.0.0.1"
            record.parse_http()
            path = record.headers["WARC-Target-URI"].removeprefix(site.base)
            found.append((path, record.http_headers.status_code, record.reader.read()))
    assert sorted(found) == [
        ("/a", 302, b"moved"),
        ("/b", 200, coded),
        ("/missing", 404, b"no such page"),
        ("/robots.txt", 404, b"no such page"),
    ]
    with (tmp_path / name).open("rb") as file:
        kinds = [
            (record.rec_type, record.http_headers and record.http_headers.get_statuscode())
            for record in OtherReader(file)
        ]
    assert kinds[0] == ("warcinfo", None)
    assert [kind for kind, _ in kinds[1:]] == ["response", "request"] * 4


def test_chunked_bodies_are_kept_without_their_chunks(site: Site, tmp_path: Path) -> None:
    """A reader must not undo what is undone."""

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML))

    site.answers["/a"] = answer
    with Fetcher(archived(tmp_path / "x.warc", robots=False)) as fetcher:
        fetcher.fetch(site.base + "/a")
    found = []
    with (tmp_path / "x.warc").open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            assert "transfer-encoding" not in {name.lower() for name, _ in record.http_headers}
            found.append(record.reader.read())
    assert found == [HTML]


def test_passwords_are_not_kept(site: Site, tmp_path: Path) -> None:
    """The request is there, its credentials are not."""
    options = archived(tmp_path / "x.warc", headers=(("Authorization", "secret"), ("Cookie", "secret"), ("X-Y", "z")))
    with Fetcher(options) as fetcher:
        fetcher.fetch(site.page("/a", HTML))
    data = (tmp_path / "x.warc").read_bytes()
    assert b"secret" not in data
    assert b"X-Y: z" in data


def test_an_existing_file_is_not_touched(tmp_path: Path) -> None:
    """Wrong usage, and the file stays as it was; a folder that is missing is named too."""
    path = tmp_path / "x.warc"
    path.write_bytes(b"mine")
    with pytest.raises(errors.UsageError, match=r"x\.warc exists"):
        Fetcher(archived(path))
    assert path.read_bytes() == b"mine"
    with pytest.raises(errors.UsageError, match="No such file"):
        Fetcher(archived(tmp_path / "no" / "x.warc"))


def test_a_run_that_cannot_begin_leaves_no_archive(tmp_path: Path) -> None:
    """The same command, corrected, works."""
    with pytest.raises(errors.UsageError, match="ca_file"):
        Fetcher(archived(tmp_path / "x.warc", ca_file="/nonexistent"))
    assert not (tmp_path / "x.warc").exists()


def test_what_the_cache_gives_is_kept_too(site: Site, tmp_path: Path) -> None:
    """The archive alone makes the result again, wherever a page came from."""
    url = site.page("/a", HTML, Content_Type="text/html", Cache_Control="max-age=900")
    for name in ("1.warc", "2.warc"):
        with Fetcher(archived(tmp_path / name, cache=str(tmp_path / "cache"), robots=False)) as fetcher:
            fetcher.fetch(url)
    assert site.asked("/a") == 1
    with (tmp_path / "2.warc").open("rb") as file:
        found = [record.reader.read() for record in ArchiveIterator(file, record_types=WarcRecordType.response)]
    assert found == [HTML]


def test_a_full_disk_stops_the_run(site: Site) -> None:
    """It's no page's fault, and going on would leave an archive with holes."""
    urls = [site.page(f"/{n}", HTML) for n in range(3)]
    archive = Archive(Path("/dev/full").open("wb", buffering=0), compressed=False)  # noqa: SIM115 - closed below
    with Fetcher(Options(fetch=FetchOptions(allow_private=True, delay=0, robots=False))) as fetcher:
        fetcher._crawler._archive = archive
        with pytest.raises(errors.OutputError, match="warc: /dev/full: No space left"):
            list(fetcher.fetch_many(urls))
