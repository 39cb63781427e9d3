"""What the sales side says it has done: sealed notes beside the book, taken in by who may change the book.

Knows: the names key, the lights. The sales side cannot move the book; a note is bound to the firm and its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec

from member import keyring
from member.credit import Lights
from member.credit_file import change_lights
from member.keys import NotOpened, seal, unseal
from member.refusals import HomeRefused, NetworkRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member.keystore import Member


class _Said(msgspec.Struct, frozen=True):
    """What is sealed."""

    identifier: str
    task: str


class _Listed(msgspec.Struct, frozen=True):
    id: UUID
    author: str
    at: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """One note, opened: the task as it was worded then."""

    id: UUID
    identifier: str
    task: str


def note_name(firm: UUID, note: UUID) -> str:
    """What a note's seal is bound to."""
    return f"vigie/task-done/v1|{firm}|{note}"


def say_done(member: Member, identifier: str, task: str) -> UUID:
    """Leave a note that a task is done. Raise HomeRefused without the names key."""
    keyring.take_up(member)  # a note under keys that were rolled would be read by nobody
    key, made = member.role_keys.names, uuid4()
    if key is None:
        raise HomeRefused("no-names-key")
    sealed = seal(key, msgspec.json.encode(_Said(identifier, task)), note_name(member.firm_id, made))
    member.session.send("POST", "/api/tasks/done", json={"id": made, "sealed": sealed})
    return made


def read_done(member: Member) -> list[Done]:
    """Notes that are not in the lights yet, oldest first; what no key of the firm opens is left out."""
    keys = [one.names for one in (member.role_keys, *member.role_keys.earlier) if one.names is not None]
    listed = member.network.read(member.session.send("GET", "/api/tasks/done"), list[_Listed])
    found = []
    for one in listed:
        for key in keys:
            try:
                said = msgspec.json.decode(
                    unseal(key, one.sealed, note_name(member.firm_id, one.id)), type=_Said
                )
            except (NotOpened, msgspec.MsgspecError):
                continue
            found.append(Done(one.id, said.identifier, said.task))
            break
    return found


def with_done_notes(lights: Lights, notes: Iterable[Done]) -> Lights:
    """Tasks that are still worded as they were done are done; one that was asked anew since is not."""
    clients = dict(lights.clients)
    for note in notes:
        shown = clients.get(note.identifier)
        if shown is not None and shown.task == note.task:
            clients[note.identifier] = msgspec.structs.replace(shown, done=True)
    return msgspec.structs.replace(lights, clients=clients)


def erase(member: Member, notes: Iterable[Done]) -> None:
    """They are in the lights now; one that another device erased is gone already."""
    for note in notes:
        try:
            member.session.send("DELETE", f"/api/tasks/done/{note.id}")
        except NetworkRefused as refused:
            if refused.code != "not-found":
                raise


def take_in_done(member: Member) -> None:
    """What sales has done, into the lights: before a key that its notes are sealed under is forgotten."""
    notes = read_done(member)
    if notes:
        change_lights(member, lambda lights: with_done_notes(lights, notes))
        erase(member, notes)
