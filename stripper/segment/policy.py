"""What becomes of a kind: content and title stay, junk goes, unless the caller's options say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import KEPT_KINDS, Reason, Verdict
from stripper.segment.rules import reason

if TYPE_CHECKING:
    from stripper.datatypes import Block, Kind
    from stripper.options import Options


def stays(kind: Kind, options: Options) -> bool:
    """Tell whether blocks of a kind are kept."""
    return kind not in options.drop if kind in KEPT_KINDS else kind in options.keep


def verdict(block: Block, kind: Kind, confidence: float, why: tuple[Reason, ...], options: Options) -> Verdict:
    """Return the verdict on a block; `why` are the reasons why its kind is junk."""
    kept = stays(kind, options)
    if kind in KEPT_KINDS:
        why = () if kept else (reason("policy", ()),)
    return Verdict(block, kind, confidence, why, kept)
