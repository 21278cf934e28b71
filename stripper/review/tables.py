"""Tables of a report, for the page and as CSV that a spreadsheet takes for text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = str | int | float

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    name: str  # also of its CSV file
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""  # what it shows, or leaves out

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether a column holds numbers only."""
        return tuple(
            bool(self.rows) and all(isinstance(row[at], int | float) for row in self.rows)
            for at in range(len(self.columns))
        )


def to_csv(columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """Return rows as CSV (RFC 4180); a text that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe_cell(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers are what they are."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return cell
