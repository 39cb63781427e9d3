"""A country that does not exist: accounts as ledgers write them, a register with namesakes, and the truth."""

from __future__ import annotations

import random

from member.identify import Party
from member.imported import Account


def siren(number: int) -> str:
    """A fictional SIREN with its check digit."""
    digits = f"{10_000_000 + number:08d}"
    doubled = [int(digit) * (2 if place % 2 == 1 else 1) for place, digit in enumerate(digits)]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


STEMS = [
    first + second
    for first in ("ar", "bel", "cor", "dan", "el", "fer", "gal", "hen")
    for second in ("tis", "mond", "vac", "gor", "lun", "pas", "rim", "sol", "ten", "vid", "zan", "quel")
]
TRADES = [
    "transports",
    "batiment",
    "distribution",
    "conseil",
    "logistique",
    "services",
    "menuiserie",
    "hotel",
]
TOWNS = [
    (f"{10 + number:02d}{number:03d}", f"Ville Fictive {chr(65 + number % 26)}{chr(65 + number // 26)}")
    for number in range(60)
]


def town_of(count: int, seed: int = 3) -> tuple[list[Account], list[Party], dict[str, str]]:
    """Accounts as a ledger writes them, a register in which each is once among namesakes, and the truth."""
    chance = random.Random(seed)
    accounts, register, truth = [], [], {}
    for number in range(count):
        name = f"{chance.choice(STEMS)} {chance.choice(STEMS)} {chance.choice(TRADES)}"
        code, city = chance.choice(TOWNS)
        register.append(Party("sirene", f"fr.siren:{siren(number)}", name.upper(), code, city.upper()))
        # A namesake elsewhere, as registers have them.
        if chance.random() < 0.3:
            other_code, other_city = chance.choice(TOWNS)
            register.append(
                Party("sirene", f"fr.siren:{siren(count + number)}", name.upper(), other_code, other_city)
            )
        written = chance.choice(
            [
                name,
                f"SARL {name}",
                f"Ets {name}",
                f"{name} S.A.S.",
                name[:-1],
                name.replace("transports", "transp."),
            ]
        )
        known = chance.random() < 0.8
        accounts.append(
            Account(
                f"411{number:05d}",
                written,
                postcode=code if known else None,
                city=city if known else None,
                outstanding_cents=chance.randrange(1, 10**7),
            )
        )
        truth[accounts[-1].account] = f"fr.siren:{siren(number)}"
    return accounts, register, truth
