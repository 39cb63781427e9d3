"""A receiver believes what its secret signed, and no copy of it later."""

from __future__ import annotations

import base64

import pytest

from member.delivery import TOLERANCE_SECONDS, verify
from server.webhooks_signing import headers, secret_text
from tests.server.kit import b64

SECRET, NOW, BODY = bytes(range(32)), 1_800_000_000, b'{"type":"alert.raised"}'


def sent(**changed: str) -> dict[str, str]:
    from uuid import UUID

    return {**headers(SECRET, UUID(int=3), NOW, BODY), **changed}


def test_what_the_network_signs_is_believed_and_gives_its_id() -> None:
    assert verify(sent(), BODY, secret_text(SECRET), NOW) == sent()["webhook-id"]
    assert verify(sent(), BODY, secret_text(SECRET), NOW + TOLERANCE_SECONDS) is not None
    two = f"v1,{b64(bytes(32))} {sent()['webhook-signature']}"
    assert verify(sent(**{"webhook-signature": two}), BODY, secret_text(SECRET), NOW) is not None


@pytest.mark.parametrize(
    ("changed", "body", "secret", "now"),
    [
        ({}, BODY + b" ", SECRET, NOW),
        ({}, BODY, bytes(32), NOW),
        ({}, BODY, SECRET, NOW + TOLERANCE_SECONDS + 1),
        ({}, BODY, SECRET, NOW - TOLERANCE_SECONDS - 1),
        ({"webhook-id": "another"}, BODY, SECRET, NOW),
        ({"webhook-timestamp": str(NOW + 1)}, BODY, SECRET, NOW),
        ({"webhook-timestamp": "soon"}, BODY, SECRET, NOW),
        ({"webhook-signature": ""}, BODY, SECRET, NOW),
        ({"webhook-signature": "v2," + base64.b64encode(bytes(32)).decode()}, BODY, SECRET, NOW),
    ],
)
def test_whatever_else_is_not(changed: dict[str, str], body: bytes, secret: bytes, now: int) -> None:
    assert verify(sent(**changed), body, secret_text(secret), now) is None


def test_a_message_without_headers_is_not_believed() -> None:
    assert verify({}, BODY, secret_text(SECRET), NOW) is None
