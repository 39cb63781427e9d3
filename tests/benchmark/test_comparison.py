"""What the firm sees of a client beside its peers: computed on its own side, told in one sentence."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.comparison import (
    STANDARD,
    Balance,
    Cell,
    Month,
    Outside,
    compare,
    newest,
    outside,
    own_days_late,
    own_dso,
    own_values,
    position,
    ranked,
)
from benchmark.ledger import BUCKETS
from benchmark.tally import UploadInWindow, tally
from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE
from benchmark.verdict import next_step, sentence
from privacy.profiles import STANDARD as RELEASE_PROFILE

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "comparison.json").read_text(encoding="utf-8"))
NONE = Balance()


def month(own, centre, spread=5, band=2):
    return Month(own, None, None if centre is None else Cell(band, centre, spread, None))


def read_history(vector):
    return [
        Month(one["days_late"], one["dso"], Cell(**one["cell"]) if one["cell"] else None)
        for one in vector["history"]
    ]


@pytest.mark.parametrize("vector", VECTORS["cases"], ids=lambda vector: vector["name"])
def test_facts_and_sentences_are_those_that_the_page_reads(vector):
    facts = compare(read_history(vector), Balance(**vector["balance"]))
    assert asdict(facts) == vector["comparison"]
    assert {lang: sentence(facts, lang) for lang in ("fr", "en")} == vector["sentence"]
    assert {lang: next_step(facts, lang) for lang in ("fr", "en")} == vector["next_step"]


@pytest.mark.parametrize("vector", VECTORS["windows"], ids=lambda vector: vector["name"])
def test_own_values_in_a_window_are_those_that_the_page_reads(vector):
    assert own_days_late(vector["window"]) == vector["days_late"]
    assert own_dso(newest(vector["window"])) == vector["dso"]


@pytest.mark.parametrize("vector", VECTORS["outside"], ids=lambda vector: vector["name"])
def test_stays_outside_the_band_are_those_that_the_page_reads(vector):
    assert [[stay.raised, stay.cleared] for stay in outside(read_history(vector))] == vector["stays"]


def test_the_vectors_were_made_under_the_rules_of_today():
    assert VECTORS["rules"] == json.loads(json.dumps(asdict(STANDARD)))


def test_the_sentence_is_what_a_colleague_would_say():
    history = [month(own, 14) for own in (15, 17, 19, 21, 23, 25, 27)]
    assert sentence(compare(history, NONE), "en") == (
        "This client pays you 13 days later than the centre of its suppliers; the gap grew by 12 days in six "
        "months; its peers are paid as before."
    )
    assert sentence(compare(history, NONE), "fr") == (
        "Ce client vous paie 13 jours plus tard que le centre de ses fournisseurs ; l'écart s'est creusé de "
        "12 jours en six mois ; ses pairs sont payés comme avant."
    )


def test_days_late_in_a_window_by_hand():
    """1000.00 paid 10 days late, 500.00 paid on the day, 300.00 still open and 20 days late: 16000/1800."""
    first = {"paid": 100_000, "paid_days_late": 1_000_000}
    second = {"paid": 50_000, "paid_days_late": 0}
    end = {
        "outstanding": 30_000,
        "not_due": 0,
        "late_1_30": 30_000,
        "late_31_60": 0,
        "late_61_90": 0,
        "late_91_plus": 0,
        "open_late_days": 600_000,
        "paid": 0,
        "paid_days_late": 0,
    }
    assert own_days_late([first, second, end]) == pytest.approx(16_000 / 1_800)


def test_a_client_who_stops_paying_gets_later_every_month_not_invisible():
    late = []
    for months_later in range(4):
        days = 20 + 30 * months_later
        end = {
            "outstanding": 100,
            "late_1_30": 100,
            "late_31_60": 0,
            "late_61_90": 0,
            "late_91_plus": 0,
            "open_late_days": 100 * days,
            "paid": 0,
            "paid_days_late": 0,
        }
        late.append(own_days_late([None, None, end]))
    assert late == [20, 50, 80, 110]


def test_the_uncertainty_is_what_the_release_profile_says_of_each_count_band():
    assert STANDARD.uncertainty_days == tuple(RELEASE_PROFILE.uncertainty_days(band) for band in (1, 2, 3))


@pytest.mark.parametrize(
    ("own", "expected"), [(26, "above"), (25, "inside"), (3, "inside"), (2, "below"), (None, "unknown")]
)
def test_the_band_is_centre_plus_or_minus_spread_and_uncertainty(own, expected):
    assert position(own, Cell(2, 14, 5, None)) == expected


def test_an_alert_does_not_flicker_between_its_two_edges():
    history = [month(own, 10) for own in (30, 30, 22, 18, 22, 18, 15, 15, 22)]
    assert outside(history) == [Outside(1, 7)]


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-100, 300), st.none() | st.integers(-30, 120), st.integers(1, 3)),
        min_size=1,
        max_size=40,
    )
)
def test_a_longer_history_never_rewrites_when_an_alert_was_raised(points):
    history = [month(own, centre, band=band) for own, centre, band in points]
    whole = outside(history)
    for stay in whole:
        assert stay.raised >= STANDARD.outside_months_to_raise - 1
        assert outside(history[: stay.raised + 1])[-1] == Outside(stay.raised, None)
        if stay.cleared is not None:
            assert outside(history[: stay.cleared + 1])[-1] == stay


@given(
    own=st.none() | st.integers(-60, 400),
    centre=st.none() | st.integers(-30, 200),
    balance=st.tuples(*[st.integers(-(10**12), 10**12)] * 3),
)
def test_stake_lies_between_what_is_overdue_and_all_that_is_owed(own, centre, balance):
    overdue, not_due, disputed = balance
    facts = compare([month(own, centre)], Balance(overdue, not_due, disputed))
    assert max(overdue, 0) <= facts.stake_cents <= max(overdue, 0) + max(not_due, 0)


@given(
    st.lists(
        st.tuples(st.none() | st.floats(-99, 300), st.none() | st.integers(-30, 200)), min_size=1, max_size=10
    )
)
def test_what_a_person_reads_adds_up_and_is_always_a_sentence(points):
    facts = compare([month(own, centre) for own, centre in points], NONE)
    if facts.gap is not None:
        assert facts.own - facts.centre == facts.gap
    if facts.gap_change is not None:
        assert facts.own_change - facts.peers_change == facts.gap_change
    for lang in ("fr", "en"):
        assert sentence(facts, lang).endswith(".")
        assert next_step(facts, lang)


def test_clients_are_ranked_by_money_at_stake_then_by_gap():
    large = compare([month(0, 0)], Balance(overdue=100))
    near, far = (compare([month(own, 10)], Balance(overdue=50)) for own in (12, 40))
    assert ranked([near, far, large]) == [2, 1, 0]


def test_own_values_are_those_that_the_releases_kernel_gives_every_firm():
    """The network's formula is applied by another module to everybody: one firm's value is the same there."""
    random = np.random.default_rng(5)
    clients, month = 200, 24_321
    pseudonyms = np.sort(np.frombuffer(random.bytes(32 * clients), "V32"))
    months, uploads = {}, []
    for index in range(month - 2, month + 1):
        there = np.flatnonzero(random.random(clients) < 0.7).astype(np.int32)
        rows = np.zeros(len(there), ROW_DTYPE)
        for name in ("outstanding", *BUCKETS, "paid", "paid_days_late", "open_late_days", "dso"):
            shown = random.random(len(there)) < 0.95
            rows[name][shown] = random.integers(-5 if name == "outstanding" else 0, 100, shown.sum())
            rows["present"][shown] |= FIELD_BIT[name]
        months[index] = (there, rows)
        named = rows.copy()
        named["pseudonym"] = pseudonyms[there]
        uploads.append(UploadInWindow(bytes(16), bytes(16), month - 9, index, named))
    counted = tally(uploads, month)
    late, dso = own_values(months, clients, month, 1)
    expected = np.full((2, clients), np.nan)
    place = np.searchsorted(pseudonyms, counted.pseudonyms)
    expected[:, place[counted.client]] = counted.values
    np.testing.assert_allclose(late[:, 0], expected[0])
    np.testing.assert_allclose(dso[:, 0], expected[1])


def figures_of(row):
    return {name: int(row[name]) for name, _ in FIELDS if row["present"] & FIELD_BIT[name]}


@given(st.integers(0, 2**32 - 1))
def test_all_clients_at_once_give_what_each_gives_alone(seed):
    random = np.random.default_rng(seed)
    clients, last = 6, 24_321
    months = {}
    for index in range(last - 6, last + 1):
        there = np.flatnonzero(random.random(clients) < 0.8).astype(np.int32)
        rows = np.zeros(len(there), ROW_DTYPE)
        for name, _ in FIELDS:
            rows[name] = random.integers(0, 100, len(there))
            shown = random.random(len(there)) < 0.97
            rows[name][~shown] = 0
            rows["present"][shown] |= FIELD_BIT[name]
        rows["outstanding"] -= random.integers(0, 2, len(there)) * 60 * (rows["outstanding"] > 0)
        months[index] = (there, rows)
    late, dso = own_values(months, clients, last, 4)
    for client in range(clients):
        alone = {
            index: figures_of(rows[there.tolist().index(client)])
            for index, (there, rows) in months.items()
            if client in there
        }
        for column in range(4):
            window = [alone.get(last - 3 + column - back) for back in (2, 1, 0)]
            expected = own_days_late(window), own_dso(newest(window))
            found = tuple(
                None if np.isnan(one) else one for one in (late[client, column], dso[client, column])
            )
            assert found == expected
