"""Who may do what: every route of the application against every role, and against another firm."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from litestar.routes import HTTPRoute, WebSocketRoute

from benchmark.upload import digest, month_index
from server.app import create_app
from server.roles import ROUTES, Role
from server.settings import Settings
from tests.server.kit import Member, Network, b64, make_rows, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher

DECEMBER = month_index(2025, 12)
CLIENT = pseudonyms("a client")
USERS = [Role.ADMINISTRATOR, Role.CREDIT_MANAGER, Role.ANALYST, Role.SALES, Role.AUDITOR]


def application_routes() -> set[tuple[str, str]]:
    """Every route that the application answers, but the page's own files."""
    found = set()
    for route in create_app(Settings()).routes:
        if isinstance(route, WebSocketRoute):
            found.add(("WS", route.path_format))
        elif isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if not handler.opt.get("page"):
                    found |= {(str(m), route.path_format) for m in handler.http_methods - {"OPTIONS", "HEAD"}}
    return found


HTTP_ROUTES = sorted(route for route in application_routes() if route[0] != "WS")


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    assert application_routes() == set(ROUTES)


@dataclass
class Firms:
    """Two firms of one network; `owner` has one of everything."""

    owner: Member
    other: Member
    tokens: dict[Role, str]
    others_tokens: dict[Role, str]
    things: dict[str, str]


def _sessions(firm: Member) -> dict[Role, str]:
    tokens = {role: firm.add_user(role.value) for role in USERS}
    for role, scopes in {Role.AGENT: 3, Role.DESK: 15}.items():
        tokens[role] = firm.log_in_device(*firm.add_device(scopes))
    return tokens


@pytest.fixture(scope="module")
def firms(launch_for_module: Launcher) -> Iterator[Firms]:
    network = Network(launch_for_module("sqlite"))
    owner, other = network.firm("Owner (fictional)"), network.firm("Other (fictional)")
    tokens, others_tokens = _sessions(owner), _sessions(other)
    tokens[Role.OPERATOR] = network.server.operator_token
    sent = owner.encode(DECEMBER, make_rows(CLIENT))
    assert owner.send(sent).status_code == 200
    assert owner.put_book(1, {"names": b"sealed", "ledger/2025-12": b"sealed"}).status_code == 200
    device, _ = owner.add_device(15)
    webhook = owner.client().post("/api/webhooks", json={"url": "https://example.org/vigie"})
    muted = owner.client().post("/api/alerts/mutes", json={"pseudonym": b64(CLIENT[0])})
    things = {
        "webhook_id": webhook.json()["id"],
        "mute_id": muted.json()["id"],
        "token": "nobodys",
        "user_id": owner.user_id,
        "device_id": device,
        "session_id": "0" * 32,
        "digest": digest(sent).hex(),
        "name": "names",
        "pseudonym": CLIENT[0].hex(),
        "month": "2025-12",
        "alert_id": str(uuid.uuid4()),
        "call_id": str(uuid.uuid4()),
        "path": "nothing",
        "conversation_id": str(uuid.uuid4()),
        "file_id": str(uuid.uuid4()),
        "report_id": str(uuid.uuid4()),
        "note_id": str(uuid.uuid4()),
        "pairing_id": str(uuid.uuid4()),
        "passkey_id": str(uuid.uuid4()),
        "firm_id": str(uuid.uuid4()),
        "counter": "1",
        "number": "0",
    }
    yield Firms(owner, other, tokens, others_tokens, things)
    network.close()


def ask(firms: Firms, token: str, method: str, template: str, things: dict[str, str]) -> Any:
    path = re.sub(r"\{(\w+)\}", lambda found: things[found[1]], template)
    body = {"json": {}} if method in {"POST", "PUT"} else {}
    client = firms.owner.client(token) if token else firms.owner.anonymous
    return client.request(method, path, **body)


def _nothing(firms: Firms) -> dict[str, str]:
    """Ids of nothing; numbers stay numbers."""
    return {name: one if one.isdigit() else str(uuid.uuid4()) for name, one in firms.things.items()}


# Logging out would end the session that the other cases use: test_sessions does it.
STAYING = [route for route in HTTP_ROUTES if route != ("DELETE", "/api/sessions")]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "template"), STAYING)
def test_a_role_gets_where_the_table_lets_it_and_nowhere_else(
    firms: Firms, method: str, template: str, role: Role
) -> None:
    # Ids of nothing, so that whoever is let in changes nothing.
    nothing = _nothing(firms)
    answer = ask(firms, firms.tokens[role], method, template, nothing)
    allowed = ROUTES[method, template]
    if allowed is None or role in allowed:
        refused_by_role = answer.status_code == 403 and answer.json()["type"].endswith(":role")
        assert not refused_by_role, answer.text
        assert answer.status_code < 500, answer.text
    else:
        assert answer.status_code == 403, answer.text
        assert answer.json()["type"] == "urn:vigie:problem:role"


@pytest.mark.parametrize(("method", "template"), HTTP_ROUTES)
def test_nobody_gets_in_without_a_session(firms: Firms, method: str, template: str) -> None:
    answer = ask(firms, "", method, template, firms.things)
    if ROUTES[method, template] is None:
        assert answer.status_code < 500
    else:
        assert answer.status_code == 401


WITH_IDS = [route for route in HTTP_ROUTES if "{" in route[1] and ROUTES[route] is not None]


@pytest.mark.parametrize("role", [*USERS, Role.DESK, Role.AGENT])
@pytest.mark.parametrize(("method", "template"), WITH_IDS)
def test_another_firms_things_do_not_exist(firms: Firms, method: str, template: str, role: Role) -> None:
    allowed = ROUTES[method, template]
    assert allowed is not None
    answer = ask(firms, firms.others_tokens[role], method, template, firms.things)
    if role not in allowed:
        assert answer.status_code == 403
        return
    # What is asked for does not exist for this firm, whatever the body says; the empty one is malformed.
    assert answer.status_code in ({404, 400} if method in {"POST", "PUT"} else {404}), answer.text
    if answer.status_code == 404:
        nothing = _nothing(firms)
        assert ask(firms, firms.others_tokens[role], method, template, nothing).json() == answer.json()


def test_the_owner_has_what_the_other_firm_was_denied(firms: Firms) -> None:
    """Without this the test above would pass with nothing there at all."""
    for template in ("/api/uploads/{digest}", "/api/book/segments/{name}", "/api/cells/{pseudonym}"):
        assert ask(firms, firms.tokens[Role.ADMINISTRATOR], "GET", template, firms.things).status_code == 200
    devices = firms.owner.client().get("/api/devices").json()
    assert firms.things["device_id"] in {one["device_id"] for one in devices}


@pytest.mark.parametrize("path", ["/api/uploads", "/api/users", "/api/devices", "/api/audit", "/api/alerts"])
def test_lists_hold_the_own_firm_alone(firms: Firms, path: str) -> None:
    own = firms.owner.client().get(path).text
    others = firms.other.client().get(path).text
    for secret in (
        firms.owner.email,
        firms.things["digest"],
        firms.things["device_id"],
        firms.owner.device_id,
    ):
        assert secret not in others
    assert own != others or own == "[]"


def test_sales_reads_names_and_no_ledger(firms: Firms) -> None:
    sales = firms.owner.client(firms.tokens[Role.SALES])
    assert sales.get("/api/book").json()["segments"] == ["names"]
    assert sales.get("/api/book/segments/ledger/2025-12").status_code == 404
    assert sales.get("/api/book/segments/names").content == b"sealed"


def test_a_push_only_agent_rewrites_and_reads_nothing_but_its_receipts(firms: Firms) -> None:
    agent = firms.owner.client(firms.tokens[Role.AGENT])
    assert agent.get("/api/uploads").status_code == 200
    for path in (f"/api/uploads/{firms.things['digest']}", "/api/book", "/api/alerts"):
        assert agent.get(path).status_code == 403
    assert agent.put("/api/book", json={}).status_code == 403
