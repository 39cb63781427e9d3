"""The kernel: one value per client and group, by the formula, null where nothing can be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import benchmark.tally as kernel
from benchmark.tally import tally
from tests.benchmark.tally_model import raw_values
from tests.benchmark.worlds import JANUARY, firm, forget, names, random_rows, rows, upload
from tests.examples import examples

ONE = names(1)


def _values(*uploads, month=JANUARY):
    """{(client, group): (days_late, dso)} with None for null."""
    made = tally(uploads, month)
    found = {}
    for pair in range(len(made.client)):
        both = [None if np.isnan(value) else float(value) for value in made.values[:, pair]]
        key = made.pseudonyms[made.client[pair]].tobytes(), made.groups[made.group[pair]].tobytes()
        found[key] = (*both, int(made.as_of[pair]))
    return found


def _one(*uploads):
    """The one value of one client and one group; None: there is no pair."""
    found = list(_values(*uploads).values())
    assert len(found) <= 1
    return found[0] if found else None


def _late(paid, paid_days, overdue, open_days):
    made = rows(ONE, 0.0)
    made["paid"], made["paid_days_late"] = paid, paid_days
    made["late_1_30"], made["open_late_days"] = overdue, open_days
    made["outstanding"] = made["not_due"] + overdue
    return made


def test_days_late_are_the_windows_payments_and_what_is_open_at_its_end() -> None:
    window = [
        upload(0, JANUARY - 2, _late(100, 1_000, 50, 999)),  # older open days are not counted
        upload(0, JANUARY - 1, _late(300, 6_000, 70, 999)),
        upload(0, JANUARY, _late(200, 0, 400, 13_000)),
    ]
    assert _one(*window)[0] == pytest.approx((1_000 + 6_000 + 0 + 13_000) / (100 + 300 + 200 + 400))


def test_a_client_who_stops_paying_gets_worse_not_invisible() -> None:
    paying = _one(upload(0, JANUARY, _late(1_000, 5_000, 0, 0)))[0]
    stopped = [_one(upload(0, JANUARY, _late(0, 0, 1_000, 1_000 * days)))[0] for days in (30, 60, 90)]
    assert [paying, *stopped] == [5, 30, 60, 90]


def test_dso_is_the_newest_months_in_days() -> None:
    sent = [upload(0, JANUARY - 1, rows(ONE, 0.0, 90.0)), upload(0, JANUARY, rows(ONE, 0.0, 41.5))]
    assert _one(*sent)[1:] == (41.5, JANUARY)


def test_without_a_row_for_the_newest_month_the_last_one_is_its_end() -> None:
    assert _one(upload(0, JANUARY - 1, rows(ONE, 7.0)))[::2] == (7.0, JANUARY - 1)


def test_no_payment_and_nothing_overdue_is_null_not_zero() -> None:
    assert _one(upload(0, JANUARY, _late(0, 0, 0, 0)))[0] is None
    assert _one(upload(0, JANUARY, _late(-500, 1_000, 100, 100)))[0] is None


def test_a_credit_balance_is_null_in_both_fields() -> None:
    made = rows(ONE, 5.0)
    made["outstanding"] = -1
    assert _one(upload(0, JANUARY, made))[:2] == (None, None)


@pytest.mark.parametrize("field", ["paid", "paid_days_late", "open_late_days"])
def test_days_late_are_null_when_the_newest_row_lacks_any_part(field: str) -> None:
    made = rows(ONE, 5.0)
    forget(made, field, slice(None))
    assert _one(upload(0, JANUARY, made))[:2] == (None, 50.0)


def test_an_older_row_without_payments_adds_nothing() -> None:
    older = rows(ONE, 80.0)
    forget(older, "paid", slice(None))
    assert _one(upload(0, JANUARY - 1, older), upload(0, JANUARY, rows(ONE, 4.0)))[0] == 4.0


def test_an_unknown_bucket_is_made_good_by_the_outstanding_amount() -> None:
    made = _late(100, 0, 300, 30_000)
    forget(made, "late_61_90", slice(None))
    assert _one(upload(0, JANUARY, made))[0] == 75.0
    forget(made, "not_due", slice(None))
    assert _one(upload(0, JANUARY, made))[0] is None


def test_an_unknown_dso_is_null() -> None:
    made = rows(ONE, 5.0)
    forget(made, "dso", slice(None))
    assert _one(upload(0, JANUARY, made))[:2] == (5.0, None)


def test_a_relation_with_a_factored_month_stays_out_of_the_window() -> None:
    made = rows(ONE, 5.0)
    made["factored"] = 1
    assert _one(upload(0, JANUARY - 1, made), upload(0, JANUARY, rows(ONE, 5.0))) is None


def test_firms_of_one_group_make_one_value_of_their_sums() -> None:
    first, second = _late(900, 9_000, 0, 0), _late(100, 9_000, 0, 0)
    second["dso"] = 700
    late, dso, _ = _one(upload(0, JANUARY, first, group=9), upload(1, JANUARY, second, group=9))
    assert late == 18.0
    assert dso == 60.0


def test_a_hostile_amount_does_not_wrap_around() -> None:
    made = _late(2**62, 2**62, 0, 0)
    window = [upload(0, month, made) for month in (JANUARY - 2, JANUARY - 1, JANUARY)]
    assert _one(*window)[0] == pytest.approx(1.0)


def test_nothing_gives_an_empty_tally() -> None:
    assert _values() == {}
    assert _values(upload(0, JANUARY, rows(names(0), 0.0))) == {}


@examples(30)
@given(seed=st.integers(0, 2**32 - 1), order=st.randoms())
def test_any_window_is_tallied_as_the_plain_model_says(seed: int, order) -> None:
    rng = np.random.default_rng(seed)
    known = names(6, seed)
    sent = [
        upload(number, month, random_rows(rng, known[rng.random(6) < 0.6]), int(rng.integers(4)))
        for number in range(4)
        for month in range(JANUARY - 2, JANUARY + 1)
    ]
    order.shuffle(sent)
    group_of = {
        firm(number): next(one.group for one in sent if one.firm == firm(number)) for number in range(4)
    }
    sent = [type(one)(one.firm, group_of[one.firm], 0, one.month, one.rows) for one in sent]
    found, expected = _values(*sent), raw_values(sent, JANUARY)
    assert set(found) == set(expected)
    for pair, value in expected.items():
        assert found[pair][2] == value["as_of"]
        for days, field in zip(found[pair], ("days_late", "dso"), strict=False):
            assert days == (None if value[field] is None else pytest.approx(value[field], rel=1e-12))


def _pairs(made):
    """{(client, group): everything} of a tally."""
    return {
        (made.pseudonyms[client].tobytes(), made.groups[group].tobytes()): (
            *(None if np.isnan(value) else float(value) for value in made.values[:, pair]),
            *(int(column[pair]) for column in (made.as_of, made.incident, made.sector, made.region)),
        )
        for pair, (client, group) in enumerate(zip(made.client, made.group, strict=True))
    }


@examples(30)
@given(seed=st.integers(0, 2**32 - 1), span_rows=st.integers(1, 400))
def test_a_tally_is_the_same_however_many_firms_are_read_together(seed: int, span_rows: int) -> None:
    rng = np.random.default_rng(seed)
    known = names(40, seed)
    sent = [
        upload(number, month, random_rows(rng, known[rng.random(40) < 0.7]), number // 2)
        for number in range(6)
        for month in range(JANUARY - 2, JANUARY + 1)
    ]
    whole = tally(sent, JANUARY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "SPAN_ROWS", span_rows)
        cut = tally(sent, JANUARY)
    assert cut.pseudonyms.tobytes() == whole.pseudonyms.tobytes()
    assert (cut.client.tolist(), cut.group.tolist()) == (whole.client.tolist(), whole.group.tolist())
    assert _pairs(cut) == _pairs(whole)
    assert np.array_equal(whole.pseudonyms, np.sort(whole.pseudonyms))
    pairs = whole.client * len(whole.groups) + whole.group
    assert (np.diff(pairs) > 0).all()


def test_clients_whose_pseudonyms_begin_alike_are_not_one() -> None:
    alike = np.array([b"\7" * 8 + bytes([number]) * 24 for number in (1, 2, 3)], "V32")
    sent = [upload(number, JANUARY, rows(alike[[number % 3]], float(number))) for number in range(6)]
    found = _values(*sent)
    assert {pair: value[0] for pair, value in found.items()} == {
        (alike[number % 3].tobytes(), firm(number)): float(number) for number in range(6)
    }
