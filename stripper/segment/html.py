"""HTML pages: features, the model's answer, the decision, and the evidence for what went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import KEPT_KINDS, Kind, Segmentation
from stripper.deferred import Deferred
from stripper.segment.blas import one_thread
from stripper.segment.copies import find_copies, without_copies
from stripper.segment.decision import decide
from stripper.segment.evidence import Witness
from stripper.segment.features import features
from stripper.segment.network import load_model, run
from stripper.segment.policy import stays, verdict
from stripper.segment.templates import overrule, repeats, seen_by

if TYPE_CHECKING:
    from stripper.datatypes import Page, Reason, Verdict
    from stripper.options import Options
    from stripper.segment.decision import Decision
    from stripper.segment.templates import Overruled
    from stripper.sites import SiteProfile

_REVIEW = 0.65  # page confidence below which a person should look
_UNDECIDED = 0.15  # share of the kept words that are more likely junk, from which a person should look


def segment_html(page: Page, options: Options, profile: SiteProfile | None = None) -> Segmentation:
    """Return a verdict for every block of `page`, in order; `profile` tells what repeats on its site."""
    if not page.blocks:
        return Segmentation((), Deferred.made(()), needs_review=True)
    model = load_model(options.model)
    seen = features(page)
    with one_thread():
        answer = run(model, seen)
    decision = decide(answer, seen.words_per_block, model, options.favor)
    known = repeats(page, profile)
    overruled = overrule(page, decision, answer, known) if known else None
    decision = overruled.decision if overruled else decision
    words = seen.words_per_block
    copies = find_copies(page, decision, words)
    decision = without_copies(decision, copies)
    doubtful = float(words[decision.undecided].sum()) > _UNDECIDED * max(float(words[decision.keep].sum()), 1.0)
    confidence = round(decision.expected_f1, 3)
    review = confidence < _REVIEW or doubtful or not any(kind is Kind.CONTENT for kind in decision.kinds)
    return Segmentation(
        kept=tuple([stays(kind, options) for kind in decision.kinds]),
        deferred=Deferred(lambda: _verdicts(page, Witness(page, seen, decision, copies), decision, overruled, options)),
        page_type=decision.page_type,
        type_confidence=round(decision.type_confidence, 3),
        confidence=confidence,
        needs_review=review,
        profile=seen_by(profile, known),
    )


def _verdicts(
    page: Page, witness: Witness, decision: Decision, overruled: Overruled | None, options: Options
) -> tuple[Verdict, ...]:
    def reasons(index: int) -> tuple[Reason, ...]:
        others = witness.reasons(index)
        return overruled.reasons(index, others) if overruled else others

    return tuple(
        [
            verdict(block, kind, round(sure, 3), () if kind in KEPT_KINDS else reasons(block.index), options)
            for block, kind, sure in zip(page.blocks, decision.kinds, decision.sure.tolist(), strict=True)
        ]
    )
