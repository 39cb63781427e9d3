"""Before joining: one answer a candidate, from the cells of the latest release alone.

Rules of order, whose guardian this is:
1. The operator invites; the candidate's own key takes the invitation and says how many clients it will ask
   about. The embedded key holder gives it a budget of its own for so many, and for nothing else.
2. The set is committed to (its digest, in a transaction of its own) before it is compared; another set of the
   same candidate is refused from there on, the same one gets the same answer.
3. Pseudonyms and weights live for the length of a request. With the answer the holder's row goes too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import secrets
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
import numpy as np
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from benchmark.upload import month_text
from privacy import overlap, signing
from privacy.noise import normals
from server import audit, overlap_tables, pseudonyms
from server.cells import cells_of_month
from server.keyholder_request import FIRST_MONTH_FACTOR
from server.network import RunningNetwork, secret_hash
from server.overlap_tables import Candidate
from server.problems import Fault, Refused
from server.roles import Who

CANDIDATE_DAYS: Final = overlap_tables.CANDIDATE_DAYS
NAME_CHARACTERS_MAX: Final = 200
SIGNED: Final = "overlap"


class CandidateInvited(msgspec.Struct, frozen=True):
    """A firm that the operator lets ask."""

    name: str
    identifiers_max: int = overlap.IDENTIFIERS_MAX


class CandidateInvitation(msgspec.Struct, frozen=True):
    """The invitation is shown this once: the server keeps its hash."""

    candidate_id: UUID
    invitation: str


class CandidateListed(msgspec.Struct, frozen=True):
    """What the operator sees of a candidate: not its answer."""

    candidate_id: UUID
    name: str
    invited_on: date
    began: bool
    answered_on: date | None


class Candidacy(msgspec.Struct, frozen=True):
    """A candidate begins.

    `signature`: its own key, purpose overlap, over invitation (UTF-8) || root_public_key || identifiers
    (u32 LE).
    """

    invitation: str
    root_public_key: bytes
    identifiers: int
    signature: bytes


class CandidacyBegun(msgspec.Struct, frozen=True):
    """Whom a key holder knows the candidate as, and the release that will be compared."""

    candidate_id: UUID
    latest_release: str | None


class OverlapQuestion(msgspec.Struct, frozen=True):
    """The committed set: pseudonyms ascending (32 bytes each), weights (u32 LE each; `privacy.overlap`).

    `signature`: the candidate's, purpose overlap, over candidate id (16) || SHA-256(pseudonyms || weights).
    """

    candidate_id: UUID
    pseudonyms: bytes
    weights: bytes
    signature: bytes


class OverlapAnswer(msgspec.Struct, frozen=True):
    """A band of the weight, in points of a hundred, that met a published cell of the month."""

    month: str
    profile: str
    from_points: int
    to_points: int


@post("/api/operator/candidates", summary="Invite a firm to ask how much would be compared")
async def invite_candidate(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[CandidateInvited]
) -> CandidateInvitation:
    """Once, within 30 days, before it joins."""
    return await invite(network, who.actor, data)


async def invite(network: RunningNetwork, actor: str, data: CandidateInvited) -> CandidateInvitation:
    """The same, as the operator's command does it; raise malformed."""
    name = data.name.strip()
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise Refused("malformed", f"name: expected 1 to {NAME_CHARACTERS_MAX} characters")
    if not overlap.IDENTIFIERS_MIN <= data.identifiers_max <= overlap.IDENTIFIERS_MAX:
        expected = f"expected {overlap.IDENTIFIERS_MIN} to {overlap.IDENTIFIERS_MAX}"
        raise Refused("malformed", f"identifiers_max: {expected}")
    candidate, secret = uuid4(), secrets.token_bytes(32)
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        today = await network.read_today()
        await _forget_old(today)
        await Candidate(
            id=candidate,
            name=name,
            invited_on=today,
            invitation_hash=secret_hash(secret),
            identifiers_max=data.identifiers_max,
        ).save()
        await audit.append(
            network.clock, audit.OPERATOR_CHAIN, actor, "candidate-invited", candidate=candidate
        )
    text = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    return CandidateInvitation(candidate, f"{candidate}.{text}")


@get("/api/operator/candidates", summary="The candidates of the last 30 days")
async def list_candidates() -> list[CandidateListed]:
    """In the order of their invitation."""
    rows = await Candidate.select().order_by(Candidate.invited_on).order_by(Candidate.name)
    return [
        CandidateListed(
            row["id"], row["name"], row["invited_on"], row["root_public"] is not None, row["answered_on"]
        )
        for row in rows
    ]


@post("/api/overlap/candidacies", summary="Begin to ask, by an invitation")
async def begin(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[Candidacy]
) -> CandidacyBegun:
    """The invitation binds one key and one number of identifiers; the same again is the same answer."""
    candidate, secret = _read_invitation(data.invitation)
    origin = ("invitation", candidate, request.client.host if request.client else "?")
    network.limits.check(*origin)
    signed = data.invitation.encode() + data.root_public_key + _u32(data.identifiers)
    if not signing.verify(data.root_public_key, SIGNED, signed, data.signature):
        raise Refused("signature", errors=[Fault(None, "signature", "another", "the candidate's own key's")])
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        today = await network.read_today()
        row = await Candidate.select().where(Candidate.id == candidate).first()
        if row is None or not _still(row, today) or not _opens(row, secret):
            network.limits.failed(*origin)
            raise Refused("invitation")
        if not overlap.IDENTIFIERS_MIN <= data.identifiers <= row["identifiers_max"]:
            expected = f"{overlap.IDENTIFIERS_MIN} to {row['identifiers_max']}"
            raise _refused("identifiers", str(data.identifiers), expected)
        if row["root_public"] is None:
            await Candidate.update(
                {Candidate.root_public: data.root_public_key, Candidate.identifiers: data.identifiers}
            ).where(Candidate.id == candidate)
            # So that this month's budget is the number said; what is left of it goes with the answer.
            declared = math.ceil(data.identifiers / FIRST_MONTH_FACTOR)
            await pseudonyms.admit_firm(candidate, data.root_public_key, declared, today)
        elif (row["root_public"], row["identifiers"]) != (data.root_public_key, data.identifiers):
            raise Refused("invitation")
    latest = await network.latest_release()
    return CandidacyBegun(candidate, None if latest is None else month_text(latest))


def _read_invitation(text: str) -> tuple[UUID, bytes]:
    candidate, _, secret = text.partition(".")
    try:
        return UUID(candidate), base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except ValueError:
        raise Refused("invitation") from None


def _opens(row: dict[str, Any], secret: bytes) -> bool:
    kept = row["invitation_hash"]
    return kept is not None and hmac.compare_digest(kept, secret_hash(secret))


def _still(row: dict[str, Any], today: date) -> bool:
    return bool(today <= row["invited_on"] + timedelta(days=CANDIDATE_DAYS))


def _u32(number: int) -> bytes:
    return (number & 0xFFFFFFFF).to_bytes(4, "little")


def _refused(field: str, found: str, expected: str) -> Refused:
    return Refused("overlap-refused", errors=[Fault(None, field, found, expected)])


@post("/api/overlap/answers", status_code=200, summary="How much would be compared, in one band")
async def answer(
    network: NamedDependency[RunningNetwork],
    request: Request[Any, Any, Any],
    data: JSONBody[OverlapQuestion],
) -> OverlapAnswer:
    """Against the cells of the latest release, once; the set is compared and let go."""
    origin = ("overlap", data.candidate_id, request.client.host if request.client else "?")
    network.limits.check(*origin)
    digest = hashlib.sha256(data.pseudonyms + data.weights).digest()
    found = await Candidate.select().where(Candidate.id == data.candidate_id).first()
    key = found["root_public"] if found else None
    if not signing.verify(key or bytes(32), SIGNED, data.candidate_id.bytes + digest, data.signature):
        network.limits.failed(*origin)
        raise Refused("signature", errors=[Fault(None, "signature", "another", "the candidate's own key's")])
    names, weights = _read_set(data)
    month = await network.latest_release()
    if month is None:
        raise Refused("overlap-too-early")
    row = await _commit(network, data.candidate_id, digest, len(names), month)
    if row["band"] is None:
        low = await _band_of(network, names, weights, digest, row["month"])
        await _settle(network, data.candidate_id, low)
    else:
        low = row["band"]
    return OverlapAnswer(month_text(row["month"]), network.profile, low, low + overlap.BAND_POINTS)


def _read_set(data: OverlapQuestion) -> tuple[np.ndarray[Any, Any], overlap.Weights]:
    if len(data.pseudonyms) % 32 or len(data.weights) % 4:
        raise _refused("pseudonyms", str(len(data.pseudonyms)), "32 bytes each, and 4 a weight")
    names = np.frombuffer(data.pseudonyms, "V32")
    weights = np.frombuffer(data.weights, "<u4")
    try:
        overlap.check(names, weights)
    except overlap.OverlapRefused as refused:
        raise _refused(refused.field, refused.found, refused.expected) from None
    return names, weights


async def _commit(
    network: RunningNetwork, candidate: UUID, digest: bytes, count: int, month: int
) -> dict[str, Any]:
    """Bind the candidate to this set and this release, before anything is compared; its row."""
    async with network.database.writing():
        if network.database.postgres:
            await network.database.run("SELECT id FROM candidate WHERE id = {} FOR UPDATE", candidate)
        row = await Candidate.select().where(Candidate.id == candidate).first()
        if row is None or not _still(row, await network.read_today()):
            raise Refused("invitation")
        if row["committed"] is None:
            if count != row["identifiers"]:
                raise _refused("pseudonyms", str(count), str(row["identifiers"]))
            await Candidate.update({Candidate.committed: digest, Candidate.month: month}).where(
                Candidate.id == candidate
            )
            return {**row, "committed": digest, "month": month}
        if not hmac.compare_digest(row["committed"], digest):
            raise Refused("overlap-answered")
        found: dict[str, Any] = row
        return found


async def _band_of(
    network: RunningNetwork,
    names: np.ndarray[Any, Any],
    weights: overlap.Weights,
    digest: bytes,
    month: int,
) -> int:
    cells = await cells_of_month(network, month)
    assert cells is not None
    published = cells["pseudonym"]
    at = np.searchsorted(published, names)
    covered = np.zeros(len(names), bool)
    within = at < len(published)
    covered[within] = published[at[within]] == names[within]
    subject = np.frombuffer(digest, "V32")
    ((normal,),) = normals(network.keys.release, overlap.PURPOSE, month, subject, (0,))
    return overlap.band(overlap.share_points(weights, covered), float(normal))


async def _settle(network: RunningNetwork, candidate: UUID, low: int) -> None:
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        today = await network.read_today()
        await Candidate.update({Candidate.band: low, Candidate.answered_on: today}).where(
            Candidate.id == candidate
        )
        await pseudonyms.leave_holder(candidate, today)
        await audit.append(
            network.clock, audit.OPERATOR_CHAIN, "candidate", "candidate-answered", candidate=candidate
        )


async def _forget_old(today: date) -> None:
    """Candidates whose time is over, and what the holder still has of them; the caller's transaction."""
    over = await Candidate.select(Candidate.id).where(
        Candidate.invited_on < today - timedelta(days=CANDIDATE_DAYS)
    )
    for row in over:
        await pseudonyms.leave_holder(row["id"], today)
        await Candidate.delete().where(Candidate.id == row["id"])
