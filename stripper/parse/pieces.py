"""Pieces of a block to its text: white space squashed, line breaks and links kept with their offsets."""

from __future__ import annotations

from stripper.datatypes import Link

Piece = str | Link | None  # a text node, a link that opens (its offsets unset), a link that closes
BREAK = "\0"  # a <br>; no parsed text holds it

Squashed = tuple[str, tuple[Link, ...]]


def squashed(pieces: list[Piece]) -> Squashed:
    """Return the text of `pieces` with white space squashed, and its links with their offsets."""
    while pieces and isinstance(last := pieces[-1], str) and last.isspace():
        pieces.pop()
    texts = [piece for piece in pieces if isinstance(piece, str)]
    # Two shapes are nine blocks in ten: text alone, and text in one link.
    others = len(pieces) - len(texts)
    if not others:
        return lines("".join(texts)), ()
    if isinstance(first := pieces[0], Link) and others == (2 if pieces[-1] is None else 1):
        text = lines("".join(texts))
        return text, (Link(0, len(text), first.href),) if text else ()
    squash = _Squash()
    for piece in pieces:
        if isinstance(piece, str):
            squash.add(piece)
        else:
            squash.close()
            if piece is not None:
                squash.href = piece.href
    return squash.done()


class _Squash:
    """A text that grows piece by piece, so that the offsets of its links are known."""

    def __init__(self) -> None:
        self.parts: list[str] = []  # joined once: a string that grows costs its whole length each time
        self.length = 0
        self.links: list[Link] = []
        self.href: str | None = None  # of the open link
        self.start = -1  # where the open link's text begins, -1 = it has none yet
        self.stop = 0  # where its text ends: a line break behind it is no part of it
        self.gap = False  # white space waits for the next word

    def add(self, piece: str) -> None:
        line = lines(piece)
        if not line:
            self.gap = self.gap or bool(piece)
            if BREAK in piece and self.parts and self.parts[-1] != "\n":
                self.append("\n")
                self.gap = False
            return
        if self.parts and self.parts[-1] != "\n" and (self.gap or piece[0].isspace()):
            self.append(" ")
        if self.href is not None and self.start < 0:
            self.start = self.length
        self.append(line)
        self.stop = self.length
        self.gap = piece[-1].isspace()

    def append(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)

    def close(self) -> None:
        if self.href is not None and 0 <= self.start < self.stop:
            self.links.append(Link(self.start, self.stop, self.href))
        self.href, self.start = None, -1

    def done(self) -> Squashed:
        if self.parts and self.parts[-1] == "\n":
            self.parts.pop()
            self.length -= 1
        self.close()
        return "".join(self.parts), tuple(self.links)


def lines(raw: str) -> str:
    """Return `raw` with white space squashed; each BREAK is a line end, and no line is empty."""
    if raw.isprintable() and "  " not in raw:  # no white space but single blanks: what most texts are
        return raw.strip(" ")
    if BREAK not in raw:
        return " ".join(raw.split())
    return "\n".join(filter(None, [" ".join(line.split()) for line in raw.split(BREAK)]))


def row(cells: list[Squashed]) -> Squashed:
    """Return the cells of a table's row as one text, parted by tabs."""
    links = []
    at = 0
    for text, inside in cells:
        links += [Link(at + start, at + end, href) for start, end, href in inside]
        at += len(text) + 1
    return "\t".join([text for text, _ in cells]), tuple(links)
