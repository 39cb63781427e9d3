"""A month's release is a function of its inputs, agrees with the plain model, and publishes a month once."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.release import release_month, seasoning
from privacy.disclosure import MISSING, TERMS, WideCell
from privacy.profiles import STANDARD, STRICT
from tests.benchmark.release_model import Model
from tests.benchmark.worlds import JANUARY, KEY, firm, forget, names, random_rows, rows, upload
from tests.examples import examples

SMALL = replace(
    STANDARD,
    name="small-test",
    fields=(replace(STANDARD.fields[0], spread=True), *STANDARD.fields[1:]),
    network_n_min=7,
    wide_clients_min=2,
    terms_n_min=6,
    incident_reports_min=2,
)


def _lived(seed: int, months: int = 12, firms: int = 11, clients: int = 5):
    """Each month's (month, window, expelled, aged): firms come and go, fall silent, send late, opt in."""
    rng = np.random.default_rng(seed)
    known = names(clients, seed)
    group = [int(rng.integers(firms)) if rng.random() < 0.2 else number for number in range(firms)]
    joined = [JANUARY + int(rng.integers(8)) if rng.random() < 0.3 else 0 for _ in range(firms)]
    relation = rng.random((firms, clients)) < 0.8
    shares = rng.random(firms) < 0.9
    labels = rng.integers(0, 3, (2, clients))
    start = JANUARY + int(rng.integers(3))
    sent = {}

    def made_by(number: int) -> np.ndarray:
        return random_rows(rng, known[relation[number]], labels[:, relation[number]])

    for month in range(start, start + months):
        relation ^= rng.random((firms, clients)) < 0.04
        shares ^= rng.random(firms) < 0.02
        for number in range(firms):
            late = month - int(rng.random() < 0.1)
            if rng.random() < 0.9:
                sent[number, late] = upload(number, late, made_by(number), group[number], joined[number])
        window = [one for one in sent.values() if month - 3 < one.month <= month]
        expelled = [firm(int(rng.integers(firms)))] if rng.random() < 0.1 else []
        aged = [
            upload(int(one), month - 12, made_by(one), group[one], joined[one])
            for one in np.nonzero(shares)[0]
        ]
        yield month, window, expelled, aged


def _said(release):
    clients = {
        cell["pseudonym"].tobytes(): (
            int(cell["band"]),
            *(None if cell[name] == MISSING else int(cell[name]) for name in ("days_late", "spread", "dso")),
            bool(cell["incident"]),
            tuple(int(cell[name]) for name in TERMS),
        )
        for cell in release.cells
    }
    wide = [
        {code: (cell.days_late, cell.dso, cell.band) for code, cell in cells.items()}
        for cells in ({0: release.network}, release.sectors, release.regions)
    ]
    return clients, wide[0][0], *wide[1:]


@examples(8)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_year_of_any_small_network_is_published_as_the_plain_model_says(seed: int) -> None:
    model, state = Model(SMALL, KEY), None
    for month, window, expelled, aged in _lived(seed):
        result = release_month(month, window, state, SMALL, KEY, expelled, aged)
        assert _said(result.release) == model.release(month, window, expelled, aged)
        state = result.state


@examples(5)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_year_under_a_strict_profile_is_published_as_the_plain_model_says(seed: int) -> None:
    strict = replace(STRICT, name="small-strict", network_n_min=7, wide_clients_min=2)
    model, state = Model(strict, KEY), None
    for month, window, expelled, _ in _lived(seed):
        result = release_month(month, window, state, strict, KEY, expelled)
        said = _said(result.release)
        assert said == model.release(month, window, expelled)
        assert all(cell[3] is None and not cell[4] and not any(cell[5]) for cell in said[0].values())
        state = result.state


def test_the_random_networks_of_the_model_test_do_publish_suppress_and_revise() -> None:
    seen = dict.fromkeys(
        ("cells", "network", "dso alone", "vanished", "sector", "region", "flag", "no flag", "terms"), 0
    )
    for seed in range(8):
        state, before = None, set()
        for month, window, expelled, aged in _lived(seed):
            result = release_month(month, window, state, SMALL, KEY, expelled, aged)
            cells, network, sectors, regions = _said(result.release)
            seen["cells"] += len(cells)
            seen["network"] += network[0] is not None
            seen["dso alone"] += any(cell[1] is None for cell in cells.values())
            seen["vanished"] += bool(before - set(cells))
            seen["sector"] += bool(sectors)
            seen["region"] += bool(regions)
            seen["flag"] += any(cell[4] for cell in cells.values())
            seen["no flag"] += any(not cell[4] for cell in cells.values())
            seen["terms"] += any(any(cell[5]) for cell in cells.values())
            state, before = result.state, set(cells)
    assert all(count > 5 for count in seen.values()), seen


@examples(5)
@given(seed=st.integers(0, 2**32 - 1), order=st.randoms())
def test_the_same_uploads_in_any_order_give_identical_bytes(seed: int, order) -> None:
    state = None
    for month, window, expelled, aged in _lived(seed, months=4):
        result = release_month(month, window, state, SMALL, KEY, expelled, aged)
        shuffled, old = list(window), list(aged)
        order.shuffle(shuffled)
        order.shuffle(old)
        again = release_month(month, shuffled, state, SMALL, KEY, expelled, old)
        assert again.release.cells.tobytes() == result.release.cells.tobytes()
        assert _said(again.release) == _said(result.release)
        assert again.state == result.state
        state = result.state


def _six_firms(month: int = JANUARY):
    return [upload(number, month, rows(names(3), 10.0)) for number in range(6)]


def test_a_release_cannot_be_changed_once_made() -> None:
    release = release_month(JANUARY, _six_firms(), None, STANDARD, KEY).release
    assert len(release.cells) == 3
    assert release.window == (JANUARY - 2, JANUARY - 1, JANUARY)
    with pytest.raises(ValueError, match="read-only"):
        release.cells["days_late"] = 0
    with pytest.raises(FrozenInstanceError):
        release.window = (JANUARY,)
    with pytest.raises((AttributeError, TypeError)):
        release.month = JANUARY + 1


def test_a_chain_never_publishes_a_month_twice_nor_an_earlier_one() -> None:
    state = release_month(JANUARY, _six_firms(), None, STANDARD, KEY).state
    for month in (JANUARY, JANUARY - 1):
        with pytest.raises(ValueError, match="never publishes a month twice"):
            release_month(month, _six_firms(month), state, STANDARD, KEY)


def test_a_change_of_profile_starts_a_new_chain() -> None:
    state = release_month(JANUARY, _six_firms(), None, STANDARD, KEY).state
    with pytest.raises(ValueError, match="starts a new one"):
        release_month(JANUARY + 1, _six_firms(JANUARY + 1), state, SMALL, KEY)


def test_a_change_of_profile_redraws_no_permanent_noise() -> None:
    quiet = replace(STANDARD, noise_set_days=0.0, noise_quarter_days=0.0, noise_month_days=0.0)
    late = [
        release_month(JANUARY, _six_firms(), None, replace(quiet, name=name), KEY).release.cells["days_late"]
        for name in ("first", "second")
    ]
    assert late[0].tolist() == late[1].tolist() != [10, 10, 10]


def test_uploads_outside_the_window_or_sent_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="not in the window"):
        release_month(JANUARY + 3, _six_firms(), None, STANDARD, KEY)
    with pytest.raises(ValueError, match="two uploads for 2026-01"):
        release_month(JANUARY, [*_six_firms(), *_six_firms()], None, STANDARD, KEY)


def test_a_firm_counts_only_after_one_full_month_of_membership() -> None:
    new = [replace(one, first_full_month=JANUARY + 1) for one in _six_firms()]
    assert not len(release_month(JANUARY, [*_six_firms()[:4], *new[4:]], None, STANDARD, KEY).release.cells)
    assert not seasoning(new, JANUARY)
    later = [replace(one, month=JANUARY + 1) for one in new]
    assert len(release_month(JANUARY + 1, later, None, STANDARD, KEY).release.cells) == 3


def test_a_release_ripens_the_rows_of_its_own_month_that_are_neither_factored_nor_empty() -> None:
    made = rows(names(4), 10.0)
    made["factored"] = [0, 1, 0, 0]
    for field in ("outstanding", "paid", "dso"):
        forget(made, field, [False, False, False, True])
    sent = [upload(0, JANUARY - 1, rows(names(4), 10.0)), upload(0, JANUARY, made)]
    assert seasoning(sent, JANUARY)[firm(0)].tolist() == names(4)[[0, 2]].tolist()


def test_a_release_of_nothing_publishes_nothing_and_the_chain_goes_on() -> None:
    empty = release_month(JANUARY, [], None, STANDARD, KEY)
    assert not len(empty.release.cells)
    assert empty.release.network == WideCell(None, None, None)
    following = release_month(JANUARY + 1, _six_firms(JANUARY + 1), empty.state, STANDARD, KEY)
    assert len(following.release.cells) == 3


@examples(12)
@given(seed=st.integers(0, 2**32 - 1), liar=st.integers(0, 8), lie=st.integers(-(10**15), 10**15))
def test_one_firm_moves_no_published_centre_by_more_than_what_is_let_in_over_n(seed, liar, lie) -> None:
    rng = np.random.default_rng(seed)
    known = names(4, seed)
    state = release_month(JANUARY, _nine_firms(rng, known, JANUARY), None, STANDARD, KEY).state
    honest = _nine_firms(rng, known, JANUARY + 1)
    lied = list(honest)
    made = lied[liar].rows.copy()
    made["paid_days_late"], made["dso"] = lie, abs(lie) % 36_000
    lied[liar] = upload(liar, JANUARY + 1, made)
    both = [release_month(JANUARY + 1, sent, state, STANDARD, KEY).release.cells for sent in (honest, lied)]
    assert len(both[0]) == len(both[1]) == 4
    for field in ("days_late", "dso"):
        moved = np.abs(both[0][field].astype(int) - both[1][field].astype(int))
        let_in = 2 * STANDARD.first_clip_days + 2 * STANDARD.clip_days  # the two may lie apart
        assert (moved <= let_in / 9 + 1).all()  # one day of rounding
    assert both[0]["band"].tolist() == both[1]["band"].tolist()


def _nine_firms(rng: np.random.Generator, known: np.ndarray, month: int):
    return [upload(number, month, rows(known, rng.normal(15, 20, len(known)))) for number in range(9)]


def test_what_is_not_published_moves_nothing_that_is() -> None:
    cells = []
    for days_late in (5.0, 500.0):
        hidden = [upload(number + 6, JANUARY, rows(names(3, seed=9), days_late)) for number in range(3)]
        released = release_month(JANUARY, [*_six_firms(), *hidden], None, STANDARD, KEY)
        assert released.release.network == WideCell(None, None, None)
        cells.append(released.release.cells.tobytes())
    assert cells[0] == cells[1]


def test_neither_uploads_nor_the_chains_state_print_what_they_hold() -> None:
    result = release_month(JANUARY, _six_firms(), None, STANDARD, KEY)
    assert "rows" not in repr(_six_firms()[0])
    assert "state" not in repr(result)
