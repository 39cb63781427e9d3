"""From an import to receipts: pseudonyms, months merged with what was sent before, one transaction, the book.

Rules of order, whose guardian this is:
1. Nothing is sent of an import that was refused: it has no months.
2. A pseudonym is kept before it is used; a month is sent whole, naming the upload that it replaces.
3. Receipts are verified before the book says that anything was sent.
4. When another device was first with a month, the book is read again and the months are merged again.
A run that ends anywhere in between loses nothing: the same import again takes up what the network has.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import (
    PSEUDONYM,
    ROW_DTYPE,
    Rows,
    Upload,
    decode,
    digest,
    encode,
    refuse_impossible,
)
from member import receipts as receipt_rules
from member.answers import Receipt
from member.book import Contents, with_imported
from member.imported import Imported
from member.pseudonyms import Progress, pseudonyms_of, silent
from member.refusals import HomeRefused, InputRefused, NetworkRefused, Unreachable
from privacy import signing

if TYPE_CHECKING:
    from member.keystore import Member

TRIES: Final = 6
MONTHS_MAX: Final = 60
BODY_BYTES_MAX: Final = 128 * 1024 * 1024
"""Under the network's limit of one transaction; more is sent in several, each whole."""
ROW_BYTES: Final = np.dtype(f"V{ROW_DTYPE.itemsize}")


@dataclass(frozen=True, slots=True)
class MonthChange:
    """One month as it leaves. Counts are clients: `rows` in all, and how they differ from what was sent."""

    month: int
    encoded: bytes = field(repr=False)
    replaces: bytes = field(repr=False)
    rows: int
    added: int
    changed: int
    removed: int

    @property
    def fresh(self) -> bool:
        """Whether nothing was sent for this month before."""
        return not any(self.replaces)


@dataclass(frozen=True, slots=True)
class PushResult:
    """What was sent, and what need not be.

    `unchanged`: months that the network has exactly so; `recovered`: months whose upload an earlier run, or
    another device, had not put down in the book.
    """

    months: list[MonthChange]
    unchanged: list[int]
    receipts: list[Receipt]
    evaluated: int
    clients: int
    recovered: list[int]


def push(
    member: Member,
    imported: Imported,
    progress: Progress = silent,
    *,
    replace: bool = False,
    after_restore: bool = False,
) -> PushResult:
    """Send an import. `replace`: the file's months are the whole truth, clients that it lacks leave them.

    Raise InputRefused where the import was refused; NetworkRefused, Unreachable, Untrusted.
    """
    for name, key in (("names", member.role_keys.names), ("ledger", member.role_keys.ledger)):
        if key is None:
            raise HomeRefused("no-role-key", name=name)
    if not imported.months:
        raise InputRefused("import-refused", found=len(imported.problems))
    if len(imported.months) > MONTHS_MAX:
        raise InputRefused("too-many-months", found=len(imported.months), expected=MONTHS_MAX)
    shelf = member.shelf
    if not shelf.synced or after_restore:
        shelf.sync(member, after_restore=after_restore)
    evaluated = 0
    recovered = list(shelf.recovered)
    sent: dict[int, MonthChange] = {}
    receipts: list[Receipt] = []
    for _ in range(TRIES):
        # Within the loop: the book of another device may show clients that this one did not ask for.
        evaluated += _ask_for_pseudonyms(member, imported, progress, sync=not after_restore)
        contents = with_imported(shelf.contents, imported.clients, shelf.pending)
        changes, unchanged = plan(member, contents, shelf.current, imported, replace=replace)
        try:
            for part in in_parts(changes):
                receipts += send_part(member, part, progress)
                contents = _sent(contents, part)
                shelf.contents = _sent(shelf.contents, part)
                sent |= {change.month: change for change in part}
                shelf.current |= {change.month: digest(change.encoded) for change in part}
        except NetworkRefused as refused:
            if refused.code != "upload-replaced":
                raise
            shelf.sync(member)
            recovered += [month for month in shelf.recovered if month not in sent]
            continue
        progress("book", 0, 1)
        shelf.save(member, contents)
        progress("book", 1, 1)
        quiet = [month for month in unchanged if month not in sent]
        months = [sent[month] for month in sorted(sent)]
        return PushResult(months, quiet, receipts, evaluated, len(imported.clients), recovered)
    raise Unreachable("upload-busy")


def _ask_for_pseudonyms(member: Member, imported: Imported, progress: Progress, *, sync: bool) -> int:
    """Have a pseudonym for every client that contributes; how many were asked for."""
    shelf, asked = member.shelf, 0
    while wanted := unasked(shelf.contents, imported, shelf.pending):
        progress("pseudonyms", 0, len(wanted))
        pseudonyms_of(member, wanted, progress, lambda found: shelf.remember(member, found))
        asked += len(wanted)
        if sync:
            shelf.sync(member)  # asking takes a while: who was marked confidential meanwhile stays out
    return asked


def unasked(contents: Contents, imported: Imported, pending: Mapping[str, bytes]) -> list[str]:
    """Identifiers of clients that contribute and have no pseudonym yet."""
    places = {int(place) for index, _ in imported.months.values() for place in index}
    wanted = []
    for place in sorted(places):
        client = imported.clients[place]
        known = contents.clients.get(client.identifier)
        hidden = client.confidential or (known is not None and known.confidential)
        has_one = client.identifier in pending or (known is not None and known.pseudonym)
        if not hidden and not has_one:
            wanted.append(client.identifier)
    return wanted


# ---- what leaves


def plan(
    member: Member,
    contents: Contents,
    current: Mapping[int, bytes],
    imported: Imported,
    *,
    replace: bool = False,
) -> tuple[list[MonthChange], list[int]]:
    """Months to send, and months that need not be.

    `contents` is the book with the import's clients; `current` the network's upload of each month (digest).
    """
    ours = np.array(
        [contents.clients[client.identifier].pseudonym or bytes(32) for client in imported.clients],
        PSEUDONYM,
    )
    hidden = {
        client.pseudonym for client in contents.clients.values() if client.confidential and client.pseudonym
    }
    open_to_others = np.array(
        [not contents.clients[client.identifier].confidential for client in imported.clients], bool
    )
    changes, unchanged = [], []
    for month in sorted(set(imported.months) | _to_mend(contents, current, hidden)):
        before = _rows_sent(contents, month)
        fresh = np.zeros(0, ROW_DTYPE)
        if month in imported.months:
            place, given = imported.months[month]
            kept = open_to_others[place]
            fresh = given[kept].copy()
            fresh["pseudonym"] = ours[place[kept]]
        whole = replace and month in imported.months
        rows = merged(before[:0] if whole else before, fresh, hidden)
        change = _change(member, month, current.get(month, receipt_rules.ZERO), before, rows)
        same = current.get(month) == contents.digest_of(month)
        if change.added or change.changed or change.removed or not same:
            changes.append(change)
        else:
            unchanged.append(month)
    return changes, unchanged


def _to_mend(contents: Contents, current: Mapping[int, bytes], hidden: set[bytes]) -> set[int]:
    """Months not in the file that must go again: the network lost them, or a client became confidential."""
    newest = max(contents.sent, default=0)
    mend = set()
    for month in contents.sent:
        if month <= newest - MONTHS_MAX:
            continue
        lost = current.get(month) != contents.digest_of(month)
        if lost or (hidden and hidden & set(_listed(_rows_sent(contents, month)))):
            mend.add(month)
    return mend


def _rows_sent(contents: Contents, month: int) -> Rows:
    if month not in contents.sent:
        return np.zeros(0, ROW_DTYPE)
    return decode(contents.sent[month]).rows


def _listed(rows: Rows) -> list[bytes]:
    packed = rows["pseudonym"].tobytes()
    return [packed[at : at + 32] for at in range(0, len(packed), 32)]


def merged(before: Rows, fresh: Rows, hidden: Iterable[bytes]) -> Rows:
    """Rows of a month by client: fresh ones over earlier ones; those of confidential clients leave."""
    gone = {*hidden, *_listed(fresh)}
    kept = np.array([pseudonym not in gone for pseudonym in _listed(before)], bool)
    return np.concatenate([before[kept], fresh]) if len(before) else fresh


def _change(member: Member, month: int, replaces: bytes, before: Rows, rows: Rows) -> MonthChange:
    pins = member.pins
    upload = Upload(
        firm=member.firm_id.bytes,
        month=month,
        currency=pins.currency,
        replaces=replaces,
        key=pins.key_id,
        rows=rows,
        formula=pins.formula,
    )
    encoded = encode(upload)
    canonical = decode(encoded).rows
    refuse_impossible(canonical)
    added, changed, removed = _difference(before, canonical)
    return MonthChange(month, encoded, replaces, len(canonical), added, changed, removed)


def _difference(before: Rows, after: Rows) -> tuple[int, int, int]:
    """Clients added, changed, removed; both sorted by pseudonym."""
    old, new = _by_pseudonym(before), _by_pseudonym(after)
    changed = sum(old.get(pseudonym, row) != row for pseudonym, row in new.items())
    return len(new.keys() - old.keys()), changed, len(old.keys() - new.keys())


def _by_pseudonym(rows: Rows) -> dict[bytes, bytes]:
    packed: NDArray[np.void] = np.ascontiguousarray(rows).view(ROW_BYTES)
    return dict(zip(_listed(rows), (row.tobytes() for row in packed), strict=True))


def in_parts(changes: list[MonthChange]) -> list[list[MonthChange]]:
    """Changes in transactions: one, unless it would be larger than a network takes."""
    parts: list[list[MonthChange]] = []
    size = 0
    for change in changes:
        if not parts or size + len(change.encoded) > BODY_BYTES_MAX or len(parts[-1]) >= MONTHS_MAX:
            parts.append([])
            size = 0
        parts[-1].append(change)
        size += len(change.encoded)
    return parts


def send_part(member: Member, part: list[MonthChange], progress: Progress) -> list[Receipt]:
    """One transaction; receipts verified and kept."""
    body = b"".join(struct.pack("<I", len(change.encoded)) + change.encoded for change in part)
    content = hashlib.sha256(body).digest()
    progress("upload", 0, len(part))
    signature = signing.sign(member.device_key, "upload", content)
    # The key is the content's hash: the same months again are the same request, and other ones another.
    found = member.session.send_uploads(body, content.hex(), member.device_id, signature)
    sent = {change.month: (digest(change.encoded), change.replaces) for change in part}
    receipt_rules.verify_sent(found, sent, member.pins.receipt_key, member.firm_id.bytes)
    if member.home is not None:
        receipt_rules.keep(member.home.path, found)
    progress("upload", len(part), len(part))
    return found


def _sent(contents: Contents, part: list[MonthChange]) -> Contents:
    return Contents(contents.clients, {**contents.sent, **{one.month: one.encoded for one in part}})
