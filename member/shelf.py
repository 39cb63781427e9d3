"""The client book between this device, its home and the network.

Rules of order, whose guardian this is:
1. A head is believed when a device that the firm's root vouches for signed it, and it is not older than, nor
   another one than, what this device has seen. A segment is believed when its SHA-256 is in that head.
2. What the network holds of a month and the book does not (a device ended between upload and book) is taken
   from the network by its digest. What the book holds and the network lost is a refusal.
3. A version is written over the one it was made from, never over another: when another device was first, its
   version is read and both are merged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from benchmark.upload import decode, digest, month_text
from member import receipts as receipt_rules
from member.answers import BookAnswer, Receipt
from member.book import (
    BY_NAMES,
    Contents,
    Head,
    Version,
    head_bytes,
    merge,
    open_book,
    open_segment,
    read_head,
    seal_changes,
    seal_segment,
)
from member.credit import CREDIT, LIGHTS
from member.keys import NotOpened
from member.refusals import HomeRefused, NetworkRefused, Unreachable, Untrusted
from privacy import signing
from privacy.delegation import Delegation, Scope, check

if TYPE_CHECKING:
    from member.keystore import Member

TRIES: Final = 8
FOLLOW_UPS: Final = "ledger/follow-ups"  # what the page keeps: whose a client is, the next step, notes
OWN_SEGMENTS: Final = (CREDIT, LIGHTS, FOLLOW_UPS)


@dataclass(slots=True)
class Shelf:
    """One device's hold on the firm's book.

    `seen`: the newest head this device has seen; `version`: what this device and the network last agreed on;
    `contents`: that, with what was recovered; `current`: the digest of the network's current upload by month;
    `pending`: pseudonyms asked for and not yet in the book, so that nothing is asked twice.
    """

    seen: bytes | None = None
    version: Version = field(default_factory=Version)
    contents: Contents = field(default_factory=Contents)
    current: dict[int, bytes] = field(default_factory=dict)
    pending: dict[str, bytes] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)
    synced: bool = False
    _own: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)
    """Segments of `member.credit` that were opened: name -> (SHA-256 of the sealed one, content)."""

    def load(self, member: Member) -> None:
        """Take up what the home holds; what does not fit there is fetched anew."""
        if member.cache is not None:
            self.seen, self.version = member.cache.load(member.role_keys)
            self.pending = member.cache.load_pending(member.role_keys)
            self.contents = self.version.contents

    def sync(self, member: Member, *, after_restore: bool = False) -> Contents:
        """The book as the network has it now, with the months that it lacks. Raise Untrusted.

        `after_restore`: the operator restored a backup: what this device knows goes over what came back.
        """
        known = self.version.contents
        self._read(member, after_restore=after_restore)
        self.contents = self.version.contents
        if after_restore:
            # Against nothing: what the backup holds and this device never saw is not forgotten.
            self.contents = merge(Contents(), known, self.contents, known.digest_of)
        self._compare_receipts(member, after_restore=after_restore)
        self.synced = True
        return self.contents

    def _read(self, member: Member, *, after_restore: bool = False) -> None:
        """Bring `version` to the network's head."""
        answer = member.session.book()
        for _ in range(TRIES):
            try:
                return self._read_answer(member, answer, after_restore=after_restore)
            except (NotOpened, NetworkRefused) as refused:
                # Another device may have moved the book between its head and its segments: then they are the
                # newer head's.
                again = member.session.book()
                if again.head == answer.head:
                    if isinstance(refused, NetworkRefused) and refused.code != "not-found":
                        raise
                    raise Untrusted("book-segment", name=str(refused)) from None
                answer = again
        raise Unreachable("book-busy")

    def _read_answer(self, member: Member, answer: BookAnswer, *, after_restore: bool) -> None:
        if answer.head is None:
            if self.seen is not None and not after_restore:
                raise Untrusted("book-rolled-back", found=0, expected=read_head(self.seen).sequence)
            self.seen, self.version = None, Version()
            return
        if answer.head == self.version.head:
            return
        head = _verified(member, answer)
        if self.seen is not None and not after_restore:
            _refuse_older(head, answer.head, self.seen)
        fetched: dict[str, bytes] = {}

        def segment(name: str) -> bytes:
            fetched[name] = member.session.segment(name)
            return fetched[name]

        contents = open_book(head, segment, member.role_keys, str(member.firm_id), self.version)
        self._agree(member, Version(answer.head, contents), fetched)

    def _agree(self, member: Member, version: Version, sealed: dict[str, bytes]) -> None:
        self.seen, self.version = version.head, version
        if member.cache is not None:
            member.cache.store(version, sealed)

    def _compare_receipts(self, member: Member, *, after_restore: bool) -> None:
        """Months between book and network: recover what the book lacks, refuse what the network lost."""
        by_month = _receipts_by_month(member)
        self.current = {
            month: one.digest for month, several in by_month.items() for one in several if one.current
        }
        self.recovered = []
        sent = dict(self.contents.sent)
        lost = sorted(set(sent) - set(self.current))
        for month, several in by_month.items():
            newest = next((one for one in several if one.current and not one.erased), None)
            own = self.contents.digest_of(month)
            if newest is None or newest.digest == own:
                continue
            replaces = {one.digest: one.replaces for one in several}
            if own is not None and not receipt_rules.comes_after(newest.digest, own, replaces):
                lost.append(month)
            elif member.role_keys.ledger is not None:
                sent[month] = _own_upload(member, month, newest.digest)
                self.recovered.append(month)
        if lost and not after_restore:
            raise Untrusted("upload-rolled-back", month=month_text(lost[0]))
        self.contents = Contents(self.contents.clients, sent)

    def save(self, member: Member, contents: Contents) -> None:
        """Write the next version, merged with what another device wrote meanwhile."""
        for _ in range(TRIES):
            sealed = self._sealed(member, contents)
            if not sealed:
                break
            head = self._next_head(member, sealed)
            try:
                member.session.put_book(head, signing.sign(member.device_key, "book", head), sealed)
            except NetworkRefused as refused:
                if refused.code != "book-moved":
                    raise
                if member.session.book().head != head:  # else the answer to an earlier try was lost
                    base = self.version.contents
                    self._read(member)
                    contents = merge(base, contents, self.version.contents, _Current(member).digest)
                    continue
            self._agree(member, Version(head, contents), sealed)
            break
        else:
            raise Unreachable("book-busy")
        self.contents = self.version.contents
        self._forget(member)

    def segment(self, member: Member, name: str) -> bytes | None:
        """The content of a segment of `member.credit` as the network has it now; None: there is none.

        Raise Untrusted, HomeRefused where this role does not hold its key.
        """
        self._read(member)
        while name in self.version.segments:
            head = self.version.head
            try:
                return self._opened(member, name)
            except (NotOpened, NetworkRefused):
                self._read(member)  # another device may have moved the book meanwhile
                if self.version.head == head:
                    raise Untrusted("book-segment", name=name) from None
        return None

    def _opened(self, member: Member, name: str) -> bytes:
        expected = self.version.segments[name]
        if name in self._own and self._own[name][0] == expected:
            return self._own[name][1]
        role = "names" if name in BY_NAMES else "ledger"
        if getattr(member.role_keys, role) is None:
            raise HomeRefused("no-role-key", name=role)
        found = member.session.segment(name)
        opened = open_segment(name, expected, found, member.role_keys, str(member.firm_id))
        self._own[name] = expected, opened
        return opened

    def amend(self, member: Member, name: str, change: Callable[[bytes | None], bytes]) -> bytes:
        """Apply a change to a segment's content as it is now, and write it; again where another was first.

        Returns the new content. `change` gets None where there is no such segment yet.
        """
        for _ in range(TRIES):
            before = self.segment(member, name)
            after = change(before)
            if after == before:
                return after
            try:
                sealed = {name: seal_segment(name, after, member.role_keys, str(member.firm_id))}
            except KeyError as missing:
                raise HomeRefused("no-role-key", name=missing.args[0]) from None
            head = self._next_head(member, sealed)
            try:
                member.session.put_book(head, signing.sign(member.device_key, "book", head), sealed)
            except NetworkRefused as refused:
                if refused.code != "book-moved":
                    raise
                if member.session.book().head != head:  # else the answer to an earlier try was lost
                    continue
            self._agree(member, Version(head, self.version.contents), {})
            self._own[name] = self.version.segments[name], after
            return after
        raise Unreachable("book-busy")

    def reseal(self, member: Member) -> None:
        """The whole book under the role keys of today, as one version: after keys were rolled."""
        self.sync(member)
        for _ in range(TRIES):
            contents = self.contents
            sealed = seal_changes(Contents(), contents, member.role_keys, str(member.firm_id))
            for name in set(OWN_SEGMENTS) & set(self.version.segments):
                plain = self._opened(member, name)
                sealed[name] = seal_segment(name, plain, member.role_keys, str(member.firm_id))
            if not sealed:
                return
            head = self._next_head(member, sealed)
            try:
                member.session.put_book(head, signing.sign(member.device_key, "book", head), sealed)
            except NetworkRefused as refused:
                if refused.code != "book-moved":
                    raise
                self.sync(member)
                continue
            self._agree(member, Version(head, contents), sealed)
            return
        raise Unreachable("book-busy")

    def empty(self, member: Member) -> None:
        """A version without any segment: no name and no ledger of the firm is left in the network's keeping.

        Months that were sent are the network's own; who reads the book next takes them up again, nameless.
        """
        self.sync(member)
        head = head_bytes(self.version.sequence + 1, self.version.head, {}, str(member.device_id))
        member.session.put_book(head, signing.sign(member.device_key, "book", head), {})
        self._agree(member, Version(head, Contents()), {})
        self.contents, self.pending = Contents(), {}
        if member.cache is not None:
            member.cache.store_pending({}, member.role_keys)

    def _next_head(self, member: Member, sealed: dict[str, bytes]) -> bytes:
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sealed.items()}
        version = self.version
        return head_bytes(
            version.sequence + 1, version.head, {**version.segments, **hashes}, str(member.device_id)
        )

    def _sealed(self, member: Member, contents: Contents) -> dict[str, bytes]:
        try:
            return seal_changes(self.version.contents, contents, member.role_keys, str(member.firm_id))
        except KeyError as missing:
            raise HomeRefused("no-role-key", name=missing.args[0]) from None

    def remember(self, member: Member, found: dict[str, bytes]) -> None:
        """Keep pseudonyms that were asked for until they are in the book."""
        self.pending = {**self.pending, **found}
        if member.cache is not None:
            member.cache.store_pending(self.pending, member.role_keys)

    def _forget(self, member: Member) -> None:
        """Those that are in the book now need not be kept aside."""
        clients = self.contents.clients
        left = {
            identifier: found
            for identifier, found in self.pending.items()
            if identifier not in clients or not clients[identifier].pseudonym
        }
        if left == self.pending:
            return
        self.pending = left
        if member.cache is not None:
            member.cache.store_pending(self.pending, member.role_keys)


@dataclass(slots=True)
class _Current:
    """The network's current uploads, asked for when somebody wants to know."""

    member: Member
    _found: dict[int, bytes] | None = None

    def digest(self, month: int) -> bytes | None:
        if self._found is None:
            self._found = {
                at: one.digest
                for at, several in _receipts_by_month(self.member).items()
                for one in several
                if one.current
            }
        return self._found.get(month)


def _receipts_by_month(member: Member) -> dict[int, list[Receipt]]:
    firm, key = member.firm_id.bytes, member.pins.receipt_key
    by_month: dict[int, list[Receipt]] = {}
    for receipt in member.session.receipts():
        by_month.setdefault(receipt_rules.verify(receipt, key, firm), []).append(receipt)
    return by_month


def _verified(member: Member, answer: BookAnswer) -> Head:
    """The head, signed by a device that the root vouches for."""
    assert answer.head is not None
    try:
        head = read_head(answer.head)
    except ValueError:
        raise Untrusted("book-signature") from None
    for public in _keys_of(member, head.device):
        if signing.verify(public, "book", answer.head, answer.signature or b""):
            return head
    raise Untrusted("book-signature")


def _keys_of(member: Member, device: str) -> list[bytes]:
    if device == str(member.device_id):
        return [signing.public_bytes(member.device_key)]
    return [
        one.public_key
        for one in member.session.devices()
        if str(one.device_id) == device and _vouched(member, one.public_key, one.delegation)
    ]


def _vouched(member: Member, public: bytes, encoded: bytes) -> bool:
    try:
        delegation = Delegation.from_bytes(encoded)
    except ValueError:
        return False
    # At the beginning of its life: what an expired device signed in time stays signed.
    moment = delegation.not_before
    refusal = check(delegation, member.root_public, member.firm_id.bytes, moment, Scope.BOOK)
    return delegation.device == public and refusal is None


def _refuse_older(head: Head, encoded: bytes, seen: bytes) -> None:
    sequence = read_head(seen).sequence
    if head.sequence < sequence:
        raise Untrusted("book-rolled-back", found=head.sequence, expected=sequence)
    forked = head.sequence == sequence and encoded != seen
    follows = head.sequence == sequence + 1
    if forked or (follows and head.previous != hashlib.sha256(seen).hexdigest()):
        raise Untrusted("book-forked", found=head.sequence)


def _own_upload(member: Member, month: int, expected: bytes) -> bytes:
    """Own bytes from the network, by their digest."""
    found = member.session.own_upload(expected)
    try:
        upload = decode(found)
    except ValueError:
        raise Untrusted("own-upload", month=month_text(month)) from None
    if digest(found) != expected or upload.month != month or upload.firm != member.firm_id.bytes:
        raise Untrusted("own-upload", month=month_text(month))
    return found
