"""A second device gets the account key from the first, both showing one code (`server.pairing` passes on).

Rules of order, whose guardian this is:
1. The second device commits to a fresh key; the first then gives 32 random bytes; the second shows its key.
   Nobody in between can choose a key after seeing the random bytes.
2. Both show the code; the account key is sealed only after a person has said that they are the same.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec

from chat.keys import PrivateKeys, PublicKeys
from member.keys import ACCOUNT_KEY_BYTES
from member.network import Network
from member.refusals import InputRefused, Untrusted
from member.session import Session

NONCE_BYTES: Final = 16
OFFER_BYTES: Final = 32
CODE_DIGITS: Final = 6


class State(msgspec.Struct, frozen=True):
    """What the network has passed on so far."""

    id: UUID
    commitment: bytes | None
    offered: bytes | None
    revealed: bytes | None
    sealed: bytes | None


def commitment_to(revealed: bytes) -> bytes:
    """32 bytes that fix a nonce (16) and a public key (32), and say nothing of them."""
    return hashlib.sha256(b"vigie/pairing/v1\0" + revealed).digest()


def code_of(pairing: UUID, offered: bytes, revealed: bytes) -> str:
    """The six digits that both devices show."""
    said = b"vigie/pairing-code/v1\0" + pairing.bytes + offered + revealed
    number = int.from_bytes(hashlib.sha256(said).digest()[:8], "big") % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}d}"


def _info(pairing: UUID, email: str) -> bytes:
    return b"vigie/pairing-key/v1\0" + pairing.bytes + email.strip().lower().encode()


@dataclass(slots=True)
class SecondDevice:
    """The device that has nothing yet."""

    network: Network
    email: str
    keys: PrivateKeys = field(default_factory=PrivateKeys.fresh, repr=False)
    _nonce: bytes = field(default_factory=lambda: os.urandom(NONCE_BYTES), repr=False)
    id: UUID | None = None
    _offered: bytes | None = None

    def begin(self) -> None:
        """Ask; the first device finds it."""
        body = {"email": self.email, "commitment": commitment_to(self._revealed())}
        answer = self.network.read(self.network.send("POST", "/api/pairings", json=body), dict[str, UUID])
        self.id = answer["id"]

    def _revealed(self) -> bytes:
        return self._nonce + self.keys.public().sealing

    def code(self) -> str | None:
        """The code to show, once the first device has answered; None until then."""
        state = self._state()
        if self._offered is None and state.offered is not None:
            self._offered = state.offered
            _give(self.network, state.id, "reveal", self._revealed())
        return None if self._offered is None else code_of(state.id, self._offered, self._revealed())

    def account_key(self) -> bytes | None:
        """What the first device has sealed; None until its person has compared. Raise Untrusted."""
        state = self._state()
        if state.sealed is None:
            return None
        opened = self.keys.open(state.sealed, _info(state.id, self.email))
        if opened is None or len(opened) != ACCOUNT_KEY_BYTES:
            raise Untrusted("pairing-other")
        return opened

    def _state(self) -> State:
        return self.network.read(self.network.send("GET", f"/api/pairings/{self.id}"), State)


@dataclass(slots=True)
class FirstDevice:
    """The device that has the account key; `session` is its person's."""

    session: Session
    email: str
    account_key: bytes = field(repr=False)
    _offered: bytes = field(default_factory=lambda: secrets.token_bytes(OFFER_BYTES))
    _commitment: bytes | None = None
    id: UUID | None = None

    def answer(self) -> bool:
        """Offer to the device that asks; whether there is one."""
        found = self.session.network.read(self.session.send("GET", "/api/pairings"), list[State])
        if not found or found[0].offered is not None:
            return False
        self.id, self._commitment = found[0].id, found[0].commitment
        self._give("offer", self._offered)
        return True

    def code(self) -> str | None:
        """The code to compare; None until the other device has shown its key. Raise Untrusted."""
        revealed = self._revealed()
        return None if revealed is None or self.id is None else code_of(self.id, self._offered, revealed)

    def _revealed(self) -> bytes | None:
        found = self.session.network.read(self.session.send("GET", "/api/pairings"), list[State])
        state = next((one for one in found if one.id == self.id), None)
        if state is None or state.revealed is None:
            return None
        if commitment_to(state.revealed) != self._commitment:
            raise Untrusted("pairing-other")
        return state.revealed

    def hand_over(self, compared: str) -> None:
        """After a person has compared: `compared` is the code that the other device shows.

        Raise InputRefused "pairing-code".
        """
        revealed = self._revealed()
        if (
            revealed is None
            or self.id is None
            or compared.strip() != code_of(self.id, self._offered, revealed)
        ):
            raise InputRefused("pairing-code")
        sealed = PublicKeys(bytes(32), revealed[NONCE_BYTES:]).seal(
            self.account_key, _info(self.id, self.email)
        )
        if sealed is None:
            raise Untrusted("pairing-other")
        self._give("key", sealed)

    def _give(self, what: str, value: bytes) -> None:
        body: dict[str, Any] = {"value": value}
        self.session.send("PUT", f"/api/pairings/{self.id}/{what}", json=body)


def _give(network: Network, pairing: UUID, what: str, value: bytes) -> None:
    network.send("PUT", f"/api/pairings/{pairing}/{what}", json={"value": value})
