"""One client's cell, month after month, through the real policy: a test says who has a value."""

from dataclasses import dataclass, field

import numpy as np

from privacy.chain import Chain
from privacy.disclosure import MISSING, Tally, protect
from privacy.profiles import STANDARD, Profile

KEY = bytes(range(32))
JANUARY = 2026 * 12
CLIENT = b"\7" * 32
GROUPS = np.array([bytes([number + 1]) * 16 for number in range(30)], "V16")


def group(number: int) -> bytes:
    """A group's id."""
    return GROUPS[number].tobytes()


def tally(
    month: int, values: dict[int, float], client: bytes = CLIENT, dso: dict[int, float] | None = None
) -> Tally:
    """One client's values by group number; dso None: the same groups, 50 days."""
    numbers = sorted(set(values) | set(dso or {}))
    dso = dict.fromkeys(values, 50.0) if dso is None else dso
    both = [[table.get(number, np.nan) for number in numbers] for table in (values, dso)]
    return Tally(
        month=month,
        pseudonyms=np.array([client], "V32"),
        groups=GROUPS,
        client=np.zeros(len(numbers), np.int64),
        group=np.array(numbers, np.int64),
        as_of=np.full(len(numbers), month, np.int64),
        values=np.array(both, np.float64).reshape(2, len(numbers)),
    )


@dataclass
class Play:
    """A chain lived through; `members` and `published` speak of days_late."""

    profile: Profile = STANDARD
    key: bytes = KEY
    month: int = JANUARY - 1
    chain: Chain | None = None
    cells: list = field(default_factory=list)

    def turn(self, values, expelled=(), dso=None) -> "Play":
        """The next month: `values` by group number, or the numbers of groups at 10 days."""
        if not isinstance(values, dict):
            values = dict.fromkeys(values, 10.0)
        self.month += 1
        made = tally(self.month, values, dso=dso)
        protected, self.chain = protect(
            made, self.chain, self.profile, self.key, [group(number) for number in expelled]
        )
        self.cells.append(protected.cells)
        return self

    def turns(self, *months) -> "Play":
        for values in months:
            self.turn(values)
        return self

    @property
    def published(self) -> bool:
        """Whether the newest release shows the client's days_late."""
        return len(self.cells[-1]) == 1 and int(self.cells[-1]["days_late"][0]) != MISSING

    @property
    def centre(self) -> int:
        return int(self.cells[-1]["days_late"][0])

    @property
    def members(self) -> set[int]:
        """Numbers of the groups in the panel."""
        panels = self.chain.clients[0]
        codes = panels.member % len(self.chain.groups)
        names = [name.tobytes() for name in GROUPS]
        return {names.index(self.chain.groups[code].tobytes()) for code in codes}
