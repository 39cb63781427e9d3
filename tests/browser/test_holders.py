"""The page makes its codes with any two of three key holders, and says who is down or cheats."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

import hatch_build
from demo.links import Account
from demo.sirens import siren
from member.enrol import enrol
from member.keys import account_key_text
from member.network import Network
from member.pseudonyms import pseudonyms_of
from privacy.evaluate import evaluate, generate_key, read_elements
from tests.browser.conftest import Visit, link
from tests.conftest import RunningServer
from tests.forked import Nursery
from tests.server.holders import Holders
from tests.server.kit import b64, unb64
from tests.server.networks import network_of

SIREN = "732829320"  # passes its check digit
PASSWORD = "a fictional password"
MANY, CHUNK, AT_ONCE = 2_250, 250, 2
"""One chunk more than four workers begin, each two at once."""
FILE = (
    "SIREN;Raison sociale;Mois;Encours;Non échu;1-30 j;31-60 j;61-90 j;91;Ventes;Payé;Ville\n"
    f"{SIREN};Client fictif;2025-12;1250;1000;250;0;0;0;900;800;Lyon\n"
)


@dataclass
class Three:
    """A network with three holders, and a firm that they admitted."""

    server: RunningServer
    holders: Holders
    account: Account
    pseudonym: bytes


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Three]:
    hatch_build.build()
    holders = Holders.make(tmp_path_factory.mktemp("holders"), nursery)
    holders.start()
    server = network_of(holders, tmp_path_factory.mktemp("network"))
    with Network(server.url) as network:
        member = enrol(network, server.admit("Firm (fictional)", MANY), "page@firm.test", PASSWORD)
        holders.admit(member.firm_id, member.root_public, MANY)
        found = pseudonyms_of(member, [f"fr.siren:{SIREN}"])[f"fr.siren:{SIREN}"]
        account = Account("Firm", "page@firm.test", PASSWORD, account_key_text(member.account_key))
    yield Three(server, holders, account, found)
    server.kill()
    holders.end()


@pytest.fixture
def page(chromium: Any, three: Three) -> Iterator[Any]:
    """The upload page of the firm, with a file chosen and its columns accepted; holders are other origins."""
    context = chromium.new_context(locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    visit = Visit(context.new_page(), "")
    visit.page.on("pageerror", lambda error: visit.faults.append(f"uncaught: {error}"))
    visit.page.on("console", lambda one: visit.faults.append(one.text) if "Policy" in one.text else None)
    visit.page.goto(link(three.server.url, three.account))
    visit.page.wait_for_selector("h1")
    visit.page.goto(f"{three.server.url}/#/upload")
    visit.page.set_input_files(
        "input[type=file]", {"name": "b.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    )
    visit.page.wait_for_selector("select#kind")
    visit.page.click("button.primary")
    visit.page.check("#declared")
    yield visit.page
    context.close()
    assert not visit.faults


def test_the_page_makes_the_agents_codes_while_a_holder_is_down_and_names_it(page: Any, three: Three) -> None:
    holder = three.holders.three[0]
    holder.kill()
    try:
        page.click("button.primary")
        page.wait_for_selector(".box td")
        expect(page.locator("p.notice[role=status]")).to_contain_text("Holder 1")
        assert three.pseudonym.hex()[:8] in page.locator(".box").inner_text().replace(" ", "")
    finally:
        holder.start()
        holder.wait()


def test_a_holder_that_cheats_is_named_and_its_answer_not_used(page: Any, three: Three) -> None:
    key = generate_key()

    def cheat(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        asked = read_elements(unb64(json.loads(route.request.post_data)["blinded"]))
        evaluated, proof = evaluate(key, asked)
        route.fulfill(
            status=200,
            content_type="application/json",
            headers={"Access-Control-Allow-Origin": "*"},
            body=json.dumps({"evaluated": b64(evaluated), "proof": b64(proof)}),
        )

    page.route(f"{three.holders.three[1].url}/**", cheat)
    page.click("button.primary")
    page.wait_for_selector(".box td")
    told = page.locator("p.notice[role=status]")
    expect(told).to_contain_text("Holder 2")
    expect(told).to_contain_text("triche")
    assert three.pseudonym.hex()[:8] in page.locator(".box").inner_text().replace(" ", "")


def test_codes_are_made_with_progress_that_a_person_pauses_cancels_and_begins_again(
    page: Any, three: Three
) -> None:
    """What holders are asked waits here until the test lets it go on: no moment decides."""
    rows = [f"{siren(place)};Client {place};02/10/2025;01/11/2025;100,00" for place in range(MANY)]
    content = "\n".join(["SIREN;Client;Date facture;Échéance;Montant TTC", *rows]).encode()
    page.get_by_role("button", name="Retour").click()
    page.get_by_role("button", name="Retour").click()
    page.set_input_files("input[type=file]", {"name": "m.csv", "mimeType": "text/csv", "buffer": content})
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.check("#declared")
    workers = min(4, page.evaluate("() => navigator.hardwareConcurrency"))
    asked: list[Any] = []
    let_on: list[bool] = []

    def keep(route: Any) -> None:
        asked.append(route)
        if let_on:
            route.continue_()

    page.route("**/evaluations", keep)
    page.click("button.primary")
    chunks = AT_ONCE * workers
    under_way = 2 * chunks  # each of two holders is asked

    def wait_for_asked(count: int) -> None:
        until = time.monotonic() + 60
        while len(asked) < count and time.monotonic() < until:
            page.wait_for_timeout(20)

    wait_for_asked(under_way)
    bar, buttons = page.locator("#blinding"), page.locator(".progress button")
    expect(bar).to_have_js_property("max", MANY)
    expect(bar).to_have_js_property("value", 0)
    buttons.nth(0).click()
    expect(page.locator(".progress")).to_contain_text("En pause")
    let_on.append(True)
    for route in asked[:under_way]:
        route.continue_()
    expect(bar).to_have_js_property("value", chunks * CHUNK)
    buttons.nth(1).click()
    expect(page.locator("[role=alert]")).to_contain_text("Rien n’a été envoyé")
    assert len(asked) == under_way  # paused, it began nothing new
    let_on.clear()
    page.click("button.primary")
    buttons.nth(0).click()
    buttons.nth(0).click()
    wait_for_asked(2 * under_way)
    for route in asked[under_way:]:
        route.continue_()
    expect(bar).to_have_js_property("value", chunks * CHUNK)
