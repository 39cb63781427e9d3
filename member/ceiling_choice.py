"""Which legal ceiling a firm says holds for its terms of payment: for all, by sector, by account.

Knows: that a ledger tells neither what was sold nor whether the buyer is public; the general regime holds
unless the firm says otherwise. It is kept in the mapping, beside the columns. The law's numbers and their
dates are `benchmark.terms`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from benchmark.problems import Problem
from benchmark.terms import REGIMES
from member.values import account_key, plain

if TYPE_CHECKING:
    from member.imported import ImportedClient

SECTIONS: Final = "ABCDEFGHIJKLMNOPQRSTU"
WORDS: Final = {
    "general": ("general", "generale", "droit commun"),
    "periodic": ("periodic", "periodique", "recapitulative", "factures recapitulatives"),
    "transport": ("transport", "transports", "freight"),
    "fresh_food": ("fresh food", "fresh", "perishables", "perissable", "perissables", "denrees perissables"),
    "livestock": ("livestock", "betail"),
    "public": ("public", "acheteur public", "public buyer", "etat"),
    "public_hospital": ("public hospital", "hospital", "hopital", "sante"),
    "public_enterprise": ("public enterprise", "entreprise publique"),
}
_REGIME_OF: Final = {word: regime for regime, words in WORDS.items() for word in words}
SECTOR: Final = "sector:"


class Ceilings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The firm's choice, regimes by their names in benchmark.terms.REGIMES.

    default: for everybody not named; sectors: NACE section (A to U) of the client -> regime; accounts:
    account as the file writes it -> regime. An account's own goes before its sector's.
    """

    default: str = "general"
    sectors: dict[str, str] = {}
    accounts: dict[str, str] = {}

    def over(self, other: Ceilings) -> Ceilings:
        """This choice where it says something, else the other's."""
        default = other.default if self.default == "general" else self.default
        return Ceilings(default, other.sectors | self.sectors, other.accounts | self.accounts)

    def of(self, clients: Sequence[ImportedClient]) -> list[str]:
        """Each client's regime: its account's, that of the map of accounts, its sector's, the default."""
        if not self.accounts and not self.sectors:
            return [client.regime or self.default for client in clients]
        named = {account_key(account): regime for account, regime in self.accounts.items()}
        found = []
        for client in clients:
            own = [named[key] for account in client.accounts if (key := account_key(account)) in named]
            section = SECTIONS[client.sector - 1] if client.sector else ""
            found.append([*own, client.regime, self.sectors.get(section, self.default)])
        return [next(filter(None, one)) for one in found]


NO_CHOICE: Final = Ceilings()


def read_regime(text: str) -> str | None:
    """A regime by its name or a French or English word for it; None where it is none."""
    word = " ".join(plain(text).replace("_", " ").split())
    return _REGIME_OF.get(word)


def read_choices(texts: Iterable[str]) -> Ceilings | Problem:
    """From `transport`, `sector:H=transport` and `C001=public`, in this order of strength."""
    default, sectors, accounts = "general", {}, {}
    for text in texts:
        who, equals, name = text.rpartition("=")
        regime = read_regime(name)
        if regime is None:
            return unknown_regime(name)
        if not equals:
            default = regime
        elif who.lower().startswith(SECTOR):
            section = who[len(SECTOR) :].strip().upper()
            if len(section) != 1 or section not in SECTIONS:
                return Problem("outside-range", None, "sector", section, "A-U")
            sectors[section] = regime
        else:
            accounts[who.strip()] = regime
    return Ceilings(default, sectors, accounts)


def check(chosen: Ceilings) -> Problem | None:
    """What a kept choice says that cannot be, if anything."""
    for regime in (chosen.default, *chosen.sectors.values(), *chosen.accounts.values()):
        if regime not in REGIMES:
            return unknown_regime(regime)
    for section in chosen.sectors:
        if len(section) != 1 or section not in SECTIONS:
            return Problem("outside-range", None, "sector", section, "A-U")
    return None


def unknown_regime(found: str) -> Problem:
    """No regime is called so."""
    return Problem("regime-unknown", None, "terms_days", found, ", ".join(REGIMES))
