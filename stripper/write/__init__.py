"""Verdicts to what people and programs read: clean text, Markdown, HTML, the record, and the way back.

The way of a page: ``layout`` (who owns which characters) -> ``record`` -> ``json_text``; ``structure``
(lists, tables) -> ``markdown`` or ``html``; ``restore`` undoes it all. ``names`` and ``files`` put it on disk.
"""

from stripper.write.files import put_file, replacing, sync_folder, write_file
from stripper.write.formats import Format, as_utf8, render
from stripper.write.json_text import from_json, json_file, json_line, to_json, to_json_lines
from stripper.write.layout import clean_text
from stripper.write.names import Name, assign_names, is_url, safe_name
from stripper.write.record import FAILURE_SCHEMA, schema
from stripper.write.restore import restore
from stripper.write.stripped import Stripped, without_attributes

__all__ = [
    "FAILURE_SCHEMA",
    "Format",
    "Name",
    "Stripped",
    "as_utf8",
    "assign_names",
    "clean_text",
    "from_json",
    "is_url",
    "json_file",
    "json_line",
    "put_file",
    "render",
    "replacing",
    "restore",
    "safe_name",
    "schema",
    "sync_folder",
    "to_json",
    "to_json_lines",
    "without_attributes",
    "write_file",
]
