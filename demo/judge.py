"""Judges releases against exact figures: who was published, how far published centres are from the truth.

Knows: everybody's contributions, as only a replay can. Runs the pure release chain in memory, under as many
release keys as asked, and compares each cell with the second computation in `exact`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.release import UploadInWindow, release_month
from benchmark.upload import FIELDS, Rows, known
from demo.exact import FIELDS as PUBLISHED_FIELDS
from demo.exact import Centres, Figures, Panels, window_values
from member.imported import Imported
from privacy.disclosure import MISSING, Release
from privacy.profiles import Profile


def as_upload(
    firm: bytes, joined: int, month: int, imported: Imported, pseudonyms: Mapping[str, bytes]
) -> UploadInWindow | None:
    """A month of an import as the release reads it; None for a month without rows.

    firm: 16 bytes; joined: its first full month; pseudonyms: 32 bytes by canonical identifier.
    """
    if month not in imported.months:
        return None
    places, rows = imported.months[month]
    rows = rows.copy()
    named = [pseudonyms[imported.clients[place].identifier] for place in places.tolist()]
    rows["pseudonym"] = np.array(named, "V32")
    order = np.argsort(np.ascontiguousarray(rows["pseudonym"]))
    return UploadInWindow(firm, firm, joined, month, rows[order])


@dataclass(frozen=True, slots=True)
class Uploads:
    """All uploads of a run, one per firm and month."""

    uploads: list[UploadInWindow]

    def window(self, month: int, profile: Profile) -> list[UploadInWindow]:
        """Those that the release of `month` reads."""
        first = month - profile.window_months + 1
        return [upload for upload in self.uploads if first <= upload.month <= month]

    def relabelled(self, clients: Mapping[bytes, bytes], firms: Mapping[bytes, bytes]) -> Uploads:
        """The same figures under other labels: pseudonyms (32 bytes) and firm ids (16 bytes)."""
        found = []
        for upload in self.uploads:
            rows = upload.rows.copy()
            names = [clients[pseudonym.tobytes()] for pseudonym in rows["pseudonym"]]
            rows["pseudonym"] = np.array(names, "V32")
            rows = rows[np.argsort(np.ascontiguousarray(rows["pseudonym"]))]
            firm = firms[upload.firm]
            found.append(UploadInWindow(firm, firm, upload.first_full_month, upload.month, rows))
        return Uploads(found)

    def contributions(self) -> dict[tuple[str, str], dict[int, Figures]]:
        """Every row as plain numbers, by (firm, client) in hexadecimal and month."""
        found: dict[tuple[str, str], dict[int, Figures]] = {}
        for upload in self.uploads:
            columns = _columns(upload.rows)
            for place, pseudonym in enumerate(upload.rows["pseudonym"]):
                relation = (upload.firm.hex(), pseudonym.tobytes().hex())
                row = {name: values[place] for name, values in columns.items()}
                found.setdefault(relation, {})[upload.month] = row
        return found


def _columns(rows: Rows) -> dict[str, list[int | None]]:
    columns = {}
    for name, _ in FIELDS:
        there = known(rows, name).tolist()
        columns[name] = [
            value if present else None for value, present in zip(rows[name].tolist(), there, strict=True)
        ]
    return columns


@dataclass(frozen=True, slots=True)
class Month:
    """What one release did of one field, in clients. Suppressed: a value in the window, none published."""

    month: int
    published: int
    suppressed: int


@dataclass
class Verdict:
    """Counts over all months, fields and keys. A wrong cell is (month, field, client, what is wrong)."""

    months: dict[str, list[Month]] = field(default_factory=dict)
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)
    within: int = 0
    centres: int = 0
    below_floor: int = 0

    @property
    def share(self) -> float:
        """Published centres within two standard deviations of the clipped mean."""
        return self.within / self.centres if self.centres else float("nan")


def chain(uploads: Uploads, months: Iterable[int], profile: Profile, key: bytes) -> list[Release]:
    """The releases of consecutive months under one release key."""
    releases, state = [], None
    for month in months:
        result = release_month(month, uploads.window(month, profile), state, profile, key)
        state = result.state
        releases.append(result.release)
    return releases


def exact_panels(uploads: Uploads, months: Iterable[int], profile: Profile) -> dict[str, dict[int, Shown]]:
    """By field and month: the values of each published cell's panel, and which clients had a value."""
    contributions = uploads.contributions()
    panels = {name: Panels(profile) for name in PUBLISHED_FIELDS}
    found: dict[str, dict[int, Shown]] = {name: {} for name in PUBLISHED_FIELDS}
    for month in months:
        values = window_values(contributions, month, profile)
        for name in PUBLISHED_FIELDS:
            counted = values[name]
            found[name][month] = Shown(panels[name].turn(month, counted), frozenset(counted))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """The exact panels of a month's published cells; `with_value`: clients of whom anybody had a value."""

    panels: dict[str, list[float]]
    with_value: frozenset[str]


def judge(
    exact: Mapping[str, Mapping[int, Shown]], releases: list[Release], profile: Profile, verdict: Verdict
) -> None:
    """Compare one chain with the exact panels; add what was found to the verdict."""
    for place, name in enumerate(PUBLISHED_FIELDS):
        centres = Centres(profile, place)
        lowest = profile.fields[place].lowest_days
        for release in releases:
            shown = exact[name][release.month]
            published = _published(release, name)
            centres.see_network(getattr(release.network, name))
            for client in published.keys() ^ shown.panels.keys():
                what = "published without a panel" if client in published else "not published"
                verdict.wrong.append((release.month, name, client, what))
            for client, centre in published.items():
                values = shown.panels.get(client, [])
                if len(values) < profile.n_min:
                    verdict.below_floor += 1
                    continue
                expected = centres.expected(client, values)
                expected = expected if lowest is None else max(expected, lowest)
                verdict.centres += 1
                verdict.within += abs(centre - expected) <= 2 * profile.noise_sd_days(len(values))
            centres.see(published)


def count(exact: Mapping[str, Mapping[int, Shown]], verdict: Verdict) -> None:
    """What is published does not depend on the key: count it once."""
    for name, months in exact.items():
        verdict.months[name] = [
            Month(month, len(shown.panels), len(shown.with_value - shown.panels.keys()))
            for month, shown in months.items()
        ]


def keys(number: int) -> list[bytes]:
    """Release keys for the in-memory runs; the same every time."""
    return [hashlib.sha256(b"vigie/replay/key/%d" % place).digest() for place in range(number)]


def _published(release: Release, name: str) -> dict[str, int]:
    cells: NDArray[np.void] = release.cells
    there = cells[name] != MISSING
    names = (pseudonym.tobytes().hex() for pseudonym in cells["pseudonym"][there])
    return dict(zip(names, cells[name][there].tolist(), strict=True))
