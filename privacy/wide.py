"""Wide cells: the whole network, its sectors, its regions (rule 11), one value per group in each.

Knows: the frame, how groups' relations are labelled by the groups themselves, the hierarchy.
Must not know: clients' cells (which start from what is published here).

A group's value in a wide cell is the plain mean of its relations there, each cut around the network's last
published centre; the cell is a frozen panel with `network_n_min` groups like any other, and its noise is
`wide_factor` times a client's of as many contributors, drawn for itself: three wide cells made of the same
firms, averaged, hide no less than one client's cell.

What the hierarchy never allows:

    a subset by subtraction   while the network's field is published, the groups with a value in those sectors
                              (or of an unknown one) that are not published are none, or at least the floor;
                              otherwise the published sector with the fewest groups is withheld as well, and
                              so on. The same for regions. Sectors and regions are never crossed.
    one client as a sector    a sector or region needs `wide_clients_min` clients, and its floor of groups
                              without those that only know any one of its clients: no client's cell is ever
                              nearly the same set as a sector's
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from privacy import noise
from privacy.centres import Draws, Numbers, numbers
from privacy.panels import Codes, Counted, Mask, Panels, Revised, remember, revise
from privacy.profiles import Profile
from privacy.raw import REGIONS, SECTORS, Days, Frame, Labels

WIDE: Final = SECTORS + REGIONS
"""Cells below the network: sectors 1..21 are 0..20, regions 1..13 are 21..33."""
PARTITIONS: Final = (slice(0, SECTORS), slice(SECTORS, WIDE))


@dataclass(frozen=True, slots=True)
class WideCell:
    """The published cell of the network, a sector or a region, whole days; None where not published."""

    days_late: int | None
    dso: int | None
    band: int | None


@dataclass(frozen=True, slots=True, eq=False)
class WideLevel:
    """What is published of the network and below, what the chain remembers, where clients may start."""

    network: WideCell
    sectors: dict[int, WideCell]
    regions: dict[int, WideCell]
    network_panels: tuple[Panels, ...]
    panels: tuple[Panels, ...]
    anchors: list[Days]  # by field, (1 + SECTORS,): by sector, 0 being unknown: the network's


@dataclass(frozen=True, slots=True, eq=False)
class _Cube:
    """One field's values by (group, sector, region), all of shape (groups, 1 + SECTORS, 1 + REGIONS)."""

    relations: Codes
    days: Days  # sums of cut values
    newest: Codes  # month index, 0 without relations

    def along(self) -> _Sides:
        """By (group, 1), (group, sector) and (group, region)."""
        sides = []
        for other, width in (((1, 2), 1), ((2,), 1 + SECTORS), ((1,), 1 + REGIONS)):
            cells = self.relations.sum(other), self.days.sum(other), self.newest.max(other)
            sides.append(tuple(one.reshape(-1, width) for one in cells))
        return sides


_Dated = tuple[Codes, int]
_Cells = tuple[Codes, Days, Codes]
_Sides = list[_Cells]
"""Relations, sums of days and newest months by (group, label), of the network, sectors, regions."""


def wide_level(frame: Frame, profile: Profile, key: bytes) -> WideLevel:
    """The network's cell, then its sectors and regions, which start from it."""
    turns = frame.turn(1, profile.network_n_min), frame.turn(WIDE, profile.network_n_min)
    sector, region = _labels(frame.tally.sector, frame), _labels(frame.tally.region, frame)
    at = (frame.group * (1 + SECTORS) + sector) * (1 + REGIONS) + region
    dated = _dated(frame, at)
    starts, cubes = [], []
    for place, rules in enumerate(profile.fields):
        panels = frame.before.network[place]
        starts.append(float(panels.centre[0]) if len(panels.cell) else rules.start_days)
        cubes.append(_cube(frame, place, starts[place], (at, dated), profile).along())
    width = len(frame.groups)
    whole = [
        revise(frame.before.network[place], _counted([cube[0]], width), turns[0], profile)
        for place, cube in enumerate(cubes)
    ]
    anchor = [np.full(1, start) for start in starts]
    said = numbers(
        whole,
        frame.before.network,
        anchor,
        profile.network_n_min,
        profile,
        _draws(frame, key, "network", 1, profile),
    )
    tops = [
        float(said.centre[place][0]) if whole[place].shown[0] else starts[place]
        for place in range(len(cubes))
    ]
    allowed = _enough_clients(frame, sector, region, cubes, profile)
    below = []
    for place, cube in enumerate(cubes):
        counted = _counted([_known(cube[1]), _known(cube[2])], width)
        revised = revise(frame.before.wide[place], counted, turns[1], profile)
        _guard(revised, frame, place, allowed, cube, whole[place].shown[0], profile)
        below.append(revised)
    starting = [np.full(WIDE, top) for top in tops]
    told = numbers(
        below,
        frame.before.wide,
        starting,
        profile.network_n_min,
        profile,
        _draws(frame, key, "wide", WIDE, profile),
    )
    return _published(frame, profile, (whole, said), (below, told), tops)


def _labels(labels: Labels, frame: Frame) -> Codes:
    return labels.astype(np.int64) if len(labels) else np.zeros(len(frame.group), np.int64)


def _draws(frame: Frame, key: bytes, kind: str, cells: int, profile: Profile) -> Draws:
    subjects = b"".join(noise.wide_subject(kind, code) for code in range(cells))
    factor = profile.field_factor * profile.wide_factor
    return Draws(key, "wide", np.frombuffer(subjects, "V32"), frame.groups, frame.tally.month, factor)


def _cube(frame: Frame, place: int, start: float, at: tuple[Codes, _Dated], profile: Profile) -> _Cube:
    """Relations cut around the network's anchor, summed by group and label; `at`: each pair's place."""
    shape = len(frame.groups), 1 + SECTORS, 1 + REGIONS
    size = shape[0] * shape[1] * shape[2]
    days = np.clip(
        frame.tally.values[place], start - profile.first_clip_days, start + profile.first_clip_days
    )
    places, (dated, span) = at
    counts = np.bincount(dated, minlength=size * span)
    null = np.isnan(days)
    if null.any():
        days[null] = 0.0
        counts -= np.bincount(dated[null], minlength=size * span)
    counts = counts.reshape(-1, span)
    relations = counts.sum(axis=1)
    newest = np.where(relations > 0, frame.tally.month - (counts > 0).argmax(axis=1), 0)
    sums = np.bincount(places, days, minlength=size).astype(np.float64)
    return _Cube(relations.reshape(shape), sums.reshape(shape), newest.reshape(shape))


def _dated(frame: Frame, at: Codes) -> _Dated:
    """Places by month of the newest row, the newest first, and how many months each place has."""
    months = frame.tally.month - frame.tally.as_of
    span = int(months.max(initial=0)) + 1
    return at * span + months, span


def _known(cells: tuple[Codes, Days, Codes]) -> tuple[Codes, Days, Codes]:
    relations, days, newest = cells
    return relations[:, 1:], days[:, 1:], newest[:, 1:]


def _counted(parts: list[tuple[Codes, Days, Codes]], width: int) -> Counted:
    """One value per cell and group; keys are cell x groups + group."""
    relations, days, newest = (
        np.concatenate([part[axis].T for part in parts]).reshape(-1) for axis in range(3)
    )
    some = np.nonzero(relations)[0]
    assert not len(some) or some[-1] < len(relations) == len(relations) // width * width
    return Counted(some, days[some] / relations[some], newest[some])


def _enough_clients(
    frame: Frame, sector: Codes, region: Codes, cubes: list[_Sides], profile: Profile
) -> Mask:
    """(WIDE,): the clients in the sector or region are enough, and none of them is nearly all of it."""
    allowed = np.zeros(WIDE, bool)
    for part, labels, axis, count in zip(
        PARTITIONS, (sector, region), (1, 2), (1 + SECTORS, 1 + REGIONS), strict=True
    ):
        relations = np.maximum.reduce([cube[axis][0] for cube in cubes])
        at = frame.tally.client * count + labels
        # of each client, the groups that know no other one there
        single = relations == 1
        lonely = single.reshape(-1)[frame.group * count + labels] if single.any() else np.zeros(len(at), bool)
        alone = at[lonely]
        if (at[1:] < at[:-1]).any():  # groups name a client in turns
            at, alone = np.sort(at), np.sort(alone)
            clients = np.bincount(at[_first(at)] % count, minlength=count)
        else:
            clients = np.bincount(labels[_first(at)], minlength=count)
        begins = np.nonzero(_first(alone))[0]
        most = np.zeros(count, np.int64)
        np.maximum.at(most, alone[begins] % count, np.diff(begins, append=len(alone)))
        groups = (relations > 0).sum(axis=0) - most
        allowed[part] = ((clients >= profile.wide_clients_min) & (groups >= profile.network_n_min))[1:]
    return allowed


def _first(ascending: Codes) -> Mask:
    """Where each number stands first."""
    return np.concatenate([np.ones(min(1, len(ascending)), bool), ascending[1:] != ascending[:-1]])


def _guard(  # noqa: PLR0917
    revised: Revised, frame: Frame, place: int, allowed: Mask, cube: _Sides, top: bool, profile: Profile
) -> None:
    """Hide what the hierarchy does not allow. Decided at revisions: nobody watches a threshold in between.

    (And when a cell that was shown a month ago is not: what is left must not give it away.)
    """
    before = frame.before.wide[place]
    revision = frame.new_quarter or not len(before.cell)
    gone = before.cell[(before.last == frame.before.month) & ~revised.shown[before.cell]]
    if revision:
        revised.shown[~allowed] = False
        revised.held[~allowed] = True
    if top and (revision or len(gone)):
        was = revised.shown.copy()
        for part, axis in zip(PARTITIONS, (1, 2), strict=True):
            _withhold(revised, part, cube[axis][0] > 0, frame.expelled, profile)
        revised.held[was & ~revised.shown] = True


def _withhold(below: Revised, part: slice, present: Mask, expelled: Mask, profile: Profile) -> None:
    """Hide more of a partition until what is hidden of it cannot be had by subtraction.

    present: (groups, 1 + labels), whether a group has a value there, 0 being the unknown label.
    """
    shown = below.shown[part]  # a view: what is hidden here is hidden there
    present = present & ~expelled[:, None]
    while shown.any():
        hidden = np.concatenate([[True], ~shown])
        left = int(present[:, hidden].any(axis=1).sum())
        if left == 0 or left >= profile.network_n_min:
            return
        n = np.where(shown, below.n[part], np.iinfo(np.int64).max)
        shown[int(np.argmin(n))] = False


def _published(
    frame: Frame,
    profile: Profile,
    whole: tuple[list[Revised], Numbers],
    below: tuple[list[Revised], Numbers],
    tops: list[float],
) -> WideLevel:
    month, fields = frame.tally.month, range(len(profile.fields))
    anchors = []
    for place in fields:
        sectors = np.where(below[0][place].shown, below[1].centre[place], tops[place])[PARTITIONS[0]]
        anchors.append(np.concatenate([[tops[place]], sectors]))
    cells = [_cell(*below, code, profile) for code in range(WIDE)]
    return WideLevel(
        network=_cell(*whole, 0, profile),
        sectors={code + 1: cells[code] for code in range(SECTORS) if cells[code].band},
        regions={code + 1: cells[SECTORS + code] for code in range(REGIONS) if cells[SECTORS + code].band},
        network_panels=tuple(
            remember(frame.before.network[i], whole[0][i], month, whole[1].centre[i]) for i in fields
        ),
        panels=tuple(remember(frame.before.wide[i], below[0][i], month, below[1].centre[i]) for i in fields),
        anchors=anchors,
    )


def _cell(revised: list[Revised], said: Numbers, code: int, profile: Profile) -> WideCell:
    centre: dict[str, int | None] = {"days_late": None, "dso": None}
    for place, rules in enumerate(profile.fields):
        if revised[place].shown[code]:
            centre[rules.name] = int(said.centre[place][code])
    return WideCell(centre["days_late"], centre["dso"], int(said.band[code]) or None)
