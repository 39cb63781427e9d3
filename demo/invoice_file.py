"""A firm's invoices as the CSV that its accounting system would export: a file to try an upload with.

Knows: the habits of a French export (semicolons, comma decimals, day before month).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np

from demo.ledgers import Ledger

HEADINGS: Final = (
    "N° facture",
    "SIREN",
    "Client",
    "Ville",
    "Date de facture",
    "Échéance",
    "Date de règlement",
    "Montant TTC",
)


def write(path: Path, accounts: Ledger) -> None:
    """Write what the accounts show; open invoices have no date of payment."""
    clients, invoices = accounts
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        for number in np.argsort(invoices.invoiced, kind="stable").tolist():
            client = clients[int(invoices.client[number])]
            writer.writerow(
                (
                    f"F{number + 1:06d}",
                    client.identifier.removeprefix("fr.siren:"),
                    client.name,
                    client.city,
                    _day(invoices.invoiced[number]),
                    _day(invoices.due[number]),
                    _day(invoices.settled[number]),
                    f"{int(invoices.cents[number]) / 100:.2f}".replace(".", ","),
                )
            )


def _day(day: np.datetime64) -> str:
    if np.isnat(day):
        return ""
    year, month, number = str(day).split("-")
    return f"{number}/{month}/{year}"
