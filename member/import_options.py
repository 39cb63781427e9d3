"""How a file is to be imported, as a person or a schedule says it.

Knows: defaults. None of it is in the file: the day, the months, the map of accounts, agreed terms, rates.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from member.ceiling_choice import NO_CHOICE, Ceilings
from member.client_list import Known
from member.connectors.fec import Terms
from member.currency import Rates
from member.imported import UPLOAD_MONTHS, last_complete_month
from member.mapping import Kind
from member.reading import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Options:
    """How to import.

    today: the last day that may have happened (None: the calendar's); through_month: last complete month to
    prepare (None: the month of the file's last event, or the month before today's if that is earlier);
    months: how many to prepare, None for all; accounts: account -> what the map of accounts says, keys as
    client_list.account_key gives them; skip_bad: leave wrong rows out instead of refusing the file; kind and
    sheet force what would be recognised; terms: those agreed where a ledger and the map tell none;
    rates: of other currencies, beside the mapping's own; ceilings: on agreed terms, before the mapping's own.
    """

    today: date | None = None
    through_month: int | None = None
    months: int | None = UPLOAD_MONTHS
    accounts: Lookup[str, Known] = field(default_factory=dict)
    skip_bad: bool = False
    kind: Kind | None = None
    sheet: str | None = None
    terms: Terms | None = None
    currency: str = "EUR"
    rates: Rates = field(default_factory=dict)
    ceilings: Ceilings = NO_CHOICE
    limits: Limits = DEFAULT_LIMITS


DEFAULTS = Options()


def dated(options: Options) -> Options:
    """With the calendar's day where none is given."""
    if options.today is not None:
        return options
    return replace(options, today=datetime.now(UTC).astimezone().date())


def last_month(options: Options) -> int:
    """The last complete month that may be prepared."""
    assert options.today is not None
    through = last_complete_month(options.today)
    return through if options.through_month is None else min(through, options.through_month)
