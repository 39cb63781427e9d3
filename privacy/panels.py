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
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.profiles import Profile

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

TABLE_TIMES_MAX: Final = 32
"""Keys are looked up in a table, not searched for, where it is at most so many times as long as they."""


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
    highest = int(max(haystack[-1], needles.max(initial=0)))
    if len(needles) > len(haystack) // 8 and highest < TABLE_TIMES_MAX * len(haystack):
        table = np.zeros(highest + 1, np.int32)
        table[haystack] = np.arange(len(haystack), dtype=np.int32)
        place = table[needles].astype(np.intp)
    else:
        place = np.minimum(np.searchsorted(haystack, needles), len(haystack) - 1)
    return place, np.asarray(haystack[place] == needles)


def revise(panels: Panels, counted: Counted, turn: Turn, profile: Profile) -> Revised:
    """The panels after this month: fresh values taken in, changes applied where the rules above allow it."""
    published = np.zeros(turn.cells, bool)
    published[panels.cell] = True
    revision = turn.new_quarter or not len(panels.cell)
    member, value, as_of, thrown_out = _without_expelled(panels, turn)
    value, as_of, outside = _renewed(member, value, as_of, counted)
    outside = outside[~turn.expelled[counted.key[outside] % turn.groups]]
    joins = counted.key[outside]
    joins_cell = joins // turn.groups
    place, waited = locate(panels.pending, joins)
    since = np.full(len(joins), turn.month, np.int64)
    since[waited] = panels.since[place[waited]]
    silent = np.nonzero(turn.month - as_of > profile.silent_months)[0]
    silent_cell = member[silent] // turn.groups

    changes = thrown_out + _per_cell(joins, turn) + _per_cell(member[silent], turn)
    oldest = np.zeros(turn.cells, np.int64)
    np.maximum.at(oldest, joins_cell, turn.month - since)
    np.maximum.at(oldest, silent_cell, turn.month - as_of[silent])
    many = changes >= profile.pending_changes_min
    ripe = (many | (oldest >= profile.pending_wait_max_months)) & revision
    applied = published & (ripe | (thrown_out > 0))
    founded = ~published & (_per_cell(joins, turn) >= turn.floor) & revision
    held = np.zeros(turn.cells, bool)
    held[panels.cell] = panels.held & (not turn.new_quarter)
    held |= (thrown_out > 0) & ~many

    leaves = silent[applied[silent_cell]]
    taken = (applied | founded)[joins_cell]
    if len(leaves) or taken.any():
        come = outside[taken]
        merged = np.concatenate([np.delete(member, leaves), counted.key[come]])
        order = np.argsort(merged, kind="stable")
        member = merged[order]
        value = np.concatenate([np.delete(value, leaves), counted.value[come]])[order]
        as_of = np.concatenate([np.delete(as_of, leaves), counted.as_of[come]])[order]
    n = members_of(member, turn.cells, turn.groups)
    worn = _per_cell(member[turn.month - as_of > profile.carry_max_months], turn) > 0
    waits = published[joins_cell] & ~taken
    return Revised(
        member=member,
        value=value,
        as_of=as_of,
        pending=joins[waits],
        since=since[waits],
        n=n,
        held=held,
        shown=(n >= turn.floor) & ~held & ~worn,
    )


def members_of(keys: Codes, cells: int, groups: int) -> Codes:
    """How many of the ascending keys each cell has; (cells,)."""
    if len(keys) < cells:
        return np.bincount(keys // groups, minlength=cells)
    return np.diff(np.searchsorted(keys, np.arange(cells + 1) * groups))


def _without_expelled(panels: Panels, turn: Turn) -> tuple[Codes, NDArray[np.float64], Codes, Codes]:
    """Members with value and date, and how many were thrown out of each cell."""
    if not turn.expelled[1:].any():  # place 0 is nobody's
        return panels.member, panels.value, panels.as_of, np.zeros(turn.cells, np.int64)
    out = turn.expelled[panels.member % turn.groups]
    thrown_out = _per_cell(panels.member[out], turn)
    return panels.member[~out], panels.value[~out], panels.as_of[~out], thrown_out


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
) -> tuple[NDArray[np.float64], Codes, NDArray[np.intp]]:
    """Members' values, replaced by those counted this month where there is one; who is counted outside."""
    if not len(counted.key) or not len(member):
        return value, as_of, np.arange(len(counted.key))
    place, again = locate(counted.key, member)
    outside = np.ones(len(counted.key), bool)
    outside[place[again]] = False
    fresh = np.where(again, counted.value[place], value), np.where(again, counted.as_of[place], as_of)
    return *fresh, np.nonzero(outside)[0]
