"""What a member accepts from holders, and what it refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy import blind, evaluate, oprf

KEY = oprf.derive_key(bytes(range(32)), b"test")
PUBLIC = evaluate.public_key(KEY)
INPUTS = [f"fr.siren:{number:09d}".encode() for number in range(5)]


def _ask(key: bytes = KEY, inputs: list[bytes] = INPUTS) -> tuple[list[bytes], bytes, bytes, bytes]:
    blinds, blinded = blind.blind(inputs)
    evaluated, proof = evaluate.evaluate(key, oprf.read_elements(blinded))
    return blinds, blinded, evaluated, proof


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4, unique=True))
@settings(max_examples=25)
def test_a_pseudonym_does_not_depend_on_the_blind(inputs: list[bytes]) -> None:
    found = [
        blind.finalize(inputs, blinds, blinded, evaluated, proof, PUBLIC)
        for blinds, blinded, evaluated, proof in (_ask(KEY, inputs), _ask(KEY, inputs))
    ]
    assert found[0] == found[1]
    assert len(set(found[0])) == len(inputs)
    assert all(len(pseudonym) == 32 for pseudonym in found[0])


@given(st.integers(2, oprf.ORDER - 2))
@settings(max_examples=25)
def test_two_holders_whose_parts_add_up_give_the_single_keys_pseudonym(part: int) -> None:
    one = part.to_bytes(32, "little")
    other = ((int.from_bytes(KEY, "little") - part) % oprf.ORDER).to_bytes(32, "little")
    blinds, blinded = blind.blind(INPUTS)
    answers = [
        blind.Answer(*evaluate.evaluate(key, oprf.read_elements(blinded)), evaluate.public_key(key))
        for key in (one, other)
    ]
    blinds_single, blinded_single, evaluated, proof = _ask()
    assert blind.finalize_answers(INPUTS, blinds, blinded, answers) == blind.finalize(
        INPUTS, blinds_single, blinded_single, evaluated, proof, PUBLIC
    )


@pytest.mark.parametrize("lie", ["key", "swap", "proof", "short", "identity", "other-request", "pin"])
def test_an_answer_that_does_not_follow_from_the_pinned_key_is_refused(lie: str) -> None:
    other = oprf.derive_key(bytes(32), b"other")
    blinds, blinded, evaluated, proof = _ask(other if lie == "key" else KEY)
    public = PUBLIC
    if lie == "swap":
        evaluated = evaluated[32:64] + evaluated[:32] + evaluated[64:]
    elif lie == "proof":
        proof = proof[:-1] + bytes([proof[-1] ^ 1])
    elif lie == "short":
        evaluated = evaluated[:-32]
    elif lie == "identity":
        evaluated = bytes(32) + evaluated[32:]
    elif lie == "other-request":
        _, blinded = blind.blind(INPUTS)
    elif lie == "pin":
        public = bytes(32)
    with pytest.raises(blind.ProofRefused):
        blind.finalize(INPUTS, blinds, blinded, evaluated, proof, public)


def test_a_blinded_element_says_nothing_about_its_identifier() -> None:
    blinds, first = blind.blind(INPUTS)
    others, second = blind.blind(INPUTS)
    assert not set(blinds) & set(others)
    assert not set(oprf.read_elements(first)) & set(oprf.read_elements(second))
