"""Blocks to verdicts: what each block of a page is, how sure that is, and why.

`segment` labels; it deletes nothing. HTML (html.py): arrays over the blocks (features.py), the trained network
(network.py), the decision (decision.py), the evidence in words (evidence.py). Plain text (column.py, text.py): rules
that need two independent signals (rules.py). `trust_needed` and `add_passage` (embedded.py) judge text out of a page's
data after that. Both modes read the tables of phrases (lexicon.py) and markers (markers.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripper.datatypes import Mode, Segmentation
from stripper.segment.embedded import add_passage, trust_needed
from stripper.segment.profile import fingerprints, load_profile

if TYPE_CHECKING:
    from stripper.datatypes import Page
    from stripper.options import Options
    from stripper.sites import SiteProfile

__all__ = ["add_passage", "fingerprints", "load_profile", "model_id", "segment", "trust_needed"]


def segment(page: Page, options: Options, profile: SiteProfile | None = None) -> Segmentation:
    """Return a verdict for every block of `page`, in order; time is linear in the page.

    `profile` tells what repeats on the page's site. Raises UnreadableInput where `options.model` is no model.
    """
    # Each is imported when it is first asked for: numpy alone takes 100 ms.
    if page.mode is Mode.TEXT:
        from stripper.segment.text import segment_text

        return segment_text(page, options, profile)
    from stripper.segment.html import segment_html

    return segment_html(page, options, profile)


def model_id(mode: Mode, options: Options) -> str:
    """Return what decides: the sha256 of the model file for HTML, "rules" for plain text."""
    if mode is Mode.TEXT:
        return "rules"
    from stripper.segment.network import load_model

    return load_model(options.model).sha256
