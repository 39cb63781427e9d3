"""The conversations as two people in the page use them: in sight, said aloud, asked first, kept."""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import expect

from member.conversing import Desk
from member.line import Line
from tests.browser.talking import home_of, shares_the_draft, talk_between
from tests.server.planting import eventually

pytestmark = pytest.mark.browser
AWAY = ("Failed to load resource", "WebSocket", "ERR_INTERNET_DISCONNECTED")
TOLD = """async (id) => {
  const states = await (await fetch('/api/conversation-states')).json()
  return states.some((one) => one.conversation === id)
}"""
VERSION = """async (id) => {
  const states = await (await fetch('/api/conversation-states')).json()
  return states.find((one) => one.conversation === id)?.version ?? 0
}"""
PRESS = """(name) => {
  const [found] = [...document.querySelectorAll('button')].filter((one) => one.textContent.includes(name))
  found?.click()
}"""


@pytest.fixture(scope="module")
def talk(network):
    return talk_between(network, 0, 1, -1)


@pytest.fixture
def mine(visit, network, talk):
    """The page of a firm, in French, in a conversation."""
    page = visit(network.accounts[0], again=True, allowed=AWAY).page
    return opened(page, network, talk)


@pytest.fixture
def theirs(visit, network, talk):
    """The page of the other side, in English."""
    page = visit(network.accounts[1], again=True, locale="en-GB", allowed=AWAY).page
    return opened(page, network, talk)


def opened(page, network, talk):
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/conversations/{talk}")
    page.wait_for_selector("textarea")
    return page


def say(page, text: str) -> None:
    page.fill("textarea", text)
    page.press("textarea", "Enter")
    expect(page.locator("textarea")).to_have_value("")


def heard(page, text: str) -> None:
    page.locator(".said li", has_text=text).first.wait_for()


def focused(page, selector: str) -> None:
    page.wait_for_function("(one) => document.activeElement?.matches(one)", arg=selector)


def test_what_was_read_with_an_own_word_written_elsewhere_is_unread_nowhere(visit, network, talk) -> None:
    homes = [home_of(network, place) for place in (0, 1)]
    with ExitStack() as ends:
        for home in homes:
            ends.callback(home.close)
        lines = [ends.enter_context(Line.of(home, Desk.of(home))) for home in homes]
        for place, text in ((0, "Bonjour."), (1, "Bonjour, j’écoute."), (0, "Merci, à demain.")):
            lines[0].follow(talk)
            lines[place].say(talk, text)
            lines[1].follow(talk)  # who was called sees the conversation with the first word
            assert lines[1 - place].arrived(talk, 60)
    page = opened(visit(network.accounts[0], again=True, allowed=AWAY).page, network, talk)
    heard(page, "Merci, à demain.")
    eventually(lambda: page.evaluate(TOLD, str(talk)))


def test_what_comes_while_nobody_looks_shuts_no_other_device_out(mine, visit, network, talk) -> None:
    """What was read is told with the id of that message, and not of one that came after it."""
    peer = home_of(network, 1)
    with closing(peer), Line.of(peer, Desk.of(peer)) as line:
        line.follow(talk)
        say(mine, "Lu jusqu’ici.")  # which the firm's other devices are told a moment later
        mine.evaluate("() => { document.hasFocus = () => false }")
        line.say(talk, "Said while nobody looks.")
        heard(mine, "Said while nobody looks.")
    before = mine.evaluate(VERSION, str(talk))
    mine.fill("textarea", "un brouillon")
    eventually(lambda: mine.evaluate(VERSION, str(talk)) > before)
    second = opened(visit(network.accounts[0], allowed=AWAY).page, network, talk)
    heard(second, "Said while nobody looks.")
    assert second.locator(".thread [role=alert]").count() == 0
    eventually(lambda: shares_the_draft(second, "un brouillon"))  # what was told may have been of before it
    mine.evaluate("() => { delete document.hasFocus }")
    mine.fill("textarea", "")


def test_what_comes_does_not_carry_away_who_reads_above_and_the_composer_stays_in_sight(mine, theirs) -> None:
    for number in range(8):
        say(theirs, f"Fact {number}: 38 days on average, and an instalment plan that was kept so far.")
    heard(mine, "Fact 7:")
    mine.evaluate(  # as with many conversations
        "() => { const one = document.querySelector('.list ul:has(a.talk)');"
        " for (let i = 0; i < 20; i++) one.append(one.firstElementChild.cloneNode(true)) }"
    )
    at = mine.evaluate(
        "() => [document.querySelector('.composer .acts').getBoundingClientRect().bottom - innerHeight,"
        " document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(at) <= 0, "the composer is below the window's foot"
    log = mine.locator(".said")
    mine.wait_for_function("() => document.querySelector('.said').scrollTop > 0")
    log.evaluate("(one) => { one.scrollTop = 0; one.dispatchEvent(new Event('scroll')) }")
    say(theirs, "Said while you read above.")
    heard(mine, "Said while you read above.")
    assert log.evaluate("(one) => one.scrollTop") == 0
    say(mine, "Noté.")
    heard(mine, "Noté.")
    mine.wait_for_function(
        "() => { const one = document.querySelector('.said');"
        " return one.scrollHeight - one.scrollTop - one.clientHeight < 5 }"
    )


@pytest.mark.parametrize(
    ("side", "text", "held"),
    [
        ("mine", "Quel prix leur faites-vous ?", "Pas encore envoyé."),
        ("theirs", "What price do you give them?", "Not sent yet."),
    ],
    ids=["fr", "en"],
)
def test_a_text_that_was_reminded_of_is_held_aloud_and_enter_goes_back_to_writing(
    request, side, text, held
) -> None:
    page = request.getfixturevalue(side)
    page.fill("textarea", text)
    page.press("textarea", "Enter")
    expect(page.locator(".composer [role=alert]")).to_contain_text(held)
    focused(page, ".composer .button.primary")
    page.keyboard.press("Enter")
    focused(page, "textarea")
    expect(page.locator("textarea")).to_have_value(text)
    assert page.locator(".said li", has_text=text).count() == 0
    page.fill("textarea", "")


def test_a_retention_that_the_other_side_changes_is_told_where_one_reads(mine, theirs) -> None:
    theirs.get_by_role("button", name="Keeping and safety").click()
    theirs.get_by_label("You wish").select_option("3")
    expect(mine.locator(".thread > .notice[role=status]")).to_contain_text(
        "L’autre partie souhaite désormais 3 mois"
    )
    theirs.get_by_role("button", name="Block the other side").click()
    expect(theirs.locator(".thread > .notice")).to_contain_text("You have blocked the other side")
    expect(mine.locator(".thread > .notice", has_text="vous a bloqué")).to_be_visible()
    theirs.get_by_role("button", name="Let it write again").click()
    expect(mine.locator("textarea")).to_be_visible()


def test_the_caller_is_told_that_the_other_side_sees_the_opening_later_or_with_her_first_message(
    visit, network
) -> None:
    kept = talk_between(network, 1, 0, 0)
    day = time.time_ns() // 1_000_000 + 86_400_000
    with closing(sqlite3.connect(network.folder / "vigie.sqlite3", timeout=60)) as file, file:
        file.execute("UPDATE conversation SET shown_at = ? WHERE id = ?", (day, str(kept)))
    caller = opened(visit(network.accounts[1], again=True, locale="en-GB", allowed=AWAY).page, network, kept)
    expect(caller.locator(".said")).to_contain_text("at a random moment within 24 hours")
    answerer = visit(network.accounts[0], again=True, allowed=AWAY).page
    answerer.wait_for_selector("main h1")
    answerer.goto(f"{network.url}/#/conversations/{kept}")
    expect(answerer.locator(".thread > .notice")).to_contain_text("quand vous verrez que l’appelant a ouvert")
    assert answerer.locator("textarea").count() == 0
    say(caller, "A first word, by a person.")
    heard(answerer, "A first word, by a person.")
    say(answerer, "Et une réponse.")
    heard(caller, "Et une réponse.")
    expect(caller.locator(".said")).not_to_contain_text("at a random moment")


def test_an_own_message_is_withdrawn_by_keyboard_and_the_keyboard_stays_in_the_conversation(mine) -> None:
    say(mine, "une erreur de frappe")
    slip = mine.locator("li.mine", has_text="une erreur de frappe")
    slip.get_by_role("button", name="Retirer").press("Enter")
    mine.keyboard.press("Enter")
    expect(mine.locator("li.mine", has_text="une erreur de frappe")).to_have_count(0)
    focused(mine, ".said")


def test_on_a_phone_the_keyboard_goes_into_what_was_opened_and_back_to_where_it_came_from(
    visit, network
) -> None:
    page = visit(network.accounts[0], width=390, again=True, allowed=AWAY).page
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/conversations")
    page.locator("a.talk").first.press("Enter")
    focused(page, ".thread h2")
    page.locator(".thread a.back").press("Enter")
    focused(page, "a.talk")
    page.evaluate("() => { location.hash = '#/conversations/00000000-0000-0000-0000-000000000000' }")
    expect(page.locator(".notice[role=status]")).to_contain_text("n’est pas, ou plus, de ceux")


def test_the_keyboard_stays_on_a_conversation_that_moves_up_the_list(mine, network) -> None:
    lower = talk_between(network, 0, 1, 3)
    say(mine, "Plus récent que l’autre.")
    mine.goto(f"{network.url}/#/conversations")
    row = mine.locator(f"a.talk[href$='{lower}']")
    row.focus()
    expect(mine.locator("a.talk").first).not_to_have_attribute("href", f"#/conversations/{lower}")
    said = int(time.time())
    eventually(lambda: int(time.time()) > said)  # the network tells whole seconds
    with closing(home_of(network, 0)) as own, Line.of(own, Desk.of(own)) as line:
        line.follow(lower)
        line.say(lower, "Le voilà en haut.")
    expect(mine.locator("a.talk").first).to_have_attribute("href", f"#/conversations/{lower}")
    focused(mine, f"a.talk[href$='{lower}']")


def test_a_call_is_closed_only_once_it_was_asked_and_what_was_done_is_said_aloud(mine, network) -> None:
    mine.goto(f"{network.url}/#/conversations")
    close = mine.get_by_role("button", name="Clore", exact=True)
    before = close.count()
    assert before, "the demo's own call is open"
    close.first.press("Enter")
    expect(mine.locator(".sure")).to_contain_text("Plus aucune réponse ne vous parviendra")
    focused(mine, ".list .no")
    mine.keyboard.press("Enter")
    focused(mine, ".list .ask")
    mine.keyboard.press("Enter")
    mine.get_by_role("button", name="Le clore").press("Enter")
    expect(mine.locator(".list > [role=status]")).to_have_text(
        "Clos. Les échanges qu’il a ouverts continuent."
    )
    expect(close).to_have_count(before - 1)
    focused(mine, ".list")


def test_without_a_network_a_call_says_so_in_words_and_nothing_raw_is_shown(mine, network) -> None:
    mine.goto(f"{network.url}/#/conversations/call")
    mine.fill("input[type=search]", "a")
    mine.locator(".found button").first.click()
    mine.context.set_offline(True)
    mine.get_by_role("button", name="Lancer l’appel").click()
    expect(mine.locator(".call [role=alert]")).to_have_text(
        "Le réseau est injoignable : rien n’a changé. Réessayez quand il sera de retour."
    )
    mine.context.set_offline(False)


def test_a_session_that_ends_while_somebody_writes_keeps_the_draft(visit, network, talk) -> None:
    page = visit(network.accounts[0], allowed=(*AWAY, "401")).page
    opened(page, network, talk)
    conversation = page.evaluate("() => location.hash")
    page.fill("textarea", "Pas encore fini d’écrire")
    page.wait_for_selector("text=Gardé sur cet appareil.")
    page.context.clear_cookies()
    page.evaluate(PRESS, "Conservation et sûreté")  # if something else did not ask before
    page.wait_for_selector("#log-in")
    page.goto(network.enter(network.accounts[0]))
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/{conversation}")
    expect(page.locator("textarea")).to_have_value("Pas encore fini d’écrire")
    page.fill("textarea", "")
