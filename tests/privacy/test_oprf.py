"""Pseudonyms are RFC 9497's, byte for byte, and an independent implementation agrees."""

import json
from pathlib import Path

import pytest
from voprf import ristretto

from privacy import blind, evaluate, oprf

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "rfc9497_ristretto255_sha512.json").read_text(
        encoding="utf-8"
    )
)
SUITES = {suite["mode"]: suite for suite in VECTORS if suite["identifier"] == "ristretto255-SHA512"}
CASES = [(mode, number) for mode in (0, 1) for number in range(len(SUITES[mode]["vectors"]))]


def _several(text: str) -> list[bytes]:
    return [bytes.fromhex(part) for part in text.split(",")]


@pytest.mark.parametrize("mode", [0, 1])
def test_the_key_derived_from_the_rfcs_seed_is_the_rfcs(mode: int) -> None:
    suite = SUITES[mode]
    key = oprf.derive_key(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]), mode)
    assert key.hex() == suite["skSm"]
    if mode == oprf.MODE_VOPRF:
        assert evaluate.public_key(key).hex() == suite["pkSm"]


@pytest.mark.parametrize(("mode", "number"), CASES)
def test_every_vector_of_modes_0_and_1_comes_out_batches_included(mode: int, number: int) -> None:
    suite, vector = SUITES[mode], SUITES[mode]["vectors"][number]
    key = bytes.fromhex(suite["skSm"])
    inputs, blinds = _several(vector["Input"]), _several(vector["Blind"])
    blinded = blind.deterministic_blind_unchecked(inputs, blinds, mode)
    assert blinded == b"".join(_several(vector["BlindedElement"]))
    elements = oprf.read_elements(blinded)
    evaluated = evaluate.evaluate_unproven(key, elements)
    assert evaluated == _several(vector["EvaluationElement"])
    assert blind.outputs(inputs, blinds, evaluated) == _several(vector["Output"])
    if mode == oprf.MODE_VOPRF:
        proof = evaluate.prove(key, elements, evaluated, bytes.fromhex(vector["Proof"]["r"]))
        assert proof.hex() == vector["Proof"]["proof"]
        answer = blind.Answer(b"".join(evaluated), proof, bytes.fromhex(suite["pkSm"]))
        assert blind.check_proof(blinded, answer) == evaluated


def test_the_independent_implementation_agrees_on_key_evaluation_and_output() -> None:
    seed, info = bytes(range(32)), b"oracle"
    key, oracle = oprf.derive_key(seed, info), ristretto.Evaluator.from_seed(seed, info)
    public = evaluate.public_key(key)
    assert oracle.public_key.serialize() == public
    for text in (b"fr.siren:552100554", b"lei:5493001KJTIIGC8Y1R12", b"\x00"):
        # Their client, our holder.
        client, asked = ristretto.Client.blind(text)
        blinded = asked.serialize()
        evaluated, proof = evaluate.evaluate(key, oprf.read_elements(blinded))
        # The wheel writes the proof first.
        assert oracle.evaluate(asked).serialize()[64:] == evaluated
        answer = ristretto.VerifiableOutput.deserialize(proof + evaluated)
        output = client.finalize(answer, ristretto.PublicKey.deserialize(public))
        assert output == oracle.evaluate_known_input(text)
        # Our client, their holder.
        blinds, blinded = blind.blind([text])
        theirs = oracle.evaluate(ristretto.BlindedInput.deserialize(blinded)).serialize()
        assert blind.finalize([text], blinds, blinded, theirs[64:], theirs[:64], public) == [output[:32]]
