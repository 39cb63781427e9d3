"""The only road from what firms reported to what is published: `Tally` -> `Protected` -> `Release`.

Knows: the types on that road and the order of the policy. The rules' numbers are the profile's, who belongs
to a cell is decided in `privacy.panels`, what a cell says is computed in `privacy.centres`.
Must not know: money, uploads, rows, the time.

`protect` decides, for one month, in this order:

1. The network's cell, then its sectors and regions: `privacy.wide`, with at least `network_n_min` groups.
2. Each client's cell and field: panel, centre, spread, the band of the count of the first field that is
   published. A first publication starts from the published centre of its sector (that of more than half of
   its groups), or of the network, which started from the profile's constant: no anchor is an unpublished
   statistic.
3. The incident flag (`privacy.incidents`), the client's sector (`privacy.agreed_sectors`) and the terms'
   shares (`privacy.term_shares`) of published cells.

No group moves a centre by more than the width that is let in / n before noise; amounts weigh nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import InitVar, dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.agreed_sectors import agreed
from privacy.centres import Days, Draws, Numbers, any_shown, numbers
from privacy.chain import Chain, recode
from privacy.incidents import raised
from privacy.panels import Codes, Mask, Panels, Revised, remember, revise
from privacy.profiles import Profile
from privacy.raw import SECTORS, Frame, Labels, Tally, TermsTally, frame
from privacy.term_shares import Bands, term_shares
from privacy.wide import WideCell, WideLevel, wide_level

__all__ = [
    "CELL_DTYPE",
    "MISSING",
    "TERMS",
    "Cells",
    "Protected",
    "Release",
    "Tally",
    "TermsTally",
    "WideCell",
    "protect",
    "publish",
]

MISSING: Final = -32768
"""A field of a published cell that is not published itself."""

TERMS: Final = ("terms_30", "terms_45", "terms_60", "terms_more")
"""Columns of the terms' classes: net days up to 30, 45, 60, and more."""

CELL_DTYPE: Final = np.dtype(
    [
        ("pseudonym", "V32"),
        ("band", "u1"),
        ("days_late", "<i2"),
        ("spread", "<i2"),
        ("dso", "<i2"),
        ("incident", "u1"),
        *((name, "u1") for name in TERMS),
        ("sector", "u1"),
    ]
)
"""One published cell, 45 bytes without padding, whole days.

band: 1: 5-9, 2: 10-19, 3: 20 and more contributors, perturbed. incident: 1 where the flag is up. Terms: the
band of the share of each class, 1: under a quarter, 2: under a half, 3: under three quarters, 4: more; 0 in
all four where not published. sector: a NACE
section, 1 (A) to 21 (U), 0 where not published.
"""

Cells = NDArray[np.void]
"""Shape (cells,), dtype CELL_DTYPE, sorted by pseudonym; a suppressed cell is absent."""


class _Warrant:
    """What the policy alone has."""


_WARRANT: Final = _Warrant()


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """What passed the policy, and may be published. Only `protect` makes one: TypeError to anybody else."""

    month: int
    profile: str
    cells: Cells  # cannot be written
    network: WideCell
    sectors: Mapping[int, WideCell]  # by code, published ones alone
    regions: Mapping[int, WideCell]
    warrant: InitVar[_Warrant]  # not kept: what is protected cannot lend it to something else

    def __post_init__(self, warrant: _Warrant) -> None:
        if warrant is not _WARRANT:
            raise TypeError("only the policy makes what counts as protected")


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What is published for one month under one profile: something protected, and nothing else. Immutable."""

    protected: Protected = field(repr=False)
    window: tuple[int, ...]  # month indices, oldest first

    def __post_init__(self) -> None:
        if type(self.protected) is not Protected:
            raise TypeError("only what is protected is published")

    @property
    def month(self) -> int:
        """Month index."""
        return self.protected.month

    @property
    def profile(self) -> str:
        """Name of the profile."""
        return self.protected.profile

    @property
    def cells(self) -> Cells:
        """The clients' published cells."""
        return self.protected.cells

    @property
    def network(self) -> WideCell:
        """The whole network's cell."""
        return self.protected.network

    @property
    def sectors(self) -> Mapping[int, WideCell]:
        """Published sectors' cells by code, 1..21."""
        return self.protected.sectors

    @property
    def regions(self) -> Mapping[int, WideCell]:
        """Published regions' cells by code, 1..13."""
        return self.protected.regions


def publish(protected: Protected, window: tuple[int, ...]) -> Release:
    """The release of what passed."""
    return Release(protected, window)


def protect(
    tally: Tally, before: Chain | None, profile: Profile, release_key: bytes, expelled: Collection[bytes] = ()
) -> tuple[Protected, Chain]:
    """What may be published for the tally's month, and what the chain must remember.

    ValueError: the chain has published this month or a later one already, or under another profile.
    """
    if before is not None:
        _refuse_to_go_on(before, tally.month, profile)
    at = frame(tally, before, profile, expelled)
    wide = wide_level(at, profile, release_key)
    draws = Draws(release_key, "client", at.names, at.groups, tally.month, profile.field_factor)
    revised = _revised(at, profile)
    starts = _starts(at, wide, revised)
    said = numbers(revised, at.before.clients, starts, profile.n_min, profile, draws)
    shown = any_shown(revised)
    flags = raised(at, revised, shown, profile, draws)
    sectors = agreed(at, revised, shown, profile, draws)
    bands, terms = term_shares(at, profile, draws)
    cells = _cells(at, revised, said, flags, bands, profile)
    cells["sector"] = sectors[np.nonzero(said.band)[0]]
    cells.setflags(write=False)
    protected = Protected(
        tally.month,
        profile.name,
        cells,
        wide.network,
        MappingProxyType(wide.sectors),
        MappingProxyType(wide.regions),
        _WARRANT,
    )
    return protected, _chain(at, wide, (revised, said), terms, np.nonzero(flags)[0], sectors, profile)


def _refuse_to_go_on(before: Chain, month: int, profile: Profile) -> None:
    if before.month >= month:
        raise ValueError("a chain never publishes a month twice, nor an earlier one")
    if before.profile != profile.name:
        raise ValueError(f"the chain is under profile {before.profile}: a change of profile starts a new one")
    if before.fingerprint != profile.fingerprint():
        raise ValueError(f"profile {profile.name} was edited: a change of anything is a new name")


def _revised(at: Frame, profile: Profile) -> list[Revised]:
    turn = at.turn(len(at.names), profile.n_min)
    return [
        revise(at.before.clients[place], at.counted(place), turn, profile)
        for place in range(len(profile.fields))
    ]


def _starts(at: Frame, wide: WideLevel, revised: list[Revised]) -> list[Days]:
    """Where each client's first publication starts from, by field, and later ones the network's; (cells,)."""
    cells = len(at.names)
    starts = [np.full(cells, anchor[0]) for anchor in wide.anchors]
    fresh = np.zeros(cells, bool)
    for panels, one in zip(at.before.clients, revised, strict=True):
        first = one.shown.copy()
        first[panels.cell] = False
        fresh |= first
    if len(at.tally.sector) and fresh.any():
        sector = _sectors(at, fresh)
        starts = [anchor[sector] for anchor in wide.anchors]
        for start, anchor, panels in zip(starts, wide.anchors, at.before.clients, strict=True):
            start[panels.cell] = anchor[0]  # not the sector's, which the cell's own members name
    return starts


def _sectors(at: Frame, asked: Mask) -> Codes:
    """The sector that more than half of a client's groups name, 0 otherwise; (cells,)."""
    cells = len(at.names)
    here = asked[at.cell]
    counts = np.bincount(
        at.cell[here] * (1 + SECTORS) + at.tally.sector[at.kept][here], minlength=cells * (1 + SECTORS)
    ).reshape(cells, 1 + SECTORS)
    most = counts.argmax(axis=1)
    return np.where(2 * counts[np.arange(cells), most] > counts.sum(axis=1), most, 0)


def _cells(  # noqa: PLR0917
    at: Frame, revised: list[Revised], said: Numbers, flags: Mask, bands: Bands, profile: Profile
) -> Cells:
    """Published cells alone, in the order of pseudonyms."""
    shown = np.nonzero(said.band)[0]
    cells = np.zeros(len(shown), CELL_DTYPE)
    cells["pseudonym"], cells["band"] = at.names[shown], said.band[shown]
    for name in ("days_late", "spread", "dso"):
        cells[name] = MISSING
    for place, rules in enumerate(profile.fields):
        own = revised[place].shown[shown]
        cells[rules.name] = np.where(own, said.centre[place][shown], MISSING)
        if rules.spread:
            cells["spread"] = np.where(own, said.spread[place][shown], MISSING)
    cells["incident"] = flags[shown]
    for place, name in enumerate(TERMS[: bands.shape[1]]):
        cells[name] = bands[shown, place]
    return cells


def _chain(  # noqa: PLR0917
    at: Frame,
    wide: WideLevel,
    clients: tuple[list[Revised], Numbers],
    terms: Panels,
    flagged: Codes,
    sectors: Labels,
    profile: Profile,
) -> Chain:
    """What is remembered, under codes of the clients that were ever published alone."""
    month, width = at.tally.month, len(at.groups)
    revised, said = clients
    panels = [
        remember(at.before.clients[place], one, month, said.centre[place])
        for place, one in enumerate(revised)
    ]
    kept = np.zeros(len(at.names), bool)
    for one in (*panels, terms):
        kept[one.cell] = True
    codes, same = np.cumsum(kept) - 1, np.arange(width)
    return Chain(
        month=month,
        profile=profile.name,
        fingerprint=profile.fingerprint(),
        names=at.names[kept],
        groups=at.groups,
        network=wide.network_panels,
        wide=wide.panels,
        clients=tuple(recode(one, codes, same, width, width) for one in panels),
        terms=recode(terms, codes, same, width, width),
        flagged=codes[flagged],
        sectors=sectors[kept],
    )
