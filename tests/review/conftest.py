"""Reviews as files, and a browser to open them in."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stripper.cli import main
from stripper.review.page import write_review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from stripper.review.page import Reviewed

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "wordpress-check-also" / "page.html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@dataclass
class Opened:
    """A file in the browser, and all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)  # console, errors, dialogs
    asked: list[str] = field(default_factory=list)  # requests but that for the file itself

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def count(self, selector: str) -> int:
        """How many elements are there."""
        return self.page.locator(selector).count()

    def text(self, selector: str) -> str:
        """The text of an element."""
        return self.page.locator(selector).first.inner_text()

    def axe(self) -> list[str]:
        """The serious and critical problems that axe-core finds; frames are asked by themselves."""
        if not AXE.exists():
            pytest.skip(f"no axe-core at {AXE}: npm install --no-save axe-core@4")
        self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
        assert len(found["passes"]) > 3, "axe has looked at nothing"
        return [
            f"{problem['id']}: {problem['nodes'][0]['html']}"
            for problem in found["violations"]
            if problem["impact"] in ("serious", "critical")
        ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser for one module: Playwright holds the event loop, which other tests want too."""
    api = pytest.importorskip("playwright.sync_api", reason="the extra `render` is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Return a function that opens a file; settings are those of a browser's context."""
    contexts = []

    def start(path: Path, **settings: Any) -> Opened:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        seen = Opened(page)
        address = path.as_uri()
        page.on("console", lambda message: seen.said.append(message.text))
        page.on("pageerror", lambda error: seen.said.append(str(error)))
        page.on("request", lambda request: seen.asked.append(request.url))
        page.goto(address)
        seen.asked.remove(address)
        return seen

    yield start
    for context in contexts:
        context.close()


def review_of(folder: Path, *inputs: Path, code: int = 0) -> Path:
    """Write the review of `inputs`."""
    out = folder / "review.html"
    assert main(["review", *map(str, inputs), "-o", str(out)]) == code
    return out


def write(path: Path, *pages: Reviewed) -> Path:
    """Write the review of pages made by hand."""
    pieces: list[str] = []
    write_review(pages, pieces.append, "0")
    path.write_text("".join(pieces), "utf-8")
    return path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the review of the page that `make demo` shows."""
    return review_of(tmp_path_factory.mktemp("demo"), DEMO)
