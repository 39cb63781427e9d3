"""The page goes on through what one hostile or unlucky event brings: it costs itself, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from chat import transcript
from chat.contents import Text
from chat.keys import PrivateKeys
from chat.records import Call, read_call
from chat.refusals import Refusal
from member.conversing import Desk
from member.keystore import Member
from member.line import Line
from privacy import signing
from tests.browser.talking import home_of, talk_between
from tests.browser.views import seen_by_axe, settle
from tests.chat.test_bad_epoch import sealed_wrongly
from tests.conftest import wait_until
from tests.server.kit import b64, unb64

pytestmark = pytest.mark.browser
PAGE, AGENT = 0, 1  # places among the demo's firms
SHUT_OUT = "a key for this conversation that does not open here"


@pytest.fixture
def agent(network) -> Iterator[Member]:
    member = home_of(network, AGENT)
    yield member
    member.close()


def poison(desk: Desk, talk: UUID) -> None:
    record = sealed_wrongly(desk.session(talk))
    desk.api.ask("POST", f"/api/conversations/{talk}/epochs", {"record": b64(record)})


def said(member: Member, talk: UUID, text: str) -> None:
    desk = Desk.of(member)
    with Line.of(member, desk) as line:
        line.follow(talk)
        line.say(talk, text)


def texts(desk: Desk, talk: UUID) -> list[str]:
    contents = [one.content for one in desk.history(talk)[1]]
    return [one.text for one in contents if isinstance(one, Text)]


def opened(visit: Any, network: Any, talk: UUID) -> Page:
    page: Page = visit(network.accounts[PAGE], locale="en-GB", allowed=("Failed to load resource",)).page
    page.goto(f"{network.url}/#/conversations/{talk}")
    return page


def test_a_bad_epoch_is_told_and_the_conversation_goes_on(
    visit, network, agent: Member, tmp_path: Path
) -> None:
    talk = talk_between(network, AGENT, PAGE, -1)
    desk = Desk.of(agent)
    said(agent, talk, "before the bad epoch")
    poison(desk, talk)
    said(agent, talk, "nobody reads this")
    page = opened(visit, network, talk)
    page.get_by_text("before the bad epoch").last.wait_for()
    notice = page.get_by_role("alert").filter(has_text=SHUT_OUT)
    notice.wait_for()
    unread = page.locator("[role=log] li").filter(has_text="A message that cannot be opened")
    expect(unread).to_have_count(1)
    settle(page)
    assert not seen_by_axe(page)

    page.fill("textarea", "What was that?")
    page.press("textarea", "Enter")
    page.locator("li.mine").filter(has_text="What was that?").wait_for()
    expect(notice).to_have_count(0)
    wait_until(lambda: texts(desk, talk)[-1] == "What was that?", 60)
    said(agent, talk, "and on it goes")
    page.locator("li").filter(has_text="and on it goes").last.wait_for()

    poison(desk, talk)  # while the page is open
    notice.wait_for()
    page.get_by_role("button", name="Keeping and safety").click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Save the transcript").click()
    checked = transcript.check(Path(got.value.path()).read_bytes())
    assert isinstance(checked, transcript.Checked), checked
    assert checked.without_key == (2, 4)
    assert [isinstance(one.content, Refusal) for one in checked.said] == [False, True, False, False]
    page.get_by_role("button", name="Block the other side").wait_for()


def test_an_epoch_and_a_message_while_the_page_loads_are_read(visit, network, agent: Member) -> None:
    talk = talk_between(network, AGENT, PAGE, -2)
    desk = Desk.of(agent)
    said(agent, talk, "before the page was opened")
    happened: list[str] = []

    def meanwhile(route: Route) -> None:
        if not happened:
            happened.append(route.request.url)
            epoch = desk.session(talk).begin_epoch()
            assert not isinstance(epoch, Refusal)
            desk.api.ask("POST", f"/api/conversations/{talk}/epochs", {"record": b64(epoch.record)})
            said(agent, talk, "while it was loading")
        route.continue_()

    page: Page = visit(network.accounts[PAGE], locale="en-GB", allowed=("Failed to load resource",)).page
    page.route(f"**/api/conversations/{talk}/messages*", meanwhile)
    page.goto(f"{network.url}/#/conversations/{talk}")
    page.locator("li").filter(has_text="while it was loading").last.wait_for()
    assert happened
    expect(page.locator(".thread [role=alert]")).to_have_count(0)


def bad_answer(call: Call) -> bytes:
    keys = PrivateKeys.fresh()
    payload = bytes([1]) + call.id + call.digest + signing.public_bytes(keys.signing) + bytes(32)
    return payload + signing.sign(keys.signing, "answer", payload)


def test_a_bad_answer_is_left_out_and_told_and_the_others_stay(visit, network, agent: Member) -> None:
    talk = talk_between(network, AGENT, PAGE, -3)
    said(agent, talk, "an honest word")

    def tampered(route: Route) -> None:
        found = route.fetch().json()
        mine = next(one for one in found if one["id"] == str(talk))
        call = read_call(unb64(mine["call"]))
        assert not isinstance(call, Refusal)
        bad = mine | {"id": str(uuid4()), "answer": b64(bad_answer(call)), "opening": None}
        route.fulfill(body=json.dumps([bad, *found]), content_type="application/json")

    page: Page = visit(network.accounts[PAGE], locale="en-GB", allowed=("Failed to load resource",)).page
    page.route("**/api/conversations?*", tampered)
    page.goto(f"{network.url}/#/conversations")
    page.locator("a.talk").filter(has_text="an honest word").wait_for()
    told = page.get_by_role("status").filter(has_text="Left out here")
    expect(told).to_contain_text("a key that nothing can be sealed to")
