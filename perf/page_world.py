"""A network whose first firm has 20,000 clients, 12,000 of them compared over 24 months.

What the page is timed on. Real server, real enrolment, real releases; pseudonyms are random bytes, which is
all that the server can see of them, so that nothing waits for blinding (perf.blinding times that).
"""

from __future__ import annotations

import hashlib
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE, Upload, encode, month_index
from demo.links import Account
from demo.stage import Stage, day_of, first_of
from member.book import Client, Contents
from member.enrol import enrol
from member.keys import account_key_text
from member.keystore import Member
from member.network import Network
from privacy import signing

CLIENTS = 20_000
SHARED = 12_000
FIRMS = 6
MONTHS = 24
LAST = month_index(2026, 10)
PASSWORD = "a long password (fictional)"
Rows = np.ndarray[Any, Any]


@dataclass
class World:
    """A stage that is being served, and who logs in as the firm of 20,000 clients."""

    stage: Stage
    account: Account
    firm: str
    role_keys: tuple[bytes, bytes]
    """Of names and of the ledger."""


def build(
    folder: Path,
    clients: int = CLIENTS,
    shared: int = SHARED,
    months: int = MONTHS,
    stage_of: type[Stage] = Stage,
) -> World:
    """Enrol the firms, live through the months, leave the server running."""
    stage = stage_of(folder, "demo", "Vigie (fictional, large)")
    numbers = np.random.default_rng(5)
    names = np.sort(np.frombuffer(numbers.bytes(32 * clients), "V32"))
    base = numbers.gamma(1.5, 8, clients)
    shared_ones = np.sort(numbers.choice(clients, shared, replace=False))
    stage.create(first_of(LAST - months))
    stage.start()
    members = [
        enrol(
            Network(stage.url),
            stage.admit(f"Firm {number} (fictional)", 2 * clients),
            f"f{number}@perf.example",
            PASSWORD,
        )
        for number in range(FIRMS)
    ]
    sent: dict[int, bytes] = {}
    for month in range(LAST - months + 1, LAST + 1):
        stage.set_today(day_of(month, 5))
        for number, member in enumerate(members):
            which = np.arange(clients) if number == 0 else shared_ones
            encoded = _send(member, month, _rows(numbers, names[which], base[which], number))
            if number == 0:
                sent[month] = encoded
        stage.set_today(day_of(month, 12))
        stage.release(month)
        print(f"perf page: {month - LAST + months} of {months} months", file=sys.stderr, flush=True)
    _save_book(members[0], names, numbers, sent)
    keys = members[0].role_keys
    assert keys.names is not None
    assert keys.ledger is not None
    for member in members:
        member.network.close()
    return World(stage, account_of(members[0]), str(members[0].firm_id), (keys.names, keys.ledger))


def account_of(member: Member) -> Account:
    """How a visitor logs in as a firm that enrolled here."""
    email = member.identity.email
    assert email is not None
    return Account("perf", email, PASSWORD, account_key_text(member.account_key))


def small_firm(stage: Stage, email: str, clients: int, last: int, months: int = 3) -> Account:
    """One more firm of a network that is being served, with so many clients; 0: it sent nothing."""
    member = enrol(Network(stage.url), stage.admit(f"{email} (fictional)", 50), email, PASSWORD)
    numbers = np.random.default_rng(6)
    names = np.sort(np.frombuffer(numbers.bytes(32 * clients), "V32"))
    if clients:
        base = numbers.gamma(1.5, 8, clients)
        sent = {
            month: _send(member, month, _rows(numbers, names, base, 0))
            for month in range(last - months + 1, last + 1)
        }
        _save_book(member, names, numbers, sent)
    member.network.close()
    return account_of(member)


def _rows(numbers: np.random.Generator, names: Rows, base: Rows, firm: int) -> Rows:
    """One firm's month: what is owed by age, what was paid how late."""
    count = len(names)
    rows = np.zeros(count, ROW_DTYPE)
    rows["pseudonym"] = names
    late = np.maximum(base + 3 * firm + numbers.normal(0, 6, count), -5)
    rows["not_due"] = numbers.integers(100_000, 9_000_000, count)
    for name, share in (
        ("late_1_30", 0.3),
        ("late_31_60", 0.1),
        ("late_61_90", 0.05),
        ("late_91_plus", 0.02),
    ):
        rows[name] = (rows["not_due"] * share * numbers.random(count)).astype(np.int64)
    rows["outstanding"] = sum(
        rows[name] for name in ("not_due", "late_1_30", "late_31_60", "late_61_90", "late_91_plus")
    )
    rows["sales"] = rows["paid"] = numbers.integers(100_000, 9_000_000, count)
    rows["paid_days_late"] = (rows["paid"] * late).astype(np.int64)
    rows["paid_days_to_pay"] = (rows["paid"] * (late + 30)).astype(np.int64)
    rows["open_late_days"] = (rows["late_1_30"] * 15 + rows["late_31_60"] * 45).astype(np.int64)
    rows["dso"] = numbers.integers(200, 900, count)
    rows["terms_days"], rows["sector"], rows["region"] = 30, 3, 5
    for name, _ in FIELDS:
        rows["present"] |= FIELD_BIT[name]
    return rows


def _send(member: Member, month: int, rows: Rows) -> bytes:
    """The upload's canonical bytes, once the network has acknowledged them."""
    encoded = encode(Upload(member.firm_id.bytes, month, "EUR", bytes(32), member.pins.key_id, rows))
    body = struct.pack("<I", len(encoded)) + encoded
    digest = hashlib.sha256(body)
    signature = signing.sign(member.device_key, "upload", digest.digest())
    member.session.send_uploads(body, digest.hexdigest(), member.device_id, signature)
    return encoded


def _save_book(member: Member, names: Rows, numbers: np.random.Generator, sent: dict[int, bytes]) -> None:
    places = numbers.permutation(len(names))
    clients = [
        Client(
            number + 1,
            f"Société fictive {place:05d}",
            f"fr.siren:{place:09d}",
            names[number].tobytes(),
            city=f"Ville {place % 997}",
            sector=1 + place % 21,
            region=1 + place % 13,
            terms_days=30,
        )
        for number, place in enumerate(places.tolist())
    ]
    member.shelf.sync(member)
    member.shelf.save(member, Contents({one.identifier: one for one in clients}, sent))
