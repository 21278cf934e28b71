"""Bytes to text to blocks: the only room that knows decoders, the HTML tree and trafilatura's metadata.

``decode`` (encoding.py) -> ``guess_mode`` -> ``parse_html`` (html.py) or ``parse_text`` (text.py);
``extract_metadata`` (metadata.py) and ``read_embedded`` (embedded.py: text in a page's data) on request.
"""

from stripper.parse.embedded import read_embedded
from stripper.parse.encoding import decode, guess_mode
from stripper.parse.html import parse_html
from stripper.parse.metadata import extract_metadata
from stripper.parse.text import parse_text

__all__ = ["decode", "extract_metadata", "guess_mode", "parse_html", "parse_text", "read_embedded"]
