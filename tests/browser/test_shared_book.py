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


def write_as_another(member: Member, client: int, note: str = "", step: str = "") -> None:
    """As a colleague's page writes; without anything, nothing is kept of the client any more."""
    stamp = {"at": "2026-01-01T00:00:00.000Z", "by": "autre@exemple.fr"}
    told = {"owner": "", "next": step, "due": "", "promised": None, "promisedFor": "", **stamp}
    kept = {
        "followUp": told if step else None,
        "notes": [{"id": "theirs", "text": note, **stamp}] if note else [],
    }

    def change(now: bytes | None) -> bytes:
        found = msgspec.json.decode(now or b'{"version": 1, "clients": {}}')
        return msgspec.json.encode({**found, "clients": {**found["clients"], str(client): kept}})

    member.shelf.amend(member, FOLLOW_UPS, change)


def test_what_a_colleague_wrote_since_the_page_was_opened_is_read_and_written_on(
    visit, network, agent
) -> None:
    page = visit(network.member, again=True).page
    page.wait_for_selector("main h1")
    clients = agent.shelf.sync(agent).clients.values()
    number = max(clients, key=lambda one: (bool(one.pseudonym), one.id)).id
    try:
        write_as_another(agent, number, THEIRS)
        page.goto(f"{network.url}/#/client/{number}")
        form = page.locator("section[aria-labelledby=follow]")
        form.get_by_text(THEIRS).wait_for()
        write_as_another(agent, number, f"{THEIRS}.")
        form.locator("textarea").fill(OURS)
        form.get_by_role("button", name="Ajouter").click()
        form.get_by_text(OURS).wait_for()
        expect(form.get_by_text(f"{THEIRS}.")).to_be_visible()
        expect(form.locator("[role=status]")).to_contain_text("Enregistré")
        form.locator("input[type=text]").first.fill(OURS)
        write_as_another(agent, number, step=THEIRS)
        form.get_by_role("button", name="Enregistrer").click()
        expect(form.locator("[role=status]").first).to_contain_text(f"{THEIRS}. Votre saisie")
        expect(form.locator("[role=status]").last).to_contain_text("elle reste")
        expect(form.locator("input[type=text]").first).to_have_value(OURS)
        form.get_by_role("button", name="Enregistrer").click()
        expect(form.locator("[role=status]")).to_contain_text("Enregistré")
    finally:
        write_as_another(agent, number)
