"""Laws 1 to 4 and 6 on generated pages, on every fixture, and on 200 labelled pages where they are present."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from stripper import Mode, StripperError, strip_html, strip_text
from stripper.datatypes import JUNK_KINDS, KEPT_KINDS
from stripper.errors import InputError
from stripper.options import Options
from stripper.parse import decode
from stripper.pipeline import strip_raw
from tests.conftest import CORPORA
from tests.laws import checks, oracle, pages
from tests.laws.strategies import ANY_BYTES, ANY_TEXT, SLOPPY_TEXT, SOUP, WELL_FORMED

FIXTURES = pages.paths(pages.FIXTURES)
SAMPLE = 200  # labelled pages


def strip(call, page, **arguments):
    """Strip a generated page; None where it has nothing to strip: that is an error of the input, and no other."""
    try:
        return call(page, **arguments)
    except InputError:
        return None


class TestGeneratedPages:
    """Pages nobody wrote."""

    @settings(max_examples=150)
    @given(WELL_FORMED)
    def test_a_well_formed_page_has_the_words_of_lxml(self, html):
        """Well-formed markup is read the same way by every parser: nothing of it is unseen."""
        page = strip_html(html)
        assert checks.violations(page) == []
        assert checks.unseen(page, oracle.lxml_tree(html)) == []

    @settings(max_examples=300)
    @given(SOUP)
    def test_tag_soup_has_the_words_of_an_html5_tree(self, html):
        """Unclosed, misnested and forbidden tags lose no word, join none and split none."""
        page = strip(strip_html, html)
        if page is not None:
            assert checks.violations(page) == []
            assert checks.unseen(page, oracle.html5_tree(checks.without_pairs(html))) == []

    @settings(max_examples=200)
    @given(ANY_BYTES)
    def test_any_bytes_are_a_page_or_an_error_of_the_input(self, data):
        """No bytes raise anything but an InputError of one line."""
        for mode in Mode:
            page = strip(strip_html if mode is Mode.HTML else strip_text, data)
            if page is not None:
                assert checks.violations(page) == []

    @settings(max_examples=200)
    @given(SLOPPY_TEXT)
    def test_sloppy_text_comes_back_character_for_character(self, text):
        """Whatever was removed, clean text and record are the input again."""
        page = strip(strip_text, text)
        if page is not None:
            assert checks.violations(page, checks.without_pairs(text)) == []

    @settings(max_examples=200)
    @given(ANY_TEXT)
    def test_any_text_comes_back_character_for_character(self, text):
        """The same for characters nobody expects, as text and as HTML."""
        page = strip(strip_text, text)
        if page is not None:
            assert checks.violations(page, checks.without_pairs(text)) == []
        page = strip(strip_html, text)
        if page is not None:
            assert checks.violations(page) == []

    @settings(max_examples=50)
    @given(SOUP, SLOPPY_TEXT)
    def test_the_laws_hold_under_every_policy(self, html, text):
        """Keeping all junk, or dropping all content, moves blocks between text and record and loses none."""
        for options in (Options(keep=JUNK_KINDS), Options(drop=KEPT_KINDS), Options(drop=KEPT_KINDS, keep=JUNK_KINDS)):
            for page in (strip(strip_html, html, options=options), strip(strip_text, text, options=options)):
                if page is not None:
                    assert checks.violations(page) == []
                    assert all(v.kept == (v.kind in options.keep | (KEPT_KINDS - options.drop)) for v in page.verdicts)


class TestFixtures:
    """Pages written for this project."""

    def test_there_are_fixtures(self):
        """An empty folder would pass everything below."""
        assert len(FIXTURES) >= 24

    @pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
    def test_every_fixture_keeps_the_laws(self, path):
        """Laws 1, 2, 3, 4 and 6."""
        assert broken(path) == []


@pytest.mark.shared
class TestLabelledPages:
    """Pages of the labelled corpora, a fixed sample; `make laws` asks all of them."""

    @pytest.mark.parametrize("corpus", ["wcxb-dev", "traf-dev", "kinds-dev", "text-dev"])
    def test_a_sample_keeps_the_laws(self, corpus):
        """Laws 1, 2, 3, 4 and 6 on real pages."""
        found = pages.paths(CORPORA / corpus)
        sample = random.Random(corpus).sample(found, min(SAMPLE // 4, len(found)))  # noqa: S311 - a fixed sample
        assert len(sample) == SAMPLE // 4
        assert {path.name: said for path in sample if (said := broken(path))} == {}


def broken(path):
    """What a page on disk breaks."""
    raw, mode = pages.read(path), pages.mode(path)
    try:
        decoded = decode(raw, Options().max_bytes).text
    except StripperError:
        return []
    page = strip_raw(raw, as_=mode)
    return checks.violations(page, decoded) + (checks.law_3(page, decoded) if mode is Mode.HTML else [])
