"""The phrase tables are as their README says: folded, sorted, unique, of known kinds, and every row fires."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

import pytest

from stripper.datatypes import JUNK_KINDS, Kind
from stripper.segment.lexicon import MATCHES, MAX_EXACT_CHARS, Cue, Lexicon, fold, load_lexicon, read_phrases, trim

TABLES = sorted(path.name for path in resources.files("stripper.data").joinpath("phrases").iterdir())
ROWS = read_phrases()
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


def lines(table: str) -> list[str]:
    """The lines of a table."""
    return resources.files("stripper.data").joinpath("phrases", table).read_text("utf-8").split("\n")


def test_there_are_tables():
    """A glob that finds nothing would make all tests below pass."""
    assert len(TABLES) > 20
    assert len(ROWS) > 5000


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_well_formed(table):
    """A kind of junk for a name, a header, rows sorted by phrase and match, one final line end."""
    assert Kind(table.removesuffix(".tsv")) in JUNK_KINDS
    header, *rows, last = lines(table)
    assert (header, last) == ("lang\tmatch\tphrase", "")
    keys = [(row.split("\t")[2], row.split("\t")[1]) for row in rows]
    assert keys == sorted(set(keys)), "rows are sorted by phrase, then match, and unique"
    assert all(row.count("\t") == 2 and row == row.strip() for row in rows)


def test_rows_are_folded():
    """A phrase is written as lookups spell it; the message shows the right spelling."""
    right = {row: trim(fold(row.phrase)) if row.match == "exact" else fold(row.phrase) for row in ROWS}
    assert {row.phrase: phrase for row, phrase in right.items() if phrase != row.phrase} == {}


def test_rows_have_known_matches_and_languages():
    """ISO codes, sorted; a match that the lexicon knows; a length that it reads."""
    for row in ROWS:
        assert row.match in MATCHES, row
        languages = row.lang.split(",")
        assert languages == sorted(set(languages)), row
        assert all(LANGUAGE.fullmatch(language) for language in languages), row
        assert 1 <= len(row.phrase) <= MAX_EXACT_CHARS, row


def test_no_phrase_has_two_kinds_for_one_match():
    """Which kind a text has must not depend on the order of files."""
    counts = Counter((row.match, row.phrase) for row in ROWS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_row_fires():
    """Alone, each phrase is found in itself."""
    silent = [row for row in ROWS if Cue(row.kind, row.phrase, row.match) not in Lexicon([row]).cues(row.phrase)]
    assert silent == []


def test_a_row_is_hidden_by_an_exact_one_only():
    """Together, each phrase is found in itself unless the whole text is another row."""
    for row in ROWS:
        cues = load_lexicon().cues(row.phrase)
        assert Cue(row.kind, row.phrase, row.match) in cues or cues[0].match == "exact", row


def test_no_table_names_a_site():
    """Facts about interfaces, not about pages: no address, and no domain of a site that has pages of its own."""
    named = [row.phrase for row in ROWS if re.search(r"https?:|www\.|\.(?:com|net|de|co\.uk)\b", row.phrase)]
    assert named == []
