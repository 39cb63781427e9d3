"""Score, class, limit and chance: every input named, every parameter the member's own, nothing decided."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.score import (
    USUAL,
    Parameters,
    RiskClass,
    assess,
    chance,
    light,
    mixed,
    points,
    stopped,
)
from benchmark.score_coefficients import COEFFICIENTS
from benchmark.score_words import formula

SALES = 1_000_000  # cents a month


def test_the_scale_is_the_published_one() -> None:
    days = (-30, -20, 0, 15, 22, 30, 60, 90, 120)
    assert [points(one) for one in days] == [100, 90, 80, 70, 60, 50, 40, 30, 20]


@given(st.floats(-200, 400), st.floats(0, 200))
def test_later_never_scores_more(days, more) -> None:
    assert points(days + more) <= points(days)
    assert 1 <= points(days) <= 100


def test_where_no_cell_is_published_the_firms_own_figures_speak_and_say_so() -> None:
    alone = assess([10] * 7, [None] * 7, SALES, 30)
    both = assess([10] * 7, [30] * 7, SALES, 30)
    peers = assess([None] * 7, [30] * 7, SALES, 30)
    assert (alone.source, alone.days) == ("own", 10)
    assert (both.source, both.days) == ("both", 20)
    assert (peers.source, peers.days) == ("peers", 30)
    assert assess([None] * 7, [None] * 7, SALES, 30) is None


def test_the_members_own_weight_and_classes_decide_the_verdict() -> None:
    strict = Parameters(own_weight=0.0, classes=(RiskClass("good", 79, 2.0), RiskClass("bad", 0, 0.0)))
    usual, own = assess([0] * 7, [25] * 7, SALES, 30), assess([0] * 7, [25] * 7, SALES, 30, strict)
    assert (usual.risk_class, own.risk_class) == ("B", "bad")
    assert own.limit.cents == 0


def test_a_trend_compares_the_same_source_then_and_now() -> None:
    worse = assess([0, 0, 0, 0, 0, 0, 30], [None] * 7, SALES, 30)
    assert worse.trend == points(30) - points(0) == -30
    assert assess([30] * 7, [None] * 6 + [0], SALES, 30).trend is None


def test_the_limit_is_what_its_formula_says() -> None:
    said = assess([15] * 7, [15] * 7, SALES, 45).limit
    assert said.need_cents == math.floor(SALES * 60 / 30.4375 + 0.5) == 1_971_253
    assert (said.share, said.cents) == (1.0, 2_000_000)
    assert formula(said, "en") == "€10,000 × (45 d + 15 d) / 30.4375 d = €19,712; × 1 = €19,712 → €20,000"
    assert formula(said, "fr").startswith("10 000 € × (45 j + 15 j) / 30,4375 j = 19 712 €")


def test_the_limit_is_capped_and_never_below_the_cover() -> None:
    capped = assess([0] * 7, [0] * 7, 100 * SALES, 60, Parameters(limit_max_cents=5_000_000)).limit
    assert (capped.cents, capped.capped) == (5_000_000, True)
    covered = assess([100] * 7, [100] * 7, SALES, 30, Parameters(insured_cents=3_000_000)).limit
    assert (covered.cents, covered.insured) == (3_000_000, True)
    assert "raised to the insurer's cover" in formula(covered, "en")


@pytest.mark.parametrize(
    "wrong",
    [
        {"classes": ()},
        {"classes": (RiskClass("A", 10, 1.0),)},
        {"classes": (RiskClass("A", 0, 1.0), RiskClass("B", 50, 1.0))},
        {"own_weight": 1.5},
        {"rounded_to_cents": 0},
    ],
)
def test_parameters_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="expected"):
        Parameters(**wrong)


@pytest.mark.parametrize("source", sorted(COEFFICIENTS))
def test_the_chance_grows_with_lateness_and_with_a_centres_rise(source) -> None:
    days = np.arange(-10.0, 101.0, 10.0)
    steady = np.stack([days, days], axis=1)
    said = chance(source, steady, steady)
    assert (np.diff(said) > -0.02).all()
    assert said[0] < 0.05
    assert said[-1] > 0.9
    if source != "own":  # one relation's rise is mostly an accident that passes; a centre's is not
        risen, level = np.array([[5.0, 25.0]]), np.array([[25.0, 25.0]])
        assert chance(source, risen, risen)[0] > chance(source, level, level)[0]


def test_the_light_follows_the_class_and_what_is_open_and_is_amber_where_nothing_is_known() -> None:
    sound, lost = assess([0] * 7, [0] * 7, SALES, 30), assess([130] * 7, [140] * 7, SALES, 30)
    assert [light(sound, one) for one in (None, "watch", "act", "urgent")] == [
        "green",
        "green",
        "amber",
        "red",
    ]
    assert (light(lost, None), light(None, None), light(None, "urgent")) == ("red", "amber", "red")


def test_what_a_person_stopped_is_red_until_a_newer_decision_lifts_it() -> None:
    sound = assess([0] * 7, [0] * 7, SALES, 30)
    assert light(sound, None, stopped=stopped(["keep", "block", "other"])) == "red"
    assert light(sound, None, stopped=stopped(["end", "limit"])) == "green"
    assert light(None, None, stopped=stopped(["end"])) == "red"


def test_mixing_takes_what_is_known() -> None:
    assert mixed(None, 4, 0.5) == 4
    assert mixed(8, None, 0.5) == 8
    assert mixed(None, None, 0.5) is None
    assert mixed(8, 4, 0.25) == 5
    assert USUAL.own_weight == 0.5
