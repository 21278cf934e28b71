"""``make gate``: the scores on the labelled corpora against the floors in floors.toml.

    python tools/quality_gate.py            check; exit 1 below a floor
    python tools/quality_gate.py --raise    write today's figures where they are better
    python tools/quality_gate.py --lower    write today's figures, better or worse: shows in the diff, needs a reason

A floor belongs to one corpus, known by the SHA-256 of its gold.jsonl: figures of other pages say nothing.
The tolerance is for platforms whose floating point differs in the last digits, not for worse figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT.parent / "shared" / "corpora"
FLOORS = Path(__file__).with_name("floors.toml")
TOLERANCE = 0.0005
HEAD = """\
# Floors of the quality gate, by corpus and figure; see quality_gate.py. `--raise` writes better ones; a lower one needs
# `--lower` and a reason in the change that brings it.
"""


def main() -> int:
    """Check or write the floors; return 0, 1 below a floor, 2 where a corpus is another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raise", dest="raising", action="store_true", help="write figures that are better")
    parser.add_argument("--lower", action="store_true", help="write all figures")
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of corpora (default: %(default)s)")
    args = parser.parse_args()
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    failed = 0
    for name, table in floors.items():
        corpus = args.corpora / name
        found = hashlib.sha256((corpus / "gold.jsonl").read_bytes()).hexdigest()
        if found != table["gold_sha256"] and not args.lower:
            print(
                f"{corpus}: another corpus than the floors were measured on; --lower writes new ones", file=sys.stderr
            )
            return 2
        table["gold_sha256"] = found
        figures = measured(corpus)
        failed += check(name, table["floors"], figures)
        for key, floor in table["floors"].items():
            if args.lower or (args.raising and figures[key] > floor):
                table["floors"][key] = figures[key]
    if args.raising or args.lower:
        FLOORS.write_text(HEAD + "\n" + "\n".join(written(name, table) for name, table in floors.items()), "utf-8")
        print(f"wrote {FLOORS.relative_to(ROOT)}")
        return 0
    return 1 if failed else 0


def measured(corpus: Path) -> dict[str, float]:
    """Return every figure of `stripper eval` by a dotted name: ``word.f1``, ``type.article``, ``kinds.micro_f1``."""
    command = [sys.executable, "-m", "stripper", "eval", str(corpus), "--json", "--by-type"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False, text=True)
    if not done.stdout:
        raise SystemExit(f"{' '.join(command)} gave no figures (exit code {done.returncode})")
    figures: dict[str, Any] = json.loads(done.stdout)
    flat = {f"type.{name}": f1 for name, (f1, _) in figures.pop("word_f1_by_type", {}).items()}
    flat |= {f"kind.{name}": row["f1"] for name, row in figures.get("kinds", {}).pop("each", {}).items()}
    for name, value in figures.items():
        flat |= {f"{name}.{key}": figure for key, figure in value.items()} if isinstance(value, dict) else {name: value}
    return flat


def check(corpus: str, floors: dict[str, float], figures: dict[str, float]) -> int:
    """Print each figure beside its floor; return how many are below."""
    below = 0
    for key, floor in floors.items():
        bad = figures[key] < floor - TOLERANCE
        below += bad
        print(f"{corpus:<12}{key:<24}{figures[key]:>9.4f}   floor {floor:.4f}{'   BELOW' if bad else ''}")
    return below


def written(name: str, table: dict[str, Any]) -> str:
    """Return a corpus' table as TOML."""
    lines = [f"[{name}]", f'gold_sha256 = "{table["gold_sha256"]}"', "", f"[{name}.floors]"]
    return "\n".join([*lines, *(f'"{key}" = {floor}' for key, floor in table["floors"].items())]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
