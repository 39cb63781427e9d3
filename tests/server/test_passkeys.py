"""A passkey stands for a code at the log-in: one's own, for this address, once, and never a copy."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from server.passkey_routes import PASSKEYS_MAX
from tests.server.kit import PASSWORD_PROOF, Member, b64
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

    def _data(self, flags: int, tail: bytes = b"") -> bytes:
        host = urlsplit(self.origin).hostname or ""
        self.count += self.counts
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + tail

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

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
        public = ES256.from_cryptography_key(self.key.public_key())
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


def add(firm: Member, authenticator: Authenticator, name: str = "Laptop") -> httpx.Response:
    begun = firm.client().post(f"{OWN}/options", json=PROOF)
    assert begun.status_code == 200, begun.text
    made = authenticator.make(begun.json()["public_key"])
    return firm.client().post(OWN, json={"name": name, "credential": made})


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
    assert listed["used_on"] == listed["added_on"]
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
