"""What single elements say by their attributes and their inside: hidden or not, a list's numbers, an icon."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    Attributes = Mapping[str, str | None]

_INTEGER = re.compile(r"[ \t\n\f\r]*[+-]?[0-9]{1,9}")
_TEXT_NODE = 2  # lexbor's tag id
_MAX_NODES = 500  # of an icon: bounded, or svg in svg in svg costs the square


def hides(tag: str, attributes: Attributes) -> bool:
    """Tell whether an element and what is in it is hidden."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if style:
        style = style.replace(" ", "").lower()
        return "display:none" in style or "visibility:hidden" in style
    return tag == "dialog" and "open" not in attributes


def numbering(node: LexborNode, attributes: Attributes) -> tuple[int, int]:
    """Return the number before an ordered list's first item, and the step from one item to the next."""
    if "reversed" not in attributes:
        return integer(attributes.get("start"), 1) - 1, 1
    count = sum([child.tag == "li" for child in node.iter()])
    return integer(attributes.get("start"), count) + 1, -1


def integer(written: str | None, otherwise: int) -> int:
    """Return the number an attribute begins with, as browsers read it; `otherwise` where there is none."""
    found = _INTEGER.match(written) if written else None
    return int(found[0]) if found else otherwise


def is_icon(node: LexborNode) -> bool:
    """Tell whether an `svg` holds no words; a drawing of many elements is none."""
    inside = list(islice(node.traverse(include_text=True), _MAX_NODES))
    return len(inside) < _MAX_NODES and not any(
        child.tag_id == _TEXT_NODE and (child.text_content or "").strip() for child in inside
    )
