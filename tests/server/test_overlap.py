"""Before joining: one set, one answer from the latest release, and nothing of the set stays."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import month_text
from privacy import blind, evaluate, overlap, signing
from privacy.delegation import Delegation
from tests.conftest import TODAY
from tests.server.kit import Network, b64, make_rows, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.conftest import Launcher, RunningServer

CLIENTS = sorted(pseudonyms(*(f"client {number}" for number in range(60))))
STRANGERS = sorted(pseudonyms(*(f"stranger {number}" for number in range(60))))
FIRST = TODAY.year * 12 + TODAY.month  # the month after the test network's date


def day(month: int, number: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, number)


@pytest.fixture(scope="module")
def server(launch_for_module: Launcher) -> RunningServer:
    """Six firms sell to sixty clients, and one month of it is published."""
    made = launch_for_module("sqlite")
    network = Network(made)
    made.set_today(day(FIRST - 1, 1))
    firms = [network.firm(f"Firm {number} (fictional)", portfolio=len(CLIENTS)) for number in range(6)]
    for month in (FIRST - 1, FIRST):
        made.set_today(day(month, 5))
        for number, firm in enumerate(firms):
            assert firm.send(firm.encode(month, make_rows(CLIENTS, 3 * number))).status_code == 200
    made.set_today(day(FIRST, 12))
    made.release(month_text(FIRST))
    network.close()
    return made


class Candidate:
    """A firm that thinks of joining, byte by byte."""

    def __init__(self, server: RunningServer, identifiers: int = 60) -> None:
        self.client = server.client()
        with server.operator() as operator:
            answer = operator.post(
                "/api/operator/candidates", json={"name": "Candidate (fictional)", "identifiers_max": 200}
            )
        assert answer.status_code == 201, answer.text
        self.invitation: str = answer.json()["invitation"]
        self.id = uuid.UUID(answer.json()["candidate_id"])
        self.root = Ed25519PrivateKey.generate()
        self.identifiers = identifiers

    def begin(self, **changed: Any) -> httpx.Response:
        root = changed.get("root", self.root)
        public = signing.public_bytes(root)
        number = changed.get("identifiers", self.identifiers)
        signed = self.invitation.encode() + public + number.to_bytes(4, "little")
        return self.client.post(
            "/api/overlap/candidacies",
            json={
                "invitation": self.invitation,
                "root_public_key": b64(public),
                "identifiers": number,
                "signature": b64(signing.sign(root, "overlap", signed)),
            },
        )

    def ask(self, names: list[bytes], weights: np.ndarray | None = None, **changed: Any) -> httpx.Response:
        packed = b"".join(names)
        weighed = (
            np.full(len(names), 1_000_000 // len(names), "<u4") if weights is None else weights.astype("<u4")
        ).tobytes()
        signed = self.id.bytes + hashlib.sha256(packed + weighed).digest()
        return self.client.post(
            "/api/overlap/answers",
            json={
                "candidate_id": str(self.id),
                "pseudonyms": b64(packed),
                "weights": b64(weighed),
                "signature": b64(signing.sign(changed.get("root", self.root), "overlap", signed)),
            },
        )

    def evaluate(self, count: int) -> httpx.Response:
        """Ask the holder for so many pseudonyms."""
        device = Ed25519PrivateKey.generate()
        now = int(time.time())
        delegation = Delegation.issue(
            self.root, self.id.bytes, signing.public_bytes(device), 1, now - 60, now + 3600
        ).to_bytes()
        facts = self.client.get("/api/network").json()
        inputs = [secrets.token_bytes(8) for _ in range(count)]
        _, blinded = blind.blind(inputs)
        nonce = secrets.token_bytes(16)
        payload = evaluate.request_payload(
            self.id.bytes, facts["roster"]["epoch"], ["k"], blinded, now, nonce
        )
        return self.client.post(
            "/api/holder/evaluations",
            json={
                "firm_id": str(self.id),
                "delegation": b64(delegation),
                "epoch": facts["roster"]["epoch"],
                "parts": ["k"],
                "blinded": b64(blinded),
                "requested_at": now,
                "nonce": b64(nonce),
                "signature": b64(signing.sign(device, "evaluation", payload)),
            },
        )


@pytest.fixture
def candidate(server: RunningServer) -> Iterator[Candidate]:
    made = Candidate(server)
    assert made.begin().status_code == 201
    yield made
    made.client.close()


def problem(answer: httpx.Response) -> str:
    return str(answer.json()["type"].rpartition(":")[2])


def test_what_is_published_is_covered_and_strangers_are_not(server: RunningServer) -> None:
    shares = {}
    for name, names in (
        ("clients", CLIENTS),
        ("strangers", STRANGERS),
        ("half", sorted(CLIENTS[:30] + STRANGERS[:30])),
    ):
        made = Candidate(server)
        assert made.begin().json()["latest_release"] == month_text(FIRST)
        answer = made.ask(names)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["month"] == month_text(FIRST)
        assert found["to_points"] - found["from_points"] == overlap.BAND_POINTS
        shares[name] = found["from_points"]
        made.client.close()
    # Four standard deviations of the noise on either side.
    assert shares["clients"] >= 80
    assert shares["strangers"] <= 10
    assert 30 <= shares["half"] <= 60


def test_weights_decide_and_not_heads(server: RunningServer) -> None:
    # Half of the clients are covered, and they weigh 5 of 100.
    names = sorted(CLIENTS[:60] + STRANGERS[:60])
    weights = np.array([840 if name in CLIENTS else 15_826 for name in names])
    made = Candidate(server, identifiers=120)
    made.begin()
    assert made.ask(names, weights).json()["from_points"] <= 20
    made.client.close()


def test_one_set_one_answer(candidate: Candidate, server: RunningServer) -> None:
    first = candidate.ask(CLIENTS)
    assert candidate.ask(CLIENTS).json() == first.json()
    other = candidate.ask(STRANGERS)
    assert (other.status_code, problem(other)) == (409, "overlap-answered")
    # Another weight is another set.
    assert problem(candidate.ask(CLIENTS, np.array([16_665] + [16_666] * 59))) == "overlap-answered"
    listed = server.operator()
    rows = listed.get("/api/operator/candidates").json()
    listed.close()
    (mine,) = [row for row in rows if row["candidate_id"] == str(candidate.id)]
    assert (mine["began"], mine["answered_on"]) == (True, day(FIRST, 12).isoformat())
    assert "band" not in mine


def test_nothing_of_the_set_is_kept_and_the_holder_forgets_the_candidate(
    candidate: Candidate, server: RunningServer
) -> None:
    assert candidate.evaluate(60).status_code == 200
    assert candidate.ask(STRANGERS).status_code == 200
    assert problem(candidate.evaluate(1)) == "holder-unknown-firm"
    path = server.database_url.removeprefix("sqlite:///")
    rows = sqlite3.connect(path)
    kept = rows.execute("SELECT * FROM candidate WHERE id = ?", (str(candidate.id),)).fetchall()
    spent = rows.execute("SELECT SUM(evaluated) FROM holder_firm").fetchone()
    rows.close()
    assert len(kept) == 1
    told = repr(kept)
    assert not any(repr(name)[2:-1] in told for name in STRANGERS)
    assert spent[0] >= 60  # the cap of all firms together still counts them


def test_the_budget_is_the_number_said_and_no_firms(candidate: Candidate) -> None:
    assert candidate.evaluate(60).status_code == 200
    assert problem(candidate.evaluate(3)) == "evaluation-budget"


def test_a_set_too_small_too_heavy_or_of_another_size_is_refused_and_costs_nothing(
    candidate: Candidate,
) -> None:
    for names, weights in (
        (CLIENTS[:49], None),
        (CLIENTS[:59], None),
        (CLIENTS[::-1], None),
        (CLIENTS, np.array([40_000] + [16_271] * 59)),
        (CLIENTS, np.array([1] + [0] * 59)),  # all of it one client's: yes or no about it
    ):
        answer = candidate.ask(names, weights)
        assert (answer.status_code, problem(answer)) == (422, "overlap-refused"), answer.text
    assert candidate.ask(CLIENTS).status_code == 200


def test_only_the_invited_key_asks(candidate: Candidate, server: RunningServer) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert problem(candidate.ask(CLIENTS, root=stranger)) == "signature"
    assert problem(candidate.begin(root=stranger)) == "invitation"
    assert problem(candidate.begin(identifiers=61)) == "invitation"
    assert candidate.begin().status_code == 201  # the same again is the same
    uninvited = Candidate(server)
    assert problem(uninvited.ask(CLIENTS)) == "signature"
    uninvited.invitation = f"{uninvited.id}.{'A' * 43}"
    assert problem(uninvited.begin()) == "invitation"
    too_many = Candidate(server, identifiers=201)
    assert problem(too_many.begin()) == "overlap-refused"
    for made in (uninvited, too_many):
        made.client.close()


def test_an_answer_is_a_bands_lower_end_in_the_row_and_no_more(candidate: Candidate) -> None:
    answer = candidate.ask(CLIENTS).json()
    assert set(answer) == {"month", "profile", "from_points", "to_points"}


def test_nothing_is_answered_before_something_is_published_or_after_a_month(launch: Launcher) -> None:
    server = launch("sqlite")
    made = Candidate(server)
    assert made.begin().json()["latest_release"] is None
    assert problem(made.ask(CLIENTS)) == "overlap-too-early"
    server.set_today(TODAY + timedelta(days=31))
    assert problem(made.begin()) == "invitation"
    # A firm's budget grows after its first month; a candidate's ends.
    assert problem(made.evaluate(61)) == "holder-unknown-firm"
    with server.operator() as operator:
        operator.post("/api/operator/candidates", json={"name": "Next (fictional)"})
        rows = operator.get("/api/operator/candidates").json()
    assert [row["name"] for row in rows] == ["Next (fictional)"]
    assert problem(made.evaluate(1)) == "holder-unknown-firm"
    made.client.close()
