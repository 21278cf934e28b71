"""Plain text that someone scraped carelessly: features, the model's answer, the decision, the evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import KEPT_KINDS, Segmentation
from stripper.deferred import Deferred
from stripper.segment.blas import one_thread
from stripper.segment.line_decision import decide_lines
from stripper.segment.line_evidence import LineWitness
from stripper.segment.line_network import load_line_model, run_lines
from stripper.segment.line_templates import overrule_lines
from stripper.segment.lines import lines
from stripper.segment.markdown import without_marks
from stripper.segment.policy import stays, verdict
from stripper.segment.templates import repeats, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stripper.datatypes import Page, Verdict
    from stripper.options import Options
    from stripper.segment.line_decision import LineDecision
    from stripper.segment.line_network import LineModel
    from stripper.segment.lines import LineFacts
    from stripper.segment.templates import Repeats
    from stripper.sites import SiteProfile

_REVIEW = 0.65  # page confidence below which a person should look
_UNDECIDED = 0.15  # share of the kept words that are more likely junk, from which a person should look
_SECTION = 8192  # blocks that are judged together: of a file of 50 MB, all at once would take gigabytes


class _Section(NamedTuple):
    """A part of a text, judged; its blocks count from 0."""

    page: Page
    seen: LineFacts
    decision: LineDecision
    known: Repeats | None

    @property
    def words(self) -> float:
        return float(self.seen.words.sum())

    @property
    def kept_words(self) -> float:
        return float(self.seen.words[self.decision.keep].sum())

    @property
    def undecided_words(self) -> float:
        return float(self.seen.words[self.decision.undecided].sum())


def segment_text(page: Page, options: Options, profile: SiteProfile | None = None) -> Segmentation:
    """Return a verdict for every block of a plain text, in order; `profile` tells what repeats on its site."""
    if not page.blocks:
        return Segmentation((), Deferred.made(()), needs_review=True)
    model = load_line_model(options.model)
    known = repeats(page, profile)
    sections = [_judged(part, its, model, options.favor) for part, its in _parts(page, known)]
    kinds = [kind for section in sections for kind in section.decision.kinds]
    doubtful = sum(s.undecided_words for s in sections) > _UNDECIDED * max(sum(s.kept_words for s in sections), 1.0)
    sure = sum(s.decision.expected_f1 * s.words for s in sections) / sum(s.words for s in sections)
    confidence = round(sure, 3)
    return Segmentation(
        kept=tuple([stays(kind, options) for kind in kinds]),
        deferred=Deferred(lambda: _verdicts(page, sections, options)),
        confidence=confidence,
        needs_review=confidence < _REVIEW or doubtful or not any(kind in KEPT_KINDS for kind in kinds),
        profile=seen_by(profile, known),
    )


def _parts(page: Page, known: Repeats | None) -> Iterator[tuple[Page, Repeats | None]]:
    """Yield a long text in parts, each a text of its own; any other as it is."""
    blocks = page.blocks
    if len(blocks) <= _SECTION:
        yield page, known
        return
    for first in range(0, len(blocks), _SECTION):
        mine = blocks[first : first + _SECTION]
        start = mine[0].span[0]
        own = tuple([b._replace(index=b.index - first, span=(b.span[0] - start, b.span[1] - start)) for b in mine])
        its = known._replace(counts=known.counts[first : first + _SECTION]) if known else None
        yield replace(page, text=page.text[start : mine[-1].span[1]], blocks=own), its


def _judged(page: Page, known: Repeats | None, model: LineModel, favor: str) -> _Section:
    seen = lines(without_marks(page))
    facts = seen.facts
    with one_thread():
        answer = run_lines(model, seen)
    if known:
        answer = overrule_lines(answer, facts.words, known)
    return _Section(page, facts, decide_lines(answer, facts, model.facts, favor), known)


def _verdicts(page: Page, sections: Sequence[_Section], options: Options) -> tuple[Verdict, ...]:
    out: list[Verdict] = []
    for section in sections:
        witness = LineWitness(section.page, section.seen, section.decision, section.known)
        blocks = page.blocks[len(out) : len(out) + len(section.page.blocks)]
        for at, (block, kind) in enumerate(zip(blocks, section.decision.kinds, strict=True)):
            why = () if kind in KEPT_KINDS else witness.reasons(at)
            out.append(verdict(block, kind, witness.sure[at], why, options))
    return tuple(out)
