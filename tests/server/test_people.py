"""Users: an administrator adds and revokes them; the last one stays; everything is in the audit log."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest

from server.audit import GENESIS, broken_at
from tests.server.kit import PASSWORD_PROOF, Member, b64, unb64

if TYPE_CHECKING:
    from tests.server.kit import Network


def users(firm: Member) -> dict[str, dict]:
    return {one["email"]: one for one in firm.client().get("/api/users").json()}


def test_a_revoked_user_loses_her_sessions_and_devices_at_once(shared: Network) -> None:
    firm = shared.firm()
    token = firm.add_user("administrator")
    administrator = firm.token
    firm.token = token
    device, key = firm.add_device(15)
    device_token = firm.log_in_device(device, key)
    user = firm.client().get("/api/me").json()["user_id"]
    firm.token = administrator
    assert firm.client().delete(f"/api/users/{user}").status_code == 204
    assert firm.client(token).get("/api/me").status_code == 401
    assert firm.client(device_token).get("/api/me").status_code == 401
    assert firm.client().delete(f"/api/users/{user}").status_code == 404


def test_the_last_administrator_stays(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    firm.add_user("credit_manager")
    answer = firm.client().delete(f"/api/users/{firm.user_id}")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:vigie:problem:last-administrator")
    firm.add_user("administrator")
    assert firm.client().delete(f"/api/users/{firm.user_id}").status_code == 204


@pytest.mark.parametrize("role", ["operator", "agent", "desk", "root", ""])
def test_a_firm_cannot_give_itself_a_role_that_is_not_a_users(shared_sqlite: Network, role: str) -> None:
    firm = shared_sqlite.firm()
    body = {
        "email": f"{uuid.uuid4().hex}@firm.test",
        "role": role,
        "kdf_salt": b64(bytes(16)),
        "auth_key": b64(PASSWORD_PROOF),
        "wrapped_bundle": "",
    }
    assert firm.client().post("/api/users", json=body).status_code == 400
    assert list(users(firm)) == [firm.email]


@pytest.mark.parametrize(
    "changed",
    [{"kdf_salt": b64(bytes(15))}, {"auth_key": b64(bytes(31))}, {"wrapped_bundle": b64(bytes(70_000))}],
    ids=["salt", "proof", "bundle"],
)
def test_secrets_of_another_size_are_refused(shared_sqlite: Network, changed: dict) -> None:
    firm = shared_sqlite.firm()
    body = {
        "email": f"{uuid.uuid4().hex}@firm.test",
        "role": "analyst",
        "kdf_salt": b64(bytes(16)),
        "auth_key": b64(PASSWORD_PROOF),
        "wrapped_bundle": "",
        **changed,
    }
    assert firm.client().post("/api/users", json=body).status_code == 400


def test_the_audit_log_tells_what_happened_in_one_chain(shared: Network) -> None:
    firm = shared.firm()
    firm.add_user("analyst")
    device, _ = firm.add_device(15)
    firm.client().delete(f"/api/devices/{device}")
    auditor = firm.client(firm.add_user("auditor"))
    told = auditor.get("/api/audit").json()
    assert [one["event"] for one in told] == [
        "firm-admitted",
        "firm-enrolled",
        "user-added",
        "device-added",
        "device-revoked",
        "user-added",
    ]
    assert json.loads(told[3]["detail"]) == {"device": device}
    assert told[3]["actor"] == f"user:{firm.user_id}"
    entries = [
        {**one, "chain": firm.id, "previous": unb64(one["previous"]), "digest": unb64(one["digest"])}
        for one in told
    ]
    assert broken_at(entries, GENESIS) is None
    for changed in ({"detail": "{}"}, {"actor": "somebody"}, {"at": 0}):
        forged = [dict(one) for one in entries]
        forged[3].update(changed)
        assert broken_at(forged, GENESIS) == 4
    assert broken_at(entries[:2] + entries[3:], GENESIS) == 4
    assert auditor.get("/api/audit", params={"after": 5}).json() == told[5:]
