"""The input of a labelled page: a file of its corpus, or a part of its labels."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from stripper.reading import DEFAULTS, read_file, read_stream

if TYPE_CHECKING:
    from stripper.datatypes import RawPage
    from stripper.evaluation.corpus import GoldPage
    from stripper.options import Options


def read_input(gold: GoldPage, options: Options = DEFAULTS) -> RawPage:
    """Return a labelled page's bytes under its own id and URL. Raises InputError."""
    if gold.data is None:
        raw = read_file(gold.path, options)
    else:
        raw = read_stream(BytesIO(gold.data), str(gold.path), options)
    return replace(raw, id=gold.id, url=gold.url)
