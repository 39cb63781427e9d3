"""The stored pictures in `shots/`, and what differs from them.

Kept small and grey: a wide screen at half its size, a phone at two thirds, in 16 levels, so that all of them
stay under five megabytes. Two pictures are compared tile by tile, and the worst tile decides: a mean over the
whole would not see a page that lost its text.

They are of a pinned network (tests.browser.pinned). Of one whose keys are drawn anew, the worst tile was 72
away; of two pinned ones, 180 of 190 views were the same and the others, in which a count came later, at most
8.4 away (that count is hidden now). Of what has to be refused, the nearest of 5,564 pairs of views is 19.9
away, the nearest empty page 32.8, the nearest screen without its content 21.8. Letters are drawn as Debian's
Chromium draws them: without hinting half of the views are more than 20 away. Therefore a line of letters is
kept too: where it is drawn otherwise nothing can be said of pictures, and that is said instead.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import hatch_build
from tests.browser.views import Look

TWO = (Look(1280, "light", "en-GB"), Look(390, "dark", "fr-FR", still=False))
"""In which pictures of every state are kept."""
CROSSED = (Look(1280, "dark", "fr-FR", still=False), Look(390, "light", "en-GB"))
"""In which pictures of the played network are kept besides."""
PLAYED = {"played", "door"}
SHOTS = Path(__file__).with_name("shots")
LETTERS = SHOTS.with_name("letters.png")
LETTERS_MAX = 3.0
"""As DIFFERENCE_MAX, of letters in their full size."""
LEVELS = 16
STEP = 255 // (LEVELS - 1)
TILE = 20
"""Pixels of a small picture."""
DIFFERENCE_MAX = 9.0
"""Mean difference of grey levels (0 to 255) in the worst tile."""
OTHER_SIZE = 255.0
Levels = NDArray[np.uint8]
"""Shape (height, width), 0 to 15."""

DRAWN = """async (font) => {
  const bytes = Uint8Array.from(atob(font), (one) => one.charCodeAt(0))
  document.fonts.add(await new FontFace('Inter', bytes).load())
  document.body.style.cssText = 'margin: 8px; font-family: Inter; color: #111; background: #fff'
  for (const size of [12, 13, 14, 16, 22]) {
    const line = document.createElement('p')
    line.style.cssText = `margin: 4px; white-space: nowrap; font-size: ${size}px`
    line.textContent = 'Le client paie 19 jours plus tard : 12 450,50 €'
    document.body.append(line)
  }
}"""

# Writes alike what is drawn anew in each network, and what day and time it is on this machine.
ALIKE = r"""() => {
  const moment = /\d{1,2}\s\p{L}{3,10}\.?\s\d{4}(,?\s(at\s|à\s)?\d{2}:\d{2}(:\d{2})?)?/gu
  const texts = (selector) => [...document.querySelectorAll(selector)].flatMap((one) => {
    const walking = document.createTreeWalker(one, NodeFilter.SHOW_TEXT)
    const found = []
    while (walking.nextNode()) found.push(walking.currentNode)
    return found
  })
  const write = (selector, pattern, text) => {
    for (const one of texts(selector)) {
      const said = one.data.replace(pattern, text)
      if (said !== one.data) one.data = said
    }
  }
  const dated = ['users', 'machines', 'sessions', 'audit', 'sent']
    .map((one) => `section[aria-labelledby=${one}] :is(td, th, .caption)`).join(', ')
  write(`${dated}, time`, moment, '1 mai 2026')
  write(dated, /\b[0-9a-f]{8}\b/g, '0'.repeat(8))
  write('code', /[0-9a-z]/gi, '0')
  if (location.hash.startsWith('#/conversations')) write('main', /\b[0-9a-f]{2}-[0-9a-f]{2}\b/g, '00-00')
  const others = 'section[aria-labelledby=sessions] :is(li:not(:has(.tag)), ul ~ p)'
  const unread = 'a[href="#/conversations"] .count' // counted a moment after the log-in
  for (const one of document.querySelectorAll(`${others}, ${unread}`)) one.style.display = 'none'
}"""


def small(png: bytes) -> Levels:
    """What is kept of a screenshot; of a kept picture the same again."""
    image = Image.open(io.BytesIO(png)).convert("L")
    width = {1280: 640, 390: 260}.get(image.width, image.width)
    height = round(image.height * width / image.width)
    grey = np.asarray(image.resize((width, height), Image.Resampling.BOX), dtype=np.uint16)
    return ((grey + STEP // 2) // STEP).astype(np.uint8)


def encoded(levels: Levels) -> bytes:
    """As a file: 16 shades of grey, four bits a pixel."""
    height, width = levels.shape
    image = Image.frombytes("P", (width, height), np.ascontiguousarray(levels).tobytes())
    image.putpalette([shade * STEP for shade in range(LEVELS) for _ in range(3)])
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True, bits=4)
    return held.getvalue()


def difference(one: Levels, other: Levels) -> float:
    """The mean difference of grey levels in the worst tile; pictures of other sizes are as far as can be."""
    if one.shape != other.shape:
        return OTHER_SIZE
    apart = np.abs(one.astype(np.int8) - other.astype(np.int8))
    height, width = (-(-side // TILE) * TILE for side in apart.shape)
    whole = np.zeros((height, width), np.int8)
    whole[: apart.shape[0], : apart.shape[1]] = apart
    rows = whole.reshape(height // TILE, TILE, width).sum(1, dtype=np.int32)
    tiles = rows.reshape(height // TILE, width // TILE, TILE).sum(2)
    return float(tiles.max()) * STEP / TILE**2


def letters(browser: Any) -> Levels:
    """How this browser draws letters of the page's font."""
    font = next((hatch_build.DIST / "assets").glob("inter-*.woff2")).read_bytes()
    page = browser.new_page(viewport={"width": 600, "height": 200})
    try:
        page.evaluate(DRAWN, base64.b64encode(font).decode())
        return small(page.screenshot())
    finally:
        page.close()


def drawn_alike(browser: Any) -> bool:
    """Whether pictures of this browser can be compared with the stored ones."""
    return difference(letters(browser), small(LETTERS.read_bytes())) <= LETTERS_MAX


@dataclass
class Stored:
    """The stored pictures, compared with or, with `write`, written anew; how far the furthest was."""

    folder: Path = SHOTS
    write: bool = False
    worst: float = 0.0
    count: int = 0
    seen: set[str] = field(default_factory=set)

    def wants(self, state: str, look: Look) -> bool:
        """Whether there is a picture of it."""
        return look in TWO or (look in CROSSED and state in PLAYED)

    def path(self, state: str, view: str, look: Look) -> Path:
        """Where it is."""
        return self.folder / f"{state}-{view}-{look.name}.png".replace(" ", "-")

    def taken(self, page: Any) -> Levels:
        """What the page shows; what is drawn anew on it is written alike first."""
        page.evaluate(ALIKE)
        return small(page.screenshot(animations="disabled", caret="hide"))

    def compare(self, page: Any, state: str, view: str, look: Look) -> list[str]:
        """What is wrong with what the page shows."""
        taken, path = self.taken(page), self.path(state, view, look)
        self.count += 1
        self.seen.add(path.name)
        if self.write:
            path.write_bytes(encoded(taken))
            return []
        if not path.exists():
            return [f"no stored picture {path.name}: make screens ARGS=--write"]
        far = difference(taken, small(path.read_bytes()))
        self.worst = max(self.worst, far)
        if far > DIFFERENCE_MAX:
            meant = "if it is meant to: make screens ARGS=--write"
            return [f"differs from {path.name} by {far:.1f} (at most {DIFFERENCE_MAX}); {meant}"]
        return []
