"""Frozen panels: whose values a cell is made of, revised so that nobody watches one firm come or go.

Knows: keys (cell x group), values to carry, months, the profile's limits.
Must not know: noise, what a value means, who the cells and groups are (they are dense codes here).

The rules, of one field's cells, all of them at once:

    counted    a group with a value in the window, of a firm with one full month of membership (the tally's
               work)
    revision   the first release of each quarter; and every release until the field has its first cell, since
               there is nothing yet to compare with
    new cell   at a revision, a cell never published takes everyone counted, if they reach the floor
    change     pending on a cell once published: a join (counted, not in the panel) or a leave (silent for
               more than `silent_months`). A join waits since it was first seen, a leave since its last value.
    applied    at a revision, all changes of a cell together, when `pending_changes_min` are pending or the
               oldest has waited `pending_wait_max_months`; on a cell suppressed meanwhile too, since its last
               set was seen
    carried    a member without new data keeps its value until it leaves; where that value would be older
               than `carry_max_months` the cell is withheld until the revision that lets the member go
    expelled   leaves at once, with every change pending on the cell; if these are fewer than
               `pending_changes_min` altogether, the cell is withheld until the next quarter's revision
    shown      at least the floor in the panel, carried members included, and not withheld
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from privacy.profiles import Profile

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Groups with a value in the window: (n,) each. Keys (cell x groups + group) ascend, none twice."""

    key: Codes
    value: NDArray[np.float64] = field(repr=False)  # days, never NaN
    as_of: Codes = field(repr=False)  # month index of the newest row behind the value


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """What one field's chain remembers. `cell` and the keys ascend, none twice."""

    cell: Codes  # (cells,) codes of the cells published at least once
    first: Codes = field(repr=False)  # (cells,) month index of the first publication
    last: Codes = field(repr=False)  # (cells,) month index of the last one
    centre: Codes = field(repr=False)  # (cells,) last published centre, whole days
    held: Mask = field(repr=False)  # (cells,) withheld until the next quarter's revision
    member: Codes = field(repr=False)  # (members,) keys
    value: NDArray[np.float64] = field(repr=False)  # (members,) days, as counted, not cut
    as_of: Codes = field(repr=False)  # (members,)
    pending: Codes = field(repr=False)  # (joins,) keys of the joins that wait
    since: Codes = field(repr=False)  # (joins,) month index since when


@dataclass(frozen=True, slots=True, eq=False)
class Revised:
    """Members after this month's changes, and where each cell stands (over all cell codes: (cells,))."""

    member: Codes
    value: NDArray[np.float64] = field(repr=False)
    as_of: Codes = field(repr=False)
    pending: Codes = field(repr=False)
    since: Codes = field(repr=False)
    n: Codes = field(repr=False)  # members of each cell
    held: Mask = field(repr=False)
    shown: Mask = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """The circumstances of one revision."""

    month: int
    new_quarter: bool  # the chain's first release in this quarter
    floor: int  # groups
    cells: int  # number of cell codes
    groups: int  # number of group codes
    expelled: Mask = field(repr=False)  # (groups,)


def locate(haystack: Codes, needles: Codes) -> tuple[NDArray[np.intp], Mask]:
    """Place of each needle in an ascending array, and whether it is there (if not, its place is void)."""
    if not len(haystack):
        return np.zeros(len(needles), np.intp), np.zeros(len(needles), bool)
    place = np.minimum(np.searchsorted(haystack, needles), len(haystack) - 1)
    return place, np.asarray(haystack[place] == needles)


def revise(panels: Panels, counted: Counted, turn: Turn, profile: Profile) -> Revised:
    """The panels after this month: fresh values taken in, changes applied where the rules above allow it."""
    published = np.zeros(turn.cells, bool)
    published[panels.cell] = True
    held = np.zeros(turn.cells, bool)
    held[panels.cell] = panels.held
    revision = turn.new_quarter or not len(panels.cell)

    leaves_now = turn.expelled[panels.member % turn.groups]
    thrown_out = _per_cell(panels.member[leaves_now], turn)
    member = panels.member[~leaves_now]
    value, as_of = _renewed(member, panels.value[~leaves_now], panels.as_of[~leaves_now], counted)

    _, inside = locate(member, counted.key)
    outside = ~inside & ~turn.expelled[counted.key % turn.groups]
    joins, joins_value, joins_as_of = counted.key[outside], counted.value[outside], counted.as_of[outside]
    place, waited = locate(panels.pending, joins)
    since = np.full(len(joins), turn.month, np.int64)
    since[waited] = panels.since[place[waited]]
    joins_cell = joins // turn.groups
    silent = turn.month - as_of > profile.silent_months

    changes = thrown_out + _per_cell(joins, turn) + _per_cell(member[silent], turn)
    oldest = np.zeros(turn.cells, np.int64)
    np.maximum.at(oldest, joins_cell, turn.month - since)
    np.maximum.at(oldest, member[silent] // turn.groups, turn.month - as_of[silent])
    many = changes >= profile.pending_changes_min
    ripe = (many | (oldest >= profile.pending_wait_max_months)) & revision
    applied = published & (ripe | (thrown_out > 0))
    founded = ~published & (_per_cell(joins, turn) >= turn.floor) & revision
    held = (held & (not turn.new_quarter)) | ((thrown_out > 0) & ~many)

    stays = ~(silent & applied[member // turn.groups])
    taken = (applied | founded)[joins_cell]
    merged = np.concatenate([member[stays], joins[taken]])
    order = np.argsort(merged, kind="stable")
    merged_as_of = np.concatenate([as_of[stays], joins_as_of[taken]])[order]
    merged = merged[order]
    n = _per_cell(merged, turn)
    worn = _per_cell(merged[turn.month - merged_as_of > profile.carry_max_months], turn) > 0
    waits = published[joins_cell] & ~taken
    return Revised(
        member=merged,
        value=np.concatenate([value[stays], joins_value[taken]])[order],
        as_of=merged_as_of,
        pending=joins[waits],
        since=since[waits],
        n=n,
        held=held,
        shown=(n >= turn.floor) & ~held & ~worn,
    )


def remember(before: Panels, revised: Revised, month: int, centre: Codes) -> Panels:
    """What the chain remembers after publishing `centre` (over all cell codes) where `revised.shown`."""
    fresh = revised.shown.copy()
    fresh[before.cell] = False
    new = np.nonzero(fresh)[0]
    cell = np.concatenate([before.cell, new])
    order = np.argsort(cell, kind="stable")
    cell = cell[order]
    shown = revised.shown[cell]
    nothing = np.zeros(len(new), np.int64)
    if int(revised.n[cell].sum()) != len(revised.member):  # founded, but withheld: nothing was seen of it yet
        revised = _of_cells(revised, cell)
    return Panels(
        cell=cell,
        first=np.concatenate([before.first, nothing + month])[order],
        last=np.where(shown, month, np.concatenate([before.last, nothing])[order]),
        centre=np.where(shown, centre[cell], np.concatenate([before.centre, nothing])[order]),
        held=revised.held[cell],
        member=revised.member,
        value=revised.value,
        as_of=revised.as_of,
        pending=revised.pending,
        since=revised.since,
    )


def _of_cells(revised: Revised, cell: Codes) -> Revised:
    """The members of some cells alone."""
    chosen = np.zeros(len(revised.n), bool)
    chosen[cell] = True
    kept = np.repeat(chosen, revised.n)
    return replace(revised, member=revised.member[kept], value=revised.value[kept], as_of=revised.as_of[kept])


def _per_cell(keys: Codes, turn: Turn) -> Codes:
    return np.bincount(keys // turn.groups, minlength=turn.cells)


def _renewed(
    member: Codes, value: NDArray[np.float64], as_of: Codes, counted: Counted
) -> tuple[NDArray[np.float64], Codes]:
    """Members' values, replaced by those counted this month where there is one."""
    place, again = locate(counted.key, member)
    value, as_of = value.copy(), as_of.copy()
    value[again] = counted.value[place[again]]
    as_of[again] = counted.as_of[place[again]]
    return value, as_of
