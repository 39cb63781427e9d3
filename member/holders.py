"""The key holders at work: who is asked for which parts, whose proof is wrong, who does not answer.

Rules, whose guardian this is:
1. Every proof is checked against the pinned public keys of the parts asked, by itself, before anything is
   added: who cheats is named, and asked no more.
2. With three holders any two suffice: what one did not answer is asked of those that have it too.
3. Together the answers stand for every pinned part once, or there is no pseudonym.
4. All answers of a batch are under one epoch's pins: a refresh that is followed meanwhile, for another batch,
   changes nothing of this one. Parts of two epochs add up to nobody's key, with every proof right.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from member.answers import Evaluation
from member.answers import Holder as Pinned
from member.refusals import MemberError, NetworkRefused, Unreachable, Untrusted
from privacy import blind, signing
from privacy.evaluate import request_payload
from privacy.parts import THREE, Unserved, who_answers

if TYPE_CHECKING:
    from member.keystore import Member
    from member.pins import Pins

NONCE_BYTES: Final = 16
TRIES: Final = 3
TRIES_BESIDE_OTHERS: Final = 2  # where another holder has the same part, none is waited for long


@dataclass(slots=True)
class Holders:
    """One run's view of the pinned holders. `out`: who is asked no more in this run, by number, and why.

    Its methods may be called from several threads.
    """

    member: Member
    pool: Executor | None = None
    out: dict[int, MemberError] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def name(self, number: int) -> str:
        """As the roster calls it."""
        return next(one.name for one in self.member.pins.holders if one.number == number)

    def pseudonyms(self, inputs: Sequence[bytes], turn: int = 0) -> list[bytes]:
        """Pseudonyms, 32 bytes each, of one batch; `turn` spreads batches over the holders.

        Raise Untrusted, Unreachable or NetworkRefused where not enough holders answered well.
        """
        blinds, blinded = blind.blind(inputs)
        pins = self.member.pins
        while True:
            try:
                return self._with_pins(pins, inputs, blinds, blinded, turn)
            except _OtherEpoch as asked:
                pins = self._followed(pins, asked.number)

    def _followed(self, pins: Pins, number: int) -> Pins:
        """The pins to go on with, where a holder serves their epoch no more.

        Those that the network's chain leads to; where it leads nowhere else, that holder is behind the others
        or lies, and is out.
        """
        with self._lock:
            if self.member.pins.epoch == pins.epoch:
                self.member.check_network()
                if self.member.pins.epoch != pins.epoch:
                    self.out.clear()
            if self.member.pins.epoch != pins.epoch:
                return self.member.pins
            name = next(one.name for one in pins.holders if one.number == number)
            trouble = Untrusted("holders-epoch", name=name, epoch=pins.epoch)
            if pins.construction != THREE:
                raise trouble
            self.out.setdefault(number, trouble)
            return pins

    def _with_pins(
        self, pins: Pins, inputs: Sequence[bytes], blinds: list[bytes], blinded: bytes, turn: int
    ) -> list[bytes]:
        wanted = set(pins.parts)
        checked: list[tuple[tuple[str, ...], list[bytes]]] = []
        while wanted:
            asked = self._plan(pins, wanted, turn)
            for parts, elements in self._ask_all(pins, asked, blinded):
                checked.append((parts, elements))
                wanted -= set(parts)
        return blind.finalize_checked(inputs, blinds, checked, pins.parts)

    def _plan(self, pins: Pins, wanted: set[str], turn: int) -> dict[int, tuple[str, ...]]:
        up = [one.number for one in pins.holders if one.number not in self.out]
        if pins.construction != THREE:
            if not up:
                raise next(iter(self.out.values()))
            return {up[0]: tuple(sorted(wanted))}
        shift = turn % len(up) if up else 0
        try:
            return who_answers([*up[shift:], *up[:shift]], wanted)
        except Unserved:
            raise self._refusal() from None

    def _refusal(self) -> MemberError:
        """Why it cannot go on: somebody who cheats before somebody who refuses before nobody who answers."""
        troubles = list(self.out.values())
        for kind in (Untrusted, NetworkRefused):
            for trouble in troubles:
                if isinstance(trouble, kind):
                    return trouble
        return Unreachable("holders-down", names=", ".join(self.name(number) for number in sorted(self.out)))

    def _ask_all(
        self, pins: Pins, asked: dict[int, tuple[str, ...]], blinded: bytes
    ) -> list[tuple[tuple[str, ...], list[bytes]]]:
        """Those that answered well: parts, and the evaluated elements. The others are out."""
        items = list(asked.items())
        if self.pool is None or len(items) == 1:
            found = [self._ask(pins, number, parts, blinded) for number, parts in items]
        else:
            found = list(self.pool.map(lambda one: self._ask(pins, one[0], one[1], blinded), items))
        return [
            (parts, elements)
            for (_, parts), elements in zip(items, found, strict=True)
            if elements is not None
        ]

    def _ask(self, pins: Pins, number: int, parts: tuple[str, ...], blinded: bytes) -> list[bytes] | None:
        holder = next(one for one in pins.holders if one.number == number)
        single = pins.construction != THREE
        try:
            answer = self._evaluation(pins, holder, parts, blinded)
            public = blind.public_of(parts, pins.parts)
            return blind.check_proof(blinded, blind.Answer(answer.evaluated, answer.proof, public))
        except ValueError:
            trouble: MemberError = (
                Untrusted("proof") if single else Untrusted("holder-proof", name=holder.name)
            )
        except NetworkRefused as refused:
            if refused.code == "evaluation-epoch":
                raise _OtherEpoch(number) from None
            trouble = refused
        except Unreachable as silent:
            trouble = silent
        if single:
            raise trouble
        with self._lock:
            self.out.setdefault(number, trouble)
        return None

    def _evaluation(self, pins: Pins, holder: Pinned, parts: tuple[str, ...], blinded: bytes) -> Evaluation:
        tries = TRIES_BESIDE_OTHERS if pins.construction == THREE else None
        for tried in range(1, TRIES + 1):
            now, nonce = int(time.time()), secrets.token_bytes(NONCE_BYTES)
            body = request(self.member, parts, blinded, now, nonce, epoch=pins.epoch)
            try:
                return self.member.network.evaluate(holder.url, body, tries=tries)
            except NetworkRefused as refused:
                # The answer to an earlier try was lost: a holder answers a nonce once, so ask with another.
                spent = refused.code == "evaluation-refused" and refused.problem.detail.startswith("nonce")
                if not spent or tried == TRIES:
                    raise
        raise AssertionError


class _OtherEpoch(Exception):
    """A holder, by number, serves the pinned epoch no more."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def request(  # noqa: PLR0917 - the order is the bytes'
    member: Member,
    parts: Sequence[str],
    blinded: bytes,
    requested_at: int,
    nonce: bytes,
    epoch: int | None = None,
) -> dict[str, Any]:
    """What a holder is sent: authorised by the root's delegation and the device's signature.

    `epoch`: the pinned one where none is said.
    """
    epoch = member.pins.epoch if epoch is None else epoch
    payload = request_payload(member.firm_id.bytes, epoch, parts, blinded, requested_at, nonce)
    return {
        "firm_id": member.firm_id,
        "delegation": member.identity.delegation,
        "epoch": epoch,
        "parts": list(parts),
        "blinded": blinded,
        "requested_at": requested_at,
        "nonce": nonce,
        "signature": signing.sign(member.device_key, "evaluation", payload),
    }
