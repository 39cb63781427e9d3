"""A firm's own addresses that are told of its alerts: routes, and one attempt at one delivery.

Every address is judged when it is given and again at each attempt (`server.webhooks_addresses`). What a
receiver answers is its status alone; its body is not read.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import httpx
import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from benchmark.alerts import KINDS, SEVERITIES
from server import audit
from server.clock import moment_text
from server.network import RunningNetwork
from server.outbox import enqueue
from server.outbox_tables import Webhook, WebhookDelivery
from server.problems import Refused
from server.roles import Who
from server.webhooks_addresses import AddressRefused, check_url, find
from server.webhooks_signing import SECRET_BYTES, headers, secret_text

WEBHOOKS_MAX: Final = 10
LISTED_MAX: Final = 200
GONE: Final = 410


class NewWebhook(msgspec.Struct, frozen=True):
    """Where to tell of what. `kinds` empty: every kind."""

    url: str
    severity_least: str = "watch"
    kinds: Annotated[list[str], msgspec.Meta(max_length=20)] = []


class WebhookMade(msgspec.Struct, frozen=True):
    """The secret is shown this once."""

    id: UUID
    secret: str


class WebhookListed(msgspec.Struct, frozen=True):
    """An address, and how it stands. `active` false: the receiver said that it is gone (410)."""

    id: UUID
    url: str
    severity_least: str
    kinds: list[str]
    active: bool
    waiting: int
    dead: int


class DeliveryListed(msgspec.Struct, frozen=True):
    """One message. `state`: waiting, sent or dead; `status`: the last answer's, null: there was none."""

    id: UUID
    created_at: str
    state: str
    attempts: int
    status: int | None
    problem: str
    body: bytes


class Replay(msgspec.Struct, frozen=True):
    """Which dead deliveries are tried again; null: all of the address's."""

    deliveries: Annotated[list[UUID], msgspec.Meta(max_length=LISTED_MAX)] | None = None


class Replayed(msgspec.Struct, frozen=True):
    """How many wait again."""

    count: int


async def _mine(firm: UUID, webhook: UUID) -> dict[str, Any]:
    row = await Webhook.select().where((Webhook.id == webhook) & (Webhook.firm == firm)).first()
    if row is None:
        raise Refused("not-found")
    return row


@get("/api/webhooks", summary="The firm's webhooks")
async def list_webhooks(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who]
) -> list[WebhookListed]:
    """In the order of their making."""
    rows = await Webhook.select().where(Webhook.firm == who.member).order_by(Webhook.created_at)
    counted = await network.database.run(
        "SELECT webhook, state, COUNT(*) AS number FROM webhook_delivery WHERE firm = {}"
        " GROUP BY webhook, state",
        who.member,
    )
    counts = {(row["webhook"], row["state"]): row["number"] for row in counted}
    return [
        WebhookListed(
            row["id"],
            row["url"],
            row["severity_least"],
            msgspec.json.decode(row["kinds"], type=list[str]),
            row["active"],
            counts.get((row["id"], "waiting"), 0),
            counts.get((row["id"], "dead"), 0),
        )
        for row in rows
    ]


@post("/api/webhooks", summary="Add a webhook")
async def add_webhook(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewWebhook]
) -> WebhookMade:
    """A private address is refused, unless the operator allows them."""
    if data.severity_least not in SEVERITIES:
        raise Refused("malformed", f"severity_least: expected one of {', '.join(SEVERITIES)}")
    if not set(data.kinds) <= set(KINDS):
        raise Refused("malformed", f"kinds: expected some of {', '.join(KINDS)}")
    try:
        check_url(data.url, private=network.settings.delivering.webhooks_private)
    except AddressRefused as error:
        raise Refused("webhook-address", str(error)) from None
    made, secret = uuid4(), secrets.token_bytes(SECRET_BYTES)
    async with network.database.writing():
        await network.lock_member(who.member)
        if await Webhook.count().where(Webhook.firm == who.member) >= WEBHOOKS_MAX:
            raise Refused("malformed", f"at most {WEBHOOKS_MAX} webhooks")
        await Webhook(
            id=made,
            firm=who.member,
            url=data.url,
            secret=secret,
            severity_least=data.severity_least,
            kinds=msgspec.json.encode(data.kinds).decode(),
            active=True,
            created_at=network.clock.unix(),
            actor=who.actor,
        ).save()
        await audit.append(network.clock, who.member, who.actor, "webhook-added", webhook=made)
    return WebhookMade(made, secret_text(secret))


@delete("/api/webhooks/{webhook_id:uuid}", status_code=204, summary="Remove a webhook")
async def remove_webhook(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], webhook_id: FromPath[UUID]
) -> None:
    """With everything that waits for it."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await _mine(who.member, webhook_id)
        await WebhookDelivery.delete().where(WebhookDelivery.webhook == webhook_id)
        await Webhook.delete().where(Webhook.id == webhook_id)
        await audit.append(network.clock, who.member, who.actor, "webhook-removed", webhook=webhook_id)


@post("/api/webhooks/{webhook_id:uuid}/test", status_code=202, summary="Send a test message")
async def test_webhook(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], webhook_id: FromPath[UUID]
) -> None:
    """Signed and delivered like any other."""
    address = await _mine(who.member, webhook_id)
    message = {"type": "test", "timestamp": moment_text(network.clock.unix()), "data": {}}
    async with network.database.writing():
        await enqueue(network, address, [(uuid4(), message)])


@get("/api/webhooks/{webhook_id:uuid}/deliveries", summary="A webhook's deliveries")
async def list_deliveries(
    who: NamedDependency[Who], webhook_id: FromPath[UUID], delivery_state: FromQuery[str | None] = None
) -> list[DeliveryListed]:
    """Newest first, at most 200; `delivery_state`: dead is the dead-letter list."""
    await _mine(who.member, webhook_id)
    query = WebhookDelivery.select().where(WebhookDelivery.webhook == webhook_id)
    if delivery_state is not None:
        query = query.where(WebhookDelivery.state == delivery_state)
    rows = await query.order_by(WebhookDelivery.created_at, ascending=False).limit(LISTED_MAX)
    return [
        DeliveryListed(
            row["id"],
            moment_text(row["created_at"]),
            row["state"],
            row["attempts"],
            row["status"],
            row["problem"],
            row["body"],
        )
        for row in rows
    ]


@post("/api/webhooks/{webhook_id:uuid}/replay", status_code=200, summary="Try dead deliveries again")
async def replay(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    webhook_id: FromPath[UUID],
    data: JSONBody[Replay],
) -> Replayed:
    """With their own ids; an address that was gone is called again."""
    async with network.database.writing():
        await network.lock_member(who.member)
        await _mine(who.member, webhook_id)
        chosen = (WebhookDelivery.webhook == webhook_id) & (WebhookDelivery.state == "dead")
        if data.deliveries is not None:
            chosen &= WebhookDelivery.id.is_in(data.deliveries or [UUID(int=0)])
        await Webhook.update({Webhook.active: True}).where(Webhook.id == webhook_id)
        again = (
            await WebhookDelivery.update(
                {
                    WebhookDelivery.state: "waiting",
                    WebhookDelivery.attempts: 0,
                    WebhookDelivery.next_at_ms: network.clock.unix() * 1000,
                }
            )
            .where(chosen)
            .returning(WebhookDelivery.id)
        )
    return Replayed(len(again))


class Caller:
    """Calls addresses. One connection for each attempt, so that no two hosts of one machine share one."""

    def __init__(self, network: RunningNetwork) -> None:
        self._private = network.settings.delivering.webhooks_private
        self._seconds = network.settings.delivering.delivery_seconds
        self._clock = network.clock
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            follow_redirects=False,
            trust_env=False,
            limits=limits,
            timeout=self._seconds,
        )

    async def close(self) -> None:
        """No further calls."""
        await self._client.aclose()

    async def attempt(self, address: dict[str, Any], delivery: dict[str, Any]) -> tuple[int | None, str]:
        """The answer's status, None when there was none; and the problem in a few words."""
        body = bytes(delivery["body"])
        signed = headers(bytes(address["secret"]), delivery["id"], self._clock.unix(), body)
        try:
            async with asyncio.timeout(self._seconds):
                target = await find(address["url"], private=self._private)
                request = self._client.build_request(
                    "POST",
                    target.url,
                    content=body,
                    headers={
                        "Host": target.host_header,
                        "Content-Type": "application/json",
                        "User-Agent": "vigied",
                        **signed,
                    },
                    extensions={"sni_hostname": target.host},
                )
                answer = await self._client.send(request, stream=True)
                await answer.aclose()
        except AddressRefused as error:
            return None, str(error)[:80]
        except TimeoutError:
            return None, "no answer in time"
        except (httpx.HTTPError, OSError) as error:
            return None, type(error).__name__
        return answer.status_code, "" if answer.is_success else f"status {answer.status_code}"


ROUTES: Final = [
    list_webhooks,
    add_webhook,
    remove_webhook,
    test_webhook,
    list_deliveries,
    replay,
]
