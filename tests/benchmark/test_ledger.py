"""Invoices become contributions: one row per client and month, to the cent, without looking ahead."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.ledger import BUCKETS, CENTS_TOTAL_MAX, Invoices, Payments, contributions
from benchmark.upload import FIELD_BIT, known, month_index, refuse_impossible
from tests.examples import examples

NOW = month_index(2025, 3)


def day(text):
    return np.datetime64(text) if text else np.datetime64("NaT")


def ledger(*given, parts=()):
    """Invoices from (client, cents, invoiced, due, settled or None, disputed); parts (place, cents, paid)."""
    client, cents, invoiced, due, settled, disputed = zip(*given, strict=True)
    payments = None
    if parts:
        place, paid_cents, paid = zip(*parts, strict=True)
        payments = Payments(
            np.array(place), np.array(paid_cents), np.array([day(one) for one in paid], "M8[D]")
        )
    return Invoices(
        np.array(client, np.int32),
        np.array(cents, np.int64),
        np.array([day(one) for one in invoiced], "M8[D]"),
        np.array([day(one) for one in due], "M8[D]"),
        np.array([day(one) for one in settled], "M8[D]"),
        np.array(disputed, bool),
        payments,
    )


def figures(rows, client=0):
    place, told = rows
    row = told[place.tolist().index(client)]
    return {name: int(row[name]) for name in FIELD_BIT if row["present"] & FIELD_BIT[name]}


def test_one_clients_months_by_hand():
    """Two invoices: 1,000.00 paid 10 days late, 500.00 still open and disputed."""
    invoices = ledger(
        (0, 100_000, "2025-01-10", "2025-02-09", "2025-02-19", False),
        (0, 50_000, "2025-02-05", "2025-03-07", None, True),
    )
    months = contributions(invoices, 1, NOW)
    assert sorted(months) == [month_index(2025, 1), month_index(2025, 2), NOW]
    january, february, march = (figures(months[month]) for month in sorted(months))
    zero = dict.fromkeys(
        (*BUCKETS, "sales", "paid", "paid_days_late", "paid_days_to_pay", "open_late_days"), 0
    )
    terms = {"terms_days": 30, "terms_kind": 0}
    assert january == zero | terms | {
        "sales": 100_000,
        "outstanding": 100_000,
        "not_due": 100_000,
        "disputed": 0,
        "dso": 310,
    }
    assert february == zero | terms | {
        "sales": 50_000,
        "outstanding": 50_000,
        "not_due": 50_000,
        "paid": 100_000,
        "paid_days_late": 10 * 100_000,
        "paid_days_to_pay": 40 * 100_000,
        "disputed": 50_000,
        "dso": 280,
    }
    assert march == zero | terms | {
        "outstanding": 50_000,
        "late_1_30": 50_000,
        "open_late_days": 24 * 50_000,
        "disputed": 50_000,
        "dso": 590,
    }


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        ("2025-03-31", "not_due"),
        ("2025-03-30", "late_1_30"),
        ("2025-03-01", "late_1_30"),
        ("2025-02-28", "late_31_60"),
        ("2025-01-30", "late_31_60"),
        ("2025-01-29", "late_61_90"),
        ("2024-12-31", "late_61_90"),
        ("2024-12-30", "late_91_plus"),
    ],
)
def test_an_open_amount_falls_into_the_bucket_of_its_days_late(due, bucket):
    found = figures(contributions(ledger((0, 7, "2024-12-01", due, None, False)), 1, NOW)[NOW])
    assert {name for name in BUCKETS if found[name]} == {bucket}


def test_paid_early_is_negative_days_late():
    found = figures(
        contributions(ledger((0, 100, "2025-03-01", "2025-03-31", "2025-03-21", False)), 1, NOW)[NOW]
    )
    assert (found["paid"], found["paid_days_late"], found["paid_days_to_pay"]) == (100, -1_000, 2_000)


def test_an_open_credit_note_lowers_the_balance_and_is_never_late():
    invoices = ledger(
        (0, 1_000, "2025-01-01", "2025-01-31", None, True),
        (0, -300, "2025-01-05", "2025-01-05", None, True),
    )
    found = figures(contributions(invoices, 1, NOW)[NOW])
    assert (found["outstanding"], found["not_due"], found["late_31_60"]) == (700, -300, 1_000)
    assert found["open_late_days"] == 59 * 1_000
    assert found["disputed"] == 1_000


def test_a_settled_credit_note_is_no_payment():
    invoices = ledger(
        (0, 1_000, "2025-03-01", "2025-03-11", "2025-03-21", False),
        (0, -300, "2025-03-05", "2025-03-05", "2025-03-21", False),
    )
    found = figures(contributions(invoices, 1, NOW)[NOW])
    assert (found["sales"], found["paid"], found["paid_days_late"]) == (700, 1_000, 10_000)


def test_part_payments_are_paid_each_on_its_day_and_the_rest_when_settled():
    invoices = ledger(
        (0, 1_000, "2025-01-01", "2025-01-31", "2025-03-02", False),
        parts=[(0, 200, "2025-01-21"), (0, 300, "2025-02-10")],
    )
    months = contributions(invoices, 1, NOW)
    january, february, march = (figures(months[month]) for month in sorted(months))
    assert [one["paid"] for one in (january, february, march)] == [200, 300, 500]
    assert [one["paid_days_late"] for one in (january, february, march)] == [-2_000, 3_000, 15_000]
    assert [one["outstanding"] for one in (january, february, march)] == [800, 500, 0]


def test_a_payment_taken_back_opens_the_invoice_again():
    invoices = ledger(
        (0, 1_000, "2025-01-01", "2025-01-31", None, False),
        parts=[(0, 1_000, "2025-02-01"), (0, -1_000, "2025-03-01")],
    )
    months = contributions(invoices, 1, NOW)
    assert figures(months[month_index(2025, 2)])["outstanding"] == 0
    assert figures(months[NOW])["paid"] == -1_000
    assert figures(months[NOW])["outstanding"] == 1_000


def test_money_received_before_its_invoice_is_a_credit_until_then():
    invoices = ledger((0, 1_000, "2025-03-05", "2025-03-05", "2025-02-20", False))
    months = contributions(invoices, 1, NOW, months=2)
    february = figures(months[month_index(2025, 2)])
    assert (february["outstanding"], february["not_due"], february["paid"]) == (-1_000, -1_000, 1_000)
    assert "dso" not in february
    assert figures(months[NOW])["outstanding"] == 0


def test_silence_writes_no_row():
    invoices = ledger(
        (0, 100, "2025-01-05", "2025-01-15", "2025-01-15", False),
        (1, 100, "2025-03-05", "2025-04-05", None, False),
    )
    months = contributions(invoices, 2, NOW)
    assert {month: place.tolist() for month, (place, _) in months.items()} == {
        month_index(2025, 1): [0],
        NOW: [1],
    }


def test_what_a_ledger_does_not_tell_is_null_not_zero():
    invoices = ledger((0, 100, "2025-03-05", "2025-04-05", None, False))
    silent = Invoices(invoices.client, invoices.cents, invoices.invoiced, invoices.due, invoices.settled)
    _, rows = contributions(silent, 1, NOW)[NOW]
    for name in ("disputed", "incident", "factored", "sector", "region"):
        assert not known(rows, name).any()


def test_an_old_invoice_reaches_a_countback_of_years():
    invoices = ledger((0, 100, "2019-03-01", "2019-03-31", None, False))
    found = figures(contributions(invoices, 1, NOW, months=1)[NOW])
    assert found["dso"] == 10 * (date(2025, 3, 31) - date(2019, 2, 28)).days


def test_an_invoice_older_than_the_history_stops_at_the_limit():
    invoices = ledger((0, 100, "2009-03-01", "2009-03-31", None, False))
    assert figures(contributions(invoices, 1, NOW, months=1)[NOW])["dso"] == 36_000


def test_nothing_before_the_first_invoice_or_after_the_last_month_asked_for():
    invoices = ledger((0, 100, "2025-05-05", "2025-06-05", None, False))
    assert contributions(invoices, 1, NOW) == {}
    assert contributions(
        ledger((0, 1, "2025-01-01", "2025-01-01", None, False)), 1, NOW, months=2
    ).keys() == {
        NOW - 1,
        NOW,
    }


def test_columns_that_contradict_each_other_are_a_programmers_mistake():
    good = ledger((0, 100, "2025-05-05", "2025-06-05", None, False))
    with pytest.raises(ValueError, match="lengths"):
        Invoices(good.client, good.cents[:0], good.invoiced, good.due, good.settled)
    with pytest.raises(ValueError, match="due date"):
        Invoices(good.client, good.cents, good.invoiced, good.settled, good.settled)
    with pytest.raises(ValueError, match="cents"):
        Invoices(good.client, good.cents + CENTS_TOTAL_MAX, good.invoiced, good.due, good.settled)


invoice = st.tuples(
    st.integers(0, 3),
    st.integers(-5_000, 20_000).filter(bool),
    st.integers(0, 420),
    st.integers(0, 100),
    st.none() | st.integers(0, 200),
    st.booleans(),
)
ledgers = st.lists(invoice, min_size=1, max_size=25)
START = date(2024, 1, 1)


def built(rows):
    def text(days):
        return (START + timedelta(days=days)).isoformat()

    return ledger(
        *(
            (client, cents, text(at), text(at + terms), None if paid is None else text(at + paid), disputed)
            for client, cents, at, terms, paid, disputed in rows
        )
    )


def by_hand(rows, client, month):
    """One client's month, invoice by invoice: slow, plain, and nothing of ours."""
    year, number = divmod(month, 12)
    end = date(year + (number == 11), (number + 1) % 12 + 1, 1) - timedelta(days=1)
    start = end.replace(day=1)
    found = dict.fromkeys(
        (*BUCKETS, "sales", "paid", "paid_days_late", "paid_days_to_pay", "open_late_days", "disputed"), 0
    )
    for who, cents, at, terms, paid_after, disputed in rows:
        invoiced = START + timedelta(days=at)
        due = invoiced + timedelta(days=terms)
        paid = None if paid_after is None else invoiced + timedelta(days=paid_after)
        if who != client:
            continue
        if start <= invoiced <= end:
            found["sales"] += cents
        if paid and start <= paid <= end and cents > 0:
            found["paid"] += cents
            found["paid_days_late"] += cents * (paid - due).days
            found["paid_days_to_pay"] += cents * (paid - invoiced).days
        if invoiced <= end and (paid is None or paid > end):
            late = max((end - due).days, 0) if cents > 0 else 0
            found[BUCKETS[0 if late == 0 else min((late - 1) // 30, 3) + 1]] += cents
            found["open_late_days"] += cents * late
            found["disputed"] += cents * (disputed and cents > 0)
    found["outstanding"] = sum(found[bucket] for bucket in BUCKETS)
    return found


@given(ledgers)
@examples(50)
def test_every_sum_is_what_counting_invoice_by_invoice_gives(rows):
    months = contributions(built(rows), 4, month_index(2025, 8))
    for month in range(month_index(2024, 1), month_index(2025, 8) + 1):
        for client in range(4):
            expected = by_hand(rows, client, month)
            place, told = months.get(month, (np.zeros(0, int), None))
            if client in place:
                found = figures((place, told), client)
                assert {name: found[name] for name in expected} == expected
            else:
                assert not any(expected[name] for name in (*BUCKETS, "sales", "paid"))


@given(ledgers)
def test_ageing_sums_to_the_cent_and_the_door_accepts_every_row(rows):
    for _, told in contributions(built(rows), 4, month_index(2025, 8)).values():
        assert (sum(told[bucket] for bucket in BUCKETS) == told["outstanding"]).all()
        refuse_impossible(told)


@given(ledgers, st.integers(month_index(2024, 3), month_index(2025, 7)))
def test_a_month_counted_today_is_the_same_counted_later(rows, month):
    """Later invoices and payments change nothing of what was sent before."""
    end = np.datetime64(f"{(month + 1) // 12:04d}-{(month + 1) % 12 + 1:02d}-01")
    whole = built(rows)
    seen = whole.invoiced < end
    settled = np.where(whole.settled < end, whole.settled, np.datetime64("NaT"))
    known_then = Invoices(
        whole.client[seen],
        whole.cents[seen],
        whole.invoiced[seen],
        whole.due[seen],
        settled[seen],
        whole.disputed[seen],
    )
    now, then = contributions(whole, 4, month_index(2025, 8)), contributions(known_then, 4, month)
    assert (month in now) == (month in then)
    if month in now:
        assert now[month][0].tolist() == then[month][0].tolist()
        assert now[month][1].tobytes() == then[month][1].tobytes()


@given(ledgers, st.randoms(use_true_random=False))
def test_the_order_of_the_invoices_does_not_matter(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = (
        contributions(built(given_rows), 4, month_index(2025, 8)) for given_rows in (rows, shuffled)
    )
    assert {month: told.tobytes() for month, (_, told) in one.items()} == {
        month: told.tobytes() for month, (_, told) in other.items()
    }


def test_an_invoice_closed_by_a_credit_note_was_not_paid():
    """100 invoiced on 10 January, 30 credited on the 20th, 70 paid on 9 February: 70 x 30 days, by hand."""
    one = Invoices(
        client=np.zeros(2, np.int32),
        cents=np.array([100_00, -30_00]),
        invoiced=np.array(["2025-01-10", "2025-01-20"], "M8[D]"),
        due=np.array(["2025-02-09", "2025-01-20"], "M8[D]"),
        settled=np.full(2, np.datetime64("NaT"), "M8[D]"),
        payments=Payments(
            np.array([0, 1, 0]),
            np.array([30_00, -30_00, 70_00]),
            np.array(["2025-01-20", "2025-01-20", "2025-02-09"], "M8[D]"),
            np.array([False, False, True]),
        ),
    )
    months = contributions(one, 1, month_index(2025, 2))
    january, february = (months[month_index(2025, month)][1] for month in (1, 2))
    assert (january["sales"][0], january["outstanding"][0], january["paid"][0]) == (70_00, 70_00, 0)
    assert (february["outstanding"][0], february["paid"][0]) == (0, 70_00)
    assert february["paid_days_to_pay"][0] == 70_00 * 30
    assert february["paid_days_late"][0] == 0


def test_a_balance_brought_forward_is_no_sale_and_its_age_is_unknown_not_zero():
    brought = Invoices(
        client=np.zeros(2, np.int32),
        cents=np.array([500_00, 100_00]),
        invoiced=np.array(["2025-01-01", "2025-01-10"], "M8[D]"),
        due=np.array(["2025-01-01", "2025-02-09"], "M8[D]"),
        settled=np.array(["2025-02-15", "NaT"], "M8[D]"),
        sold=np.array([False, True]),
        undated=np.array([True, False]),
    )
    months = contributions(brought, 1, month_index(2025, 3))
    january, february, march = (months[month_index(2025, month)][1] for month in (1, 2, 3))
    assert (january["sales"][0], january["outstanding"][0]) == (100_00, 600_00)
    for name in (*BUCKETS, "open_late_days"):
        assert not known(january, name)[0], name
        assert known(february, name)[0], name
    assert february["paid"][0] == 500_00
    assert not known(february, "paid_days_late")[0]
    assert not known(february, "paid_days_to_pay")[0]
    assert known(march, "paid_days_late")[0]
    assert march["outstanding"][0] == sum(march[name][0] for name in BUCKETS) == 100_00
