"""What a batch is asked to do, in one frozen value, and who watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from stripper.batch.forms import Form
from stripper.batch.rows import COLUMNS
from stripper.batch.walk import Choice
from stripper.errors import UsageError
from stripper.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stripper.datatypes import Mode


@dataclass(frozen=True, slots=True)
class Settings:
    """A batch."""

    inputs: tuple[str, ...]  # as typed: URLs, files, folders, archives, tables, @lists, "-"
    out: Path
    options: Options = field(default_factory=Options)
    mode: Mode | None = None  # None = by content
    form: Form = Form.TXT
    jobs: int = 1  # worker processes
    choice: Choice = field(default_factory=Choice)  # of a folder's files
    columns: Mapping[str, str] = field(default_factory=lambda: dict(COLUMNS))  # of tables
    shard_inputs: int = 1_000  # inputs whose pages go into one shard
    blocks: bool = False  # removed texts once, in blocks.jsonl
    templates: bool = True  # learn what repeats on each site before stripping
    profiles: str | None = None  # folder of site profiles to use and to add to; None: inside the output folder
    retry_failed: bool = False

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("jobs", "shard_inputs"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name}: must be at least 1, not {getattr(self, name)}")
        if not self.inputs:
            raise UsageError("inputs: there is none")


class Watch(Protocol):
    """Is told how far a batch is."""

    def phase(self, name: str, total: int | None) -> None:
        """A part of the run begins: "looking", "learning", "stripping", "writing"; `total` inputs, None = unknown."""

    def step(self, row: Mapping[str, object] | None) -> None:
        """An input is done; `row` is its manifest row while stripping."""


class Nobody:
    """Watches nothing."""

    def phase(self, name: str, total: int | None) -> None:
        """Take no notice."""

    def step(self, row: Mapping[str, object] | None) -> None:
        """Take no notice."""
