"""How a changed block, and the words that changed sides, are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from rich.table import Table
    from rich.text import Text

    from stripper.review.compare import Change, Fate

_WIDTH = 120  # characters of a block's text shown
_COLOURS = {"removed": "bold red", "kept": "bold green", "kind": "bold yellow", "gone": "dim", "new": "bold cyan"}
_REASONS = 3  # that are named


def change_lines(change: Change) -> Iterator[Text]:
    """Yield a changed block in lines: what became of it before and after, its text, and why it went."""
    from rich.text import Text

    sides = f"{_fate(change.before)} -> {_fate(change.after)}"
    yield Text.assemble((f"{change.sort:<8}", _COLOURS[change.sort]), f"{sides}, {change.words} words")
    text = " ".join(change.text.split())
    yield Text(f"  text    {text if len(text) <= _WIDTH else text[:_WIDTH] + ' ...'}")
    for label, fate in (("before", change.before), ("after", change.after)):
        if fate and fate.reasons:
            why = "; ".join(f"{rule}: {evidence}" for rule, evidence in fate.reasons[:_REASONS])
            yield Text(f"  {label:<7} {why}")


def _fate(fate: Fate | None) -> str:
    if fate is None:
        return "absent"
    return f"{'kept' if fate.kept else 'removed'} as {fate.kind} ({fate.confidence:.2f})"


def moves_table(words: Counter[tuple[str, str, str]]) -> Table:
    """Return the words that changed, by what changed and the kinds before and after, the most first."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("change", "before", "after"):
        table.add_column(name, no_wrap=True)
    table.add_column("words", justify="right", no_wrap=True)
    for (sort, before, after), count in _ranked(words):
        table.add_row(sort, before or "-", after or "-", str(count), style=_COLOURS[sort].removeprefix("bold "))
    return table


def moves_as_json(words: Counter[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the same for machines."""
    return [
        {"change": sort, "before": before or None, "after": after or None, "words": count}
        for (sort, before, after), count in _ranked(words)
    ]


def _ranked(words: Counter[tuple[str, str, str]]) -> list[tuple[tuple[str, str, str], int]]:
    return sorted(words.items(), key=lambda item: (-item[1], item[0]))


def change_as_json(change: Change) -> dict[str, Any]:
    """Return a changed block for machines."""
    return {
        "change": change.sort,
        "text": change.text,
        "words": change.words,
        "before": _fate_as_json(change.before),
        "after": _fate_as_json(change.after),
    }


def _fate_as_json(fate: Fate | None) -> dict[str, Any] | None:
    if fate is None:
        return None
    return {
        "id": fate.id,
        "kept": fate.kept,
        "kind": str(fate.kind),
        "confidence": fate.confidence,
        "reasons": [reason._asdict() for reason in fate.reasons],
    }
