"""An alert's life within a firm: what may follow what, and that getting worse is never silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.alerts import SEVERITIES
from server.alert_life import (
    SNOOZE_DAYS_MAX,
    Action,
    Life,
    Mute,
    NotPossible,
    Reason,
    State,
    Status,
    acted,
    begun,
    continued,
    muted,
    state,
    woken,
)
from tests.examples import examples

TODAY = date(2026, 11, 26)
SOON = TODAY + timedelta(days=14)
ANNA = UUID(int=1)


def shown(life: Life) -> State:
    return state(life, TODAY)


def test_an_alert_is_new_until_somebody_has_seen_it() -> None:
    life = begun("act", 12)
    assert shown(life) is State.NEW
    assert shown(acted(life, Action.SEE, TODAY)) is State.SEEN


def test_it_is_assigned_until_it_is_given_back() -> None:
    life = acted(begun("act", 12), Action.ASSIGN, TODAY, assignee=ANNA)
    assert (shown(life), life.assignee) == (State.ASSIGNED, ANNA)
    assert shown(acted(life, Action.UNASSIGN, TODAY)) is State.SEEN


def test_a_snooze_ends_on_its_day_and_keeps_whose_it_is() -> None:
    life = acted(
        acted(begun("act", 12), Action.ASSIGN, TODAY, assignee=ANNA), Action.SNOOZE, TODAY, until=SOON
    )
    assert shown(life) is State.SNOOZED
    assert state(life, SOON - timedelta(days=1)) is State.SNOOZED
    assert state(life, SOON) is State.ASSIGNED
    assert (woken(life).assignee, woken(life).news) == (ANNA, True)


@pytest.mark.parametrize("until", [None, TODAY, TODAY + timedelta(days=SNOOZE_DAYS_MAX + 1)])
def test_a_snooze_needs_a_day_ahead_and_not_for_ever(until: date | None) -> None:
    with pytest.raises(NotPossible, match="expected a day after"):
        acted(begun("act", 12), Action.SNOOZE, TODAY, until=until)
    latest = TODAY + timedelta(days=SNOOZE_DAYS_MAX)
    assert acted(begun("act", 12), Action.SNOOZE, TODAY, until=latest).snoozed_until == latest


def test_closing_needs_a_reason_and_keeps_it() -> None:
    with pytest.raises(NotPossible, match="reason"):
        acted(begun("act", 12), Action.CLOSE, TODAY)
    closed = acted(begun("act", 12), Action.CLOSE, TODAY, reason=Reason.PAID)
    assert (shown(closed), closed.reason) == (State.CLOSED, Reason.PAID)
    again = acted(closed, Action.REOPEN, TODAY)
    assert (shown(again), again.reason) == (State.REOPENED, Reason.PAID)


@pytest.mark.parametrize("action", [Action.ASSIGN, Action.UNASSIGN, Action.SNOOZE, Action.WAKE, Action.CLOSE])
def test_what_is_closed_is_reopened_before_anything_else(action: Action) -> None:
    closed = acted(begun("act", 12), Action.CLOSE, TODAY, reason=Reason.KNOWN)
    with pytest.raises(NotPossible, match="found closed, expected reopen"):
        acted(closed, action, TODAY, ANNA, SOON, Reason.PAID)
    with pytest.raises(NotPossible, match="expected closed"):
        acted(begun("act", 12), Action.REOPEN, TODAY)


@pytest.mark.parametrize(("severity", "size_days"), [("urgent", 5), ("act", 13)])
def test_what_is_closed_comes_back_when_it_gets_worse(severity: str, size_days: int) -> None:
    closed = acted(
        acted(begun("act", 12), Action.ASSIGN, TODAY, assignee=ANNA), Action.CLOSE, TODAY, reason=Reason.PAID
    )
    back = continued(closed, severity, size_days)
    assert back is not None
    assert (shown(back), back.assignee, back.reason) == (State.REOPENED, ANNA, Reason.PAID)


@pytest.mark.parametrize(("severity", "size_days"), [("act", 12), ("watch", 11)])
def test_an_alert_that_is_not_worse_than_what_was_closed_begins_a_life_of_its_own(
    severity: str, size_days: int
) -> None:
    closed = acted(begun("act", 12), Action.CLOSE, TODAY, reason=Reason.PAID)
    assert continued(closed, severity, size_days) is None


def test_a_later_alert_leaves_the_work_where_it_is() -> None:
    mine = acted(begun("watch", 12), Action.ASSIGN, TODAY, assignee=ANNA)
    later = continued(mine, "act", 20)
    assert later is not None
    assert (shown(later), later.assignee, later.news) == (State.ASSIGNED, ANNA, True)
    assert (later.severity, later.size_days) == ("act", 20)


def test_a_snooze_sleeps_on_unless_it_gets_worse() -> None:
    asleep = acted(begun("act", 12), Action.SNOOZE, TODAY, until=SOON)
    same, grown = continued(asleep, "act", 12), continued(asleep, "urgent", 12)
    assert same is not None
    assert grown is not None
    assert (shown(same), shown(grown)) == (State.SNOOZED, State.REOPENED)


actions = st.tuples(
    st.sampled_from(Action), st.sampled_from([None, ANNA]), st.integers(1, 60), st.sampled_from(Reason)
)
alerts = st.tuples(st.sampled_from(SEVERITIES), st.integers(-20, 60))


@examples(60)
@given(st.lists(st.one_of(actions, alerts), max_size=12), alerts)
def test_whatever_people_did_an_alert_worse_than_all_before_is_news(
    happened: list[tuple], last: tuple[str, int]
) -> None:
    life = begun("info", 0)
    for one in happened:
        if len(one) == 2:
            life = continued(life, *one) or life
            continue
        action, assignee, days, reason = one
        try:
            life = acted(life, action, TODAY, assignee, TODAY + timedelta(days=days), reason)
        except NotPossible:
            continue
    severity, size_days = last
    grown = SEVERITIES.index(severity) > SEVERITIES.index(life.severity) or size_days > life.size_days
    after = continued(life, severity, size_days)
    if grown:
        assert after is not None
        assert after.news
        assert shown(after) in {State.NEW, State.ASSIGNED, State.REOPENED}
    if after is not None:
        assert (after.assignee, after.reason) == (life.assignee, life.reason)
        assert SEVERITIES.index(after.severity) >= SEVERITIES.index(life.severity)
        assert after.size_days >= life.size_days


def test_a_mute_is_for_a_client_a_kind_or_a_kind_of_one_client_until_its_day() -> None:
    mine, other = bytes(32), bytes([1]) * 32
    client, kind = Mute(mine, None, None), Mute(None, "drift", None)
    both = Mute(mine, "drift", TODAY)
    assert muted(mine, "shock", [client], TODAY)
    assert not muted(other, "shock", [client, kind], TODAY)
    assert muted(other, "drift", [kind], TODAY)
    assert muted(mine, "drift", [both], TODAY)
    assert not muted(mine, "shock", [both], TODAY)
    assert not muted(mine, "drift", [both], TODAY + timedelta(days=1))
    assert not muted(mine, "drift", [], TODAY)


def test_a_life_says_open_snoozed_or_closed() -> None:
    assert {one.value for one in Status} == {"open", "snoozed", "closed"}
    assert replace(begun("act", 1), status=Status.CLOSED).status is Status.CLOSED
