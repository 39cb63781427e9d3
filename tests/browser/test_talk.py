"""Two firms talk on a real server: one in the page, in a real Chromium, the other with the agent."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from chat import transcript
from chat.keys import HYBRID_AES256, X25519_AES256, Suite
from chat.records import Reason
from member.conversing import Desk
from member.keystore import Member
from member.line import Line
from member.revealing import Own
from member.talk_room import Room
from tests.browser.recorded import PLACES, PLANTED, found, plant, recorded
from tests.browser.talking import clients_of_both, home_of, shares_the_draft
from tests.browser.views import seen_by_axe
from tests.conftest import wait_until

PAGE, AGENT = 0, 1  # places among the demo's firms: who sits in the page, who at the terminal


@dataclass
class Agent:
    """Somebody at the terminal in one conversation: what she types is sent, what she is told is kept."""

    room: Room
    said: list[str] = field(default_factory=list)
    typed: queue.Queue[str] = field(default_factory=queue.Queue)

    def ask(self, prompt: str) -> str:
        if prompt:
            self.said.append(prompt)
        line = self.typed.get()
        if line == "":
            raise EOFError
        return line

    def told(self, text: str) -> str:
        """The line in which it was said, once it was."""
        wait_until(lambda: any(text in line for line in self.said), 60)
        return next(line for line in reversed(self.said) if text in line)


@pytest.fixture(scope="module")
def terminal(network) -> Iterator[Member]:
    member = home_of(network, AGENT)
    yield member
    member.close()


@pytest.fixture(scope="module")
def shared(terminal: Member) -> list[bytes]:
    """Pseudonyms of clients that both firms have supplied all the time, and do not talk about yet."""
    return clients_of_both(terminal, PAGE, AGENT)


def sit(member: Member, desk: Desk, line: Line, conversation: Any) -> Agent:
    today = member.check_network().today
    session, shown = desk.history(conversation)
    agent = Agent(None)  # type: ignore[arg-type]
    agent.room = Room(
        desk, line, conversation, session, "en", agent.ask, agent.said.append, Own.of(member), today=today
    )
    threading.Thread(target=agent.room.sit, args=(shown,), daemon=True).start()
    return agent


@pytest.mark.parametrize("suite", [X25519_AES256, HYBRID_AES256], ids=["x25519", "hybrid"])
def test_the_page_and_the_agent_talk_both_ways(
    visit, network, terminal: Member, shared: list[bytes], suite: Suite, tmp_path: Path
) -> None:
    with recorded(network) as (network, proxy):
        said = talk_both_ways(visit, network, terminal, shared, suite, tmp_path)
        page, conversation = said.page, said.conversation
        hits = found(proxy, said.texts | PLANTED)
        assert {place: got for place, got in hits.items() if got} == {}
        plant(page, conversation)
        hits = found(proxy, said.texts | PLANTED)
        for place in PLACES:
            assert {hit.spelling for hit in hits[place]} == set(PLANTED), place


@dataclass
class Said:
    """A page in which everything was said, and what was."""

    page: Any
    conversation: Any
    texts: dict[str, str]


def talk_both_ways(
    visit: Any, network: Any, terminal: Member, shared: list[bytes], suite: Suite, tmp_path: Path
) -> Said:
    allowed = ("Failed to load resource",)
    page = visit(network.accounts[PAGE], locale="en-GB", allowed=allowed, url=network.url).page
    client = terminal.shelf.sync(terminal).by_pseudonym()[shared[suite.number]].name
    desk = Desk.of(terminal)
    with Line.of(terminal, desk, lambda _event: None) as line:
        if suite is HYBRID_AES256:
            conversation = call_from_the_page(page, network, desk, client)
        else:
            conversation = call_from_the_agent(page, network, desk, terminal, shared[suite.number])
        assert desk.session(conversation).link.suite == suite
        agent = sit(terminal, desk, line, conversation)

        say(page, "They pay us 40 days late since spring.")
        agent.told("They pay us 40 days late since spring.")
        agent.typed.put("Ici aussi, à 35 jours.")
        page.wait_for_selector("text=Ici aussi, à 35 jours.")

        own = page.locator("li.mine").filter(has_text="40 days late")
        own.get_by_role("button", name="Edit").click()
        page.fill("textarea", "They pay us 41 days late since spring.")
        page.press("textarea", "Enter")
        agent.told("now reads] They pay us 41 days late")
        say(page, "a slip of the keyboard")
        agent.told("a slip of the keyboard")
        slip = page.locator("li.mine").filter(has_text="a slip of the keyboard")
        slip.get_by_role("button", name="Withdraw").click()
        page.get_by_role("button", name="Withdraw it").click()
        agent.told("withdrawn]")
        page.wait_for_selector("li.mine >> text=Withdrawn")

        say(page, "What price do you give them?", sent=False)
        page.wait_for_selector("text=This mentions prices")
        page.get_by_role("button", name="Keep writing").click()
        page.fill("textarea", "")

        exchange_files(page, agent, tmp_path, closed=suite is HYBRID_AES256)
        if suite is X25519_AES256:
            lose_the_line(page, agent)
            open_a_second_device(visit, network, page, conversation)
        reveal(page, agent, network)
        check_presence(page, agent)
        check_transcript(page, conversation, tmp_path)
        if suite is HYBRID_AES256:
            hold_and_block(page, agent)
        else:
            decline(page, desk, terminal, shared[0])
            check_access(page)
        page.goto(f"{network.url}/#/conversations")
        page.wait_for_selector(".choose")
        unseen = f"said while nobody looks, {suite.number}"
        agent.typed.put(unseen)
        page.locator("a.talk").filter(has_text=unseen).locator(".new").wait_for()
        page.wait_for_function("() => /^[(][1-9][)] /.test(document.title)")
        agent.typed.put("")
    texts = ["They pay us 40 days late since spring.", "They pay us 41 days late since spring."]
    texts += ["Ici aussi, à 35 jours.", "a slip of the keyboard", "What price do you give them?"]
    texts += ["conclusive.csv", "facture 12 : 35 jours", unseen, client, network.accounts[AGENT].who]
    if suite is X25519_AES256:
        texts += ["typed without a line", "not finished y", "begun on the first device"]
    return Said(page, conversation, {text: text for text in texts})


def say(page: Any, text: str, *, sent: bool = True) -> None:
    page.fill("textarea", text)
    page.press("textarea", "Enter")
    if sent:
        expect(page.locator("textarea")).to_have_value("")


def tab_to(page: Any, name: str) -> None:
    """From where the keyboard is to what carries this name."""
    found = """(name) => {
      const here = document.activeElement
      const said = [here.labels?.[0]?.innerText, here.getAttribute('aria-label'), here.innerText]
      return said.some((text) => text?.trim().startsWith(name))
    }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(found, name):
            return
    pytest.fail(f"{name} is not reached by keyboard")


def call_from_the_page(page: Any, network: Any, desk: Desk, client: str) -> Any:
    page.goto(f"{network.url}/#/conversations/call")
    page.wait_for_selector("input[type=search]")
    tab_to(page, "Search a client")
    page.keyboard.type(client)
    tab_to(page, client)
    page.keyboard.press("Enter")
    tab_to(page, "pays late")
    page.keyboard.press("Space")
    tab_to(page, "Keys that also resist a quantum computer")
    page.keyboard.press("Space")
    tab_to(page, "Raise the call")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Raised. You will hear of answers here.")
    wait_until(lambda: any(one.call.suite == HYBRID_AES256 for one in desk.list_calls()[1]), 60)
    call = next(one for one in desk.list_calls()[1] if one.call.suite == HYBRID_AES256)
    conversation = desk.answer(call)
    page.goto(f"{network.url}/#/conversations/{conversation}")
    page.wait_for_selector("textarea")
    return conversation


def call_from_the_agent(page: Any, network: Any, desk: Desk, terminal: Member, client: bytes) -> Any:
    page.goto(f"{network.url}/#/conversations")
    page.wait_for_selector("section.list")
    desk.raise_call(client, Reason.PARTIAL_PAYMENTS, terminal.check_network().today)
    page.get_by_role("button", name="Answer", exact=True).click()
    page.wait_for_selector("text=Answered. You can write once")
    opened: list[Any] = []

    def answered() -> bool:
        opened.extend(desk.open_answered())
        return bool(opened)

    wait_until(answered, 60)
    page.wait_for_selector("textarea")
    return opened[0]


def exchange_files(page: Any, agent: Agent, folder: Path, *, closed: bool) -> None:
    """Both ways; the page's is interrupted, and goes on at once or after the page was closed."""
    sent = folder / "conclusive.csv"
    sent.write_bytes(bytes(range(256)) * 700)
    page.route("**/files/*/1", lambda route: route.abort())
    page.set_input_files("input[type=file]", str(sent))
    page.wait_for_selector("text=is interrupted")
    page.unroute("**/files/*/1")
    if closed:
        page.reload()
        page.wait_for_selector("text=Choose the same file again")
        page.set_input_files("input[type=file]", str(sent))
    else:
        page.get_by_role("button", name="Go on").click()
    counter = agent.told("[file conclusive.csv").split(".")[0]
    agent.typed.put(f"/save {counter} {folder / 'saved.csv'}")
    agent.told("Written.")
    assert (folder / "saved.csv").read_bytes() == sent.read_bytes()
    (folder / "theirs.txt").write_bytes(b"facture 12 : 35 jours")
    agent.typed.put(f"/file {folder / 'theirs.txt'}")
    page.wait_for_selector("text=theirs.txt")
    with page.expect_download() as got:
        page.get_by_role("button", name="Save theirs.txt").click()
    assert Path(got.value.path()).read_bytes() == b"facture 12 : 35 jours"


def lose_the_line(page: Any, agent: Agent) -> None:
    """What is typed without a connection is kept, and sent once when the page is opened again."""
    page.context.set_offline(True)
    page.wait_for_selector("text=Live feed reconnecting", state="attached")
    page.fill("textarea", "typed without a line")
    page.press("textarea", "Enter")
    page.wait_for_selector("text=Waiting to be stored")
    page.fill("textarea", "not finished y")
    page.wait_for_selector("text=Kept on this device.")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("textarea")
    agent.told("typed without a line")
    page.wait_for_selector("li.mine >> text=typed without a line")
    assert sum("typed without a line" in line for line in agent.said) == 1
    expect(page.locator("textarea")).to_have_value("not finished y")


def open_a_second_device(visit: Any, network: Any, page: Any, conversation: Any) -> None:
    """It sees the same conversation, what was read of it, and what is being written."""
    page.fill("textarea", "begun on the first device")
    # Of two devices that write at once one is refused, and the browser says so in its console.
    allowed = ("Failed to load resource",)
    second = visit(network.accounts[PAGE], locale="en-GB", allowed=allowed, url=network.url).page
    second.goto(f"{network.url}/#/conversations/{conversation}")
    wait_until(lambda: shares_the_draft(second, "begun on the first device"), 60)
    expect(second.locator(f"a.talk[href$='{conversation}'] .new")).to_have_count(0)
    second.context.close()
    page.fill("textarea", "")


def decline(page: Any, desk: Desk, terminal: Member, client: bytes) -> None:
    """A call that is declined is gone here; the caller hears nothing."""
    call = desk.raise_call(client, Reason.DISPUTE, terminal.check_network().today)
    page.get_by_role("button", name="Decline", exact=True).click()
    page.get_by_role("button", name="Decline it").click()
    expect(page.locator("section.list [role=status]")).to_have_text("Declined. Nobody is told.")
    expect(page.get_by_role("button", name="Decline", exact=True)).to_have_count(0)
    assert next(one for one in desk.list_calls()[0] if one.id == call).answers == []
    desk.close(call)


def hold_and_block(page: Any, agent: Agent) -> None:
    page.get_by_label("You wish").select_option("6")
    page.wait_for_selector("text=Contents stay for 6 months")
    page.get_by_role("button", name="Hold this conversation").click()
    page.wait_for_selector("text=Lift the hold")
    page.get_by_role("button", name="Report to the operator").click()
    page.get_by_role("button", name="Disclose and report").click()
    page.wait_for_selector("text=Reported: the operator now holds the transcript.")
    page.get_by_role("button", name="Block the other side").click()
    page.wait_for_selector("text=You have blocked the other side.")
    agent.typed.put("one more word")
    agent.told("has closed the conversation to you")
    page.get_by_role("button", name="Let it write again").click()
    page.wait_for_selector("text=Block the other side")
    agent.typed.put("/silence")
    page.wait_for_selector("text=The other side has blocked you")
    agent.typed.put("/hear")
    page.wait_for_selector("textarea")


def check_access(page: Any) -> None:
    """What is open now, in both themes, languages and widths: no violation, nothing beside the page."""
    for theme, language in (("light", "English"), ("dark", "Français")):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": 1280, "height": 850})
        page.get_by_role("button", name=language).click()
        page.wait_for_selector(f"html[lang={'fr' if language == 'Français' else 'en'}]")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 850})
            assert not seen_by_axe(page), (theme, width)
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), width


def reveal(page: Any, agent: Agent, network: Any) -> None:
    agent.typed.put("/reveal")
    page.get_by_role("button", name="Accept: show both names").wait_for()
    tab_to(page, "Accept: show both names")
    page.keyboard.press("Enter")
    page.wait_for_selector("section.reveal code")
    number = page.inner_text("section.reveal code")
    assert number in agent.told("Safety number")
    assert "The network’s key holder vouches for its root key, not for its name" in page.inner_text(
        "section.reveal"
    )
    assert network.accounts[AGENT].who in page.inner_text("section.reveal")


def check_presence(page: Any, agent: Agent) -> None:
    page.wait_for_selector(".presence")
    say(page, "Thank you.")
    agent.told("Thank you.")
    expect(page.locator("li.mine").last).to_contain_text("Read")


def check_transcript(page: Any, conversation: Any, folder: Path) -> None:
    page.get_by_role("button", name="Keeping and safety").click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Save the transcript").click()
    text = Path(got.value.path()).read_bytes()
    checked = transcript.check(text)
    assert isinstance(checked, transcript.Checked), checked
    assert checked.link.conversation == conversation.bytes
    assert any(getattr(one.content, "text", "") == "Ici aussi, à 35 jours." for one in checked.said)
    assert json.loads(text)["signature"]
