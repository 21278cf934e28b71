"""How far a batch is, for people: a bar on a terminal, now and then a line elsewhere, a table at the end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from stripper.cli.console import shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from stripper.cli.console import Console

_EVERY = 30.0  # seconds between two plain lines
_LONGEST_NAME = 60


class Progress:
    """A `Watch` that shows pages per second, time left, failures and the share of words kept."""

    def __init__(self, console: Console) -> None:
        """Show it on the console's side for messages."""
        self._console = console
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._phase = ""
        self._total: int | None = None
        self._begun = self._told = time.monotonic()
        self._steps = self._failed = self._kept = self._seen = 0

    def __enter__(self) -> Self:
        if self._console.shows_progress:
            from rich.console import Console as Screen
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (
                *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()),
                TextColumn("{task.fields[told]}"),
            )
            self._bar = Bar(*columns, console=Screen(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def writing(self) -> bool:
        """Whether only the manifest and the summary are missing."""
        return self._phase == "writing"

    def phase(self, name: str, total: int | None) -> None:
        """Begin a part of the run."""
        self._phase, self._total, self._steps = name, total, 0
        self._begun = time.monotonic()
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(name, total=total, told="")

    def step(self, row: Mapping[str, Any] | None) -> None:
        """Count an input."""
        self._steps += 1
        if row is not None:
            self._failed += row["status"] == "failed"
            words = row["words"] or {"kept": 0, "seen": 0}
            self._kept += words["kept"]
            self._seen += words["seen"]
            if row["status"] == "failed":
                self._say(f"{row['id']}: {row['message']}")
        now = time.monotonic()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._steps, told=self._figures())
        elif now - self._told > _EVERY:
            self._told = now
            of = f" of {self._total}" if self._total is not None else ""
            self._console.say(f"{self._phase}: {self._steps}{of}, {self._figures()}")

    def _say(self, message: str) -> None:
        if self._bar is not None:
            self._bar.console.print(shown_name(f"stripper: {message}"), markup=False, highlight=False)
        else:
            self._console.say(message)

    def _figures(self) -> str:
        rate = self._steps / max(time.monotonic() - self._begun, 1e-9)
        kept = f", {100 * self._kept / self._seen:.0f} % kept" if self._seen else ""
        return f"{rate:.1f}/s, {self._failed} failed{kept}"


def print_summary(summary: Mapping[str, Any], console: Console) -> None:
    """Print what summary.json says, as a table."""
    run = summary["run"]
    lines = [
        f"{summary['inputs']} inputs: {summary['ok']} ok, {summary['failed']} failed, {summary['skipped']} skipped",
        f"this run: {run['done']} made, {run['copied']} copied, {run['reused']} stood",
        f"{run['seconds']:g} s, {run['pages_per_second']:g} pages/s with {run['jobs']} jobs",
    ]
    for title, counts in (("failed", summary["errors"]), ("skipped", summary["skips"])):
        lines += [f"  {title:<10}{count:>9}  {word}" for word, count in counts.items()]
    words = summary["words"]
    if words["seen"]:
        lines.append(f"{words['seen']} words: {words['kept']} kept, {words['removed']} removed")
        lines += [f"  {kind:<16}{count:>11}" for kind, count in words["by_kind"].items()]
    for title, key in (("most removed", "most_removed"), ("least kept", "least_kept")):
        lines += _sites(title, summary["sites"][key])
    if summary["slowest"]:
        lines.append("slowest pages")
        lines += [f"  {page['seconds']:>8.2f} s  {_name(page['id'])}" for page in summary["slowest"]]
    for line in lines:
        console.tell(line)


def _sites(title: str, sites: list[dict[str, Any]]) -> list[str]:
    if not sites:
        return []
    head = f"{'sites, ' + title:<32}{'pages':>8}{'kept':>10}{'removed':>10}{'share':>7}"
    return [
        head,
        *(
            "".join(
                (
                    f"  {_name(site['site'])[:29]:<30}{site['pages']:>8}{site['words_kept']:>10}",
                    f"{site['words_removed']:>10}{100 * site['kept_share']:>6.0f}%",
                )
            )
            for site in sites
        ),
    ]


def _name(name: str) -> str:
    shown = shown_name(name)
    return shown if len(shown) <= _LONGEST_NAME else f"…{shown[1 - _LONGEST_NAME :]}"
