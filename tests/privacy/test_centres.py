"""A cell's numbers: one firm moves them by a bounded amount, and their noise is the profile's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.centres import bounded
from privacy.disclosure import CELL_DTYPE, MISSING, Tally, protect
from privacy.panels import Panels, Revised
from privacy.profiles import STANDARD
from tests.examples import examples
from tests.privacy.panel_play import GROUPS, JANUARY, Play

SILENT = replace(
    STANDARD,
    name="without-noise",
    noise_permanent_days=0.0,
    noise_set_days=0.0,
    noise_quarter_days=0.0,
    noise_month_days=0.0,
    count_noise_sd=0.0,
)
WITH_SPREAD = replace(SILENT, fields=(replace(SILENT.fields[0], spread=True), *SILENT.fields[1:]))
DAYS = st.floats(-1e6, 1e6, allow_nan=False)


def _mean(values, last=None):
    """Clipped mean before noise and rounding of one cell of these values."""
    member = np.arange(len(values))
    none = np.zeros(0, np.int64)
    one = np.ones(1, np.int64)
    known = (
        (np.zeros(1, np.int64), one, one, np.array([last]), np.zeros(1, bool)) if last is not None else None
    )
    panels = Panels(
        *(known or (none, none, none, none, none.astype(bool))), none, none * 1.0, none, none, none
    )
    revised = Revised(
        member,
        np.asarray(values, float),
        member,
        none,
        none,
        np.array([len(values)]),
        np.zeros(1, bool),
        one == 1,
    )
    return float(bounded(revised, panels, np.array([12.0]), STANDARD)[0][0])


@examples(60)
@given(st.lists(DAYS, min_size=5, max_size=20), DAYS, st.one_of(st.none(), st.integers(-100, 200)))
def test_one_firm_moves_a_centre_by_at_most_its_share_of_what_is_let_in(values, other, last) -> None:
    low, high = 12.0 - STANDARD.first_clip_days, 12.0 + STANDARD.first_clip_days
    if last is not None:
        low, high = min(low, last - STANDARD.clip_days), max(high, last + STANDARD.clip_days)
    moved = abs(_mean([other, *values[1:]], last) - _mean(values, last))
    assert moved <= (high - low) / len(values) + 1e-9
    assert low - 1e-9 <= _mean(values, last) <= high + 1e-9


@examples(60)
@given(st.lists(DAYS, min_size=4, max_size=19), st.floats(-23, 47), st.integers(-1000, 1000))
def test_shams_who_drive_a_centre_away_never_cut_a_usual_value(shams, value, last) -> None:
    counted = _mean([value, *shams], last) - _mean([12.0, *shams], last)
    assert counted == pytest.approx((value - 12.0) / (len(shams) + 1), abs=1e-9)


def test_a_first_centre_is_cut_around_the_start_and_later_ones_no_closer() -> None:
    play = Play(profile=SILENT)
    centres = [play.turn(dict.fromkeys(range(5), 1000.0)).centre for _ in range(3)]
    assert centres == [12 + 35, 12 + 35 + 20, 12 + 35 + 40]


def test_amounts_weigh_nothing_and_values_alone_count() -> None:
    assert Play(profile=SILENT).turn({0: 0.0, 1: 10.0, 2: 20.0, 3: 30.0, 4: 40.0}).centre == 20


def test_the_spread_is_the_mean_absolute_deviation_as_a_quartile_and_at_least_a_day() -> None:
    apart = Play(profile=WITH_SPREAD).turn({0: 0.0, 1: 10.0, 2: 20.0, 3: 30.0, 4: 40.0}).cells[-1]
    assert apart["spread"].tolist() == [round(0.845 * 12)]
    together = Play(profile=WITH_SPREAD).turn(range(5)).cells[-1]
    assert together["spread"].tolist() == [1]


def test_a_published_dso_is_never_negative() -> None:
    play = Play(profile=SILENT)
    for _ in range(4):
        play.turn(range(5), dso=dict.fromkeys(range(5), -500.0))
    assert play.cells[-1]["dso"].tolist() == [0]


def _many(clients: int, n: int, month: int, value=10.0, key=bytes(32), chain=None, profile=STANDARD):
    """Cells of clients that all have n contributors at the same value."""
    rng = np.random.default_rng(3)
    names = np.sort(np.frombuffer(rng.bytes(32 * clients), "V32"))
    client, group = np.repeat(np.arange(clients), n), np.tile(np.arange(n), clients)
    values = np.full((2, clients * n), value)
    made = Tally(month, names, GROUPS, client, group, np.full(clients * n, month), values)
    protected, chain = protect(made, chain, profile, key)
    return protected.cells, chain


@pytest.mark.parametrize("n", [5, 8, 20])
def test_the_noise_on_thousands_of_centres_has_the_profiles_deviation(n: int) -> None:
    cells, _ = _many(4000, n, JANUARY)
    noise = cells["days_late"] - 10.0
    expected = (STANDARD.noise_sd_days(n) ** 2 + 1 / 12) ** 0.5  # rounding adds a twelfth
    assert noise.std() == pytest.approx(expected, rel=0.04)
    assert noise.mean() == pytest.approx(0, abs=4 * expected / 4000**0.5)


def test_at_least_93_in_100_centres_lie_within_two_deviations_of_the_mean_under_20_keys() -> None:
    within = []
    for number in range(20):
        cells, _ = _many(200, 5, JANUARY, key=bytes([number]) * 32)
        within += [np.abs(cells["days_late"] - 10.0) <= 2 * STANDARD.noise_sd_days(5)]
    assert np.concatenate(within).mean() >= 0.93


def test_months_of_a_quarter_share_all_but_the_months_draw() -> None:
    first, chain = _many(3000, 5, JANUARY)
    second, chain = _many(3000, 5, JANUARY + 1, chain=chain)
    third, _ = _many(3000, 5, JANUARY + 3, chain=chain)
    month = (2 * STANDARD.month_noise_sd_days(5) ** 2 + 1 / 6) ** 0.5
    apart = second["days_late"].astype(float) - first["days_late"]
    assert apart.std() == pytest.approx(month, rel=0.06)
    quarter = STANDARD.field_factor * STANDARD.noise_quarter_days / 5
    apart = third["days_late"].astype(float) - second["days_late"]
    assert apart.std() == pytest.approx((month**2 + 2 * quarter**2) ** 0.5, rel=0.06)


def test_fields_and_spread_do_not_share_their_noise() -> None:
    noisy = replace(STANDARD, name="noise-and-spread", fields=WITH_SPREAD.fields)
    cells, _ = _many(3000, 5, JANUARY, value=30.0, profile=noisy)
    for other in ("spread", "dso"):
        assert abs(np.corrcoef(cells["days_late"], cells[other])[0, 1]) < 0.06


def test_the_same_set_of_contributors_draws_the_same_noise_again() -> None:
    only_set = replace(SILENT, name="set-noise", noise_set_days=50.0)
    play = Play(profile=only_set).turns(range(5), range(5))
    other = Play(profile=only_set).turn(range(1, 6))
    assert play.cells[0]["days_late"] == play.cells[1]["days_late"]
    assert other.cells[0]["days_late"] != play.cells[0]["days_late"]


def test_counts_are_published_in_bands_never_below_the_floor() -> None:
    for n, band in ((5, 1), (9, 1), (10, 2), (19, 2), (20, 3), (30, 3)):
        cells, _ = _many(50, n, JANUARY, profile=SILENT)
        assert (cells["band"] == band).all()
    cells, _ = _many(4000, 5, JANUARY)
    assert set(cells["band"].tolist()) == {1, 2}  # perturbed upwards, never below
    assert np.mean(cells["band"] == 2) == pytest.approx(0.067, abs=0.02)  # P(3 z >= 4.5)


def test_a_band_is_drawn_once_a_quarter() -> None:
    first, chain = _many(2000, 8, JANUARY)
    second, chain = _many(2000, 8, JANUARY + 1, chain=chain)
    third, _ = _many(2000, 8, JANUARY + 3, chain=chain)
    assert first["band"].tolist() == second["band"].tolist() != third["band"].tolist()


def test_a_field_that_is_not_published_is_missing_not_zero() -> None:
    cells = Play(profile=SILENT).turn(range(4), dso=dict.fromkeys(range(5), 50.0)).cells[-1]
    assert cells.dtype == CELL_DTYPE
    assert cells["dso"].tolist() == [50]
    assert cells["days_late"].tolist() == cells["spread"].tolist() == [MISSING]
    assert cells["band"].tolist() == [1]
