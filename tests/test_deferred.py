"""A deferred value is made when asked for, once, and is then as good as a plain one."""

from __future__ import annotations

import pickle

from stripper.deferred import Deferred


def test_nothing_is_made_before_somebody_asks():
    """What most callers never look at costs them nothing."""
    seen: set[str] = set()
    value = Deferred(lambda: len(seen))
    seen.add("what came after")
    assert value.get() == 1


def test_it_is_made_once():
    """Asked twice, it gives the same object."""
    value = Deferred(lambda: ["a"])
    assert value.get() is value.get()


def test_a_value_that_is_there_needs_no_maker():
    """`made` is for who has the value already."""
    assert Deferred.made((1, 2)).get() == (1, 2)


def test_it_compares_and_hashes_as_its_value():
    """Nobody can tell when the value was made."""
    assert Deferred(lambda: "a") == Deferred.made("a")
    assert Deferred(lambda: "a") != Deferred.made("b")
    assert Deferred.made("a") != "a"
    assert len({Deferred(lambda: "a"), Deferred.made("a")}) == 1


def test_it_crosses_to_another_process_as_its_value():
    """What makes it may be no thing to pickle; the value is."""
    assert pickle.loads(pickle.dumps(Deferred(lambda: "a"))) == Deferred.made("a")  # noqa: S301 - our own bytes
