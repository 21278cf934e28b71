"""The record: its schema, its order of keys, its figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from stripper.datatypes import Failure, Kind, Link, Metadata, Outline, Page, Role, Verdict
from stripper.options import Options
from stripper.version import __version__
from stripper.write import Stripped, schema, to_json
from tests.write.handmade import html_page, html_pages, lines_page, stripped, text_pages, verdict


@pytest.fixture(scope="module")
def valid() -> Any:
    """Return a function that raises where a record breaks the schema."""
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema()).validate


@given(page=text_pages() | html_pages())
def test_every_record_obeys_the_schema(valid: Any, page: Stripped) -> None:
    """Whatever the page holds, its record is valid, and still so after a trip through JSON."""
    valid(page.record())
    valid(json.loads(to_json(page.record())))


def test_a_failure_obeys_the_schema(valid: Any) -> None:
    """A failure's record has a schema too."""
    valid(Failure("a.html", "UnreadableInput", "no such file").record())
    valid(Failure("https://x.example/", "FetchError", "", url="https://x.example/").record())


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record.pop("totals"),
        lambda record: record.update(more=1),
        lambda record: record["removed"][0].update(reasons=[]),
        lambda record: record["removed"][0].update(kind="junk"),
        lambda record: record["kept"][0].update(span=[1]),
        lambda record: record.update(confidence=1.5),
    ],
)
def test_the_schema_refuses(valid: Any, damage: Any) -> None:
    """The schema is no rubber stamp: a record that lacks or adds something breaks it."""
    record = html_page([verdict("A"), verdict("B", kept=False)]).record()
    valid(record)
    damage(record)
    with pytest.raises(jsonschema.ValidationError):
        valid(record)


def test_the_schema_knows_every_kind_and_role() -> None:
    """The closed sets of the schema are those of the code."""
    definitions = schema()["$defs"]
    assert definitions["kind"]["enum"] == [str(kind) for kind in Kind]
    kept = definitions["record"]["properties"]["kept"]["items"]["properties"]
    assert kept["role"]["enum"] == [str(role) for role in Role]


def test_keys_stand_in_the_schemas_order(valid: Any) -> None:
    """Keys come in a fixed order at every level, the schema's own."""
    record = html_page([verdict("A"), verdict("B", kept=False)]).record()
    valid(record)
    _same_order(record, schema()["$defs"]["record"])


def _same_order(value: Any, rule: dict[str, Any]) -> None:
    if isinstance(value, dict) and "properties" in rule:
        assert list(value) == [name for name in rule["properties"] if name in {*rule["required"], *value}]
        for key, inner in value.items():
            _same_order(inner, rule["properties"][key])
    if isinstance(value, list) and "items" in rule:
        for inner in value:
            _same_order(inner, rule["items"])


def test_what_the_record_says() -> None:
    """A small page's record, value by value."""
    ad = "Buy at Shop"
    outline = Outline(parent=(-1, 0, 1, 1), tag=("html", "body", "p", "div"))
    page = html_page(
        [
            verdict("The headline", kind=Kind.TITLE, role=Role.HEADING, level=1, element=2),
            verdict(ad, kept=False, kind=Kind.ADVERTISEMENT, element=3, links=(Link(7, 11, "https://shop.example/"),)),
            verdict("Two words", role=Role.PARAGRAPH, element=3),
        ],
        metadata=Metadata(author="A. Writer", date="2026-01-02", site="Site", language="en"),
        options=Options(keep=frozenset({Kind.COMMENTS})),
    )
    page = replace(page, page=replace(page.page, outline=outline))
    record = page.record()
    assert record["stripper"] == {"version": __version__, "model": "rules", "options": {"keep": ["comments"]}}
    assert record["page"] == {
        "type": "article",
        "type_confidence": 0.7,
        "language": "en",
        "title": "The headline",
        "author": "A. Writer",
        "date": "2026-01-02",
        "site": "Site",
    }
    assert record["totals"] == {
        "blocks": 3,
        "words_seen": 7,
        "words_kept": 4,
        "words_removed": 3,
        "by_kind": {
            "content": {"blocks": 1, "words": 2},
            "title": {"blocks": 1, "words": 2},
            "advertisement": {"blocks": 1, "words": 3},
        },
    }
    assert record["kept"][1] == {
        "id": 2,
        "span": [25, 34],
        "out": [13, 22],
        "role": "paragraph",
        "origin": "visible",
        "xpath": "/html/body/div",
        "kind": "content",
        "confidence": 0.9,
    }
    assert record["removed"] == [
        {
            "id": 1,
            "kind": "advertisement",
            "confidence": 0.9,
            "span": [13, 24],
            "insert_at": 12,
            "origin": "visible",
            "xpath": "/html/body/div",
            "text": ad,
            "links": ["https://shop.example/"],
            "reasons": [{"rule": "phrase", "evidence": "by hand"}],
        }
    ]


def test_removed_text_is_whole() -> None:
    """A removed block is recorded to its last character, white space that it took along included."""
    text = "A\n\n" + "junk " * 2000 + "end\n\nC"
    page = lines_page(text, ["junk " * 2000 + "end"])
    assert page.record()["removed"][0]["text"] == "junk " * 2000 + "end\n\n"


@given(text_pages() | html_pages())
def test_every_block_is_recorded_once(page: Stripped) -> None:
    """Kept and removed together are all blocks, and their words are all words."""
    record = page.record()
    ids = sorted(item["id"] for item in record["kept"] + record["removed"])
    assert ids == list(range(len(page.verdicts)))
    totals = record["totals"]
    assert totals["words_kept"] + totals["words_removed"] == totals["words_seen"]
    assert sum(kind["blocks"] for kind in totals["by_kind"].values()) == len(ids) == totals["blocks"]


def test_a_title_that_goes_by_option_is_in_removed() -> None:
    """Kind and fate are two things: a dropped title is removed, and still a title."""
    v = verdict("The headline", kind=Kind.TITLE)
    removed = Verdict(v.block, v.kind, 1.0, verdict("", kept=False).reasons, kept=False)
    record = html_page([removed]).record()
    assert [item["kind"] for item in record["removed"]] == ["title"]
    assert record["totals"]["words_kept"] == 0


def test_the_page_without_blocks(valid: Any) -> None:
    """A page that shows nothing has a record."""
    page = stripped(Page(html_page([]).page.mode, "", ()), [])
    valid(page.record())
