"""When a user is told by mail: her wishes by kind and severity, digests, quiet hours, and how she stops it.

Knows: wishes and moments as arguments; the unsubscribing link's secret. It sends nothing.
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from benchmark.alerts import KINDS, SEVERITIES

DAY: Final = timedelta(days=1)
TOKEN_BYTES: Final = 20
HERE: Final = "Europe/Paris"


class When(StrEnum):
    """How soon."""

    NOW = "now"
    DIGEST = "digest"
    NEVER = "never"


class Every(StrEnum):
    """How often a digest."""

    DAY = "day"
    WEEK = "week"


class WishesRefused(ValueError):
    """A wish that makes no sense; the text names the field, what was found and what was expected."""


Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]

CALM: Final[dict[str, When]] = {
    "urgent": When.NOW,
    "act": When.DIGEST,
    "watch": When.DIGEST,
    "info": When.DIGEST,
}
SILENT: Final[dict[str, When]] = {str(one): When.NEVER for one in SEVERITIES}


class Wishes(msgspec.Struct, frozen=True):
    """What a user wants. `kinds` goes before `severities`. Hours are local; quiet hours may pass midnight.

    `quiet_from` = `quiet_until`: no quiet hours. `weekday`: of a weekly digest, 0 is Monday.
    """

    mail: bool = True
    language: str = "fr"
    timezone: str = HERE
    severities: dict[str, When] = msgspec.field(default_factory=lambda: dict(CALM))
    kinds: dict[str, dict[str, When]] = {}
    digest: Every = Every.DAY
    hour: Hour = 8
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    quiet_from: Hour = 20
    quiet_until: Hour = 7
    quiet_weekend: bool = True


def check(wishes: Wishes) -> None:
    """Raise WishesRefused."""
    if wishes.language not in {"fr", "en"}:
        raise WishesRefused(f"language: found {wishes.language!r}, expected fr or en")
    try:
        ZoneInfo(wishes.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WishesRefused("timezone: expected such as Europe/Paris") from None
    for kind, severities in {"": wishes.severities, **wishes.kinds}.items():
        if kind and kind not in KINDS:
            raise WishesRefused(f"kinds: found {kind[:40]!r}, expected one of {', '.join(KINDS)}")
        for severity in severities:
            if severity not in SEVERITIES:
                raise WishesRefused(
                    f"severities: found {severity[:40]!r}, expected one of {', '.join(SEVERITIES)}"
                )


def usual(role: str) -> Wishes:
    """What a user of this role gets who never said anything: sales and auditors nothing."""
    told = role in {"administrator", "credit_manager", "analyst"}
    return Wishes(severities=dict(CALM if told else SILENT), mail=told)


def when(wishes: Wishes, kind: str, severity: str) -> When:
    """How soon this user wants to hear of it."""
    if not wishes.mail:
        return When.NEVER
    of_kind = wishes.kinds.get(kind, {}).get(severity)
    return of_kind or wishes.severities.get(severity, When.NEVER)


def due(wishes: Wishes, how: When, now: datetime) -> datetime | None:
    """The moment (UTC) from which the user may be told; None: never. `now`: aware."""
    if how is When.NEVER:
        return None
    local = now.astimezone(_zone(wishes.timezone))
    if how is When.NOW:
        return _after_quiet(wishes, local).astimezone(UTC)
    first = moment = _next_digest(wishes, local)
    while wishes.digest is Every.DAY and _quiet_until(wishes, moment) and (moment - first).days < 3:
        moment = _next_digest(wishes, moment)  # not on a quiet day, where there is a better one
    return _after_quiet(wishes, first if _quiet_until(wishes, moment) else moment).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    """A zone that another system knew when it was wished for is ours where this one does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(HERE)


def _next_digest(wishes: Wishes, local: datetime) -> datetime:
    day = local.date()
    if wishes.digest is Every.WEEK:
        day += DAY * ((wishes.weekday - day.weekday()) % 7)
    step = DAY * (7 if wishes.digest is Every.WEEK else 1)
    moment = datetime.combine(day, time(wishes.hour), local.tzinfo)
    return moment if moment > local else datetime.combine(day + step, time(wishes.hour), local.tzinfo)


def _after_quiet(wishes: Wishes, moment: datetime) -> datetime:
    """The same moment, or the first one after it that is not quiet."""
    for _ in range(4):  # an evening before a weekend ends on Monday
        ends = _quiet_until(wishes, moment)
        if ends is None:
            return moment
        moment = ends
    return moment


def _quiet_until(wishes: Wishes, moment: datetime) -> datetime | None:
    midnight = datetime.combine(moment.date(), time(0), moment.tzinfo)
    if wishes.quiet_weekend and moment.weekday() >= 5:
        return datetime.combine(moment.date() + DAY, time(0), moment.tzinfo)
    begin, end = wishes.quiet_from, wishes.quiet_until
    if begin == end:
        return None
    if begin < end:
        return midnight.replace(hour=end) if begin <= moment.hour < end else None
    if moment.hour < end:
        return midnight.replace(hour=end)
    if moment.hour >= begin:
        return datetime.combine(moment.date() + DAY, time(end), moment.tzinfo)
    return None


def unsubscribing(key: bytes, person: UUID) -> str:
    """The secret in a mail's unsubscribing link: it stops this user's mails and does nothing else."""
    proof = hmac.digest(key, b"vigie/unsubscribe/v1\0" + person.bytes, "sha256")[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(person.bytes + proof).decode().rstrip("=")


def unsubscriber(key: bytes, token: str) -> UUID | None:
    """Whose link it is; None: nobody's."""
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(content) != 16 + TOKEN_BYTES:
        return None
    person = UUID(bytes=content[:16])
    return person if hmac.compare_digest(unsubscribing(key, person), token) else None
