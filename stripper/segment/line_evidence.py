"""Why a line of a plain text went, in words a person can check against the text.

The model weighs hundreds of numbers; what it says is one reason (`model`). The others are the facts it saw: a cue
phrase, a cue line above, a place above the headline or below the last paragraph, a repeated text, a broken end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Kind
from stripper.segment.lexicon import load_lexicon
from stripper.segment.line_templates import apart_lines
from stripper.segment.markdown import without_marks
from stripper.segment.profile import SITE_RULE
from stripper.segment.rules import by_model, reason
from stripper.segment.wording import DATE, ELLIPSES, MATCH_WORDS, away

if TYPE_CHECKING:
    from stripper.datatypes import Page, Reason
    from stripper.segment.line_decision import LineDecision
    from stripper.segment.lines import LineFacts
    from stripper.segment.templates import Repeats

_CUE_CHARS = 160
_FEW_WORDS = 10
_PROSE_WORDS = 20  # of a kept block that is a paragraph
_QUOTED = 60  # characters of a line above that are quoted
_HEAD = 8  # blocks below the headline in which a date is a byline's
_OFF_TOPIC_WORDS = 6


class LineWitness:
    """What one text holds against its lines; looks each thing up once a text."""

    def __init__(self, page: Page, seen: LineFacts, decision: LineDecision, known: Repeats | None) -> None:
        """Keep the text's facts."""
        self._page = without_marks(page)  # phrases are quoted as they were found
        self.sure = [round(sure, 3) for sure in decision.sure.tolist()]
        self._seen, self._decision, self._known = seen, decision, known
        self._percent = (100 * decision.sure).round().astype(int).tolist()
        self._words = seen.words.tolist()
        self._strangers = seen.strangers.tolist()
        self._title = next((i for i, kind in enumerate(decision.kinds) if kind is Kind.TITLE), -1)
        keep = decision.keep.tolist()
        prose = [i for i, words in enumerate(self._words) if keep[i] and words >= _PROSE_WORDS]
        self._last_prose = prose[-1] if prose else -1
        self._apart = apart_lines(seen.words, known).tolist() if known else []
        first: dict[str, int] = {}
        self._first = [first.setdefault(block.text, block.index) for block in page.blocks]

    def reasons(self, index: int) -> tuple[Reason, ...]:
        """Return the reasons for removing a block, the model's own word first; at least one."""
        kind = self._decision.kinds[index]
        out = [by_model(self._percent[index], kind)]
        out += self._by_words(index, kind)
        out += self._by_place(index, kind)
        out += self._by_repetition(index)
        out += self._by_shape(index)
        return tuple(out)

    def _by_words(self, index: int, kind: Kind) -> list[Reason]:
        text = self._page.blocks[index].text
        cues = load_lexicon().cues(text) if len(text) <= _CUE_CHARS else ()
        out = [reason("phrase", (cue.phrase, MATCH_WORDS[cue.match])) for cue in cues if cue.kind is kind][:1]
        above = int(self._seen.announcer[index])
        if above >= 0:
            said = self._page.blocks[above].text
            kinds = {self._decision.kinds[above], *[cue.kind for cue in load_lexicon().cues(said)]}
            if kind in kinds:
                out.append(reason("introduced", (" ".join(said[:_QUOTED].split()), away(index - above))))
        return out

    def _by_place(self, index: int, kind: Kind) -> list[Reason]:
        if index < self._title:
            return [reason("before-title", ())]
        if index > self._last_prose >= 0:
            return [reason("tail", ())]
        near = 0 <= self._title < index <= self._title + _HEAD
        if near and kind is Kind.BYLINE and DATE.search(self._page.blocks[index].text):
            return [reason("date-line", ())]
        return []

    def _by_repetition(self, index: int) -> list[Reason]:
        out = []
        first = self._first[index]
        if first < index:
            out.append(
                reason("headline-again", ()) if first == self._title else reason("repeated", (away(index - first),))
            )
        if self._known and self._known.counts[index]:
            out.append(reason(SITE_RULE, (self._known.counts[index], self._known.pages)))
            if self._apart[index]:
                out.append(reason("apart", ()))
        return out

    def _by_shape(self, index: int) -> list[Reason]:
        out = []
        if self._words[index] < _FEW_WORDS:
            out.append(reason("short", (int(self._words[index]),)))
        if self._page.blocks[index].text.endswith(ELLIPSES):
            out.append(reason("ellipsis", ()))
        if self._words[index] >= _OFF_TOPIC_WORDS and self._strangers[index] and index > self._last_prose >= 0:
            out.append(reason("off-topic", ()))
        return out
