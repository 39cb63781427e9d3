"""Who sees what: newcomers at once, later relations capped and seasoned, nobody further than it gives."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.profiles import STANDARD
from privacy.visibility import (
    WAITING,
    FirmFacts,
    find,
    first_months,
    fold_release,
    fold_upload,
    fold_uploads,
    month_of,
    no_relations,
    see,
)
from tests.examples import examples

JOINED = 20_454  # 2026-01-01
JANUARY = 2026 * 12
NAMES = np.sort(np.frombuffer(np.random.default_rng(1).bytes(32 * 400), "V32"))
FIRM = FirmFacts(admitted_on=JOINED, first_portfolio_limit=100)


def _established():
    """A firm with a first portfolio of 100, and the day 40 after it joined."""
    relations, waiting = fold_upload(no_relations(), FIRM, JANUARY - 1, NAMES[:100], JOINED)
    assert not len(waiting)
    return relations, JOINED + 40


def test_a_day_belongs_to_its_month() -> None:
    assert month_of(JOINED) == JANUARY
    assert month_of(JOINED - 1) == JANUARY - 1
    assert month_of(0) == 1970 * 12


def test_a_newcomer_sees_the_clients_of_its_first_portfolio_at_once_and_calls_nobody_yet() -> None:
    relations, _ = _established()
    sight = see(relations, FIRM, JANUARY - 1)
    assert sight.open.all()
    assert not sight.seasoned.any()


def test_a_first_portfolio_ends_at_the_number_fixed_at_admission() -> None:
    relations, waiting = fold_upload(no_relations(), FIRM, JANUARY - 1, NAMES[:130], JOINED + 29)
    assert int(relations["first_portfolio"].sum()) == 100
    assert int((relations["added_on"] != WAITING).sum()) == 110  # ten more under the monthly limit
    assert len(waiting) == 20
    assert int(see(relations, FIRM, JANUARY - 1).open.sum()) == 100


def test_after_thirty_days_nothing_is_a_first_portfolio_any_more() -> None:
    relations, _ = fold_upload(no_relations(), FIRM, JANUARY - 1, NAMES[:20], JOINED + 30)
    assert not relations["first_portfolio"].any()
    assert not see(relations, FIRM, JANUARY - 1).open.any()


@pytest.mark.parametrize(("portfolio", "limit"), [(100, 10), (200, 10), (300, 15)])
def test_later_relations_are_capped_at_a_twentieth_of_the_portfolio_and_at_least_ten(
    portfolio, limit
) -> None:
    firm = FirmFacts(JOINED, portfolio)
    relations, _ = fold_upload(no_relations(), firm, JANUARY - 1, NAMES[:portfolio], JOINED)
    relations, waiting = fold_upload(relations, firm, JANUARY, NAMES[portfolio:400], JOINED + 40)
    assert len(waiting) == 400 - portfolio - limit
    relations, again = fold_upload(relations, firm, JANUARY - 1, NAMES[portfolio:400], JOINED + 41)
    assert len(again) == len(waiting)  # the same calendar month: no new room


def test_who_waits_is_taken_in_by_later_months_the_oldest_first() -> None:
    relations, day = _established()
    relations, first = fold_upload(relations, FIRM, JANUARY, NAMES[200:220], day)
    assert len(first) == 10
    relations, second = fold_upload(relations, FIRM, JANUARY + 1, NAMES[190:220], day + 31)
    assert set(first.tolist()).isdisjoint(second.tolist())
    assert second.tolist() == NAMES[190:200].tolist()


def test_a_waiting_relation_neither_opens_nor_ripens() -> None:
    relations, day = _established()
    relations, waiting = fold_upload(relations, FIRM, JANUARY, NAMES[200:220], day)
    for month in range(JANUARY, JANUARY + 4):
        relations = fold_release(relations, month, NAMES[200:220])
    rows, _ = find(relations, waiting)
    assert not relations["releases"][rows].any()
    assert not see(relations, FIRM, JANUARY + 1).open[rows].any()


def test_a_later_relation_opens_once_two_releases_have_read_a_row_of_their_own_month() -> None:
    relations, day = _established()
    added = NAMES[200:205]
    for month in (JANUARY, JANUARY + 1):
        relations, _ = fold_upload(relations, FIRM, month, added, day)
        rows, _ = find(relations, added)
        sight = see(relations, FIRM, month)
        assert not sight.open[rows].any()
        relations = fold_release(relations, month, added)
        relations = fold_release(relations, month, added)  # counted once
    sight = see(relations, FIRM, JANUARY + 1)
    assert sight.open[rows].all()
    assert sight.seasoned[rows].all()


def test_history_sent_today_seasons_nothing() -> None:
    relations, day = _established()
    months = dict.fromkeys(range(JANUARY - 24, JANUARY + 1), NAMES[200:205])
    relations, _ = fold_uploads(relations, FIRM, months, day)
    rows, _ = find(relations, NAMES[200:205])
    assert not see(relations, FIRM, JANUARY).open[rows].any()


def test_a_relation_without_a_contribution_in_the_last_three_closed_months_is_not_live() -> None:
    relations, _ = _established()
    assert see(relations, FIRM, JANUARY + 1).open.all()
    assert not see(relations, FIRM, JANUARY + 2).open.any()


def test_a_month_whose_window_is_still_open_is_live_and_one_far_ahead_is_not() -> None:
    relations, _ = fold_upload(no_relations(), FIRM, JANUARY, NAMES[:5], JOINED)
    assert see(relations, FIRM, JANUARY - 1).open.all()
    assert not see(relations, FIRM, JANUARY - 2).open.any()


def test_a_replaced_upload_takes_back_the_month_of_who_is_no_longer_in_it() -> None:
    relations, _ = _established()
    relations, _ = fold_upload(relations, FIRM, JANUARY - 1, NAMES[:60], JOINED + 1)
    assert int(see(relations, FIRM, JANUARY - 1).open.sum()) == 60


def test_folding_the_same_upload_twice_changes_nothing() -> None:
    relations, day = _established()
    once, waiting = fold_upload(relations, FIRM, JANUARY, NAMES[90:140], day)
    twice, again = fold_upload(once, FIRM, JANUARY, NAMES[90:140], day)
    assert twice.tobytes() == once.tobytes()
    assert again.tolist() == waiting.tolist()


def test_months_sent_together_fill_the_first_portfolio_with_the_clients_of_today() -> None:
    months = {JANUARY - 24: NAMES[200:300], JANUARY - 1: NAMES[:100]}
    relations, waiting = fold_uploads(no_relations(), FIRM, months, JOINED)
    assert see(relations, FIRM, JANUARY - 1).open.sum() == 100
    assert len(waiting) == 90


def test_you_see_as_far_as_you_give_and_at_most_a_year_before_you_joined() -> None:
    months = {JANUARY - 30: NAMES[:1], JANUARY - 3: NAMES[1:2], JANUARY - 1: NAMES[:2]}
    relations, _ = fold_uploads(no_relations(), FIRM, months, JOINED)
    assert see(relations, FIRM, JANUARY - 1).earliest.tolist() == [JANUARY - 12, JANUARY - 3]


def test_releases_are_counted_up_to_what_a_byte_holds() -> None:
    relations, _ = _established()
    relations["releases"] = 255
    assert (fold_release(relations, JANUARY, NAMES[:100])["releases"] == 255).all()


def test_a_firm_without_relations_sees_nothing() -> None:
    assert not len(see(no_relations(), FIRM, JANUARY).open)
    assert not len(fold_release(no_relations(), JANUARY, NAMES[:3]))


@examples(30)
@given(st.lists(st.tuples(st.integers(0, 40), st.sets(st.integers(0, 5))), max_size=25))
def test_contributed_months_are_kept_as_a_plain_set_would_keep_them(uploads) -> None:
    firm, relations, model = FirmFacts(JOINED, 6), no_relations(), defaultdict(set)
    for month, clients in uploads:
        relations, _ = fold_upload(relations, firm, JANUARY + month, NAMES[sorted(clients)], JOINED)
        for client in range(6):
            (model[client].add if client in clients else model[client].discard)(JANUARY + month)
    oldest = first_months(relations)
    for row, name in enumerate(relations["pseudonym"]):
        months = model[int(np.searchsorted(NAMES, np.array([name], "V32"))[0])]
        if months:
            assert oldest[row] == min(months)
        else:
            assert oldest[row] == relations["newest"][row] + 1
        for last in range(JANUARY + 3, JANUARY + 40, 5):
            live = bool(months & set(range(last - 2, last + 2)))
            assert see(relations, firm, last).open[row] == live


def test_a_contribution_too_old_for_the_record_is_forgotten() -> None:
    relations, _ = fold_upload(no_relations(), FIRM, JANUARY, NAMES[:1], JOINED)
    relations, _ = fold_upload(relations, FIRM, JANUARY - 100, NAMES[:1], JOINED)
    assert first_months(relations).tolist() == [JANUARY]
    relations, _ = fold_upload(relations, FIRM, JANUARY + 100, NAMES[:1], JOINED)
    assert first_months(relations).tolist() == [JANUARY + 100]


def test_the_limits_are_the_profiles() -> None:
    assert (STANDARD.live_months, STANDARD.seasoned_releases_min, STANDARD.newcomer_days) == (3, 2, 30)
    assert (STANDARD.added_share_max, STANDARD.added_min, STANDARD.back_months_max) == (0.05, 10, 12)
