"""What is raw: the tally of one month, and the same in codes common to it and the chain (`Frame`).

Knows: one value per client, group and field; who has a value; what the chain remembers.
Must not know: what is published of it (`privacy.disclosure`), noise, money, the time.

Nothing here leaves the release; nothing here prints what it holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.chain import Chain, no_panels, recode
from privacy.panels import Codes, Counted, Mask, Panels, Turn
from privacy.places import find, places, union
from privacy.profiles import Profile

Days = NDArray[np.float64]
Labels = NDArray[np.uint8]

SECTORS: Final = 21
"""NACE sections A..U, coded 1..21; 0: unknown."""
REGIONS: Final = 13
"""Coded 1..13; 0: unknown."""


def _unlabelled() -> Labels:
    return np.zeros(0, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class TermsTally:
    """Terms of payment of the firms that opted in, at least as old as the profile says: (pairs,) each.

    Pairs (client, group) in any order, none twice.
    """

    pseudonyms: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    client: Codes = field(repr=False)  # place in pseudonyms
    group: Codes = field(repr=False)  # place in groups
    days: Days = field(repr=False)  # net days, or their equivalent


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Raw: one value per client, group and field. Never leaves the release; never prints what it holds.

    Pairs (client, group) are sorted by client, then group, none twice. Of what is empty by default nothing
    is known of any pair.
    """

    month: int
    pseudonyms: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    client: Codes = field(repr=False)  # (pairs,) place in pseudonyms
    group: Codes = field(repr=False)  # (pairs,) place in groups
    as_of: Codes = field(repr=False)  # (pairs,) month index of the newest row
    values: Days = field(repr=False)  # (fields, pairs) days, fields in the profile's order; NaN: null
    incident: Mask = field(repr=False, default_factory=lambda: np.zeros(0, bool))  # (pairs,) reported
    sector: Labels = field(repr=False, default_factory=_unlabelled)  # (pairs,) 1..SECTORS, 0 unknown
    region: Labels = field(repr=False, default_factory=_unlabelled)  # (pairs,) 1..REGIONS, 0 unknown
    terms: TermsTally | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One month in codes common to the tally and the chain.

    `names` are the clients that may have a cell: enough groups report them, or they were published once. The
    pairs of all others count in wide cells alone.
    """

    tally: Tally
    names: NDArray[np.void]  # (cells,) V32, sorted
    groups: NDArray[np.void]  # (groups,) V16, sorted, never empty
    group: Codes  # (pairs of the tally,) place in groups
    kept: NDArray[np.intp]  # (kept,) pairs of the tally whose client is in names
    cell: Codes  # (kept,) client: place in names
    key: Codes  # (kept,) client x groups + group, ascending
    expelled: Mask  # (groups,)
    new_quarter: bool
    before: Chain  # under the codes of names and groups

    def turn(self, cells: int, floor: int) -> Turn:
        """The circumstances of a revision of so many cells."""
        return Turn(self.tally.month, self.new_quarter, floor, cells, len(self.groups), self.expelled)

    def counted(self, place: int) -> Counted:
        """The groups with a value of a field, by client."""
        value = self.tally.values[place][self.kept]
        known = ~np.isnan(value)
        as_of = self.tally.as_of[self.kept]
        if known.all():
            return Counted(self.key, value, as_of)
        return Counted(self.key[known], value[known], as_of[known])


def frame(tally: Tally, before: Chain | None, profile: Profile, expelled: Collection[bytes]) -> Frame:
    """The month's frame. `before` is the chain's state after the release before, None where it begins."""
    of_terms = () if tally.terms is None else (tally.terms.groups,)
    old = _nothing(profile) if before is None else before
    groups = np.unique(np.concatenate([np.zeros(1, "V16"), tally.groups, *of_terms, old.groups]))
    many = np.bincount(tally.client, minlength=len(tally.pseudonyms)) >= profile.n_min
    place, there = find(tally.pseudonyms, old.names)
    many[place[there]] = True
    names = union(tally.pseudonyms[many], old.names)
    code = np.zeros(len(tally.pseudonyms), np.int64)
    code[many] = places(names, tally.pseudonyms[many])
    group = np.searchsorted(groups, tally.groups)[tally.group]
    kept = np.nonzero(many[tally.client])[0]
    cell = code[tally.client[kept]]
    quarter = profile.revision_months
    return Frame(
        tally=tally,
        names=names,
        groups=groups,
        group=group,
        kept=kept,
        cell=cell,
        key=cell * len(groups) + group[kept],
        expelled=np.isin(groups, np.array([bytes(16), *expelled], "V16")),
        new_quarter=before is None or before.month // quarter != tally.month // quarter,
        before=_recoded(old, names, groups),
    )


def _nothing(profile: Profile) -> Chain:
    none = tuple(no_panels() for _ in profile.fields)
    return Chain(
        month=0,
        profile=profile.name,
        fingerprint=profile.fingerprint(),
        names=np.zeros(0, "V32"),
        groups=np.zeros(0, "V16"),
        network=none,
        wide=none,
        clients=none,
        terms=no_panels(),
        flagged=np.zeros(0, np.int64),
        sectors=np.zeros(0, np.uint8),
    )


def _recoded(old: Chain, names: NDArray[np.void], groups: NDArray[np.void]) -> Chain:
    """The chain under new codes."""
    client, group = places(names, old.names), np.searchsorted(groups, old.groups)
    widths = len(old.groups), len(groups)
    same = np.arange(max(1, SECTORS + REGIONS))
    sectors = np.zeros(len(names), np.uint8)
    sectors[client] = old.sectors

    def of(panels: Panels, cells: Codes) -> Panels:
        return recode(panels, cells, group, *widths)

    return Chain(
        month=old.month,
        profile=old.profile,
        fingerprint=old.fingerprint,
        names=names,
        groups=groups,
        network=tuple(of(one, same) for one in old.network),
        wide=tuple(of(one, same) for one in old.wide),
        clients=tuple(of(one, client) for one in old.clients),
        terms=of(old.terms, client),
        flagged=client[old.flagged],
        sectors=sectors,
    )
