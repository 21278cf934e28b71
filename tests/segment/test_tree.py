"""What the tree tells of a block: where its link leads, how regular its boxes are, how far the headline is."""

from __future__ import annotations

import numpy as np
import pytest

from stripper.parse import parse_html
from stripper.segment.containers import containers
from stripper.segment.features import last_headings
from stripper.segment.measures import measure_blocks
from stripper.segment.tree import tree_features


def seen(html, url=None):
    """The columns of a page's blocks."""
    page = parse_html(html, url=url)
    boxes = containers(page.outline, [block.element for block in page.blocks])
    return tree_features(page, boxes, measure_blocks(page), last_headings(page))


@pytest.mark.parametrize(
    ("href", "column"),
    [
        ("", None),
        ("/about", None),
        ("https://example.org/about", None),
        ("https://www.example.org/about", None),
        ("#top", 0),
        ("https://other.test/", 1),
        ("//other.test/", 1),
        ("mailto:a@example.org", 2),
        ("tel:12345", 2),
        ("#", 3),
        ("javascript:void(0)", 3),
    ],
)
def test_where_a_link_leads(href, column):
    """Inside the page, to another site, to a person, to a script; the page's own host is known by its URL."""
    columns = seen(f"<p><a href='{href}'>link</a>", "https://www.example.org/a")[0, :4]
    assert np.flatnonzero(columns).tolist() == ([] if column is None else [column])


def test_without_a_url_every_host_is_another():
    """Nobody knows which one the page is from."""
    assert seen("<p><a href=https://example.org/>link</a>")[0, :4].tolist() == [0, 1, 0, 0]


def test_equal_blocks_in_equal_places_look_equal():
    """Two lists of the same make differ in no column but those of place and of what is around them."""
    html = "<ul class=menu>" + "<li>one two</li>" * 4 + "</ul>"
    columns = seen(html)
    path = columns[:, -15:-7]  # how often the path repeats, mean words, links, share of the prose; the same a level up
    assert (path == path[0]).all()
    assert path[0, 0] == pytest.approx(np.log(4) / 4)
    assert path[0, 1] == pytest.approx(np.log1p(2) / 3)


def test_the_way_from_the_headline():
    """Before it, at it, behind it; of two headlines the one that is more like the title."""
    columns = seen("<title>Old bridge mended</title><p>menu<h1>Old bridge mended<p>text<h2>Other news")[:, -4:]
    assert columns[:, 1].tolist() == [0, 1, 0, 0]
    assert columns[:, 2].tolist() == [1, 0, 0, 0]
    assert columns[0, 0] < columns[1, 0] == 0 < columns[2, 0] < columns[3, 0]
    assert seen("<p>one<p>two")[:, -4:].tolist() == [[0, 0, 0, 1]] * 2


def test_every_page_has_the_same_columns():
    """Whatever stands on it."""
    pages = ["<p>x", "<table><tr><td>a<td>b</table>", "<h1>x</h1>" * 30, "<div>" * 300 + "x"]
    assert len({seen(html).shape[1] for html in pages}) == 1
    assert all(np.isfinite(seen(html)).all() for html in pages)
