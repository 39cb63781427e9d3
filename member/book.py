"""The client book: names and pseudonyms, and what was last sent for each month. Pure: no file, no network.

Knows: the only place on the Python side where a pseudonym meets a name; the head that chains its versions;
how two devices' changes become one. Sealed segments: "names" under the role key names, "ledger/2026-11"
(canonical upload bytes) under the role key ledger; what `member.credit` keeps is carried along unread. Twin:
web/src/book.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from benchmark.upload import HEADER_DTYPE, decode, digest, month_index, month_text
from member.imported import ImportedClient
from member.keys import NotOpened, RoleKeys, book_name, seal, unseal

NAMES: Final = "names"
LEDGER: Final = "ledger/"
BY_NAMES: Final = frozenset({NAMES, "lights"})
"""Segments under the role key names; all others are under the role key ledger."""
NO_PREVIOUS: Final = "0" * 64

_REPLACES_AT: Final = HEADER_DTYPE.fields["replaces"][1] if HEADER_DTYPE.fields else 0


class Client(msgspec.Struct, frozen=True):
    """One client. `pseudonym` is empty as long as its identifier was never asked (a confidential client)."""

    id: int
    name: str
    identifier: str
    pseudonym: bytes = b""
    city: str | None = None
    sector: int = 0
    region: int = 0
    terms_days: int | None = None
    terms_kind: int = 0
    confidential: bool = False
    accounts: tuple[str, ...] = ()


class Names(msgspec.Struct, frozen=True):
    """The plain content of the segment "names"."""

    clients: list[Client]


class Head(msgspec.Struct, frozen=True):
    """What the signed bytes say: which version this is, what was before it, each segment's SHA-256 in hex."""

    sequence: int
    previous: str
    segments: dict[str, str]
    device: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole book, opened. `clients` by canonical identifier; `sent` by month: canonical upload bytes."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    sent: Mapping[int, bytes] = field(default_factory=dict)

    def by_pseudonym(self) -> dict[bytes, Client]:
        """Clients that have a pseudonym."""
        return {client.pseudonym: client for client in self.clients.values() if client.pseudonym}

    def digest_of(self, month: int) -> bytes | None:
        """SHA-256 of what was last sent for a month."""
        return digest(self.sent[month]) if month in self.sent else None


@dataclass(frozen=True, slots=True)
class Version:
    """The book as this device and the network last agreed on it; `head` None: there is none yet."""

    head: bytes | None = None
    contents: Contents = field(default_factory=Contents)

    @property
    def sequence(self) -> int:
        """Which version it is; 0 before the first."""
        return 0 if self.head is None else read_head(self.head).sequence

    @property
    def segments(self) -> dict[str, str]:
        """SHA-256 in hex of each sealed segment."""
        return {} if self.head is None else read_head(self.head).segments


def replaces_of(upload: bytes) -> bytes:
    """The digest that canonical upload bytes say they replace."""
    return upload[_REPLACES_AT : _REPLACES_AT + 32]


# ---- the head


def head_bytes(sequence: int, previous: bytes | None, segments: Mapping[str, str], device: str) -> bytes:
    """The head as it is signed; `previous` are the bytes of the head before it."""
    before = NO_PREVIOUS if previous is None else hashlib.sha256(previous).hexdigest()
    named = {name: segments[name] for name in sorted(segments)}
    head = {"sequence": sequence, "previous": before, "segments": named, "device": device}
    return json.dumps(head, separators=(",", ":")).encode()


def read_head(encoded: bytes) -> Head:
    """Raise ValueError where the bytes are no head."""
    try:
        return msgspec.json.decode(encoded, type=Head)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None


# ---- segments


def segment_name(month: int) -> str:
    """The ledger segment of a month."""
    return LEDGER + month_text(month)


def month_of_segment(name: str) -> int | None:
    """The month of a ledger segment; None for another."""
    year, _, month = name.removeprefix(LEDGER).partition("-")
    if not name.startswith(LEDGER) or not (year.isdecimal() and month.isdecimal()):
        return None
    return month_index(int(year), int(month))


def names_plain(clients: Iterable[Client]) -> bytes:
    """The segment "names" before it is sealed, clients by id."""
    return msgspec.json.encode(Names(sorted(clients, key=lambda client: client.id)))


def seal_changes(before: Contents, after: Contents, keys: RoleKeys, firm: str) -> dict[str, bytes]:
    """Sealed segments for what differs. Raise KeyError where a role key that is needed is missing."""
    sealed = {}
    if before.clients != after.clients:
        plain = names_plain(after.clients.values())
        sealed[NAMES] = seal(_key(keys, NAMES), plain, book_name(firm, NAMES))
    for month, upload in after.sent.items():
        if before.sent.get(month) != upload:
            name = segment_name(month)
            sealed[name] = seal(_key(keys, name), upload, book_name(firm, name))
    return sealed


def seal_segment(name: str, plain: bytes, keys: RoleKeys, firm: str) -> bytes:
    """A segment sealed under its role key. Raise KeyError where this role does not hold it."""
    return seal(_key(keys, name), plain, book_name(firm, name))


def _key(keys: RoleKeys, segment: str) -> bytes:
    key = keys.names if segment in BY_NAMES else keys.ledger
    if key is None:
        raise KeyError(NAMES if segment in BY_NAMES else "ledger")
    return key


def open_book(
    head: Head, sealed: Callable[[str], bytes], keys: RoleKeys, firm: str, known: Version
) -> Contents:
    """The contents that a head names. `sealed(name)` gives a segment's bytes; unchanged ones are in `known`.

    A segment that this role holds no key for is left out. Raise NotOpened naming the segment that is
    another one than the head says, or does not open.
    """
    before = known.segments
    clients: Mapping[str, Client] = {}
    sent = {}
    for name, expected in head.segments.items():
        same = before.get(name) == expected
        month = month_of_segment(name)
        if name == NAMES and keys.names is not None:
            clients = (
                known.contents.clients if same else _read_names(_opened(name, expected, sealed, keys, firm))
            )
        elif month is not None and keys.ledger is not None:
            kept = known.contents.sent.get(month) if same else None
            sent[month] = kept or _read_month(name, month, _opened(name, expected, sealed, keys, firm))
    return Contents(clients, sent)


def _opened(name: str, expected: str, sealed: Callable[[str], bytes], keys: RoleKeys, firm: str) -> bytes:
    return open_segment(name, expected, sealed(name), keys, firm)


def open_segment(name: str, expected: str, found: bytes, keys: RoleKeys, firm: str) -> bytes:
    """A segment's content. Raise NotOpened: not the one whose SHA-256 the head says, or no key opens it."""
    if hashlib.sha256(found).hexdigest() != expected:
        raise NotOpened(name)
    for one in (keys, *keys.earlier):
        key = one.names if name in BY_NAMES else one.ledger
        with contextlib.suppress(NotOpened):
            if key is not None:
                return unseal(key, found, book_name(firm, name))
    raise NotOpened(name)


def _read_names(plain: bytes) -> dict[str, Client]:
    try:
        clients = msgspec.json.decode(plain, type=Names).clients
    except msgspec.MsgspecError:
        raise NotOpened(NAMES) from None
    return {client.identifier: client for client in clients}


def _read_month(name: str, month: int, plain: bytes) -> bytes:
    try:
        found = decode(plain)
    except ValueError:
        raise NotOpened(name) from None
    if found.month != month:
        raise NotOpened(name)
    return plain


# ---- changes


def with_imported(
    contents: Contents, found: Sequence[ImportedClient], pseudonyms: Mapping[str, bytes]
) -> Contents:
    """The book with an import's clients: what the file says goes over what was known, nothing is forgotten.

    `pseudonyms` by identifier, those that were asked for. Confidential stays confidential.
    """
    clients = dict(contents.clients)
    number = max((client.id for client in clients.values()), default=0)
    for one in found:
        before = clients.get(one.identifier)
        if before is None:
            number += 1
            before = Client(number, "", one.identifier)
        # An account's number stands in where the file has no name: it does not replace a name.
        name = before.name if one.name == one.account and before.name else one.name
        told = one.terms_days is not None
        clients[one.identifier] = Client(
            id=before.id,
            name=name or before.name or one.identifier,
            identifier=one.identifier,
            pseudonym=before.pseudonym or pseudonyms.get(one.identifier, b""),
            city=one.city or before.city,
            sector=one.sector or before.sector,
            region=one.region or before.region,
            terms_days=one.terms_days if told else before.terms_days,
            terms_kind=one.terms_kind if told else before.terms_kind,
            confidential=one.confidential or before.confidential,
            accounts=tuple(dict.fromkeys((*before.accounts, *one.accounts))),
        )
    return Contents(clients, contents.sent)


def merge(
    base: Contents, mine: Contents, theirs: Contents, current: Callable[[int], bytes | None]
) -> Contents:
    """Both devices' changes since `base`, so that nothing is lost: every field that one of them changed.

    A field changed by both is this device's. A client that one forgot and the other left alone is forgotten.
    A month changed by both: the upload that replaces the other, else the one whose digest `current(month)`
    names as the network's, else theirs.
    """
    clients = dict(theirs.clients)
    number = max((client.id for client in clients.values()), default=0)
    for identifier, own in mine.clients.items():
        before, other = base.clients.get(identifier), clients.get(identifier)
        if own == before:
            continue
        if other is None:
            number += 1
            clients[identifier] = msgspec.structs.replace(own, id=number)
        else:
            clients[identifier] = _merge_client(before, own, other)
    for identifier in set(base.clients) - set(mine.clients):
        if clients.get(identifier) == base.clients[identifier]:
            del clients[identifier]
    sent = dict(theirs.sent)
    for month, upload in mine.sent.items():
        if upload != base.sent.get(month):
            sent[month] = _newer(month, upload, theirs.sent.get(month), current)
    return Contents(clients, sent)


def _merge_client(before: Client | None, own: Client, other: Client) -> Client:
    changed = {}
    for name in Client.__struct_fields__:
        value = getattr(own, name)
        if name not in {"id", "accounts"} and (before is None or value != getattr(before, name)) and value:
            changed[name] = value
    if before is not None and before.confidential and not own.confidential:
        changed["confidential"] = False
    given_away = set(before.accounts) - set(own.accounts) if before is not None else set()
    kept = (account for account in other.accounts if account not in given_away)
    added = (account for account in own.accounts if before is None or account not in before.accounts)
    return msgspec.structs.replace(other, **changed, accounts=tuple(dict.fromkeys((*kept, *added))))


def _newer(month: int, own: bytes, other: bytes | None, current: Callable[[int], bytes | None]) -> bytes:
    if other is None or other == own or replaces_of(own) == digest(other):
        return own
    if replaces_of(other) == digest(own):
        return other
    return own if current(month) == digest(own) else other
