"""The sector of a published client (rule 8): the one that enough of its contributors name, alike.

Knows: who labels a client how, who is in a published panel, which sectors are published already.
Must not know: days.

A client's sector is a public fact about the client, not about who supplies it; members who see the cell know
the client by name. It is published so that what a whole sector does can be told from what one client does.
Of its contributors it must say no more than that the cell stands:

    it takes `sector_groups_min` groups of the cell's published panels that name one sector, and more than
    half of those that name any, so that one group's label shows no earlier than the cell itself does; and
    up to `sector_groups_more_max` more: how many is drawn once for the client. Otherwise shams who begin to
    name a sector one after the other would see the real groups' exact number, which the band hides
    it is decided at a quarter's first release and at a cell's first publication alone, with the panel
    once published it stays while the cell is remembered, until as many groups agree on another: nobody
    watches a label go when a firm leaves
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from privacy.centres import Draws
from privacy.panels import Codes, Mask, Revised
from privacy.profiles import Profile
from privacy.raw import SECTORS, Frame, Labels


def agreed(frame: Frame, revised: Sequence[Revised], shown: Mask, profile: Profile, draws: Draws) -> Labels:
    """Each client's published sector, 1..SECTORS, 0 for none; (cells,) u1. Published where the cell is."""
    before = frame.before.sectors
    if not profile.sector or not len(frame.tally.sector):
        return before
    known = np.zeros(len(frame.names), bool)
    for panels in frame.before.clients:
        known[panels.cell] = True
    asked = shown if frame.new_quarter else shown & ~known
    counts = _named(frame, revised, asked)
    most = counts.argmax(axis=1)
    times = counts[np.arange(len(counts)), most]
    more = draws.once("sector", np.nonzero(asked)[0], profile.sector_groups_more_max)
    enough = (times >= profile.sector_groups_min + more) & (2 * times > counts.sum(axis=1))
    after = before.copy()
    after[asked] = np.where(enough, most, before[asked])
    return after


def _named(frame: Frame, revised: Sequence[Revised], asked: Mask) -> Codes:
    """Groups in a panel of a published field that name each sector, of the cells asked, in their order.

    (asked, 1 + SECTORS), none in column 0.
    """
    cells = int(np.count_nonzero(asked))
    label = frame.tally.sector[frame.kept]
    telling = (label > 0) & asked[frame.cell]
    keys, cell, label = frame.key[telling], frame.cell[telling], label[telling]
    member = np.zeros(len(keys), bool)
    there = np.zeros(len(frame.names) * len(frame.groups), bool)
    for one in revised:
        there[one.member] = True
        member |= there[keys] & one.shown[cell]
        there[one.member] = False
    code = np.cumsum(asked) - 1
    places = code[cell[member]] * (1 + SECTORS) + label[member]
    return np.bincount(places, minlength=cells * (1 + SECTORS)).reshape(cells, 1 + SECTORS)
