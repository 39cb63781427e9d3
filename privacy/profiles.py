"""Named release policies: every number of disclosure control is a documented field here, with its unit.

A network follows one profile at a time. A profile is never edited once a release was made under it: a change
of anything is a new name and starts a new chain (the chain's state keeps `fingerprint` and refuses another).
The permanent noise does not depend on the profile, so that nobody averages two draws of it (`privacy.noise`).

What is said of a field here is what `docs/policy.md` prints: see `privacy.policy_table`.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Annotated, Final, NamedTuple


class Of(NamedTuple):
    """What a parameter is: the design's rule, its unit, why it is what it is, and what it stands against."""

    rule: int
    unit: str
    why: str
    against: str


@dataclass(frozen=True, slots=True)
class FieldRules:
    """One published indicator: its name, where its chain starts, and what of it is published."""

    name: str
    start_days: float
    """Anchor of the network's first cell, in days: a constant, never a statistic of the members."""
    lowest_days: int | None = None
    """Published centres are cut off below here (days); the cut sees published values alone."""
    spread: bool = False
    """Whether the spread around the centre is published too."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One frozen release policy; `Of.rule` is the number of the rule in `docs/policy.md`."""

    name: str
    fields: tuple[FieldRules, ...]

    # When
    delay_months: Annotated[
        int, Of(1, "months", "how much older than a closed month a release is", "use of fresh figures")
    ]
    window_months: Annotated[
        int, Of(1, "months", "payments are few: one month says little of a client", "correction differencing")
    ]

    # Who counts
    n_min: Annotated[
        int,
        Of(2, "groups", "below it the noise that hides one firm drowns the cell", "insider, k - 1 shams"),
    ]

    # Frozen panels
    revision_months: Annotated[
        int, Of(3, "months", "panels are revised in the first release of each quarter", "join and leave")
    ]
    pending_changes_min: Annotated[
        int, Of(3, "changes", "of a published cell, applied together only", "join and leave, all but one")
    ]
    pending_wait_max_months: Annotated[
        int, Of(3, "months", "after which one change alone is applied", "(keeps a cell alive)")
    ]
    silent_months: Annotated[
        int, Of(3, "months", "of silence after which a contributor is due to leave", "leave")
    ]
    carry_max_months: Annotated[
        int, Of(3, "months", "the oldest value that is used; the cell is withheld beyond", "(stale values)")
    ]

    # A bounded centre
    clip_days: Annotated[
        float, Of(4, "days", "around the last published centre, let in beyond the usual", "poisoning")
    ]
    first_clip_days: Annotated[
        float,
        Of(4, "days", "around the network's centre, never cut", "poisoning, shams who swing, dominance"),
    ]

    # Keyed noise
    noise_permanent_days: Annotated[
        float, Of(5, "days at n = 1", "drawn once for a client: no time averages it away", "k - 1 shams")
    ]
    noise_set_days: Annotated[
        float, Of(5, "days at n = 1", "drawn by contributor set", "join and leave, membership")
    ]
    noise_quarter_days: Annotated[
        float, Of(5, "days at n = 1", "drawn by quarter", "all but one, averaging over months")
    ]
    noise_month_days: Annotated[
        float, Of(5, "days at n = 1", "drawn by month", "correction differencing, insider")
    ]
    field_factor: Annotated[
        float, Of(8, "factor", "on every amplitude, for the fields published together", "joint inversion")
    ]

    # Spread
    spread_factor: Annotated[
        float, Of(6, "factor", "half the middle half of a normal, in mean deviations", "order statistics")
    ]
    spread_min_days: Annotated[
        int, Of(6, "days", "the smallest spread that is shown", "homogeneity, dominance")
    ]

    # Counts in bands
    count_noise_sd: Annotated[
        float, Of(7, "groups (sd)", "on a count before it is put in a band", "count inference, membership")
    ]
    count_bands: Annotated[
        tuple[int, ...],
        Of(7, "groups", "lowest count of each band; the first is the floor", "count inference"),
    ]

    # The incident flag
    incident: Annotated[bool, Of(8, "yes or no", "whether the flag is published", "self-reported incident")]
    incident_reports_min: Annotated[
        int, Of(8, "groups", "reporting in the panel, at the least", "self-reported incident")
    ]
    incident_reports_more_max: Annotated[
        int, Of(8, "groups", "up to so many more, drawn once for a client", "k - 1 shams who report")
    ]

    # The client's sector
    sector: Annotated[
        bool,
        Of(8, "yes or no", "whether the client's sector is published", "a label that names a contributor"),
    ]
    sector_groups_min: Annotated[
        int, Of(8, "groups", "that name it alike, in the panel", "a label that names a contributor")
    ]
    sector_groups_more_max: Annotated[
        int, Of(8, "groups", "up to so many more, drawn once for a client", "count inference by shams")
    ]

    # Terms
    terms: Annotated[bool, Of(9, "yes or no", "whether shares of terms are published", "collusion on terms")]
    terms_n_min: Annotated[int, Of(9, "groups", "opted in, in the panel", "homogeneity of terms")]
    terms_age_months: Annotated[
        int, Of(9, "months", "how old what is published of terms is at least", "collusion on terms")
    ]
    terms_classes_days: Annotated[
        tuple[int, ...],
        Of(9, "days", "upper ends of the classes of net days; a last one is open", "inversion"),
    ]
    terms_share_steps: Annotated[
        tuple[float, ...],
        Of(9, "share", "where one band of shares ends; none says nobody or all", "homogeneity of terms"),
    ]
    terms_noise_sd: Annotated[
        float,
        Of(9, "groups (sd)", "on the groups of a class, before the share", "join and leave, homogeneity"),
    ]

    # The network's, sectors' and regions' cells
    network_n_min: Annotated[
        int, Of(11, "groups", "in the panel; and in what published children leave of a parent", "subtraction")
    ]
    wide_clients_min: Annotated[
        int, Of(11, "clients", "in a sector or region, beside the floor without any one of them", "overlap")
    ]
    wide_factor: Annotated[
        float,
        Of(11, "factor", "on every amplitude: three wide cells of the same firms", "overlap, averaging"),
    ]

    # Who sees what
    live_months: Annotated[
        int, Of(13, "months", "one contribution in so many last closed ones keeps a relation live", "harvest")
    ]
    seasoned_releases_min: Annotated[
        int,
        Of(13, "releases", "that rows went into, each received before its window closed", "harvest, calls"),
    ]
    newcomer_days: Annotated[
        int, Of(13, "days", "after joining, in which the first portfolio is taken in", "harvest")
    ]
    added_share_max: Annotated[
        float, Of(13, "share", "of the portfolio, that may be added a calendar month later on", "harvest")
    ]
    added_min: Annotated[
        int, Of(13, "relations", "that may be added a month whatever the portfolio", "(small firms)")
    ]
    back_months_max: Annotated[
        int, Of(13, "months", "before its joining that a firm may look back", "harvest")
    ]

    # What the page and the alerts say of a cell
    move_warning_days: Annotated[
        int, Of(4, "days", "a move from which the page says it may be larger than shown", "(misreading)")
    ]
    alert_wait_months: Annotated[
        int, Of(4, "months", "without alerts after a cell's first publication", "(false alerts)")
    ]

    def noise_sd_days(self, n: int) -> float:
        """Standard deviation, in days, of the noise on a centre of n contributors, before rounding."""
        squares = (
            self.noise_permanent_days**2
            + self.noise_set_days**2
            + self.noise_quarter_days**2
            + self.noise_month_days**2
        )
        return float(self.field_factor * squares**0.5 / n)

    def month_noise_sd_days(self, n: int) -> float:
        """The part of `noise_sd_days` that is drawn anew every month."""
        return float(self.field_factor * self.noise_month_days / n)

    def uncertainty_days(self, band: int) -> int:
        """Shown uncertainty of a centre (two standard deviations, whole days): the count band's alone [6]."""
        return round(2 * self.noise_sd_days(self.count_bands[band - 1]))

    def fingerprint(self) -> bytes:
        """SHA-256 over every name and number (32 bytes): two profiles that differ in anything differ here."""
        return _fingerprint(self)


@lru_cache(maxsize=64)
def _fingerprint(profile: Profile) -> bytes:
    return hashlib.sha256(repr(sorted(asdict(profile).items())).encode()).digest()


STANDARD: Final = Profile(
    name="standard-1",
    fields=(
        # Starts: late payment in French business-to-business trade, and a usual countback DSO; both only
        # matter for the very first release, from which the network's own protected cell takes over.
        # No spread: it answers the same value with either sign, as shams lie above or below it, so that
        # all that the months share of its noise can be taken off (docs/attacks.md).
        FieldRules("days_late", start_days=12.0),
        FieldRules("dso", start_days=55.0, lowest_days=0),
    ),
    delay_months=0,
    window_months=3,
    n_min=5,
    revision_months=3,
    pending_changes_min=2,
    pending_wait_max_months=6,
    silent_months=3,
    carry_max_months=6,
    clip_days=20.0,
    first_clip_days=35.0,
    noise_permanent_days=12.0,
    noise_set_days=14.0,
    noise_quarter_days=10.0,
    noise_month_days=7.5,
    field_factor=1.4,
    spread_factor=0.845,
    spread_min_days=1,
    count_noise_sd=3.0,
    count_bands=(5, 10, 20),
    incident=True,
    incident_reports_min=5,
    incident_reports_more_max=7,
    sector=True,
    sector_groups_min=5,
    sector_groups_more_max=4,
    terms=True,
    terms_n_min=10,
    terms_age_months=12,
    terms_classes_days=(30, 45, 60),
    terms_share_steps=(0.25, 0.5, 0.75),
    terms_noise_sd=1.5,
    network_n_min=10,
    wide_clients_min=10,
    wide_factor=1.75,
    live_months=3,
    seasoned_releases_min=2,
    newcomer_days=30,
    added_share_max=0.05,
    added_min=10,
    back_months_max=12,
    move_warning_days=15,
    alert_wait_months=4,
)

STRICT: Final = replace(
    STANDARD,
    name="strict-1",
    fields=STANDARD.fields[:1],
    field_factor=1.0,
    delay_months=3,
    incident=False,
    sector=False,
    terms=False,
)
"""Days late alone, one quarter later; incidents, sectors and terms never."""

PROFILES: Final = {profile.name: profile for profile in (STANDARD, STRICT)}
