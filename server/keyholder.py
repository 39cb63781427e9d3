"""`vigied keyholder serve`: a key holder as a process of its own, on its own list, book and keys.

It sees blinded group elements and which firm asks how often. It knows no session, no operator and none of the
network's rows; the operator knows none of its keys. Pages of any origin may ask it: what counts is the
device's signature, and no cookie travels.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Litestar, get, post
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from privacy import evaluate
from privacy.oprf import split_unchecked
from privacy.parts_ceremony import fingerprint
from server.clock import Clock
from server.keyholder_book import HolderBook
from server.keyholder_folder import HolderFolder, Served
from server.keyholder_request import Evaluation, EvaluationRequest, Vouching, authorise, check_shape, vouch
from server.keyholder_witness import newest, witness
from server.page import add_headers
from server.problems import EXCEPTION_HANDLERS, Refused
from server.rosters import RosterShown, shown
from server.witness import WitnessAnswer, WitnessRequest

BODY_BYTES_MAX: Final = 256 * 1024  # a full batch is 43 kB
LOOK_AGAIN_SECONDS: Final = 60.0  # when it is looked whether an epoch's time is over


class LogHead(msgspec.Struct, frozen=True):
    """The newest entry's number and digest, signed by the holder (purpose evaluation-log)."""

    sequence: int
    digest: bytes
    signature: bytes


class WitnessedLast(msgspec.Struct, frozen=True):
    """The newest manifest that the holder has counter-signed: its month and fingerprint."""

    month: str
    digest: str


class HolderState(msgspec.Struct, frozen=True):
    """What anybody may ask a holder: who it is, what it signed (rosters, manifests), where its log stands.

    `fingerprint`: of its newest roster, as people compare it with what `vigie holders` shows.
    """

    number: int
    name: str
    key: bytes
    rosters: list[RosterShown]
    fingerprint: str | None
    log: LogHead | None
    witnessed: WitnessedLast | None


class RunningHolder:
    """What the routes share. Its methods may be called from several threads."""

    def __init__(self, folder: HolderFolder, book: HolderBook, clock: Clock | None = None) -> None:
        self.folder, self.book = folder, book
        self.clock = clock or Clock()
        self._served: dict[int, Served] = {}
        self._seen = (0.0, 0.0)
        self._lock = threading.Lock()

    def served(self) -> dict[int, Served]:
        """The epochs in force, read again when a roster was installed beside this process."""
        with self._lock:
            changed, ticks = self.folder.rosters_file.stat().st_mtime, self.clock.ticks()
            if changed != self._seen[0] or ticks - self._seen[1] > LOOK_AGAIN_SECONDS:
                self._served = self.folder.served(self.clock.unix())
                self._seen = (changed, ticks)
            return self._served

    def answer(self, request: EvaluationRequest) -> Evaluation:
        """Evaluate under the sum of the parts asked for; raise Refused."""
        now = self.clock.unix()
        count = check_shape(request, now)
        served = self.served().get(request.epoch)
        if served is None:
            raise Refused("evaluation-epoch", f"found epoch {request.epoch}, expected {max(self.served())}")
        wanted = request.parts
        if not wanted or len(set(wanted)) != len(wanted) or not set(wanted) <= set(served.parts):
            raise Refused(
                "evaluation-refused", f"parts: expected some of {', '.join(sorted(served.parts))}, each once"
            )
        delegation = authorise(request, self.book.root_of(request.firm_id), now)
        if self.book.is_refused(delegation.device):
            raise Refused("device-refused")
        today, key_id = self.clock.today(), served.roster.key_id
        self.book.refuse_early(request, count, key_id, today)
        key = evaluate.sum_of_parts([served.parts[name] for name in wanted])
        try:
            elements = split_unchecked(request.blinded)
            evaluated = evaluate.evaluate_unproven(key, elements)
        except ValueError as error:
            raise Refused("evaluation-refused", f"blinded: {error}") from None
        # What is no element has cost nothing; what is one leaves only when its cost is committed.
        self.book.spend(request, count, key_id, now, today, self.folder.signing)
        proof = evaluate.prove(key, elements, evaluated, evaluate.random_scalar())
        return Evaluation(b"".join(evaluated), proof)

    def state(self) -> HolderState:
        """What anybody may ask."""
        entry, manifest, chain = self.book.newest(), newest(self.folder.path), self.folder.chain()
        return HolderState(
            self.folder.number,
            self.folder.name,
            self.folder.public,
            shown(chain),
            fingerprint(chain[-1].body) if chain else None,
            LogHead(entry.sequence, entry.digest, entry.signature) if entry else None,
            WitnessedLast(manifest.month, manifest.digest) if manifest else None,
        )


@get("/health", summary="Whether the holder lives")
async def health(holder: NamedDependency[RunningHolder]) -> dict[str, str]:
    """It has parts to serve."""
    await asyncio.to_thread(holder.served)
    return {"status": "ok"}


@get("/api/holder", summary="Who this holder is, and the rosters that it signed")
async def state(holder: NamedDependency[RunningHolder]) -> HolderState:
    """For members who compare it with what the network shows."""
    return await asyncio.to_thread(holder.state)


@post("/api/holder/evaluations", status_code=200, summary="Evaluate blinded identifiers")
async def evaluate_blinded(
    holder: NamedDependency[RunningHolder], data: JSONBody[EvaluationRequest]
) -> Evaluation:
    """At most 1,000 at once, under parts of an epoch in force."""
    return await asyncio.to_thread(holder.answer, data)


@get("/api/holder/vouchings/{firm_id:uuid}", summary="The holder's word for a firm's root key")
async def vouch_for(holder: NamedDependency[RunningHolder], firm_id: FromPath[UUID]) -> Vouching:
    """For the firm to show at a reveal."""
    root_public = await asyncio.to_thread(holder.book.member_root_of, firm_id)
    return vouch(firm_id, root_public, holder.folder.signing)


@post("/api/holder/witness", status_code=200, summary="Counter-sign manifests")
async def countersign(
    holder: NamedDependency[RunningHolder], data: JSONBody[WitnessRequest]
) -> WitnessAnswer:
    """Those that extend the history signed before, under the network's release key."""
    return await asyncio.to_thread(witness, holder.folder.path, holder.folder.signing, data)


def provide_holder(state: State) -> RunningHolder:
    """The holder that the process serves."""
    holder: RunningHolder = state.holder
    return holder


def create_app(holder: RunningHolder) -> Litestar:
    """The application over an open folder and book."""
    handlers: list[Any] = [health, state, evaluate_blinded, vouch_for, countersign]
    return Litestar(
        route_handlers=handlers,
        dependencies={"holder": Provide(provide_holder, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_headers],
        cors_config=CORSConfig(
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Accept", "Accept-Language", "Content-Type", "X-Vigie"],
            max_age=86_400,
        ),
        openapi_config=None,
        request_max_body_size=BODY_BYTES_MAX,
        state=State({"holder": holder}),
        logging_config=None,
    )
