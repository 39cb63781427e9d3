"""What docs/policy.md guarantees, each sentence looked at for a counterexample among random networks."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.release import release_month
from benchmark.tally import tally
from privacy.chain import Chain, decode
from privacy.disclosure import MISSING, TERMS, Tally, protect
from privacy.profiles import PROFILES, STANDARD
from tests.benchmark.test_release import SMALL, _lived, _said
from tests.benchmark.worlds import JANUARY, KEY, names
from tests.examples import examples

SEEDS = st.integers(0, 2**32 - 1)
GROUPS = np.array([bytes([number + 1]) * 16 for number in range(14)], "V16")


def _tally(rng: np.random.Generator, month: int = JANUARY, groups: int = 14, share: float = 0.8) -> Tally:
    """Five clients, groups that know most of them, one sector and region, values far and wide."""
    there = rng.random((5, groups)) < share
    client, group = np.nonzero(there)
    values = np.stack([rng.normal(15, 30, len(client)), rng.uniform(0, 200, len(client))])
    label = np.ones(len(client), np.uint8)
    return Tally(
        month, names(5), GROUPS[:groups], client, group, np.full(len(client), month), values,
        rng.random(len(client)) < 0.2, label, label,
    )  # fmt: skip


def _place(chain: Chain, cell: np.void) -> int:
    """Code of a cell's client."""
    return [name.tobytes() for name in chain.names].index(cell["pseudonym"].tobytes())


PROFILE = replace(STANDARD, name="policy-test", wide_clients_min=3)


def _bound(last: int | None, network: float, n: int) -> float:
    """How far one group moves a centre: what is let in over n, and a day of rounding."""
    low, high = network - PROFILE.first_clip_days, network + PROFILE.first_clip_days
    if last is not None:
        low, high = min(low, last - PROFILE.clip_days), max(high, last + PROFILE.clip_days)
    return (high - low) / n + 1


@examples(25)
@given(seed=SEEDS, liar=st.integers(0, 13), lie=st.floats(-1e9, 1e9))
def test_whatever_one_group_sends_moves_a_centre_by_what_its_cell_lets_in_over_n(seed, liar, lie) -> None:
    rng = np.random.default_rng(seed)
    _, chain = protect(_tally(rng), None, PROFILE, KEY)
    honest = _tally(rng, JANUARY + 1)
    lied = honest.values.copy()
    lied[:, honest.group == liar] = lie
    (one, after), (other, _) = (
        protect(made, chain, PROFILE, KEY) for made in (honest, replace(honest, values=lied))
    )
    assert one.cells["pseudonym"].tolist() == other.cells["pseudonym"].tolist()
    width = len(after.groups)
    for place, field in enumerate(("days_late", "dso")):
        panels = after.clients[place]
        n = np.bincount(panels.member // width, minlength=len(after.names))
        # the network's centre is moved too, and carries what every cell lets in with it
        tops = [getattr(made.network, field) for made in (one, other)]
        apart = abs(tops[0] - tops[1])
        assert apart <= 70 / np.bincount(after.network[place].member // width)[0] + 1
        for cell, changed in zip(one.cells, other.cells, strict=True):
            if MISSING in {int(cell[field]), int(changed[field])}:
                continue
            code = _place(after, cell)
            last = chain.clients[place].centre[chain.clients[place].cell.tolist().index(code)]
            moved = abs(int(cell[field]) - int(changed[field]))
            assert moved <= _bound(int(last), tops[0], int(n[code])) + apart
        for code, cell in one.sectors.items():
            n_wide = np.bincount(after.wide[place].member // width, minlength=34)[code - 1]
            said = [getattr(cell, field), getattr(other.sectors[code], field)]
            assert None in said or abs(said[0] - said[1]) <= 70 / n_wide + apart + 1


@examples(10)
@given(seed=SEEDS, between=SEEDS)
def test_the_same_inputs_give_the_same_bytes_whatever_was_asked_in_between(seed, between) -> None:
    made = _tally(np.random.default_rng(seed))
    first, chain = protect(made, None, PROFILE, KEY)
    protect(_tally(np.random.default_rng(between), JANUARY + 1), chain, PROFILE, KEY)
    again, _ = protect(made, None, PROFILE, KEY)
    assert again.cells.tobytes() == first.cells.tobytes()
    assert (again.network, again.sectors, again.regions) == (first.network, first.sectors, first.regions)


def test_the_policy_is_not_told_who_will_look_nor_what_time_it_is() -> None:
    assert list(inspect.signature(protect).parameters) == [
        "tally", "before", "profile", "release_key", "expelled"
    ]  # fmt: skip
    assert list(inspect.signature(release_month).parameters) == [
        "month", "uploads", "previous", "profile", "release_key", "expelled", "aged"
    ]  # fmt: skip


def test_what_was_published_is_never_published_again_and_an_edited_profile_is_refused() -> None:
    made = _tally(np.random.default_rng(1))
    protected, chain = protect(made, None, PROFILE, KEY)
    with pytest.raises(ValueError, match="read-only"):
        protected.cells["dso"] = 0
    for month in (JANUARY, JANUARY - 1):
        with pytest.raises(ValueError, match="never publishes a month twice"):
            protect(replace(made, month=month), chain, PROFILE, KEY)
    with pytest.raises(ValueError, match="was edited"):
        protect(replace(made, month=JANUARY + 1), chain, replace(PROFILE, clip_days=21.0), KEY)


@examples(6)
@given(seed=SEEDS)
def test_nothing_is_published_of_fewer_groups_than_the_floors(seed) -> None:
    state = None
    for month, window, expelled, aged in _lived(seed, months=7):
        result = release_month(month, window, state, SMALL, KEY, expelled, aged)
        state = result.state
        after = decode(state)
        width = len(after.groups)

        def members(panels, cell: int, after=after, width=width) -> int:
            inside = panels.member[panels.member // width == cell] % width
            return len({after.groups[code].tobytes() for code in inside})

        for cell in result.release.cells:
            code = _place(after, cell)
            for place, field in enumerate(("days_late", "dso")):
                assert cell[field] == MISSING or members(after.clients[place], code) >= SMALL.n_min
            assert not cell[TERMS[0]] or members(after.terms, code) >= SMALL.terms_n_min
        wide = {code - 1: cell for code, cell in result.release.sectors.items()}
        wide |= {code + 20: cell for code, cell in result.release.regions.items()}
        for place, field in enumerate(("days_late", "dso")):
            for code, cell in wide.items():
                shown = getattr(cell, field) is not None
                assert not shown or members(after.wide[place], code) >= SMALL.network_n_min


@examples(25)
@given(seed=SEEDS, scale=st.floats(0, 1e6))
def test_a_cell_that_is_not_published_changes_no_byte_of_what_is(seed, scale) -> None:
    rng = np.random.default_rng(seed)
    made = _tally(rng, groups=9)  # fewer than the network's floor: nothing is made of everybody
    hidden = np.bincount(made.client, minlength=5) < PROFILE.n_min
    hidden |= np.arange(5) == rng.integers(5)
    kept = ~hidden[made.client] | (made.group < PROFILE.n_min - 1)
    made = replace(
        made,
        client=made.client[kept], group=made.group[kept], as_of=made.as_of[kept],
        values=made.values[:, kept], incident=made.incident[kept],
        sector=made.sector[kept], region=made.region[kept],
    )  # fmt: skip
    unseen = np.bincount(made.client, minlength=5)[made.client] < PROFILE.n_min
    changed = replace(
        made,
        values=np.where(unseen, made.values * scale - 7, made.values),
        incident=made.incident ^ unseen,
    )
    one, other = (protect(each, None, PROFILE, KEY)[0] for each in (made, changed))
    assert one.cells.tobytes() == other.cells.tobytes()
    assert (one.network, one.sectors, one.regions) == (other.network, other.sectors, other.regions)


@examples(8)
@given(seed=SEEDS)
def test_no_sector_is_left_over_when_the_others_are_taken_from_the_network(seed) -> None:
    state = quarter = None
    for month, window, expelled, aged in _lived(seed, months=7):
        result = release_month(month, window, state, SMALL, KEY, expelled, aged)
        state, revision = result.state, quarter != month // 3
        quarter = month // 3
        raw = tally([one for one in window if one.first_full_month <= month], month)
        out = np.isin(raw.groups, np.array([bytes(16), *expelled], "V16"))[raw.group]
        for place, field in enumerate(("days_late", "dso")):
            if getattr(result.release.network, field) is None or not revision:
                continue  # kept from revision to revision: nobody watches a threshold
            known = ~np.isnan(raw.values[place]) & ~out
            for labels, cells in ((raw.sector, result.release.sectors), (raw.region, result.release.regions)):
                shown = [code for code, cell in cells.items() if getattr(cell, field) is not None]
                left = len(set(raw.group[known & ~np.isin(labels, shown)].tolist()))
                assert not shown or left == 0 or left >= SMALL.network_n_min


def test_no_band_of_terms_says_nobody_or_all() -> None:
    for profile in PROFILES.values():
        assert all(0 < step < 1 for step in profile.terms_share_steps)
        assert list(profile.terms_share_steps) == sorted(set(profile.terms_share_steps))
        assert len(profile.terms_classes_days) + 1 == len(TERMS)


def test_late_data_change_no_release_that_is_out_and_enter_the_next() -> None:
    lived = list(_lived(5, months=3))
    states, said = [None], []
    for month, window, expelled, aged in lived:
        result = release_month(month, window, states[-1], SMALL, KEY, expelled, aged)
        states.append(result.state)
        said.append(_said(result.release))
    month, window, expelled, aged = lived[0]
    assert _said(release_month(month, window, None, SMALL, KEY, expelled, aged).release) == said[0]
