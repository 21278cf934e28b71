"""What stands in a model's file beside its weights: enough to run it, to make it again, and to judge it."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from stripper.datatypes import Mode
from stripper.parse import parse_html, parse_text
from stripper.segment.decision import KINDS
from stripper.segment.features import features
from stripper.segment.lines import lines
from stripper.training.calibrate import neutral
from stripper.training.line_calibrate import neutral_lines
from stripper.training.settings import DILATIONS
from stripper.training.targets import TYPES
from stripper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stripper.training.corpora import Corpora
    from stripper.training.settings import LineSettings, Settings

# Touches every sort of input once; its words are in no phrase table, whose growth would look like another code.
_PROBE_URL = "https://www.example.org/b/quire-0417?f=1"
_PROBE_HTML = """<!doctype html><html class="js"><head><title>Quire of grebes | Ostler</title>
<meta property="og:type" content="article"><meta name="generator" content="Quoin 4"></head><body class="x">
<header role="banner" id="topBar"><a href="/">Ostler</a><ul><li><a href="//o.example/q">Teasel</a></li>
<li><a href="#a">Sorrel</a></li></ul></header><main><article itemprop="quoin"><h1>Quire of grebes</h1>
<p class="lede-text">A grebe, £4.50 (so “they” say), sits on the quoin; nobody counts its eleven feathers twice,
for who would, in 1987, have dared to? The ostler did: he had a lamp, a ladder and all the time of a long winter.</p>
<h2>葦の間</h2><p>Über Ödland 水鳥が静かに泳いでいる。</p><blockquote>Teasel…</blockquote><pre>a = b;  c</pre>
<ol><li>Umber</li><li>Umber</li></ol><table><tr><td>1</td><td>22</td></tr></table></article></main>
<aside class="sideBox wide-3"><h3>Quoins</h3><a href="mailto:a@b.example">Umber</a><div hidden>Loess</div></aside>
<footer><a href="javascript:q()">OSTLER AND SONS</a></footer></body></html>"""
_PROBE_TEXT = "Quire of grebes\n\nA grebe sits on the quoin; nobody counts its feathers.\n* Umber\n# Loess\n\n\n葦の間"


def base_facts(corpora: Corpora, settings: Settings) -> dict[str, Any]:
    """Return what is known of a model for HTML before training, with a neutral calibration."""
    return neutral(_facts(corpora, settings, Mode.HTML) | {"types": list(TYPES)})


def line_facts(corpora: Corpora, settings: LineSettings) -> dict[str, Any]:
    """Return what is known of a model for plain text before training, with a neutral calibration."""
    return neutral_lines(_facts(corpora, settings, Mode.TEXT))


def _facts(corpora: Corpora, settings: Settings | LineSettings, mode: Mode) -> dict[str, Any]:
    return {
        "kinds": [str(kind) for kind in KINDS],
        "dilations": list(DILATIONS),
        "mode": str(mode),
        "features": fingerprint(mode),
        "data": [asdict(source) for source in corpora.sources],
        "pages": len(corpora.samples),
        "seed": settings.seed,
        "settings": settings.changed(),
        "made_with": {"stripper": __version__, "torch": _version("torch"), "numpy": _version("numpy")},
    }


def fingerprint(mode: Mode) -> str:
    """Return what tells one version of the features from another: 16 hexadecimal digits.

    A model works on the features it was trained on and on no others.
    """
    if mode is Mode.HTML:
        seen = features(parse_html(_PROBE_HTML, url=_PROBE_URL))
        bags = [array for bag in (seen.words, seen.hrefs, seen.markup) for array in (bag.ids, bag.offsets)]
        return _digest([*bags, seen.chain, seen.heading, seen.page_tokens, seen.ranges], [seen.dense, seen.page])
    told = lines(parse_text(_PROBE_TEXT))
    return _digest([told.ends, told.facts.announcer], [told.dense, told.page])


def _digest(exact: Sequence[NDArray[np.generic]], measured: Sequence[NDArray[np.floating]]) -> str:
    # Logarithms differ in the last digit between machines.
    rounded = [np.round(values, 2) + 0.0 for values in measured]
    shapes = repr([array.shape for array in (*exact, *rounded)]).encode()
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in (*exact, *rounded))
    return sha256(shapes + data).hexdigest()[:16]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
