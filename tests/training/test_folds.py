"""Folds by host: what is learned of a site never judges it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.training.folds import fold_of, host_of

if TYPE_CHECKING:
    from stripper.training.dataset import Example


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/a/b?c=//d", "example.org"),
        ("http://example.org", "example.org"),
        ("//EXAMPLE.org:8080/a", "example.org"),
        ("https://user@blog.example.org/", "example.org"),
        ("https://a.b.wordpress.com/x", "wordpress.com"),
        ("https://news.example.co.uk/x", "example.co.uk"),
        ("https://www.example.com.br", "example.com.br"),
        ("https://www.ard.de/", "ard.de"),
        ("https://localhost/x", "localhost"),
        ("", "0042"),
        (None, "0042"),
    ],
)
def test_the_registered_domain(url: str | None, host: str) -> None:
    """Subdomains of one site are held out together; a page without URL stands for itself."""
    assert host_of(url, "0042") == host


@given(st.from_regex(r"[a-z]{4,9}\.(org|com|co\.uk)", fullmatch=True), st.integers(2, 9))
def test_a_fold_never_splits_a_host(host: str, folds: int) -> None:
    """Every page of a host is in one fold, whatever the subdomain, scheme and path."""
    urls = (f"http://{host}", f"https://www.{host}/a", f"https://{host}:8080/b?c", f"//{host}/#d")
    assert len({fold_of(host_of(url, "x"), folds) for url in urls}) == 1


@pytest.mark.parametrize("folds", [2, 5])
def test_hosts_spread_over_the_folds(folds: int) -> None:
    """About as many in each, and the same ones in every run."""
    held_out: defaultdict[int, int] = defaultdict(int)
    for number in range(1000):
        held_out[fold_of(f"site-{number}.example", folds)] += 1
    assert sorted(held_out) == list(range(folds))
    assert min(held_out.values()) > 800 / folds
    assert fold_of("example.org", 5) == 2


def test_examples_carry_their_host(examples: tuple[Example, ...]) -> None:
    """The dataset names it as the folds want it."""
    assert {example.host for example in examples} == {host_of(f"http://{example.host}", "x") for example in examples}
    assert examples[0].host == "aside-article-it.example"
