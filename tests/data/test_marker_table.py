"""The marker table is as its README says: sorted, unique, of known kinds and attributes, and every row fires."""

from __future__ import annotations

from importlib import resources

from stripper.datatypes import Kind
from stripper.segment.markers import ATTRS, MATCHES, MarkerTable, parts, read_markers

ROWS = read_markers()


def element(attr: str, value: str) -> dict[str, str | None]:
    """The attributes of an element that carries a value."""
    if attr == "data":
        name, _, setting = value.partition("=")
        return {name: setting or "x"}
    return {attr: value}


def test_the_table_is_well_formed():
    """A header, sorted rows of five fields, one final line end."""
    header, *rows, last = resources.files("stripper.data").joinpath("markers.tsv").read_text("utf-8").split("\n")
    assert (header, last) == ("kind\tattr\ttoken\tmatch\tweight", "")
    assert rows == sorted(set(rows))
    assert len(rows) == len(ROWS) > 800


def test_rows_are_lower_case_and_known():
    """A known kind, attribute and match; a weight in two decimals; tokens as lookups spell them."""
    for row in ROWS:
        assert row.kind in Kind
        assert row.attr in ATTRS, row
        assert row.match in MATCHES, row
        assert 0.4 <= row.weight <= 1, row
        assert row.token == row.token.lower().strip(), row
        assert row.match != "contains" or row.token == "-".join(parts(row.token)), row
        assert row.match != "prefix" or len(row.token) >= 3, row


def test_no_token_has_two_rows():
    """One attribute, token and match: one kind."""
    keys = [(row.attr, row.token, row.match) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_every_row_fires():
    """Alone, each marker is found on an element that carries it."""
    tails = {"exact": "", "prefix": "x1", "contains": ""}
    silent = [
        row for row in ROWS if row not in MarkerTable([row]).of("div", element(row.attr, row.token + tails[row.match]))
    ]
    assert silent == []


def test_no_junk_marker_is_on_the_list_of_wrappers():
    """Words that hold whole articles on many sites are no markers at all."""
    wrappers = ("hero", "banner", "widget", "hidden", "overlay", "modal", "teaser", "collapse", "accordion", "rating")
    assert [row for row in ROWS if row.attr in ("class", "id") and row.token in wrappers] == []
