"""What a holder answers and what it refuses."""

import hashlib

import pytest
import rbcl

from privacy import evaluate


@pytest.mark.parametrize("encoded", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31), bytes(31)])
def test_what_is_no_group_element_is_refused(encoded: bytes) -> None:
    with pytest.raises(ValueError, match=r"element|multiple"):
        evaluate.read_elements(encoded)


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        evaluate.evaluate(evaluate.generate_key(), [])


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, bytes(31)])
def test_what_is_no_key_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        evaluate.public_key(key)


def test_another_key_has_another_id() -> None:
    publics = {evaluate.public_key(evaluate.generate_key()) for _ in range(8)}
    assert len({evaluate.key_id(public) for public in publics}) == len(publics) == 8


def test_parts_that_cancel_out_and_what_is_no_part_are_refused() -> None:
    part = evaluate.generate_key()
    negative = rbcl.crypto_core_ristretto255_scalar_negate(part)
    assert evaluate.sum_of_parts([part]) == part
    for wrong in ([], [part, negative], [part, b"\xff" * 32], [bytes(31)]):
        with pytest.raises(ValueError, match="part"):
            evaluate.sum_of_parts(wrong)


def test_what_a_device_signs_is_every_field_of_its_request_byte_for_byte() -> None:
    payload = evaluate.request_payload(b"F" * 16, 1, ["12", "13"], b"e" * 64, 0x0102, b"N" * 16)
    digest = hashlib.sha256(b"e" * 64).digest()
    fields = b"\x01\0\0\0" + b"\x02\0\0\0" + digest + b"\x02\x01\0\0\0\0\0\0"
    assert payload == b"F" * 16 + fields + b"N" * 16 + b"12,13"
