"""Devices: the root's word counts, for what it says and as long as it says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from privacy.delegation import Delegation
from tests.server.kit import EVERYTHING, Member, b64

if TYPE_CHECKING:
    import httpx

    from tests.server.kit import Network


def add(firm: Member, key: Ed25519PrivateKey, delegation: bytes) -> httpx.Response:
    body = {"public_key": b64(signing.public_bytes(key)), "delegation": b64(delegation)}
    return firm.client().post("/api/devices", json=body)


def issue(firm: Member, key: Ed25519PrivateKey, begins: int, ends: int) -> bytes:
    now = int(time.time())
    public = signing.public_bytes(key)
    return Delegation.issue(firm.root, firm.id.bytes, public, EVERYTHING, now + begins, now + ends).to_bytes()


def test_a_device_with_the_roots_word_is_added_once(shared: Network) -> None:
    firm, key = shared.firm(), Ed25519PrivateKey.generate()
    delegation = firm.delegate(key)
    assert add(firm, key, delegation).status_code == 201
    again = add(firm, key, delegation)
    assert (again.status_code, again.json()["type"]) == (409, "urn:vigie:problem:device-taken")


def test_a_credit_manager_adds_her_own_device_and_cannot_revoke(shared_sqlite: Network) -> None:
    firm, key = shared_sqlite.firm(), Ed25519PrivateKey.generate()
    manager = firm.client(firm.add_user("credit_manager"))
    body = {"public_key": b64(signing.public_bytes(key)), "delegation": b64(firm.delegate(key))}
    device = manager.post("/api/devices", json=body).json()["device_id"]
    assert manager.delete(f"/api/devices/{device}").status_code == 403
    listed = {one["device_id"]: one for one in manager.get("/api/devices").json()}
    assert listed[device]["user_id"] == manager.get("/api/me").json()["user_id"]


@pytest.mark.parametrize(("begins", "ends"), [(-7200, -3600), (3600, 7200)], ids=["expired", "not yet"])
def test_a_delegation_counts_while_it_lasts(shared_sqlite: Network, begins: int, ends: int) -> None:
    firm, key = shared_sqlite.firm(), Ed25519PrivateKey.generate()
    answer = add(firm, key, issue(firm, key, begins, ends))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:vigie:problem:delegation")


def test_a_delegation_for_another_key_firm_or_by_another_root_is_refused(shared_sqlite: Network) -> None:
    firm, other, key = shared_sqlite.firm(), shared_sqlite.firm(), Ed25519PrivateKey.generate()
    changed = bytearray(firm.delegate(key))
    changed[-1] ^= 1
    for delegation in (
        firm.delegate(Ed25519PrivateKey.generate()),
        other.delegate(key),
        bytes(changed),
        b"",
        bytes(129),
    ):
        assert add(firm, key, delegation).status_code == 403
    assert len(firm.client().get("/api/devices").json()) == 1


def test_a_person_says_that_a_device_is_hers_with_its_key_alone(shared_sqlite: Network) -> None:
    firm, key = shared_sqlite.firm(), Ed25519PrivateKey.generate()
    device = add(firm, key, firm.delegate(key)).json()["device_id"]
    manager = firm.client(firm.add_user("credit_manager"))
    user = manager.get("/api/me").json()["user_id"]
    said = UUID(device).bytes + UUID(user).bytes
    for signer, status in ((Ed25519PrivateKey.generate(), 403), (key, 204)):
        body = {"signature": b64(signing.sign(signer, "device-owner", said))}
        answer = manager.put(f"/api/devices/{device}/owner", json=body)
        assert answer.status_code == status, answer.text
    listed = {one["device_id"]: one for one in manager.get("/api/devices").json()}
    assert listed[device]["user_id"] == user


def test_an_administrator_renews_a_devices_rights_with_the_roots_word_alone(shared_sqlite: Network) -> None:
    firm, key = shared_sqlite.firm(), Ed25519PrivateKey.generate()
    device = add(firm, key, firm.delegate(key)).json()["device_id"]
    wider = issue(firm, key, -600, 7200)
    path = f"/api/devices/{device}/delegation"
    manager = firm.client(firm.add_user("credit_manager"))
    assert manager.put(path, json={"delegation": b64(wider)}).status_code == 403
    other = issue(firm, Ed25519PrivateKey.generate(), -600, 7200)
    assert firm.client().put(path, json={"delegation": b64(other)}).status_code == 403
    assert firm.client().put(path, json={"delegation": b64(wider)}).status_code == 204
    listed = {one["device_id"]: one for one in firm.client().get("/api/devices").json()}
    assert listed[device]["delegation"] == b64(wider)
