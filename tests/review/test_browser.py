"""The review in a real browser: silent, complete, and of use with keys, mouse, screen reader, paper and phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from stripper import strip_file
from stripper.cli.splits import split_of
from stripper.datatypes import KEPT_KINDS, Kind
from stripper.review.page import Reviewed
from tests.review.conftest import DEMO, ROOT, needs_chromium, review_of, write
from tests.write.handmade import html_page, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.review.conftest import Opened

    Open = Callable[..., Opened]

pytestmark = needs_chromium

BLOCKS = """() => [...document.querySelectorAll(".block")].map(block => [
  Number(block.dataset.id), block.dataset.kind, block.classList.contains("gone"),
  block.querySelector(".text").textContent,
  [...block.querySelectorAll(".why li")].map(item => item.textContent),
])"""
VISIBLE = "() => [...document.querySelectorAll('.block')].filter(b => b.checkVisibility()).map(b => b.dataset.kind)"


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the review of a page with a block of each kind, one of them undecided."""
    verdicts = [verdict(f"This is {kind}", kept=kind in KEPT_KINDS, kind=kind) for kind in Kind]
    verdicts[2] = replace(verdicts[2], confidence=0.5)
    page = html_page(verdicts)
    return write(tmp_path_factory.mktemp("kinds") / "review.html", Reviewed(split_of(page), page.page, b"<p>"))


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """Return the record of the demo page."""
    return strip_file(DEMO).record()


def test_it_is_silent(opened: Open, demo: Path) -> None:
    """No message, no error, no request, whatever is pressed."""
    page = opened(demo)
    page.press(*"npuujjkecz", "Escape")
    page.page.click("[data-view=frame]")
    page.page.click("[data-view=clean]")
    assert (page.said, page.asked) == ([], [])


@pytest.mark.parametrize("slug", ["wordpress-check-also", "sloppy-check-also", "hebrew-blog-he", "table-data-hu"])
def test_every_block_is_there_once(opened: Open, tmp_path: Path, slug: str) -> None:
    """In order, with its kind, its text and all its reasons; HTML and text, left to right and right to left."""
    source = next((ROOT / "fixtures" / slug).glob("page.*"))
    stripped = strip_file(source)
    shown = opened(review_of(tmp_path, source)).page.evaluate(BLOCKS)
    assert [(index, kind, gone) for index, kind, gone, _, _ in shown] == [
        (v.block.index, str(v.kind), not v.kept) for v in stripped.verdicts
    ]
    for (_, _, _, text, reasons), told in zip(shown, stripped.verdicts, strict=True):
        assert text.strip() == told.block.text.replace("\r\n", "\n").replace("\r", "\n")
        assert reasons == [f"{rule} {evidence}" for rule, evidence in told.reasons]


def test_the_clean_text_stands_beside(opened: Open, demo: Path) -> None:
    """The second column is the clean text, line by line."""
    lines = opened(demo).page.locator(".clean .line").all_inner_texts()
    assert "\n".join(lines) == strip_file(DEMO).text


def test_reasons_show_on_hover_and_on_focus(opened: Open, demo: Path, record: dict[str, Any]) -> None:
    """Those of one block at a time."""
    page = opened(demo)
    first, second = (f"#p1-b{item['id']}" for item in record["removed"][:2])
    assert not page.page.locator(f"{first} .why").is_visible()
    page.page.hover(first)
    assert page.page.locator(f"{first} .why").is_visible()
    page.page.focus(f"{second} .chip")
    assert page.page.locator(f"{second} .why").is_visible()


def test_next_and_previous(opened: Open, demo: Path, record: dict[str, Any]) -> None:
    """By key and by button, from the first removal on, and round the ends."""
    page = opened(demo)
    ids = [item["id"] for item in record["removed"]]
    focused = "() => document.activeElement.closest('.block').dataset.id"
    page.press("n", "n", "n")
    assert page.page.evaluate(focused) == str(ids[2])
    page.page.click("[data-do=previous]")
    assert page.page.evaluate(focused) == str(ids[1])
    page.press("p", "p")
    assert page.page.evaluate(focused) == str(ids[-1])
    assert page.text(".position") == f"removal {len(ids)} of {len(ids)}: {record['removed'][-1]['kind']}"
    assert page.text(".live") == page.text(".position")


def test_the_keyboard_alone_is_enough(opened: Open, demo: Path) -> None:
    """From the top: Tab reaches the skip link and every control; Enter on a block opens the choice of its kind."""
    page = opened(demo)
    page.press("Tab")
    assert page.page.evaluate("() => document.activeElement.className") == "skip"
    page.press("n", "Enter")
    assert page.page.evaluate("() => document.activeElement.tagName") == "SELECT"
    page.press("Escape")
    assert page.page.evaluate("() => document.activeElement.className") == "chip"
    assert page.count(".editor") == 0


def test_kinds_are_filtered(opened: Open, demo: Path, record: dict[str, Any]) -> None:
    """One kind off, none, all, and only what is undecided."""
    page = opened(demo)
    kinds = [item["kind"] for item in sorted(record["kept"] + record["removed"], key=lambda item: item["id"])]
    assert page.page.evaluate(VISIBLE) == kinds
    page.page.uncheck("[data-filter=navigation]")
    assert page.page.evaluate(VISIBLE) == [kind for kind in kinds if kind != "navigation"]
    page.press("n")
    assert page.page.evaluate("() => document.activeElement.closest('.block').dataset.kind") != "navigation"
    page.page.click("[data-do=none]")
    assert page.page.evaluate(VISIBLE) == []
    page.page.click("[data-do=all]")
    assert page.page.evaluate(VISIBLE) == kinds


def test_undecided_blocks_are_marked(opened: Open, tmp_path: Path) -> None:
    """They say so, can be shown alone, and u goes from one to the next."""
    source = ROOT / "fixtures" / "tabloid-ads-en" / "page.html"
    undecided = [v.block.index for v in strip_file(source).verdicts if round(v.confidence, 4) <= 0.5]
    page = opened(review_of(tmp_path, source))
    assert page.count(".block.undecided") == len(undecided)
    page.page.check("[data-do=undecided]")
    assert len(page.page.evaluate(VISIBLE)) == len(undecided)


def test_the_page_is_shown_with_its_blocks(opened: Open, demo: Path, record: dict[str, Any]) -> None:
    """In a frame where no script runs; it follows the reader."""
    page = opened(demo)
    page.page.click("[data-view=frame]")
    frame = page.page.frame_locator("iframe")
    assert frame.locator(".b").count() == record["totals"]["blocks"]
    assert frame.locator(".b.gone").count() == len(record["removed"])
    assert page.page.get_attribute("iframe", "sandbox") == "allow-same-origin"
    last = record["removed"][-1]["id"]
    assert not _in_view(page, f"#b{last}")
    page.press("p")
    assert _in_view(page, f"#b{last}")


def _in_view(page: Opened, selector: str) -> bool:
    inside = page.page.locator("iframe").evaluate(
        """(frame, selector) => {
          const box = frame.contentDocument.querySelector(selector).getBoundingClientRect();
          return box.top >= 0 && box.bottom <= frame.clientHeight;
        }""",
        selector,
    )
    return bool(inside)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_problem(opened: Open, every_kind: Path, scheme: str) -> None:
    """On a page with all kinds, with a block open, its kind being chosen, in both colour schemes."""
    page = opened(every_kind, color_scheme=scheme)
    page.press("n", "Enter")
    page.page.select_option(".editor select", "content")
    assert page.axe() == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_problem_in_the_frame(opened: Open, every_kind: Path, scheme: str) -> None:
    """The copy of the page by itself: no script of a tool runs where it stands."""
    page = opened(every_kind, color_scheme=scheme)
    page.page.set_content(str(page.page.get_attribute("iframe", "data-page")))
    assert page.axe() == []


def test_the_colour_scheme_is_the_readers(opened: Open, demo: Path) -> None:
    """Light or dark, as the system says."""
    colours = "() => getComputedStyle(document.body).backgroundColor"
    assert opened(demo, color_scheme="light").page.evaluate(colours) == "rgb(255, 255, 255)"
    assert opened(demo, color_scheme="dark").page.evaluate(colours) == "rgb(21, 23, 27)"


def test_it_fits_a_phone(opened: Open, demo: Path) -> None:
    """Nothing is wider than the screen."""
    page = opened(demo, viewport={"width": 360, "height": 740})
    assert page.page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_it_prints(opened: Open, demo: Path) -> None:
    """Blocks, their kinds and reasons, and the clean text; no buttons that nobody can press."""
    page = opened(demo)
    page.page.emulate_media(media="print")
    assert page.page.locator(".gone .why").first.is_visible()
    assert page.page.locator(".clean").is_visible()
    assert not page.page.locator(".bar").is_visible()
    assert not page.page.locator("iframe").is_visible()


def test_it_reads_without_scripts(opened: Open, demo: Path) -> None:
    """All blocks and the clean text are there; what needs a script is not."""
    page = opened(demo, java_script_enabled=False)
    assert page.page.locator(".block").first.is_visible()
    assert page.page.locator(".clean").is_visible()
    assert not page.page.locator(".bar").is_visible()


def test_several_pages_have_an_index(opened: Open, tmp_path: Path) -> None:
    """With a strip of colours for each; one page is shown at a time, and what failed is named."""
    folder = ROOT / "fixtures"
    sources = [DEMO, folder / "sloppy-zh" / "page.txt", tmp_path / "missing.html"]
    page = opened(review_of(tmp_path, *sources, code=1))
    assert page.text(".index h1") == "2 pages, 1 failed"
    assert page.count(".index ol > li") == 3
    assert page.count(".index svg.strip") == 2
    assert "no such file" in page.text(".index ol > li:nth-child(3)")
    shown = "() => [...document.querySelectorAll('section.page')].filter(s => s.checkVisibility()).map(s => s.id)"
    assert page.page.evaluate(shown) == ["p1"]
    assert str(sources[1]) in page.text(".index ol > li:nth-child(2)")  # titles may be the same
    kinds = "selector => [...new Set([...document.querySelectorAll(selector)].map(e => e.classList[0]))].sort()"
    assert page.page.evaluate(kinds, ".index .legend li") == page.page.evaluate(kinds, ".index svg rect")
    page.page.click(".index ol > li:nth-child(2) a")
    assert page.page.evaluate(shown) == ["p2"]
    page.press("n")
    assert page.page.evaluate("() => document.activeElement.closest('section.page').id") == "p2"
    assert (page.said, page.asked) == ([], [])


@pytest.mark.slow
def test_axe_finds_no_serious_problem_in_an_index(opened: Open, tmp_path: Path) -> None:
    """Two small pages and one that failed."""
    source = ROOT / "fixtures" / "sloppy-zh" / "page.txt"
    page = opened(review_of(tmp_path, source, source, tmp_path / "missing.html", code=1))
    assert page.axe() == []


def test_kept_kinds_are_not_coloured(opened: Open, demo: Path) -> None:
    """What stays is plain text."""
    gone = {kind for _, kind, gone, _, _ in opened(demo).page.evaluate(BLOCKS) if gone}
    assert gone
    assert not gone & set(KEPT_KINDS)
