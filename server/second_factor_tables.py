"""The rows of second factors: a sealed secret of one-time codes, and hashes of the codes kept on paper."""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Bytea, Integer
from piccolo.table import Table


class SecondFactor(Table, tablename="second_factor"):
    """A person's one-time codes. Without `confirmed_at` it was begun alone, and is asked of nobody."""

    person = UUID(primary_key=True, default=None)
    secret = Bytea()  # sealed under a key of the keys folder: a copy of the database makes no codes
    confirmed_at = BigInt(null=True, default=None)
    last_step = BigInt(default=0)  # the newest code's half minute: each serves once
    paper = Bytea(default=b"")  # 32 bytes for each code that is left
    failures = Integer(default=0)
    failed_at = BigInt(default=0)


SECOND_FACTOR_TABLES: Final[list[type[Table]]] = [SecondFactor]
