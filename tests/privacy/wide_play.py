"""Networks of labelled clients, for tests of wide cells, flags and terms: who knows whom and says what."""

import numpy as np

from privacy.disclosure import Tally, TermsTally
from tests.benchmark.worlds import names
from tests.privacy.panel_play import GROUPS, JANUARY


def labelled(knows: np.ndarray, sector=1, month: int = JANUARY, days=10.0, incident=None, region=0) -> Tally:
    """A tally of `knows`, (clients, groups) of bool; sector, region and days by client or for all."""
    client, group = np.nonzero(knows)
    count = len(knows)
    value = np.broadcast_to(np.asarray(days, float), (count,))[client]
    reports = np.zeros(knows.shape, bool) if incident is None else incident
    return Tally(
        month=month,
        pseudonyms=names(count),
        groups=GROUPS[: knows.shape[1]],
        client=client,
        group=group,
        as_of=np.full(len(client), month),
        values=np.stack([value, value + 40]),
        incident=reports[client, group],
        sector=np.broadcast_to(np.asarray(sector, np.uint8), (count,))[client],
        region=np.broadcast_to(np.asarray(region, np.uint8), (count,))[client],
    )


def terms(days: np.ndarray, clients: int) -> TermsTally:
    """Terms of the first client, (groups,) net days, NaN where a group does not share."""
    group = np.nonzero(~np.isnan(days))[0]
    return TermsTally(names(clients), GROUPS[: len(days)], np.zeros(len(group), int), group, days[group])
