"""What the policy publishes beside days reaches members: sectors, regions, incidents, terms; STRICT less."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmark.upload import FIELD_BIT, Rows, month_index, month_text
from privacy.chain import decode
from privacy.profiles import STANDARD, STRICT
from tests.conftest import vigied
from tests.server.kit import Member, Network, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

CLIENTS = pseudonyms(*(f"client {number}" for number in range(12)))
MONTH = month_index(2026, 2)  # the first that a firm enrolled in January counts for
FIRMS = 13
REPORTS = STANDARD.incident_reports_min + STANDARD.incident_reports_more_max
NET_45 = ("terms_30", "terms_45", "terms_60", "terms_more")


def rows_of(number: int) -> Rows:
    """Twelve clients of sector 3 and region 5, 45 days net; enough firms report an incident of the first."""
    rows = make_rows(CLIENTS, 10 + number)
    rows = rows[np.argsort(rows["pseudonym"])]
    rows["region"], rows["terms_days"] = 5, 45
    rows["incident"] = (rows["pseudonym"] == np.void(CLIENTS[0])) & (number < REPORTS)
    for name in ("region", "terms_days", "terms_kind", "incident"):
        rows["present"] |= FIELD_BIT[name]
    return rows


def lived(network: Network, *, delay: int = 0) -> list[Member]:
    """Thirteen firms send a month and the one a year before it; twelve share their terms; a release."""
    firms = [network.firm(f"Firm {number} (fictional)") for number in range(FIRMS)]
    for number, firm in enumerate(firms):
        sent = firm.send(*(firm.encode(month, rows_of(number)) for month in (MONTH - 12, MONTH - 2)))
        assert sent.status_code == 200, sent.text
        if number:
            answer = firm.client().put("/api/firm/terms-sharing", json={"shares": True})
            assert answer.status_code == 200, answer.text
    for month in range(MONTH, MONTH + delay + 1):  # who stops sending sees nothing any more
        network.server.set_today(date(2026, month % 12 + 2, 5))
        for number, firm in enumerate(firms):
            assert firm.send(firm.encode(month, rows_of(number))).status_code == 200
    network.server.set_today(date(2026, 3 + delay, 12))
    network.server.release(month_text(MONTH))
    return firms


@pytest.fixture(scope="module")
def firms(shared_sqlite: Network) -> list[Member]:
    return lived(shared_sqlite)


def month_cells(firm: Member) -> dict[str, Any]:
    answer = firm.client().get(f"/api/releases/{month_text(MONTH)}/cells")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_sectors_and_regions_are_shown_to_every_member_with_the_network(
    firms: list[Member], shared_sqlite: Network
) -> None:
    outsider = shared_sqlite.firm("Outsider (fictional)")
    mine, theirs = month_cells(firms[0]), month_cells(outsider)
    assert theirs["count"] == 0 < mine["count"]
    for name in ("network", "sectors", "regions", "wide_salt"):
        assert mine[name] == theirs[name]
    assert set(mine["sectors"]) == {"3"}
    assert set(mine["regions"]) == {"5"}
    assert set(mine["sectors"]["3"]) == {"days_late", "dso", "band"}
    assert mine["sectors"]["3"]["days_late"] is not None


def test_a_flag_goes_up_where_enough_firms_report_and_nowhere_else(firms: list[Member]) -> None:
    body = month_cells(firms[0])
    names = unb64(body["pseudonyms"])
    flags = dict(
        zip((names[at : at + 32] for at in range(0, len(names), 32)), unb64(body["incident"]), strict=True)
    )
    assert flags == {name: int(name == CLIENTS[0]) for name in CLIENTS}
    listed = firms[0].client().get(f"/api/cells/{CLIENTS[0].hex()}").json()["months"]
    assert [one["incident"] for one in listed] == [True]


def test_terms_of_those_who_share_are_shares_in_bands_a_year_later(firms: list[Member]) -> None:
    body = month_cells(firms[0])  # who does not share, sees
    bands = {name: set(unb64(body[name])) for name in NET_45}
    assert all(band <= {1, 2, 3, 4} for band in bands.values())
    assert max(bands["terms_45"]) >= 3 > max(bands["terms_more"])
    listed = firms[0].client().get(f"/api/cells/{CLIENTS[0].hex()}").json()["months"][0]
    assert len(listed["terms"]) == 4


def test_terms_are_shared_by_those_who_say_so_and_the_log_says_who(firms: list[Member]) -> None:
    setting = {"shares": False, "published": True}
    assert firms[0].client().get("/api/firm/terms-sharing").json() == setting
    assert firms[1].client().get("/api/firm/terms-sharing").json() == setting | {"shares": True}
    for firm, shared in ((firms[0], False), (firms[1], True)):
        events = [one["event"] for one in firm.client().get("/api/audit").json()]
        assert ("terms-shared" in events) == shared


def test_the_operators_console_says_of_no_client_why_it_is_not_published(
    firms: list[Member], shared_sqlite: Network
) -> None:
    assert firms
    with shared_sqlite.server.operator() as operator:
        listed = operator.get("/api/operator/releases").json()
    assert set(listed[0]) == {"month", "header", "signature", "published_on", "cells_band"}
    assert "-" in listed[0]["cells_band"]
    # What the job answers is what was signed of the (perturbed) count, and nothing sharper.
    with shared_sqlite.server.operator() as operator:
        again = operator.post("/api/operator/releases", json={"month": listed[-1]["month"]}).json()
    assert again == {"month": listed[-1]["month"], "cells_band": listed[-1]["cells_band"], "fresh": False}


def test_a_strict_network_publishes_days_late_alone_a_quarter_later(launch_for_module: Launcher) -> None:
    server = launch_for_module("sqlite")
    server.kill()
    with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE network SET profile = ?", (STRICT.name,))
    server.restart()
    network = Network(server)
    firms = lived(network, delay=3)
    body = month_cells(firms[0])
    assert set(np.frombuffer(unb64(body["dso"]), "<i2").tolist()) == {-32768}
    assert not any(unb64(body["incident"]) + b"".join(unb64(body[name]) for name in NET_45))
    assert body["sectors"]["3"]["dso"] is None is not body["sectors"]["3"]["days_late"]
    network.close()
    server.set_today(date(2026, 7, 11))
    with server.operator() as operator:
        early = operator.post("/api/operator/releases", json={"month": "2026-03"})
    assert early.json()["type"].endswith(":release-too-early")


def test_a_network_is_created_under_the_profile_that_is_asked_for(tmp_path: Path) -> None:
    environment = {
        "VIGIED_DATABASE": f"sqlite:///{tmp_path}/vigie.sqlite3",
        "VIGIED_KEYS": str(tmp_path / "keys"),
        "VIGIED_KIND": "demo",
    }
    unknown = vigied(environment, "migrate", "--profile", "lenient-1")
    assert unknown.returncode != 0
    assert "standard-1, strict-1" in unknown.stderr
    assert vigied(environment, "migrate", "--profile", STRICT.name).returncode == 0
    with sqlite3.connect(tmp_path / "vigie.sqlite3") as database:
        assert database.execute("SELECT profile FROM network").fetchall() == [(STRICT.name,)]


def test_an_expelled_firm_is_let_in_no_more_and_its_group_or_one_that_is_gone_is_in_no_panel(
    launch_for_module: Launcher,
) -> None:
    server = launch_for_module("sqlite")
    network = Network(server)
    firms = lived(network)
    gone = firms[3]
    said = vigied(server.settings, "expel", str(gone.id), "--reason", "invented invoices")
    assert "expelled" in said.stdout, said.stderr
    assert gone.client().get("/api/me").status_code == 401
    one, other = firms[5], firms[6]
    said = vigied(server.settings, "regroup", str(one.id), "--with", str(other.id))
    assert "one group now" in said.stdout, said.stderr
    network.close()
    server.set_today(date(2026, 4, 12))
    server.release("2026-03")
    with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
        query = "SELECT state FROM policy_state WHERE month = ?"
        chains = [decode(database.execute(query, (month,)).fetchone()[0]) for month in (MONTH, MONTH + 1)]
    for chain, inside in zip(chains, (True, False), strict=True):
        everybody = {chain.groups[code].tobytes() for code in chain.clients[0].member % len(chain.groups)}
        assert (gone.id.bytes in everybody) == inside
        assert firms[4].id.bytes in everybody
        # Nobody's group any more: its value would count beside the one of the group that it went to.
        assert (one.id.bytes in everybody) == inside
        assert other.id.bytes in everybody
    server.set_today(date(2026, 5, 12))
    with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
        database.execute("DELETE FROM policy_state")  # a new chain would revise every panel at once
    lost = vigied(server.settings, "release", "2026-04")
    assert (lost.returncode, "2026-03 is missing" in lost.stderr) == (1, True)
    nobody = vigied(server.settings, "expel", str(gone.id.int % 2**96), "--reason", "x")
    assert nobody.returncode != 0
