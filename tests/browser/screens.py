"""`python -m tests.browser.screens`: every screen of the page, in every state, language, theme, width.

States: a played network, a firm that sent nothing, one with a single client, one with 20,000, no network any
more, a session that ended. Every view is looked at by axe-core, must not scroll sideways, and fails on a
console error, a report of the content policy or a request to another origin. Pictures are compared with those
stored in `shots/`, small and grey, with a tolerance: keys are random, so that some figures differ from run to
run. At 1280 pixels each is also measured with text and window at 200 % and gone through by Tab. `--write`
stores the pictures anew; words: only the screens whose names have one of them. New screens come from
`web/src/screens.ts` by themselves.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hatch_build
from demo.links import Account, link
from perf import chromium
from tests.browser.conftest import LOG_IN
from tests.browser.reaching import by_keyboard, magnified

SHOTS = Path(__file__).with_name("shots")
WAIT_MS = 60_000
PICTURE_DIFFERENCE_MAX = 9.0
"""Mean difference of grey levels (0 to 255) between two small pictures."""
STATES_ALLOWED = {
    "no network": ("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to load"),
    "ended": ("401", "WebSocket", "Failed to load"),
}
# Draws a picture small and grey; gives its levels and the small picture itself.
SMALL = """async (png) => {
  const image = new Image()
  image.src = 'data:image/png;base64,' + png
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = 160
  canvas.height = Math.round((160 * image.height) / image.width)
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  pen.filter = 'grayscale(1)'
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  const levels = pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, at) => at % 4 === 0)
  return [Array.from(levels), canvas.toDataURL('image/png').split(',')[1]]
}"""


def fragments() -> list[str]:
    """Behind the # of each screen, from the page's own table."""
    program = (
        "import('./src/screens.ts').then(({ SCREENS }) => console.log(JSON.stringify("
        "SCREENS.flatMap((one) => [one.example, ...(one.views ?? [])]"
        ".map((part) => one.name + (part === undefined ? '' : '/' + part))))))"
    )
    node = hatch_build.node_folder() / "bin" / "node"
    run = subprocess.run(
        [node, "--input-type=module", "--eval", program],
        cwd=hatch_build.WEB, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [f"#/{name}" for name in json.loads(run.stdout)]


def settle(page: Any) -> None:
    """Until the screen is there as it stays."""
    page.wait_for_selector("h1")
    page.wait_for_function(
        "() => !document.querySelector('.waiting') && document.fonts.status === 'loaded'"
        " && document.getAnimations().every((one) => one.playState !== 'running')"
    )
    page.evaluate(
        "() => new Promise((done) =>"
        " requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )


def open_screen(page: Any, url: str, fragment: str) -> None:
    """Go there and wait; the same fragment again is no navigation."""
    page.goto(f"{url}/{fragment}")
    settle(page)


COLOURS = ("color-contrast",)
"""The rules that another theme can break."""


def seen_by_axe(page: Any, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core objects to, one line each; of its rules all, or these."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("async (asked) => (await axe.run(asked)).violations", asked)
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def sideways(page: Any) -> list[str]:
    """Whether the page is wider than its window."""
    beyond = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"{beyond} px too wide"] if beyond > 0 else []


@dataclass(frozen=True)
class Look:
    """How a view is looked at; `zoom` 2 is 200 %."""

    width: int = 1280
    theme: str = "light"
    locale: str = "fr-FR"
    zoom: int = 1
    still: bool = True

    @property
    def name(self) -> str:
        """In a file's name."""
        return f"{self.width}-{self.theme}-{self.locale[:2]}{'-200' if self.zoom > 1 else ''}"


TWO = (Look(), Look(390, "dark", "en-GB", still=False))
ALL = (
    *(
        Look(width, theme, locale, still=theme == "light")
        for width, theme, locale in product((1280, 390), ("light", "dark"), ("fr-FR", "en-GB"))
    ),
    Look(zoom=2),
)


@dataclass
class Rounds:
    """One browser, all views; what was wrong, by view."""

    browser: Any
    write: bool
    words: tuple[str, ...] = ()
    views: int = 0
    pictures: int = 0
    worst: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def wanted(self) -> list[str]:
        """The screens to look at."""
        return [one for one in fragments() if not self.words or any(word in one for word in self.words)]

    def context(self, look: Look) -> Any:
        """A fresh browser profile."""
        context = self.browser.new_context(
            viewport={"width": look.width // look.zoom, "height": 850 // look.zoom},
            device_scale_factor=look.zoom,
            color_scheme=look.theme,
            locale=look.locale,
            reduced_motion="reduce" if look.still else "no-preference",
        )
        context.set_default_timeout(WAIT_MS)
        return context

    def watch(self, page: Any, url: str, allowed: tuple[str, ...]) -> list[str]:
        """Collects what must not happen."""
        found: list[str] = []
        origin = urlsplit(url).netloc

        def console(message: Any) -> None:
            if message.type == "error" and not any(text in message.text for text in allowed):
                found.append(f"console: {message.text}")

        def request(one: Any) -> None:
            parts = urlsplit(one.url)
            if parts.scheme not in {"blob", "data"} and parts.netloc != origin:
                found.append(f"foreign: {one.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: found.append(f"uncaught: {error}"))
        page.context.on("request", request)
        return found

    def look(self, page: Any, state: str, name: str, look: Look, faults: list[str]) -> None:
        """One view: axe, width, faults, picture."""
        self.views += 1
        where = f"{state} {name or '#/'} {look.name}"
        found = [*seen_by_axe(page), *sideways(page), *faults]
        faults.clear()
        if look in TWO:
            found += self._compare(
                page, f"{state}-{name.strip('#/') or 'first'}-{look.name}".replace("/", "-")
            )
        if look == TWO[0]:
            found += [*magnified(page), *by_keyboard(page)]
        self.wrong += [f"{where}: {one}" for one in found]

    def _compare(self, page: Any, name: str) -> list[str]:
        name = name.replace(" ", "-")
        taken = base64.b64encode(page.screenshot(animations="disabled", caret="hide")).decode()
        drawing = self.browser.new_page()
        levels, small = drawing.evaluate(SMALL, taken)
        path = SHOTS / f"{name}.png"
        found: list[str] = []
        if self.write:
            path.write_bytes(base64.b64decode(small))
        elif not path.exists():
            found = [f"no stored picture {path.name}: make screens ARGS=--write"]
        else:
            stored, _ = drawing.evaluate(SMALL, base64.b64encode(path.read_bytes()).decode())
            far = sum(abs(one - other) for one, other in zip(levels, stored, strict=False)) / len(levels)
            far = far if len(levels) == len(stored) else 255.0
            self.worst = max(self.worst, far)
            if far > PICTURE_DIFFERENCE_MAX:
                found = [f"differs from its stored picture by {far:.1f} of {PICTURE_DIFFERENCE_MAX}"]
        self.pictures += 1
        drawing.close()
        return found

    def every_screen(self, state: str, url: str, account: Account, looks: tuple[Look, ...]) -> None:
        """All screens of one member."""
        for look in looks:
            context = self.context(look)
            page = context.new_page()
            faults = self.watch(page, url, ())
            page.goto(link(url, account))
            page.wait_for_selector("main h1")
            for fragment in self.wanted():
                open_screen(page, url, fragment)
                self.look(page, state, fragment, look, faults)
            context.close()

    def without_network(self, url: str, account: Account, looks: tuple[Look, ...]) -> None:
        """All screens after the network went away, and the log-in after the session did."""
        for look in looks:
            context = self.context(look)
            page = context.new_page()
            faults = self.watch(page, url, (*STATES_ALLOWED["no network"], *STATES_ALLOWED["ended"]))
            page.goto(link(url, account))
            page.wait_for_selector("main h1")
            for fragment in self.wanted():
                open_screen(page, url, fragment)
            context.set_offline(True)
            page.evaluate("() => dispatchEvent(new Event('online'))")
            page.wait_for_selector(".notice.bad")
            for fragment in self.wanted():
                page.evaluate("(fragment) => { location.hash = fragment }", fragment)
                settle(page)
                self.look(page, "no network", fragment, look, faults)
            context.set_offline(False)
            context.clear_cookies()
            page.evaluate("() => dispatchEvent(new Event('online'))")
            page.wait_for_selector(LOG_IN)
            settle(page)
            self.look(page, "ended", "log-in", look, faults)
            context.close()

    def one_screen(self, state: str, url: str, account: Account | None, looks: tuple[Look, ...]) -> None:
        """The log-in, or the operator's console."""
        for look in looks:
            context = self.context(look)
            page = context.new_page()
            faults = self.watch(page, url, ())
            page.goto(url if account is None else link(url, account))
            page.wait_for_selector(LOG_IN if account is None else "tbody th")
            settle(page)
            self.look(page, state, "", look, faults)
            context.close()


def _networks(folder: Path) -> Iterator[tuple[str, Any]]:
    """Serves the played network and the large one, in turn."""
    from demo.play import play
    from demo.stage import Stage
    from demo.world import SMALL, build
    from perf import page_world

    stage = Stage(folder / "played", "demo", "Vigie, essai", shown_within_seconds=0)
    try:
        played = play(build(SMALL), stage, lambda _done, _all, _what: None)
        last = SMALL.first_month + SMALL.months - 1
        nothing = page_world.small_firm(stage, "nothing@perf.example", 0, last)
        one = page_world.small_firm(stage, "one@perf.example", 1, last)
        yield "played", (stage.url, played.accounts, nothing, one)
    finally:
        stage.stop()
    world = page_world.build(folder / "large", months=3)
    try:
        yield "large", (world.stage.url, world.account)
    finally:
        world.stage.stop()


def main(arguments: list[str]) -> int:
    """Look at everything; 1 where something is wrong."""
    from playwright.sync_api import sync_playwright

    path = chromium.program()
    if path is None:
        print(f"screens: {chromium.MISSING}", file=sys.stderr)
        return 1
    hatch_build.build()
    SHOTS.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="vigie-screens-", ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        words = tuple(one for one in arguments if not one.startswith("-"))
        rounds = Rounds(browser, "--write" in arguments, words)
        for kind, given in _networks(Path(folder)):
            _look_at(rounds, kind, given)
        browser.close()
    for one in rounds.wrong:
        print(f"screens: {one}")
    print(
        f"screens: {rounds.views} views of {len(rounds.wanted())} screens and 3 others,"
        f" {rounds.pictures} pictures"
        f" (furthest {rounds.worst:.1f} of {PICTURE_DIFFERENCE_MAX}); {len(rounds.wrong)} wrong"
    )
    return 1 if rounds.wrong else 0


def _look_at(rounds: Rounds, kind: str, given: Any) -> None:
    if kind == "large":
        url, account = given
        rounds.every_screen("20000", url, account, TWO)
        return
    url, accounts, nothing, one = given
    rounds.every_screen("played", url, accounts[0], ALL)
    rounds.every_screen("nothing", url, nothing, TWO)
    rounds.every_screen("one", url, one, TWO)
    rounds.without_network(url, accounts[0], TWO)
    if rounds.words:
        return
    rounds.one_screen("log-in", url, None, ALL)
    rounds.one_screen("operator", url, accounts[-1], ALL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
