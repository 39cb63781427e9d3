"""A fictional firm that is about to join: what it has (a FEC, a customer master), and a register's extract.

Knows: the 18 columns of a FEC and how sales and payments are posted in one; that customer masters are half
filled; the columns of a SIRENE extract. Its ledger names no SIREN, as real ones do not. All is invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmark.ledger import Invoices
from demo import ledgers
from demo.sirens import siren
from demo.words import LATIN
from demo.world import World
from member.imported import ImportedClient

NAME: Final = "Vitrages Landevouivre"
EMAIL: Final = "compta@vitrages-landevouivre.example"
SIREN: Final = siren(8_998)  # beyond those of the clients
LIKE_FIRM: Final = 4  # whose clients it shares; the amounts are its own
AMOUNT_SHARE: Final = 0.7
VAT: Final = 0.2
TERMS: Final = "45 end of month"  # agreed with everybody; a FEC knows no due dates
FEC_MONTHS: Final = 12
MASTER_WITHOUT_NUMBER: Final = 3  # every third line of the customer master has no SIRET
FEC_COLUMNS: Final = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef"
    " PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
)
SIRENE_COLUMNS: Final = (
    "siren",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
)
CATEGORIES: Final = {"SA": "5599", "SAS": "5710", "SARL": "5499", "SCOP": "5458"}


def commands(url: str, invitation: str, made: Newcomer) -> list[str]:
    """What a person types to join, to find out whose its accounts are, to send and to see."""
    return [
        f"vigie enrol {url} {invitation} --email {EMAIL}",
        f"vigie preview {made.fec}",
        f"vigie identify {made.fec} --master {made.master} --sirene {made.sirene} --confirm-sure",
        f'vigie push {made.fec} --terms "{TERMS}"',
        "vigie portfolio",
    ]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Its files: the ledger, the customer master, an extract of the register; how many clients it has."""

    fec: Path
    master: Path
    sirene: Path
    clients: int


def write(world: World, folder: Path) -> Newcomer:
    """Write the three files; the same world gives the same ones."""
    last = world.scale.first_month + world.scale.months - 1
    clients, invoices = ledgers.ledger(world, ledgers.write(world), LIKE_FIRM, last)
    first = np.datetime64(f"{(last - FEC_MONTHS + 1) // 12:04d}-{(last - FEC_MONTHS + 1) % 12 + 1:02d}-01")
    own = invoices.chosen(invoices.invoiced >= first)
    folder.mkdir(parents=True, exist_ok=True)
    end = np.datetime64(f"{(last + 1) // 12:04d}-{(last + 1) % 12 + 1:02d}-01") - np.timedelta64(1, "D")
    made = Newcomer(
        folder / f"{SIREN}FEC{str(end).replace('-', '')}.txt",
        folder / "fichier-clients.csv",
        folder / "extrait-sirene.csv",
        len(np.unique(own.client)),
    )
    made.fec.write_text(_table("\t", FEC_COLUMNS.split(), _lines(clients, own)), encoding="cp1252")
    buying = [clients[place] for place in np.unique(own.client).tolist()]
    heads = ["Compte", "Raison sociale", "SIRET", "Code postal", "Ville"]
    made.master.write_text(_table(";", heads, _master(buying)), encoding="utf-8-sig")
    made.sirene.write_text(_table(",", SIRENE_COLUMNS, _register(world)), encoding="utf-8")
    return made


def _table(delimiter: str, heads: Sequence[str], rows: Iterator[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def ledger_name(name: str) -> str:
    """As accounting systems write names: capitals, no accents, cut."""
    return name.translate(LATIN).upper()[:30].strip()


def _lines(clients: Sequence[ImportedClient], invoices: Invoices) -> Iterator[list[str]]:
    """Each invoice as a sale, each payment as a line in the bank's journal, lettered together."""
    order = np.lexsort((invoices.client, invoices.invoiced))
    for number, at in enumerate(order.tolist(), 1):
        client = clients[int(invoices.client[at])]
        cents = int(int(invoices.cents[at]) * AMOUNT_SHARE)
        untaxed = round(cents / (1 + VAT))
        paid = invoices.settled[at]
        letter = "" if np.isnat(paid) else _letter(number)
        sale = ["VE", "Ventes", f"VE{number:06d}", _day(invoices.invoiced[at])]
        lettered = [letter, _day(paid) if letter else ""]
        piece = f"F{number:06d}"
        yield _entry(sale, "411000", client, piece, cents, lettered)
        yield _entry(sale, "707000", None, piece, -untaxed, ["", ""])
        yield _entry(sale, "445710", None, piece, untaxed - cents, ["", ""])
        if letter:
            bank = ["BQ", "Banque", f"BQ{number:06d}", _day(paid)]
            yield _entry(bank, "512000", None, piece, cents, ["", ""])
            yield _entry(bank, "411000", client, piece, -cents, lettered)


NAMES: Final = {
    "411000": "Clients",
    "707000": "Ventes de marchandises",
    "445710": "TVA collectee",
    "512000": "Banque",
}


def _entry(  # noqa: PLR0917 - the columns, in their order
    head: Sequence[str],
    account: str,
    client: ImportedClient | None,
    piece: str,
    cents: int,
    lettered: Sequence[str],
) -> list[str]:
    debit, credit = (cents, 0) if cents >= 0 else (0, -cents)
    own = ["", ""] if client is None else [client.account, ledger_name(client.name)]
    label = f"{'Facture' if head[0] == 'VE' else 'Reglement'} {piece}"
    amounts = [f"{amount // 100},{amount % 100:02d}" for amount in (debit, credit)]
    return [*head, account, NAMES[account], *own, piece, head[3], label, *amounts, *lettered, head[3], "", ""]


def _day(day: np.datetime64) -> str:
    return str(day).replace("-", "")


def _letter(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def postcode(client_place: int) -> str:
    """One of no town in France: its first two digits are zeros."""
    return f"00{client_place % 1000:03d}"


def _master(clients: Sequence[ImportedClient]) -> Iterator[list[str]]:
    for at, client in enumerate(clients):
        number = client.identifier.partition(":")[2]
        place = int(client.account.removeprefix("411"))
        told = "" if at % MASTER_WITHOUT_NUMBER == 0 else _siret(number)
        yield [client.account, client.name, told, postcode(place), client.city or ""]


def _siret(number: str) -> str:
    """The SIREN with an establishment's number whose Luhn check digit fits."""
    from demo.sirens import check_digit

    stem = f"{number}0001"
    return f"{stem}{check_digit(stem)}"


def _register(world: World) -> Iterator[list[str]]:
    for client in world.clients:
        name, _, form = client.name.rpartition(" ")
        yield [
            client.siren,
            name.translate(LATIN).upper(),
            CATEGORIES.get(form, "5710"),
            postcode(client.place),
            client.town.translate(LATIN).upper(),
        ]
