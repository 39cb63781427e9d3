"""A passkey stands for a code at the log-in: one's own, for this address, once, and never a copy."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.passkey_routes import PASSKEYS_MAX
from server.passkeys import ANSWER_CHARACTERS_MAX, CHALLENGE_SECONDS, CHALLENGES_MAX
from tests.server.kit import PASSWORD_PROOF, Member, b64
from tests.server.test_recovery import ask
from tests.server.test_recovery import request as recovery
from tests.server.test_second_factors import told, with_factor

if TYPE_CHECKING:
    import httpx

    from tests.server.kit import Network

OWN = "/api/me/passkeys"
PROOF = {"auth_key": b64(PASSWORD_PROOF)}
PRESENT_AND_VERIFIED, ATTESTED = 0x05, 0x40


@dataclass
class Authenticator:
    """An ES256 authenticator in software (WebAuthn level 2, sections 6.1 and 6.5.4, attestation "none")."""

    origin: str
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(16))
    count: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    public: CoseKey | None = None  # another one than its own

    def _data(self, flags: int, tail: bytes = b"") -> bytes:
        host = urlsplit(self.origin).hostname or ""
        self.count += self.counts
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + tail

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said | self.said).encode()

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {name: websafe_encode(value) for name, value in response.items()},
        }

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """RegistrationResponseJSON."""
        public = self.public or ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        data = self._data(PRESENT_AND_VERIFIED | ATTESTED, bytes(credential))
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {"clientDataJSON": self._client("create", options), "attestationObject": attested}
        )

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        """AuthenticationResponseJSON."""
        data, client = self._data(PRESENT_AND_VERIFIED), self._client("get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})


def begun(firm: Member) -> dict[str, Any]:
    answer = firm.client().post(f"{OWN}/options", json=PROOF)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["public_key"])


def finish(firm: Member, made: dict[str, Any], name: str = "Laptop") -> httpx.Response:
    return firm.client().post(OWN, json={"name": name, "credential": made})


def add(firm: Member, authenticator: Authenticator, name: str = "Laptop") -> httpx.Response:
    return finish(firm, authenticator.make(begun(firm)), name)


def options(firm: Member) -> dict[str, Any]:
    answer = firm.anonymous.post("/api/sessions/passkey-options", json={"email": firm.email, **PROOF})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["public_key"])


def log_in(firm: Member, signed: dict[str, Any]) -> httpx.Response:
    return firm.anonymous.post(
        "/api/sessions/password", json={"email": firm.email, **PROOF, "passkey": signed}
    )


@pytest.fixture
def firm(shared: Network, request: pytest.FixtureRequest) -> Member:
    """One whose administrator uses codes."""
    made = shared.firm(f"{request.node.name[:60]} (fictional)")
    with_factor(made)
    return made


def origin(firm: Member) -> str:
    return str(firm.client().base_url).rstrip("/")


def test_a_passkey_opens_in_place_of_a_code_and_is_listed_with_when_it_was_used(firm: Member) -> None:
    mine = Authenticator(origin(firm))
    added = add(firm, mine)
    assert added.status_code == 201, added.text
    assert (added.json()["name"], added.json()["here"], added.json()["used_on"]) == ("Laptop", True, None)
    entered = log_in(firm, mine.use(options(firm)))
    assert entered.status_code == 200, entered.text
    passed = {"email": firm.email, **PROOF, "code": entered.json()["factor_pass"]}
    assert firm.anonymous.post("/api/sessions/password", json=passed).status_code == 200
    (listed,) = firm.client().get(OWN).json()
    assert listed["used_on"] >= listed["added_on"]  # the same day, or midnight was between
    assert "passkey-added" in [one["event"] for one in firm.client().get("/api/audit").json()]


def test_an_authenticator_that_does_not_count_is_taken_each_time(firm: Member) -> None:
    mine = Authenticator(origin(firm), counts=False)
    assert add(firm, mine).status_code == 201
    assert [log_in(firm, mine.use(options(firm))).status_code for _ in range(2)] == [200, 200]


def test_what_was_signed_serves_once_and_a_copied_authenticator_is_refused(firm: Member) -> None:
    mine = Authenticator(origin(firm))
    add(firm, mine)
    signed = mine.use(options(firm))
    assert log_in(firm, signed).status_code == 200
    assert told(log_in(firm, signed)) == (401, "second-factor-wrong")
    copy = Authenticator(mine.origin, key=mine.key, id=mine.id, count=0)
    assert told(log_in(firm, copy.use(options(firm)))) == (401, "second-factor-wrong")


def test_a_false_page_gets_nothing_that_serves_here(firm: Member) -> None:
    mine = Authenticator(origin(firm))
    add(firm, mine)
    mine.origin = "https://vigie.example"
    assert told(log_in(firm, mine.use(options(firm)))) == (401, "second-factor-wrong")
    elsewhere = Authenticator("https://vigie.example")
    assert told(add(firm, elsewhere)) == (422, "passkey-refused")


def test_nobody_elses_passkey_and_nobody_elses_challenge_serve(shared: Network, firm: Member) -> None:
    other = shared.firm("Another passkey (fictional)")
    with_factor(other)
    mine, theirs = Authenticator(origin(firm)), Authenticator(origin(firm))
    add(firm, mine)
    add(other, theirs)
    assert told(log_in(firm, theirs.use(options(firm)))) == (401, "second-factor-wrong")
    assert told(log_in(firm, mine.use(options(other)))) == (401, "second-factor-wrong")
    forged = mine.use({"challenge": websafe_encode(os.urandom(32))})
    assert told(log_in(firm, forged)) == (401, "second-factor-wrong")
    for nonsense in ({}, {"id": "x"}, {**mine.use(options(firm)), "response": {}}):
        assert told(log_in(firm, nonsense)) == (401, "second-factor-wrong")
    (listed,) = other.client().get(OWN).json()
    assert told(firm.client().delete(f"{OWN}/{listed['id']}")) == (404, "not-found")


def test_who_has_a_passkey_is_told_after_both_secrets_alone(firm: Member) -> None:
    asked = {"email": firm.email, **PROOF}
    path = "/api/sessions/passkey-options"
    assert told(firm.anonymous.post(path, json=asked)) == (404, "not-found")
    add(firm, Authenticator(origin(firm)))
    wrong = firm.anonymous.post(path, json={**asked, "auth_key": b64(bytes(32))})
    assert told(wrong) == (401, "credentials")


def test_codes_come_first_the_password_is_proved_again_and_ten_are_enough(
    shared: Network, firm: Member
) -> None:
    bare = shared.firm("No codes (fictional)")
    assert told(bare.client().post(f"{OWN}/options", json=PROOF)) == (409, "second-factor-off")
    refused = firm.client().post(f"{OWN}/options", json={"auth_key": b64(bytes(32))})
    assert told(refused) == (401, "credentials")
    for number in range(PASSKEYS_MAX):
        assert add(firm, Authenticator(origin(firm)), f"Key {number}").status_code == 201
    assert told(firm.client().post(f"{OWN}/options", json=PROOF)) == (409, "too-many-passkeys")


def test_a_passkey_is_taken_off_by_itself_and_all_with_the_second_factor(
    shared: Network, firm: Member
) -> None:
    kept, gone = Authenticator(origin(firm)), Authenticator(origin(firm))
    add(firm, kept)
    removed = add(firm, gone).json()["id"]
    assert firm.client().delete(f"{OWN}/{removed}").status_code == 204
    assert told(log_in(firm, gone.use(options(firm)))) == (401, "second-factor-wrong")
    assert log_in(firm, kept.use(options(firm))).status_code == 200
    colleague = firm.client(firm.add_user("administrator"))
    assert colleague.delete(f"/api/users/{firm.user_id}/second-factor").status_code == 204
    plain = {"email": firm.email, **PROOF}
    assert firm.anonymous.post("/api/sessions/password", json=plain).status_code == 200
    assert told(firm.anonymous.post("/api/sessions/passkey-options", json=plain)) == (404, "not-found")


def test_of_ten_passkeys_begun_at_once_the_eleventh_is_refused(firm: Member) -> None:
    asked = [begun(firm) for _ in range(PASSKEYS_MAX + 1)]
    answers = [finish(firm, Authenticator(origin(firm)).make(one)) for one in asked]
    assert [one.status_code for one in answers[:-1]] == [201] * PASSKEYS_MAX
    assert told(answers[-1]) == (409, "too-many-passkeys")


def test_who_asks_for_more_challenges_than_anybody_needs_waits(firm: Member) -> None:
    add(firm, Authenticator(origin(firm)))
    for _ in range(CHALLENGES_MAX):
        options(firm)
    asked = firm.anonymous.post("/api/sessions/passkey-options", json={"email": firm.email, **PROOF})
    assert told(asked) == (429, "too-many-requests")
    assert int(asked.headers["Retry-After"]) > 0


def test_a_passkey_serves_at_the_port_where_it_was_made_whatever_this_network_is_called(firm: Member) -> None:
    mine = Authenticator(origin(firm))
    add(firm, mine)
    port = urlsplit(mine.origin).port
    neighbour = {"Host": f"{urlsplit(mine.origin).hostname}:{(port or 80) + 1}"}
    given = options(firm)
    mine.origin = f"http://{neighbour['Host']}"
    body = {"email": firm.email, **PROOF}
    assert told(firm.anonymous.post("/api/sessions/passkey-options", json=body, headers=neighbour)) == (
        404,
        "not-found",
    )
    signed = {**body, "passkey": mine.use(given)}
    entered = firm.anonymous.post("/api/sessions/password", json=signed, headers=neighbour)
    assert told(entered) == (401, "second-factor-wrong")


def test_a_proxy_that_writes_the_usual_port_out_names_the_same_address(firm: Member) -> None:
    proxied = {"Host": "vigie.example:443", "X-Forwarded-Proto": "https"}
    mine = Authenticator("https://vigie.example")
    client = firm.client()
    given = client.post(f"{OWN}/options", json=PROOF, headers=proxied).json()["public_key"]
    assert given["timeout"] == CHALLENGE_SECONDS * 1000
    made = {"name": "Laptop", "credential": mine.make(given)}
    assert client.post(OWN, json=made, headers=proxied).status_code == 201
    assert [one["here"] for one in client.get(OWN, headers={**proxied, "Host": "vigie.example"}).json()] == [
        True
    ]


def test_a_challenge_is_spent_in_vain_too_and_serves_one_purpose(firm: Member) -> None:
    mine = Authenticator(origin(firm))
    add(firm, mine)
    asked = begun(firm)
    in_frame = Authenticator(origin(firm), said={"crossOrigin": True})
    assert told(finish(firm, in_frame.make(asked))) == (422, "passkey-refused")
    assert told(finish(firm, Authenticator(origin(firm)).make(asked))) == (422, "passkey-refused")
    to_log_in = Authenticator(origin(firm), said={"type": "webauthn.get"})
    assert told(finish(firm, to_log_in.make(options(firm)))) == (422, "passkey-refused")
    mine.said = {"type": "webauthn.create"}
    assert told(log_in(firm, mine.use(begun(firm)))) == (401, "second-factor-wrong")


def test_a_key_that_verifies_nothing_or_was_not_offered_is_refused_when_it_is_added(firm: Member) -> None:
    off_the_curve = {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes([1] * 32)}
    unknown, old = (
        {1: 2, 3: -4_000},
        dict(RS256({1: 3, 3: -65535, -1: bytes([5] * 256), -2: bytes([1, 0, 1])})),
    )
    for key in (off_the_curve, unknown, old, {1: 2, 3: -7}):
        made = Authenticator(origin(firm), public=CoseKey(key)).make(begun(firm))
        assert told(finish(firm, made)) == (422, "passkey-refused")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle")


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """What looks like an authenticator's answer, as far as its parts' names go."""
    said = {"type": "webauthn.get", "challenge": draw(st.text("abA_-=", max_size=8)), "origin": draw(JSON)}
    part = (
        st.binary(max_size=60).map(websafe_encode) | JSON | st.just(websafe_encode(json.dumps(said).encode()))
    )
    response = draw(st.dictionaries(st.sampled_from(PARTS), part) | JSON)
    return {
        "rawId": draw(part),
        "response": response,
        **draw(st.dictionaries(st.sampled_from(["id", "type"]), JSON)),
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=answers())
def test_whatever_comes_in_place_of_an_answer_is_refused(firm: Member, answer: dict[str, Any]) -> None:
    assert told(log_in(firm, answer)) == (401, "second-factor-wrong")
    assert told(finish(firm, answer)) == (422, "passkey-refused")


@pytest.mark.parametrize(
    "part",
    [
        10**10,  # as many bytes, were it read as the library reads it
        websafe_encode(b"[" * 10_000),
        websafe_encode(b"[]"),
        websafe_encode(b"\x81" * 10_000),
        websafe_encode(b"\x9b" + b"\xff" * 8),
        websafe_encode(b""),
        websafe_encode(b"\x00" * 37)[:ANSWER_CHARACTERS_MAX] + "A" * ANSWER_CHARACTERS_MAX,
        websafe_encode(bytes(32) + b"\xc1" + bytes(4)),
        websafe_encode(bytes(32) + b"\x81" + bytes(4) + b"\x99\xff\xff" + bytes(60)),
    ],
    ids=str,
)
def test_hostile_parts_of_an_answer_cost_nothing(firm: Member, part: object) -> None:
    mine = Authenticator(origin(firm))
    add(firm, mine)
    for name in ("clientDataJSON", "authenticatorData"):
        signed = mine.use(options(firm))
        signed["response"][name] = part
        assert told(log_in(firm, signed)) == (401, "second-factor-wrong")
    for name in ("clientDataJSON", "attestationObject"):
        made = mine.make(begun(firm))
        made["response"][name] = part
        assert told(finish(firm, made)) == (422, "passkey-refused")


def test_a_passkeys_name_has_letters_that_every_database_takes(firm: Member) -> None:
    for name in ("", "Lap\0top", "Lap\ntop", "a" * 81):
        assert told(add(firm, Authenticator(origin(firm)), name)) == (400, "malformed")


def test_passkeys_go_with_the_person_and_with_the_firms_recovery(shared_sqlite: Network) -> None:
    def kept(firm: Member) -> list[int]:
        """Passkeys, challenges and second factors of hers in the database."""
        with closing(sqlite3.connect(shared_sqlite.server.folder / "vigie.sqlite3", timeout=30)) as base:
            tables = ("passkey", "passkey_challenge", "second_factor")
            counts = (f"SELECT count(*) FROM {table} WHERE person = ?" for table in tables)
            return [base.execute(one, (firm.user_id,)).fetchone()[0] for one in counts]

    left, recovered = (shared_sqlite.firm(f"Passkeys {name} (fictional)") for name in ("left", "recovered"))
    for firm in (left, recovered):
        with_factor(firm)
        add(firm, Authenticator(origin(firm)))
        options(firm)
        assert kept(firm) == [1, 1, 1]
    colleague = left.client(left.add_user("administrator"))
    assert colleague.delete(f"/api/users/{left.user_id}").status_code == 204
    answer = ask(recovered, recovery(recovered, f"second.{recovered.id.hex}@firm.test"))
    assert answer.status_code == 201, answer.text
    assert (kept(left), kept(recovered)) == ([0, 0, 0], [0, 0, 0])


def test_a_host_that_is_none_is_refused(firm: Member) -> None:
    body = {"email": firm.email, **PROOF}
    for host in ("vigie:b", "::", "a" * 300):
        for path in ("/api/sessions/passkey-options", "/api/sessions/password"):
            answer = firm.anonymous.post(path, json={**body, "passkey": {}}, headers={"Host": host})
            assert told(answer) == (400, "malformed")
        client = firm.client()
        assert told(client.post(f"{OWN}/options", json=PROOF, headers={"Host": host})) == (400, "malformed")
