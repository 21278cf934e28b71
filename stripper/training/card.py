"""A model's card: what it was made from, how, and how good it is; all of it from the facts in the model's file.

``python -m stripper.training.card html.model text.model > MODEL.md`` writes one card for several models.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.errors import StripperError, UnreadableInput
from stripper.segment.model_file import parse
from stripper.training.figures import rows
from stripper.training.line_figures import line_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stripper.segment.model_file import ModelFile

_INTRODUCTION = """\
# Models

Small convolutional nets over the blocks of a page. For HTML two: one says what stays, the other names the kinds of junk
and the headline; for plain text one does both. Nothing of the pages they were trained on is in here but numbers. This
file is made by `stripper train`; change it there.
"""


def card(models: Mapping[str, ModelFile]) -> str:
    """Return the card of models, by their file names, as Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(name, model) for name, model in models.items())])


def _section(name: str, model: ModelFile) -> str:
    facts = model.facts
    numbers = sum(array.size for array in model.weights.values())
    parts = [
        f"## {name}",
        "",
        f"- for {_INPUTS.get(facts.get('mode', ''), 'pages')}; {numbers:,} numbers of 16 bits",
        f"- sha256 `{model.sha256}`",
        f"- features `{facts.get('features', 'unknown')}`",
        *_making(facts),
        "",
        *_data(facts.get("data", [])),
        *_figures(facts.get("figures", {}), [source["name"] for source in facts.get("data", [])]),
        *_calibration(facts),
    ]
    return "\n".join(parts)


_INPUTS = {"html": "HTML pages", "text": "plain text"}


def _making(facts: Mapping[str, Any]) -> list[str]:
    made_with = ", ".join(f"{package} {version}" for package, version in facts.get("made_with", {}).items())
    lines = [f"- made by `{facts['command']}`"] if "command" in facts else []
    lines += [f"- seed {facts['seed']}"] if "seed" in facts else []
    lines += [f"- made with {made_with}"] if made_with else []
    if settings := facts.get("settings"):
        lines.append(f"- settings that are not the defaults: `{json.dumps(settings)}`")
    return lines


def _data(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    if not sources:
        return ["Trained on: not said.", ""]
    lines = [f"| {s['name']} | {s['pages']:,} | {s['credit'] or 'not said'} | `{s['sha256']}` |" for s in sources]
    head = ["| trained on | pages | from | sha256 of gold.jsonl |", "| --- | --- | --- | --- |"]
    return ["A page that is in several corpora was read once, with all its labels.", "", *head, *lines, ""]


def _figures(figures: Mapping[str, Mapping[str, Any]], corpora: Sequence[str]) -> list[str]:
    if not figures:
        return ["Figures: none, it was trained without cross-validation.", ""]
    told = [(name, figures[name]) for name in corpora if name in figures]
    lines = [f"| {name} | {label} | {value} |" for name, its in told for label, value in (*rows(its), *line_rows(its))]
    head = ["| corpus | figure | value |", "| --- | --- | --- |"]
    introduction = "Cross-validated figures: each page stripped by a model that saw no page of its host."
    return [introduction, "", *head, *lines, ""]


def _calibration(facts: Mapping[str, Any]) -> list[str]:
    slope, shift = facts["calibration"]
    scaled = f"Log-odds of keeping are scaled by {slope} and shifted by {shift}."
    if "types" not in facts:
        clean = f"Above {facts['clean_from']} a text is taken for clean, and all of it stays."
        return [scaled, clean, f"Threshold, as a factor of half the expected F1: {facts['threshold_factor']}.", ""]
    factors = zip(facts["types"], facts["threshold_factors"], strict=True)
    return [
        scaled,
        f"Thresholds, as factors of half the expected F1: {', '.join(f'{name} {factor}' for name, factor in factors)}.",
        "",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the card of models; return 0 all well, 1 a model cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m stripper.training.card", allow_abbrev=False)
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL", help="model file")
    try:
        models = {path.name: _read(path) for path in parser.parse_args(argv).models}
    except StripperError as error:
        sys.stderr.write(f"stripper: {error}\n")
        return 1
    sys.stdout.write(card(models))
    return 0


def _read(path: Path) -> ModelFile:
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise UnreadableInput(str(path), f"{path} cannot be read as a model: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
