"""The page makes its codes with any two of three key holders, and says who is down or cheats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

import hatch_build
from demo.links import Account
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
        member = enrol(network, server.admit("Firm (fictional)", 50), "page@firm.test", PASSWORD)
        holders.admit(member.firm_id, member.root_public, 50)
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
