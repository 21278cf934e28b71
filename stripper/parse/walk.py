"""One pass over an HTML5 tree: blocks, and the columns of the outline.

A block is a run of text between block-level borders. `br br` splits, a single `br` is a line end inside
the block, inline markup does not split, `pre` keeps its white space, the cells of a data row stay in one
block, parted by tabs.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from stripper.datatypes import Block, Link, Origin, Outline, Role
from stripper.parse.elements import hides as hidden_by
from stripper.parse.elements import integer, is_icon, numbering
from stripper.parse.guard import harmless
from stripper.parse.pieces import BREAK, row, squashed
from stripper.parse.tags import HEADINGS, LISTS, PREFORMATTED, RAW, ROLES, Tag, tag_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    from stripper.parse.pieces import Piece

_TEXT_NODE, _COMMENT_NODE = 2, 4  # lexbor's tag ids of nodes that are no elements
# An enum's member costs 0.2 microseconds to look up in Python 3.11: the hot loop uses names of its own.
_VISIBLE, _LIST_ITEM, _ROW, _PARAGRAPH, _TEXT = Origin.VISIBLE, Role.LIST_ITEM, Role.ROW, Role.PARAGRAPH, Role.TEXT
_CONTAINERS = (Role.LIST_ITEM, Role.QUOTE, Role.CAPTION, Role.CODE)  # a `p` in them keeps their role
_LONG_CELL = 160  # characters; a row with a longer cell is layout, not data
_HIDING = frozenset(("style", "aria-hidden", "hidden"))
_BREAKS = 2  # <br> in a row that part blocks
_NO_ATTRIBUTES: Mapping[str, str | None] = MappingProxyType({})


class _Setting(NamedTuple):
    """What an element passes on to the text inside it."""

    role: Role = Role.TEXT
    level: int = 0
    item: int = -1  # row of the list item around the text
    preformatted: bool = False
    origin: Origin = Origin.VISIBLE


_PLAIN = _Setting()
_block = partial(tuple.__new__, Block)  # a third of the time of Block(…)


class Walk:
    """The state of one pass; `blocks` and the columns of the outline are its result."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.blocks: list[Block] = []
        self.length = 0  # of the page text so far, with the line end before the next block
        self.parent: list[int] = []
        self.tag: list[str] = []
        self.attributes: list[Mapping[str, str | None]] = []
        self.settings: list[_Setting] = []
        self.numbering: dict[int, tuple[int, int]] = {}  # row of a list -> number of its last item, step
        self.ordinals: dict[int, int] = {}  # row of a list item -> its number; gone once a block took it
        self.pieces: list[Piece] = []  # of the block at hand
        self.cells: list[int] = []  # where in `pieces` a table cell begins
        self.href: str | None = None  # of the link at hand

    # The hot loop: 2,400 nodes on a mean page. Split into methods it takes twice the time.
    def run(self, root: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915
        """Walk the tree in document order. No recursion: depth is the page's choice, not ours."""
        parents, names, attributes, settings = self.parent, self.tag, self.attributes, self.settings
        pieces, cells = self.pieces, self.cells
        known: dict[int, Tag] = {}
        stack: list[tuple[LexborNode, bool, bool]] = []  # what is open: its node, whether it is a border, a link
        node = root
        at = -1  # row of the element at hand
        element = -1  # innermost element around all text of the block at hand
        breaks = 0  # <br> since the last text
        raw_at = -1  # row of an iframe and its like, while in it
        while True:
            number = node.tag_id
            if number == _TEXT_NODE:
                text = node.text_content or ""
                if not text or text.isspace():
                    if element >= 0:
                        pieces.append(text)
                else:
                    pieces.append(text if at != raw_at else _words_of(text))
                    breaks = 0
                    if element != at:
                        element = at if element < 0 else self.around(element, at)
            elif number != _COMMENT_NODE:
                tag = known.get(number)
                if tag is None:
                    tag = known[number] = tag_of(node.tag or "")
                name, skipped, border, inline, sets, bare, hides = tag
                if not skipped:
                    if border and (pieces or cells):
                        if name == "svg" and is_icon(node):
                            border = False  # it must not split a sentence
                        else:
                            self.flush(element)
                            element, breaks = -1, 0
                    own = _NO_ATTRIBUTES if bare else node.attributes
                    here = len(parents)
                    if inline:
                        if name == "br":
                            breaks += 1
                            if breaks == _BREAKS and not settings[at].preformatted:
                                self.flush(element)
                                element, breaks = -1, 0
                            elif element >= 0:
                                pieces.append("\n" if settings[at].preformatted else BREAK)
                        elif name == "a":
                            self.open_link(own)
                        else:
                            cells.append(len(pieces))
                    setting = settings[at] if at >= 0 else _PLAIN
                    if (hides or (own and not _HIDING.isdisjoint(own))) and hidden_by(name, own):
                        setting = _hidden(setting)
                    parents.append(at)
                    names.append(name)
                    attributes.append(own)
                    settings.append(self.setting(node, here, setting, at) if sets else setting)
                    child = node.first_child
                    if child is not None:
                        if name in RAW:
                            raw_at = here
                        stack.append((node, border, inline and name == "a"))
                        at = here
                        node = child
                        continue
                    if inline and name == "a" and self.href is not None:
                        self.close_link()
            following = node.next
            while following is None:
                if not stack:
                    self.flush(element)
                    return
                node, border, linked = stack.pop()
                if border:
                    if pieces or cells:
                        self.flush(element)
                        element, breaks = -1, 0
                elif linked and self.href is not None:
                    self.close_link()
                at = parents[at]
                following = node.next
            node = following

    def around(self, one: int, other: int) -> int:
        """Return the row of the innermost element around both rows; rows of parents come first."""
        parents = self.parent
        while one != other:
            if one > other:
                one = parents[one]
            else:
                other = parents[other]
        return one

    def open_link(self, attributes: Mapping[str, str | None]) -> None:
        """Note that a link begins in the block at hand."""
        href = attributes.get("href")
        if href is not None:
            if self.pieces and self.pieces[-1] is None:
                self.pieces.append(" ")  # links side by side are words apart
            self.href = href
            self.pieces.append(Link(0, 0, href))

    def close_link(self) -> None:
        """Note that the link at hand ends."""
        if self.pieces and isinstance(self.pieces[-1], Link):
            self.pieces.pop()
        else:
            self.pieces.append(None)
        self.href = None

    def setting(self, node: LexborNode, here: int, outer: _Setting, owner: int) -> _Setting:
        """Return what the element in row `here`, a child of row `owner`, means for the text in it."""
        _, level, item, preformatted, origin = outer
        tag = self.tag[here]
        if tag == "p":
            return outer if outer.role in _CONTAINERS else _Setting(_PARAGRAPH, 0, item, preformatted, origin)
        if tag == "li":
            last, step = self.numbering.get(owner, (0, 0))
            number = integer(self.attributes[here].get("value"), last + step)
            self.numbering[owner] = (number, step)
            self.ordinals[here] = max(number, 1) if step else 0  # Markdown has none below; 0 is no number
            return _Setting(_LIST_ITEM, max(level, 1), here, preformatted, origin)
        if tag in LISTS:
            if tag == "ol":
                self.numbering[here] = numbering(node, self.attributes[here])
            return _Setting(_TEXT, level + 1 if item >= 0 else 1, item, preformatted, origin)
        if tag in HEADINGS:
            return _Setting(Role.HEADING, HEADINGS[tag], item, preformatted, origin)
        if tag == "noscript":
            return outer._replace(origin=Origin.NOSCRIPT)
        preformatted = preformatted or tag in PREFORMATTED
        return _Setting(ROLES[tag], level, item, preformatted, origin)

    def flush(self, element: int) -> None:
        """End the block at hand, whose text stands in `element` (-1: it has none).

        A row of layout cells becomes a block a cell.
        """
        pieces, cells = self.pieces[:], self.cells[:]
        self.pieces.clear()
        self.cells.clear()
        if self.href is not None:
            self.pieces.append(Link(0, 0, self.href))  # a link around several blocks goes on
        if element < 0:
            return
        setting = self.settings[element]
        if setting.preformatted:
            cuts = [0, *cells, len(pieces)]
            inside = ["".join([piece for piece in pieces[a:b] if isinstance(piece, str)]) for a, b in pairwise(cuts)]
            text = "\t".join([cell for cell in inside if cell.strip()]).strip("\r\n").rstrip()
            self.emit(text, (), element, setting.role)
        elif len(cells) > 1 or (cells and cells[0] > 0):
            parts = [pieces[a:b] for a, b in zip([0, *cells], [*cells, len(pieces)], strict=True)]
            if isinstance(pieces[0], Link) and cells[0] == 1:  # a link around the row is one of each cell
                parts = [[pieces[0], *part] for part in parts[1:]]
            texts = [cell for cell in map(squashed, parts) if cell[0]]
            if len(texts) > 1 and max([len(text) for text, _ in texts]) <= _LONG_CELL:
                self.emit(*row(texts), element, _ROW)
            else:
                for text, links in texts:
                    self.emit(text, links, element, setting.role)
        else:
            self.emit(*squashed(pieces), element, setting.role)

    def emit(self, text: str, links: tuple[Link, ...], element: int, role: Role) -> None:
        """Add a block."""
        if not text:
            return
        _, level, item, _, origin = self.settings[element]
        ordinal = 0
        if role is _LIST_ITEM:
            number = self.ordinals.pop(item, None)
            if number is None:
                role = _TEXT  # the second block of an item has no bullet of its own
            ordinal = number or 0
        elif role is _ROW or role is _PARAGRAPH:
            level = 0
        index, start = len(self.blocks), self.length
        stop = start + len(text)
        self.blocks.append(_block((index, text, (start, stop), role, level, ordinal, element, links, origin)))
        self.length = stop + 1

    def outline(self) -> Outline:
        """Return the columns, with the range of blocks inside each element."""
        parent = self.parent
        count = len(parent)
        first, end = [0] * count, [0] * count
        for index, block in enumerate(self.blocks):
            element = block.element
            if not end[element]:
                first[element] = index
            end[element] = index + 1
        for at in range(count - 1, 0, -1):
            stop = end[at]
            if stop:
                up = parent[at]
                known = end[up]
                if not known or first[at] < first[up]:
                    first[up] = first[at]
                if stop > known:
                    end[up] = stop
        return Outline(tuple(parent), tuple(self.tag), tuple(self.attributes), tuple(first), tuple(end))


def _hidden(setting: _Setting) -> _Setting:
    return setting._replace(origin=Origin.HIDDEN) if setting.origin is _VISIBLE else setting


def _words_of(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    if "<" not in markup and "&" not in markup:
        return markup
    body = LexborHTMLParser(harmless(markup.encode())[0]).body  # as deep as its page may be
    return body.text(separator=" ") if body else ""
