"""From canonical identifiers to pseudonyms: blinded here, evaluated by the key holder, the proof checked.

Knows: identifiers in the clear, for as long as it takes to blind them; the pinned public key. What leaves
this side are uniformly random group elements. Nothing is asked twice: see `member.shelf`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from member.pins import PART
from member.refusals import NetworkRefused, Untrusted
from privacy import blind, signing
from privacy.evaluate import BATCH_MAX, request_payload

if TYPE_CHECKING:
    from member.keystore import Member

THREADS: Final = 2
NONCE_BYTES: Final = 16
TRIES: Final = 3

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def pseudonyms_of(
    member: Member,
    identifiers: Sequence[str],
    progress: Progress = silent,
    keep: Callable[[dict[str, bytes]], None] | None = None,
) -> dict[str, bytes]:
    """Pseudonym (32 bytes) by identifier. `keep` gets each batch as soon as it is known.

    Raise NetworkRefused "evaluation-budget" when the firm's budget does not suffice, Untrusted where a proof
    is wrong.
    """
    wanted = list(dict.fromkeys(identifiers))
    batches = [wanted[at : at + BATCH_MAX] for at in range(0, len(wanted), BATCH_MAX)]
    found: dict[str, bytes] = {}

    def done(batch: list[str], values: list[bytes]) -> None:
        known = dict(zip(batch, values, strict=True))
        found.update(known)
        if keep is not None:
            keep(known)
        progress("pseudonyms", len(found), len(wanted))

    if len(batches) <= 1:
        for batch in batches:
            done(batch, _evaluate(member, batch))
        return found
    with ThreadPoolExecutor(THREADS, "blind") as pool:
        for batch, values in zip(batches, pool.map(lambda one: _evaluate(member, one), batches), strict=True):
            done(batch, values)
    return found


def _evaluate(member: Member, identifiers: list[str]) -> list[bytes]:
    inputs = [identifier.encode() for identifier in identifiers]
    blinds, blinded = blind.blind(inputs)
    for tried in range(1, TRIES + 1):
        body = request(member, blinded, int(time.time()), secrets.token_bytes(NONCE_BYTES))
        try:
            answer = member.network.evaluate(member.pins.holders[0].url, body)
        except NetworkRefused as refused:
            # The answer to an earlier try was lost: the holder answers a nonce once, so ask with another.
            spent = refused.code == "evaluation-refused" and refused.problem.detail.startswith("nonce")
            if not spent or tried == TRIES:
                raise
            continue
        try:
            return blind.finalize(
                inputs, blinds, blinded, answer.evaluated, answer.proof, member.pins.parts[PART]
            )
        except ValueError:
            raise Untrusted("proof") from None
    raise AssertionError


def request(member: Member, blinded: bytes, requested_at: int, nonce: bytes) -> dict[str, object]:
    """What a holder is sent: authorised by the root's delegation and the device's signature."""
    pins = member.pins
    parts = sorted(pins.parts)
    payload = request_payload(member.firm_id.bytes, pins.epoch, parts, blinded, requested_at, nonce)
    return {
        "firm_id": member.firm_id,
        "delegation": member.identity.delegation,
        "epoch": pins.epoch,
        "parts": parts,
        "blinded": blinded,
        "requested_at": requested_at,
        "nonce": nonce,
        "signature": signing.sign(member.device_key, "evaluation", payload),
    }
