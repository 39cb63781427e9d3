"""A person's wrapped keys anew: only by a device that knows the ones that they take the place of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.server.kit import PASSWORD_PROOF, b64, unb64

if TYPE_CHECKING:
    import httpx

    from tests.server.kit import Member, Network

OWN = "/api/me/secrets"


def change(firm: Member, replaces: bytes, wrapped: bytes, proof: bytes = PASSWORD_PROOF) -> httpx.Response:
    body = {
        "auth_key": b64(proof),
        "replaces": b64(hashlib.sha256(replaces).digest()),
        "kdf_salt": b64(bytes(16)),
        "new_auth_key": b64(PASSWORD_PROOF),
        "wrapped_bundle": b64(wrapped),
    }
    return firm.client().put(OWN, json=body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_wrapped_keys_take_the_place_of_those_alone_that_the_device_has_read(shared: Network) -> None:
    firm = shared.firm("Two devices (fictional)")
    assert change(firm, b"sealed", b"with own keys").status_code == 204
    assert code(change(firm, b"sealed", b"of the other device")) == (409, "keys-moved")
    assert unb64(firm.log_in()["wrapped_bundle"]) == b"with own keys"
    assert change(firm, b"with own keys", b"of the other device").status_code == 204
    assert code(change(firm, b"of the other device", b"x", bytes(32))) == (401, "credentials")


def test_wrapped_keys_are_read_again_by_who_proves_the_password_again(shared: Network) -> None:
    firm = shared.firm("Read again (fictional)")
    assert change(firm, b"sealed", b"newer").status_code == 204
    found = firm.client().post(OWN, json={"auth_key": b64(PASSWORD_PROOF)})
    assert (found.status_code, unb64(found.json()["wrapped_bundle"])) == (200, b"newer")
    assert code(firm.client().post(OWN, json={"auth_key": b64(bytes(32))})) == (401, "credentials")
