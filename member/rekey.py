"""After the key holders made another key: every client gets a new pseudonym, every month goes again.

Rules of order, whose guardian this is:
1. The new roster is one that the pinned one leads to, with all signatures; only then is anything asked.
2. Months are taken from the book, under the new pseudonyms, and replace what the network has.
3. The book is saved, then the pins: a run that ends in between is taken up by the same command, which asks
   the holders again and sends what the network does not have under the new key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from benchmark.upload import Upload, decode, digest, encode
from member.book import Contents
from member.pins import follow
from member.pseudonyms import Progress, pseudonyms_of, silent
from member.push import MonthChange, in_parts, send_part

if TYPE_CHECKING:
    from member.keystore import Member


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What came of it. `left_out`: rows of clients that are not in the book any more, and so have no name."""

    epoch: int
    clients: int
    months: int
    left_out: int


def rekey(member: Member, progress: Progress = silent) -> Rekeyed | None:
    """Send everything again under the holders' new key; None where there is none.

    Raise Untrusted, NetworkRefused, Unreachable.
    """
    facts = member.network.facts()
    pins, rekeyed = follow(member.pins, facts)
    if not rekeyed:
        member.identity = msgspec.structs.replace(member.identity, pins=pins)
        member.save()
        return None
    shelf = member.shelf
    contents = shelf.sync(member)
    before = {
        client.pseudonym: identifier for identifier, client in contents.clients.items() if client.pseudonym
    }
    member.identity = msgspec.structs.replace(member.identity, pins=pins)
    # Another device, or an earlier run, may have done it: what was sent under the new key is not asked again.
    done = {one for month in contents.sent.values() for one in _under(month, pins.key_id)}
    fresh = pseudonyms_of(member, [one for old, one in before.items() if old not in done], progress)
    fresh |= {identifier: old for old, identifier in before.items() if old in done}
    renamed = {old: fresh[identifier] for old, identifier in before.items()}
    changes, left_out = _changes(member, contents, renamed)
    sent = dict(contents.sent)
    for part in in_parts(changes):
        send_part(member, part, progress)
        sent |= {change.month: change.encoded for change in part}
        shelf.current |= {change.month: digest(change.encoded) for change in part}
    clients = {
        identifier: msgspec.structs.replace(client, pseudonym=fresh.get(identifier, b""))
        for identifier, client in contents.clients.items()
    }
    shelf.pending = {}
    progress("book", 0, 1)
    shelf.save(member, Contents(clients, sent))
    progress("book", 1, 1)
    member.save()
    return Rekeyed(pins.epoch, len(fresh), len(changes), left_out)


def _changes(
    member: Member, contents: Contents, renamed: dict[bytes, bytes]
) -> tuple[list[MonthChange], int]:
    """Months that the network has under the key before, under the new one."""
    pins, changes, left_out = member.pins, [], 0
    for month, encoded in sorted(contents.sent.items()):
        upload = decode(encoded)
        if upload.key == pins.key_id:
            continue
        known = np.array([one in renamed for one in _listed(upload)], bool)
        rows = upload.rows[known].copy()
        left_out += int((~known).sum())
        rows["pseudonym"] = np.frombuffer(
            b"".join(renamed[one] for one in _listed(upload) if one in renamed), "V32"
        )
        replaces = member.shelf.current.get(month, bytes(32))
        again = encode(
            Upload(
                firm=upload.firm,
                month=month,
                currency=pins.currency,
                replaces=replaces,
                key=pins.key_id,
                rows=rows,
                formula=pins.formula,
            )
        )
        changes.append(MonthChange(month, again, replaces, len(rows), len(rows), 0, len(upload.rows)))
    return changes, left_out


def _under(encoded: bytes, key_id: bytes) -> list[bytes]:
    """The pseudonyms of a month that was sent under a key; none of another key's."""
    upload = decode(encoded)
    return _listed(upload) if upload.key == key_id else []


def _listed(upload: Upload) -> list[bytes]:
    packed = upload.rows["pseudonym"].tobytes()
    return [packed[at : at + 32] for at in range(0, len(packed), 32)]
