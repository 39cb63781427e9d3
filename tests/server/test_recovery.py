"""The recovery kit's way back: nobody's membership is confirmed, the root's word alone installs anybody."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from privacy.recovery import PURPOSE, recovery_payload
from server.limits import FAILURES_MAX
from server.recovery import PADDED_BYTES
from tests.conftest import DATABASES
from tests.server.kit import PASSWORD_PROOF, Member, Network, b64, unb64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher


@pytest.fixture(scope="module", params=DATABASES)
def network(request: pytest.FixtureRequest, launch_for_module: Launcher) -> Iterator[Network]:
    made = Network(launch_for_module(request.param))
    yield made
    made.close()


def request(firm: Member, email: str, **changed: Any) -> dict[str, Any]:
    device = Ed25519PrivateKey.generate()
    public = signing.public_bytes(device)
    root = changed.pop("root", firm.root)
    said = {
        "requested_at": int(time.time()),
        "keep_others": False,
        "recovery_blob": b"sealed again",
        "wrapped_bundle": b"wrapped",
        **changed,
    }
    payload = recovery_payload(
        firm=firm.id.bytes,
        requested_at=said["requested_at"],
        keep_others=said["keep_others"],
        device_public=public,
        email=email,
        kdf_salt=bytes(16),
        auth_key=PASSWORD_PROOF,
        wrapped_bundle=said["wrapped_bundle"],
        recovery_blob=said["recovery_blob"],
    )
    return {
        "firm_id": str(firm.id),
        "requested_at": said["requested_at"],
        "user": {
            "email": email,
            "kdf_salt": b64(bytes(16)),
            "auth_key": b64(PASSWORD_PROOF),
            "wrapped_bundle": b64(said["wrapped_bundle"]),
        },
        "device": {"public_key": b64(public), "delegation": b64(firm.delegate(device))},
        "recovery_blob": b64(said["recovery_blob"]),
        "signature": b64(signing.sign(root, PURPOSE, payload)),
        "keep_others": said["keep_others"],
    }


def ask(firm: Member, body: dict[str, Any]) -> httpx.Response:
    return firm.anonymous.post("/api/recoveries", json=body)


def blob(firm: Member, wanted: uuid.UUID) -> httpx.Response:
    return firm.anonymous.post("/api/recoveries/blob", json={"firm_id": str(wanted)})


def problem(answer: httpx.Response) -> str:
    return str(answer.json()["type"].rpartition(":")[2])


def test_the_roots_word_ends_everybody_and_installs_one(network: Network) -> None:
    firm = network.firm()
    analyst = firm.add_user("analyst")
    other = network.firm()
    answer = ask(firm, request(firm, firm.email))
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["user_id"], found["users_ended"], found["devices_ended"]) == (firm.user_id, 2, 1)
    for token in (firm.token, analyst):
        assert firm.client(token).get("/api/me").status_code == 401
    assert other.client().get("/api/me").status_code == 200
    firm.log_in()
    me = firm.client().get("/api/me").json()
    assert (me["role"], me["firm_id"]) == ("administrator", str(firm.id))
    events = [one["event"] for one in firm.client().get("/api/audit").json()]
    assert events[-1] == "firm-recovered"
    assert unb64(blob(firm, firm.id).json()["padded"]).startswith(b"sealed again")


def test_beside_others_the_rest_of_the_firm_stays(network: Network) -> None:
    firm = network.firm()
    answer = ask(firm, request(firm, f"second.{firm.id.hex}@firm.test", keep_others=True))
    assert answer.status_code == 201, answer.text
    assert answer.json()["devices_ended"] == 0
    assert len(firm.client().get("/api/users").json()) == 2


def test_a_stranger_learns_nothing_and_changes_nothing(network: Network) -> None:
    firm, other = network.firm(), network.firm()
    stranger = uuid.uuid4()
    answers = [unb64(blob(firm, one).json()["padded"]) for one in (firm.id, stranger, stranger)]
    assert {len(one) for one in answers} == {PADDED_BYTES}
    assert answers[0] != answers[1] == answers[2]
    wrong = ask(firm, request(firm, firm.email, root=Ed25519PrivateKey.generate()))
    nobody = ask(firm, {**request(firm, firm.email), "firm_id": str(stranger)})
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.json() == nobody.json()
    taken = ask(firm, request(firm, other.email))
    assert (taken.status_code, problem(taken)) == (409, "email-taken")
    late = ask(firm, request(firm, firm.email, requested_at=int(time.time()) - 3600))
    assert (late.status_code, problem(late)) == (400, "malformed")
    large = ask(firm, request(firm, firm.email, recovery_blob=bytes(70_000)))
    assert problem(large) == "malformed"
    assert firm.client().get("/api/me").status_code == 200


def test_a_copied_request_installs_nobody_a_second_time(network: Network) -> None:
    firm = network.firm()
    body = request(firm, firm.email)
    assert ask(firm, body).status_code == 201
    again = ask(firm, body)
    assert (again.status_code, problem(again)) == (409, "device-taken")
    changed = {**body, "user": {**body["user"], "wrapped_bundle": b64(b"another")}}
    assert problem(ask(firm, changed)) == "signature"
    firm.log_in()
    assert firm.client().get("/api/me").status_code == 200


def test_a_new_kit_wants_the_password_and_the_root_key(network: Network) -> None:
    firm = network.firm("New kit (fictional)")
    blob = secrets.token_bytes(300)

    def asked(signed: bytes = blob, proof: bytes = PASSWORD_PROOF) -> int:
        signature = signing.sign(firm.root, "recovery-kit", firm.id.bytes + signed)
        body = {"auth_key": b64(proof), "recovery_blob": b64(blob), "signature": b64(signature)}
        return firm.client().put("/api/firm/recovery-kit", json=body).status_code

    assert asked(proof=bytes(32)) == 401
    assert asked(signed=blob[1:]) == 403
    assert asked() == 204
    padded = firm.anonymous.post("/api/recoveries/blob", json={"firm_id": str(firm.id)}).json()["padded"]
    assert unb64(padded).startswith(blob)
    assert firm.client().get("/api/audit").json()[-1]["event"] == "recovery-kit-renewed"


def test_one_address_asks_for_so_many_kits_and_no_more(network: Network) -> None:
    """The last one: afterwards this address is refused."""
    firm = network.firm()
    answers = [blob(firm, uuid.uuid4()) for _ in range(FAILURES_MAX)]
    assert {answer.status_code for answer in answers} <= {200, 429}
    refused = blob(firm, firm.id)
    assert (refused.status_code, problem(refused)) == (429, "too-many-requests")
