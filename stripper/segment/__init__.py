"""Blocks to verdicts: what each block of a page is, how sure that is, and why.

`segment` labels; it deletes nothing. Both modes go the same way: arrays over the blocks, a trained network, the
decision, the evidence in words. HTML (html.py): features.py, network.py, decision.py, evidence.py. Plain text
(text.py): lines.py, line_network.py, line_decision.py, line_evidence.py. `trust_needed` and `add_passage` (embedded.py)
judge text out of a page's data after that. Tables: phrases (lexicon.py), markers (markers.py), names of rules
(rules.py).
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
    """Return what decides: the sha256 of the model file."""
    if mode is Mode.TEXT:
        from stripper.segment.line_network import load_line_model

        return load_line_model(options.model).sha256
    from stripper.segment.network import load_model

    return load_model(options.model).sha256
