"""A model's card: what it was made from, how, and how good it is; all of it from the facts in the model's file.

``python -m stripper.training.card html.model text.model > MODEL.md`` writes one card for several models.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stripper.errors import StripperError
from stripper.segment.network import load_model
from stripper.training.figures import rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stripper.segment.network import Model

_INTRODUCTION = """\
# Models

Two small convolutional nets over the blocks of a page: one says what stays, the other names the kinds of junk and
the headline. Nothing of the pages they were trained on is in here but numbers. This file is made by
`stripper train`; change it there.
"""


def card(models: Mapping[str, Model]) -> str:
    """Return the card of models, by their file names, as Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(name, model) for name, model in models.items())])


def _section(name: str, model: Model) -> str:
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
    lines = [f"| {name} | {label} | {value} |" for name in corpora for label, value in rows(figures[name])]
    head = ["| corpus | figure | value |", "| --- | --- | --- |"]
    introduction = "Cross-validated figures: each page stripped by a model that saw no page of its host."
    return [introduction, "", *head, *lines, ""]


def _calibration(facts: Mapping[str, Any]) -> list[str]:
    slope, shift = facts["calibration"]
    factors = zip(facts["types"], facts["threshold_factors"], strict=True)
    return [
        f"Log-odds of keeping are scaled by {slope} and shifted by {shift}.",
        f"Thresholds, as factors of half the expected F1: {', '.join(f'{name} {factor}' for name, factor in factors)}.",
        "",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the card of models; return 0 all well, 1 a model cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m stripper.training.card", allow_abbrev=False)
    parser.add_argument("models", nargs="+", metavar="MODEL", help="model file")
    try:
        models = {Path(path).name: load_model(path) for path in parser.parse_args(argv).models}
    except StripperError as error:
        sys.stderr.write(f"stripper: {error}\n")
        return 1
    sys.stdout.write(card(models))
    return 0


if __name__ == "__main__":
    sys.exit(main())
