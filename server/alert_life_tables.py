"""The rows of what people do with alerts: never in the alerts' own rows, so that no release touches them.

An alert without a row here is new to the firm. Times are unix seconds. A comment is sealed under the firm's
*notes* key.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Varchar
from piccolo.table import Table


class AlertLife(Table, tablename="alert_life"):
    """A firm's work on an alert and those that continue it; `life` is the first alert's id.

    `severity`, `size_days`: of the worst alert that the work has covered. `version` moves by one with every
    change.
    """

    firm = UUID(default=None)
    life = UUID(default=None)
    pseudonym = Bytea()
    kind = Varchar(length=20)
    newest = UUID(default=None)
    status = Varchar(length=10)  # open, snoozed, closed
    news = Boolean(default=True)
    reopened = Boolean(default=False)
    assignee = UUID(null=True, default=None)
    snoozed_until = Date(null=True, default=None)
    reason = Varchar(length=20, null=True, default=None)
    severity = Varchar(length=10)
    size_days = Integer()
    version = Integer(default=1)
    changed_at = BigInt()


class AlertContinued(Table, tablename="alert_continued"):
    """An alert that continues an earlier one of the same client and kind, for this firm."""

    firm = UUID(default=None)
    alert = UUID(default=None)
    life = UUID(default=None)


class AlertEvent(Table, tablename="alert_event"):
    """What happened to a firm's alerts, in order: append-only."""

    firm = UUID(default=None)
    sequence = BigInt()
    life = UUID(null=True, default=None)
    at = BigInt()
    actor = Varchar(length=60)
    event = Varchar(length=20)
    detail = Text()  # JSON: ids, dates and codes


class AlertComment(Table, tablename="alert_comment"):
    """One comment, sealed on the member's side, which also chose its id."""

    id = UUID(primary_key=True, default=None)
    firm = UUID(default=None)
    life = UUID(default=None)
    author = Varchar(length=60)
    at = BigInt()
    sealed = Bytea()


class AlertMute(Table, tablename="alert_mute"):
    """What a firm does not want to be told: a client, a kind, or a kind of one client."""

    id = UUID(primary_key=True, default=None)
    firm = UUID(index=True, default=None)
    pseudonym = Bytea(null=True, default=None)
    kind = Varchar(length=20, null=True, default=None)
    until = Date(null=True, default=None)
    actor = Varchar(length=60)
    at = BigInt()


class AlertVisit(Table, tablename="alert_visit"):
    """How far a user, or a device without one, has read."""

    visitor = UUID(primary_key=True, default=None)
    firm = UUID(default=None)
    month = Integer(null=True, default=None)
    sequence = BigInt(default=0)
    at = BigInt()


ALERT_LIFE_TABLES: Final[list[type[Table]]] = [
    AlertLife,
    AlertContinued,
    AlertEvent,
    AlertComment,
    AlertMute,
    AlertVisit,
]

# (name, table, columns, unique, condition), as in `server.tables`.
ALERT_LIFE_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("alert_life_once", "alert_life", "firm, life", True, ""),
    ("alert_life_client", "alert_life", "firm, pseudonym, kind", False, ""),
    ("alert_life_waking", "alert_life", "snoozed_until", False, "status = 'snoozed'"),
    ("alert_continued_once", "alert_continued", "firm, alert", True, ""),
    ("alert_event_sequence", "alert_event", "firm, sequence", True, ""),
    ("alert_comment_life", "alert_comment", "firm, life", False, ""),
]
