"""What single elements say: numbers and icons; hidden elements are in test_walk.py."""

from __future__ import annotations

import time

import pytest

from stripper.parse import parse_html
from stripper.parse.elements import integer


@pytest.mark.parametrize(
    ("written", "number"),
    [("7", 7), (" 7", 7), ("-7", -7), ("+7", 7), ("7.5", 7), ("7th", 7), ("", 3), (None, 3), ("x7", 3), ("٧", 3)],
)
def test_numbers_are_read_as_browsers_read_them(written, number):
    """Leading white space and a sign, then digits; what follows is no matter."""
    assert integer(written, 3) == number


@pytest.mark.parametrize(
    ("svg", "blocks"),
    [
        ("<svg><path/></svg>", ["a b"]),
        ("<svg>\n<g> <path/>\n</g><!-- no word --></svg>", ["a b"]),
        ("<svg><title>icon</title></svg>", ["a", "icon", "b"]),
        ("<svg><g><text>icon</text></g></svg>", ["a", "icon", "b"]),
        ("<svg>" + "<path/>" * 600 + "</svg>", ["a", "b"]),
    ],
)
def test_an_icon_has_no_words(svg, blocks):
    """With words it's a block of its own; a drawing of hundreds of shapes is no icon."""
    assert [block.text for block in parse_html(f"<p>a {svg} b<p>").blocks] == blocks


def test_svg_in_svg_takes_linear_time():
    """Each is looked into for a while only."""
    html = "<p>" + "<svg>a" * 500 + "<path/>" * 50_000
    start = time.process_time()
    parse_html(html)
    assert time.process_time() - start < 3
