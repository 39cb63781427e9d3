"""What is published passed the policy: the floor, the one road, suppression that looks alike."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.disclosure import CELL_DTYPE, TERMS, Protected, Release, Tally, WideCell, protect, publish
from privacy.profiles import STANDARD
from tests.examples import examples
from tests.privacy.panel_play import CLIENT, GROUPS, JANUARY, KEY, Play, tally


def _network_tally(groups: int, month: int = JANUARY, values=None) -> Tally:
    """So many groups, one client each."""
    names = np.sort(np.frombuffer(np.random.default_rng(4).bytes(32 * groups), "V32"))
    days = np.full(groups, 10.0) if values is None else np.asarray(values, float)
    each = np.arange(groups)
    return Tally(month, names, GROUPS, each, each, np.full(groups, month), np.stack([days, days + 40]))


def _made() -> Protected:
    return protect(tally(JANUARY, dict.fromkeys(range(6), 1.0)), None, STANDARD, KEY)[0]


def test_nobody_but_the_policy_makes_what_counts_as_protected() -> None:
    cells, none = np.zeros(1, CELL_DTYPE), WideCell(None, None, None)
    for warrant in (None, object(), "the policy"):
        with pytest.raises(TypeError, match="only the policy"):
            Protected(JANUARY, "standard-1", cells, none, {}, {}, warrant)


def test_something_protected_lends_its_warrant_to_nothing_else() -> None:
    with pytest.raises((TypeError, ValueError)):
        replace(_made(), cells=np.zeros(1, CELL_DTYPE))


def test_a_protected_one_cannot_be_given_other_cells() -> None:
    with pytest.raises(ValueError, match="read-only"):
        _made().cells["days_late"] = 1
    with pytest.raises(FrozenInstanceError):
        _made().cells = np.zeros(1, CELL_DTYPE)
    with pytest.raises(TypeError):
        _made().sectors[1] = WideCell(1, 1, 1)


def test_neither_a_raw_tally_nor_what_looks_like_something_protected_is_published() -> None:
    class Lookalike(Protected):
        __slots__ = ()

        def __post_init__(self, warrant) -> None:
            pass

    raw = tally(JANUARY, {0: 1.0})
    lookalike = Lookalike(JANUARY, "x", np.zeros(1, CELL_DTYPE), WideCell(None, None, None), {}, {}, None)
    for other in (raw, lookalike):
        with pytest.raises(TypeError, match="only what is protected"):
            publish(other, (JANUARY,))
        with pytest.raises(TypeError, match="only what is protected"):
            Release(other, (JANUARY,))


SHORTCUTS = {
    "a tally is published": "release = publish(raw, (raw.month,))",
    "a release of a tally": "release = Release(raw, (raw.month,))",
    "a release of cells": "release = Release(np.zeros(3, CELL_DTYPE), (raw.month,))",
    "a warrant of one's own": "one = Protected(1, 'x', np.zeros(3, CELL_DTYPE), nothing, {}, {}, object())",
    "no warrant": "one = Protected(1, 'x', np.zeros(3, CELL_DTYPE), nothing, {}, {})",
    "a tally as a warrant": "one = Protected(1, 'x', np.zeros(3, CELL_DTYPE), nothing, {}, {}, raw)",
}


def test_the_type_checker_refuses_every_shortcut_from_raw_to_published(tmp_path) -> None:
    start = [
        "import numpy as np",
        "from privacy.disclosure import CELL_DTYPE, Protected, Release, Tally, WideCell, protect, publish",
        "from privacy.profiles import STANDARD",
        "nothing = WideCell(None, None, None)",
        "def honest(raw: Tally) -> Release:",
        "    protected, _ = protect(raw, None, STANDARD, bytes(32))",
        "    return publish(protected, (raw.month,))",
    ]
    lines = [*start, "def shortcuts(raw: Tally) -> None:", *(f"    {line}" for line in SHORTCUTS.values())]
    snippet = tmp_path / "shortcut.py"
    snippet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(snippet)]
    asked = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    told = [line.split(": error:")[0] for line in asked.stdout.splitlines() if ": error:" in line]
    refused = {int(line.rsplit(":", 1)[1]) for line in told if "shortcut.py" in line}
    assert refused == set(range(len(start) + 2, len(lines) + 1)), asked.stdout + asked.stderr


@examples(50)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 11)), unique=True, max_size=40))
def test_no_cell_is_published_with_fewer_than_five_groups_nor_the_network_with_fewer_than_ten(pairs) -> None:
    pairs = sorted(pairs)
    names = np.array([bytes([number + 1]) * 32 for number in range(4)], "V32")
    client, group = (np.array([pair[axis] for pair in pairs], np.int64) for axis in (0, 1))
    made = Tally(
        JANUARY, names, GROUPS, client, group, np.full(len(pairs), JANUARY), np.full((2, len(pairs)), 10.0)
    )
    protected, _ = protect(made, None, STANDARD, KEY)
    enough = [number for number in range(4) if np.sum(client == number) >= 5]
    assert protected.cells["pseudonym"].tolist() == names[enough].tolist()
    assert (protected.network.days_late is not None) == (len(set(group.tolist())) >= 10)
    assert (protected.cells["band"] >= 1).all()


def test_suppressed_cells_look_alike_whatever_the_reason() -> None:
    nobody = Play().turn([])
    too_few = Play().turn(range(4))
    expelled = Play().turn(range(6)).turn(range(6), expelled=[0])
    worn = Play().turns(range(6), range(6), *[range(5)] * 7)
    everyone_null = Play().turn(
        dict.fromkeys(range(6), float("nan")), dso=dict.fromkeys(range(6), float("nan"))
    )
    answers = {play.cells[-1].tobytes() for play in (nobody, too_few, expelled, worn, everyone_null)}
    assert answers == {b""}


def test_the_network_has_a_cell_of_its_own_with_a_higher_floor() -> None:
    nine, _ = protect(_network_tally(9), None, STANDARD, KEY)
    ten, _ = protect(_network_tally(10), None, STANDARD, KEY)
    assert nine.network == WideCell(None, None, None)
    assert not len(ten.cells)
    assert abs(ten.network.days_late - 10) <= 3 * STANDARD.wide_factor * STANDARD.noise_sd_days(10)
    assert abs(ten.network.dso - 50) <= 3 * STANDARD.wide_factor * STANDARD.noise_sd_days(10)
    assert ten.network.band in {2, 3}


def test_one_group_counts_once_in_the_network_however_many_clients_it_has() -> None:
    names = np.sort(np.frombuffer(np.random.default_rng(4).bytes(32 * 60), "V32"))
    silent = replace(
        STANDARD,
        noise_permanent_days=0.0, noise_set_days=0.0, noise_quarter_days=0.0, noise_month_days=0.0,
    )  # fmt: skip
    client = np.concatenate([np.arange(10), np.arange(10, 60)])
    group = np.concatenate([np.arange(10), np.zeros(50, int)])
    days = np.concatenate([np.full(10, 0.0), np.full(50, 30.0)])
    made = Tally(JANUARY, names, GROUPS, client, group, np.full(60, JANUARY), np.stack([days, days]))
    protected, _ = protect(made, None, silent, KEY)
    assert protected.network.days_late == round((30 * 50 / 51) / 10)


def test_the_network_cell_is_frozen_like_any_other() -> None:
    _, chain = protect(_network_tally(10), None, STANDARD, KEY)
    _, chain = protect(_network_tally(11, JANUARY + 3), chain, STANDARD, KEY)
    assert len(chain.network[0].member) == 10
    _, chain = protect(_network_tally(12, JANUARY + 6), chain, STANDARD, KEY)
    assert len(chain.network[0].member) == 12


def test_a_first_publication_starts_from_the_networks_published_cell() -> None:
    names = np.array([b"\1" * 32], "V32")
    groups = np.arange(10)
    days = np.full(10, 47.0)  # as far as the network's first cell can go from its constant, 12
    made = Tally(
        JANUARY, names, GROUPS, np.zeros(10, int), groups, np.full(10, JANUARY), np.stack([days, days])
    )
    silent = replace(
        STANDARD,
        noise_permanent_days=0.0, noise_set_days=0.0, noise_quarter_days=0.0, noise_month_days=0.0,
    )  # fmt: skip
    _, chain = protect(made, None, silent, KEY)
    assert chain.network[0].centre.tolist() == [47]
    other = np.array([b"\2" * 32], "V32")
    late = np.full(10, 200.0)
    made = Tally(
        JANUARY + 3,
        other,
        GROUPS,
        np.zeros(10, int),
        groups,
        np.full(10, JANUARY + 3),
        np.stack([late, late]),
    )
    protected, _ = protect(made, chain, silent, KEY)
    new = protected.cells[protected.cells["pseudonym"] == other]
    # the network's relations and its groups' values are cut 35 days around 47; the client's 35 around that
    assert protected.network.days_late == 82
    assert new["days_late"].tolist() == [82 + 35]


def test_a_tally_prints_nobodys_values() -> None:
    shown = repr(tally(JANUARY, {0: 12.345}))
    assert "12.3" not in shown
    assert "x07" not in shown


def test_a_release_holds_no_more_than_what_the_design_publishes() -> None:
    assert {one.name for one in fields(Release)} == {"protected", "window"}
    assert {one.name for one in fields(Protected)} == {
        "month", "profile", "cells", "network", "sectors", "regions"
    }  # fmt: skip
    assert CELL_DTYPE.names == (
        "pseudonym",
        "band",
        "days_late",
        "spread",
        "dso",
        "incident",
        *TERMS,
        "sector",
    )
    assert CELL_DTYPE.itemsize == 45
    assert len(CLIENT) == 32
