"""How a person turns one-time codes on and off in the settings, and how a colleague takes them off for her.

Knows: the rules of `server.second_factors`, and the proof of a password.
"""

from __future__ import annotations

import base64
import secrets
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.second_factor_tables import SecondFactor
from server.second_factors import (
    HASH_BYTES,
    SECRET_BYTES,
    Proof,
    forget,
    fresh_paper,
    is_on,
    lock_person,
    row_of,
    seal_secret,
    spend,
    tell,
)
from server.sessions import check_proof
from server.tables import Person, Session


class FactorState(msgspec.Struct, frozen=True):
    """Whether one-time codes are asked of the caller, and how many codes on paper are left."""

    on: bool
    paper_left: int


class FactorBegun(msgspec.Struct, frozen=True):
    """The secret, once: as text (base32) and as the address that apps read from a drawing."""

    secret: str
    uri: str


class Code(msgspec.Struct, frozen=True):
    """A code of the app, or one on paper."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class PaperCodes(msgspec.Struct, frozen=True):
    """Shown once; each serves once in place of the app."""

    codes: list[str]


@get("/api/me/second-factor", summary="Whether one-time codes are asked of me")
async def read_own(who: NamedDependency[Who]) -> FactorState:
    """The secret itself is shown once, when it is made."""
    row = await row_of(who.person)
    on = row is not None and row["confirmed_at"] is not None
    return FactorState(on, len(row["paper"]) // HASH_BYTES if row and on else 0)


@post("/api/me/second-factor", summary="Begin to use one-time codes")
async def begin(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Proof]
) -> FactorBegun:
    """A fresh secret, which counts once a code of it has come back. 409 where one counts already."""
    assert who.person is not None
    email = await check_proof(network, who.person, data.auth_key)
    secret = secrets.token_bytes(SECRET_BYTES)
    async with network.database.writing():
        await lock_person(network, who.person)
        row = await row_of(who.person)
        if row is not None and row["confirmed_at"] is not None:
            raise Refused("second-factor-on")
        await SecondFactor.delete().where(SecondFactor.person == who.person)
        await SecondFactor(person=who.person, secret=seal_secret(network, who.person, secret)).save()
    text = base64.b32encode(secret).decode()
    return FactorBegun(text, f"otpauth://totp/{quote(f'Vigie:{email}')}?secret={text}&issuer=Vigie")


@post("/api/me/second-factor/confirmation", summary="Show a code: from here on one is asked")
async def confirm(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Code]
) -> PaperCodes:
    """The codes to keep on paper. All her other sessions end."""
    assert who.person is not None
    shown = await _unconfirmed(who.person)
    if not await spend(network, who.person, data.code):
        raise Refused("second-factor-mistyped")
    codes, paper = fresh_paper(network, who.person)
    async with network.database.writing():
        await lock_person(network, who.person)
        if await _unconfirmed(who.person) != shown:  # begun anew meanwhile: it was no code of this one
            raise Refused("second-factor-mistyped")
        values: dict[Any, Any] = {
            SecondFactor.confirmed_at: network.clock.unix(),
            SecondFactor.paper: paper,
        }
        await SecondFactor.update(values).where(SecondFactor.person == who.person)
        await Session.delete().where((Session.person == who.person) & (Session.token_hash != who.token_hash))
        await network.fanout.tell_ended()
        await tell(network, who.person, who.actor, "second-factor-added")
    return PaperCodes(codes)


async def _unconfirmed(person: UUID) -> bytes:
    """The sealed secret of which a code is to come back. Raise Refused."""
    row = await row_of(person)
    if row is None:
        raise Refused("not-found")
    if row["confirmed_at"] is not None:
        raise Refused("second-factor-on")
    return bytes(row["secret"])


@post("/api/me/second-factor/paper", summary="Ten fresh codes on paper")
async def print_again(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Code]
) -> PaperCodes:
    """Those of before are worth nothing; a code is asked."""
    assert who.person is not None
    await _check_code(network, who.person, data.code)
    codes, paper = fresh_paper(network, who.person)
    async with network.database.writing():
        await lock_person(network, who.person)
        await SecondFactor.update({SecondFactor.paper: paper}).where(SecondFactor.person == who.person)
        await tell(network, who.person, who.actor, "second-factor-paper-codes")
    return PaperCodes(codes)


@post("/api/me/second-factor/removal", status_code=204, summary="Ask me for no more codes")
async def remove_own(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Code]
) -> None:
    """With a code, so that an open page alone does not take it off."""
    assert who.person is not None
    await _check_code(network, who.person, data.code)
    async with network.database.writing():
        await lock_person(network, who.person)
        await forget(who.person)
        await tell(network, who.person, who.actor, "second-factor-removed")


async def _check_code(network: RunningNetwork, person: UUID, code: str) -> None:
    if not await is_on(person):
        raise Refused("not-found")
    if not await spend(network, person, code):
        raise Refused("second-factor-mistyped")


@delete(
    "/api/users/{user_id:uuid}/second-factor", status_code=204, summary="Take off a colleague's second factor"
)
async def reset(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], user_id: FromPath[UUID]
) -> None:
    """Her telephone and her paper are lost. Nobody does it for herself; her sessions end."""
    if user_id == who.person:
        raise Refused("second-factor-own")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        theirs = await Person.exists().where((Person.id == user_id) & (Person.firm == who.member))
        if not theirs or await row_of(user_id) is None:
            raise Refused("not-found")
        await forget(user_id)
        await Session.delete().where(Session.person == user_id)
        await network.fanout.tell_ended()
        await tell(network, user_id, who.actor, "second-factor-reset")


ROUTES: Final = [read_own, begin, confirm, print_again, remove_own, reset]
