"""A key holder as a process: for firms on its own list, within its own budgets, under its own parts."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import rbcl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import blind, signing
from privacy import roster as rosters
from privacy.delegation import Delegation
from privacy.evaluate import request_payload
from privacy.parts import PARTS
from privacy.parts_ceremony import fingerprint
from server.keyholder_book import HolderBook, broken_at
from tests.forked import Nursery
from tests.server.holders import HolderProcess, Holders, client
from tests.server.kit import b64, unb64


@dataclass
class Firm:
    """A firm that asks, with a device of its own."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    device: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def request(self, blinded: bytes, parts: list[str], epoch: int = 1) -> dict[str, Any]:
        now = int(time.time())
        device = signing.public_bytes(self.device)
        delegation = Delegation.issue(self.root, self.id.bytes, device, 1, now - 60, now + 3600).to_bytes()
        nonce = secrets.token_bytes(16)
        payload = request_payload(self.id.bytes, epoch, parts, blinded, now, nonce)
        return {
            "firm_id": str(self.id),
            "delegation": b64(delegation),
            "epoch": epoch,
            "parts": parts,
            "blinded": b64(blinded),
            "requested_at": now,
            "nonce": b64(nonce),
            "signature": b64(signing.sign(self.device, "evaluation", payload)),
        }


@pytest.fixture(scope="module")
def holders(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Holders]:
    made = Holders.make(tmp_path_factory.mktemp("holders"), nursery)
    made.start()
    yield made
    made.end()


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with client() as made:
        yield made


def firm(holders: Holders, portfolio: int = 100) -> Firm:
    made = Firm()
    holders.admit(made.id, signing.public_bytes(made.root), portfolio)
    return made


def ask(http: httpx.Client, holder: HolderProcess, body: dict[str, Any]) -> httpx.Response:
    return http.post(f"{holder.url}/api/holder/evaluations", json=body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:vigie:problem:")


def elements(count: int) -> bytes:
    return b"".join(rbcl.crypto_core_ristretto255_random() for _ in range(count))


def pinned(holders: Holders) -> rosters.Roster:
    return rosters.check(rosters.from_text(holders.roster.read_text(encoding="utf-8")))


@pytest.mark.parametrize("pair", [(1, 2), (1, 3), (3, 2)], ids=str)
def test_any_two_holders_give_the_pseudonym_that_the_roster_stands_for(
    holders: Holders, http: httpx.Client, pair: tuple[int, int]
) -> None:
    from privacy.parts import who_answers

    own, roster = firm(holders), pinned(holders)
    inputs = [b"fr.siren:552100554", b"fr.siren:356000000"]
    blinds, blinded = blind.blind(inputs)
    answers = []
    for number, parts in who_answers(pair, PARTS).items():
        answer = ask(http, holders.three[number - 1], own.request(blinded, list(parts)))
        assert answer.status_code == 200, answer.text
        answers.append((parts, unb64(answer.json()["evaluated"]), unb64(answer.json()["proof"])))
    found = blind.finalize_parts(inputs, blinds, blinded, answers, roster.parts)
    from server.keyholder_folder import HolderFolder

    parts = {
        name: part
        for one in holders.three
        for name, part in HolderFolder.open(one.folder).parts(roster.epoch).items()
    }
    from privacy.evaluate import evaluate, public_key, read_elements, sum_of_parts

    key = sum_of_parts(list(parts.values()))
    evaluated, proof = evaluate(key, read_elements(blinded))
    assert found == blind.finalize(inputs, blinds, blinded, evaluated, proof, public_key(key))


def test_a_holder_answers_for_its_own_parts_alone(holders: Holders, http: httpx.Client) -> None:
    own = firm(holders)
    for parts in (["k23"], ["k12", "k13", "k23"], ["k12", "k12"], [], ["k"]):
        answer = ask(http, holders.three[0], own.request(elements(1), parts))
        assert code(answer) == (422, "evaluation-refused"), parts
    assert code(ask(http, holders.three[0], own.request(elements(1), ["k12"], epoch=2))) == (
        409,
        "evaluation-epoch",
    )


def test_only_firms_on_the_holders_own_list_are_answered(holders: Holders, http: httpx.Client) -> None:
    stranger = Firm()
    assert code(ask(http, holders.three[0], stranger.request(elements(1), ["k12"]))) == (
        403,
        "holder-unknown-firm",
    )
    own, other = firm(holders), firm(holders)
    other.id = own.id  # another root than the one on the list
    assert code(ask(http, holders.three[0], other.request(elements(1), ["k12"]))) == (403, "delegation")
    foreign = own.request(elements(1), ["k12"]) | {"blinded": b64(elements(1))}
    assert code(ask(http, holders.three[0], foreign)) == (403, "signature")


def test_budgets_are_each_holders_own_and_a_copied_request_costs_nothing(
    holders: Holders, http: httpx.Client
) -> None:
    own, holder = firm(holders, portfolio=10), holders.three[1]
    body = own.request(elements(12), ["k12"])
    assert ask(http, holder, body).status_code == 200
    assert code(ask(http, holder, body)) == (422, "evaluation-refused")
    spent = ask(http, holder, own.request(elements(1), ["k12"]))
    assert code(spent) == (429, "evaluation-budget")
    assert spent.json()["errors"][0]["expected"] == "at most 12"
    assert ask(http, holders.three[2], own.request(elements(1), ["k13"])).status_code == 200


def test_what_is_no_group_element_is_refused_and_costs_nothing(holders: Holders, http: httpx.Client) -> None:
    own = firm(holders)
    before = len(_log(holders.three[2]))
    for wrong in (bytes(32), b"\xff" * 32):
        assert code(ask(http, holders.three[2], own.request(wrong, ["k13"]))) == (422, "evaluation-refused")
    assert len(_log(holders.three[2])) == before


def _log(holder: HolderProcess) -> list[Any]:
    book = HolderBook(holder.folder / "book.sqlite3")
    entries = book.log()
    book.close()
    return entries


def test_the_log_says_which_firm_asked_how_many_and_is_signed_and_chained(
    holders: Holders, http: httpx.Client
) -> None:
    own, holder = firm(holders), holders.three[0]
    for count in (3, 4):
        assert ask(http, holder, own.request(elements(count), ["k12"])).status_code == 200
    entries = _log(holder)
    assert [one.evaluations for one in entries if one.firm == own.id] == [3, 4]
    state = http.get(f"{holder.url}/api/holder").json()
    # What `vigie holders` shows of the pinned roster, for people to compare.
    assert state["fingerprint"] == fingerprint(pinned(holders).body())
    assert broken_at(entries, unb64(state["key"])) is None
    assert unb64(state["log"]["digest"]) == entries[-1].digest
    from dataclasses import replace

    forged = [*entries[:-1], replace(entries[-1], evaluations=1)]
    assert broken_at(forged, unb64(state["key"])) == entries[-1].sequence
    assert broken_at(entries[1:], unb64(state["key"])) == entries[1].sequence
    assert "entries follow" in holder.run("log", "--check")


def test_pages_of_any_origin_may_ask_and_no_cookie_travels(holders: Holders, http: httpx.Client) -> None:
    asked = http.options(
        f"{holders.three[0].url}/api/holder/evaluations",
        headers={
            "Origin": "https://network.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-vigie,accept-language",
        },
    )
    assert asked.status_code in {200, 204}
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in asked.headers


def test_a_refused_device_and_an_expelled_firm_get_nothing(holders: Holders, http: httpx.Client) -> None:
    own, holder = firm(holders), holders.three[0]
    holder.run("revoke", signing.public_bytes(own.device).hex())
    assert code(ask(http, holder, own.request(elements(1), ["k12"]))) == (401, "device-refused")
    own.device = Ed25519PrivateKey.generate()
    assert ask(http, holder, own.request(elements(1), ["k12"])).status_code == 200
    holder.run("expel", str(own.id))
    assert code(ask(http, holder, own.request(elements(1), ["k12"]))) == (403, "holder-unknown-firm")


def test_the_networks_cap_stops_everybody(tmp_path) -> None:
    from datetime import date

    from server.keyholder_book import Admitted
    from server.keyholder_request import EvaluationRequest
    from server.problems import Refused

    book = HolderBook(tmp_path / "book.sqlite3", network_cap=10)
    firms = [uuid.uuid4(), uuid.uuid4()]
    book.admit([Admitted(one, "Firm", bytes(32), 100, date(2026, 1, 1)) for one in firms])
    signer = Ed25519PrivateKey.generate()

    def spend(who: uuid.UUID, count: int, key: bytes = b"k") -> None:
        request = EvaluationRequest(who, b"", 1, ["k12"], b"", 0, secrets.token_bytes(16), b"")
        book.spend(request, count, key, 0, date(2026, 1, 1), signer)

    spend(firms[0], 6)
    with pytest.raises(Refused, match="evaluation-budget"):
        spend(firms[1], 5)
    spend(firms[1], 4)
    spend(firms[1], 5, b"another key")  # a fresh key has fresh budgets
    assert [used for _, used, _ in book.firms(b"k", date(2026, 1, 1))] == [6, 4]
    book.close()


def test_a_refresh_is_served_at_once_and_the_epoch_before_for_its_time(
    holders: Holders, http: httpx.Client
) -> None:
    own, before = firm(holders), pinned(holders)
    holders.hold("refresh")
    after = pinned(holders)
    assert (after.epoch, after.total) == (before.epoch + 1, before.total)
    one = [b"fr.siren:552100554"]
    found = set()
    for roster in (before, after):
        blinds, blinded = blind.blind(one)
        answers = []
        for number, parts in ((1, ["k12", "k13"]), (2, ["k23"])):
            answer = ask(http, holders.three[number - 1], own.request(blinded, parts, roster.epoch))
            assert answer.status_code == 200, answer.text
            answers.append((parts, unb64(answer.json()["evaluated"]), unb64(answer.json()["proof"])))
        found |= set(blind.finalize_parts(one, blinds, blinded, answers, roster.parts))
    assert len(found) == 1
    from server.keyholder_folder import DAY_SECONDS, HolderFolder

    folder = HolderFolder.open(holders.three[0].folder)
    later = int(time.time()) + after.overlap_days * DAY_SECONDS + 1
    assert list(folder.served(later)) == [after.epoch]
    assert folder.parts(before.epoch) == {}  # erased
