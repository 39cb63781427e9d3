"""Score, parameters, decisions, lights, dossier in the page: kept in the book, as the agent reads them."""

from __future__ import annotations

import csv
import io
import re
import subprocess

import msgspec
import pytest
from playwright.sync_api import expect

import hatch_build
from member.credit import (
    LIGHTS,
    Decision,
    OwnClient,
    Shown,
    plain,
    read_credit,
    read_lights,
    with_client,
    with_decision,
    with_task,
)
from member.credit_file import change_credit, change_lights
from member.credit_file import read_credit as credit_now
from member.keystore import Member
from member.sales_done import say_done

pytestmark = pytest.mark.browser

REASON = "Le directeur s'est engagé par écrit (fictif)"
TASK = "Faire signer le bon de commande (fictif)"
OTHER_TASK = "Demander le nom du nouvel acheteur (fictif)"

CUT = "(field) => field.scrollWidth > field.clientWidth"


@pytest.fixture
def client(visit, network):
    """The page of a client that is compared, in French."""
    page = visit(network.member, again=True, allowed=("404",)).page
    page.goto(f"{network.url}/#/portfolio")
    page.locator("tr.row .name").first.click()
    page.wait_for_selector(".score .big")
    return page


def test_parameters_are_the_firms_own_and_the_limit_says_its_whole_formula(client, network) -> None:
    page = client
    formula = page.locator(".score .formula")
    before = formula.inner_text()
    assert re.search(r"× \(\d+ j \+ \d+ j\) / 30,4375 j = .* × .* = .* → ", before)
    page.get_by_role("button", name="Mes paramètres").click()
    shares = page.locator(".parameters tbody tr td:nth-child(3) input")
    shares.first.wait_for()
    usual = [one.input_value() for one in shares.all()]
    weight, floor = (page.locator(".parameters input[type=number]").nth(at).input_value() for at in (0, 6))
    for at in range(shares.count()):
        shares.nth(at).fill("3")
    expect(formula).not_to_have_text(before)
    expect(formula).to_contain_text("× 3 =")
    cap = page.locator(".parameters input[type=number]").nth(1)
    kept = cap.input_value()
    cap.fill("")
    expect(page.locator(".parameters [role=alert]")).to_contain_text("Plafond (€)\u202f: attendu")
    expect(page.locator(".parameters button[type=submit]")).to_be_disabled()
    expect(formula).to_contain_text("× 3 =")
    cap.fill(kept)
    page.locator(".parameters input[type=number]").nth(0).fill("")
    expect(page.locator(".parameters [role=alert]")).to_contain_text("de 0 à 100")
    page.locator(".parameters input[type=number]").nth(0).fill("50")
    page.set_viewport_size({"width": 390, "height": 850})
    cut = [one.evaluate(CUT) for one in page.locator(".parameters tbody input").all()]
    page.set_viewport_size({"width": 1280, "height": 850})
    assert not any(cut), "every bound and share is read whole on a phone"
    page.locator(".parameters input[type=number]").nth(6).fill("-1")
    expect(page.locator(".parameters button[type=submit]")).to_be_disabled()
    page.locator(".parameters input[type=number]").nth(6).fill("12000")
    page.locator(".parameters button[type=submit]").click()
    page.locator(".parameters [role=status]", has_text="Enregistré").wait_for()
    page.reload()
    page.wait_for_selector(".score .formula")
    page.locator(".score .formula", has_text="× 3 =").wait_for()
    page.get_by_role("button", name="Mes paramètres").click()  # they are the whole firm's: as they were found
    shares.first.wait_for()
    for at, share in enumerate(usual):
        shares.nth(at).fill(share)
    for at, value in ((0, weight), (6, floor)):
        page.locator(".parameters input[type=number]").nth(at).fill(value)
    page.locator(".parameters button[type=submit]").click()
    page.locator(".parameters [role=status]", has_text="Enregistré").wait_for()
    expect(formula).to_have_text(before)


def test_a_decision_keeps_its_reason_and_nobody_else_reads_it(client, network) -> None:
    page = client
    page.get_by_role("button", name="Décider").click()
    page.locator("select.choice").select_option("block")
    page.locator("input.why").fill(REASON)
    page.get_by_role("button", name="L’écrire").click()
    page.locator(".decisions li", has_text=REASON).wait_for()
    database = (network.folder / "vigie.sqlite3").read_bytes()
    for path in network.folder.glob("vigie.sqlite3-*"):
        database += path.read_bytes()
    assert REASON.encode() not in database
    page.locator(".way a").click()
    page.locator(".seal dt").first.wait_for()
    page.locator(".seal code.own", has_text=re.compile("^[0-9a-f]{64}$")).wait_for()
    parts = page.locator("fieldset.parts")
    assert REASON not in page.inner_text("main"), "a decision is the firm's own until it is ticked"
    own = page.locator(".seal code.own").inner_text()
    parts.get_by_label("Décisions internes").check()
    expect(page.locator("main")).to_contain_text(REASON)
    expect(page.locator(".seal code.own")).not_to_have_text(own)
    assert re.search(r"\b20\d\d-\d\d\b", page.inner_text("main table")) is None, "months as they are written"
    band = page.locator("section", has=page.get_by_role("heading", name="Cellules publiées"))
    expect(band.locator("tbody tr").first.locator("td").nth(1)).to_have_text(re.compile(r"^\W?\d+ à \W?\d+$"))
    with page.expect_download() as kept:
        page.get_by_role("button", name="Enregistrer en CSV").click()
    text = kept.value.path().read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert any(REASON in line[3] for line in lines)
    sealed = {line[1]: line[3] for line in lines if line[0] == "Sceau"}
    listed = page.evaluate("async () => (await fetch('/api/releases')).json()")
    digests = page.evaluate(
        """(listed) => Promise.all(listed.map(async ({month, header}) => {
            const bytes = Uint8Array.from(atob(header), (c) => c.charCodeAt(0))
            const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
            return [month, [...digest].map((b) => b.toString(16).padStart(2, '0')).join('')]
        }))""",
        listed,
    )
    assert sealed
    assert sealed.items() <= dict(digests).items()


def test_a_decision_stands_and_is_said_to_though_the_lights_cannot_follow_it(client) -> None:
    page = client
    page.route("**/api/tasks/done", lambda route: route.fulfill(status=404, json={"code": "not-found"}))
    page.get_by_role("button", name="Décider").click()
    page.locator("select.choice").select_option("other")
    page.locator("input.why").fill("Appelé, à revoir (fictif)")
    page.get_by_role("button", name="L’écrire").click()
    expect(page.locator(".decisions [role=status]")).to_contain_text("n’ont pas pu être renouvelés")
    expect(page.locator("input.why")).to_have_value("")
    page.locator(".decisions li", has_text="à revoir").wait_for()


def test_sales_is_shown_a_light_and_a_task_and_no_figure(client, network) -> None:
    page = client
    page.get_by_role("button", name="Ce que voient les ventes").click()
    page.locator("input.task").fill(TASK)
    page.get_by_role("button", name="Demander, et renouveler").click()
    page.locator(".sales [role=status]", has_text="renouvel").wait_for()
    page.locator(".sales").get_by_role("button", name="Retirer").click()
    page.locator(".sales p", has_text=TASK).wait_for(state="detached")
    page.locator(".sales [role=status] button", has_text="Annuler").click()
    page.locator(".sales p", has_text=TASK).wait_for()
    page.goto(f"{network.url}/#/sales")
    page.locator("li", has_text=TASK).wait_for()
    said = page.inner_text("main ul")
    assert re.search("Vert|Orange|Rouge", said)
    assert "€" not in said

    # What a person stops is red for sales at once, whatever the figures say, until it is lifted.
    for number in range(1, 20):
        page.goto(f"{network.url}/#/client/{number}")
        page.wait_for_selector("main h1")
        page.get_by_role("button", name="Ce que voient les ventes").click()
        if page.locator(".sales .light strong").inner_text() != "Rouge":
            break
    name = page.locator("main h1").inner_text()
    row = page.locator("main ul li", has=page.locator("strong", has_text=name)).first
    for choice, shown in (("end", True), ("keep", False)):
        page.get_by_role("button", name="Décider").click()
        page.locator("select.choice").select_option(choice)
        page.locator("input.why").fill("Essai du feu (fictif)")
        page.get_by_role("button", name="L’écrire").click()
        expect(page.locator("input.why")).to_have_value("")
        expect(page.locator("input.why")).to_be_enabled()
        page.goto(f"{network.url}/#/sales")
        row.wait_for()
        assert ("Rouge" in row.inner_text()) is shown
        page.go_back()
        page.wait_for_selector(".score .big")


def test_what_is_being_written_of_one_client_does_not_stand_in_the_next_ones_forms(client, network) -> None:
    page = client
    here = page.evaluate("() => location.hash")
    page.locator("section[aria-labelledby=follow] textarea").fill("Note (fictive)")
    page.get_by_role("button", name="Décider").click()
    page.locator("input.why").fill("Raison (fictive)")
    name = page.locator("main h1").inner_text()
    page.evaluate(
        "(hash) => { location.hash = hash }", "#/client/1" if here != "#/client/1" else "#/client/2"
    )
    expect(page.locator("main h1")).not_to_have_text(name)
    expect(page.locator("main h1")).to_be_focused()
    page.wait_for_selector("section[aria-labelledby=follow] textarea")
    assert page.locator("section[aria-labelledby=follow] textarea").input_value() == ""
    if page.locator("input.why").count() == 0:
        page.get_by_role("button", name="Décider").click()
    assert page.locator("input.why").input_value() == ""


def _agent(network) -> Member:
    """The same firm's, which the page's person is of."""
    folder = network.folder / "members"
    return Member.load(next(one for one in folder.iterdir() if one.name in network.member.email))


def test_what_is_saved_is_the_clients_that_it_was_written_for_and_nothing_before_all_is_read(
    client, network
) -> None:
    page, agent = client, _agent(network)
    change_credit(agent, lambda credit: credit)  # there is one, whatever was tested before
    held: list = []

    def hold(route) -> None:
        held.append(route)

    page.route("**/api/book/segments/ledger/credit", hold)
    page.reload()
    page.get_by_role("button", name="Mes paramètres").click()
    cover = page.locator(".parameters input[type=number]").nth(6)
    expect(cover).to_be_disabled()
    expect(page.locator(".parameters button[type=submit]")).to_be_disabled()
    for route in held:
        route.continue_()
    page.unroute("**/api/book/segments/ledger/credit")
    expect(cover).to_be_enabled()

    here, name = page.evaluate("() => location.hash"), page.locator("main h1").inner_text()
    before = credit_now(agent)
    held.clear()
    page.route("**/api/book", hold)
    page.locator(".parameters input[type=number]").nth(6).fill("12345")
    page.locator(".parameters button[type=submit]").click()
    page.evaluate(
        "(hash) => { location.hash = hash }", "#/client/1" if here != "#/client/1" else "#/client/2"
    )
    expect(page.locator("main h1")).not_to_have_text(name)
    with page.expect_response(lambda one: one.url.endswith("/api/book") and one.request.method == "PUT"):
        for route in held:
            route.continue_()
        page.unroute("**/api/book")
    after = credit_now(agent)
    [changed] = [who for who, own in after.clients.items() if own != before.clients.get(who)]
    assert agent.book.clients[changed].name == name
    assert after.clients[changed].insured_cents == 1_234_500
    cents = before.clients.get(changed, OwnClient()).insured_cents
    change_credit(agent, lambda credit: with_client(credit, changed, insured_cents=cents))  # as it was found
    agent.close()


def test_a_page_from_before_a_colleagues_decision_shows_sales_nobody_as_before_it(client, network) -> None:
    page, agent = client, _agent(network)
    page.get_by_role("button", name="Ce que voient les ventes").click()
    renewed = page.locator(".sales [role=status]", has_text="renouvel")
    page.get_by_role("button", name="Renouveler les feux de tous").click()
    renewed.wait_for()
    lights = read_lights(agent.shelf.segment(agent, LIGHTS)).clients
    who = next(one for one, shown in lights.items() if shown.light != "red")
    for choice, shown in (("block", "red"), ("keep", lights[who].light)):
        decision = Decision("2026-11-26", "a@b.test", choice)
        change_credit(agent, lambda credit, decision=decision: with_decision(credit, who, decision))
        page.get_by_role("button", name="Renouveler les feux de tous").click()
        renewed.wait_for()
        assert read_lights(agent.shelf.segment(agent, LIGHTS)).clients[who].light == shown

    # Nor does what is asked of sales go over what a colleague has asked since, done or undone.
    name = page.locator("main h1").inner_text()
    here = next(one for one, known in agent.book.clients.items() if known.name == name)
    asked = page.locator(".sales p", has_text=OTHER_TASK)
    page.locator("input.task").fill(TASK)
    page.get_by_role("button", name="Demander, et renouveler").click()
    renewed.wait_for()
    change_lights(agent, lambda lights: with_task(lights, here, OTHER_TASK, None))
    page.locator(".sales [role=status] button", has_text="Annuler").click()
    page.locator(".sales [role=status]", has_text="Un collègue a demandé autre chose").wait_for()
    asked.wait_for()
    change_lights(agent, lambda lights: with_task(lights, here, TASK, None))
    page.locator(".sales").get_by_role("button", name="Retirer").click()
    page.locator(".sales [role=status]", has_text="Un collègue a demandé autre chose").wait_for()
    assert read_lights(agent.shelf.segment(agent, LIGHTS)).clients[here].task == TASK
    change_lights(agent, lambda lights: with_task(lights, here, "", None))
    agent.close()


def test_the_agent_reads_what_the_page_writes_and_the_other_way_round() -> None:
    decision = Decision("2026-11-26", "a@b.test", "limit", 'é; "x"', 150_000, 49, None)
    theirs = plain(with_decision(read_credit(None), "fr.siren:1", decision))
    finished = subprocess.run(
        [hatch_build.node_folder() / "bin/node", "tests/credit.run.ts"],
        cwd=hatch_build.WEB,
        input=theirs,
        capture_output=True,
        timeout=120,
        check=True,
    )
    credit, lights = msgspec.json.decode(finished.stdout, type=list[msgspec.Raw])
    read = read_credit(bytes(credit))
    first, second = read.clients["fr.siren:1"].decisions
    assert first == decision
    assert (second.choice, second.reason, second.recommended_cents) == ("end", "page", 7)
    assert read.clients["fr.siren:1"].insured_cents == 2_000
    assert read.parameters is not None
    assert read.parameters.own_weight == 0.25
    assert read_lights(bytes(lights)).clients == {
        "fr.siren:1": Shown("red", "call", "2026-12-01", done=False),
        "fr.siren:2": Shown("green"),
    }


def _invited(page, network, email: str) -> dict[str, str]:
    """A user of the sales side, made by the administrator in the page."""
    page.goto(f"{network.url}/#/settings/people")
    form = page.locator("form", has=page.locator("select option[value=sales]"))
    form.locator("input[type=email]").fill(email)
    form.locator("select").select_option("sales")
    form.locator("button").click()
    page.locator(".made code").nth(1).wait_for()
    password, key = page.locator(".made code").all_inner_texts()
    page.go_back()
    page.wait_for_selector(".score .big")
    return {"password": password, "accountKey": key}


def test_who_logs_in_as_sales_is_served_lights_alone_and_says_what_is_done(client, visit, network) -> None:
    page = client
    page.get_by_role("button", name="Ce que voient les ventes").click()
    page.locator("input.task").fill(OTHER_TASK)
    page.get_by_role("button", name="Demander, et renouveler").click()
    page.locator(".sales [role=status]", has_text="renouvel").wait_for()
    invited = _invited(page, network, "ventes@boisgriffe-materiaux.example")

    theirs = visit(allowed=("403",)).page
    theirs.locator("input[type=email]").fill("ventes@boisgriffe-materiaux.example")
    theirs.locator("input[type=password]").fill(invited["password"])
    theirs.locator("input.key").fill(invited["accountKey"])
    theirs.locator("button.primary").click()
    mine = theirs.locator("li", has_text=OTHER_TASK)
    mine.wait_for()
    assert theirs.locator("nav a[href='#/portfolio']").count() == 0
    asked = """(paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status))"""
    month = theirs.evaluate("async () => (await (await fetch('/api/network')).json()).latest_release")
    paths = [
        f"/api/releases/{month}/cells",
        f"/api/manifests/{month}/cells",
        "/api/alerts",
        "/api/alerts/lives",
    ]
    assert theirs.evaluate(asked, paths) == [403] * len(paths)
    theirs.locator("nav a[href='#/settings']").press("Enter")
    theirs.locator("nav a[href='#/sales']").press("Enter")  # and back, by more than the logo
    theirs.wait_for_function("() => document.activeElement?.matches('main h1')")
    theirs.keyboard.press("/")
    theirs.wait_for_function("() => document.activeElement?.type === 'search'")
    row = theirs.locator("main ul li").nth(
        theirs.locator("main ul li").all_inner_texts().index(mine.inner_text())
    )
    mine.get_by_role("button", name="C’est fait").press("Enter")
    mine.wait_for(state="detached")
    theirs.wait_for_function("() => document.activeElement?.matches('main li [role=status]')")
    expect(row).to_contain_text("Noté")
    theirs.reload()
    theirs.wait_for_selector("main ul li")
    assert theirs.locator("li", has_text=OTHER_TASK).count() == 0

    page.reload()
    page.wait_for_selector(".score .big")
    page.get_by_role("button", name="Ce que voient les ventes").click()
    page.get_by_role("button", name="Renouveler les feux de tous").click()
    page.locator(".sales [role=status]", has_text="renouvel").wait_for()
    left = page.evaluate("async () => (await (await fetch('/api/tasks/done')).json()).length")
    assert left == 0, "what is done is in the lights now"


def test_what_another_device_took_in_meanwhile_is_no_failure(client, network) -> None:
    page = client
    agent = _agent(network)
    say_done(agent, "fr.siren:732829320", "Rappeler (fictif)")
    agent.close()
    refused = []

    def overtake(route) -> None:
        route.fetch()  # the other device
        refused.append(answer := route.fetch())
        route.fulfill(response=answer)

    page.route("**/api/tasks/done/*", overtake)
    page.get_by_role("button", name="Ce que voient les ventes").click()
    page.get_by_role("button", name="Renouveler les feux de tous").click()
    page.locator(".sales [role=status]", has_text="renouvel").wait_for()
    assert [answer.status for answer in refused] == [404]
