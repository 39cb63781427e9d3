"""The clock: real time in production, a business date in a demo, windows on day 11, releases on day 12."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from benchmark.upload import month_index
from server.clock import (
    Clock,
    day_number,
    last_closed_month,
    moment,
    moment_text,
    month_of,
    publication_day,
    window_close,
)

if TYPE_CHECKING:
    from tests.conftest import Launcher, RunningServer

NOVEMBER = month_index(2025, 11)


def test_business_goes_by_the_date_given_at_the_real_time_of_day() -> None:
    clock = Clock(date(2024, 2, 29))
    assert clock.today() == date(2024, 2, 29)
    before, received, after = clock.now().replace(microsecond=0), clock.received_at(), clock.now()
    assert received.date() == date(2024, 2, 29)
    assert received.tzinfo is UTC
    assert (received - before) % timedelta(days=1) <= after - before


def test_without_one_business_is_real() -> None:
    clock = Clock()
    before = datetime.now(UTC).replace(microsecond=0)
    today, received, unix = clock.today(), clock.received_at(), clock.unix()
    after = datetime.now(UTC)
    assert before.date() <= today <= after.date()
    assert before <= received <= after
    assert before <= moment(unix) <= after


def test_a_window_closes_as_day_11_begins_and_is_published_on_day_12() -> None:
    assert moment(window_close(NOVEMBER)) == datetime(2025, 12, 11, tzinfo=UTC)
    assert publication_day(NOVEMBER) == date(2025, 12, 12)
    assert publication_day(month_index(2025, 12)) == date(2026, 1, 12)


@pytest.mark.parametrize(
    ("today", "closed"),
    [
        (date(2025, 12, 10), month_index(2025, 10)),
        (date(2025, 12, 11), NOVEMBER),
        (date(2026, 1, 10), NOVEMBER),
        (date(2026, 1, 11), month_index(2025, 12)),
    ],
)
def test_the_last_closed_month_changes_on_day_11(today: date, closed: int) -> None:
    assert last_closed_month(today) == closed


def test_dates_as_numbers_and_texts() -> None:
    assert month_of(date(2025, 11, 30)) == NOVEMBER
    assert day_number(date(1970, 1, 2)) == 1
    assert moment_text(0) == "1970-01-01T00:00:00Z"


def test_the_operator_advances_a_demos_date_and_never_back(server: RunningServer) -> None:
    server.set_today(date(2026, 2, 1))
    server.set_today(date(2026, 2, 1))
    with server.operator() as operator:
        answer = operator.post("/api/operator/clock", json={"today": "2026-01-31"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:vigie:problem:clock-backwards")
        assert operator.get("/api/network").json()["today"] == "2026-02-01"
    server.restart()
    with server.operator() as operator:
        assert operator.get("/api/network").json()["today"] == "2026-02-01"


def test_a_production_network_refuses_another_date(launch: Launcher) -> None:
    server = launch("sqlite", "production")
    with server.operator() as operator:
        answer = operator.post("/api/operator/clock", json={"today": "2099-01-01"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:vigie:problem:clock-is-real")
        before = datetime.now(UTC).date()
        today = date.fromisoformat(operator.get("/api/network").json()["today"])
        assert before <= today <= datetime.now(UTC).date()
