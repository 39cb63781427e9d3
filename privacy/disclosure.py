"""The only road from what firms reported to what is published: `Tally` -> `Protected` -> `Release`.

Knows: the types on that road and the order of the policy. The rules' numbers are the profile's, who belongs
to a cell is decided in `privacy.panels`, what a cell says is computed in `privacy.centres`.
Must not know: money, uploads, rows, the time.

`protect` decides, for one month, in this order:

1. The network's cell, one value per group (the unweighted mean of its relations, each cut around the
   network's last published centre), at least `network_n_min` groups, in panels of its own.
2. Each client's cell and field: panel, centre, spread. A first publication starts from the network's
   published centre, which started from the profile's constant: no anchor is an unpublished statistic.
3. The count's band, of the first field that is published.

No group moves a centre by more than 2 x clip / n before noise; amounts weigh nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy import noise
from privacy.centres import Days, Draws, bands, published_numbers
from privacy.chain import Chain, no_panels, recode
from privacy.panels import Codes, Counted, Mask, Panels, Revised, Turn, remember, revise
from privacy.places import places, union
from privacy.profiles import Profile

MISSING: Final = -32768
"""A field of a published cell that is not published itself."""

CELL_DTYPE: Final = np.dtype(
    [("pseudonym", "V32"), ("band", "u1"), ("days_late", "<i2"), ("spread", "<i2"), ("dso", "<i2")]
)
"""One published cell, whole days. band 1: 5-9, 2: 10-19, 3: 20 and more contributors, perturbed."""

Cells = NDArray[np.void]
"""Shape (cells,), dtype CELL_DTYPE, sorted by pseudonym; a suppressed cell is absent."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Raw: one value per client, group and field. Never leaves the release; never prints what it holds.

    Pairs (client, group) are sorted by client, then group, none twice.
    """

    month: int
    pseudonyms: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    client: Codes = field(repr=False)  # (pairs,) place in pseudonyms
    group: Codes = field(repr=False)  # (pairs,) place in groups
    as_of: Codes = field(repr=False)  # (pairs,) month index of the newest row
    values: Days = field(repr=False)  # (fields, pairs) days, fields in the profile's order; NaN: null


@dataclass(frozen=True, slots=True)
class NetworkCell:
    """The published cell of the whole network, whole days; None where not published."""

    days_late: int | None
    dso: int | None
    band: int | None


_WARRANT: Final = object()


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """What passed the policy, and may be published. Only `protect` makes one: TypeError to anybody else."""

    month: int
    profile: str
    cells: Cells
    network: NetworkCell
    warrant: object = field(repr=False)

    def __post_init__(self) -> None:
        if self.warrant is not _WARRANT:
            raise TypeError("only the policy makes what counts as protected")


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What is published for one month under one profile. Immutable: `cells` cannot be written."""

    month: int
    profile: str
    window: tuple[int, ...]  # month indices, oldest first
    cells: Cells
    network: NetworkCell


def publish(protected: Protected, window: tuple[int, ...]) -> Release:
    """The release of what passed."""
    if not isinstance(protected, Protected):
        raise TypeError("only what is protected is published")
    return Release(protected.month, protected.profile, window, protected.cells, protected.network)


def protect(
    tally: Tally, before: Chain | None, profile: Profile, release_key: bytes, expelled: Collection[bytes] = ()
) -> tuple[Protected, Chain]:
    """What may be published for the tally's month, and what the chain must remember.

    ValueError: the chain has published this month or a later one already, or under another profile.
    """
    if before is not None and before.month >= tally.month:
        raise ValueError("a chain never publishes a month twice, nor an earlier one")
    if before is not None and before.profile != profile.name:
        raise ValueError(f"the chain is under profile {before.profile}: a change of profile starts a new one")
    frame = _frame(tally, before, profile, expelled)
    whole = _network_level(frame, profile, release_key)
    clients = _client_level(frame, whole, profile, release_key)
    cells = _cells(frame, clients, profile)
    cells.setflags(write=False)
    remembered = _chain(frame, whole, clients, profile)
    return Protected(tally.month, profile.name, cells, _network_cell(whole, profile), _WARRANT), remembered


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """One month in codes common to the tally and the chain; `panels` are the chain's, by field."""

    tally: Tally
    names: NDArray[np.void]  # (cells,) V32, sorted
    groups: NDArray[np.void]  # (groups,) V16, sorted, never empty
    client: Codes  # (pairs,)
    group: Codes  # (pairs,)
    expelled: Mask  # (groups,)
    new_quarter: bool
    network_panels: tuple[Panels, ...]
    client_panels: tuple[Panels, ...]

    def turn(self, cells: int, floor: int) -> Turn:
        return Turn(self.tally.month, self.new_quarter, floor, cells, len(self.groups), self.expelled)

    def known(self, place: int) -> Codes:
        """Pairs whose value of the field is not null."""
        return np.nonzero(~np.isnan(self.tally.values[place]))[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The clients' cells, or the network's one: what was decided, by field, and the band; (cells,) each."""

    revised: list[Revised]
    centre: list[Codes]
    spread: list[Codes]
    band: NDArray[np.uint8]
    anchors: list[float]  # where first publications below this level start, by field


def _frame(tally: Tally, before: Chain | None, profile: Profile, expelled: Collection[bytes]) -> _Frame:
    names, groups = tally.pseudonyms, np.union1d(tally.groups, np.zeros(1, "V16"))
    network = clients = tuple(no_panels() for _ in profile.fields)
    new_quarter = True
    if before is not None:
        names, groups = union(names, before.names), np.union1d(groups, before.groups)
        codes, group_codes = places(names, before.names), np.searchsorted(groups, before.groups)
        widths = len(before.groups), len(groups)
        network = tuple(recode(one, np.zeros(1, np.int64), group_codes, *widths) for one in before.network)
        clients = tuple(recode(one, codes, group_codes, *widths) for one in before.clients)
        new_quarter = before.month // profile.revision_months != tally.month // profile.revision_months
    gone = np.array([bytes(16), *expelled], "V16")
    return _Frame(
        tally=tally,
        names=names,
        groups=groups,
        client=places(names, tally.pseudonyms)[tally.client],
        group=np.searchsorted(groups, tally.groups)[tally.group],
        expelled=np.isin(groups, gone),
        new_quarter=new_quarter,
        network_panels=network,
        client_panels=clients,
    )


def _network_level(frame: _Frame, profile: Profile, key: bytes) -> _Level:
    """The cell of the whole network, one value per group."""
    turn = frame.turn(1, profile.network_n_min)
    draws = Draws(key, np.array([noise.NETWORK], f"V{len(noise.NETWORK)}"), frame.groups, turn.month)
    level = _Level([], [], [], np.zeros(1, np.uint8), [])
    for place, rules in enumerate(profile.fields):
        panels = frame.network_panels[place]
        start = float(panels.centre[0]) if len(panels.cell) else rules.start_days
        counted = _mean_per_group(frame, place, start, profile.first_clip_days)
        revised = revise(panels, counted, turn, profile)
        centre, spread = published_numbers(revised, panels, start, rules, profile, draws)
        level.revised.append(revised)
        level.centre.append(centre)
        level.spread.append(spread)
        level.anchors.append(float(centre[0]) if revised.shown[0] else start)
    return replace(level, band=_band(level.revised, turn, profile, draws))


def _mean_per_group(frame: _Frame, place: int, start: float, reach: float) -> Counted:
    """Unweighted mean of each group's relations, cut around the network's anchor; keys are group codes."""
    known = frame.known(place)
    group, each = frame.group[known], len(frame.groups)
    cut = np.clip(frame.tally.values[place][known], start - reach, start + reach)
    relations = np.bincount(group, minlength=each)
    newest = np.zeros(each, np.int64)
    np.maximum.at(newest, group, frame.tally.as_of[known])
    some = np.nonzero(relations)[0]
    return Counted(some, np.bincount(group, cut, minlength=each)[some] / relations[some], newest[some])


def _client_level(frame: _Frame, whole: _Level, profile: Profile, key: bytes) -> _Level:
    """Every client's cell; first publications start from the network's."""
    turn = frame.turn(len(frame.names), profile.n_min)
    draws = Draws(key, frame.names, frame.groups, turn.month)
    level = _Level([], [], [], np.zeros(len(frame.names), np.uint8), whole.anchors)
    for place, rules in enumerate(profile.fields):
        panels, known = frame.client_panels[place], frame.known(place)
        keys = frame.client[known] * turn.groups + frame.group[known]
        counted = Counted(keys, frame.tally.values[place][known], frame.tally.as_of[known])
        revised = revise(panels, counted, turn, profile)
        centre, spread = published_numbers(revised, panels, whole.anchors[place], rules, profile, draws)
        level.revised.append(revised)
        level.centre.append(centre)
        level.spread.append(spread)
    return replace(level, band=_band(level.revised, turn, profile, draws))


def _band(revised: list[Revised], turn: Turn, profile: Profile, draws: Draws) -> NDArray[np.uint8]:
    """The band of the count of the first field that is shown, by cell; 0 where none is."""
    n, shown = np.zeros(turn.cells, np.int64), np.zeros(turn.cells, bool)
    for one in reversed(revised):
        n[one.shown] = one.n[one.shown]
        shown |= one.shown
    return bands(n, shown, turn.floor, profile, draws)


def _cells(frame: _Frame, level: _Level, profile: Profile) -> Cells:
    """Published cells alone, in the order of pseudonyms."""
    shown = np.nonzero(level.band)[0]
    cells = np.zeros(len(shown), CELL_DTYPE)
    cells["pseudonym"], cells["band"] = frame.names[shown], level.band[shown]
    for name in ("days_late", "spread", "dso"):
        cells[name] = MISSING
    for place, rules in enumerate(profile.fields):
        own = level.revised[place].shown[shown]
        cells[rules.name] = np.where(own, level.centre[place][shown], MISSING)
        if rules.spread:
            cells["spread"] = np.where(own, level.spread[place][shown], MISSING)
    return cells


def _network_cell(level: _Level, profile: Profile) -> NetworkCell:
    centre: dict[str, int | None] = {"days_late": None, "dso": None}
    for place, rules in enumerate(profile.fields):
        if level.revised[place].shown[0]:
            centre[rules.name] = int(level.centre[place][0])
    return NetworkCell(centre["days_late"], centre["dso"], int(level.band[0]) or None)


def _chain(frame: _Frame, whole: _Level, clients: _Level, profile: Profile) -> Chain:
    """What is remembered, under codes of the clients that were ever published alone."""
    month, width = frame.tally.month, len(frame.groups)
    fields = range(len(profile.fields))
    network = [remember(frame.network_panels[i], whole.revised[i], month, whole.centre[i]) for i in fields]
    panels = [remember(frame.client_panels[i], clients.revised[i], month, clients.centre[i]) for i in fields]
    kept = np.zeros(len(frame.names), bool)
    for one in panels:
        kept[one.cell] = True
    codes, same = np.cumsum(kept) - 1, np.arange(width)
    return Chain(
        month=month,
        profile=profile.name,
        names=frame.names[kept],
        groups=frame.groups,
        network=tuple(network),
        clients=tuple(recode(one, codes, same, width, width) for one in panels),
    )
