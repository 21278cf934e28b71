"""The forms that a batch's output takes, and the columns of its tables."""

from __future__ import annotations

from enum import StrEnum

ROW_SCHEMA = "stripper.page/1"


class Form(StrEnum):
    """How the pages of a batch are written; of shards the value is the file's suffix."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    JSONL_GZ = "jsonl.gz"
    JSONL_ZST = "jsonl.zst"
    PARQUET = "parquet"

    @property
    def sharded(self) -> bool:
        """Whether many pages go into one file."""
        return self not in {Form.TXT, Form.MD, Form.HTML}


# Name and type of each column of a Parquet shard; the rows of a JSONL shard have the same keys in the same order.
COLUMNS = (
    ("id", "string"),
    ("url", "string"),
    ("site", "string"),
    ("sha256", "string"),
    ("mode", "string"),
    ("type", "string"),
    ("language", "string"),
    ("title", "string"),
    ("author", "string"),
    ("date", "string"),
    ("confidence", "double"),
    ("needs_review", "bool"),
    ("words_kept", "int64"),
    ("words_removed", "int64"),
    ("text", "string"),
    ("record", "string"),  # JSON
)
