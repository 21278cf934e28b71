"""Dates and distances."""

from __future__ import annotations

import pytest

from stripper.segment.wording import DATE, away


@pytest.mark.parametrize("text", ["Chapter 12", "12345", "1 : 2", "20 20", "ago", "5 minutes", "3.14"])
def test_numbers_that_are_no_dates(text):
    """A year has four digits and begins with 19 or 20."""
    assert not DATE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "4 March 2024",
        "04.03.24",
        "3/4/2024",
        "2024-03-04",
        "at 10:45",
        "5 min read",
        "2 days ago",
        "2024年3月4日",
        "in 1914",
    ],
)
def test_dates_and_ages(text):
    """As bylines write them."""
    assert DATE.search(text)


@pytest.mark.parametrize(("distance", "words"), [(1, "1 block"), (2, "2 blocks")])
def test_distances(distance, words):
    """In words."""
    assert away(distance) == words
