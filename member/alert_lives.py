"""What the network keeps of a firm's work on alerts, as it is read: lives, mutes, colleagues, comments.

Knows: nothing that is sealed. Who acts on alerts is `member.alert_work`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from member.keystore import Member

ID_LETTERS_MIN: Final = 4
"""Of an id's beginning, before it means an alert or a mute."""


class Life(msgspec.Struct, frozen=True):
    """The firm's work on an alert and those that continue it, as the network lists it."""

    id: UUID
    alerts: list[UUID]
    state: str
    news: bool
    assignee: UUID | None
    snoozed_until: date | None
    reason: str | None
    comments: int
    version: int


class Colleague(msgspec.Struct, frozen=True):
    """Somebody to whom an alert can be given."""

    user_id: UUID
    email: str
    role: str
    me: bool


class Mute(msgspec.Struct, frozen=True):
    """What the firm is not told of."""

    id: UUID
    pseudonym: bytes | None
    kind: str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `author`: an e-mail where the network names it, else what it says.

    `text`: None where no key that is here has sealed it for this alert.
    """

    id: UUID
    author: str
    at: str
    text: str | None


def read_lives(member: Member) -> dict[UUID, Life]:
    """Alert -> the life that it belongs to; an alert without one is new."""
    lives = member.network.read(member.session.send("GET", "/api/alerts/lives"), list[Life])
    return {alert: life for life in lives for alert in life.alerts}


def colleagues(member: Member) -> list[Colleague]:
    """The firm's users who work on alerts."""
    return member.network.read(member.session.send("GET", "/api/alerts/people"), list[Colleague])


def network_mutes(member: Member) -> list[Mute]:
    """What the firm asked the network not to tell."""
    return member.network.read(member.session.send("GET", "/api/alerts/mutes"), list[Mute])
