"""Work on alerts in the page: why and what to do, take, comment, snooze, mute, close, undo."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from benchmark import alerts as detectors
from benchmark.upload import month_index
from tests.browser.conftest import open_portfolio
from tests.browser.views import settle
from tests.server.planting import ask, plant

pytestmark = pytest.mark.browser

SECRET = "La comptable promet vendredi (fictif)"
HOLD_FIRST_MUTES = """() => {
  const real = window.fetch
  let first = true
  window.fetch = async (path, init) => {
    const answer = await real(path, init)
    if (first && path === '/api/alerts/mutes' && init.method === 'GET') {
      first = false
      await new Promise((go) => (window.letGo = go))
    }
    return answer
  }
}"""

ALIKE = """() => {
  const [, chip] = document.querySelectorAll('.chips .n')
  return chip && document.querySelector('nav a[href="#/alerts"] .count')?.textContent === chip.textContent
}"""

SNOOZE_LONGER = """async (alert) => {
  const { today } = await (await fetch('/api/network')).json()
  const until = new Date(Date.parse(today) + 60 * 864e5).toISOString().slice(0, 10)
  const body = JSON.stringify({ alerts: [alert], action: 'snooze', until })
  const headers = { 'Content-Type': 'application/json', 'X-Vigie': '1' }
  const answer = await fetch('/api/alerts/lives', { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(await answer.text())
}"""

BOXES = """() => ['form:has(select.kind) > .field select', 'select.kind']
  .flatMap((which, at) => [...document.querySelectorAll(which)].slice(0, at ? undefined : 1))
  .map((one) => one.getBoundingClientRect().toJSON())"""

NEXT = """(row) => {
  const toggles = [...document.querySelectorAll('main li button.toggle')]
  return toggles[toggles.findIndex((one) => row.contains(one)) + 1].closest('li').id
}"""


@pytest.fixture
def alert(visit, network) -> tuple[object, str]:
    """The list of alerts, and an urgent one of the newest release; another client's stands below it.

    The network says nothing else of either client.
    """
    server = SimpleNamespace(database_url=f"sqlite:///{network.folder / 'vigie.sqlite3'}")
    page = visit(network.member, again=True).page
    open_portfolio(page)
    facts = page.evaluate("async () => (await fetch('/api/network')).json()")
    year, month = map(int, facts["latest_release"].split("-"))
    cells = page.evaluate(
        "async (month) => (await fetch(`/api/releases/${month}/cells`)).json()", facts["latest_release"]
    )
    pseudonyms = base64.b64decode(cells["pseudonyms"])
    ask(server, "DELETE FROM alert_life")
    ask(server, "DELETE FROM alert_mute")
    ask(server, "DELETE FROM alert WHERE size_days IN (29, 31)")
    taken = {bytes(row[0]) for row in ask(server, "SELECT pseudonym FROM alert")}
    each = (pseudonyms[at : at + 32] for at in range(0, len(pseudonyms), 32))
    client, other = [one for one in each if one not in taken][:2]
    newest = month_index(year, month)
    made = plant(server, client, newest, kind="shock", severity="urgent", size_days=31)
    plant(server, other, newest, size_days=29)
    page.reload()
    open_portfolio(page)
    page.goto(f"{network.url}/#/alerts")
    page.wait_for_selector("button.toggle")
    return page, made


def _row(page):
    return page.locator("li", has_text="+31").first  # nothing of the played network jumped so far


def _state(page, word: str) -> None:
    _row(page).locator(".state .tag", has_text=word).wait_for()


def test_an_alert_is_taken_commented_closed_and_everything_can_be_undone(alert, network) -> None:
    page, _ = alert
    row = _row(page)
    _state(page, "nouvelle")
    row.locator("button.toggle").click()
    work = row.locator(".work")
    _state(page, "vue")
    work.locator("select.give").select_option(label=network.member.email)
    _state(page, "confiée")
    work.locator("input.comment").fill(SECRET)
    work.locator(".say button").click()
    work.locator("li", has_text=SECRET).wait_for()
    database = (network.folder / "vigie.sqlite3").read_bytes()
    for path in network.folder.glob("vigie.sqlite3-*"):
        database += path.read_bytes()
    assert SECRET.encode() not in database
    work.locator("button.snooze").click()
    row.wait_for(state="detached")  # put aside: no longer among what is to do
    page.locator(".undo button.link").click()
    _state(page, "confiée")
    _row(page).locator(".work button.primary").click()
    row.wait_for(state="detached")
    page.locator(".chips button", has_text="Mises de côté").click()
    _state(page, "close")
    expect(_row(page).locator(".state")).to_contain_text("payé")
    page.locator(".undo button.link").click()
    page.locator(".chips button", has_text="Toutes").click()
    _state(page, "confiée")


def test_undoing_goes_over_nothing_that_a_colleague_did_since(alert, network, visit) -> None:
    _, made = alert
    page = visit(network.member, again=True, allowed=("409",)).page
    page.goto(f"{network.url}/#/alerts")
    _row(page).locator("button.toggle").focus()
    page.keyboard.press("s")
    _row(page).wait_for(state="detached")
    page.evaluate(SNOOZE_LONGER, made)
    page.locator(".undo button.link").click()
    expect(page.locator(".undo.shown")).to_contain_text("Un collègue a été plus rapide")
    page.locator(".chips button", has_text="Mises de côté").click()
    _state(page, "de côté")
    page.locator(".undo .shut").click()
    page.locator(".undo.shown").wait_for(state="detached")
    # What one looks at oneself stands in the way of nothing.
    page.locator(".chips button", has_text="Toutes").click()
    toggle = _row(page).locator("button.toggle")
    toggle.click()
    _row(page).locator(".work .button.primary").click()
    _state(page, "close")
    _row(page).locator(".work button", has_text="Rouvrir").click()
    _state(page, "rouverte")
    toggle.click()
    toggle.click()
    _state(page, "vue")
    page.locator(".undo button.link").click()
    _state(page, "close")


def test_an_answer_that_was_overtaken_does_not_bring_back_what_was_before(alert) -> None:
    page, _ = alert
    open_portfolio(page)
    page.evaluate(HOLD_FIRST_MUTES)
    page.evaluate("() => { location.hash = '#/alerts' }")
    page.wait_for_function("() => window.letGo")  # read before the client was muted, not yet told
    _row(page).locator("button.toggle").focus()
    page.keyboard.press("m")
    muted = page.get_by_role("button", name="En sourdine (1)", exact=True)
    muted.wait_for()
    page.evaluate("() => window.letGo()")
    settle(page)
    assert muted.is_visible()
    page.locator(".undo button.link").click()
    page.get_by_role("button", name="En sourdine (0)", exact=True).wait_for()


def test_what_waits_is_counted_alike_wherever_it_is_counted(alert) -> None:
    page, _ = alert
    chips = page.locator(".chips button .n")
    for look in (False, True):
        if look:
            _row(page).locator("button.toggle").click()
            _state(page, "vue")
        page.wait_for_function(ALIKE)  # once the firm's own file is read, too
    assert chips.nth(0).inner_text() == str(page.locator("main li button.toggle").count())
    open_portfolio(page)
    figure = page.locator(".kpi:has(.value)").nth(3)
    said = figure.locator(".more").inner_text()
    twice = sum(map(int, re.findall(r"dont (\d+)", said)))  # those of own figures that the network knows, too
    parts = sum(map(int, re.findall(r"\d+", said)))
    assert parts - 2 * twice == int(figure.locator(".value").inner_text())
    assert page.locator(".chips button .n").nth(3).inner_text() == figure.locator(".value").inner_text()


def test_letters_act_on_the_alert_that_the_keyboard_is_on(alert) -> None:
    page, _ = alert
    _row(page).locator("button.toggle").focus()
    page.keyboard.press("m")
    page.locator(".undo", has_text="en sourdine").wait_for()
    page.get_by_role("button", name=re.compile("^En sourdine \\(1")).click()
    page.locator("#mutes ~ ul button").click()
    page.locator("#mutes ~ ul").wait_for(state="detached")
    _row(page).locator("button.toggle").focus()
    page.keyboard.press("a")
    _state(page, "confiée")
    page.keyboard.press("Enter")
    _row(page).locator(".why").wait_for()
    page.keyboard.press("Escape")
    _row(page).locator(".why").wait_for(state="detached")
    page.keyboard.press("/")
    page.keyboard.type("nobody of this name")
    page.locator(".none").wait_for()
    page.keyboard.press("Escape")
    _row(page).wait_for()


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_why_an_alert_was_raised_and_what_to_do_is_two_clicks_away(
    alert, network, visit, locale, tmp_path
) -> None:
    page = visit(network.member, locale=locale).page
    open_portfolio(page)
    french = locale == "fr-FR"
    folder = Path(os.environ.get("VIGIE_PICTURES", tmp_path))
    page.goto(f"{network.url}/#/alerts")
    row = _row(page)
    name = row.locator("a.name").inner_text()
    row.locator("button.toggle").click()  # the first click
    why = row.locator(".why")
    expect(why).to_contain_text("Pourquoi elle a été déclenchée" if french else "Why it was raised")
    expect(why.locator("svg .mark-label")).to_have_count(1)  # the onset is marked on the time axis
    expect(why).to_contain_text("Urgent")
    expect(why.locator(".next")).not_to_be_empty()
    page.screenshot(path=folder / f"alert-{locale[:2]}.png")
    why.locator("a.button.primary").click()  # the second
    page.wait_for_selector(".sentence")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Que faire" if french else "What to do")
    page.screenshot(path=folder / f"alert-client-{locale[:2]}.png", full_page=True)


def test_a_visit_is_marked_and_the_wishes_are_kept(alert, network) -> None:
    page, _ = alert
    page.locator(".changes .read").click()
    page.locator(".changes").wait_for(state="detached")
    page.locator("button", has_text="Comment je suis prévenu").click()
    form = page.locator("form", has=page.locator("input[type=number]"))
    form.locator("select").nth(3).select_option("never")
    form.locator("select.kind").first.select_option("now")
    form.locator("button").click()
    form.locator("[role=status]").wait_for()
    page.goto(f"{network.url}/#/settings")
    expect(form.locator("select").nth(3)).to_have_value("never")
    expect(form.locator("select.kind").first).to_have_value("now")


def test_every_kind_of_alert_has_its_wish_and_the_choices_stand_side_by_side(alert, network) -> None:
    page, _ = alert
    for where in ("alerts", "settings"):
        page.goto(f"{network.url}/#/{where}")
        if where == "alerts":
            page.locator("button", has_text="Comment je suis prévenu").click()
        kinds = page.locator("select.kind")
        kinds.first.wait_for()
        level, *boxes = page.evaluate(BOXES)
        assert len(boxes) == len(detectors.KINDS)
        assert boxes[0]["y"] == boxes[1]["y"], "one beside the other"
        assert abs(boxes[0]["width"] - level["width"]) < 2, "in the form's own columns"
    kinds.last.select_option("now")
    page.locator("form:has(select.kind) > button").click()
    page.locator("form:has(select.kind) [role=status]").wait_for()
    page.reload()
    expect(kinds.last).to_have_value("now")
    kinds.last.select_option("")
    page.locator("form:has(select.kind) > button").click()
    page.locator("form:has(select.kind) [role=status]").wait_for()


def test_whoever_works_through_the_alerts_by_keyboard_goes_on_at_the_next_one(alert) -> None:
    page, _ = alert
    after = _row(page).evaluate(NEXT)
    on = "(one) => document.activeElement?.matches(one)"
    row = _row(page)
    row.locator("button.toggle").press("Enter")
    _state(page, "vue")
    work = row.locator(".work")
    work.get_by_role("button", name="Je la prends").press("Enter")
    _state(page, "confiée")
    page.wait_for_function(on, arg="main li .work select")
    for put_aside in ("button.snooze", ".acts .act:nth-child(3) button", "button.primary"):
        work.locator(put_aside).press("Enter")
        row.wait_for(state="detached")
        page.wait_for_function(on, arg=f"#{after} button.toggle")
        page.locator(".undo button.link").press("Enter")
        row.wait_for()
        page.wait_for_function(on, arg=f"#{row.get_attribute('id')} button.toggle")
    for letter in "sm":
        page.keyboard.press(letter)
        page.wait_for_function(on, arg=f"#{after} button.toggle")
        page.keyboard.press("z")
        row.wait_for()
        row.locator("button.toggle").focus()


def test_a_comment_is_said_whatever_becomes_of_the_reading(alert) -> None:
    page, _ = alert
    garbled: set[str] = set()

    def garble(route: Route) -> None:
        request = route.request
        if request.method == "GET":
            garbled.add(request.url)
            route.fulfill(content_type="application/json", body="no list")
        else:
            route.continue_()

    page.route("**/comments", garble)
    row = _row(page)
    row.locator("button.toggle").click()
    failed = row.locator(".talk [role=status]", has_text="Cela n’a pas marché")
    failed.wait_for()
    page.unroute("**/comments")
    page.route("**/api/alerts/lives", garble)
    row.locator("input.comment").fill(SECRET)
    row.locator(".say button").click()
    row.locator(".talk li", has_text=SECRET).wait_for()
    failed.wait_for(state="detached")
    expect(row.locator("input.comment")).to_have_value("")
    expect(row.locator(".work [role=status]")).to_have_count(0)
    assert len(garbled) == 2


def test_a_reading_that_fails_while_alerts_wait_is_not_begun_again_by_itself(alert) -> None:
    page, _ = alert
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/api/live", pass_on)
    page.reload()
    page.locator("main .live.on").wait_for()
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="application/json", body="{}")  # no list: nothing that can be read

    page.route("**/api/alerts", fail)
    lines[-1].send(json.dumps({"type": "alert", "count": 1}))
    page.locator("main > [role=alert]").wait_for()
    for _ in range(10):
        settle(page)
    assert len(asked) == 1
