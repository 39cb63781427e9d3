"""A webhook's signature is the one of the public specification, over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from server.webhooks_signing import headers, secret_text

SECRET = bytes(range(32))
DELIVERY = UUID(int=9)


def test_the_headers_sign_id_time_and_body() -> None:
    made = headers(SECRET, DELIVERY, 1_700_000_000, b'{"a":1}')
    assert made["webhook-id"] == str(DELIVERY)
    assert made["webhook-timestamp"] == "1700000000"
    signed = f"{DELIVERY}.1700000000.".encode() + b'{"a":1}'
    assert (
        made["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    )


def test_another_body_time_or_secret_has_another_signature() -> None:
    one = headers(SECRET, DELIVERY, 1, b"x")["webhook-signature"]
    assert headers(SECRET, DELIVERY, 1, b"y")["webhook-signature"] != one
    assert headers(SECRET, DELIVERY, 2, b"x")["webhook-signature"] != one
    assert headers(bytes(32), DELIVERY, 1, b"x")["webhook-signature"] != one


def test_a_secret_is_shown_as_receivers_libraries_read_it() -> None:
    assert secret_text(SECRET) == "whsec_" + base64.b64encode(SECRET).decode()
