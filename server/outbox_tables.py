"""The rows of what still has to leave: written with what it tells, gone through by a postman afterwards.

Ids are made from what is told, so that going through an event twice writes nothing twice, and a receiver
recognises what it had before. Times are unix seconds. Nothing here names a client but its pseudonym.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Varchar
from piccolo.table import Table


class OutboxEvent(Table, tablename="outbox_event"):
    """A release whose alerts have to be told. `firm_done`: every firm up to this id has its deliveries."""

    month = Integer(primary_key=True)
    created_at = BigInt()
    firm_done = UUID(null=True, default=None)
    done = Boolean(default=False)


class Preference(Table, tablename="notice_preference"):
    """A user's wishes, `server.notifications.Wishes` as JSON; no row: the defaults of her role."""

    person = UUID(primary_key=True, default=None)
    wishes = Text()
    changed_at = BigInt()


class Notice(Table, tablename="notice"):
    """One thing to tell one user by mail; `mail`: the message that it went into."""

    person = UUID(default=None)
    alert = UUID(default=None)
    cause = Varchar(length=10)  # alert, assigned, woken
    severity = Varchar(length=10)
    due_at = BigInt()
    mail = UUID(null=True, default=None)


class Mail(Table, tablename="mail"):
    """One message to one user: counts, never a client. `id` is in its Message-ID."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    counts = Text()  # JSON: severity or cause -> how many
    created_at = BigInt()
    attempts = Integer(default=0)
    next_at_ms = BigInt()  # milliseconds; while it is being tried: when somebody else may
    state = Varchar(length=10)  # waiting, sent, dead, dropped
    problem = Varchar(length=80, default="")


class Webhook(Table, tablename="webhook"):
    """An address of a firm's own that is told of its alerts. The secret signs, so it is kept as it is."""

    id = UUID(primary_key=True, default=None)
    firm = UUID(index=True, default=None)
    url = Varchar(length=500)
    secret = Bytea(secret=True)
    severity_least = Varchar(length=10)
    kinds = Text()  # JSON list; empty: every kind
    active = Boolean(default=True)
    created_at = BigInt()
    actor = Varchar(length=60)


class WebhookDelivery(Table, tablename="webhook_delivery"):
    """One message to one address. `id`: the receiver's means to know a repeat."""

    id = UUID(primary_key=True, default=None)
    webhook = UUID(index=True, default=None)
    firm = UUID(default=None)
    body = Bytea()
    created_at = BigInt()
    attempts = Integer(default=0)
    next_at_ms = BigInt()  # milliseconds; while it is being tried: when somebody else may
    state = Varchar(length=10)  # waiting, sent, dead
    status = Integer(null=True, default=None)
    problem = Varchar(length=80, default="")


OUTBOX_TABLES: Final[list[type[Table]]] = [OutboxEvent, Preference, Notice, Mail, Webhook, WebhookDelivery]

# (name, table, columns, unique, condition), as in `server.tables`.
OUTBOX_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("outbox_event_due", "outbox_event", "month", False, "NOT done"),
    ("notice_once", "notice", "person, alert, cause", True, ""),
    ("notice_due", "notice", "due_at", False, "mail IS NULL"),
    ("mail_due", "mail", "next_at_ms", False, "state = 'waiting'"),
    ("webhook_delivery_due", "webhook_delivery", "next_at_ms", False, "state = 'waiting'"),
]
