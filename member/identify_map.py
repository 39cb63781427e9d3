"""The map of accounts as a file: what was decided, in the columns that `member.account_map` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from member.identify import Decided
from member.identify_review import safe, shown


def map_csv(decided: Iterable[Decided]) -> bytes:
    """Account, identifier, name, town, whether it stays out: semicolons, UTF-8 with BOM."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Compte", "SIREN", "Nom", "Ville", "Confidentiel"])
    for one in decided:
        if one.identifier:
            account = one.account
            writer.writerow(
                [
                    account.account,
                    shown(one.identifier),
                    safe(account.name),
                    safe(account.city or ""),
                    "oui" if one.confidential else "",
                ]
            )
    return out.getvalue().encode("utf-8-sig")
