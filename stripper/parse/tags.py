"""What HTML's tags mean to the walk: borders of blocks, roles of text, what is skipped."""

from __future__ import annotations

from typing import NamedTuple

from stripper.datatypes import Role

SKIPPED = frozenset(("script", "style", "template", "head"))
RAW = frozenset(("iframe", "noembed", "noframes"))  # HTML5 reads their content as text: markup in it is no words
BORDERS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "iframe",
        "label",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "ol",
        "optgroup",
        "option",
        "output",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "select",
        "summary",
        "svg",
        "table",
        "tbody",
        "textarea",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "video",
        "audio",
        "canvas",
        "xmp",
    ]
)
CELLS = frozenset(("td", "th"))
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
HEADINGS = {f"h{n}": n for n in range(1, 7)}
LISTS = frozenset(("ul", "ol", "menu", "dir"))
ROLES = {"blockquote": Role.QUOTE, "figcaption": Role.CAPTION, "caption": Role.CAPTION} | dict.fromkeys(
    PREFORMATTED, Role.CODE
)
SETTING_TAGS = frozenset(("p", "li", "noscript", *LISTS, *HEADINGS, *PREFORMATTED, *ROLES))
# No text stands in them, so nobody asks what they are called: a third of a page's elements.
BARE = frozenset(
    [
        "area",
        "base",
        "br",
        "circle",
        "col",
        "ellipse",
        "embed",
        "hr",
        "img",
        "input",
        "line",
        "link",
        "meta",
        "param",
        "path",
        "polygon",
        "polyline",
        "rect",
        "source",
        "stop",
        "track",
        "use",
        "wbr",
    ]
)


class Tag(NamedTuple):
    """What the walk needs to know of a tag; made once per tag and page."""

    name: str
    skipped: bool  # neither it nor what is in it is visible text
    border: bool  # begins and ends a block
    inline: bool  # br, a, td, th: noted inside a block
    sets: bool  # changes the setting of the text in it
    bare: bool  # its attributes are not read
    hides: bool  # unless attributes say otherwise


def tag_of(name: str) -> Tag:
    """Return what the walk needs to know of the tag `name` (lower case)."""
    inline = name in ("br", "a") or name in CELLS
    return Tag(name, name in SKIPPED, name in BORDERS, inline, name in SETTING_TAGS, name in BARE, name == "dialog")
