"""After somebody left, or a device was lost: the keys of every conversation anew, under a rolled role key.

Rules of order, whose guardian this is:
1. What is still sealed under an earlier key is sealed again under the new one: calls' keys as they are, a
   side's keys with fresh ones behind them, whose succession the network keeps until its moment. What the
   firm's devices keep of a conversation, a pinned reveal among it, is sealed again as it is.
2. A run that ends in between is taken up by the next: what the new key opens has been done.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from chat.keys import PrivateKeys
from member.conversing import Api, Desk
from member.keys import unseal
from member.keystore import Member
from member.talk_state import state_aad

Opening = Callable[[bytes, str], bytes]


@dataclass(slots=True)
class Turner:
    """A desk under the new key, and the openings of the keys before it, newest first."""

    desk: Desk
    earlier: Sequence[Opening] = field(repr=False)

    @classmethod
    def of(cls, member: Member) -> Turner:
        """Of a device that holds the rolled key and the ones before."""
        before = [one.conversations for one in member.role_keys.earlier]
        current = member.role_keys.conversations
        fresh = [key for key in dict.fromkeys(before) if key is not None and key != current]
        desk = Desk.of(member)
        if current is not None:
            desk.unseal = partial(unseal, current)  # nothing else: what it opens has been done
        return cls(desk, [partial(unseal, key) for key in fresh])

    def turn_all(self) -> int:
        """Every conversation and call that an earlier key sealed; how many were sealed again."""
        api = self.desk.api
        for found in api.ask("GET", "/api/conversation-states"):
            self._reseal_state(found)
        turned = sum(self._turn(found) for found in api.ask("GET", "/api/conversations"))
        return turned + sum(self._reseal(found) for found in api.ask("GET", "/api/calls")["raised"])

    def _turn(self, found: dict[str, Any]) -> bool:
        conversation = UUID(found["id"])
        sealed, aad = _bytes(found["secret"]), self.desk.side_aad(conversation)
        plain = self._opened(sealed, aad)
        if plain is None:
            return False
        if found["opening"] is None:  # nothing can be said yet: sealing the keys again is all there is
            self._put(f"/api/conversations/{conversation}/secret", self.desk.seal(plain, aad), sealed)
            return True
        session = self.desk.session_of(found, plain)
        new = PrivateKeys.fresh(session.link.suite)
        body = {
            "succession": _b64(session.begin_succession(new).record),
            "secret": _b64(self.desk.seal(plain + new.to_bytes(), aad)),
            "replaces": _b64(hashlib.sha256(sealed).digest()),
        }
        return _unless_replaced(api=self.desk.api, path=f"/api/conversations/{conversation}/turn", body=body)

    def _reseal(self, found: dict[str, Any]) -> bool:
        sealed, aad = _bytes(found["secret"]), self.desk.call_aad(UUID(found["id"]))
        plain = self._opened(sealed, aad) if sealed else None
        if plain is None:
            return False
        return self._put(f"/api/calls/{found['id']}/secret", self.desk.seal(plain, aad), sealed)

    def _reseal_state(self, found: dict[str, Any]) -> None:
        """What another device writes meanwhile the next run finds."""
        aad = state_aad(self.desk.firm, UUID(found["conversation"]))
        plain = self._opened(_bytes(found["sealed"]), aad)
        if plain is None:
            return
        body = {"replaces": found["version"], "sealed": _b64(self.desk.seal(plain, aad))}
        try:
            self.desk.api.ask("PUT", f"/api/conversations/{found['conversation']}/state", body)
        except Exception as refused:
            if getattr(refused, "code", "") != "state-moved":
                raise

    def _opened(self, sealed: bytes, aad: str) -> bytes | None:
        """What an earlier key sealed; None where the new key opens it, or nothing does."""
        for opening in (self.desk.unseal, *self.earlier):
            try:
                plain = opening(sealed, aad)
            except ValueError:
                continue
            return None if opening is self.desk.unseal else plain
        return None

    def _put(self, path: str, secret: bytes, replaces: bytes) -> bool:
        body = {"secret": _b64(secret), "replaces": _b64(hashlib.sha256(replaces).digest())}
        return _unless_replaced(api=self.desk.api, path=path, body=body)


def _unless_replaced(*, api: Api, path: str, body: dict[str, str]) -> bool:
    try:
        api.ask("PUT", path, body)
    except Exception as refused:
        if getattr(refused, "code", "") == "secret-replaced":
            return False  # another device of the firm was faster
        raise
    return True


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")
