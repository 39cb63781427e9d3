"""When a user is told: wishes by kind and severity, digests, quiet hours, and the link that stops it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.alerts import KINDS, SEVERITIES
from server.notifications import (
    Every,
    When,
    Wishes,
    WishesRefused,
    check,
    due,
    unsubscriber,
    unsubscribing,
    usual,
    when,
)
from tests.examples import examples

PARIS = ZoneInfo("Europe/Paris")
ALWAYS = Wishes(quiet_from=0, quiet_until=0, quiet_weekend=False)


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def told(wishes: Wishes, how: When, now: datetime) -> datetime:
    at = due(wishes, how, now)
    assert at is not None
    assert at.tzinfo is UTC
    return at.astimezone(PARIS)


def test_at_once_is_at_once_outside_quiet_hours() -> None:
    noon = paris(25, 12, 34)  # a Wednesday
    assert told(Wishes(), When.NOW, noon) == noon


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (paris(25, 19, 59), paris(25, 19, 59)),
        (paris(25, 20), paris(26, 7)),
        (paris(25, 23, 30), paris(26, 7)),
        (paris(26, 6, 59), paris(26, 7)),
        (paris(26, 7), paris(26, 7)),
        (paris(27, 21), paris(30, 7)),  # a Friday evening ends on Monday morning
        (paris(28, 12), paris(30, 7)),
        (paris(29, 23), paris(30, 7)),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(now: datetime, expected: datetime) -> None:
    assert told(Wishes(), When.NOW, now) == expected


def test_quiet_hours_in_the_middle_of_a_day_end_there() -> None:
    lunch = Wishes(quiet_from=12, quiet_until=14, quiet_weekend=False)
    assert told(lunch, When.NOW, paris(28, 13)) == paris(28, 14)
    assert told(lunch, When.NOW, paris(28, 15)) == paris(28, 15)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(paris(25, 7), paris(25, 8)), (paris(25, 8), paris(26, 8)), (paris(27, 9), paris(30, 8))],
)
def test_a_daily_digest_leaves_at_its_hour_on_a_day_that_is_not_quiet(
    now: datetime, expected: datetime
) -> None:
    assert told(Wishes(), When.DIGEST, now) == expected


def test_a_digest_whose_own_hour_is_quiet_leaves_when_it_no_longer_is() -> None:
    assert told(Wishes(hour=5), When.DIGEST, paris(25, 12)) == paris(26, 7)
    saturdays = Wishes(digest=Every.WEEK, weekday=5)
    assert told(saturdays, When.DIGEST, paris(25, 12)) == paris(30, 7)


def test_a_weekly_digest_leaves_on_its_weekday() -> None:
    tuesdays = Wishes(digest=Every.WEEK, weekday=1, hour=9)
    assert told(tuesdays, When.DIGEST, paris(25, 12)) == paris(1, 9, month=12)
    assert told(tuesdays, When.DIGEST, paris(24, 8)) == paris(24, 9)
    assert told(tuesdays, When.DIGEST, paris(24, 9)) == paris(1, 9, month=12)


def test_hours_are_local_on_both_sides_of_a_change_of_clocks() -> None:
    # Clocks go back on 25 October 2026: the same local hour is an hour later in UTC.
    before = due(ALWAYS, When.DIGEST, datetime(2026, 10, 23, 12, tzinfo=UTC))
    after = due(ALWAYS, When.DIGEST, datetime(2026, 10, 26, 12, tzinfo=UTC))
    assert before == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert after == datetime(2026, 10, 27, 7, tzinfo=UTC)


def test_a_kind_goes_before_the_severity_and_no_mail_before_both() -> None:
    wishes = Wishes(kinds={"incident": {"urgent": When.NEVER}})
    assert when(wishes, "incident", "urgent") is When.NEVER
    assert when(wishes, "shock", "urgent") is When.NOW
    assert when(wishes, "incident", "watch") is When.DIGEST
    assert when(msgspec.structs.replace(wishes, mail=False), "shock", "urgent") is When.NEVER
    assert due(wishes, When.NEVER, paris(25, 12)) is None


def test_who_said_nothing_gets_what_her_role_needs() -> None:
    assert when(usual("credit_manager"), "shock", "urgent") is When.NOW
    assert when(usual("analyst"), "drift", "watch") is When.DIGEST
    for role in ("sales", "auditor"):
        assert all(
            when(usual(role), kind, severity) is When.NEVER for kind in KINDS for severity in SEVERITIES
        )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Wishes(language="de"), "language"),
        (Wishes(timezone="Mars/Olympus"), "timezone"),
        (Wishes(timezone="../../etc/passwd"), "timezone"),
        (Wishes(severities={"grave": When.NOW}), "severities"),
        (Wishes(kinds={"weather": {}}), "kinds"),
        (Wishes(kinds={"drift": {"grave": When.NOW}}), "severities"),
    ],
)
def test_a_wish_that_makes_no_sense_is_named(wrong: Wishes, field: str) -> None:
    with pytest.raises(WishesRefused, match=f"^{field}: "):
        check(wrong)


@examples(50)
@given(
    st.integers(1_767_225_600, 1_798_761_600),
    st.sampled_from([When.NOW, When.DIGEST]),
    st.builds(
        Wishes,
        timezone=st.sampled_from(["Europe/Paris", "America/Martinique", "Indian/Reunion", "Pacific/Noumea"]),
        digest=st.sampled_from(Every),
        hour=st.integers(0, 23),
        weekday=st.integers(0, 6),
        quiet_from=st.integers(0, 23),
        quiet_until=st.integers(0, 23),
        quiet_weekend=st.booleans(),
    ),
)
def test_whatever_a_user_wishes_she_is_told_in_time_and_never_in_a_quiet_hour(
    now: int, how: When, wishes: Wishes
) -> None:
    aware = datetime.fromtimestamp(now, UTC)
    at = due(wishes, how, aware)
    assert at is not None
    assert aware <= at
    assert (at - aware).days <= (7 if wishes.digest is Every.WEEK and how is When.DIGEST else 1) + 4
    local = at.astimezone(ZoneInfo(wishes.timezone))
    if wishes.quiet_weekend:
        assert local.weekday() < 5
    begin, end = wishes.quiet_from, wishes.quiet_until
    if begin < end:
        assert not begin <= local.hour < end
    elif begin > end:
        assert end <= local.hour < begin


def test_an_unsubscribing_link_is_its_users_alone() -> None:
    key, anna = bytes(range(32)), UUID(int=7)
    token = unsubscribing(key, anna)
    assert unsubscriber(key, token) == anna
    assert unsubscriber(bytes(32), token) is None
    for wrong in (
        "",
        "x",
        "é",
        token[:-1],
        token + "A",
        token[::-1],
        unsubscribing(key, UUID(int=8))[:-4] + token[-4:],
    ):
        assert unsubscriber(key, wrong) is None
