"""A signature says who and what for."""

import pytest
from cryptography.exceptions import InvalidSignature

from privacy import signing

KEY = signing.from_seed(bytes(range(32)))
PUBLIC = signing.public_bytes(KEY)


def test_a_signature_holds_for_its_purpose_and_payload_alone() -> None:
    signature = signing.sign(KEY, "upload", b"payload")
    assert signing.verify(PUBLIC, "upload", b"payload", signature)
    assert not signing.verify(PUBLIC, "receipt", b"payload", signature)
    assert not signing.verify(PUBLIC, "upload", b"payloae", signature)


def test_a_malformed_key_or_signature_is_a_no_and_not_an_error() -> None:
    signature = signing.sign(KEY, "upload", b"")
    assert not signing.verify(b"short", "upload", b"", signature)
    assert not signing.verify(PUBLIC, "upload", b"", b"short")
    assert not signing.verify(b"\xff" * 32, "upload", b"", signature)


def test_it_agrees_with_openssl_on_what_is_signed_and_on_every_changed_bit() -> None:
    public = KEY.public_key()
    for number in range(20):
        payload = bytes([number]) * number
        signature = signing.sign(KEY, "upload", payload)
        assert signing.verify(PUBLIC, "upload", payload, signature)
        for bit in range(number, 512, 64):
            changed = bytearray(signature)
            changed[bit // 8] ^= 1 << bit % 8
            assert not signing.verify(PUBLIC, "upload", payload, bytes(changed))
            with pytest.raises(InvalidSignature):
                public.verify(bytes(changed), b"vigie/upload/v1\0" + payload)


def test_a_private_key_does_not_print_its_seed() -> None:
    assert bytes(range(32)).hex() not in repr(KEY)


def test_a_key_of_small_order_signs_nothing() -> None:
    # Under the neutral element R = [S]B fits every text; S = 0 and R the neutral element is the simplest.
    neutral = b"\x01" + bytes(31)
    forged = neutral + bytes(32)
    for public in (neutral, bytes(32), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xee" + b"\xff" * 30 + b"\x7f"):
        assert not signing.verify(public, "upload", b"any", forged)
