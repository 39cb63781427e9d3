"""A client's published sector: named alike by enough of its panel, decided with it, never seen going."""

from dataclasses import replace

import numpy as np

from privacy.chain import decode, encode
from privacy.disclosure import protect
from privacy.profiles import STANDARD, STRICT
from tests.privacy.panel_play import JANUARY, KEY
from tests.privacy.wide_play import labelled

FLOOR = STANDARD.sector_groups_min
GROUPS = 12


def _sector(labels, month=JANUARY, chain=None, profile=STANDARD, groups=GROUPS):
    """The published sector of one client that `groups` groups know, `labels` by group (0: unknown)."""
    made = labelled(np.ones((1, groups), bool), month=month)
    made = replace(made, sector=np.array([*labels, *[0] * (groups - len(labels))], np.uint8))
    protected, chain = protect(made, chain, profile, KEY)
    assert len(protected.cells) == 1
    return int(protected.cells["sector"][0]), decode(encode(chain))


def test_it_takes_as_many_groups_as_a_cell_does_and_more_than_half_of_those_that_name_any() -> None:
    assert _sector([3] * (FLOOR - 1))[0] == 0
    assert _sector([3] * FLOOR)[0] == 3
    assert _sector([3] * FLOOR + [7] * (FLOOR - 1))[0] == 3
    assert _sector([3] * FLOOR + [7] * FLOOR)[0] == 0
    assert _sector([])[0] == 0


def test_between_revisions_nothing_shows_who_began_or_ceased_to_name_it() -> None:
    none, chain = _sector([3] * (FLOOR - 1))
    for month in (1, 2):
        later, chain = _sector([3] * GROUPS, JANUARY + month, chain)
        assert (none, later) == (0, 0)
    at_revision, chain = _sector([3] * GROUPS, JANUARY + 3, chain)
    assert at_revision == 3


def test_once_published_it_stays_until_as_many_agree_on_another() -> None:
    found, chain = _sector([3] * FLOOR)
    for month in range(1, 7):
        found, chain = _sector([3] * (FLOOR - 1), JANUARY + month, chain)
        assert found == 3
    for month in range(7, 10):
        found, chain = _sector([7] * FLOOR, JANUARY + month, chain)
    assert found == 7


def test_who_is_not_in_the_panel_names_nothing() -> None:
    _, chain = _sector([0] * 5, groups=5)
    for month in range(1, 3):  # seven more, who all wait for the revision
        found, chain = _sector([0] * 5 + [4] * 7, JANUARY + month, chain)
        assert found == 0


def test_a_strict_network_publishes_none() -> None:
    assert _sector([3] * GROUPS, profile=STRICT)[0] == 0
