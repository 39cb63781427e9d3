"""Advantage is what an attacker has beyond its twin and the plain guesses: all of it, or nothing."""

import numpy as np
import pytest

from tests.attacks.learning import practise, practise_telling
from tests.attacks.scoring import Choices, Tellings, Trials, interval, score, score_choice, score_telling

RNG = np.random.default_rng(7)
N = 400


def _trials(real, twin, truth) -> Trials:
    nothing = RNG.normal(size=(len(truth), 1))
    return Trials(truth, real[:, None], twin[:, None], nothing, nothing)


def test_who_reads_the_value_itself_has_all_the_advantage_there_is() -> None:
    truth = RNG.uniform(0, 100, 2 * N)
    all_of_it = _trials(truth, RNG.uniform(0, 100, 2 * N), truth)
    first = np.arange(2 * N) < N
    one_day, three_days = score("reads it", "days_late", "", all_of_it.those(first), all_of_it.those(~first))
    assert one_day.advantage > 0.9
    assert three_days.success == 1.0
    assert three_days.low > 0.8


def test_who_sees_the_same_in_the_twin_has_none() -> None:
    truth = RNG.normal(12, 12, 2 * N)
    seen = truth + RNG.normal(0, 5, 2 * N)
    same = _trials(seen, seen, truth)
    first = np.arange(2 * N) < N
    for found in score("common", "days_late", "", same.those(first), same.those(~first)):
        assert found.advantage == 0.0
        assert found.success > 0.1


def test_noise_of_no_use_gives_no_advantage_that_the_interval_excludes() -> None:
    truth = RNG.normal(12, 12, 2 * N)
    noise = _trials(RNG.normal(size=2 * N), RNG.normal(size=2 * N), truth)
    first = np.arange(2 * N) < N
    assert all(
        one.low <= 0 for one in score("noise", "days_late", "", noise.those(first), noise.those(~first))
    )


def test_presence_that_shows_is_told_and_presence_that_does_not_is_not() -> None:
    shows = Tellings(np.ones((N, 1)), np.zeros((N, 1)))
    assert score_telling("shows", "", "", shows, shows).advantage == 1.0
    alike = Tellings(np.ones((N, 1)), np.ones((N, 1)))
    assert score_telling("alike", "", "", alike, alike).advantage == 0.0


def test_classes_are_told_by_what_names_them() -> None:
    truth = RNG.integers(0, 3, N)
    named = np.eye(3)[truth]
    other = np.eye(3)[RNG.integers(0, 3, N)]
    choices = Choices(truth, named, other, np.zeros((N, 1)), np.zeros((N, 1)))
    assert score_choice("named", "terms", "", choices, choices).success == 1.0


def test_an_interval_narrows_with_trials_and_is_never_empty() -> None:
    few, many = (interval(RNG.choice([-1.0, 0.0, 1.0], count)) for count in (50, 5000))
    assert few[2] - few[1] > many[2] - many[1]
    assert interval(np.zeros(100)) == (0.0, -0.03, 0.03)
    assert interval(np.zeros(0)) == (0.0, -1.0, 1.0)


def test_a_rule_fits_the_mode_where_most_values_are() -> None:
    seen = RNG.uniform(0, 50, N)
    truth = np.where(RNG.random(N) < 0.7, seen + 5, seen + RNG.uniform(50, 400, N))
    rule = practise(seen[:, None], truth, 3.0)
    assert np.mean(np.abs(rule.guess(seen[:, None]) - truth) <= 3) == pytest.approx(0.7, abs=0.06)


def test_unknown_features_are_filled_and_change_no_certainty() -> None:
    seen = np.where(RNG.random(N) < 0.5, np.nan, 1.0)
    rule = practise_telling(seen[:, None], RNG.random(N) < 0.5)
    assert np.isfinite(rule.guess(seen[:, None])).all()
