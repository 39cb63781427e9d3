"""A profile is frozen and named, and says what uncertainty a count band stands for."""

from dataclasses import FrozenInstanceError

import pytest

from privacy.profiles import PROFILES, STANDARD


def test_a_profile_cannot_be_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD.n_min = 3


def test_profiles_are_found_by_their_own_names() -> None:
    assert all(PROFILES[name].name == name for name in PROFILES)
    assert all(len(name) <= 32 and name.isascii() for name in PROFILES)  # the chain's state keeps it so


def test_two_fields_of_five_contributors_carry_about_five_days_of_mean_error() -> None:
    sd = STANDARD.noise_sd_days(5)
    assert sd == pytest.approx(1.4 * (12**2 + 14**2 + 10**2 + 7.5**2) ** 0.5 / 5)
    assert sd * (2 / 3.14159) ** 0.5 == pytest.approx(5.0, abs=0.1)


def test_shown_uncertainty_is_a_function_of_the_band_alone_and_shrinks_with_it() -> None:
    assert [STANDARD.uncertainty_days(band) for band in (1, 2, 3)] == [12, 6, 3]


def test_the_noise_of_a_month_is_a_part_of_the_whole() -> None:
    assert STANDARD.month_noise_sd_days(5) == pytest.approx(2.1)
    assert STANDARD.month_noise_sd_days(5) < STANDARD.noise_sd_days(5)
