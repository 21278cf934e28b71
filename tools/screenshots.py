"""``make screenshots``: the review of the demo page in Chromium, light, dark and on a phone, into docs/."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from stripper.cli import main as stripper

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "fixtures" / "wordpress-check-also" / "page.html"
DOCS = ROOT / "docs"
DESK, PHONE = (1080, 800), (390, 720)
SHOTS = (("light", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light"))


def main() -> int:
    """Write the pictures; return 2 where there is no browser."""
    program = shutil.which("chromium")
    if program is None:
        print("no chromium on this machine", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    DOCS.mkdir(exist_ok=True)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        review = Path(folder) / "review.html"
        os.chdir(ROOT)  # the picture shows the path
        if code := stripper(["review", str(PAGE.relative_to(ROOT)), "-o", str(review)]):
            return code
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for name, size, scheme in SHOTS:
            path = DOCS / f"review-{name}.png"
            shoot(browser, review.as_uri(), path, (size, scheme))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        browser.close()
    return 0


def shoot(browser: Browser, address: str, path: Path, look: tuple[tuple[int, int], str]) -> None:
    """Take one picture: without the menus, the focus on a block that went, its reasons open."""
    (width, height), scheme = look
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.goto(address)
    page.uncheck("[data-filter=navigation]")
    page.locator("details.kinds > summary").click()
    page.mouse.move(1, 1)
    page.locator(".block", has_text="Orla Penhallow").first.locator(".chip").focus()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
