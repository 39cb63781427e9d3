"""The rows of manifests: trees as they were signed, witnesses' signatures, withdrawals.

The manifest itself is the release's header. Of a tree its leaf hashes are kept, so that a proof is made of
what was signed, whatever stands in other rows today.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import Bytea, Date, Integer, SmallInt, Text, Varchar
from piccolo.table import Table


class ManifestTrees(Table):
    """The leaf hashes of a release's trees, 32 bytes each, in their order."""

    month = Integer(primary_key=True)
    cells = Bytea()
    receipts = Bytea()


class Countersignature(Table):
    """A witness's signature over a manifest; `key` is its Ed25519 key (32 bytes)."""

    month = Integer()
    key = Bytea()
    signature = Bytea()


class Withdrawal(Table):
    """A release that was found defective; `told_in`: the manifest that says so, null before it is made."""

    month = Integer(primary_key=True)
    decided_on = Date(default=None)
    reason = Text()
    told_in = Integer(null=True, default=None)


class EmbeddedWitness(Table):
    """One row: the newest manifest that the embedded holder has signed."""

    id = SmallInt(primary_key=True, default=1)
    month = Varchar(length=7)
    digest = Varchar(length=64)


MANIFEST_TABLES: Final[list[type[Table]]] = [ManifestTrees, Countersignature, Withdrawal, EmbeddedWitness]

MANIFEST_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("countersignature_key", "countersignature", "month, key", True, ""),
]

MANIFEST_INCOMPRESSIBLE: Final[list[tuple[str, str]]] = [
    ("manifest_trees", "cells"),
    ("manifest_trees", "receipts"),
]
