"""``make demo``: one page that ships with the project, its clean text, and a readable part of its record."""

from __future__ import annotations

import json
import sys
import textwrap
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper import restore, strip_file

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[1] / "fixtures" / "wordpress-check-also" / "page.html"
WIDTH = 110


def main() -> int:
    """Print the demo; return 1 where text and record don't give the page back."""
    page = strip_file(PAGE)
    record = page.record()
    totals = record["totals"]
    print(f"$ stripper strip {PAGE.relative_to(PAGE.parents[2])}\n")
    for verdict in page.kept:
        print(textwrap.fill(verdict.block.text, WIDTH, initial_indent="  ", subsequent_indent="  "))
    print(f"\nRemoved: {totals['words_removed']} of {totals['words_seen']} words, in reading order:\n")
    for line in removed_lines(record):
        print(line)
    example = next(item for item in record["removed"] if item["text"] == "Check Also")
    print("\nOne removed block as the record has it:\n")
    print(textwrap.indent(json.dumps(example, indent=2, ensure_ascii=False), "  "))
    same = restore(page.text, record) == page.page.text
    print(f"\nClean text + record give back everything the page showed: {'yes' if same else 'NO'}")
    return 0 if same else 1


def removed_lines(record: dict[str, Any]) -> Iterator[str]:
    """Yield one line for each run of removed blocks of one kind: kind, number of blocks, first text, first reasons."""
    yield f"  {'kind':<13}{'blocks':>6}  {'begins with':<46}  why"
    for kind, run in groupby(record["removed"], key=lambda item: item["kind"]):
        blocks = list(run)
        text = textwrap.shorten(blocks[0]["text"], 46, placeholder="…")
        # What the model is sure of is said of every block: what else speaks for it tells more.
        reasons = sorted(blocks[0]["reasons"], key=lambda reason: reason["rule"] == "model")
        why = dict.fromkeys(reason["evidence"] for reason in reasons)
        yield f"  {kind:<13}{len(blocks):>6}  {text:<46}  {'; '.join(list(why)[:2])}"


if __name__ == "__main__":
    sys.exit(main())
