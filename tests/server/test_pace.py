"""A firm writes at a bounded rate, and what it may write comes back with time."""

from uuid import uuid4

import pytest

from server.pace import BURST_MESSAGES, MESSAGES_PER_SECOND, Pace
from server.problems import Refused


def test_a_burst_passes_then_a_steady_rate_and_no_firm_is_slowed_by_another() -> None:
    now = [100.0]
    pace, firm = Pace(lambda: now[0]), uuid4()
    for _ in range(BURST_MESSAGES):
        pace.take(firm)
    with pytest.raises(Refused) as refused:
        pace.take(firm)
    assert refused.value.code == "too-many-requests"
    pace.take(uuid4())
    now[0] += 2 / MESSAGES_PER_SECOND
    pace.take(firm)
    pace.take(firm)
    with pytest.raises(Refused):
        pace.take(firm)


def test_what_is_rare_says_when_it_may_be_tried_again() -> None:
    now = [100.0]
    pace, firm = Pace(lambda: now[0], 2, 2 / 86_400, code="report-limit"), uuid4()
    pace.take(firm)
    pace.take(firm)
    with pytest.raises(Refused) as refused:
        pace.take(firm)
    assert (refused.value.code, refused.value.headers) == ("report-limit", {"Retry-After": "43200"})
    now[0] += 43_200
    pace.take(firm)
