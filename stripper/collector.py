"""Python's cycle collector kept out while many values are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector out: a page makes thousands of values and no cycle.

    Its runs took a third of a page's time, and more than half of a large record's. With threads it may come back a
    little early: nothing depends on it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
