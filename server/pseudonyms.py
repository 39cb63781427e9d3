"""The embedded key holder: evaluates blinded identifiers for firms on its own list, within its own budgets.

It sees blinded group elements and which firm asks how often, nothing else. It trusts no session: the firm's
root vouches for the device by a delegation, the device signs the request. What a request costs is committed
before it is answered, and a request that was answered is not answered again.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from privacy import evaluate, signing
from privacy.delegation import Scope
from privacy.oprf import ELEMENT_BYTES
from server.devices import NewDevice, check_delegation
from server.network import RunningNetwork
from server.problems import Fault, Refused
from server.tables import Device, HolderFirm, HolderNonce

CLOCK_SKEW_SECONDS: Final = 300
LIFETIME_FACTOR: Final = 3.0  # evaluations of a firm, in declared portfolios
FIRST_MONTH_FACTOR: Final = 1.2
FIRST_MONTH_DAYS: Final = 30
NETWORK_EVALUATIONS_MAX: Final = 20_000_000  # for all firms together: nobody enumerates 10^8 identifiers
PARTS: Final = ["k"]


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


async def admit_firm(firm: UUID, root_public: bytes, declared_portfolio: int, today: date) -> None:
    """Put a firm on the holder's list; the caller holds the transaction of its enrolment."""
    await HolderFirm(
        firm=firm,
        root_public=root_public,
        declared_portfolio=declared_portfolio,
        admitted_on=today,
        evaluated=0,
    ).save()


def limit_of(row: dict[str, Any], today: date) -> int:
    """How many evaluations a firm may have had by today."""
    factor = FIRST_MONTH_FACTOR if (today - row["admitted_on"]).days < FIRST_MONTH_DAYS else LIFETIME_FACTOR
    return int(row["declared_portfolio"] * factor)


async def budget(network: RunningNetwork, firm: UUID) -> tuple[int, int] | None:
    """Used and allowed; None when the holder does not know the firm."""
    row = await HolderFirm.select().where(HolderFirm.firm == firm).first()
    return None if row is None else (row["evaluated"], limit_of(row, await network.read_today()))


@post("/api/holder/evaluations", status_code=200, summary="Evaluate blinded identifiers")
async def evaluate_blinded(
    network: NamedDependency[RunningNetwork], data: JSONBody[EvaluationRequest]
) -> Evaluation:
    """At most 1,000 at once."""
    count = _check_shape(network, data)
    row = await HolderFirm.select().where(HolderFirm.firm == data.firm_id).first()
    if row is None:
        raise Refused("holder-unknown-firm")
    delegation = check_delegation(
        network,
        NewDevice(data.delegation[16:48], data.delegation),
        row["root_public"],
        data.firm_id,
        Scope.EVALUATE,
    )
    if not signing.verify(delegation.device, "evaluation", signed_payload(data), data.signature):
        raise Refused("signature", errors=[Fault(None, "signature", "another", "the device's")])
    revoked = await Device.exists().where(
        (Device.public_key == delegation.device) & Device.revoked_at.is_not_null()
    )
    if revoked:
        raise Refused("device-refused")
    # Elements that are no group elements are refused before they cost anything.
    try:
        elements = await asyncio.to_thread(evaluate.read_elements, data.blinded)
    except ValueError as error:
        raise Refused("evaluation-refused", f"blinded: {error}") from None
    await _spend(network, data, count)
    evaluated, proof = await asyncio.to_thread(evaluate.evaluate, network.keys.pseudonym, elements)
    return Evaluation(evaluated, proof)


def _check_shape(network: RunningNetwork, data: EvaluationRequest) -> int:
    count, rest = divmod(len(data.blinded), ELEMENT_BYTES)
    if rest or not 1 <= count <= evaluate.BATCH_MAX:
        raise Refused(
            "evaluation-refused", f"blinded: expected 1 to {evaluate.BATCH_MAX} elements of 32 bytes"
        )
    if data.epoch != network.epoch or data.parts != PARTS:
        raise Refused("evaluation-refused", f"expected epoch {network.epoch} and parts {PARTS}")
    if len(data.nonce) != 16:
        raise Refused("evaluation-refused", "nonce: expected 16 bytes")
    if abs(data.requested_at - network.clock.unix()) > CLOCK_SKEW_SECONDS:
        raise Refused("evaluation-refused", f"requested_at: expected within {CLOCK_SKEW_SECONDS} s of now")
    return count


async def _spend(network: RunningNetwork, data: EvaluationRequest, count: int) -> None:
    async with network.database.writing():
        if network.database.postgres:
            await network.database.run(
                "SELECT firm FROM holder_firm WHERE firm = {} FOR UPDATE", data.firm_id
            )
        await HolderNonce.delete().where(
            HolderNonce.requested_at < network.clock.unix() - 2 * CLOCK_SKEW_SECONDS
        )
        if await HolderNonce.exists().where(HolderNonce.nonce == data.nonce):
            raise Refused("evaluation-refused", "nonce: this request was answered already")
        row = await HolderFirm.select().where(HolderFirm.firm == data.firm_id).first()
        assert row is not None
        limit = limit_of(row, await network.read_today())
        if row["evaluated"] + count > limit:
            raise Refused(
                "evaluation-budget",
                errors=[Fault(None, "evaluations", str(row["evaluated"] + count), f"at most {limit}")],
            )
        (total,) = await network.database.run("SELECT COALESCE(SUM(evaluated), 0) AS used FROM holder_firm")
        if int(total["used"]) + count > NETWORK_EVALUATIONS_MAX:
            raise Refused("evaluation-budget", "the network's cap is reached")
        await HolderFirm.update({HolderFirm.evaluated: HolderFirm.evaluated + count}).where(
            HolderFirm.firm == data.firm_id
        )
        await HolderNonce(nonce=data.nonce, firm=data.firm_id, requested_at=data.requested_at).save()
