"""How a view of the page is opened, waited for and looked at: axe-core, its width, what must not happen.

For tests and for `make screens`. `Look` is how somebody has set her device.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import hatch_build

WAIT_MS = 30_000
COLOURS = ("color-contrast",)
"""The rules that another theme can break."""
# Counts what is under way, on the network and here; says in the console what the content policy has refused,
# and what moves for somebody who asked that nothing does.
WATCHED = """
(() => {
  window.underWay = 0
  const ended = () => setTimeout(() => window.underWay--)
  const counted = (of, names, watch) => {
    for (const name of names) {
      const real = of[name]
      of[name] = function (...what) {
        window.underWay++
        try {
          const made = real.apply(this, what)
          watch(made)
          return made
        } catch (error) {
          ended()
          throw error
        }
      }
    }
  }
  const promised = (made) => made.then(ended, ended)
  const asked = (made) => ['success', 'error'].forEach((how) => made.addEventListener(how, ended))
  counted(window, ['fetch'], promised)
  counted(Response.prototype, ['json', 'text', 'arrayBuffer'], promised)
  counted(SubtleCrypto.prototype, ['importKey', 'deriveBits', 'deriveKey', 'digest', 'sign', 'verify',
    'encrypt', 'decrypt', 'generateKey', 'exportKey'], promised)
  counted(IDBFactory.prototype, ['open'], asked)
  counted(IDBObjectStore.prototype, ['get', 'getAll', 'put', 'delete'], asked)
  addEventListener('securitypolicyviolation', (event) =>
    console.error(`content policy: ${event.effectiveDirective} ${event.blockedURI}`))
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const moves = (event, seconds) =>
    still.matches && seconds > 0 && console.error(`moves: ${event.target.outerHTML.slice(0, 120)}`)
  const lasts = (one) => parseFloat(getComputedStyle(one).animationDuration)
  addEventListener('transitionrun', (event) => moves(event, 1), true)
  addEventListener('animationstart', (event) => moves(event, lasts(event.target)), true)
})()
"""
# Until nothing is asked, and nothing has changed for a while.
QUIET = """([quiet, longest]) => new Promise((done, failed) => {
  const began = performance.now()
  let since = began
  const watching = new MutationObserver(() => (since = performance.now()))
  watching.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  const look = () => {
    const reads = window.underWay > 0 || document.fonts.status !== 'loaded'
    const waits = reads || document.querySelector('.waiting')
    const moves = document.getAnimations().some((one) => one.playState === 'running')
    if (waits || moves) since = performance.now()
    if (performance.now() - since <= quiet && performance.now() - began < longest) return setTimeout(look, 10)
    watching.disconnect()
    if (performance.now() - since > quiet) done()
    else failed(new Error(`not quiet: ${window.underWay} under way, moves: ${moves}, waits: ${!!waits}`))
  }
  look()
})"""
QUIET_MS = 60
# What waits is counted a moment after the first screen; where nothing does, no figure says so.
COUNTED = """() => {
  const entry = document.querySelector('nav a[href="#/alerts"]')
  return !entry || entry.querySelector('.count') || performance.now() > 2_500
}"""


@cache
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


def quiet(page: Any) -> None:
    """Until what a screen reads by itself is there too."""
    page.wait_for_selector("h1")
    page.wait_for_function(COUNTED)
    page.evaluate(QUIET, [QUIET_MS, WAIT_MS])


def open_screen(page: Any, url: str, fragment: str) -> None:
    """Go there and wait; the same fragment again is no navigation."""
    page.goto(f"{url}/{fragment}")
    settle(page)


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
    """How a view is looked at; `zoom` 2 is 200 %, `still`: with reduced motion."""

    width: int = 1280
    theme: str = "light"
    locale: str = "fr-FR"
    zoom: int = 1
    still: bool = True

    @property
    def name(self) -> str:
        """In a file's name."""
        return f"{self.width}-{self.theme}-{self.locale[:2]}{'-200' if self.zoom > 1 else ''}"

    def context(self, browser: Any) -> Any:
        """A fresh browser profile."""
        context = browser.new_context(
            viewport={"width": self.width // self.zoom, "height": 850 // self.zoom},
            device_scale_factor=self.zoom,
            color_scheme=self.theme,
            locale=self.locale,
            reduced_motion="reduce" if self.still else "no-preference",
        )
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(WATCHED)
        return context


def watch(page: Any, url: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Collects what must not happen: errors, reports of the content policy, requests to others."""
    found: list[str] = []
    origin = urlsplit(url).netloc

    def console(message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in allowed):
            found.append(f"console: {message.text}")

    def request(one: Any) -> None:
        parts = urlsplit(one.url)
        if parts.scheme not in {"blob", "data"} and parts.netloc != origin:
            found.append(f"foreign: {one.url}")

    def socket(one: Any) -> None:
        if urlsplit(one.url).netloc != origin:
            found.append(f"foreign: {one.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: found.append(f"uncaught: {error}"))
    page.on("websocket", socket)
    page.context.on("request", request)
    return found
