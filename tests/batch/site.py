"""A made site of 40 pages: articles of their own words, and blocks that all pages share.

The shared junk says nothing that a table of phrases knows and stands in boxes whose names tell nothing: one page alone
does not show what it is. The shared content (the intro of a series, a table of units) must stay.
"""

from __future__ import annotations

import random
from typing import NamedTuple

PAGES = 40

_THINGS = (
    "weir sluice mill lock ferry quay boathouse towpath culvert pier beacon dredger barge winch slipway ropewalk"
).split()
_WHO = (
    "the keeper|a surveyor|the parish clerk|two masons|the lock crew|an old bargee|the engineer|a diver|the miller"
).split("|")
_DID = "measured|repainted|closed|drained|mapped|rebuilt|inspected|sketched|raised|shored up|cleared|abandoned".split(
    "|"
)
_WHEN = (
    "before the thaw|in a dry spring|after the flood|by lantern light|over nine weeks|at low water|that autumn".split(
        "|"
    )
)
_WHY = (
    "because the timbers had begun to give|so that the boats could pass again|while the river stood a hand too high"
    "|although nobody had asked for it|since the older wall leaned towards the road|until the money ran out"
).split("|")

SERIES = (
    "This piece belongs to our walk along the canal, from the first lock to the sea; each part takes one structure and"
    " asks who built it and what it is for today."
)
UNITS = (("1 fathom", "1.83 metres"), ("1 chain", "20.12 metres"), ("1 furlong", "201.17 metres"))
_MAPS = (
    "The reading room above the chandlery has maps of the whole valley, and tea is served there on most afternoons of"
    " the week to anybody who climbs the stairs."
)
_ROOMS = "Three rooms look over the basin, and the boatman will bring a basket to the landing for those on the water."
_GARDEN = "Ask at the green door for the key to the garden, which the society has looked after for many years."
JUNK = (_MAPS, _ROOMS, _GARDEN)
MENU = ("Valley", "Water", "People", "Boats")


class Made(NamedTuple):
    """A page and what is true of it."""

    name: str
    html: str
    kept: tuple[str, ...]  # paragraphs that must stay
    junk: tuple[str, ...]  # shared paragraphs that should go


def page(number: int) -> Made:
    """Return page `number` of the site."""
    dice = random.Random(number)  # noqa: S311 - the same pages for ever
    thing = f"{dice.choice(_THINGS)} of {dice.choice('Marle Orwick Tanby Stell Hethe Quarn Lisset Brale'.split())}"
    title = f"The {thing} and the {dice.choice(_THINGS)} number {number + 1}"
    own = [_paragraph(dice, thing) for _ in range(dice.randint(4, 8))]
    body = "\n".join(f"<p>{text}</p>" for text in own)
    menu = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in MENU)
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in UNITS)
    html = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="https://canal.example/part-{number}"></head>
<body><div class="a1"><ul>{menu}</ul></div>
<div class="b2"><div class="c3"><h1>{title}</h1>
<p>{SERIES}</p>
{body}
<table>{rows}</table>
</div>
<div class="c5"><p>{JUNK[0]}</p><p>{JUNK[1]}</p></div>
<div class="c6"><p>{JUNK[2]}</p></div></div>
<div class="a7"><p>{dice.randint(3, 90)} boats passed today.</p></div></body></html>
"""
    return Made(f"part-{number:02}.html", html, (SERIES, *own), JUNK)


def site() -> list[Made]:
    """Return all pages."""
    return [page(number) for number in range(PAGES)]


def _paragraph(dice: random.Random, thing: str) -> str:
    sentences = [
        f"{_upper(dice.choice(_WHO))} {dice.choice(_DID)} the {dice.choice([thing, *_THINGS])} {dice.choice(_WHEN)},"
        f" {dice.choice(_WHY)}; it took {dice.randint(2, 400)} days."
        for _ in range(dice.randint(2, 4))
    ]
    return " ".join(sentences)


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
