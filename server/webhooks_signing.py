"""The signature of a webhook's message: HMAC-SHA-256 over id, time and body (https://www.standardwebhooks.com).

    webhook-id          the delivery's id: the same whenever it is sent again
    webhook-timestamp   seconds since 1970 of this attempt; a receiver refuses what is a few minutes old
    webhook-signature   "v1," and base64 of HMAC-SHA-256(secret, id "." timestamp "." body)

The secret is shown once, as "whsec_" and base64.
"""

from __future__ import annotations

import base64
import hmac
from typing import Final
from uuid import UUID

SECRET_BYTES: Final = 32
PREFIX: Final = "whsec_"


def secret_text(secret: bytes) -> str:
    """How the secret is shown."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, delivery: UUID, at: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt."""
    signed = f"{delivery}.{at}.".encode() + body
    proof = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {
        "webhook-id": str(delivery),
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{proof}",
    }
