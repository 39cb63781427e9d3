"""The member's half of the VOPRF: blinds identifiers, checks a holder's proof, unblinds to pseudonyms.

Knows: identifiers in the clear. Must not be imported by the server (an import contract refuses it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from privacy.evaluate import random_scalar
from privacy.oprf import (
    MODE_VOPRF,
    PROOF_BYTES,
    add,
    challenge,
    combine,
    hash_to_group,
    inverses,
    is_element,
    is_scalar,
    multiply,
    multiply_base,
    prefixed,
    split_unchecked,
    weights,
)

PSEUDONYM_BYTES: Final = 32


class ProofRefused(ValueError):
    """A holder's answer does not follow from the key that was pinned."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One holder's answer to a batch, and the pinned public key of the parts asked of it."""

    evaluated: bytes
    proof: bytes
    public: bytes


def blind(inputs: Sequence[bytes], draw: Callable[[], bytes] = random_scalar) -> tuple[list[bytes], bytes]:
    """RFC 9497, section 3.3.1: fresh blinds (secret, 32 bytes each) and the blinded elements, joined."""
    blinds = [draw() for _ in inputs]
    return blinds, deterministic_blind_unchecked(inputs, blinds)


def deterministic_blind_unchecked(
    inputs: Sequence[bytes], blinds: Sequence[bytes], mode: int = MODE_VOPRF
) -> bytes:
    """Blind under given scalars. Dangerous: a blind that is used twice links the two requests."""
    pairs = zip(inputs, blinds, strict=True)
    return b"".join(multiply(scalar, hash_to_group(data, mode)) for data, scalar in pairs)


def finalize(  # noqa: PLR0917 - the order is the RFC's
    inputs: Sequence[bytes],
    blinds: Sequence[bytes],
    blinded: bytes,
    evaluated: bytes,
    proof: bytes,
    public: bytes,
) -> list[bytes]:
    """Pseudonyms from one holder's answer, 32 bytes each; raise ProofRefused."""
    return finalize_answers(inputs, blinds, blinded, [Answer(evaluated, proof, public)])


def finalize_answers(
    inputs: Sequence[bytes], blinds: Sequence[bytes], blinded: bytes, answers: Sequence[Answer]
) -> list[bytes]:
    """Pseudonyms from the answers of the holders whose parts add up to the key; raise ProofRefused.

    Every proof is checked before anything is added: the sum of evaluations under k1 and k2 is the
    evaluation under k1 + k2, so the number of holders never shows in a pseudonym.
    """
    total: list[bytes] = []
    for answer in answers:
        elements = check_proof(blinded, answer)
        total = [add(one, other) for one, other in zip(total, elements, strict=True)] if total else elements
    return [output[:PSEUDONYM_BYTES] for output in outputs(inputs, blinds, total)]


def public_of(parts: Sequence[str], pinned: Mapping[str, bytes]) -> bytes:
    """The public key of the sum of the parts asked of one holder: what its proof is checked against.

    Raise ProofRefused for no part, a part asked twice or one that is not pinned.
    """
    if not parts or len(set(parts)) != len(parts) or not set(parts) <= set(pinned):
        raise ProofRefused("the parts asked are not the pinned ones, each once")
    total = pinned[parts[0]]
    for part in parts[1:]:
        total = add(total, pinned[part])
    return total


def finalize_parts(
    inputs: Sequence[bytes],
    blinds: Sequence[bytes],
    blinded: bytes,
    asked: Sequence[tuple[Sequence[str], bytes, bytes]],
    pinned: Mapping[str, bytes],
) -> list[bytes]:
    """Pseudonyms from several holders: (parts asked, evaluated, proof) of each; raise ProofRefused.

    Together they must have been asked for every pinned part exactly once: under any other sum the pseudonyms
    would be another key's, with every single proof right.
    """
    parts = sorted(part for names, _, _ in asked for part in names)
    if parts != sorted(pinned):
        raise ProofRefused("the answers do not add up to the pinned key")
    answers = [Answer(evaluated, proof, public_of(names, pinned)) for names, evaluated, proof in asked]
    return finalize_answers(inputs, blinds, blinded, answers)


def finalize_checked(
    inputs: Sequence[bytes],
    blinds: Sequence[bytes],
    checked: Sequence[tuple[Sequence[str], Sequence[bytes]]],
    pinned: Mapping[str, bytes],
) -> list[bytes]:
    """The same from answers that `check_proof` let pass: (parts asked, evaluated elements) of each.

    So who cheated is known by name. Raise ProofRefused where they are not every pinned part exactly once.
    """
    if sorted(part for names, _ in checked for part in names) != sorted(pinned):
        raise ProofRefused("the answers do not add up to the pinned key")
    total: list[bytes] = []
    for _, elements in checked:
        total = (
            [add(one, other) for one, other in zip(total, elements, strict=True)] if total else [*elements]
        )
    return [output[:PSEUDONYM_BYTES] for output in outputs(inputs, blinds, total)]


def outputs(inputs: Sequence[bytes], blinds: Sequence[bytes], evaluated: Sequence[bytes]) -> list[bytes]:
    """RFC 9497, section 3.3.1: Finalize, 64 bytes each. The proof must have been checked."""
    found = []
    for data, inverse, element in zip(inputs, inverses(blinds), evaluated, strict=True):
        unblinded = multiply(inverse, element)
        found.append(hashlib.sha512(prefixed(data) + prefixed(unblinded) + b"Finalize").digest())
    return found


def check_proof(blinded: bytes, answer: Answer) -> list[bytes]:
    """RFC 9497, section 2.2.2: VerifyProof. Return the evaluated elements; raise ProofRefused."""
    c, s = answer.proof[:32], answer.proof[32:]
    well_made = len(answer.proof) == PROOF_BYTES and is_scalar(c) and is_scalar(s)
    if not well_made or not is_element(answer.public) or len(blinded) != len(answer.evaluated):
        raise ProofRefused("the answer has another shape than the request")
    try:
        # Each is multiplied by its weight below: libsodium decodes it there, and refuses what is no element.
        asked, got = split_unchecked(blinded), split_unchecked(answer.evaluated)
        scalars = weights(answer.public, asked, got)
        m, z = combine(scalars, asked), combine(scalars, got)
        t2 = add(multiply_base(s), multiply(c, answer.public))
        t3 = add(multiply(s, m), multiply(c, z))
    except ValueError as error:
        raise ProofRefused(str(error)) from error
    if challenge(answer.public, m, z, t2, t3) != c:
        raise ProofRefused("the proof does not fit the pinned key")
    return got
