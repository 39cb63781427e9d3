"""The application: stations wired to one network, the guard before all of them, refusals after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from server import (
    alerts,
    book,
    cells,
    console,
    conversation_erasing,
    conversation_lists,
    conversation_states,
    devices,
    facts,
    files,
    firms,
    keeping,
    keyring,
    opening_routes,
    overlap,
    own_sessions,
    pairing,
    passkey_routes,
    people,
    proofs,
    pseudonyms,
    recovery,
    reports,
    second_factor_routes,
    sessions,
    terms_sharing,
    turn_routes,
    uploads,
)
from server.alert_life_routes import ROUTES as ALERT_LIFE_ROUTES
from server.calls import CallPolicy, Clerk
from server.conversation_routes import ROUTES as CONVERSATION_ROUTES
from server.conversations import Conversations
from server.live import live
from server.live_sessions import Watcher
from server.network import RunningNetwork, open_network
from server.notifications_routes import ROUTES as NOTIFICATION_ROUTES
from server.outbox_postman import Postman
from server.page import add_headers, page_handlers
from server.problems import EXCEPTION_HANDLERS
from server.releases import release_when_due
from server.roles import Who, guard
from server.sales import ROUTES as SALES_ROUTES
from server.settings import Settings
from server.webhooks import ROUTES as WEBHOOK_ROUTES

VERSION = "0.1.0"
BODY_BYTES_MAX = 2 * 1024 * 1024  # uploads and the book have limits of their own

STATIONS: list[Any] = [
    facts.health,
    facts.facts,
    facts.advance,
    firms.admit,
    firms.list_firms,
    firms.enrol,
    firms.me,
    *terms_sharing.ROUTES,
    *own_sessions.ROUTES,
    *second_factor_routes.ROUTES,
    *passkey_routes.ROUTES,
    *console.ROUTES,
    recovery.read_blob,
    recovery.recover,
    recovery.renew_kit,
    overlap.invite_candidate,
    overlap.list_candidates,
    overlap.begin,
    overlap.answer,
    people.list_users,
    people.invite,
    people.revoke_user,
    people.read_audit,
    devices.list_devices,
    devices.add_own_device,
    devices.own_device,
    devices.renew_device,
    devices.revoke_device,
    *keyring.ROUTES,
    *pairing.ROUTES,
    sessions.salt,
    sessions.log_in,
    sessions.challenge,
    sessions.log_in_device,
    sessions.log_out,
    pseudonyms.evaluate_blinded,
    pseudonyms.vouch_for,
    uploads.send,
    uploads.list_receipts,
    uploads.read_own,
    book.read_book,
    book.read_segment,
    book.move_book,
    cells.list_releases,
    cells.read_cells,
    cells.read_client,
    cells.publish,
    proofs.list_manifests,
    proofs.prove_receipts,
    proofs.prove_cells,
    alerts.list_alerts,
    alerts.read_alert,
    *ALERT_LIFE_ROUTES,
    *SALES_ROUTES,
    *NOTIFICATION_ROUTES,
    *WEBHOOK_ROUTES,
    *CONVERSATION_ROUTES,
    *opening_routes.ROUTES,
    *conversation_lists.ROUTES,
    *turn_routes.ROUTES,
    *keeping.ROUTES,
    *files.ROUTES,
    *reports.ROUTES,
    *conversation_states.ROUTES,
    live,
]


def provide_network(state: State) -> RunningNetwork:
    """The network that the process serves."""
    network: RunningNetwork = state.network
    return network


def provide_conversations(state: State) -> Conversations:
    """Its conversations."""
    conversations: Conversations = state.conversations
    return conversations


def provide_watcher(state: State) -> Watcher:
    """Which sessions its connections rest on."""
    watcher: Watcher = state.watcher
    return watcher


def provide_policy(state: State) -> CallPolicy:
    """How calls travel."""
    return call_policy(state.settings)


def call_policy(settings: Settings) -> CallPolicy:
    """What the operator set of it."""
    return CallPolicy(batch_seconds=settings.call_batch_seconds)


def provide_who(request: Request[Any, Any, Any]) -> Who:
    """The session that the guard let in."""
    who: Who = request.state.who
    return who


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    network: RunningNetwork = app.state.network or await open_network(app.state.settings)
    conversations = Conversations(network)
    clerk = Clerk(network, call_policy(network.settings))
    app.state.network, app.state.conversations = network, conversations
    watcher = app.state.watcher = Watcher(network)
    await network.fanout.start(conversations.pass_on_stored)
    watcher.start()
    conversations.start()
    clerk.start()
    postman = Postman(network)
    postman.start()
    sweeper = asyncio.create_task(conversation_erasing.sweep_for_ever(network, conversations.forget))
    scheduler = asyncio.create_task(release_when_due(network)) if network.real else None
    try:
        yield
    finally:
        network.hub.stop()
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        if scheduler is not None:
            scheduler.cancel()
            with suppress(asyncio.CancelledError):
                await scheduler
        await asyncio.gather(*network.tasks, return_exceptions=True)
        await postman.stop()
        await clerk.stop()
        await watcher.stop()
        await conversations.stop()
        await network.fanout.stop()
        await network.database.close()


def openapi_config() -> OpenAPIConfig:
    """The schema at /schema, as JSON: a page that shows it would load code from elsewhere."""
    return OpenAPIConfig(
        title="Vigie",
        version=VERSION,
        description="A privacy-preserving credit-risk network: the operator's server.",
        path="/schema",
        render_plugins=[JsonRenderPlugin(path="/")],
        use_handler_docstrings=True,
    )


def create_app(settings: Settings, network: RunningNetwork | None = None) -> Litestar:
    """The application over an open network; without one it opens its own when it starts."""
    return Litestar(
        route_handlers=[*STATIONS, *page_handlers(settings.page)],
        dependencies={
            "network": Provide(provide_network, sync_to_thread=False),
            "conversations": Provide(provide_conversations, sync_to_thread=False),
            "watcher": Provide(provide_watcher, sync_to_thread=False),
            "policy": Provide(provide_policy, sync_to_thread=False),
            "who": Provide(provide_who, sync_to_thread=False),
        },
        guards=[guard],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[_lifespan],
        before_send=[add_headers],
        openapi_config=openapi_config(),
        request_max_body_size=BODY_BYTES_MAX,
        state=State({"settings": settings, "network": network}),
        logging_config=None,
    )
