"""How the HTML files of this room are made: templates that escape everything, styles and scripts allowed by hash."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from markupsafe import Markup


@cache
def environment() -> Environment:
    """Return the templates: what is put into them is escaped, and a missing value is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("stripper.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["number"] = _number
    templates.filters["percent"] = _percent
    return templates


@cache
def style_of(*names: str) -> Markup:
    """Return styles or scripts of this room, one after the other, to stand in the document itself."""
    from markupsafe import Markup

    folder = files("stripper.review").joinpath("templates")
    return Markup("\n".join(folder.joinpath(name).read_text("utf-8") for name in names))  # noqa: S704  our own files


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return a Content-Security-Policy under which these styles and scripts run, and nothing is asked for."""
    allowed = " ".join(map(_hash, scripts)) or "'none'"
    return (
        f"default-src 'none'; style-src {' '.join(map(_hash, styles))}; script-src {allowed}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


def _number(value: float) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _percent(share: float) -> str:
    figure = "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"  # noqa: PLR2004 - what rounds to nothing is there
    return f"{figure}\u202f%"
