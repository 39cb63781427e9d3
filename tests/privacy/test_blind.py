"""What a member accepts from holders, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import blind, evaluate, oprf
from tests.examples import examples

KEY = oprf.derive_key(bytes(range(32)), b"test")
PUBLIC = evaluate.public_key(KEY)
INPUTS = [f"fr.siren:{number:09d}".encode() for number in range(5)]


def _ask(key: bytes = KEY, inputs: list[bytes] = INPUTS) -> tuple[list[bytes], bytes, bytes, bytes]:
    blinds, blinded = blind.blind(inputs)
    evaluated, proof = evaluate.evaluate(key, oprf.read_elements(blinded))
    return blinds, blinded, evaluated, proof


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4, unique=True))
@examples(12)
def test_a_pseudonym_does_not_depend_on_the_blind(inputs: list[bytes]) -> None:
    found = [
        blind.finalize(inputs, blinds, blinded, evaluated, proof, PUBLIC)
        for blinds, blinded, evaluated, proof in (_ask(KEY, inputs), _ask(KEY, inputs))
    ]
    assert found[0] == found[1]
    assert len(set(found[0])) == len(inputs)
    assert all(len(pseudonym) == 32 for pseudonym in found[0])


@given(st.integers(2, oprf.ORDER - 2))
@examples(12)
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


PARTS = {
    name: oprf.derive_key(bytes([number]) * 32, b"part") for number, name in enumerate(("12", "13", "23"))
}
PINNED = {name: evaluate.public_key(part) for name, part in PARTS.items()}


def _holder(names: list[str], blinded: bytes) -> tuple[list[str], bytes, bytes]:
    key = evaluate.sum_of_parts([PARTS[name] for name in names])
    return (names, *evaluate.evaluate(key, oprf.read_elements(blinded)))


def test_any_two_of_three_holders_give_the_pseudonyms_of_the_whole_key() -> None:
    whole = evaluate.sum_of_parts(list(PARTS.values()))
    blinds, blinded = blind.blind(INPUTS)
    alone = blind.finalize(
        INPUTS,
        blinds,
        blinded,
        *evaluate.evaluate(whole, oprf.read_elements(blinded)),
        evaluate.public_key(whole),
    )
    for shares in (
        [["12", "13"], ["23"]],
        [["12"], ["23", "13"]],
        [["13"], ["12", "23"]],
        [["13", "23", "12"]],
    ):
        asked = [_holder(names, blinded) for names in shares]
        assert blind.finalize_parts(INPUTS, blinds, blinded, asked, PINNED) == alone


@pytest.mark.parametrize(
    "shares", [[["12"], ["23"]], [["12", "13"], ["13", "23"]], [["12", "13", "23"], ["12"]], []], ids=str
)
def test_answers_that_do_not_add_up_to_the_pinned_key_are_refused(shares: list[list[str]]) -> None:
    blinds, blinded = blind.blind(INPUTS)
    asked = [_holder(names, blinded) for names in shares]
    with pytest.raises(blind.ProofRefused, match="add up"):
        blind.finalize_parts(INPUTS, blinds, blinded, asked, PINNED)


def test_one_holder_that_uses_another_part_is_found() -> None:
    blinds, blinded = blind.blind(INPUTS)
    _names, evaluated, proof = _holder(["12", "13"], blinded)
    asked = [(["12", "23"], evaluated, proof), _holder(["13"], blinded)]
    with pytest.raises(blind.ProofRefused, match="proof"):
        blind.finalize_parts(INPUTS, blinds, blinded, asked, PINNED)
    for wrong in ([], ["12", "12"], ["other"]):
        with pytest.raises(blind.ProofRefused, match="parts"):
            blind.public_of(wrong, PINNED)


@given(st.lists(st.integers(1, oprf.ORDER - 1), max_size=6))
@examples(12)
def test_every_scalar_has_its_own_inverse(numbers: list[int]) -> None:
    found = oprf.inverses([number.to_bytes(32, "little") for number in numbers])
    assert [int.from_bytes(one, "little") for one in found] == [pow(one, -1, oprf.ORDER) for one in numbers]


def test_zero_has_no_inverse_wherever_it_stands() -> None:
    one = (1).to_bytes(32, "little")
    for scalars in ([bytes(32)], [one, bytes(32)], [bytes(32), one]):
        with pytest.raises(ValueError, match="zero"):
            oprf.inverses(scalars)
