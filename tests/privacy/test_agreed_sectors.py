"""A client's published sector: named alike by enough of its panel, decided with it, never seen going."""

from dataclasses import replace

import numpy as np

from privacy.chain import decode, encode
from privacy.disclosure import protect
from privacy.profiles import STANDARD, STRICT
from tests.privacy.panel_play import JANUARY
from tests.privacy.wide_play import labelled

FLOOR, MORE = STANDARD.sector_groups_min, STANDARD.sector_groups_more_max
GROUPS = 12
KEYS = [bytes([number]) * 32 for number in range(60)]


def _sector(labels, month=JANUARY, chain=None, profile=STANDARD, groups=GROUPS, key=None):
    """The published sector of one client that `groups` groups know, `labels` by group (0: unknown)."""
    made = labelled(np.ones((1, groups), bool), month=month)
    made = replace(made, sector=np.array([*labels, *[0] * (groups - len(labels))], np.uint8))
    protected, chain = protect(made, chain, profile, key or KEY)
    assert len(protected.cells) == 1
    return int(protected.cells["sector"][0]), decode(encode(chain))


KEY = next(key for key in KEYS if _sector([3] * FLOOR, key=key)[0])
"""Under which the draw of this client adds nothing; below, it is the one."""


def test_from_whom_it_takes_no_count_of_real_firms_is_read() -> None:
    """Four shams and one real firm name it, or two: whether it shows depends on a draw as well."""
    shown = [sum(_sector([3] * named, key=key)[0] == 3 for key in KEYS) for named in range(FLOOR - 1, 10)]
    assert shown[0] == 0, "never with fewer than a cell takes"
    assert shown == sorted(shown)
    expected = [len(KEYS) * number / (1 + MORE) for number in range(2 + MORE)]
    # 60 draws of a fair die with five faces: within 4 standard deviations.
    assert all(abs(one - wanted) <= 16 for one, wanted in zip(shown, expected, strict=True))
    assert shown[-1] == len(KEYS), "always with the most that it may take"
    # Drawn once: asking for a year averages nothing.
    for key in KEYS[:5]:
        assert len({_sector([3] * 7, JANUARY + 3 * quarter, key=key)[0] for quarter in range(4)}) == 1


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
