"""The network's rows about its key holders: the chain of signed rosters, as members follow it."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Text
from piccolo.table import Table


class NetworkRoster(Table):
    """One epoch's roster, in the text that `privacy.roster` writes; never changed, one after the other."""

    epoch = Integer(primary_key=True, default=1)
    text = Text()
    adopted_at = BigInt()
    rekeyed_on = Date(null=True, default=None)  # the business date, where the key itself became another
