"""Terms of payment (rule 9): shares in bands, of firms that opted in, a year old, of ten of them and more.

Knows: net days by client and group, the terms' own frozen panel.
Must not know: how a term's days and kind make net days (`benchmark.terms`), who opted in and when.

The panel is revised like any other, with values of `terms_age_months` before the release, taken in at the
first release of a quarter alone and carried in between. Each class's count carries noise by client and
contributor set before it becomes a share, and the bands at both ends are open: none says nobody, none all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from privacy import noise
from privacy.centres import Draws
from privacy.panels import Counted, Panels, remember, revise
from privacy.places import find
from privacy.profiles import Profile
from privacy.raw import Frame, TermsTally

Bands = NDArray[np.uint8]
SLOTS = (0, 1, 2, 3)


def term_shares(frame: Frame, profile: Profile, draws: Draws) -> tuple[Bands, Panels]:
    """Bands from 1 of each class's share, (cells, classes), 0 where not published; and the terms' panels."""
    cells, classes = len(frame.names), 1 + len(profile.terms_classes_days)
    before = frame.before.terms
    if not profile.terms:
        return np.zeros((cells, classes), np.uint8), before
    counted = _counted(frame, frame.tally.terms, fresh=frame.new_quarter or not len(before.cell))
    turn = frame.turn(cells, profile.terms_n_min)
    revised = revise(before, counted, turn, profile)
    shown = np.nonzero(revised.shown)[0]
    each = np.searchsorted(profile.terms_classes_days, revised.value, side="left")
    counts = np.bincount(revised.member // turn.groups * classes + each, minlength=cells * classes)
    drawn = draws.normals("terms", noise.PERMANENT, shown, SLOTS[:classes], draws.sets(revised, shown)).T
    shares = (counts.reshape(cells, classes)[shown] + profile.terms_noise_sd * drawn) / revised.n[shown, None]
    bands = np.zeros((cells, classes), np.uint8)
    bands[shown] = 1 + np.searchsorted(profile.terms_share_steps, shares, side="right")
    return bands, remember(before, revised, turn.month, np.zeros(cells, np.int64))


def _counted(frame: Frame, terms: TermsTally | None, *, fresh: bool) -> Counted:
    """Groups with terms on a client that may have a cell.

    They are dated a month back: who is not among them at the next quarter has then been silent long enough to
    be due to leave, so that withdrawing one's consent takes effect at the first revision.
    """
    none = np.zeros(0, np.int64)
    if terms is None or not fresh:
        return Counted(none, none.astype(np.float64), none)
    place, there = find(frame.names, terms.pseudonyms)
    pairs = np.nonzero(there[terms.client])[0]
    group = np.searchsorted(frame.groups, terms.groups)[terms.group[pairs]]
    key = place[terms.client[pairs]] * len(frame.groups) + group
    order = np.argsort(key, kind="stable")
    return Counted(key[order], terms.days[pairs][order], np.full(len(key), frame.tally.month - 1))
