"""Legal holds at the terminal: a person's, an administrator's or an auditor's, never a device's alone.

A device logs in as a desk, which may write and not hold. So the person says her password, for one session
that does this and ends; an auditor, who has no device, logs in with her account key besides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from member.answers import Answer
from member.enrol import Person, log_in_person, person_session
from member.keystore import Member
from member.network import Network
from member.refusals import InputRefused
from member.session import Session

Holding = Callable[[UUID, bool], None]
"""Hold a conversation (True), or let go (False)."""


class Held(Answer, frozen=True):
    """A conversation of the firm; `held_on` None: it is not held."""

    id: UUID
    started_on: date
    held_on: date | None = None


@dataclass(slots=True)
class Holds:
    """The firm's conversations by their ids, in a session of who may hold them: nothing of what is said."""

    session: Session = field(repr=False)

    @classmethod
    def of_administrator(cls, member: Member, password: str) -> Holds:
        """On an administrator's device. Raise HomeRefused "no-root" on any other."""
        return cls(person_session(member, password))

    @classmethod
    def of_person(cls, network: Network, person: Person, account_key: bytes) -> Holds:
        """Of somebody who has no device, such as an auditor."""
        found, _ = log_in_person(network, person, account_key)
        return cls(Session.of_token(network, found.token))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def listed(self) -> list[Held]:
        """Newest first."""
        return self.session.network.read(self.session.send("GET", "/api/holds"), list[Held])

    def find(self, beginning: str) -> Held:
        """The one whose id begins so. Raise InputRefused "hold-unknown"."""
        found = [one for one in self.listed() if str(one.id).startswith(beginning.strip().lower())]
        if not beginning.strip() or len(found) != 1:
            raise InputRefused("hold-unknown", found=beginning, n=len(found))
        return found[0]

    def put(self, conversation: UUID, *, held: bool) -> None:
        """Hold, or let go: what was withdrawn or has grown old meanwhile is erased then."""
        self.session.ask("PUT", f"/api/conversations/{conversation}/hold", {"held": held})


def holding_of(member: Member, password: Callable[[], str]) -> Holding | None:
    """Hold from within a conversation, after the password each time; None where no administrator works."""
    if member.root is None:
        return None

    def hold(conversation: UUID, held: bool) -> None:
        with Holds.of_administrator(member, password()) as holds:
            holds.put(conversation, held=held)

    return hold
