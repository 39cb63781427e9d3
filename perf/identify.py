"""Whose are 3,000 accounts: recognised in an extract of 500,000 firms, beside reading that file; CPU time.

The reference is the standard library's `csv.reader` over the same file, which does nothing with its rows.
The second line is no speed: of what is confirmed in one go (95 % and no doubt), the percentage that is wrong.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from pathlib import Path

from member.identify import propose
from member.sirene import read_extract
from perf.measure import Line
from perf.towns import STEMS, TOWNS, TRADES, siren, town_of

ACCOUNTS = 3_000
FIRMS = 500_000
RATIO_BAR = 15.0
WRONG_PERCENT_BAR = 0.2
HEADINGS = (
    "siren",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
)


def lines() -> list[Line]:
    """Write the extract, read it, propose; twice, the quicker counts."""
    accounts, register, truth = town_of(ACCOUNTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sirene.csv"
        _write(path, register)
        reference = min(_read_alone(path) for _ in range(2))
        best, wrong = float("inf"), 0.0
        for _ in range(2):
            began = time.process_time()
            found = read_extract(path, accounts)
            assert isinstance(found, list)
            proposals = propose(accounts, found)
            best = min(best, time.process_time() - began)
            sure = [one for one in proposals if one.sure() and one.best is not None]
            false = [one for one in sure if one.best and one.best.identifier != truth[one.account.account]]
            wrong = 100.0 * len(false) / max(len(sure), 1)
            assert len(sure) > ACCOUNTS / 2
    return [
        Line(f"{ACCOUNTS:,} accounts in a register of {FIRMS:,}", best, reference, "s", RATIO_BAR),
        Line("... confirmed in one go, and wrong", wrong, None, "%", WRONG_PERCENT_BAR),
    ]


def _read_alone(path: Path) -> float:
    began = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        count = sum(1 for _ in csv.reader(file))
    assert count > FIRMS
    return time.process_time() - began


def _write(path: Path, register: list) -> None:
    """The firms sought, among others of which one in twenty shares a word with them."""
    chance = random.Random(5)
    letters = "bcdfglmnprstv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for party in register:
            number = party.identifier.partition(":")[2]
            writer.writerow([number, party.name, "5710", party.postcode, party.city])
        for at in range(FIRMS):
            own = "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(4))
            first = chance.choice(STEMS) if chance.random() < 0.05 else own[::-1]
            code, city = chance.choice(TOWNS)
            name = f"{first} {own} {chance.choice(TRADES)}".upper()
            writer.writerow([siren(1_000_000 + at), name, "5710", code, city.upper()])
