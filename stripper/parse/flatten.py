"""Nesting capped in the markup itself: tags that open too deep are left out, their text stays.

Reads tags as the HTML standard does (quoted attributes, comments of every shape, scripts inside comments inside
scripts, svg and math with rules of their own): a page that could hide its depth from this reading would hang the
parser. Where the standard's tree needs more than a stack of tags, the count here errs upwards.
"""

from __future__ import annotations

import re

MAX_DEPTH = 512
MAX_FORMATTING = 16  # unclosed <b>, <font> …: each later paragraph opens all of them again

_WS = r" \t\n\f\r"
# Behind a tag's name: attributes, quoted or not, up to ">". A "=" where a name should begin is part of the name, so
# no quote opens behind it. Possessive: there is one way to read a tag.
_ATTRIBUTES = (
    rf"(?:[{_WS}/]++"
    rf"|[^{_WS}/>][^{_WS}/>=]*+"
    rf"""(?:[{_WS}]*+=[{_WS}]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^{_WS}>"'][^{_WS}>]*+)?)?)*+>?"""
)
_COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"
_BOGUS = r"|<[!?][^>]*+>?|</[^a-zA-Z][^>]*+>?"
_TAG = rf"|<(?P<end>/?)(?P<tag>[a-zA-Z][^{_WS}/>]*+){_ATTRIBUTES}"
_TOKEN = re.compile(_COMMENT + _BOGUS + _TAG, re.DOTALL)
_FOREIGN_TOKEN = re.compile(_COMMENT + r"|<!\[CDATA\[.*?(?:\]\]>|\Z)" + _BOGUS + _TAG, re.DOTALL)
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[{_WS}/>])", re.IGNORECASE)
    for name in ("style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
_IN_SCRIPT = re.compile(rf"<!--|-->|<(?P<end>/?)script(?=[{_WS}/>])", re.IGNORECASE)

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# Their end tag is optional: a thousand of them in a row are siblings, not a thousand levels.
IMPLIED = frozenset(
    ["p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup"]
)
# Not "a": links never pile up.
FORMATTING = frozenset(["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_REACH = 64  # how far up an end tag looks for its start: bounded, or unmatched ends cost n each
_FOREIGN = frozenset(("svg", "math"))
# Inside svg or math, HTML again.
_POINTS = frozenset(("foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml"))
_BORDERS = _FOREIGN | _POINTS
# HTML's own tags end svg and math.
_BREAKING = frozenset(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta "
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
# No end tag but their own reaches what is around them.
_BARRIERS = frozenset(("applet", "caption", "marquee", "object", "select", "table", "template"))
# No end tag of an element that isn't among them reaches over them.
_SPECIAL = _BARRIERS | frozenset(
    "address article aside blockquote body button center details dir div dl fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup html iframe listing main menu nav noscript ol pre search section "
    "summary ul".split()
)


class _Depth:
    """The open tags while tags are read in order."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.borders: list[int] = []  # where in `open` svg, math and HTML inside them begin
        self.formatting = 0
        self.dropped: dict[str, int] = {}  # tag -> start tags left out whose end tags are still to come
        self.deep = self.formatted = False  # which cap was met

    @property
    def foreign(self) -> bool:
        """Whether the next tag stands in svg or math."""
        return bool(self.borders) and self.open[self.borders[-1]] in _FOREIGN

    def keeps_start(self, tag: str) -> bool:
        if tag == "a":
            self.end("a")  # a link that begins ends the one before
        deep = len(self.open) >= MAX_DEPTH
        if deep or (tag in FORMATTING and self.formatting >= MAX_FORMATTING):
            self.deep, self.formatted = self.deep or deep, self.formatted or not deep
            self.dropped[tag] = self.dropped.get(tag, 0) + 1
            return False
        if tag in _BORDERS and (tag in _FOREIGN or self.foreign):
            self.borders.append(len(self.open))
        self.open.append(tag)
        self.formatting += tag in FORMATTING
        return True

    def keeps_end(self, tag: str) -> bool:
        if self.dropped.get(tag):
            self.dropped[tag] -= 1
            return False
        self.end(tag)
        return True

    def end(self, tag: str) -> None:
        """Close the innermost `tag`, where there is one in reach."""
        at = self._start_of(tag)
        if at >= 0 and (tag in FORMATTING or tag == "a"):
            # What is open inside stays open, wherever it was begun.
            del self.open[at]
            self.borders = [border - (border > at) for border in self.borders]
            self.formatting -= tag in FORMATTING
        elif at >= 0:
            self.cut(at)

    def cut(self, at: int) -> None:
        """Close all from the place `at` in `open` on."""
        self.formatting -= sum([tag in FORMATTING for tag in self.open[at:]])
        del self.open[at:]
        while self.borders and self.borders[-1] >= at:
            self.borders.pop()

    def break_out(self) -> None:
        """Close svg or math, in which the next tag can't stand."""
        while self.foreign:
            self.cut(self.borders[-1])

    def _start_of(self, tag: str) -> int:
        stops = _BARRIERS if tag in _SPECIAL or tag in FORMATTING or tag == "a" else _SPECIAL
        for at in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _REACH), -1):
            if self.open[at] == tag:
                return at
            if self.open[at] in stops:
                break
        return -1


def flattened(html: str) -> tuple[str, list[str]]:
    """Return `html` without the tags that open deeper than the caps, and a warning for each cap that was met."""
    depth = _Depth()
    out: list[str] = []
    kept = at = 0
    while match := (_FOREIGN_TOKEN if depth.foreign else _TOKEN).search(html, at):
        at = match.end()
        tag = (match["tag"] or "").lower()
        if not tag:
            continue
        if depth.foreign and tag in _BREAKING:
            depth.break_out()
        if depth.foreign or tag in _FOREIGN:
            counts = match["end"] or not match[0].endswith("/>")
        else:
            counts = tag not in VOID and tag not in IMPLIED
            if counts and not match["end"] and (end := _raw_end(html, tag, at)) >= 0:
                at = end
                continue
        if counts and not (depth.keeps_end(tag) if match["end"] else depth.keeps_start(tag)):
            out.append(html[kept : match.start()])
            kept = match.end()
    told = [f"flattened: elements nested deeper than {MAX_DEPTH} were unwrapped"] if depth.deep else []
    if depth.formatted:
        told.append(f"flattened: of more than {MAX_FORMATTING} formatting tags in one another the inner were unwrapped")
    return "".join(out) + html[kept:], told


def _raw_end(html: str, tag: str, at: int) -> int:
    """Return where the text of a raw-text element that begins at `at` ends; -1 where `tag` is none."""
    if tag == "plaintext":
        return len(html)
    if tag == "script":
        return _script_end(html, at)
    if tag not in _RAW_ENDS:
        return -1
    end = _RAW_ENDS[tag].search(html, at)
    return end.start() if end else len(html)


def _script_end(html: str, at: int) -> int:
    """Return where a script's text ends: not at the end tag of a script inside a comment inside it."""
    commented = nested = False
    while match := _IN_SCRIPT.search(html, at):
        at = match.end()
        if match[0] == "<!--":
            commented = True
            at -= 2  # "<!-->" ends it at once
        elif match[0] == "-->":
            commented = nested = False
        elif not match["end"]:
            nested = commented
        elif nested:
            nested = False
        else:
            return match.start()
    return len(html)
