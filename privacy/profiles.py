"""Named release policies: every number of disclosure control is a documented field here, with its unit.

A network follows one profile at a time. A profile is never edited once a release was made under it: a change
is a new name and starts a new chain. The permanent noise does not depend on the profile, so that nobody
averages two draws of it (see `privacy.noise`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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
    """One frozen release policy. Numbers in brackets are the rules of the design they belong to."""

    name: str
    fields: tuple[FieldRules, ...]

    # Who counts [2]
    n_min: int
    """Groups: fewer in a cell's panel, and nothing is published for the cell's field."""
    network_n_min: int
    """Groups: the same floor for the cell of the whole network."""
    window_months: int
    """Months that a release looks at, its own included."""

    # Frozen panels [3]
    revision_months: int
    """Months: panels are revised in the first release of each such period, counted from January."""
    pending_changes_min: int
    """Changes: a published cell's panel changes only when so many joins and leaves are pending together..."""
    pending_wait_max_months: int
    """... or when the oldest of them has waited so many months."""
    silent_months: int
    """Months: a contributor silent for more is due to leave the panel."""
    carry_max_months: int
    """Months: a value older than this is never used; the cell is withheld until the panel is revised."""

    # A bounded centre [4]
    clip_days: float
    """Days on either side of the last published centre beyond which a value is cut."""
    first_clip_days: float
    """The same for a cell's first publication, around the network's published centre."""

    # Keyed noise, "days at n = 1" [5]
    noise_permanent_days: float
    noise_set_days: float
    noise_quarter_days: float
    noise_month_days: float
    field_factor: float
    """Factor on every amplitude for the number of fields published together."""

    # Spread [6]
    spread_factor: float
    """Half width of the middle half of a normal distribution, in mean absolute deviations."""
    spread_min_days: int

    # Counts in bands [7]
    count_noise_sd: float
    """Standard deviation, in groups, of the noise on a count before it is put in a band."""
    count_bands: tuple[int, ...]
    """Lowest count of each band, ascending; the first is the floor."""

    # Who sees what
    live_months: int
    """A relation is live with a contribution for one of so many last closed months."""
    seasoned_releases_min: int
    """Releases that rows of a relation must have gone into, each received before its window closed."""
    newcomer_days: int
    """Days after joining during which the first portfolio is taken in."""
    added_share_max: float
    """Share of the portfolio that may be added per calendar month later on."""
    added_min: int
    """Relations that may be added per calendar month whatever the size of the portfolio."""
    back_months_max: int
    """Months before its joining that a firm may look back."""

    # What the page and the alerts say of a cell [4]
    move_warning_days: int
    """A move of so many days between two releases may be larger than shown."""
    alert_wait_months: int
    """Months after a cell's first publication during which no alert is raised on it."""

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


STANDARD: Final = Profile(
    name="standard-1",
    fields=(
        # Starts: late payment in French business-to-business trade, and a usual countback DSO; both only
        # matter for the very first release, from which the network's own protected cell takes over.
        FieldRules("days_late", start_days=12.0, spread=True),
        FieldRules("dso", start_days=55.0, lowest_days=0),
    ),
    n_min=5,
    network_n_min=10,
    window_months=3,
    revision_months=3,
    pending_changes_min=2,
    pending_wait_max_months=6,
    silent_months=3,
    carry_max_months=6,
    clip_days=20.0,
    first_clip_days=35.0,
    noise_permanent_days=12.0,
    noise_set_days=10.0,
    noise_quarter_days=10.0,
    noise_month_days=7.5,
    field_factor=1.4,
    spread_factor=0.845,
    spread_min_days=1,
    count_noise_sd=3.0,
    count_bands=(5, 10, 20),
    live_months=3,
    seasoned_releases_min=2,
    newcomer_days=30,
    added_share_max=0.05,
    added_min=10,
    back_months_max=12,
    move_warning_days=15,
    alert_wait_months=4,
)

PROFILES: Final = {profile.name: profile for profile in (STANDARD,)}
