"""The values that cross a room's border. All are frozen; none holds a parser's object.

A page flows through them in this order::

    RawPage -> Page (blocks + outline) -> Segmentation (verdicts) -> Stripped | Failure

Offsets are Unicode code points, start inclusive, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from stripper.sites import without_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stripper.deferred import Deferred
    from stripper.sites import SiteProfile


class _Word(StrEnum):
    """A word out of a closed set; equal to the plain str, so it hashes like one (Enum's own hash is slow, too)."""

    __hash__ = str.__hash__


class Kind(_Word):
    """What a block is. `CONTENT` and `TITLE` stay by default, all others are junk."""

    CONTENT = "content"
    TITLE = "title"
    NAVIGATION = "navigation"
    BREADCRUMB = "breadcrumb"
    MASTHEAD = "masthead"
    FOOTER = "footer"
    LEGAL = "legal"
    CONSENT = "consent"
    ADVERTISEMENT = "advertisement"
    PROMOTION = "promotion"
    PAYWALL = "paywall"
    RELATED = "related"
    POPULAR = "popular"
    SHARE = "share"
    COMMENT_FORM = "comment-form"
    COMMENTS = "comments"
    AUTHOR_BIO = "author-bio"
    BYLINE = "byline"
    TAGS = "tags"
    PAGINATION = "pagination"
    SEARCH = "search"
    ACCOUNT = "account"
    CONTACT = "contact"
    MEDIA = "media"
    TOC = "toc"
    WIDGET = "widget"
    NOTICE = "notice"
    OTHER = "other"


KEPT_KINDS = frozenset({Kind.CONTENT, Kind.TITLE})
JUNK_KINDS = frozenset(Kind) - KEPT_KINDS


class Mode(_Word):
    """How the input was read."""

    HTML = "html"
    TEXT = "text"


class Role(_Word):
    """What a block is to the writer; `Block.level` refines it."""

    TEXT = "text"  # no element says more: div, span, td of a layout table
    HEADING = "heading"  # level 1..6
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"  # level = depth of the list, 1..; ordered lists have Block.ordinal > 0
    QUOTE = "quote"
    CODE = "code"  # white space is kept
    ROW = "row"  # cells parted by "\t"
    CAPTION = "caption"


class Origin(_Word):
    """Where in the input a block's text stood."""

    VISIBLE = "visible"
    HIDDEN = "hidden"  # hidden attribute, display:none, aria-hidden=true, input of dialogs
    NOSCRIPT = "noscript"
    DATA = "data"  # JSON-LD or preloaded data in a script: an extra block, outside law 3


class Link(NamedTuple):
    """A link inside a block: `text[start:end]` of the block, and the href as written in the page."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class RawPage:
    """Bytes with their source, as a fetcher or a file gives them."""

    id: str  # unique within a run: the URL, the path, or "-"
    data: bytes
    url: str | None = None  # final URL, for links and metadata; not fetched again
    media_type: str | None = None  # from the HTTP header or the file's name; None = unknown
    charset: str | None = None  # from the HTTP header only
    fetch: Mapping[str, Any] | None = None  # the record's source.fetched; None when not fetched
    warc: Mapping[str, Any] | None = None  # the record's source.warc


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's characters and how its encoding was found."""

    text: str
    encoding: str  # WHATWG name, lower case
    encoding_from: str  # "bom" | "http" | "meta" | "utf-8" | "detector" | "default"
    replaced: int  # bytes or sequences that became U+FFFD


@dataclass(frozen=True, slots=True)
class Source:
    """What the record says of where a page came from."""

    id: str
    url: str | None
    sha256: str  # of the bytes as given (of the UTF-8 form when a str was given)
    bytes: int
    media_type: str | None
    encoding: str
    encoding_from: str  # "bom" | "http" | "meta" | "utf-8" | "detector" | "str" | "default"
    replaced_characters: int
    fetched: Mapping[str, Any] | None = None
    warc: Mapping[str, Any] | None = None


class Block(NamedTuple):  # a frozen dataclass takes four times as long to make, and a page has hundreds
    """The smallest unit that is kept or removed: visible text between two block-level borders."""

    index: int  # type: ignore[assignment]  # 0..n-1 in reading order
    text: str  # HTML: white space squashed (not in CODE). Text mode: the line(s) without the line end
    span: tuple[int, int]  # of `text` in the page text
    role: Role = Role.TEXT
    level: int = 0  # heading 1..6, list depth 1.., else 0
    ordinal: int = 0  # number of an ordered list's item, 1..; 0 = none
    element: int = -1  # index in the outline of the innermost element around the whole text; -1 in text mode
    links: tuple[Link, ...] = ()
    origin: Origin = Origin.VISIBLE


@dataclass(frozen=True, slots=True)
class Outline:
    """The element tree of a page as columns, one row per element, in document order.

    Row 0 is `html`. A parent's row always comes before its children's. The blocks that begin
    inside element e are exactly `first_block[e] <= index < end_block[e]`.
    """

    parent: tuple[int, ...] = ()  # -1 for row 0
    tag: tuple[str, ...] = ()  # lower case
    attributes: tuple[Mapping[str, str | None], ...] = ()  # as parsed; shared empty mapping where there are none
    first_block: tuple[int, ...] = ()
    end_block: tuple[int, ...] = ()

    def xpath(self, element: int) -> str:
        """Return an absolute XPath 1.0 of `element`, e.g. ``/html/body/div[2]/p[1]``.

        It holds on the HTML5 tree of the page (what a browser shows). Cost is one pass over the
        rows before `element`; use `xpaths` for many.
        """
        return self.xpaths([element])[element]

    def xpaths(self, elements: list[int]) -> dict[int, str]:
        """Return the XPath of each of `elements` (rows of the outline); one pass for all."""
        seen: dict[tuple[int, str], int] = {}
        position = []
        for key in zip(self.parent, self.tag, strict=True):
            count = seen[key] = seen.get(key, 0) + 1
            position.append(count)
        steps, known = {tag: f"/{_step(tag)}" for tag in set(self.tag)}, {-1: ""}
        for element in elements:
            chain = []
            row = element
            while row not in known:
                chain.append(row)
                row = self.parent[row]
            for row in reversed(chain):
                parent = self.parent[row]
                step = known[parent] + steps[self.tag[row]]
                known[row] = f"{step}[{position[row]}]" if seen[parent, self.tag[row]] > 1 else step
        return {element: known[element] for element in elements}


def _step(tag: str) -> str:
    # Tags such as "o:p" or "a\"b" are no XPath names: the wildcard would shift positions, so name() is compared.
    return tag if tag.replace("-", "").replace("_", "").isalnum() and tag[0].isalpha() else f"*[name()={_quoted(tag)}]"


def _quoted(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: what the segmenter judges."""

    mode: Mode
    text: str  # the page text: blocks joined by "\n" (HTML), the decoded input (text)
    blocks: tuple[Block, ...]
    outline: Outline = field(default_factory=Outline)
    url: str | None = None
    title: str | None = None  # <title> or og:title; None in text mode
    language: str | None = None  # the html tag's lang, as written
    hints: Mapping[str, str] = field(default_factory=dict)  # og:type, JSON-LD types, generator: for the page type
    warnings: tuple[str, ...] = ()  # "truncated: …", "flattened: …": what the reader should know


class Passage(NamedTuple):
    """Text that a page carries in its data and does not show: what a script would have put there."""

    source: str  # where it stood, in words: "articleBody in JSON-LD"
    blocks: tuple[Block, ...]  # of origin DATA; indices and spans count from the passage's own beginning
    trust: float  # 0..1: how likely it is the text a reader would get
    title: str | None = None  # what stands beside it as its headline; one line
    page_type: str | None = None  # what its format says of the page


class Reason(NamedTuple):
    """Why a block is what it is: a name out of the registry and evidence in plain words."""

    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judged block."""

    block: Block
    kind: Kind
    confidence: float  # 0..1: how sure we are that keeping / removing it is right
    reasons: tuple[Reason, ...]  # at least one where the block is removed
    kept: bool  # by policy: what the writer obeys


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The segmenter's answer for a page."""

    kept: tuple[bool, ...]  # by policy, one for each block: all that the clean text needs
    deferred: Deferred[tuple[Verdict, ...]]  # every block's verdict, in order
    page_type: str | None = None  # article, forum, product, collection, listing, documentation, service, other
    type_confidence: float = 0.0
    confidence: float = 0.0  # 0..1, predicts the word F1 of the page's kept text
    needs_review: bool = False
    profile: SiteProfile | None = None  # without its counts; None: nothing was known of the page's site

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every block's verdict, in order; wording the reasons of an HTML page waits until somebody asks."""
        return self.deferred.get()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of itself; None where unknown."""

    title: str | None = None
    author: str | None = None
    date: str | None = None  # ISO 8601, day
    site: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no page; the outcome of a bad input in a run over many."""

    id: str
    error: str  # class name in the error tree, e.g. "UnreadableInput"
    message: str  # one line
    url: str | None = None
    fetched: Mapping[str, Any] | None = None  # the record's source.fetched; None when nothing was sent

    def record(self) -> dict[str, Any]:
        """Return the failure's record, JSON-ready."""
        # A URL with a password is refused: what is written down must not hold it all the same.
        source: dict[str, Any] = {"id": without_password(self.id), "url": self.url and without_password(self.url)}
        if self.fetched is not None:
            source["fetched"] = dict(self.fetched)
        return {"schema": "stripper.failure/1", "source": source, "error": self.error, "message": self.message}
