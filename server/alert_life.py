"""The rules of an alert's life within one firm: what may follow what, and what a later alert changes.

Knows: states, dates and sizes as arguments. No row, no socket, no clock.

    new -> seen -> assigned -> closed        snoozed: comes back on its date, or at once when it gets worse
             any of these -> snoozed         closed: comes back when it gets worse, or when a person says so

A later alert of the same client and kind continues the work that there is: assignee, comments and history
stay. Worse is a higher severity, or more days than the worst alert that the work has covered. An alert that
is not worse than what was closed begins a life of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from benchmark.alerts import SEVERITIES

SNOOZE_DAYS_MAX: Final = 366


class Status(StrEnum):
    """What is stored; people are shown a `State`."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class State(StrEnum):
    """What people are shown."""

    NEW = "new"
    SEEN = "seen"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    MUTED = "muted"
    CLOSED = "closed"
    REOPENED = "reopened"


class Action(StrEnum):
    """What a person can do."""

    SEE = "see"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    SNOOZE = "snooze"
    WAKE = "wake"
    CLOSE = "close"
    REOPEN = "reopen"


class Reason(StrEnum):
    """Why an alert was closed."""

    PAID = "paid"
    ARRANGED = "arranged"
    DISPUTE = "dispute"
    LIMIT_CHANGED = "limit_changed"
    KNOWN = "known"
    FALSE_ALARM = "false_alarm"
    OTHER = "other"


class NotPossible(ValueError):
    """The action does not fit the state; the text says what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Life:
    """One firm's work on an alert. `news`: nobody has seen the newest alert of it."""

    status: Status
    news: bool
    reopened: bool
    assignee: UUID | None
    snoozed_until: date | None
    reason: Reason | None
    severity: str
    size_days: int


@dataclass(frozen=True, slots=True)
class Mute:
    """None stands for every client or every kind; `until`: the last day."""

    pseudonym: bytes | None
    kind: str | None
    until: date | None


def begun(severity: str, size_days: int) -> Life:
    """The life of an alert that nobody has touched."""
    return Life(Status.OPEN, True, False, None, None, None, severity, size_days)


def state(life: Life, today: date) -> State:
    """What people are shown, mutes apart."""
    if life.status is Status.CLOSED:
        return State.CLOSED
    if life.status is Status.SNOOZED and life.snoozed_until is not None and life.snoozed_until > today:
        return State.SNOOZED
    if life.reopened and life.news:
        return State.REOPENED
    if life.assignee is not None:
        return State.ASSIGNED
    return State.NEW if life.news else State.SEEN


def muted(pseudonym: bytes, kind: str, mutes: list[Mute], today: date) -> bool:
    """Whether the firm does not want to be told of it."""
    return any(
        one.pseudonym in {None, pseudonym}
        and one.kind in {None, kind}
        and (one.until is None or one.until >= today)
        for one in mutes
    )


def acted(  # noqa: PLR0917, C901, PLR0911 - one branch an action
    life: Life,
    action: Action,
    today: date,
    assignee: UUID | None = None,
    until: date | None = None,
    reason: Reason | None = None,
) -> Life:
    """The life after a person's action. Raise NotPossible."""
    if life.status is Status.CLOSED and action not in {Action.REOPEN, Action.SEE}:
        raise NotPossible(f"{action}: found closed, expected reopen first")
    match action:
        case Action.SEE:
            return replace(life, news=False)
        case Action.ASSIGN:
            if assignee is None:
                raise NotPossible("assignee: found nobody, expected a user of the firm")
            return replace(_awake(life), assignee=assignee, news=False)
        case Action.UNASSIGN:
            return replace(life, assignee=None, news=False)
        case Action.SNOOZE:
            latest = today + timedelta(days=SNOOZE_DAYS_MAX)
            if until is None or not today < until <= latest:
                raise NotPossible(f"until: found {until}, expected a day after {today}, at most {latest}")
            return replace(life, status=Status.SNOOZED, snoozed_until=until, news=False)
        case Action.WAKE:
            return _awake(life)
        case Action.CLOSE:
            if reason is None:
                raise NotPossible(f"reason: found none, expected one of {', '.join(Reason)}")
            return replace(_awake(life), status=Status.CLOSED, reason=reason, news=False)
        case Action.REOPEN:
            if life.status is not Status.CLOSED:
                raise NotPossible(f"reopen: found {life.status}, expected closed")
            return replace(life, status=Status.OPEN, reopened=True, news=True)


def _awake(life: Life) -> Life:
    return replace(life, status=Status.OPEN, snoozed_until=None)


def worse(life: Life, severity: str, size_days: int) -> bool:
    """Whether an alert is worse than all that the work has covered."""
    rank = SEVERITIES.index
    return rank(severity) > rank(life.severity) or size_days > life.size_days


def continued(life: Life, severity: str, size_days: int) -> Life | None:
    """The life after a later alert of the same client and kind; None: that alert begins one of its own."""
    grown = worse(life, severity, size_days)
    if life.status is Status.CLOSED and not grown:
        return None
    covered = replace(
        life,
        news=True,
        severity=max(life.severity, severity, key=SEVERITIES.index),
        size_days=max(life.size_days, size_days),
    )
    if life.status is Status.CLOSED:
        return replace(_awake(covered), reopened=True)
    if life.status is Status.SNOOZED and grown:
        return replace(_awake(covered), reopened=True)
    return covered


def woken(life: Life) -> Life:
    """The life once its snooze has ended."""
    return replace(_awake(life), news=True)
