"""The page with 20,000 clients in a real Chromium, beside a bare page that shows the same and no more.

Until the first screen can be used: from the navigation, with a session that is there, to the frame that shows
what to do first. Both fetch and open the same 24 sealed months and 24 releases into typed arrays; the bare
page (page_bare.js) verifies nothing, has no framework and no texts, and takes its markup ready-made.

A sort and a filter: from the click or the letter to the frame after it; the bare page sorts or filters typed
arrays of its own and puts the same rows there as ready-made markup.

JavaScript of the first screen: every script asked for until then, gzipped (level 9), on a device that has
seen the network; a first visit also fetches what verifies the key holders' roster and derives the keys.
"""

from __future__ import annotations

import base64
import gzip
import json
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hatch_build
from demo.links import link
from perf import chromium
from perf.measure import Line
from perf.page_world import World, build

ROUNDS = 5
RATIO_MAX = 2.0
SCRIPT_KB_MAX = 60.0
WAIT_MS = 120_000
BARE = Path(__file__).with_name("page_bare.js")
SORTS = (("outstanding", "Encours"), ("gap", "Écart"))
LETTERS = ("1", "2", "3", "4", "5")
STYLES = "() => [...document.querySelectorAll('link[rel=stylesheet]')].map((one) => one.outerHTML).join('')"
# Notes the frame that shows a first task, whichever page made it.
WATCH = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('ol > li .step')) return
  observer.disconnect()
  window.firstScripts = performance.getEntriesByType('resource')
    .map((one) => one.name.split('/').at(-1)).filter((name) => name.endsWith('.js'))
  requestAnimationFrame(() => setTimeout(() => (window.firstScreen = performance.now())))
}).observe(document, { childList: true, subtree: true })
"""
# Milliseconds from an act to the frame after it.
AFTER = """async (act) => {
  const begun = performance.now()
  new Function(act)()
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return performance.now() - begun
}"""
# Frames in which some height of the window below the table's head shows no row.
SCROLL = """async () => {
  let frames = 0, blank = 0
  const end = document.documentElement.scrollHeight - innerHeight
  for (let to = 0; to < end && frames < 400; to += 900 + (frames % 7) * 1300) {
    scrollTo(0, to)
    await new Promise((done) => requestAnimationFrame(() => done()))
    frames++
    const body = document.querySelector('tbody').getBoundingClientRect()
    for (let y = Math.max(60, body.top + 4); y < Math.min(innerHeight, body.bottom) - 4; y += 40)
      if (!document.elementFromPoint(600, y)?.closest('tr.row, thead')) { blank++; break }
  }
  return [frames, blank]
}"""


@dataclass
class Found:
    """Milliseconds by round, and what else was counted."""

    first: list[float] = field(default_factory=list)
    bare_first: list[float] = field(default_factory=list)
    sort: list[float] = field(default_factory=list)
    bare_sort: list[float] = field(default_factory=list)
    filter: list[float] = field(default_factory=list)
    bare_filter: list[float] = field(default_factory=list)
    frames: int = 0
    blank: int = 0
    script_kb: float = 0.0
    first_visit_kb: float = 0.0


def lines() -> list[Line]:
    """Ratios of medians; blank frames; kilobytes."""
    path = chromium.program()
    if path is None:
        raise SystemExit(f"perf page: {chromium.MISSING}")
    hatch_build.build()
    with tempfile.TemporaryDirectory(prefix="vigie-perf-", ignore_cleanup_errors=True) as folder:
        world = build(Path(folder))
        try:
            found = measure(path, world)
        finally:
            world.stage.stop()
    size = f"{20_000:,} clients, 24 months"
    middle = statistics.median
    return [
        Line(
            f"first screen, {size} / bare page",
            middle(found.first),
            middle(found.bare_first),
            "ms",
            RATIO_MAX,
        ),
        Line("  a sort / bare page", middle(found.sort), middle(found.bare_sort), "ms", RATIO_MAX),
        Line(
            "  a letter in the search / bare page",
            middle(found.filter),
            middle(found.bare_filter),
            "ms",
            RATIO_MAX,
        ),
        Line(f"  frames with a blank row, of {found.frames} of scrolling", found.blank, None, "", 0),
        Line("  JavaScript of the first screen, gzipped", found.script_kb, None, "kB", SCRIPT_KB_MAX),
        Line("  the same at a first visit (no bar)", found.first_visit_kb, None, "kB", float("inf")),
    ]


def measure(program: str, world: World) -> Found:
    """Both pages in turn, in one browser."""
    from playwright.sync_api import sync_playwright

    found = Found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 850}, locale="fr-FR")
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(link(world.stage.url, world.account))
        page.wait_for_function("() => window.firstScreen")
        found.first_visit_kb = _script_kb(page)
        given = _given(page, world)
        for number in range(ROUNDS + 1):
            page.goto(f"{world.stage.url}/?{number}")
            page.wait_for_function("() => window.firstScreen")
            found.script_kb = _script_kb(page)
            mine = page.evaluate("() => window.firstScreen")
            bare = _bare_first(page, world, given)
            if number:
                found.first.append(mine)
                found.bare_first.append(bare)
        _acts(page, world, found)
        browser.close()
    return found


def _script_kb(page: Any) -> float:
    """Gzipped kilobytes of the scripts that were asked for before the first screen, workers included."""
    names = page.evaluate("() => window.firstScripts")
    files = [hatch_build.DIST / "assets" / name for name in dict.fromkeys(names)]
    return sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files) / 1000


def _given(page: Any, world: World) -> dict[str, Any]:
    """What the bare page is given: keys, and the markup of each screen that it shows."""
    keys, style = world.role_keys, page.evaluate(STYLES)
    first = page.evaluate("() => document.getElementById('page').innerHTML")
    markup = {"first": first}
    page.evaluate("() => { location.hash = '#/portfolio' }")
    page.wait_for_selector("tr.row")
    markup["table"] = page.evaluate("() => document.getElementById('page').innerHTML")
    style += page.evaluate(STYLES)
    for column, name in SORTS:
        page.locator("thead button", has_text=name).click()
        markup[column] = page.evaluate("() => document.querySelector('tbody').innerHTML")
    for letter in LETTERS:
        page.fill("input[type=search]", letter)
        markup[letter] = page.evaluate("() => document.querySelector('tbody').innerHTML")
    page.fill("input[type=search]", "")
    return {
        "firm": world.firm,
        "names": base64.b64encode(keys[0]).decode(),
        "ledger": base64.b64encode(keys[1]).decode(),
        "markup": markup,
        "style": style,
    }


def _bare_first(page: Any, world: World, given: dict[str, Any]) -> float:
    told = json.dumps({name: given[name] for name in given if name != "style"}).replace("<", "\\u003c")
    script = f"{BARE.read_text(encoding='utf-8')}\nbare.start({told})"
    html = (
        f"<!doctype html><html lang=fr><head>{given['style']}</head>"
        f"<body><div id=page></div><script>{script}</script></body></html>"
    )
    address = f"{world.stage.url}/bare"
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(address)
    page.wait_for_function("() => window.firstScreen")
    page.unroute(address)
    return float(page.evaluate("() => window.firstScreen"))


def _acts(page: Any, world: World, found: Found) -> None:
    """Sorts and letters on the bare page that is open, then on ours; then the scrolling."""
    page.evaluate("() => { document.getElementById('page').innerHTML = bare.shown.table }")
    for number in range(2 * ROUNDS + 2):
        column, _ = SORTS[number % 2]
        spent = page.evaluate(AFTER, f"bare.sortBy('{column}', '{column}')")
        letter = LETTERS[number % len(LETTERS)]
        typed = page.evaluate(AFTER, f"bare.filter('{letter}', '{letter}')")
        if number > 1:
            found.bare_sort.append(spent)
            found.bare_filter.append(typed)
    page.goto(f"{world.stage.url}/?acts#/portfolio")
    page.wait_for_selector("tr.row")
    for number in range(2 * ROUNDS + 2):
        _, name = SORTS[number % 2]
        click = (
            "[...document.querySelectorAll('thead button')]"
            f".find((one) => one.textContent.includes('{name}')).click()"
        )
        spent = page.evaluate(AFTER, click)
        letter = LETTERS[number % len(LETTERS)]
        write = (
            "const field = document.querySelector('input[type=search]');"
            f"field.value = '{letter}'; field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        )
        typed = page.evaluate(AFTER, write)
        page.fill("input[type=search]", "")
        if number > 1:
            found.sort.append(spent)
            found.filter.append(typed)
    found.frames, found.blank = page.evaluate(SCROLL)
