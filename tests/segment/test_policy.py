"""The caller's options have the last word on what stays."""

from __future__ import annotations

import pytest

from stripper.datatypes import Block, Kind, Reason
from stripper.options import Options
from stripper.segment.policy import stays, verdict

BLOCK = Block(0, "words", (0, 5))
WHY = (Reason("model", "by hand"),)


@pytest.mark.parametrize("kind", Kind)
def test_content_and_title_stay_and_all_else_goes(kind):
    """By default."""
    assert stays(kind, Options()) is (kind in (Kind.CONTENT, Kind.TITLE))


def test_kinds_can_be_kept_and_dropped():
    """Each alone: the others are as before."""
    options = Options(keep=frozenset({Kind.COMMENTS}), drop=frozenset({Kind.TITLE}))
    assert [stays(kind, options) for kind in (Kind.CONTENT, Kind.COMMENTS, Kind.TITLE, Kind.RELATED)] == [
        *(True, True, False, False)
    ]


@pytest.mark.parametrize(
    ("kind", "options", "kept", "rules"),
    [
        (Kind.CONTENT, Options(), True, []),
        (Kind.RELATED, Options(), False, ["model"]),
        (Kind.RELATED, Options(keep=frozenset({Kind.RELATED})), True, ["model"]),
        (Kind.TITLE, Options(drop=frozenset({Kind.TITLE})), False, ["policy"]),
    ],
)
def test_every_removed_block_has_a_reason(kind, options, kept, rules):
    """Content that the options drop says so; junk that they keep still says what it is."""
    judged = verdict(BLOCK, kind, 0.9, () if kind in (Kind.CONTENT, Kind.TITLE) else WHY, options)
    assert (judged.kept, judged.kind, judged.confidence) == (kept, kind, 0.9)
    assert [reason.rule for reason in judged.reasons] == rules
