"""Tables: JSON lines in every compression, Parquet; a bad row is a row in the manifest."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd

from stripper.batch.items import Content, Item
from stripper.batch.rows import COLUMNS, read_table
from tests.batch.conftest import html

ROWS: list[dict[str, Any]] = [
    {"url": "https://a.example/1", "html": html(1)},
    {"url": "https://a.example/2", "html": html(2) + "\u2028 \U0001f600"},
    {"url": None, "text": "Only text, scraped somewhere."},
]


def write(folder, form, rows: list[Any] = ROWS):
    """Write rows in one of the forms."""
    path = folder / f"t.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist([{"html": None, "text": None} | row for row in rows]), path)
        return path
    pack = gzip.compress if form.endswith("gz") else zstd.compress if form.endswith("zst") else bytes
    path.write_bytes(pack("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return path


def read(path, columns=COLUMNS, limit=1_000_000) -> list[Any]:
    """Rows as (id, url, content, text) or (id, error)."""
    out: list[Any] = []
    for row in read_table(str(path), ("t",), columns, limit):
        if isinstance(row, Item):
            out.append((row.id.removeprefix(str(path)), row.raw.url, row.content, row.raw.data.decode()))
        else:
            out.append((row.id.removeprefix(str(path)), row.error))
    return out


@pytest.mark.parametrize("form", ["jsonl", "ndjson", "jsonl.gz", "jsonl.zst", "parquet"])
def test_every_form_gives_every_row(tmp_path, form):
    """Ids count lines from 1, rows of Parquet from 0."""
    first = 0 if form == "parquet" else 1
    assert read(write(tmp_path, form)) == [
        (f"#{first}", "https://a.example/1", Content.HTML, ROWS[0]["html"]),
        (f"#{first + 1}", "https://a.example/2", Content.HTML, ROWS[1]["html"]),
        (f"#{first + 2}", None, Content.TEXT, ROWS[2]["text"]),
    ]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_columns_by_other_names(tmp_path, form):
    """--columns says what a table calls them."""
    path = write(tmp_path, form, [{"link": "https://a.example/1", "body": "<p>one</p>"}])
    rows = read(path, COLUMNS | {"url": "link", "html": "body"})
    assert [row[1:] for row in rows] == [("https://a.example/1", Content.HTML, "<p>one</p>")]


def test_bad_rows_cost_nobody_else(tmp_path):
    """No JSON, no object, no text, too long."""
    path = tmp_path / "t.jsonl"
    lines = [
        '{"html": "<p>a</p>"}',
        "{",
        "[1]",
        '{"url": "x"}',
        '{"html": "' + "x" * 3000 + '"}',
        "",
        '{"html": "<p>b</p>"}',
    ]
    path.write_text("\n".join(lines), "utf-8")
    assert [row if len(row) == 2 else row[3] for row in read(path, limit=1000)] == [
        "<p>a</p>",
        ("#2", "UnreadableInput"),
        ("#3", "UnsupportedInput"),
        ("#4", "UnsupportedInput"),
        ("#5", "TooLarge"),
        "<p>b</p>",
    ]


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst", "parquet"])
def test_a_damaged_table_is_told(tmp_path, form):
    """What was read before stays."""
    path = write(tmp_path, form, ROWS * 50)
    path.write_bytes(path.read_bytes()[:-40])
    assert read(path)[-1] == ("", "UnreadableInput")


def test_bytes_of_a_table_have_an_encoding_of_their_own(tmp_path):
    """A Parquet column of bytes is decoded as a file is."""
    path = tmp_path / "t.parquet"
    body = "<meta charset=windows-1252><p>caf\xe9</p>".encode("latin-1")
    pq.write_table(pa.Table.from_pylist([{"url": "https://a.example/", "html": body}]), path)
    (item,) = read_table(str(path), ("t",), COLUMNS, 1000)
    assert isinstance(item, Item)
    assert item.content is Content.FILE


def test_a_missing_package_is_told(tmp_path, monkeypatch):
    """By its name, as a row."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    assert read(write(tmp_path, "jsonl"))
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    assert read(tmp_path / "x.parquet") == [("", "UnreadableInput")]
