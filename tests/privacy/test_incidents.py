"""The incident flag: enough reports from the panel, how many is drawn for the client; up for the quarter."""

from itertools import pairwise

import numpy as np

from privacy.disclosure import protect
from privacy.profiles import STANDARD, STRICT
from tests.privacy.panel_play import JANUARY, KEY
from tests.privacy.wide_play import labelled

MOST = STANDARD.incident_reports_min + STANDARD.incident_reports_more_max
GROUPS = MOST + 2


def _flags(reports, month=JANUARY, chain=None, profile=STANDARD, clients=60, key=KEY):
    knows = np.ones((clients, GROUPS), bool)
    incident = np.broadcast_to(np.arange(GROUPS) < reports, knows.shape)
    protected, chain = protect(labelled(knows, month=month, incident=incident), chain, profile, key)
    return protected.cells["incident"].astype(bool), chain


def test_a_flag_goes_up_from_enough_reports_on_and_never_before() -> None:
    assert not _flags(STANDARD.incident_reports_min - 1)[0].any()
    assert _flags(MOST)[0].all()


def test_how_many_are_enough_is_drawn_for_the_client_each_number_as_likely() -> None:
    raised = [_flags(reports, clients=400)[0] for reports in range(STANDARD.incident_reports_min, MOST + 1)]
    shares = [flags.mean() for flags in raised]
    steps = 1 + STANDARD.incident_reports_more_max
    assert np.allclose(shares, np.arange(1, steps + 1) / steps, atol=0.08)
    for fewer, more in pairwise(raised):
        assert (more | ~fewer).all()


def test_once_up_it_stays_up_until_the_next_quarters_first_release() -> None:
    up, chain = _flags(MOST)
    for month, expected in ((1, True), (2, True), (3, False)):
        flags, chain = _flags(0, JANUARY + month, chain)
        assert flags.all() if expected else not flags.any()
    assert up.all()


def test_who_is_not_in_the_panel_reports_nothing() -> None:
    knows = np.ones((1, 5), bool)
    _, chain = protect(labelled(knows), None, STANDARD, KEY)
    knows = np.ones((1, GROUPS), bool)
    made = labelled(knows, month=JANUARY + 1, incident=np.arange(GROUPS)[None, :] >= 5)
    protected, _ = protect(made, chain, STANDARD, KEY)  # they wait to join
    assert not protected.cells["incident"].any()


def test_a_strict_profile_has_no_flag() -> None:
    assert not _flags(GROUPS, profile=STRICT)[0].any()
