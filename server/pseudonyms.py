"""The embedded key holder: evaluates blinded identifiers for firms on its own list, within its own budgets.

It sees blinded group elements and which firm asks how often, nothing else. It trusts no session: the firm's
root vouches for the device by a delegation, the device signs the request. What a request costs is committed
before it is answered, and a request that was answered is not answered again.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from privacy import evaluate
from privacy.parts import WHOLE
from server.keyholder_request import (
    CLOCK_SKEW_SECONDS,
    FIRST_MONTH_FACTOR,
    LIFETIME_FACTOR,
    NETWORK_EVALUATIONS_MAX,
    Evaluation,
    EvaluationRequest,
    Vouching,
    authorise,
    check_shape,
    limit,
    refuse_over_budget,
    signed_payload,
    vouch,
)
from server.network import RunningNetwork
from server.overlap_tables import CANDIDATE_DAYS, Candidate
from server.problems import Refused
from server.tables import Device, HolderFirm, HolderNonce

__all__ = [
    "FIRST_MONTH_FACTOR",
    "LIFETIME_FACTOR",
    "NETWORK_EVALUATIONS_MAX",
    "EvaluationRequest",
    "admit_firm",
    "budget",
    "evaluate_blinded",
    "leave_holder",
    "limit_of",
    "signed_payload",
]

PARTS: Final = [WHOLE]
GONE: Final = UUID(int=0)
"""Under this id the holder keeps what those that left it have spent, all together."""


async def admit_firm(firm: UUID, root_public: bytes, declared_portfolio: int, today: date) -> None:
    """Put a firm on the holder's list; the caller holds the transaction of its enrolment."""
    await HolderFirm(
        firm=firm,
        root_public=root_public,
        declared_portfolio=declared_portfolio,
        admitted_on=today,
        evaluated=0,
    ).save()


async def leave_holder(firm: UUID, today: date) -> None:
    """Forget a firm and keep the number of its evaluations, which the cap of all counts.

    Within the caller's transaction.
    """
    gone = await HolderFirm.delete().where(HolderFirm.firm == firm).returning(HolderFirm.evaluated)
    spent = sum(int(row["evaluated"]) for row in gone)
    if not spent:
        return
    if not await HolderFirm.exists().where(HolderFirm.firm == GONE):
        # A root key of zeros signs nothing.
        await admit_firm(GONE, bytes(32), 0, today)
    await HolderFirm.update({HolderFirm.evaluated: HolderFirm.evaluated + spent}).where(
        HolderFirm.firm == GONE
    )


def limit_of(row: dict[str, Any], today: date) -> int:
    """How many evaluations a firm may have had by today."""
    return limit(row["declared_portfolio"], row["admitted_on"], today)


async def budget(network: RunningNetwork, firm: UUID) -> tuple[int, int] | None:
    """Used and allowed; None when this holder does not know the firm, or is none."""
    row = await HolderFirm.select().where(HolderFirm.firm == firm).first()
    if row is None or network.keys.pseudonym is None:
        return None
    return (row["evaluated"], limit_of(row, await network.read_today()))


@post("/api/holder/evaluations", status_code=200, summary="Evaluate blinded identifiers")
async def evaluate_blinded(
    network: NamedDependency[RunningNetwork], data: JSONBody[EvaluationRequest]
) -> Evaluation:
    """At most 1,000 at once. A network with holders of its own has none here: 404."""
    key = network.keys.pseudonym
    if key is None:
        raise Refused("not-found")
    count = check_shape(data, network.clock.unix())
    if data.epoch != network.single_epoch or data.parts != PARTS:
        raise Refused("evaluation-epoch", f"expected epoch {network.single_epoch} and parts {PARTS}")
    row = await HolderFirm.select().where(HolderFirm.firm == data.firm_id).first()
    if row is None or await _was_a_candidate(network, data.firm_id):
        raise Refused("holder-unknown-firm")
    delegation = authorise(data, row["root_public"], network.clock.unix())
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
    evaluated, proof = await asyncio.to_thread(evaluate.evaluate, key, elements)
    return Evaluation(evaluated, proof)


@get("/api/holder/vouchings/{firm_id:uuid}", summary="The holder's word for a firm's root key")
async def vouch_for(network: NamedDependency[RunningNetwork], firm_id: FromPath[UUID]) -> Vouching:
    """For the firm to show at a reveal. Whoever knows a firm's id learns nothing from it but that."""
    key = network.keys.holder_signing
    row = await HolderFirm.select(HolderFirm.root_public).where(HolderFirm.firm == firm_id).first()
    if key is None or row is None:
        raise Refused("not-found")
    return vouch(firm_id, row["root_public"], key)


async def _was_a_candidate(network: RunningNetwork, firm: UUID) -> bool:
    """Whether it is a candidate whose time is over: what it may ask must not grow as a firm's budget does."""
    row = await Candidate.select(Candidate.invited_on).where(Candidate.id == firm).first()
    if row is None:
        return False
    over: bool = await network.read_today() > row["invited_on"] + timedelta(days=CANDIDATE_DAYS)
    return over


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
        (total,) = await network.database.run("SELECT COALESCE(SUM(evaluated), 0) AS used FROM holder_firm")
        allowed = limit_of(row, await network.read_today())
        refuse_over_budget(row["evaluated"], count, allowed, int(total["used"]), NETWORK_EVALUATIONS_MAX)
        await HolderFirm.update({HolderFirm.evaluated: HolderFirm.evaluated + count}).where(
            HolderFirm.firm == data.firm_id
        )
        await HolderNonce(nonce=data.nonce, firm=data.firm_id, requested_at=data.requested_at).save()
