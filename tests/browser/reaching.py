"""Whether a screen can be used with the keyboard alone, and read at twice its size.

For tests and for `make screens`. Each gives what is wrong, one line each, and leaves the page as it was.
"""

from __future__ import annotations

from typing import Any

STOPS_MAX = 400
# Marks what Tab is to reach, and begins before the first of it.
BEGIN = """() => {
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex]'
  // Of radio buttons under one name the chosen one stands for all.
  const stoodFor = (one) => one.type === 'radio' && !one.checked &&
    document.querySelector(`input[name="${one.name}"]:checked`)
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length
  const wanted = [...document.querySelectorAll(kinds)].filter((one) =>
    one.tabIndex >= 0 && !one.disabled && !one.closest('[inert]') && shown(one) && !stoodFor(one))
  window.toReach = new Set(wanted)
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
  scrollTo(0, 0)
  return wanted.length
}"""
# After a Tab: what is focused is crossed off; what is wrong with how it shows, or 'end' beyond the last one.
STEP = """() => {
  const one = document.activeElement
  if (!one || one === document.body || one === document.documentElement) return 'end'
  if (one === window.before) return '' // a date has three fields
  window.before = one
  if (window.reached?.has(one)) return 'end'
  ;(window.reached ??= new Set()).add(one)
  window.toReach.delete(one)
  const style = getComputedStyle(one)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  const ring = outlined || style.boxShadow !== 'none'
  const at = one.getBoundingClientRect()
  const seen = at.bottom > 0 && at.right > 0 && at.top < innerHeight && at.left < innerWidth
  return ring && seen ? '' : `${ring ? 'out of sight' : 'no focus ring'}: ${one.outerHTML.slice(0, 120)}`
}"""
LEFT = """() => {
  const left = [...window.toReach].map((one) => `not reached by Tab: ${one.outerHTML.slice(0, 120)}`)
  for (const name of ['toReach', 'reached', 'before']) delete window[name]
  document.activeElement?.blur()
  scrollTo(0, 0)
  return left
}"""
# The root's font size, then how many pixels the page is wider than its window.
SIDEWAYS = """async (size) => {
  document.documentElement.style.fontSize = size
  dispatchEvent(new Event('resize'))
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))
  return document.documentElement.scrollWidth - innerWidth
}"""


def by_keyboard(page: Any) -> list[str]:
    """Tab reaches everything that can be acted on, in sight and with a ring, and is caught nowhere."""
    page.evaluate(BEGIN)
    found: list[str] = []
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        said = page.evaluate(STEP)
        if said == "end":
            break
        if said:
            found.append(said)
    else:
        found.append(f"more than {STOPS_MAX} stops")
    return [*found, *page.evaluate(LEFT)]


def magnified(page: Any) -> list[str]:
    """Zoomed to 200 % (half the window), and with text of twice the size: nothing wider than the window."""
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    zoomed = page.evaluate(SIDEWAYS, "")
    page.set_viewport_size(size)
    large = page.evaluate(SIDEWAYS, "200%")
    page.evaluate(SIDEWAYS, "")
    said = (("zoomed to 200 %", zoomed), ("text of 200 %", large))
    return [f"{how}: {beyond} px too wide" for how, beyond in said if beyond > 0]
