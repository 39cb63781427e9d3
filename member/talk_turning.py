"""After somebody left, or a device was lost: the keys of every conversation anew, under a rolled role key.

Rules of order, whose guardian this is:
1. What is still sealed under an earlier key is sealed again under the new one: calls' keys as they are, a
   side's keys with fresh ones behind them, whose succession the network keeps until its moment. What the
   firm's devices keep of a conversation, a pinned reveal among it, is sealed again as it is.
2. Each by itself: what one conversation refuses holds up no other. One that can get no new keys (its records
   do not verify; the network does not take them) is at least sealed under the new role key, and told.
3. A run that ends in between is taken up by the next: what the new key opens has been done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from chat.keys import PrivateKeys
from member.conversing import Desk
from member.keys import unseal
from member.keystore import Member
from member.refusals import Unreachable
from member.talk_lists import Api, TalkRefused, calls, conversations, in_json, octets
from member.talk_state import state_aad

Opening = Callable[[bytes, str], bytes]
Doing = Callable[[dict[str, Any]], bool]
REFUSED_FOR_GOOD: Final = range(400, 500)
SESSION_OR_PACE: Final = frozenset({401, 403, 408, 429})


@dataclass(frozen=True, slots=True)
class Turned:
    """What came of the conversations and calls that an earlier key sealed.

    `anew`: how many have new keys, or, where there is nothing to turn yet, are sealed again. `resealed`:
    without new keys, under the new role key. `untouched`: not even that; the next run tries again.
    """

    anew: int = 0
    resealed: tuple[UUID, ...] = ()
    untouched: tuple[UUID, ...] = ()


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

    def turn_all(self) -> Turned:
        """Every conversation and call that an earlier key sealed. Raise Unreachable."""
        done = Turned()
        for found in self.desk.api.ask("GET", "/api/conversation-states"):
            done = self._alone(done, found | {"id": found["conversation"]}, self._reseal_state)
        for found in conversations(self.desk.api):
            done = self._alone(done, found, self._turn, self._reseal_side)
        for found in calls(self.desk.api)[0]:
            done = self._alone(done, found, self._reseal)
        return done

    def _alone(
        self, done: Turned, found: dict[str, Any], first: Doing, otherwise: Doing | None = None
    ) -> Turned:
        """One of them: what it refuses is told, and holds up no other."""
        identity = UUID(found["id"])
        try:
            return replace(done, anew=done.anew + first(found))
        except Exception as refused:
            if not _is_its_own(refused):
                raise
            again = otherwise if _is_for_good(refused) else None
        try:
            if again is not None:
                again(found)
                return replace(done, resealed=(*done.resealed, identity))
        except Exception as refused:
            if not _is_its_own(refused):
                raise
        return replace(done, untouched=(*done.untouched, identity))

    def _turn(self, found: dict[str, Any]) -> bool:
        conversation = UUID(found["id"])
        sealed, aad = octets(found["secret"] or ""), self.desk.side_aad(conversation)
        plain = self._opened(sealed, aad)
        if plain is None:
            return False
        if found["opening"] is None:  # nothing can be said yet: sealing the keys again is all there is
            return self._reseal_side(found)
        session = self.desk.session_of(found, plain)
        new = PrivateKeys.fresh(session.link.suite)
        body = {
            "succession": in_json(session.begin_succession(new).record),
            "secret": in_json(self.desk.seal(plain + new.to_bytes(), aad)),
            "replaces": in_json(hashlib.sha256(sealed).digest()),
        }
        return _unless_replaced(api=self.desk.api, path=f"/api/conversations/{conversation}/turn", body=body)

    def _reseal_side(self, found: dict[str, Any]) -> bool:
        conversation = UUID(found["id"])
        sealed, aad = octets(found["secret"] or ""), self.desk.side_aad(conversation)
        plain = self._opened(sealed, aad)
        if plain is None:
            return False
        return self._put(f"/api/conversations/{conversation}/secret", self.desk.seal(plain, aad), sealed)

    def _reseal(self, found: dict[str, Any]) -> bool:
        sealed, aad = octets(found["secret"]), self.desk.call_aad(UUID(found["id"]))
        plain = self._opened(sealed, aad) if sealed else None
        if plain is None:
            return False
        return self._put(f"/api/calls/{found['id']}/secret", self.desk.seal(plain, aad), sealed)

    def _reseal_state(self, found: dict[str, Any]) -> bool:
        """What another device writes meanwhile the next run finds. Never counted."""
        aad = state_aad(self.desk.firm, UUID(found["conversation"]))
        plain = self._opened(octets(found["sealed"]), aad)
        if plain is None:
            return False
        body = {"replaces": found["version"], "sealed": in_json(self.desk.seal(plain, aad))}
        try:
            self.desk.api.ask("PUT", f"/api/conversations/{found['conversation']}/state", body)
        except Exception as refused:
            if getattr(refused, "code", "") != "state-moved":
                raise
        return False

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
        body = {"secret": in_json(secret), "replaces": in_json(hashlib.sha256(replaces).digest())}
        return _unless_replaced(api=self.desk.api, path=path, body=body)


def _unless_replaced(*, api: Api, path: str, body: dict[str, str]) -> bool:
    try:
        api.ask("PUT", path, body)
    except Exception as refused:
        if getattr(refused, "code", "") == "secret-replaced":
            return False  # another device of the firm was faster
        raise
    return True


def _is_its_own(refused: Exception) -> bool:
    """Whether it is about one conversation, and says nothing of the next."""
    if isinstance(refused, Unreachable):
        return False
    return isinstance(refused, TalkRefused | ValueError) or hasattr(refused, "status")


def _is_for_good(refused: Exception) -> bool:
    """Whether the same keys would be refused again."""
    status = getattr(refused, "status", REFUSED_FOR_GOOD[0])
    return status in REFUSED_FOR_GOOD and status not in SESSION_OR_PACE
