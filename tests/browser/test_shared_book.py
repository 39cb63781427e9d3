"""A page that stays open while another device of its firm writes the book."""

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import expect

from member.keystore import Member
from member.shelf import FOLLOW_UPS
from tests.browser.talking import home_of

pytestmark = pytest.mark.browser

THEIRS, OURS = "Vu avec leur comptable", "Rappelé ce matin"


@pytest.fixture
def agent(network) -> Iterator[Member]:
    member = home_of(network, 0)
    yield member
    member.close()


def note_by_another(member: Member, client: int, text: str) -> None:
    """As a colleague's page writes it; an empty text: the client's notes are no more."""

    def change(now: bytes | None) -> bytes:
        all_ = msgspec.json.decode(now or b'{"version": 1, "clients": {}}')
        note = {"id": "theirs", "at": "2026-01-01T00:00:00.000Z", "by": "autre@exemple.fr", "text": text}
        kept = all_["clients"].setdefault(str(client), {"followUp": None, "notes": []})
        kept["notes"] = [note] if text else []
        return msgspec.json.encode(all_)

    member.shelf.amend(member, FOLLOW_UPS, change)


def test_what_a_colleague_wrote_since_the_page_was_opened_is_read_and_written_on(
    visit, network, agent
) -> None:
    page = visit(network.member, again=True).page
    page.wait_for_selector("main h1")
    clients = agent.shelf.sync(agent).clients.values()
    number = max(clients, key=lambda one: (bool(one.pseudonym), one.id)).id
    try:
        note_by_another(agent, number, THEIRS)
        page.goto(f"{network.url}/#/client/{number}")
        form = page.locator("section[aria-labelledby=follow]")
        form.get_by_text(THEIRS).wait_for()
        note_by_another(agent, number, f"{THEIRS}.")
        form.locator("textarea").fill(OURS)
        form.get_by_role("button", name="Ajouter").click()
        form.get_by_text(OURS).wait_for()
        expect(form.get_by_text(f"{THEIRS}.")).to_be_visible()
        expect(form.locator("[role=status]")).to_contain_text("Enregistré")
    finally:
        note_by_another(agent, number, "")
