"""A reveal in the page lasts beyond its messages, and one that cannot go on is called off."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chat.contents import Commit, Decline, Offer, Open
from chat.reveal import Revealed
from chat.thread import Thread
from member.conversing import Desk
from member.line import Line
from member.revealing import Own
from member.talk_reveal import Unveiling
from member.talk_room import Room
from member.talk_state import States
from server.database import Database
from server.keeping import sweep
from server.settings import Settings
from tests.browser.talking import home_of, talk_between
from tests.conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from chat.contents import Content
    from member.keystore import Member

pytestmark = pytest.mark.browser
PAGE, AGENT = 0, 1


@pytest.fixture(scope="module")
def terminal(network: Any) -> Iterator[Member]:
    member = home_of(network, AGENT)
    yield member
    member.close()


def opened(visit: Any, network: Any, talk: UUID) -> Any:
    page = visit(
        network.accounts[PAGE], again=True, locale="en-GB", allowed=("Failed to load resource",)
    ).page
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/conversations/{talk}")
    page.wait_for_selector("textarea")
    return page


def age(network: Any) -> None:
    """Forty days go by for conversations whose sides agreed on a month."""

    async def run() -> None:
        database = Database(Settings(database=f"sqlite:///{network.folder / 'vigie.sqlite3'}", pool_max=2))
        await database.start()
        try:
            await sweep(database, int(time.time()) + 40 * 86_400)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
        beside.submit(lambda: asyncio.run(run())).result()


def test_who_the_other_side_is_stays_when_the_messages_have_gone(
    visit: Any, network: Any, terminal: Member
) -> None:
    talk = talk_between(network, PAGE, AGENT, -3)
    page, desk, said, over = opened(visit, network, talk), Desk.of(terminal), [], threading.Event()
    session, shown = desk.history(talk)
    typed = iter(["/reveal"])

    def ask(_prompt: str) -> str:
        line = next(typed, None)
        if line is None:
            over.wait(120)
            raise EOFError
        return line

    with Line.of(terminal, desk) as line:
        room = Room(desk, line, talk, session, "en", ask, said.append, Own.of(terminal))
        sitting = threading.Thread(target=room.sit, args=(shown,), daemon=True)
        sitting.start()
        page.get_by_role("button", name="Accept: show both names").click()
        page.wait_for_selector("section.reveal code")
        wait_until(lambda: any("Safety number" in one for one in said), 60)
        number = page.inner_text("section.reveal code")
        over.set()
        sitting.join(30)
    member = home_of(network, PAGE)  # the page's firm: its agent knows what the page pinned
    try:
        wait_until(lambda: is_pinned(Desk.of(member), talk), 60)
        desk.api.ask("PUT", f"/api/conversations/{talk}/retention", {"months": 1})
        age(network)
        page.reload()
        page.wait_for_selector("section.reveal code")
        assert page.inner_text("section.reveal code") == number
        expect(page.locator("section.reveal")).to_contain_text(network.accounts[AGENT].who)
        expect(page.locator(".said li").first).to_contain_text("Erased")
        assert Desktop(member, talk).name() == network.accounts[AGENT].who
    finally:
        member.close()


def is_pinned(desk: Desk, talk: UUID) -> bool:
    """The page shows the name as soon as the other side has opened, and keeps it once its own side has."""
    states = States(desk)
    states.load()
    return states.of(talk).revealed is not None


@dataclass
class Desktop:
    """The agent of a firm in one conversation, without a person."""

    member: Member
    talk: UUID

    def read(self) -> Unveiling:
        desk = Desk.of(self.member)
        states = States(desk)
        states.load()
        session, shown = desk.history(self.talk)
        found = Unveiling(states, self.talk, session, Thread(), Own.of(self.member))
        found.begin()
        for received in shown:
            found.thread.take(received)
        found.verify()
        return found

    def put(self, content: Content) -> None:
        desk = Desk.of(self.member)
        with Line.of(self.member, desk) as line:
            line.follow(self.talk, from_start=False)
            line.say(self.talk, content)

    def step(self) -> Commit | Open:
        step = self.read().step()
        assert step is not None
        self.put(step)
        return step

    def name(self) -> str:
        found = self.read().peer()
        assert isinstance(found, Revealed)
        return found.name


def test_the_agent_opens_what_the_page_committed_to_and_the_page_knows_what_the_agent_pinned(
    visit: Any, network: Any, terminal: Member
) -> None:
    talk = talk_between(network, PAGE, AGENT, -5)
    member = home_of(network, PAGE)
    try:
        ours, theirs = Desktop(member, talk), Desktop(terminal, talk)
        theirs.put(Offer())
        page = opened(visit, network, talk)
        page.get_by_role("button", name="Accept: show both names").click()
        wait_until(lambda: ours.read().thread.reveal.commit_of(ours.read().session.side) is not None, 60)
        page.goto("about:blank")
        assert isinstance(theirs.step(), Commit)
        assert isinstance(ours.step(), Open)
        assert isinstance(theirs.step(), Open)
        name = ours.name()
        assert name == network.accounts[AGENT].who
        ours.read().pin()
        theirs.member.session.ask("PUT", f"/api/conversations/{talk}/retention", {"months": 1})
        age(network)
        assert ours.name() == name
        page = opened(visit, network, talk)
        page.wait_for_selector("section.reveal code")
        expect(page.locator("section.reveal")).to_contain_text(name)
    finally:
        member.close()


def test_a_reveal_that_the_other_side_does_not_go_on_with_is_called_off(
    visit: Any, network: Any, terminal: Member
) -> None:
    talk = talk_between(network, PAGE, AGENT, -4)
    page, desk = opened(visit, network, talk), Desk.of(terminal)
    page.get_by_role("button", name="Offer to show who we are").click()
    with Line.of(terminal, desk) as line:
        line.follow(talk)
        line.say(talk, Offer())
        page.get_by_role("button", name="Call the reveal off").click()
        page.wait_for_selector("text=Until both agree you talk to a firm admitted to the network.")
        arrived = line.arrived(talk, timeout_seconds=60)
        assert any(isinstance(one.content, Decline) for one in arrived)
