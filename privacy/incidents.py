"""The incident flag (rule 8): enough firms report that something happened, never who, what or how many.

Knows: who reports, who is in a published panel, which flags are up.
Must not know: kinds of incidents, days.

A flag goes up in the release in which at least `incident_reports_min` groups of the cell's published panels
report an incident within the window, or up to `incident_reports_more_max` more: how many more is drawn once
for the client, each number as likely. So many shams as stand beside the last real firm in the smallest cell,
all of them reporting, learn that firm's answer for one client in eight, however long they ask: a draw that is
made again every quarter would answer sooner or later for each. Once up, a flag stays up until the next
quarter's first release: switching one's own report on and off counts nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from privacy.centres import Draws
from privacy.panels import Codes, Mask, Revised, locate
from privacy.profiles import Profile
from privacy.raw import Frame


def raised(frame: Frame, revised: Sequence[Revised], shown: Mask, profile: Profile, draws: Draws) -> Mask:
    """Whether each client's flag is up after this month; (cells,). Published where the cell is."""
    up = np.zeros(len(frame.names), bool)
    if not profile.incident:
        return up
    if not frame.new_quarter:
        up[frame.before.flagged] = True
    reports = _reports(frame, revised)
    asked = np.nonzero(shown & (reports >= profile.incident_reports_min))[0]
    more = draws.once("incident", asked, profile.incident_reports_more_max)
    up[asked] |= reports[asked] >= profile.incident_reports_min + more
    return up


def _reports(frame: Frame, revised: Sequence[Revised]) -> Codes:
    """Groups that report, in a panel of a published field; (cells,)."""
    cells, width = len(frame.names), len(frame.groups)
    if not len(frame.tally.incident):
        return np.zeros(cells, np.int64)
    keys = frame.key[frame.tally.incident[frame.kept]]
    member = np.zeros(len(keys), bool)
    for one in revised:
        member |= locate(one.member, keys)[1] & one.shown[keys // width]
    return np.bincount(keys[member] // width, minlength=cells)
