"""Devices: the root's word counts, for what it says and as long as it says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

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
