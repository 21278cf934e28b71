"""What becomes of a kind: content and title stay, junk goes, unless the caller's options say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import KEPT_KINDS, Reason, Verdict
from stripper.segment.rules import reason

if TYPE_CHECKING:
    from stripper.datatypes import Block, Kind
    from stripper.options import Options


def verdict(block: Block, kind: Kind, confidence: float, why: tuple[Reason, ...], options: Options) -> Verdict:
    """Return the verdict on a block; `why` are the reasons why its kind is junk."""
    if kind not in KEPT_KINDS:
        return Verdict(block, kind, confidence, why, kind in options.keep)
    if kind in options.drop:
        return Verdict(block, kind, confidence, (reason("policy", ()),), kept=False)
    return Verdict(block, kind, confidence, (), kept=True)
