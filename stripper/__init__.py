"""Split a scraped page into what a reader came for and junk: clean text, and a record of everything removed.

::

    page = strip_html(html, url="https://example.org/a")   # or strip_text, strip_file, strip_url
    page.text, page.markdown, page.title, page.removed
    restore(page.text, page.record())                      # everything that the page showed
"""

from stripper.datatypes import Failure, Kind, Mode, RawPage, Reason, Verdict
from stripper.errors import StripperError
from stripper.options import FetchOptions, Options, WorkOptions
from stripper.pipeline import strip_file, strip_html, strip_many, strip_text, strip_url
from stripper.version import __version__
from stripper.write import Stripped, restore

__all__ = [
    "Failure",
    "FetchOptions",
    "Kind",
    "Mode",
    "Options",
    "RawPage",
    "Reason",
    "Stripped",
    "StripperError",
    "Verdict",
    "WorkOptions",
    "__version__",
    "restore",
    "strip_file",
    "strip_html",
    "strip_many",
    "strip_text",
    "strip_url",
]
