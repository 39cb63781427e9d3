"""Receipts: verified against the pinned key, of exactly what was sent, and kept as proof."""

import uuid
from dataclasses import dataclass

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import month_index
from member import receipts
from member.answers import Receipt
from member.refusals import InputRefused, Untrusted
from privacy import signing

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = signing.public_bytes(KEY)
FIRM = uuid.UUID(int=5)
MONTH = month_index(2025, 12)
DIGEST, BEFORE = b"d" * 32, b"b" * 32


def receipt(**changed) -> Receipt:
    made = Receipt(FIRM, "2025-12", DIGEST, BEFORE, "2026-01-05T10:00:00Z", 3, b"")
    signed = msgspec.structs.replace(made, signature=signing.sign(KEY, "receipt", receipts.payload(made)))
    return msgspec.structs.replace(signed, **changed)


def test_a_receipt_of_exactly_what_was_sent_is_accepted():
    receipts.verify_sent([receipt()], {MONTH: (DIGEST, BEFORE)}, PUBLIC, FIRM.bytes)


@dataclass
class Wrong:
    why: str
    changed: dict


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("signature", {"received_at": "2026-01-05T10:00:01Z"}),
        Wrong("signature", {"month": "2025-11"}),
        Wrong("signature", {"digest": b"x" * 32}),
        Wrong("signature", {"replaces": bytes(32)}),
        Wrong("signature", {"signature": bytes(64)}),
        Wrong("firm", {"firm_id": uuid.UUID(int=6)}),
    ],
    ids=lambda wrong: next(iter(wrong.changed)),
)
def test_a_receipt_that_the_pinned_key_did_not_sign_is_refused(wrong):
    with pytest.raises(Untrusted, match=wrong.why):
        receipts.verify_sent([receipt(**wrong.changed)], {MONTH: (DIGEST, BEFORE)}, PUBLIC, FIRM.bytes)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({MONTH: (b"x" * 32, BEFORE)}, "digest"),
        ({MONTH: (DIGEST, bytes(32))}, "replaces"),
        ({MONTH + 1: (DIGEST, BEFORE)}, "month"),
        ({MONTH: (DIGEST, BEFORE), MONTH + 1: (DIGEST, BEFORE)}, "missing"),
    ],
)
def test_a_good_receipt_of_something_else_is_refused(sent, why):
    with pytest.raises(Untrusted, match=why):
        receipts.verify_sent([receipt()], sent, PUBLIC, FIRM.bytes)


def test_one_receipt_does_not_stand_for_two():
    with pytest.raises(Untrusted):
        receipts.verify_sent([receipt(), receipt()], {MONTH: (DIGEST, BEFORE)}, PUBLIC, FIRM.bytes)


def test_which_upload_came_after_which_is_read_from_the_receipts():
    one, two, three = b"1" * 32, b"2" * 32, b"3" * 32
    chain = {three: two, two: one, one: bytes(32)}
    assert receipts.comes_after(three, one, chain)
    assert receipts.comes_after(one, one, chain)
    assert not receipts.comes_after(one, three, chain)
    assert not receipts.comes_after(three, b"4" * 32, chain)
    assert not receipts.comes_after(one, three, {one: two, two: one})  # a ring ends


def test_kept_receipts_are_read_again_and_half_a_line_spoils_none(tmp_path):
    assert receipts.read_kept(tmp_path) == []
    receipts.keep(tmp_path, [receipt(), receipt()])
    place = tmp_path / receipts.FILE
    place.write_bytes(place.read_bytes()[:-20])
    assert receipts.read_kept(tmp_path) == [receipt()]
    receipts.keep(tmp_path, [receipt()])
    assert receipts.read_kept(tmp_path) == [receipt()] * 2


@pytest.mark.parametrize("text", ["2025-13", "2025-1", "25-12", "2025-12-01", "", "décembre"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(InputRefused):
        receipts.read_month(text)
