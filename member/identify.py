"""Whose account is this: identifiers proposed for accounts that have none, with sources and a confidence.

Knows: names and identifiers, on the member's side alone. Pure: what is known comes as `Party` values, from
whatever it was read: the file itself, the customer master, electronic invoices, a SIRENE extract, the book.

A proposal is a number in percent, made of what agreed (`_BY_ACCOUNT`, `NAME_PERCENT`): sources that name the
same identifier strengthen each other, 1 - (1 - a)(1 - b); two that contradict each other, a homonym or a name
that looks like a person's leave it to a person, whatever its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from rapidfuzz import fuzz, process

from member.client_list import account_key, read_identifier
from member.firm_names import (
    core_name,
    firm_name,
    in_order,
    likeness,
    looks_like_person,
    place_name,
    postcode,
)
from member.imported import Account
from member.values import plain

Source = Literal["file", "book", "master", "invoices", "sirene"]
Doubt = Literal["", "contradiction", "homonym", "person", "name-differs", "refused-person"]

SURE_PERCENT: Final = 95
"""At this confidence and without a doubt a proposal can be confirmed together with all others of its kind."""
SHOWN_PERCENT: Final = 50
"""Below it a guess would cost more looks than it saves."""
LIKE_ENOUGH: Final = 82.0
NAME_AGREES: Final = 55.0

NAME_PERCENT: Final = 96
"""For the same name at the same place."""

_BY_ACCOUNT: Final[Mapping[str, int]] = {"file": 99, "book": 100, "master": 99, "invoices": 97, "sirene": 0}
_CITY_ALONE: Final = 1
_PLACE_UNKNOWN: Final = 12
_PLACE_UNKNOWN_NAME_ALONE: Final = 5  # two words or more, and nobody else in the sources is called so
_PLACE_REGION: Final = 9
_PLACE_ELSEWHERE: Final = 40
_LOOSELY: Final = 7
_HOMONYM_WITHIN: Final = 5
_CANDIDATES_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Party:
    """What a source says: this identifier (canonical) is this firm. `account` where the source knows it.

    person: the source says that it is a natural person (legal category 1000): never proposed.
    """

    source: Source
    identifier: str
    name: str = ""
    postcode: str = ""
    city: str = ""
    account: str = ""
    person: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One identifier for one account; percent 0 to 100, who says so, and under which name."""

    identifier: str
    percent: int
    sources: tuple[Source, ...]
    name: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for an account: candidates, the surest first, and why a person should look.

    refused: natural persons' numbers that a source names for it.
    """

    account: Account
    candidates: tuple[Candidate, ...] = ()
    doubt: Doubt = ""
    same_as: str = ""
    refused: tuple[str, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The surest candidate."""
        return self.candidates[0] if self.candidates else None

    def sure(self, percent: int = SURE_PERCENT) -> bool:
        """Whether it can be confirmed together with all others of at least so many percent."""
        best = self.best
        return best is not None and not self.doubt and best.percent >= percent


@dataclass(frozen=True, slots=True)
class _Named:
    """A name as it is compared."""

    firm: str
    core: str
    postcode: str
    city: str

    @classmethod
    def of(cls, name: str, code: str, city: str) -> _Named:
        firm = firm_name(name)
        return cls(firm, core_name(firm), postcode(code), place_name(city))


@dataclass(slots=True)
class _Index:
    """Parties by account and by the words of their names, so that nobody is compared with everybody."""

    by_account: dict[str, list[Party]] = field(default_factory=lambda: defaultdict(list))
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_core: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    named: list[tuple[_Named, Party]] = field(default_factory=list)
    spelled: list[str] = field(default_factory=list)
    persons: set[str] = field(default_factory=set)
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, party: Party) -> None:
        if party.person:
            self.persons.add(party.identifier)
        if party.account:
            self.by_account[account_key(party.account)].append(party)
        if not party.name:
            return
        named = _Named.of(party.name, party.postcode, party.city)
        for word in set(named.firm.split()):
            self.by_word[word].append(len(self.named))
        self.called[named.firm].add(party.identifier)
        self.by_core[named.core].append(len(self.named))
        self.spelled.append(in_order(named.firm))
        self.named.append((named, party))

    def like(self, named: _Named) -> Iterator[tuple[_Named, Party]]:
        """Parties whose name is like enough: of those that share one of the rarest words, or the core."""
        words = sorted(set(named.firm.split()), key=lambda word: len(self.by_word.get(word, ())))
        known = [word for word in words if word in self.by_word][:2]
        places = sorted({place for word in known for place in self.by_word[word]})
        near = process.extract(
            in_order(named.firm),
            [self.spelled[place] for place in places],
            scorer=fuzz.ratio,
            score_cutoff=LIKE_ENOUGH,
            limit=None,
        )
        found = {places[at] for _, _, at in near} | set(self.by_core.get(named.core, ()))
        return (self.named[place] for place in sorted(found))


def parties_of(accounts: Iterable[Account], source: Source) -> list[Party]:
    """What accounts say of themselves: SIREN or SIRET, VAT number. Numbers that are none are left out."""
    found = []
    for one in accounts:
        numbers = [one.identifier] if one.identifier else [one.registration, one.vat]
        read = dict.fromkeys(_canonical(number) for number in numbers if number)
        found += [
            Party(source, number, one.name, one.postcode or "", one.city or "", one.account)
            for number in read
            if number
        ]
    return found


def _canonical(number: str) -> str:
    read = read_identifier(number)
    return read if isinstance(read, str) else ""


def with_places(accounts: Iterable[Account], master: Iterable[Account]) -> list[Account]:
    """Accounts with the master's town and postcode where the ledger has none, as a FEC has none.

    And its name where the ledger's is the account's number, or is the master's cut short.
    """
    known = {account_key(one.account): one for one in master}
    found = []
    for one in accounts:
        other = known.get(account_key(one.account))
        if other is None:
            found.append(one)
            continue
        cut = one.name in {"", one.account} or plain(other.name).startswith(plain(one.name))
        named = (other.name if cut else one.name) or one.name
        found.append(
            replace(one, name=named, postcode=one.postcode or other.postcode, city=one.city or other.city)
        )
    return found


def propose(
    accounts: Sequence[Account],
    parties: Iterable[Party],
    progress: Callable[[int, int], None] | None = None,
) -> list[Proposal]:
    """One proposal an account, in the order given. What accounts bear themselves counts as source "file"."""
    index = _Index()
    for party in (*parties_of(accounts, "file"), *parties):
        index.add(party)
    found = []
    for at, account in enumerate(accounts):
        found.append(_propose_one(account, index))
        if progress is not None and at % 50 == 0:
            progress(at, len(accounts))
    return _same_clients(found)


def _propose_one(account: Account, index: _Index) -> Proposal:
    named = _Named.of(account.name, account.postcode or "", account.city or "")
    told: dict[str, dict[Source, tuple[int, Party]]] = defaultdict(dict)
    by_account: set[str] = set()
    differs = False
    if account.identifier:
        by_account.add(account.identifier)
        told[account.identifier]["file"] = (
            _BY_ACCOUNT["file"],
            Party("file", account.identifier, account.name),
        )
    for party in index.by_account.get(account_key(account.account), ()):
        by_account.add(party.identifier)
        differs |= _names_differ(named, party)
        _keep(told, party, _BY_ACCOUNT[party.source])
    for other, party in index.like(named) if named.firm else ():
        if party.source == "file" and account_key(party.account) == account_key(account.account):
            continue
        percent = _percent_by_name(named, other, alone=len(index.called[other.firm]) == 1)
        if percent >= SHOWN_PERCENT:
            _keep(told, party, percent)
    refused = {identifier for identifier in told if identifier in index.persons}
    candidates = sorted(
        (_together(identifier, by) for identifier, by in told.items() if identifier not in refused),
        key=lambda one: (-one.percent, one.identifier),
    )
    doubt = _doubt(account, candidates, by_account - refused, differs=differs, refused=bool(refused))
    return Proposal(account, tuple(candidates[:_CANDIDATES_MAX]), doubt, "", tuple(sorted(refused)))


def _keep(told: dict[str, dict[Source, tuple[int, Party]]], party: Party, percent: int) -> None:
    before = told[party.identifier].get(party.source)
    if before is None or percent > before[0]:
        told[party.identifier][party.source] = (percent, party)


def _names_differ(named: _Named, party: Party) -> bool:
    other = firm_name(party.name)
    return bool(named.firm and other) and likeness(named.firm, other) < NAME_AGREES


def _percent_by_name(named: _Named, other: _Named, *, alone: bool) -> int:
    """How surely two names are one firm: how alike they are, less what the places take away."""
    if named.firm == other.firm:
        alike = 100.0
    else:
        alike = likeness(named.firm, other.firm)
        if named.core == other.core:
            alike = max(alike, 100.0 - _LOOSELY)
    if alike < LIKE_ENOUGH:
        return 0
    return round(NAME_PERCENT - (100.0 - alike) * 1.5) - _distance(
        named, other, alone=alone and alike == 100.0
    )


def _distance(one: _Named, other: _Named, *, alone: bool) -> int:
    """Percent that the places take away. A seat and the place delivered to often share a department."""
    if one.postcode and one.postcode == other.postcode:
        return 0
    if one.city and one.city == other.city:
        return _CITY_ALONE
    if one.postcode and other.postcode:
        return _PLACE_REGION if one.postcode[:2] == other.postcode[:2] else _PLACE_ELSEWHERE
    if one.city and other.city:
        return _PLACE_ELSEWHERE
    return _PLACE_UNKNOWN_NAME_ALONE if alone and " " in one.firm else _PLACE_UNKNOWN


def _together(identifier: str, by: Mapping[Source, tuple[int, Party]]) -> Candidate:
    """Sources that agree: 1 - (1 - a)(1 - b)..."""
    wrong = 1.0
    for percent, _ in by.values():
        wrong *= 1.0 - percent / 100.0
    ranked = sorted(by.items(), key=lambda one: -one[1][0])
    best = ranked[0][1][1]
    name = next((party.name for _, (_, party) in ranked if party.name), "")
    most = 100 if "book" in by and by["book"][0] == 100 else 99
    percent = max(ranked[0][1][0], min(round(100.0 * (1.0 - wrong)), most))
    return Candidate(identifier, percent, tuple(source for source, _ in ranked), name, best.city)


def _doubt(
    account: Account,
    candidates: Sequence[Candidate],
    by_account: set[str],
    *,
    differs: bool,
    refused: bool,
) -> Doubt:
    if refused:
        return "refused-person"
    if not candidates:
        return ""
    best, second = candidates[0], candidates[1] if len(candidates) > 1 else None
    if len(by_account) > 1 or (by_account and best.identifier not in by_account):
        return "contradiction"
    if by_account:
        return "name-differs" if differs else ""
    if looks_like_person(account.name):
        return "person"
    close = second is not None and best.percent - second.percent < _HOMONYM_WITHIN
    return "homonym" if close else ""


def _same_clients(proposals: list[Proposal]) -> list[Proposal]:
    """Accounts of one client: by the identifier proposed for both, else by name and place."""
    first: dict[str, str] = {}
    found = []
    for one in proposals:
        keys = [one.best.identifier] if one.best is not None and one.sure() else []
        firm = firm_name(one.account.name)
        place = postcode(one.account.postcode or "") or place_name(one.account.city or "")
        if firm and (place or len(firm) > 8):
            keys.append(f"{firm}|{place}")
        same = next((first[key] for key in keys if key in first), "")
        for key in keys:
            first.setdefault(key, same or one.account.account)
        found.append(replace(one, same_as=same))
    return found


# ---- what was decided


@dataclass(frozen=True, slots=True)
class Decided:
    """An account and the identifier that was confirmed for it; "" where there is none.

    confidential: kept out of what is contributed; so are natural persons.
    """

    account: Account
    identifier: str
    confidential: bool = False


def persons_out(proposals: Iterable[Proposal], decided: Iterable[Decided]) -> list[Decided]:
    """Accounts that bear a natural person's number, and that nobody decided otherwise: to be kept out."""
    settled = {one.account.account for one in decided}
    return [
        Decided(one.account, identifier, confidential=True)
        for one in proposals
        for identifier in one.refused[:1]
        if one.account.account not in settled
    ]
