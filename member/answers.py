"""What the network answers, typed: months are texts such as 2026-11, bytes travel as base64.

Knows: the documented API's JSON. Fields that a later server adds are ignored.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """A JSON object of the API."""


class Holder(Answer, frozen=True):
    """A key holder, and where it is asked (a path is one on the network's own server); its Ed25519 key."""

    name: str
    url: str
    key: bytes = b""
    number: int = 1


class Roster(Answer, frozen=True):
    """Who holds the pseudonym key; `parts`: public keys, 32 bytes each."""

    construction: str
    dealt: bool
    epoch: int
    holders: list[Holder]
    parts: dict[str, bytes]


class RosterSignature(Answer, frozen=True):
    """A signature (64 bytes, purpose roster) and its signer's public key (32 bytes)."""

    key: bytes
    signature: bytes


class SignedRoster(Answer, frozen=True):
    """A roster's canonical bytes, and who signed them; see `privacy.roster` before anything is believed."""

    body: bytes
    signatures: list[RosterSignature]


class HolderState(Answer, frozen=True):
    """What a key holder says of itself: its Ed25519 key, the rosters that it signed."""

    number: int
    name: str
    key: bytes
    rosters: list[SignedRoster]


class NetworkFacts(Answer, frozen=True):
    """What anybody may ask a network."""

    name: str
    kind: str
    today: date
    profile: str
    fields: list[str]
    currency: str
    formula: int
    receipt_key: bytes
    release_key: bytes
    roster: Roster
    rosters: list[SignedRoster]
    key_id: bytes
    latest_release: str | None


class Enrolled(Answer, frozen=True):
    """The ids of a firm's first user and device."""

    firm_id: UUID
    user_id: UUID
    device_id: UUID | None


class RecoveryBlob(Answer, frozen=True):
    """Sealed bytes with meaningless ones behind them."""

    padded: bytes


class Recovered(Answer, frozen=True):
    """The ids of the new administrator and device; how many others ended."""

    user_id: UUID
    device_id: UUID
    firm_name: str
    users_ended: int
    devices_ended: int


class Salt(Answer, frozen=True):
    """16 bytes."""

    kdf_salt: bytes


class PersonSession(Answer, frozen=True):
    """A person is logged in."""

    user_id: UUID
    firm_id: UUID | None
    firm_name: str | None
    role: str
    wrapped_bundle: bytes
    token: str
    factor_pass: str = ""

    def __repr__(self) -> str:
        """Without the token."""
        return f"<PersonSession of user {self.user_id}>"


class Challenge(Answer, frozen=True):
    """What a device signs."""

    challenge: bytes


class DeviceSession(Answer, frozen=True):
    """A device is logged in."""

    token: str
    firm_id: UUID
    role: str

    def __repr__(self) -> str:
        """Without the token."""
        return f"<DeviceSession of firm {self.firm_id}>"


class Budget(Answer, frozen=True):
    """Evaluations used and allowed now."""

    used: int
    limit: int


class Me(Answer, frozen=True):
    """The session's owner."""

    firm_id: UUID | None
    firm_name: str | None
    user_id: UUID | None
    device_id: UUID | None
    role: str
    email: str | None
    budget: Budget | None = None
    declared_portfolio: int | None = None


class Device(Answer, frozen=True):
    """A device of the own firm; `delegation` is the root's word for it."""

    device_id: UUID
    public_key: bytes
    delegation: bytes
    user_id: UUID | None
    revoked: bool


class DeviceAdded(Answer, frozen=True):
    """A new device's id."""

    device_id: UUID


class UserAdded(Answer, frozen=True):
    """A new user's id."""

    user_id: UUID


class Evaluation(Answer, frozen=True):
    """Evaluated elements, 32 bytes each, and one proof (64 bytes) for all of them."""

    evaluated: bytes
    proof: bytes


class Receipt(Answer, frozen=True):
    """What the operator says it has of a month. `current` and `erased` come in the list of receipts alone."""

    firm_id: UUID
    month: str
    digest: bytes
    replaces: bytes
    received_at: str
    rows: int
    signature: bytes
    current: bool = True
    erased: bool = False


class Receipts(Answer, frozen=True):
    """One for each month sent, in order."""

    receipts: list[Receipt]


class BookAnswer(Answer, frozen=True):
    """The client book's current head; None before the first."""

    head: bytes | None
    signature: bytes | None
    device_id: UUID | None
    segments: list[str]


class BookMoved(Answer, frozen=True):
    """The book's version after a change."""

    sequence: int


class Countersignature(Answer, frozen=True):
    """A witness's signature over a manifest; `key` is its Ed25519 key."""

    key: bytes
    signature: bytes


class ManifestListed(Answer, frozen=True):
    """A release's manifest, with the operator's signature and its witnesses'."""

    month: str
    manifest: bytes
    signature: bytes
    countersignatures: list[Countersignature]


class ReceiptLeaf(Answer, frozen=True):
    """Where an own receipt stands in a manifest's tree, and its salt."""

    digest: bytes
    current: bool
    salt: bytes
    place: int


class ReceiptProof(Answer, frozen=True):
    """The own receipts in a manifest; `proof`: hashes from the leaves up."""

    month: str
    receipts: list[ReceiptLeaf]
    proof: bytes


class CellProof(Answer, frozen=True):
    """Cells in a manifest: 32 bytes of each pseudonym and salt, places as u32, little-endian."""

    month: str
    pseudonyms: bytes
    salts: bytes
    places: bytes
    proof: bytes


class TermsSharing(Answer, frozen=True):
    """Whether the firm shares its terms, and whether the network publishes terms at all."""

    shares: bool
    published: bool


class MonthCells(Answer, frozen=True):
    """A month's cells of open relations as little-endian columns; see `member.releases`."""

    month: str
    network: dict[str, int | None]
    network_salt: bytes
    sectors: dict[str, dict[str, int | None]]
    regions: dict[str, dict[str, int | None]]
    wide_salt: bytes
    count: int
    pseudonyms: bytes
    band: bytes
    days_late: bytes
    spread: bytes
    dso: bytes
    incident: bytes
    terms_30: bytes
    terms_45: bytes
    terms_60: bytes
    terms_more: bytes
    sector: bytes


class Alert(Answer, frozen=True):
    """What was seen on a client. `evidence`: pairs of month and days late."""

    id: UUID
    pseudonym: bytes
    month: str
    kind: str
    severity: str
    size_days: int
    shared_days: int
    since: str
    confidence: str
    detector: str
    ends_at_days: int | None
    may_be_larger: bool
    evidence: list[tuple[str, int]]
    sector: int | None = None


class Vouching(msgspec.Struct, frozen=True):
    """A key holder's word for a firm's root key: `chat.reveal`."""

    signature: bytes
