"""Tiny labelled corpora, made of the fixtures: every page is ours."""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stripper.training.corpora import read_corpora
from stripper.training.dataset import build_dataset
from stripper.training.settings import Settings, Widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripper.training.corpora import Corpora
    from stripper.training.dataset import Example

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAGES = ("aside-article-it", "docs-sphinx-en", "forum-invision-fr", "shop-woocommerce-nl", "tabloid-ads-en", "news-ja")

# Small and short: what is learned does not matter here, but that it is learned alike.
SMALL = Settings(
    folds=2,
    keep_epochs=1,
    kind_epochs=1,
    self_epochs=1,
    widths=Widths(blocks=8, words=4, markup=4, hrefs=2, page=4),
)


NEEDS_TOOLS = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("html_text", "inscriptis", "resiliparse", "readability", "justext")),
    reason="needs the tools that scrape: pip install 'boilerplate-stripper[train]'",
)


def quiet(line: str) -> None:
    """Take a message and say nothing."""


def write_corpus(
    folder: Path, rows: Sequence[dict[str, Any]], pages: dict[str, str], *, suffix: str = "html.gz"
) -> Path:
    """Write a corpus in the format of `stripper eval`: `rows` of gold.jsonl, and `pages` by id."""
    inputs = folder / suffix.partition(".")[0]
    inputs.mkdir(parents=True)
    for name, text in pages.items():
        data = text.encode()
        (inputs / f"{name}.{suffix}").write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def fixture(slug: str) -> tuple[str, dict[str, Any]]:
    """Return page and labels of a fixture."""
    labels: dict[str, Any] = json.loads((FIXTURES / slug / "expected.json").read_text("utf-8"))
    return (FIXTURES / slug / "page.html").read_text("utf-8"), labels


def blocks_row(slug: str) -> dict[str, Any]:
    """Return a line that labels a fixture block by block."""
    labels = fixture(slug)[1]
    url = f"https://www.{slug}.example/page"
    return {"id": slug, "url": url, "type": labels["page_type"], "blocks": labels["blocks"]}


def text_row(slug: str) -> dict[str, Any]:
    """Return a line with a fixture's gold text, which leaves the headline out."""
    labels = fixture(slug)[1]
    text = "\n".join(text for text, kind in labels["blocks"] if kind == "content")
    title = next((text for text, kind in labels["blocks"] if kind == "title"), None)
    url = f"https://www.{slug}.example/page"
    return {"id": f"t.{slug}", "url": url, "type": labels["page_type"], "text": text, "title": title}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make two corpora: gold texts of six pages, and blocks of three of them."""
    root = tmp_path_factory.mktemp("corpora")
    sources = {slug: fixture(slug)[0] for slug in PAGES}
    texts = write_corpus(root / "texts", [text_row(s) for s in PAGES], {f"t.{s}": sources[s] for s in PAGES})
    kinds = write_corpus(root / "kinds", [blocks_row(s) for s in PAGES[:3]], {s: sources[s] for s in PAGES[:3]})
    return texts, kinds


@pytest.fixture(scope="session")
def corpora(folders: tuple[Path, Path]) -> Corpora:
    """Read both corpora."""
    return read_corpora(folders, quiet)


@pytest.fixture(scope="session")
def examples(corpora: Corpora) -> tuple[Example, ...]:
    """Build the dataset of both corpora."""
    return build_dataset(corpora.samples, 1, quiet)
