"""What a key holder is asked and on whose word: the same for the embedded holder and for one of its own.

Knows: the request's shape, the firm's delegation and the device's signature, budgets. It trusts no session
and no operator: the root key on the holder's own list vouches for the device.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.reveal import root_payload
from privacy import evaluate, signing
from privacy.delegation import Delegation, Scope, check
from privacy.oprf import ELEMENT_BYTES
from server.problems import Fault, Refused

CLOCK_SKEW_SECONDS: Final = 300
LIFETIME_FACTOR: Final = 3.0  # evaluations of a firm, in declared portfolios
FIRST_MONTH_FACTOR: Final = 1.2
FIRST_MONTH_DAYS: Final = 30
NETWORK_EVALUATIONS_MAX: Final = 20_000_000  # for all firms together: nobody enumerates 10^8 identifiers
NONCE_BYTES: Final = 16
PORTFOLIO_MAX: Final = 200_000  # clients that a firm may declare


class EvaluationRequest(msgspec.Struct, frozen=True):
    """What to evaluate, for whom, on whose word.

    `signature`: the device's, purpose evaluation, over firm || epoch (u32) || n (u32) || SHA-256(blinded)
    || requested_at (u64) || nonce || parts joined by commas.
    """

    firm_id: UUID
    delegation: bytes
    epoch: int
    parts: list[str]
    blinded: bytes
    requested_at: int
    nonce: bytes
    signature: bytes


class Evaluation(msgspec.Struct, frozen=True):
    """Evaluated elements, 32 bytes each in the order asked, and one proof for all of them."""

    evaluated: bytes
    proof: bytes


def signed_payload(request: EvaluationRequest) -> bytes:
    """What the device signs."""
    return evaluate.request_payload(
        request.firm_id.bytes,
        request.epoch,
        request.parts,
        request.blinded,
        request.requested_at,
        request.nonce,
    )


def check_shape(request: EvaluationRequest, now: int) -> int:
    """How many elements are asked; raise Refused for another shape, or a request of another time."""
    count, rest = divmod(len(request.blinded), ELEMENT_BYTES)
    if rest or not 1 <= count <= evaluate.BATCH_MAX:
        raise Refused(
            "evaluation-refused", f"blinded: expected 1 to {evaluate.BATCH_MAX} elements of 32 bytes"
        )
    if len(request.nonce) != NONCE_BYTES:
        raise Refused("evaluation-refused", f"nonce: expected {NONCE_BYTES} bytes")
    if abs(request.requested_at - now) > CLOCK_SKEW_SECONDS:
        raise Refused("evaluation-refused", f"requested_at: expected within {CLOCK_SKEW_SECONDS} s of now")
    return count


def authorise(request: EvaluationRequest, root_public: bytes, now: int) -> Delegation:
    """The root's word for the device, and the device's for the request; raise Refused."""
    try:
        delegation = Delegation.from_bytes(request.delegation)
    except ValueError as error:
        raise Refused("delegation", str(error)) from None
    if refusal := check(delegation, root_public, request.firm_id.bytes, now, Scope.EVALUATE):
        raise Refused("delegation", refusal.text)
    if not signing.verify(delegation.device, "evaluation", signed_payload(request), request.signature):
        raise Refused("signature", errors=[Fault(None, "signature", "another", "the device's")])
    return delegation


def limit(declared_portfolio: int, admitted_on: date, today: date) -> int:
    """How many evaluations a firm may have had by today."""
    factor = FIRST_MONTH_FACTOR if (today - admitted_on).days < FIRST_MONTH_DAYS else LIFETIME_FACTOR
    return int(declared_portfolio * factor)


def refuse_over_budget(used: int, count: int, allowed: int, network_used: int, network_cap: int) -> None:
    """Raise Refused where a firm's budget, or that of all firms together, does not suffice."""
    if used + count > allowed:
        raise Refused(
            "evaluation-budget",
            errors=[Fault(None, "evaluations", str(used + count), f"at most {allowed}")],
        )
    if network_used + count > network_cap:
        raise Refused("evaluation-budget", "the network's cap is reached")


class Vouching(msgspec.Struct, frozen=True):
    """A holder's signature over a firm and the root key that it knows it by: `chat.reveal.root_payload`."""

    signature: bytes


def vouch(firm: UUID, root_public: bytes, key: Ed25519PrivateKey) -> Vouching:
    """What peers count at a reveal."""
    return Vouching(signing.sign(key, "root", root_payload(firm.bytes, root_public)))
