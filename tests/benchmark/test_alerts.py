"""Shock and drift: what worsens is caught, what does not is left in peace, and only published cells speak."""

import uuid

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmark.alerts import (
    DRIFT,
    KINDS,
    RAISED_DTYPE,
    SHOCK,
    cut_by_mirror,
    detect,
    sector_of,
    sector_subject,
    severity_of,
)
from benchmark.release import release_month
from benchmark.upload import FIELD_BIT
from privacy.disclosure import CELL_DTYPE, Tally, protect
from privacy.profiles import STANDARD
from tests.benchmark.worlds import JANUARY, names, rows, upload

NOBODY = np.zeros(0, RAISED_DTYPE)


def _history(paths: np.ndarray, first: int = JANUARY, band: int = 1):
    """Paths of published days late, (clients, months), NaN where suppressed, as releases."""
    known, releases = names(len(paths)), []
    for month in range(paths.shape[1]):
        there = np.nonzero(~np.isnan(paths[:, month]))[0]
        cells = np.zeros(len(there), CELL_DTYPE)
        cells["pseudonym"], cells["band"] = known[there], band
        cells["days_late"] = np.rint(paths[there, month])
        releases.append((first + month, cells))
    return releases


def _quiet(clients: int = 60, months: int = 24, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(12, 8, (clients, 1)) + rng.normal(0, 2.5, (clients, months))


def told(alert):
    name = np.frombuffer(alert.pseudonym, "V32")[0]
    return name, KINDS.index(alert.kind), alert.month, alert.size_days, alert.ends_at_days or 0


def _newest(paths: np.ndarray, raised: np.ndarray = NOBODY, **options):
    history = _history(paths, **options)
    return detect(history, history[-1][0], raised)


def test_a_sudden_jump_is_a_shock_with_the_cells_it_rests_on() -> None:
    paths = _quiet()
    paths[7, -4:] = [10, 11, 12, 45]
    (alert,) = [alert for alert in _newest(paths) if alert.kind == "shock"]
    assert alert.pseudonym == names(60)[7].tobytes()
    assert alert.size_days == pytest.approx(34, abs=2)
    assert alert.since_month == alert.month == JANUARY + 23
    assert alert.confidence == "very likely"
    assert alert.detector == "shock-4"
    assert alert.may_be_larger
    assert [days for _, days in alert.evidence][-4:] == [10, 11, 12, 45]
    assert [month - alert.month for month, _ in alert.evidence] == [-13, -12, -11, -3, -2, -1, 0]
    assert 11 < alert.ends_at_days < 45
    assert uuid.UUID(alert.id).version == 4


def test_a_slow_worsening_is_a_drift_that_says_since_when() -> None:
    paths = _quiet()
    paths[7] = 10 + np.r_[np.zeros(18), [5, 10, 15, 20, 25, 28]]
    (alert,) = [alert for alert in _newest(paths) if alert.kind == "drift"]
    assert alert.pseudonym == names(60)[7].tobytes()
    assert JANUARY + 19 <= alert.since_month <= JANUARY + 22
    assert alert.evidence[0][0] == JANUARY + 8
    assert alert.evidence[-1] == (JANUARY + 23, 38)
    assert not alert.may_be_larger


def test_a_season_that_comes_every_year_raises_nothing_and_a_worse_one_does() -> None:
    paths = _quiet(months=24)
    season = np.array([0, 0, 20, 24, 24, 20, 0, 0, 0, 0, 0, 0])
    at = (np.arange(24) - 23) % 12  # the newest month is the season's height
    paths[7] = 10 + np.roll(season, -3)[at]
    assert paths[7, -1] == paths[7, -13] == 34
    assert _newest(paths) == []
    paths[7, -13:-10] = 10  # without last year's season it is news
    assert "drift" in {alert.kind for alert in _newest(paths)}
    paths[7] = 10 + np.roll(season, -3)[at]
    paths[7, -1] += 60  # with it, what goes far beyond it is
    assert "shock" in {alert.kind for alert in _newest(paths)}


def test_an_improvement_raises_nothing() -> None:
    paths = _quiet()
    paths[7, -1] -= 40
    paths[8, -6:] -= 30
    assert _newest(paths) == []


def test_what_lasted_one_month_is_no_drift() -> None:
    paths = _quiet()
    paths[7, -1] += 60
    assert [alert.kind for alert in _newest(paths)] == ["shock"]


def test_what_happens_to_everybody_is_nobodys_alert() -> None:
    paths = _quiet()
    paths[:, -3:] += 25
    assert _newest(paths) == []


def test_a_rise_too_small_to_matter_raises_nothing_however_sure() -> None:
    paths = np.full((60, 24), 12.0)
    paths[7, -1] += SHOCK.rise_min_days - 1
    assert _newest(paths, band=3) == []


def test_a_cell_says_nothing_in_its_first_four_months() -> None:
    paths = _quiet()
    paths[7, : -STANDARD.alert_wait_months] = np.nan
    paths[7, -4:] = [10, 11, 12, 45]
    assert _newest(paths) == []
    paths[7, -5] = 10
    assert [alert.kind for alert in _newest(paths)] == ["shock"]


def test_a_cell_absent_from_the_newest_release_raises_nothing() -> None:
    paths = _quiet()
    paths[7, -6:-1] += 40
    paths[7, -1] = np.nan
    assert _newest(paths) == []


def test_drift_waits_for_ten_months_of_history() -> None:
    paths = _quiet(months=24)
    paths[7] = 10 + np.r_[np.zeros(21), np.full(3, 40.0)]
    assert "drift" in [alert.kind for alert in _newest(paths[:, -10:])]
    assert "drift" not in [alert.kind for alert in _newest(paths[:, -9:])]


def test_running_again_gives_the_same_alerts() -> None:
    paths = _quiet()
    paths[7, -1] += 40
    first = _newest(paths)
    own = np.array([told(one) for one in first], RAISED_DTYPE)
    assert first
    assert _newest(paths, own) == first


def test_an_alert_of_one_kind_is_not_repeated_for_six_months() -> None:
    paths = _quiet()
    paths[7, -1] += 40
    for ago, expected in ((1, 0), (5, 0), (6, 1)):
        before = np.array([(names(60)[7], KINDS.index("shock"), JANUARY + 23 - ago, 40, -99)], RAISED_DTYPE)
        assert len([alert for alert in _newest(paths, before) if alert.kind == "shock"]) == expected
    other = np.array([(names(60)[7], KINDS.index("drift"), JANUARY + 22, 40, -99)], RAISED_DTYPE)
    assert len([alert for alert in _newest(paths, other) if alert.kind == "shock"]) == 1


def test_identities_differ_by_client_month_and_kind() -> None:
    paths = _quiet()
    paths[7:9, -1] += 40
    paths[9] = 10 + np.r_[np.zeros(18), np.full(6, 30.0)]
    ids = [alert.id for alert in _newest(paths)] + [alert.id for alert in _newest(paths, first=JANUARY + 1)]
    assert len(set(ids)) == len(ids) >= 6


def test_a_shock_that_everybody_is_compared_with_in_a_tiny_network_is_still_seen() -> None:
    paths = np.full((3, 24), 12.0)
    paths[1, -1] = 50
    assert [alert.kind for alert in _newest(paths)] == ["shock"]


def test_a_large_network_raises_the_cut_to_what_improvements_reach() -> None:
    paths = _quiet(clients=3000, seed=5)
    improving = np.arange(30)  # one in a hundred improves by 40: the null is that wide
    paths[improving, -1] -= 40
    paths[100, -1] += 35
    assert "shock" not in [alert.kind for alert in _newest(paths)]
    paths[improving, -1] += 40
    assert "shock" in [alert.kind for alert in _newest(paths)]


def test_no_release_raises_no_alert() -> None:
    assert detect([], JANUARY, NOBODY) == []
    assert detect([(JANUARY, np.zeros(0, CELL_DTYPE))], JANUARY, NOBODY) == []


def _world(seed: int, clients: int = 150, months: int = 30, groups: int = 40, jumps: int = 5):
    """A living network through the policy: heavy-tailed sharing, own paths, joins and leaves, some jumps."""
    rng = np.random.default_rng(seed)
    known, key = names(clients, seed), rng.bytes(32)
    ids = np.sort(np.frombuffer(rng.bytes(16 * groups), "V16"))
    wanted = np.clip((5 + rng.pareto(1.6, clients) * 3).astype(int), 5, groups - 2)
    active = rng.random((clients, groups)).argsort(axis=1).argsort(axis=1) < wanted[:, None]
    level = np.clip(rng.gamma(1.5, 8, clients), 0, 80)[:, None] + rng.normal(0, 6, (clients, groups))
    own = np.zeros(clients)
    weather = [rng.normal(0, 1, (clients, groups)) for _ in range(3)]
    history, chain = [], None
    for month in range(JANUARY, JANUARY + months):
        own = 0.7 * own + rng.normal(0, 2 * 0.51**0.5, clients)
        active ^= rng.random((clients, groups)) < 0.015 * np.where(active, 1, (wanted / groups)[:, None])
        weather = [*weather[1:], rng.normal(0, 1, (clients, groups))]
        days = level + own[:, None] + 8 * sum(weather) / 3
        days[:jumps] += 30 * (month >= JANUARY + 18)
        client, group = np.nonzero(active)
        values = np.stack([days[client, group], days[client, group] + 45])
        made = Tally(month, known, ids, client, group, np.full(len(client), month), values)
        protected, chain = protect(made, chain, STANDARD, key)
        history.append((month, protected.cells))
    return known, history


def test_false_onsets_are_about_one_in_a_thousand_client_months_and_jumps_are_caught() -> None:
    false = months = caught = 0
    for seed in range(8):
        known, history = _world(seed)
        jumped = {name.tobytes() for name in known[:5]}
        raised = NOBODY
        seen = set()
        for place in range(4, len(history)):
            found = detect(history[: place + 1], history[place][0], raised)
            raised = np.concatenate([raised, np.array([told(one) for one in found], RAISED_DTYPE)])
            worse = [one for one in found if one.kind in {"drift", "shock"}]
            false += sum(one.pseudonym not in jumped for one in worse)
            seen |= {one.pseudonym for one in worse if one.month >= JANUARY + 18} & jumped
            months += len(history[place][1])
        caught += len(seen)
    assert 1000 * false / months < 2
    assert caught >= 0.7 * 40  # about four in five over many worlds
    assert {DRIFT.name, SHOCK.name} == {"drift-4", "shock-4"}


def _only(found, kind):
    return [alert for alert in found if alert.kind == kind]


def test_a_client_that_is_back_for_two_months_has_recovered_once() -> None:
    paths = _quiet()
    paths[7] = np.r_[np.full(18, 10), [45, 45, 45, 40, 12, 11]]
    raised = np.array([(names(60)[7], KINDS.index("shock"), JANUARY + 18, 35, 27)], RAISED_DTYPE)
    (alert,) = _only(_newest(paths, raised), "recovery")
    assert (alert.size_days, alert.severity, alert.ends_at_days) == (-34, "info", None)
    again = np.array([*raised, told(alert)], RAISED_DTYPE)
    again["month"][1] -= 1
    assert _only(_newest(paths, again), "recovery") == []
    assert _only(_newest(paths[:, :-1], raised), "recovery") == []  # one month is not two


def test_an_alert_that_grew_since_is_told_again() -> None:
    paths = _quiet()
    paths[7, -1] += 60
    before = np.array([(names(60)[7], KINDS.index("shock"), JANUARY + 21, 20, -99)], RAISED_DTYPE)
    assert len(_only(_newest(paths, before), "shock")) == 1


def test_a_published_flag_that_is_newly_set_is_an_incident_and_says_no_number() -> None:
    history = _history(_quiet())
    history[-1][1]["incident"][7] = 1
    (alert,) = _only(detect(history, history[-1][0], NOBODY), "incident")
    assert (alert.severity, alert.confidence, alert.size_days) == ("urgent", "certain", 0)
    history[-3][1]["incident"][7] = 1
    assert _only(detect(history, history[-1][0], NOBODY), "incident") == []


def test_a_client_published_for_the_first_time_is_told_but_not_a_networks_first_release() -> None:
    paths = _quiet()
    paths[7, :-1] = np.nan
    (alert,) = _only(_newest(paths), "first")
    assert alert.pseudonym == names(60)[7].tobytes()
    assert _newest(paths[:, -1:]) == []


def test_the_cut_rises_with_what_improvements_reach_and_stays_where_nothing_is_known() -> None:
    nothing = np.zeros(0, np.float32)
    assert cut_by_mirror(DRIFT, nothing, nothing) == pytest.approx(DRIFT.cut_z, abs=0.06)
    calm = np.zeros(200_000, np.float32)
    assert cut_by_mirror(DRIFT, calm, nothing) == DRIFT.cut_min_z
    wild = np.full(1_000, 7.0, np.float32)
    assert cut_by_mirror(DRIFT, calm, wild) > 7


def test_severity_orders_what_to_do() -> None:
    assert severity_of("first", 0, "certain") == severity_of("recovery", -30, "likely") == "info"
    assert severity_of("drift", 10, "likely") == "watch"
    assert severity_of("drift", 10, "very likely") == severity_of("drift", 20, "likely") == "act"
    assert severity_of("shock", 30, "very likely") == severity_of("incident", 0, "certain") == "urgent"


@given(st.integers(0, 2**32 - 1))
@settings(derandomize=True, max_examples=4, phases=[Phase.generate], deadline=None)
def test_networks_that_differ_only_in_what_is_not_published_give_the_same_alerts(seed) -> None:
    """What no cell shows (clients of too few, amounts, what is factored or disputed) is drawn anew."""
    rng = np.random.default_rng(seed)
    known, key, alerts = names(24, seed), rng.bytes(32), []
    days = rng.normal(12, 6, (24, 1)) + rng.normal(0, 3, (24, 8))
    days[:4, -1] += 60
    drawn, wide = [int(rng.integers(0, 2**31)) for _ in range(2)], {}
    for one in drawn:
        unpublished, history, state = np.random.default_rng(one), [], None
        sizes = unpublished.integers(1, 50, 12)
        for month in range(8):
            uploads = []
            for number in range(12):
                mine = known if number < 2 else known[:18]  # the last six have two suppliers
                made = rows(mine, days[: len(mine), month] + number)
                for name in ("sales", "disputed", "paid_days_to_pay"):
                    made[name] = unpublished.integers(0, 10**9, len(mine))
                for name in ("paid", "paid_days_late"):  # a firm's size, which weighs nothing
                    made[name] *= sizes[number]
                made["present"] |= FIELD_BIT["sector"]
                made["sector"] = 1 + np.arange(len(mine)) % 3
                if number < 2:
                    made["factored"][18:] = 1
                    made["sector"][18:] = unpublished.integers(1, 21, 6)
                    made["paid_days_late"][18:] = unpublished.integers(0, 10**9, 6)
                uploads.append(upload(number, JANUARY + month, made))
            window = [*(history[-2:]), uploads]
            read = [one for some in window for one in some]
            result = release_month(JANUARY + month, read, state, STANDARD, key)
            state = result.state
            history.append(uploads)
            released = {0: result.release.network, **result.release.sectors}
            wide[one, JANUARY + month] = {at: (cell.days_late, cell.band) for at, cell in released.items()}
            alerts.append((JANUARY + month, result.release.cells))
    first, second = alerts[:8], alerts[8:]
    for one, other in zip(first, second, strict=True):
        assert one[1].tobytes() == other[1].tobytes()
    assert set(first[-1][1]["sector"]) == {1, 2, 3}
    beside = [{month: wide[one, month] for month in range(JANUARY, JANUARY + 8)} for one in drawn]
    assert beside[0] == beside[1]
    found = [
        [detect(some[: at + 1], JANUARY + at, NOBODY, wide=cells) for at in range(8)]
        for some, cells in zip((first, second), beside, strict=True)
    ]
    assert found[0] == found[1]
    assert any(found[0])


def _in_sectors(paths: np.ndarray, sector: np.ndarray, wide: dict[int, dict] | None = None):
    history = _history(paths)
    for month, (when, cells) in enumerate(history):
        there = np.nonzero(~np.isnan(paths[:, month]))[0]
        cells["sector"] = sector[there]
        history[month] = when, cells
    return detect(history, history[-1][0], NOBODY, wide=wide)


def test_what_a_whole_sector_does_is_no_clients_alert_and_is_told_beside_one() -> None:
    paths, sector = _quiet(clients=200), np.where(np.arange(200) < 50, 3, 8).astype(np.uint8)
    paths[:50, -3:] += 14  # the whole sector, for three months
    paths[60, -3:] += 40
    paths[7, -3:] += 30
    worse = [one for one in _in_sectors(paths, sector) if one.kind in {"drift", "shock"}]
    assert {one.pseudonym for one in worse} == {names(200)[7].tobytes(), names(200)[60].tobytes()}
    mine = next(one for one in worse if one.pseudonym == names(200)[7].tobytes())
    assert mine.sector == 3
    assert mine.shared_days == pytest.approx(11, abs=3)  # drawn towards the network's
    unlabelled = [
        one for one in _in_sectors(paths, np.zeros(200, np.uint8)) if one.kind in {"drift", "shock"}
    ]
    assert len(unlabelled) > 10  # without the label many clients of the sector would look ill


def _wide(centres: list[int], code: int = 3, band: int = 3) -> dict[int, dict]:
    return {JANUARY + at: {0: (12, 3), code: (days, band)} for at, days in enumerate(centres)}


def test_a_sector_that_slows_for_two_months_is_told_once_as_a_sector() -> None:
    paths, none = _quiet(), np.zeros(60, np.uint8)
    (alert,) = [one for one in _in_sectors(paths, none, _wide([14] * 22 + [26, 27])) if one.kind == "sector"]
    assert (alert.sector, sector_of(alert.pseudonym)) == (3, 3)
    assert alert.pseudonym == sector_subject(3)
    assert (alert.size_days, alert.severity) == (13, "watch")
    assert alert.evidence[-2:] == ((JANUARY + 22, 26), (JANUARY + 23, 27))
    assert alert.since_month == JANUARY + 22
    assert sector_of(names(1)[0].tobytes()) is None


@pytest.mark.parametrize(
    "centres",
    [
        [14] * 23 + [27],  # one month alone
        [14] * 22 + [17, 17],  # within the noise of a sector's cell
        [14] * 3 + [27] * 2,  # no past to compare with
    ],
)
def test_a_sector_is_not_told_of_from_one_month_from_noise_or_without_a_past(centres) -> None:
    paths = _quiet(months=len(centres))
    assert not [
        one for one in _in_sectors(paths, np.zeros(60, np.uint8), _wide(centres)) if one.kind == "sector"
    ]


def test_what_the_whole_network_does_is_no_sectors_shift() -> None:
    wide = {
        month: {**cells, 0: (12 if month < JANUARY + 22 else 25, 3)}
        for month, cells in _wide([14] * 22 + [26, 27]).items()
    }
    assert not [one for one in _in_sectors(_quiet(), np.zeros(60, np.uint8), wide) if one.kind == "sector"]
