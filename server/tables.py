"""The rows of a network, the same on SQLite and PostgreSQL. Times are unix seconds (UTC), months are indexes.

What is many is packed: an upload is one row with the bytes that were signed for, a firm's relations and a
release's cells are one array each. Nothing here is a client's identifier or name.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, ForeignKey, Integer, SmallInt, Text, Varchar
from piccolo.table import Table

from server.alert_life_tables import ALERT_LIFE_INDEXES, ALERT_LIFE_TABLES
from server.conversation_state_tables import CONVERSATION_STATE_INDEXES, CONVERSATION_STATE_TABLES
from server.conversation_tables import (
    CONVERSATION_INCOMPRESSIBLE,
    CONVERSATION_INDEXES,
    CONVERSATION_TABLES,
)
from server.keyholder_tables import NetworkRoster
from server.keyring_tables import KEYRING_INDEXES, KEYRING_TABLES
from server.manifest_tables import MANIFEST_INCOMPRESSIBLE, MANIFEST_INDEXES, MANIFEST_TABLES
from server.outbox_tables import OUTBOX_INDEXES, OUTBOX_TABLES
from server.overlap_tables import OVERLAP_TABLES
from server.passkey_tables import PASSKEY_TABLES
from server.sales_tables import SALES_INDEXES, SALES_TABLES
from server.second_factor_tables import SECOND_FACTOR_TABLES


class Network(Table):
    """One row: what was fixed when the database was created, and the business date of a demo or replay."""

    id = SmallInt(primary_key=True, default=1)
    network = UUID(default=None)
    kind = Varchar(length=16)
    created_at = BigInt()
    today = Date(null=True, default=None)
    key_id = Bytea()
    keys_check = Bytea()  # hash over every key file: other keys are refused
    profile = Varchar(length=40)
    epoch = Integer(default=1)


class Firm(Table):
    """A member firm, from its admission on."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=200)
    group_id = UUID(default=None)
    declared_portfolio = Integer()
    admitted_on = Date(default=None)
    enrolled_on = Date(null=True, default=None)
    root_public = Bytea(null=True, default=None)
    invitation_hash = Bytea(null=True, default=None)
    recovery_blob = Bytea(null=True, default=None)
    expelled = Boolean(default=False)
    shares_terms = Boolean(default=False)  # opted in to shares of terms of payment


class Person(Table):
    """A user; operators have no firm."""

    id = UUID(primary_key=True, default=None)
    firm = ForeignKey(Firm, null=True, default=None, index=True)
    email = Varchar(length=254, unique=True)
    role = Varchar(length=20)
    kdf_salt = Bytea()
    auth_salt = Bytea()
    auth_hash = Bytea()
    wrapped_bundle = Bytea()
    created_at = BigInt()
    revoked_at = BigInt(null=True, default=None)


class Device(Table):
    """A device key that a firm's root vouches for."""

    id = UUID(primary_key=True, default=None)
    firm = ForeignKey(Firm, null=False, index=True)
    person = ForeignKey(Person, null=True, default=None)
    public_key = Bytea(unique=True)
    delegation = Bytea()
    created_at = BigInt()
    revoked_at = BigInt(null=True, default=None)


class Session(Table):
    """Who is logged in; the token itself is never stored."""

    token_hash = Bytea(primary_key=True)
    person = ForeignKey(Person, null=True, default=None)
    device = ForeignKey(Device, null=True, default=None)
    created_at = BigInt()
    expires_at = BigInt(index=True)
    described = Varchar(length=40, default="")  # program and system, from a fixed list of names
    seen_at = BigInt(default=0)  # to the hour


class Challenge(Table):
    """What a device has to sign to log in, once."""

    challenge = Bytea(primary_key=True)
    device = UUID(default=None)
    expires_at = BigInt(index=True)


class Upload(Table):
    """One firm's whole month in the bytes that its receipt signs."""

    digest = Bytea(primary_key=True)
    firm = ForeignKey(Firm, null=False)
    month = Integer()
    replaces = Bytea()
    received_at = BigInt()
    sequence = BigInt()  # the order of receipt within the firm
    batch = BigInt()  # the sequence of the first month sent together with this one
    superseded_at = BigInt(null=True, default=None)  # null: the current one
    used_in = Integer(null=True, default=None)  # the newest release that read it
    row_count = Integer()
    erased = Boolean(default=False)  # a tombstone: the digest stays
    device = UUID(default=None)
    device_signature = Bytea()
    receipt = Bytea()
    payload = BigInt()  # where its bytes are: `server.payloads`


PART_NUMBER_BITS: Final = 16


class UploadPart(Table):
    """A part of an upload's bytes. `number`: the part's place, behind the payload's number in higher bits."""

    number = BigInt(primary_key=True)
    bytes = Bytea()


class Relations(Table):
    """A firm's relations, packed: `privacy.visibility.RELATION_DTYPE`, sorted by pseudonym.

    They follow from the firm's uploads up to the sequence `folded`, and from the releases.
    """

    firm = ForeignKey(Firm, null=False, primary_key=True)
    folded = BigInt(default=0)
    packed = Bytea()


class Idempotency(Table):
    """The answer given under a firm's idempotency key, so that the same again is the same answer."""

    firm = ForeignKey(Firm, null=False)
    key = Varchar(length=64)
    content = Bytea()  # SHA-256 of the body
    answer = Bytea()
    created_at = BigInt(index=True)


class Release(Table):
    """What was published for one month: immutable."""

    month = Integer(primary_key=True)
    profile = Varchar(length=40)
    published_on = Date(default=None)
    header = Bytea()
    signature = Bytea()
    network_cell = Bytea()  # JSON
    wide_cells = Bytea()  # JSON: sectors' and regions' published cells by code
    cell_count = Integer()
    cells = Bytea()  # `privacy.disclosure.CELL_DTYPE`, sorted by pseudonym


class PolicyState(Table):
    """What the policy remembers after a release: panels, carried values, published centres."""

    month = Integer(primary_key=True)
    state = Bytea()


class Alert(Table):
    """A function of published cells; exposed to firms with an open relation alone."""

    id = UUID(primary_key=True, default=None)
    pseudonym = Bytea(index=True)
    month = Integer(index=True)
    kind = Varchar(length=20)
    detector = Varchar(length=20)
    severity = Varchar(length=10)
    size_days = Integer()
    shared_days = Integer()
    since_month = Integer()
    confidence = Varchar(length=20)
    ends_at_days = Integer(null=True, default=None)
    may_be_larger = Boolean(default=False)
    evidence = Bytea()  # JSON
    sector = Integer(null=True, default=None)
    published_on = Date(default=None)


class HolderFirm(Table):
    """The embedded key holder's own admission list and budgets."""

    firm = UUID(primary_key=True, default=None)
    root_public = Bytea()
    declared_portfolio = Integer()
    admitted_on = Date(default=None)
    evaluated = BigInt(default=0)


class HolderNonce(Table):
    """Requests for evaluation already answered: a copied request spends nobody's budget."""

    nonce = Bytea(primary_key=True)
    firm = UUID(default=None)
    requested_at = BigInt(index=True)


class BookHead(Table):
    """The newest signed head of a firm's sealed client book."""

    firm = ForeignKey(Firm, null=False, primary_key=True)
    sequence = BigInt()
    head = Bytea()
    signature = Bytea()
    device = UUID(default=None)


class BookSegment(Table):
    """A sealed segment that the head names."""

    firm = ForeignKey(Firm, null=False)
    name = Varchar(length=80)
    digest = Bytea()
    sealed = Bytea()


class Audit(Table):
    """Append-only and hash-chained, one chain a firm; the operator's chain has the zero id."""

    chain = UUID(default=None)
    sequence = BigInt()
    at = BigInt()
    actor = Varchar(length=60)
    event = Varchar(length=40)
    detail = Text()  # JSON, without identifiers or names of clients
    previous = Bytea()
    digest = Bytea()


TABLES: Final[list[type[Table]]] = [
    Network,
    Firm,
    Person,
    Device,
    Session,
    Challenge,
    Upload,
    UploadPart,
    Relations,
    Idempotency,
    Release,
    PolicyState,
    Alert,
    HolderFirm,
    HolderNonce,
    NetworkRoster,
    BookHead,
    BookSegment,
    Audit,
    *MANIFEST_TABLES,
    *CONVERSATION_TABLES,
    *CONVERSATION_STATE_TABLES,
    *ALERT_LIFE_TABLES,
    *OUTBOX_TABLES,
    *OVERLAP_TABLES,
    *SECOND_FACTOR_TABLES,
    *PASSKEY_TABLES,
    *KEYRING_TABLES,
    *SALES_TABLES,
]

# Piccolo's tables know single columns only; (name, table, columns, unique, condition).
INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("upload_current", "upload", "firm, month", True, "superseded_at IS NULL"),
    ("upload_sequence", "upload", "firm, sequence", True, ""),
    ("upload_window", "upload", "month, received_at", False, ""),
    ("idempotency_key", "idempotency", "firm, key", True, ""),
    ("book_segment_name", "book_segment", "firm, name", True, ""),
    ("audit_sequence", "audit", "chain, sequence", True, ""),
    *MANIFEST_INDEXES,
    *CONVERSATION_INDEXES,
    *CONVERSATION_STATE_INDEXES,
    *ALERT_LIFE_INDEXES,
    *OUTBOX_INDEXES,
    *KEYRING_INDEXES,
    *SALES_INDEXES,
]

# Bytes that do not compress: PostgreSQL need not try.
INCOMPRESSIBLE: Final[list[tuple[str, str]]] = [
    ("relations", "packed"),
    ("release", "cells"),
    ("book_segment", "sealed"),
    *MANIFEST_INCOMPRESSIBLE,
    *CONVERSATION_INCOMPRESSIBLE,
]

# Values that stay in their row, which they fill.
INLINE: Final[list[tuple[str, str]]] = [("upload_part", "bytes")]
