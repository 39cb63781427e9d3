"""Key holders as witnesses: the embedded one signs here, the others are asked after each release.

Rules of order, whose guardian this is:
1. The embedded holder signs within the release's own transaction, which remembers what it signed last.
2. A holder that is a process of its own is shown every manifest that it has not signed yet, oldest first,
   once the release is committed and with every look of the scheduler: who was away catches up.
3. A signature is kept when it is one; that a holder refuses is logged, and members see that it is missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from privacy.manifest import Signed
from privacy.manifest_witness import Witnessed, WitnessRefusal, countersign, witnessed_by
from privacy.roster import Holder
from server.manifest_tables import Countersignature, EmbeddedWitness
from server.network import RunningNetwork
from server.problems import LOG, Fault, Refused
from server.tables import Release

ASK: Final = httpx.Timeout(30.0, connect=5.0)  # seconds
SHOWN_AT_ONCE: Final = 60
ANSWER_BYTES_MAX: Final = 64 * 1024


class ShownManifest(msgspec.Struct, frozen=True):
    """A manifest's bytes and the operator's signature (purpose release)."""

    manifest: bytes
    signature: bytes


class WitnessRequest(msgspec.Struct, frozen=True):
    """Manifests of consecutive months, oldest first: from the one signed last on, or from its next."""

    manifests: list[ShownManifest]


class WitnessAnswer(msgspec.Struct, frozen=True):
    """One signature (purpose witness) for each manifest, in their order."""

    signatures: list[bytes]


def answer(
    private: Ed25519PrivateKey, release_key: bytes, last: Witnessed | None, request: WitnessRequest
) -> tuple[WitnessAnswer, Witnessed]:
    """The signatures, and what to remember durably before they are given away; raise witness-refused.

    `release_key` is the network's, as this holder has pinned it; `last` what it remembered before.
    """
    shown = [Signed(one.manifest, one.signature) for one in request.manifests]
    found = countersign(private, release_key, last, shown)
    if isinstance(found, WitnessRefusal):
        expected = "the network's first" if last is None else f"what follows {last.month} {last.digest}"
        raise Refused("witness-refused", errors=[Fault(None, "manifests", found.code, expected)])
    signatures, kept = found
    return WitnessAnswer(signatures), kept


# ---- the embedded holder


async def countersign_embedded(network: RunningNetwork) -> None:
    """Sign what the embedded holder has not signed yet, if there is one; in the release's transaction."""
    await network.read_rosters()
    private = network.keys.holder_signing
    if private is None or not any("://" not in holder.url for holder in network.roster.holders):
        return
    row = await EmbeddedWitness.select().first()
    last = None if row is None else Witnessed(row["month"], row["digest"])
    key = signing.public_bytes(private)
    months, request = await _unsigned(key)
    if not months:
        return
    try:
        signed, kept = answer(private, signing.public_bytes(network.keys.release_signing), last, request)
    except Refused:
        LOG.error("the embedded holder refuses to witness: this is not the history that it signed before")
        return
    await _keep(key, months, signed.signatures)
    await EmbeddedWitness.delete(force=True)
    await EmbeddedWitness(id=1, month=kept.month, digest=kept.digest).save()


async def _unsigned(key: bytes) -> tuple[list[int], WitnessRequest]:
    """The months of which this key's signature is not here, oldest first, and what to show its holder."""
    signed = await Countersignature.select(Countersignature.month).where(Countersignature.key == key)
    after = max((row["month"] for row in signed), default=0)
    rows = (
        await Release.select(Release.month, Release.header, Release.signature)
        .where(Release.month > after)
        .order_by(Release.month)
        .limit(SHOWN_AT_ONCE)
    )
    shown = [ShownManifest(bytes(row["header"]), bytes(row["signature"])) for row in rows]
    return [row["month"] for row in rows], WitnessRequest(shown)


async def _keep(key: bytes, months: Sequence[int], signatures: Sequence[bytes]) -> None:
    known = await Countersignature.select(Countersignature.month).where(Countersignature.key == key)
    there = {row["month"] for row in known}
    rows = [
        Countersignature(month=month, key=key, signature=signature)
        for month, signature in zip(months, signatures, strict=True)
        if month not in there
    ]
    if rows:
        await Countersignature.insert(*rows)


# ---- holders that are processes of their own


async def ask_witnesses(network: RunningNetwork) -> None:
    """Show each holder what it has not signed yet; never fails: what is missing is asked for again."""
    await network.read_rosters()
    remote = [holder for holder in network.roster.holders if "://" in holder.url]
    if remote:
        await asyncio.gather(*(_ask_patiently(network, holder) for holder in remote))


async def _ask_patiently(network: RunningNetwork, holder: Holder) -> None:
    try:
        while await _ask(network, holder):
            pass
    except (httpx.HTTPError, OSError, msgspec.MsgspecError, WitnessSilent) as error:
        why = f"{type(error).__name__} {error}".strip()
        LOG.warning("holder %d has not witnessed: %s", holder.number, why)


class WitnessSilent(Exception):
    """A holder gave no signature."""


async def _ask(network: RunningNetwork, holder: Holder) -> bool:
    """Show it one batch; whether there may be more. Raise WitnessSilent, httpx.HTTPError."""
    months, request = await _unsigned(holder.key)
    if not months:
        return False
    async with httpx.AsyncClient(timeout=ASK, trust_env=False) as client:
        said = await client.post(
            f"{holder.url.rstrip('/')}/witness",
            content=msgspec.json.encode(request),
            headers={"Content-Type": "application/json"},
        )
    if said.status_code != 200 or len(said.content) > ANSWER_BYTES_MAX:
        raise WitnessSilent(f"HTTP {said.status_code} {_why(said)}")
    signatures = msgspec.json.decode(said.content, type=WitnessAnswer).signatures
    pairs = list(zip(request.manifests, signatures, strict=False))
    if len(signatures) != len(months) or not all(
        witnessed_by(holder.key, shown.manifest, signature) for shown, signature in pairs
    ):
        raise WitnessSilent("its answer is not its signature")
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        await _keep(holder.key, months, signatures)
    return len(months) == SHOWN_AT_ONCE


def _why(said: httpx.Response) -> str:
    """The refusal's own words, of a problem in JSON."""
    try:
        problem: dict[str, Any] = said.json()
        return "; ".join(f"{one['found']}: {one['expected']}" for one in problem.get("errors", []))[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
