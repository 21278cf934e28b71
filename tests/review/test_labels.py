"""Corrections: made in the browser, saved as a labelled page, read by eval and train, and then they hold."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from stripper import strip_file
from stripper.cli import main
from stripper.datatypes import Kind
from stripper.evaluation import open_corpus, read_input
from stripper.pipeline import strip_raw
from tests.review.conftest import DEMO, ROOT, needs_chromium, review_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.review.conftest import Opened

    Open = Callable[..., Opened]

pytestmark = needs_chromium
NO_TORCH = "training needs torch: pip install 'boilerplate-stripper[train]'"
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason=NO_TORCH)

TEXT_PAGE = ROOT / "fixtures" / "sloppy-check-also" / "page.txt"


def saved(page: Opened, folder: Path) -> Path:
    """Save the labelled page under the name that the review gives it."""
    with page.page.expect_download() as download:
        page.press("s")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def choose(page: Opened, kind: str, *, whole: bool = False) -> None:
    """Correct the block that has the focus."""
    page.press("Enter")
    if whole:
        page.page.check(".editor input")
    page.page.select_option(".editor select", kind)
    page.page.click(".editor button:has-text('Set')")


def row_of(path: Path) -> dict[str, Any]:
    """The one line of a labelled page."""
    (line,) = path.read_text("utf-8").splitlines()
    row: dict[str, Any] = json.loads(line)
    return row


@pytest.mark.parametrize("source", [DEMO, TEXT_PAGE], ids=lambda path: path.parent.name)
def test_a_correction_is_saved(opened: Open, tmp_path: Path, source: Path) -> None:
    """The labelled page holds all blocks with their kinds, the corrected one with its own, and the input itself."""
    stripped = strip_file(source)
    first = stripped.removed[0].block.index
    page = opened(review_of(tmp_path, source))
    page.press("n")
    choose(page, "notice")
    assert page.text(f"#p1-b{first} .kind") == f"notice (was {stripped.removed[0].kind})"
    assert page.text(".count") == "1 correction"
    path = saved(page, tmp_path)
    assert path.name.endswith(".labelled.jsonl")
    (gold,) = open_corpus(path).pages
    assert gold.data == source.read_bytes()
    assert gold.blocks is not None
    kinds = [Kind.NOTICE if v.block.index == first else v.kind for v in stripped.verdicts]
    assert [kind for _, kind in gold.blocks] == kinds
    assert strip_raw(read_input(gold)).page.text == stripped.page.text
    assert page.said == []


def test_corrections_are_counted_and_taken_back(opened: Open, demo: Path) -> None:
    """A whole run of one kind at once, content by one key, and each step back."""
    page = opened(demo)
    page.press("n")
    choose(page, "account", whole=True)
    run = page.count(".corrected")
    assert run > 1
    assert page.text(".count") == f"{run} corrections"
    page.press("p", "c")
    assert page.count(".corrected") == run + 1
    assert page.count(".corrected.kept") == 1
    page.press("z", "z")
    assert page.count(".corrected") == 0
    assert page.text(".count") == "no corrections"
    assert page.page.locator("[data-do=undo]").is_disabled()


def test_a_kind_that_is_set_back_is_no_correction(opened: Open, demo: Path) -> None:
    """Nothing is left of it."""
    page = opened(demo)
    page.press("n")
    kind = page.text(".block:focus-within .kind")
    choose(page, "share")
    choose(page, kind)
    assert page.count(".corrected") == 0
    assert page.text(".block:focus-within .kind") == kind


def test_a_record_alone_takes_no_corrections(opened: Open, tmp_path: Path) -> None:
    """There is no page to label; with the page beside it there is."""
    source = tmp_path / "page.html"
    source.write_bytes(DEMO.read_bytes())
    assert main(["strip", str(source), "-o", str(tmp_path / "out")]) == 0
    page = opened(review_of(tmp_path, tmp_path / "out" / "page.json"))
    assert page.count("[data-do=save]") == page.count("iframe") == 1
    source.unlink()
    page = opened(review_of(tmp_path, tmp_path / "out" / "page.json"))
    assert page.count("[data-do=save]") == page.count("iframe") == 0
    page.press("n", "Enter", "c", "s")
    assert page.count(".editor") == page.count(".corrected") == 0
    assert (page.said, page.asked) == ([], [])


def test_eval_reads_labelled_pages(opened: Open, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One file, or a folder of them; without a correction the page is right in every word."""
    labelled = tmp_path / "labelled"
    labelled.mkdir()
    for source in (DEMO, TEXT_PAGE):
        saved(opened(review_of(tmp_path, source)), labelled)
    for corpus, pages in ((next(labelled.iterdir()), 1), (labelled, 2)):
        assert main(["eval", str(corpus), "--json", "--jobs", "1"]) == 0
        figures = json.loads(capfd.readouterr().out)
        assert (figures["pages"], figures["missing"]) == (pages, 0)
        assert figures["kept"]["f1"] == figures["kinds"]["micro_f1"] == 1.0


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("torch") is None, reason="training needs torch: pip install 'boilerplate-stripper[train]'"
)
def test_a_correction_holds_after_training(opened: Open, tmp_path: Path) -> None:
    """Review, correct, train on the labelled page, strip again: the block is what the person said."""
    page = opened(review_of(tmp_path, DEMO))
    target = next(v.block for v in strip_file(DEMO).removed if v.block.text == "Check Also")
    page.page.focus(f"#p1-b{target.index} .chip")
    choose(page, "notice")
    labelled = saved(page, tmp_path)
    model = tmp_path / "own.model"
    assert main(["train", str(labelled), "-o", str(model), "--folds", "0", "--epochs", "60,60,0"]) == 0
    out = tmp_path / "out"
    assert main(["strip", str(DEMO), "--model", str(model), "-o", str(out)]) == 0
    record = json.loads((out / "page.json").read_text("utf-8"))
    kinds = {item["id"]: item["kind"] for item in record["removed"]}
    assert kinds[target.index] == "notice"
