"""How this firm is told of its alerts: a user's mail, the firm's webhooks; and how a receiver checks one.

Knows: the routes. `verify` needs nothing of the rest: a receiver may copy it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from member.keystore import Member

TOLERANCE_SECONDS: Final = 300
PREFIX: Final = "whsec_"


class Wishes(msgspec.Struct, frozen=True):
    """What a user wants, as the network keeps it; hours are local."""

    mail: bool
    language: str
    timezone: str
    severities: dict[str, str]
    kinds: dict[str, dict[str, str]]
    digest: str
    hour: int
    weekday: int
    quiet_from: int
    quiet_until: int
    quiet_weekend: bool


class _Shown(msgspec.Struct, frozen=True):
    wishes: Wishes
    mail_possible: bool


class Webhook(msgspec.Struct, frozen=True):
    """An address that is told, and how it stands."""

    id: UUID
    url: str
    severity_least: str
    kinds: list[str]
    active: bool
    waiting: int
    dead: int


class Delivery(msgspec.Struct, frozen=True):
    """One message to one address."""

    id: UUID
    created_at: str
    state: str
    attempts: int
    status: int | None
    problem: str
    body: bytes


class _Made(msgspec.Struct, frozen=True):
    id: UUID
    secret: str


class _Count(msgspec.Struct, frozen=True):
    count: int


def read_wishes(member: Member) -> tuple[Wishes, bool]:
    """The user's wishes, and whether the operator has a mail server."""
    shown = member.network.read(member.session.send("GET", "/api/notifications"), _Shown)
    return shown.wishes, shown.mail_possible


def write_wishes(member: Member, **changed: Any) -> Wishes:
    """Change some of the wishes; the others stay."""
    wishes = msgspec.structs.replace(read_wishes(member)[0], **changed)
    body = msgspec.to_builtins(wishes)
    return member.network.read(member.session.send("PUT", "/api/notifications", json=body), _Shown).wishes


def webhooks(member: Member) -> list[Webhook]:
    """The firm's addresses."""
    return member.network.read(member.session.send("GET", "/api/webhooks"), list[Webhook])


def add_webhook(member: Member, url: str, severity: str, kinds: list[str]) -> tuple[UUID, str]:
    """The new address's id, and its secret, which is shown this once."""
    body = {"url": url, "severity_least": severity, "kinds": kinds}
    made = member.network.read(member.session.send("POST", "/api/webhooks", json=body), _Made)
    return made.id, made.secret


def remove_webhook(member: Member, webhook: UUID) -> None:
    """With everything that waits for it."""
    member.session.send("DELETE", f"/api/webhooks/{webhook}")


def send_test(member: Member, webhook: UUID) -> None:
    """Have a signed test message sent."""
    member.session.send("POST", f"/api/webhooks/{webhook}/test")


def dead_deliveries(member: Member, webhook: UUID) -> list[Delivery]:
    """What was given up, newest first."""
    path = f"/api/webhooks/{webhook}/deliveries?delivery_state=dead"
    return member.network.read(member.session.send("GET", path), list[Delivery])


def replay(member: Member, webhook: UUID) -> int:
    """Have everything dead tried again; how many."""
    answer = member.session.send("POST", f"/api/webhooks/{webhook}/replay", json={})
    return member.network.read(answer, _Count).count


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: int) -> str | None:
    """The message's id when it is the network's and fresh, else None. `now`: seconds since 1970.

    A receiver keeps the ids that it has had: the same id again is the same message again. Headers are looked
    up in small letters. (https://www.standardwebhooks.com, symmetric signatures)
    """
    name, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdecimal() or abs(now - int(at)) > TOLERANCE_SECONDS:
        return None
    key = base64.b64decode(secret.removeprefix(PREFIX))
    expected = base64.b64encode(hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")).decode()
    for one in headers.get("webhook-signature", "").split(" "):
        version, _, proof = one.partition(",")
        if version == "v1" and hmac.compare_digest(proof, expected):
            return name
    return None
