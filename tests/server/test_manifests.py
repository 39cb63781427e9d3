"""Manifests: one for each release, signed with it, for everybody; withdrawals are told in the next one."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmark.upload import digest, month_index, month_text
from privacy import manifest as manifests
from privacy import merkle, signing
from privacy.disclosure import CELL_DTYPE
from privacy.manifest import Signed, follow
from tests import rows
from tests.server.kit import Member, make_rows, unb64
from tests.server.test_releases import CLIENTS, LONELY, day, members, send_month

if TYPE_CHECKING:
    from tests.server.kit import Network

DECEMBER = month_index(2025, 12)
NEWEST = "2026-02"


@pytest.fixture(scope="module")
def published(shared: Network) -> list[Member]:
    """Six firms that have lived through one release; the month before it is not in their window alone."""
    firms = members(shared)
    send_month(firms, DECEMBER)
    shared.server.set_today(day(DECEMBER + 2, 5))
    send_month(firms, DECEMBER + 2)
    shared.server.set_today(day(DECEMBER + 2, 12))
    shared.server.release(NEWEST)
    return firms


def log(firm: Member) -> list[dict[str, Any]]:
    """As anybody reads it."""
    answer = firm.anonymous.get("/api/manifests")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def newest(firm: Member) -> manifests.Manifest:
    return manifests.read(unb64(log(firm)[-1]["manifest"]))


def test_the_log_is_one_signed_chain_that_the_embedded_holder_has_witnessed(published: list[Member]) -> None:
    facts = published[0].anonymous.get("/api/network").json()
    listed = log(published[0])
    chain = follow(
        [Signed(unb64(one["manifest"]), unb64(one["signature"])) for one in listed],
        unb64(facts["release_key"]),
    )
    assert isinstance(chain, list)
    assert [one.month for one in chain] == [NEWEST]
    for one in listed:
        (word,) = one["countersignatures"]
        assert word["key"] == facts["roster"]["holders"][0]["key"]
        assert signing.verify(unb64(word["key"]), "witness", unb64(one["manifest"]), unb64(word["signature"]))


def test_a_manifest_says_when_and_under_what_and_no_figure(published: list[Member]) -> None:
    one = newest(published[0])
    assert (one.window, one.closed, one.published_on) == (
        ("2025-12", NEWEST),
        "2026-03-11T00:00:00Z",
        "2026-03-12",
    )
    assert (one.cells.size, one.uploads.size) == (1024, 1024)
    assert one.cells.columns == manifests.columns_of(CELL_DTYPE)
    text = log(published[0])[-1]["manifest"]
    for firm in published:
        assert firm.id.hex not in unb64(text).decode()
    assert CLIENTS[0].hex() not in unb64(text).decode()


def receipt_payload(receipt: dict[str, Any]) -> bytes:
    year, month = map(int, receipt["month"].split("-"))
    firm = receipt["firm_id"].replace("-", "")
    index = month_index(year, month).to_bytes(4, "little")
    head = bytes.fromhex(firm) + index + unb64(receipt["digest"]) + unb64(receipt["replaces"])
    return head + receipt["received_at"].encode()


def test_every_firm_proves_its_own_receipts_and_nobody_elses(published: list[Member]) -> None:
    one, seen = newest(published[0]), set()
    for firm in published[:2]:
        receipts = {row["digest"]: row for row in firm.client().get("/api/uploads").json()}
        proof = firm.client().get(f"/api/manifests/{NEWEST}/receipts").json()
        assert {leaf["digest"] for leaf in proof["receipts"]} == set(receipts)
        assert all(leaf["current"] for leaf in proof["receipts"])
        leaves = {
            leaf["place"]: manifests.salted(
                unb64(leaf["salt"]),
                manifests.receipt_entry(NEWEST, receipt_payload(receipts[leaf["digest"]]), current=True),
            )
            for leaf in proof["receipts"]
        }
        root = merkle.root_from(one.uploads.size, leaves, unb64(proof["proof"]))
        assert root is not None
        assert root.hex() == one.uploads.root
        assert not seen & set(leaves)
        seen |= set(leaves)


def test_a_firm_proves_the_cells_that_it_is_shown(published: list[Member]) -> None:
    one, firm = newest(published[0]), published[1]
    shown = firm.client().get(f"/api/releases/{NEWEST}/cells").json()
    cells = np.zeros(shown["count"], CELL_DTYPE)
    for name, kind in manifests.columns_of(CELL_DTYPE):
        packed = unb64(shown["pseudonyms" if name == "pseudonym" else name])
        cells[name] = np.frombuffer(packed, kind)
    proof = firm.client().get(f"/api/manifests/{NEWEST}/cells").json()
    assert proof["pseudonyms"] == shown["pseudonyms"]
    salts, places = unb64(proof["salts"]), np.frombuffer(unb64(proof["places"]), "<u4").tolist()
    leaves = {
        place: manifests.salted(salts[32 * at :][:32], manifests.cell_entry(NEWEST, row))
        for at, (place, row) in enumerate(zip(places, manifests.packed_rows(cells), strict=True))
    }
    root = merkle.root_from(one.cells.size, leaves, unb64(proof["proof"]))
    assert root is not None
    assert root.hex() == one.cells.root


@pytest.mark.usefixtures("published")
def test_a_firm_without_a_relation_or_a_receipt_proves_nothing(shared: Network) -> None:
    outsider = shared.firm("Outsider (fictional)")
    receipts = outsider.client().get(f"/api/manifests/{NEWEST}/receipts").json()
    assert (receipts["receipts"], receipts["proof"]) == ([], "")
    cells = outsider.client().get(f"/api/manifests/{NEWEST}/cells").json()
    assert (cells["pseudonyms"], cells["salts"], cells["proof"]) == ("", "", "")
    for path in ("receipts", "cells"):
        assert outsider.client().get(f"/api/manifests/2020-01/{path}").status_code == 404
        assert outsider.anonymous.get(f"/api/manifests/{NEWEST}/{path}").status_code == 401


def test_a_correction_stands_beside_what_it_replaces_and_the_newest_is_current(network: Network) -> None:
    (firm,) = members(network, 1)
    network.server.set_today(day(DECEMBER, 5))
    first = firm.encode(DECEMBER, make_rows(LONELY))
    second = firm.encode(DECEMBER, make_rows(LONELY, 20), replaces=digest(first))
    third = firm.encode(DECEMBER, make_rows(LONELY, 30), replaces=digest(second))
    for upload in (first, second):
        assert firm.send(upload).status_code == 200
    network.server.set_today(day(DECEMBER, 12))
    assert firm.send(third).status_code == 200, "after the window closed"
    network.server.release("2025-12")
    network.server.set_today(day(DECEMBER + 1, 12))
    network.server.release("2026-01")
    found = {}
    for month in ("2025-12", "2026-01"):
        proof = firm.client().get(f"/api/manifests/{month}/receipts").json()
        found[month] = {unb64(leaf["digest"]): leaf["current"] for leaf in proof["receipts"]}
    assert found["2025-12"] == {digest(first): False, digest(second): True}
    assert found["2026-01"] == {digest(third): True}


def test_a_withdrawal_is_told_once_in_the_next_manifest(sqlite_network: Network) -> None:
    server = sqlite_network.server

    def withdraw(month: str, reason: str) -> tuple[int, str]:
        told = server.folder / "withdraw.log"
        with told.open("w", encoding="utf-8") as log:
            ended = server.nursery.start(
                ["withdraw", month, "--reason", reason], os.environ | server.settings, log
            )
        said = ended.stdout.read()
        code = ended.wait()
        ended.stdout.close()
        return code, said + told.read_text(encoding="utf-8")

    server.set_today(day(DECEMBER, 12))
    server.release("2025-12")
    assert withdraw("2025-11", "never published") == (1, "vigied: 2025-11 is not published\n")
    said = withdraw("2025-12", "two files\nswapped ")
    assert said == (0, "2025-12: withdrawn; the next manifest says so\n")
    assert withdraw("2025-12", "again") == (1, "vigied: 2025-12 was withdrawn before\n")
    for month in (DECEMBER + 1, DECEMBER + 2):
        server.set_today(day(month, 12))
        server.release(month_text(month))
    with server.client() as anybody:
        listed = anybody.get("/api/manifests").json()
    told = [json.loads(unb64(one["manifest"]))["withdrawn"] for one in listed]
    entry = {"month": "2025-12", "decided_on": day(DECEMBER, 12).isoformat(), "reason": "two files swapped"}
    assert told == [[], [entry], []]
    chain = "SELECT event FROM audit WHERE event = 'release-withdrawn'"
    assert rows.ask(server, chain) == [("release-withdrawn",)]
