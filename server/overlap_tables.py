"""The rows of firms that think of joining: an invitation, a key, and whether they have had their answer.

Of the set that was asked about nothing is kept, at no time: its digest alone, so that one answer stays one.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, Bytea, Date, Integer, SmallInt, Varchar
from piccolo.table import Table

CANDIDATE_DAYS: Final = 30


class Candidate(Table, tablename="candidate"):
    """A firm that may ask once, within 30 days, how much of its portfolio would be compared."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=200)
    invited_on = Date(default=None)
    invitation_hash = Bytea(null=True, default=None)
    identifiers_max = Integer()
    root_public = Bytea(null=True, default=None)
    identifiers = Integer(null=True, default=None)  # how many it said that it would ask about
    committed = Bytea(null=True, default=None)  # SHA-256 of the set, before it is answered
    month = Integer(null=True, default=None)  # the release that answered
    band = SmallInt(null=True, default=None)
    answered_on = Date(null=True, default=None)


OVERLAP_TABLES: Final[list[type[Table]]] = [Candidate]
