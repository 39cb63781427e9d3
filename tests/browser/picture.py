"""`python -m tests.browser.picture`: the README's pictures, taken from the demo as a visitor sees it.

Plays the whole fictional network in a folder of its own and photographs the cockpit and a client's page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import hatch_build
from demo.links import Account, link
from demo.play import play
from demo.stage import Stage
from demo.world import FULL, build
from perf import chromium

DOCS = Path(hatch_build.ROOT) / "docs"
SIZE = {"width": 1280, "height": 800}


def main() -> int:
    """Write docs/cockpit.png and docs/client.png."""
    path = chromium.program()
    if path is None:
        print(f"picture: {chromium.MISSING}", file=sys.stderr)
        return 1
    hatch_build.build()
    with tempfile.TemporaryDirectory(prefix="vigie-picture-") as folder:
        stage = Stage(Path(folder), "demo", "Vigie, démonstration")
        try:
            print("picture: playing the demo ...", flush=True)
            played = play(build(FULL), stage, lambda _done, _all, _what: None)
            _photograph(path, stage.url, played.accounts[0])
        finally:
            stage.stop()
    return 0


def _photograph(path: str, url: str, account: Account) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_context(
            viewport=SIZE, device_scale_factor=1.5, locale="en-GB", color_scheme="light"
        ).new_page()
        page.goto(link(url, account))
        page.wait_for_selector("main h1")
        page.evaluate("() => location.replace('#/portfolio')")
        page.wait_for_selector("tr.row")
        _take(page, "cockpit.png")
        page.locator("tr.row .name").first.click()
        page.wait_for_selector(".sentence")
        _take(page, "client.png")
        browser.close()


def _take(page: Any, name: str) -> None:
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.wait_for_timeout(400)
    page.screenshot(path=DOCS / name)
    print(f"picture: docs/{name}, {(DOCS / name).stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
