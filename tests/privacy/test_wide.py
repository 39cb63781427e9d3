"""Sectors and regions: floors, noise, and what is never left to be had by subtraction (rule 11)."""

from dataclasses import replace

import numpy as np
import pytest

from privacy.disclosure import protect
from privacy.profiles import STANDARD
from tests.privacy.panel_play import JANUARY, KEY
from tests.privacy.wide_play import labelled

QUIET = replace(
    STANDARD,
    name="wide-test",
    noise_permanent_days=0.0, noise_set_days=0.0, noise_quarter_days=0.0, noise_month_days=0.0,
)  # fmt: skip


def _sectors(knows: np.ndarray, sector, **changed) -> dict:
    made = labelled(knows, sector)
    return dict(protect(made, None, replace(QUIET, **changed), KEY)[0].sectors)


def test_a_sector_needs_ten_groups_and_ten_clients() -> None:
    assert set(_sectors(np.ones((10, 10), bool), 3)) == {3}
    assert not _sectors(np.ones((9, 10), bool), 3)
    assert not _sectors(np.ones((10, 9), bool), 3)
    assert not _sectors(np.ones((10, 10), bool), 0)  # an unknown sector is none


def test_a_sector_that_is_nearly_one_client_is_not_published() -> None:
    knows = np.zeros((12, 12), bool)
    knows[0] = True  # twelve groups know the first client, five of them no other
    knows[1:, 5:] = True
    assert not _sectors(knows, 3)
    knows[1:, 2:] = True
    assert set(_sectors(knows, 3)) == {3}


def test_what_the_published_sectors_leave_of_the_network_is_nobody_or_ten_groups() -> None:
    knows, sector = np.zeros((23, 13), bool), np.repeat([1, 2, 3], [11, 11, 1])
    knows[sector == 1] = knows[sector == 2] = True
    assert set(_sectors(knows, sector)) == {1, 2}
    knows[sector == 3, :3] = True  # three groups know the third sector: the first is withheld with it
    assert set(_sectors(knows, sector)) == {2}
    knows[sector == 3, :10] = True  # ten groups are enough to be left over
    assert set(_sectors(knows, sector)) == {1, 2}


def test_what_the_hierarchy_withholds_it_withholds_for_the_quarter() -> None:
    knows, sector = np.zeros((23, 13), bool), np.repeat([1, 2, 3], [11, 11, 1])
    knows[sector != 3] = True
    knows[22, :3] = True
    _, chain = protect(labelled(knows, sector), None, QUIET, KEY)
    knows[22, :10] = True
    for months, shown in ((1, {2}), (2, {2}), (3, {1, 2})):
        protected, chain = protect(labelled(knows, sector, JANUARY + months), chain, QUIET, KEY)
        assert set(protected.sectors) == shown


def test_one_group_counts_once_in_a_sector_however_many_clients_it_has_there() -> None:
    knows, days = np.ones((12, 12), bool), np.zeros(12)
    knows[1:, 0] = False  # the first group knows the first client alone
    days[0] = 20.0
    made = labelled(knows, 5, days=days)
    cell = protect(made, None, QUIET, KEY)[0].sectors[5]
    assert cell.days_late == round((20 + 11 * 20 / 12) / 12)


def test_a_wide_cell_carries_its_factor_of_a_clients_noise() -> None:
    made = labelled(np.ones((10, 10), bool), 4, region=2)
    cells = [protect(made, None, STANDARD, bytes([number]) * 32)[0] for number in range(120)]
    expected = (STANDARD.wide_factor**2 * STANDARD.noise_sd_days(10) ** 2 + 1 / 12) ** 0.5
    for noise in (
        np.array([one.network.days_late for one in cells]),
        np.array([one.sectors[4].days_late for one in cells]),
        np.array([one.regions[2].days_late for one in cells]),
    ):
        assert noise.std() == pytest.approx(expected, rel=0.2)
    together = np.corrcoef([one.network.dso for one in cells], [one.sectors[4].dso for one in cells])[0, 1]
    assert abs(together) < 0.2


def test_a_clients_first_publication_starts_from_the_sector_that_most_of_its_groups_name() -> None:
    knows = np.ones((12, 12), bool)
    days = np.full(12, 40.0)
    _, chain = protect(labelled(knows, 6, days=days), None, QUIET, KEY)
    assert chain.network[0].centre.tolist() == [40]
    knows, days = np.ones((13, 12), bool), np.full(13, 40.0)
    days[12] = 300.0
    start = {}
    for label in (6, 7):
        made = labelled(knows, np.where(np.arange(13) == 12, label, 6), JANUARY + 3, days)
        protected, _ = protect(made, chain, QUIET, KEY)
        start[label] = int(protected.cells["days_late"][12]) - int(QUIET.first_clip_days)
        # sector 7 is not published: its client starts from the network
        anchor = protected.sectors[6] if label == 6 else protected.network
        assert start[label] == anchor.days_late
