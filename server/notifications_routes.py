"""Routes of a user's wishes, and the one click that ends her mails (RFC 8058)."""

from __future__ import annotations

from html import escape
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import MediaType, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.alert_life_rows import reader_of
from server.network import RunningNetwork
from server.notifications import Wishes, WishesRefused, check, unsubscriber
from server.outbox import wishes_of
from server.outbox_tables import Preference
from server.problems import Refused, language
from server.roles import Who
from server.tables import Person

_POLICY: Final = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_ASKED: Final = {
    "en": ("Stop the mails?", "No more mail about alerts will be sent to you.", "Stop them"),
    "fr": ("Arrêter les courriels ?", "Plus aucun courriel d'alerte ne vous sera envoyé.", "Arrêter"),
}
_DONE: Final = {
    "en": ("Stopped", "No more mail about alerts is sent to you. The settings on the page bring it back."),
    "fr": (
        "C'est fait",
        "Plus aucun courriel d'alerte ne vous est envoyé. Les réglages de la page les rétablissent.",
    ),
}


class WishesShown(msgspec.Struct, frozen=True):
    """A user's wishes. `mail_possible`: the operator has set up a mail server."""

    wishes: Wishes
    mail_possible: bool


async def _person(who: Who) -> dict[str, Any]:
    row = await Person.select(Person.id, Person.role).where(Person.id == await reader_of(who)).first()
    if row is None:
        raise Refused("not-found")  # a device that no user has
    return row


@get("/api/notifications", summary="How I am told of alerts")
async def read_wishes(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> WishesShown:
    """The role's defaults as long as nothing was said."""
    person = await _person(who)
    return WishesShown(
        await wishes_of(person["id"], person["role"]), network.settings.delivering.smtp is not None
    )


@put("/api/notifications", summary="Say how I want to be told")
async def write_wishes(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Wishes]
) -> WishesShown:
    """For what comes from now on; what waits already keeps its time."""
    try:
        check(data)
    except WishesRefused as error:
        raise Refused("malformed", str(error)) from None
    person = await _person(who)
    await _store(network, person["id"], data)
    return WishesShown(data, network.settings.delivering.smtp is not None)


async def _store(network: RunningNetwork, person: UUID, wishes: Wishes) -> None:
    async with network.database.writing():
        if network.database.postgres:  # two clicks at once: one after the other
            await network.database.run("SELECT id FROM person WHERE id = {} FOR UPDATE", person)
        await Preference.delete().where(Preference.person == person)
        await Preference(
            person=person, wishes=msgspec.json.encode(wishes).decode(), changed_at=network.clock.unix()
        ).save()


async def _whose(network: RunningNetwork, request: Request[Any, Any, Any], token: str) -> dict[str, Any]:
    origin = ("unsubscribe", request.client.host if request.client else "?")
    network.limits.check(*origin)
    person = unsubscriber(network.keys.session, token)
    row = await Person.select(Person.id, Person.role).where(Person.id == person).first() if person else None
    if row is None:
        network.limits.failed(*origin)
        raise Refused("not-found")
    return row


def _page(request: Request[Any, Any, Any], title: str, text: str, button: str = "") -> Response[str]:
    lang = language(request)
    form = f'<form method="post"><button>{escape(button)}</button></form>' if button else ""
    return Response(
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(title)} · Vigie</title>'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{form}</html>",
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store", "Content-Security-Policy": _POLICY},
        status_code=200,
    )


@get("/api/unsubscribe/{token:str}", summary="Ask whether to stop the mails", media_type=MediaType.HTML)
async def ask_to_unsubscribe(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], token: FromPath[str]
) -> Response[str]:
    """Looking at the link stops nothing: programs that scan mail look at links."""
    await _whose(network, request, token)
    return _page(request, *_ASKED[language(request)])


@post("/api/unsubscribe/{token:str}", status_code=200, summary="Stop the mails", media_type=MediaType.HTML)
async def unsubscribe(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], token: FromPath[str]
) -> Response[str]:
    """One click, by the mail program (RFC 8058) or by the form; no log-in."""
    person = await _whose(network, request, token)
    wishes = await wishes_of(person["id"], person["role"])
    await _store(network, person["id"], msgspec.structs.replace(wishes, mail=False))
    return _page(request, *_DONE[language(request)])


ROUTES: Final = [read_wishes, write_wishes, ask_to_unsubscribe, unsubscribe]
