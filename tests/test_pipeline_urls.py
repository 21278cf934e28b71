"""URLs through the whole pipeline: fetched together, rendered where they are empty, one outcome each."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from stripper import Failure, Options, RawPage, Stripped, strip_many, strip_url
from stripper.options import FetchOptions
from stripper.write import schema
from tests.cli.conftest import PAGE, SENTENCE
from tests.fetch.servers import Site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTML: dict[str, Any] = {"Content_Type": "text/html; charset=utf-8"}
needs_chromium = pytest.mark.skipif(
    shutil.which("chromium") is None or importlib.util.find_spec("playwright") is None,
    reason="needs chromium and the extra `render`",
)
APP = b"<!doctype html><html lang=en><title>App</title><nav><a href=/>Home</a></nav><div id=root></div>%s"
SCRIPT = b"<script>root.innerHTML = '<article><h1>By script</h1>' + '<p>%s</p>'.repeat(4) + '</article>'</script>"


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of its own for one test."""
    with serving() as site:
        yield site


def local(**fetching: Any) -> Options:
    """Options for servers on this machine, without pauses."""
    return Options(fetch=FetchOptions(**{"allow_private": True, "delay": 0, "tries": 1} | fetching))


@pytest.mark.parametrize("jobs", [1, 2])
def test_urls_of_a_run_share_one_fetcher(site: Site, tmp_path: Path, jobs: int) -> None:
    """robots.txt is asked for once, one connection is used, outcomes keep their order, whatever the processes."""
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    urls = [site.page(f"/{n}", PAGE.encode(), **HTML) for n in range(4)]
    sources: list[Any] = [*urls[:2], tmp_path / "a.html", urls[2], site.base + "/missing", urls[3]]
    outcomes = list(strip_many(sources, options=local(), jobs=jobs))
    assert [type(outcome) for outcome in outcomes] == [Stripped] * 4 + [Failure, Stripped]
    assert all(SENTENCE in outcome.text for outcome in outcomes if isinstance(outcome, Stripped))
    assert (site.asked("/robots.txt"), site.connections) == (1, 1)


def test_records_of_fetched_pages_and_failures_obey_the_schema(site: Site) -> None:
    """With the part on fetching."""
    import jsonschema

    urls = [site.page("/a", PAGE.encode(), **HTML), site.base + "/missing", "http://127.0.0.1:1/", "http://[::1"]
    for outcome in strip_many(urls, options=local()):
        record = outcome.record()
        jsonschema.validate(record, schema())
    assert record["source"] == {"id": "http://[::1", "url": "http://[::1"}  # nothing was sent


def test_options_of_fetching_do_not_change_a_records_options(site: Site) -> None:
    """They tell nothing about the split, and may hold a password; what matters of them is in `fetched`."""
    url = site.page("/a", PAGE.encode(), **HTML)
    page = strip_url(url, options=local(headers=(("Authorization", "secret"),)))
    assert page.record()["stripper"]["options"] == {}
    assert "secret" not in str(page.record())


@needs_chromium
def test_auto_renders_pages_that_are_empty_without_their_scripts(site: Site) -> None:
    """An app's shell is run in the browser; an article, a page without scripts and a text are not."""
    shell = site.page("/app", APP % (SCRIPT % SENTENCE.encode()), **HTML)
    article = site.page("/article", PAGE.encode() + b"<script>document.body.textContent = 'gone'</script>", **HTML)
    bare = site.page("/bare", b"<!doctype html><p>Closed today.", **HTML)
    outcomes = list(strip_many([shell, article, bare], options=local(render="auto")))
    assert [o.source.fetched["rendered"] for o in outcomes if isinstance(o, Stripped)] == [True, False, False]  # type: ignore[index]
    assert SENTENCE in outcomes[0].text  # type: ignore[union-attr]
    assert SENTENCE in outcomes[1].text  # type: ignore[union-attr]
    assert SENTENCE not in strip_url(shell, options=local()).text
    assert SENTENCE in strip_url(shell, options=local(render="auto")).text


def test_auto_keeps_the_page_where_no_browser_starts(site: Site) -> None:
    """What was fetched is stripped, and the record says why it is as it is."""
    url = site.page("/app", APP % (SCRIPT % SENTENCE.encode()), **HTML)
    (page,) = strip_many([url], options=local(render="auto", browser="/nonexistent/browser"))
    assert isinstance(page, Stripped)
    assert page.source.fetched is not None
    assert "/nonexistent/browser does not start" in page.source.fetched["render_error"]


def test_an_archive_gives_the_same_result_without_the_network(site: Site, tmp_path: Path) -> None:
    """What --save-warc kept, coded as it came, is stripped to the same text and digest."""
    import gzip

    from fastwarc.warc import ArchiveIterator, WarcRecordType

    url = site.page("/a", gzip.compress(PAGE.encode()), Content_Encoding="gzip", **HTML)
    fresh = strip_url(url, options=local(warc=str(tmp_path / "x.warc.gz"), robots=False))
    with (tmp_path / "x.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, auto_decode="content"):
            raw = RawPage(record.headers["WARC-Target-URI"], record.reader.read(), url, "text/html", "utf-8")
            (again,) = strip_many([raw])
            assert isinstance(again, Stripped)
            assert (again.text, again.source.sha256) == (fresh.text, fresh.source.sha256)
