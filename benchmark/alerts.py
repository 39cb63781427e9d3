"""Alerts that follow from published cells alone: what they are, and which a release raises.

Knows: cells of at most `HISTORY_MONTHS` releases, and which alerts were raised earlier.
Must not know: contributions, who sees an alert, the time. It cannot reach what firms reported: what is not
published cannot move an alert.

An `Alert` is immutable. Its `id` depends on client, month, kind and detector alone, so that the same releases
give the same alerts with the same ids, run once or twice. Kinds:

drift      the centre worsens persistently             shock     it worsened from one month to the next
recovery   a drift or shock told earlier has ended     incident  the published incident flag is newly set
first      a client has a comparison for the first time
sector     a whole sector worsens beyond the network (`benchmark.alerts_sector`); its pseudonym is none of a
           client but `sector_subject`: whoever has clients there is told

`severity` says what to do with an alert, and is a function of kind, size and confidence (`severity_of`):

info     good to know: read it with the next digest            first, recovery
watch    look again with the next release                      a small drift that is likely; a sector's shift
act      call the client, look at its limit this week          other drifts, shocks
urgent   decide today before the next delivery                 an incident; a very likely shock of 30 days

Of a cell in its first `alert_wait_months` months, while its centre may still be climbing to its place,
neither drift nor shock is told; of one absent from the newest release nothing is. An alert of one kind on one
client is not repeated for `REFRACTORY_MONTHS`, unless it grew by `GROWTH_DAYS` since. The cut is chosen by
mirror statistics (`cut_by_mirror`). Measured by `make leadtime`; see docs/alerts.md.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchmark import alerts_rise, alerts_sector
from benchmark.series import Series, Wide, series
from privacy.disclosure import MISSING, Cells
from privacy.profiles import STANDARD, Profile

Kind = Literal["drift", "shock", "recovery", "incident", "first", "sector"]
Severity = Literal["info", "watch", "act", "urgent"]
Confidence = Literal["likely", "very likely", "certain"]
KINDS: Final[tuple[Kind, ...]] = ("drift", "shock", "recovery", "incident", "first", "sector")
SEVERITIES: Final[tuple[Severity, ...]] = ("info", "watch", "act", "urgent")
"""Mildest first."""

RAISED_DTYPE: Final = np.dtype(
    [("pseudonym", "V32"), ("kind", "u1"), ("month", "<i4"), ("size_days", "<i4"), ("ends_at_days", "<i4")]
)
"""An alert raised earlier; kind is its place in KINDS."""

HISTORY_MONTHS: Final = 24
REFRACTORY_MONTHS: Final = 6
GROWTH_DAYS: Final = 15
RECOVERED_MONTHS: Final = 2
INCIDENT_QUIET_MONTHS: Final = 6
URGENT_SHOCK_DAYS: Final = 30
ACT_DRIFT_DAYS: Final = 15

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """One detector's numbers; z is a rise in units of its scale."""

    name: str
    cut_z: float
    """The cut where there are no cells yet to learn it from."""
    cut_min_z: float
    mirror_rate: float
    """Improvements per client-month beyond the cut: what chance alone does, since paying sooner needs no
    alert."""
    very_likely_z: float
    """So far above the cut."""
    rise_min_days: float
    """A smaller rise is not worth a credit manager's time, however sure."""


DRIFT: Final = Rules("drift-4", 2.65, 2.15, 1.1e-3, very_likely_z=1.0, rise_min_days=8.0)
SHOCK: Final = Rules("shock-4", 4.1, 3.35, 0.6e-3, very_likely_z=1.5, rise_min_days=10.0)
RECOVERY: Final = "recovery-1"
INCIDENT: Final = "incident-1"
FIRST: Final = "first-1"
SECTOR: Final = "sector-1"
_SECTOR_SUBJECT: Final = b"vigie: sector".ljust(31, b"\0")

MIRROR_PRIOR_MONTHS: Final = 2_000.0
"""Client-months that `cut_z` counts for beside what the mirror shows."""
MIRROR_TAIL_PER_Z: Final = 1.8
"""How fast chance thins out beyond `cut_z`: by a factor e for 1 / 1.8 of z."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert on one client. `evidence` are the published cells it rests on: (month, days late)."""

    id: str  # canonical UUID text, the same whenever the same alert is found
    pseudonym: bytes  # 32 bytes
    month: int
    kind: Kind
    severity: Severity
    size_days: int  # rise over the baseline, the common path removed; recovery: below zero; else 0
    shared_days: int  # what the client's sector, or the whole network, moved by meanwhile
    since_month: int  # first month of the move
    confidence: Confidence
    detector: str  # name and version, such as "drift-4"
    ends_at_days: int | None  # the first published centre at or below this ends it; None: no number does
    may_be_larger: bool  # the newest move is one that the policy may have cut
    evidence: tuple[tuple[int, int], ...]
    sector: int | None = None  # whose move `shared_days` is, or which has shifted; None: the network's


def sector_subject(code: int) -> bytes:
    """What stands for a sector where an alert has its client's pseudonym, 32 bytes."""
    return _SECTOR_SUBJECT + bytes([code])


def sector_of(subject: bytes) -> int | None:
    """The sector that an alert's subject stands for; None: it is a client's pseudonym."""
    return subject[-1] if subject[:-1] == _SECTOR_SUBJECT else None


def severity_of(kind: Kind, size_days: int, confidence: Confidence) -> Severity:
    """The scale above."""
    match kind:
        case "incident":
            return "urgent"
        case "shock":
            return "urgent" if size_days >= URGENT_SHOCK_DAYS and confidence == "very likely" else "act"
        case "drift":
            return "watch" if size_days < ACT_DRIFT_DAYS and confidence == "likely" else "act"
        case "sector":
            return "watch"
        case "recovery" | "first":
            return "info"


def detect(
    history: Sequence[tuple[int, Cells]],
    month: int,
    raised: NDArray[np.void],
    profile: Profile = STANDARD,
    wide: Mapping[int, Wide] | None = None,
) -> list[Alert]:
    """Alerts of the release of `month`, from the chain's releases up to it; see `detect_in`."""
    return detect_in(series(history, month, HISTORY_MONTHS, wide), raised, profile)


def detect_in(cells: Series, raised: NDArray[np.void], profile: Profile = STANDARD) -> list[Alert]:
    """Alerts of the newest month of a series of HISTORY_MONTHS, sorted by pseudonym, then kind.

    `raised`: RAISED_DTYPE, earlier alerts; rows of the newest month itself and later are ignored, so that a
    repeated run gives the same alerts.
    """
    if not len(cells.pseudonyms) or not cells.released[-1]:
        return []
    earlier = raised[raised["month"] < cells.months[-1]]
    settled = _settled(cells, profile.alert_wait_months)
    alerts: list[Alert] = []
    for kind, rules, found in (
        ("drift", DRIFT, alerts_rise.drift(cells, profile)),
        ("shock", SHOCK, alerts_rise.shock(cells, profile)),
    ):
        alerts += _risen(cells, kind, rules, found, settled, earlier, profile)  # type: ignore[arg-type]
    alerts += _recovered(cells, earlier)
    alerts += _flagged(cells)
    alerts += _first_seen(cells)
    alerts += _shifted(cells, earlier, profile)
    return sorted(alerts, key=lambda alert: (alert.pseudonym, alert.kind))


def _settled(cells: Series, wait_months: int) -> Mask:
    """Clients published in the newest month, and first `wait_months` ago or earlier."""
    before = (cells.days_late[: len(cells.months) - wait_months] != MISSING).any(axis=0)
    return np.asarray((cells.days_late[-1] != MISSING) & before)


def cut_by_mirror(rules: Rules, z: NDArray[np.float32], mirrored: NDArray[np.float32]) -> float:
    """The least z that chance passes at most at `mirror_rate`, judged by improvements.

    `z`: (clients,) of which as many count as are numbers; `mirrored`: -z of the improvements that would be an
    alert if they were worsenings. Where cells are few the rules' own cut weighs more: it counts as
    MIRROR_PRIOR_MONTHS client-months with an exponential tail. (Mirror statistics as the null: Barber and
    Candes 2015, "Controlling the false discovery rate via knockoffs", section 2.)
    """
    months = float(np.count_nonzero(~np.isnan(z)))
    grid = np.arange(rules.cut_min_z, alerts_rise.DRIFT_CLIP_Z, 0.05)
    beyond = len(mirrored) - np.searchsorted(np.sort(mirrored), grid)
    prior = MIRROR_PRIOR_MONTHS * rules.mirror_rate * np.exp(-MIRROR_TAIL_PER_Z * (grid - rules.cut_z))
    within = np.nonzero(prior + beyond <= rules.mirror_rate * (MIRROR_PRIOR_MONTHS + months) + 1e-9)[0]
    return float(grid[within[0]]) if len(within) else alerts_rise.DRIFT_CLIP_Z


def _risen(  # noqa: PLR0917
    cells: Series,
    kind: Kind,
    rules: Rules,
    found: alerts_rise.Rise,
    settled: Mask,
    earlier: NDArray[np.void],
    profile: Profile,
) -> list[Alert]:
    """Alerts of one of the two detectors of a rise."""
    z, days = found.z[settled], found.days[settled]
    with np.errstate(invalid="ignore"):
        mirrored = -z[days <= -rules.rise_min_days]
        cut = cut_by_mirror(rules, z, mirrored[~np.isnan(mirrored)])
        beyond = settled & (found.z >= cut) & (found.days >= rules.rise_min_days)
    rows = np.nonzero(beyond)[0]
    rows = rows[~_resting(cells, rows, kind, found.days[rows], earlier)]
    return [_rise_alert(cells, kind, rules, found, int(row), cut, profile) for row in rows]


def _resting(
    cells: Series, rows: NDArray[np.int64], kind: Kind, days: NDArray[np.float32], earlier: NDArray[np.void]
) -> Mask:
    """Which of the rows were told of in the refractory months, and have not grown since."""
    recent = earlier[
        (earlier["kind"] == KINDS.index(kind)) & (earlier["month"] > cells.months[-1] - REFRACTORY_MONTHS)
    ]
    told: dict[bytes, int] = {}
    for one in recent:
        name = one["pseudonym"].tobytes()
        told[name] = max(told.get(name, -(10**6)), int(one["size_days"]))
    names = [cells.pseudonyms[row].tobytes() for row in rows]
    return np.array(
        [name in told and size < told[name] + GROWTH_DAYS for name, size in zip(names, days, strict=True)],
        bool,
    )


def _rise_alert(  # noqa: PLR0917
    cells: Series, kind: Kind, rules: Rules, found: alerts_rise.Rise, row: int, cut: float, profile: Profile
) -> Alert:
    own = cells.days_late[:, row].astype(int)
    months = alerts_rise.SHOCK_BEFORE_MONTHS if kind == "shock" else alerts_rise.DRIFT_BASELINE[0]
    places = [*range(len(own) - 1 - months, len(own))]
    if kind == "shock":  # a drift's baseline holds them
        places = [*alerts_rise.year_before(len(own)), *places]
    shown = [place for place in places if own[place] != MISSING]
    rise, since = float(found.days[row]), len(own) - 1
    half = own[-1] - rise / 2
    while kind == "drift" and since - 1 in shown and own[since - 1] >= half:
        since -= 1
    moved = len(shown) > 1 and own[shown[-1]] - own[shown[-2]] >= profile.move_warning_days
    confidence: Confidence = "very likely" if found.z[row] >= cut + rules.very_likely_z else "likely"
    size = round(rise)
    return Alert(
        id=_identity(cells.pseudonyms[row].tobytes(), int(cells.months[-1]), kind, rules.name),
        pseudonym=cells.pseudonyms[row].tobytes(),
        month=int(cells.months[-1]),
        kind=kind,
        severity=severity_of(kind, size, confidence),
        size_days=size,
        shared_days=round(float(found.shared_days[row])),
        since_month=int(cells.months[since]),
        confidence=confidence,
        detector=rules.name,
        ends_at_days=round(float(half)),
        may_be_larger=bool(moved),
        evidence=_evidence(cells, row, shown),
        sector=int(cells.sector[row]) if found.of_sector[row] else None,
    )


def _shifted(cells: Series, earlier: NDArray[np.void], profile: Profile) -> list[Alert]:
    """Sectors that have slowed, not told in the refractory months unless they slowed further."""
    month, alerts = int(cells.months[-1]), []
    told = earlier[
        (earlier["kind"] == KINDS.index("sector")) & (earlier["month"] > month - REFRACTORY_MONTHS)
    ]
    for shift in alerts_sector.shifts(cells, profile):
        subject, size = sector_subject(shift.code), round(shift.days)
        before = [int(one["size_days"]) for one in told if one["pseudonym"].tobytes() == subject]
        if before and size < max(before) + GROWTH_DAYS:
            continue
        now = int(cells.wide[-1, shift.code])
        alerts.append(
            Alert(
                id=_identity(subject, month, "sector", SECTOR),
                pseudonym=subject,
                month=month,
                kind="sector",
                severity=severity_of("sector", size, "likely"),
                size_days=size,
                shared_days=round(shift.shared_days),
                since_month=int(cells.months[shift.since]),
                confidence="very likely" if shift.z >= alerts_sector.VERY_LIKELY_Z else "likely",
                detector=SECTOR,
                ends_at_days=round(now - shift.days / 2),
                may_be_larger=False,
                evidence=tuple(
                    (int(cells.months[at]), int(cells.wide[at, shift.code])) for at in shift.shown
                ),
                sector=shift.code,
            )
        )
    return alerts


def _recovered(cells: Series, earlier: NDArray[np.void]) -> list[Alert]:
    """Drifts and shocks told earlier whose end is reached: at or under it for RECOVERED_MONTHS."""
    worse = earlier[np.isin(earlier["kind"], [KINDS.index("drift"), KINDS.index("shock")])]
    well = earlier[earlier["kind"] == KINDS.index("recovery")]
    told = {one["pseudonym"].tobytes(): int(one["month"]) for one in np.sort(well, order="month")}
    standing: dict[bytes, tuple[int, int]] = {}
    for one in np.sort(worse, order="month"):
        name = one["pseudonym"].tobytes()
        if int(one["month"]) > told.get(name, -1):
            standing[name] = int(one["month"]), int(one["ends_at_days"])
    names = np.sort(np.array(list(standing), "V32")) if standing else np.zeros(0, "V32")
    place = np.searchsorted(cells.pseudonyms, names)
    alerts = []
    for name, row in zip(names.tolist(), place.tolist(), strict=True):
        if row == len(cells.pseudonyms) or cells.pseudonyms[row].tobytes() != name:
            continue
        month, ends_at = standing[name]
        newest = cells.days_late[-RECOVERED_MONTHS:, row].astype(int)
        since = max(0, month - int(cells.months[0]))
        if MISSING not in newest and (newest <= ends_at).all() and since < len(cells.months) - 1:
            alerts.append(_recovery_alert(cells, row, since))
    return alerts


def _recovery_alert(cells: Series, row: int, since: int) -> Alert:
    own = cells.days_late[:, row].astype(int)
    shown = [place for place in range(since, len(own)) if own[place] != MISSING]
    size = int(own[-1] - max(own[place] for place in shown))
    return _plain(cells, row, "recovery", RECOVERY, "likely", shown, size)


def _flagged(cells: Series) -> list[Alert]:
    """Clients whose published incident flag is set, and was not in the months before."""
    before = cells.flagged[-1 - INCIDENT_QUIET_MONTHS : -1].any(axis=0)
    last = len(cells.months) - 1
    return [
        _plain(cells, int(row), "incident", INCIDENT, "certain", [last] * int(known), 0)
        for row in np.nonzero(cells.flagged[-1] & ~before)[0]
        for known in [cells.days_late[-1, row] != MISSING]
    ]


def _first_seen(cells: Series) -> list[Alert]:
    """Clients published for the first time in a chain that has published before."""
    if not cells.released[:-1].any():
        return []  # the network's first release: everything is new, which is no news
    new = (cells.days_late[-1] != MISSING) & ~(cells.band[:-1] > 0).any(axis=0)
    last = len(cells.months) - 1
    return [_plain(cells, int(row), "first", FIRST, "certain", [last], 0) for row in np.nonzero(new)[0]]


def _plain(  # noqa: PLR0917
    cells: Series, row: int, kind: Kind, detector: str, confidence: Confidence, shown: list[int], size: int
) -> Alert:
    month = int(cells.months[-1])
    return Alert(
        id=_identity(cells.pseudonyms[row].tobytes(), month, kind, detector),
        pseudonym=cells.pseudonyms[row].tobytes(),
        month=month,
        kind=kind,
        severity=severity_of(kind, size, confidence),
        size_days=size,
        shared_days=0,
        since_month=month,
        confidence=confidence,
        detector=detector,
        ends_at_days=None,
        may_be_larger=False,
        evidence=_evidence(cells, row, shown),
    )


def _evidence(cells: Series, row: int, shown: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple((int(cells.months[place]), int(cells.days_late[place, row])) for place in shown)


def _identity(subject: bytes, month: int, kind: Kind, detector: str) -> str:
    content = subject + month.to_bytes(4, "little") + f"{kind}|{detector}".encode()
    return str(uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4))
