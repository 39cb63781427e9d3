"""What sales says it has done about its tasks: sealed notes that a credit manager's device takes in."""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Bytea, Varchar
from piccolo.table import Table


class TaskDone(Table, tablename="task_done"):
    """Sealed under the firm's *names* key; which client and which task is known to the firm alone."""

    id = UUID(primary_key=True, default=None)
    firm = UUID(default=None)
    author = Varchar(length=60)
    at = BigInt()
    sealed = Bytea()


SALES_TABLES: Final[list[type[Table]]] = [TaskDone]

# (name, table, columns, unique, condition), as in `server.tables`.
SALES_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("task_done_firm", "task_done", "firm, at", False, ""),
]
"""Looked for by firm, oldest first."""
