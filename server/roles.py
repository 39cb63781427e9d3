"""Who may do what: the one table of roles and routes, and the guard that reads it.

A route without an entry is refused to everybody, and fails a test. What a role may see within a route (its
own firm's rows) is decided by the stations: every query names the caller's firm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from server.problems import Refused


class Role(StrEnum):
    """What a session may be. The last two are devices: an agent pushes, a desk is an attended agent."""

    ADMINISTRATOR = "administrator"
    CREDIT_MANAGER = "credit_manager"
    ANALYST = "analyst"
    SALES = "sales"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    AGENT = "agent"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Who:
    """The session behind a request. An operator has no firm; a device session no person."""

    role: Role
    firm: UUID | None
    person: UUID | None
    device: UUID | None
    token_hash: bytes
    seen_at: int = field(default=0, compare=False)  # to the hour: a later one is no other session

    @property
    def member(self) -> UUID:
        """The caller's firm; only for routes that the table keeps to members."""
        assert self.firm is not None
        return self.firm

    @property
    def actor(self) -> str:
        """How the audit log names the caller."""
        return f"user:{self.person}" if self.person else f"device:{self.device}"


_R = Role
ANYONE: Final[frozenset[Role] | None] = None  # no session needed
EVERY_MEMBER: Final = frozenset(set(Role) - {Role.OPERATOR})
ANY_SESSION: Final = frozenset(Role)
PEOPLE: Final = frozenset(set(Role) - {_R.AGENT, _R.DESK})
SENDERS: Final = frozenset({_R.ADMINISTRATOR, _R.CREDIT_MANAGER, _R.DESK, _R.AGENT})
READERS: Final = frozenset({_R.ADMINISTRATOR, _R.CREDIT_MANAGER, _R.ANALYST, _R.DESK})
WRITERS: Final = frozenset({_R.ADMINISTRATOR, _R.CREDIT_MANAGER, _R.DESK})
NAME_READERS: Final = READERS | {_R.SALES}
ADMINISTRATORS: Final = frozenset({_R.ADMINISTRATOR})
KEEPERS: Final = frozenset({_R.ADMINISTRATOR, _R.DESK})
AUDITORS: Final = frozenset({_R.ADMINISTRATOR, _R.AUDITOR})
OPERATORS: Final = frozenset({_R.OPERATOR})

ROUTES: Final[dict[tuple[str, str], frozenset[Role] | None]] = {
    ("GET", "/health"): ANYONE,
    ("GET", "/schema"): ANYONE,
    ("GET", "/schema/{path}"): ANYONE,
    ("GET", "/schema/openapi.json"): ANYONE,
    ("GET", "/api/network"): ANYONE,
    ("POST", "/api/enrolments"): ANYONE,
    # What the kit opens is sealed for it alone; what comes back is signed by the root that was in it.
    ("POST", "/api/recoveries/blob"): ANYONE,
    ("POST", "/api/recoveries"): ANYONE,
    # A candidate has no session: its invitation, then its own key.
    ("POST", "/api/overlap/candidacies"): ANYONE,
    ("POST", "/api/overlap/answers"): ANYONE,
    ("GET", "/api/sessions/salt"): ANYONE,
    ("POST", "/api/sessions/password"): ANYONE,
    ("POST", "/api/sessions/passkey-options"): ANYONE,
    ("POST", "/api/sessions/challenge"): ANYONE,
    ("POST", "/api/sessions/device"): ANYONE,
    ("DELETE", "/api/sessions"): ANY_SESSION,
    # Authorised by a delegation and the device's signature: holders know no sessions.
    ("POST", "/api/holder/evaluations"): ANYONE,
    ("GET", "/api/holder/vouchings/{firm_id}"): ANYONE,
    ("GET", "/api/me"): ANY_SESSION,
    ("POST", "/api/me/secrets"): PEOPLE,
    ("PUT", "/api/me/secrets"): PEOPLE,
    ("GET", "/api/me/sessions"): PEOPLE,
    ("DELETE", "/api/me/sessions/{session_id}"): PEOPLE,
    ("GET", "/api/me/second-factor"): PEOPLE,
    ("POST", "/api/me/second-factor"): PEOPLE,
    ("POST", "/api/me/second-factor/confirmation"): PEOPLE,
    ("POST", "/api/me/second-factor/paper"): PEOPLE,
    ("POST", "/api/me/second-factor/removal"): PEOPLE,
    ("GET", "/api/me/passkeys"): PEOPLE,
    ("POST", "/api/me/passkeys/options"): PEOPLE,
    ("POST", "/api/me/passkeys"): PEOPLE,
    ("DELETE", "/api/me/passkeys/{passkey_id}"): PEOPLE,
    ("GET", "/api/keyring"): EVERY_MEMBER,
    ("PUT", "/api/keyring/offer"): EVERY_MEMBER,
    ("POST", "/api/keyring"): KEEPERS,
    # A second device has no session yet: its pairing's id is its own secret.
    ("POST", "/api/pairings"): ANYONE,
    ("GET", "/api/pairings/{pairing_id}"): ANYONE,
    ("PUT", "/api/pairings/{pairing_id}/reveal"): ANYONE,
    ("GET", "/api/pairings"): PEOPLE,
    ("PUT", "/api/pairings/{pairing_id}/offer"): PEOPLE,
    ("PUT", "/api/pairings/{pairing_id}/key"): PEOPLE,
    ("GET", "/api/users"): AUDITORS,  # whom the audit log names by their ids
    ("POST", "/api/users"): ADMINISTRATORS,
    ("DELETE", "/api/users/{user_id}"): ADMINISTRATORS,
    ("DELETE", "/api/users/{user_id}/second-factor"): ADMINISTRATORS,
    ("GET", "/api/devices"): EVERY_MEMBER,
    ("POST", "/api/devices"): EVERY_MEMBER - {_R.AGENT, _R.DESK},
    ("DELETE", "/api/devices/{device_id}"): ADMINISTRATORS,
    ("PUT", "/api/devices/{device_id}/owner"): EVERY_MEMBER - {_R.AGENT, _R.DESK},
    ("PUT", "/api/devices/{device_id}/delegation"): ADMINISTRATORS,
    ("GET", "/api/audit"): AUDITORS,
    ("POST", "/api/uploads"): SENDERS,
    ("GET", "/api/uploads"): SENDERS | READERS | AUDITORS,
    ("GET", "/api/uploads/{digest}"): READERS,
    ("GET", "/api/book"): NAME_READERS,
    ("GET", "/api/book/segments/{name}"): NAME_READERS,
    ("PUT", "/api/book"): WRITERS,
    ("GET", "/api/firm/terms-sharing"): EVERY_MEMBER - {_R.AGENT},
    ("PUT", "/api/firm/terms-sharing"): KEEPERS,
    ("PUT", "/api/firm/recovery-kit"): ADMINISTRATORS,
    ("GET", "/api/releases"): EVERY_MEMBER,
    # Sales sees lights and next steps, which the book holds: no figure, no alert.
    ("GET", "/api/releases/{month}/cells"): READERS,
    ("GET", "/api/cells/{pseudonym}"): READERS,
    # The transparency log is for everybody; what proves a firm's own part of it is that firm's.
    ("GET", "/api/manifests"): ANYONE,
    ("GET", "/api/manifests/{month}/receipts"): SENDERS | READERS | AUDITORS,
    ("GET", "/api/manifests/{month}/cells"): READERS,
    ("GET", "/api/alerts"): READERS,
    ("GET", "/api/alerts/{alert_id}"): READERS,
    ("GET", "/api/alerts/lives"): READERS,
    ("POST", "/api/alerts/lives"): WRITERS,
    ("GET", "/api/alerts/{alert_id}/comments"): WRITERS,
    ("POST", "/api/alerts/{alert_id}/comments"): WRITERS,
    ("GET", "/api/alerts/people"): READERS,
    ("GET", "/api/alerts/mutes"): READERS,
    ("POST", "/api/alerts/mutes"): WRITERS,
    ("DELETE", "/api/alerts/mutes/{mute_id}"): WRITERS,
    ("GET", "/api/alerts/changes"): READERS,
    ("POST", "/api/alerts/visits"): READERS,
    ("GET", "/api/tasks/done"): NAME_READERS,
    ("POST", "/api/tasks/done"): WRITERS | {_R.SALES},
    ("DELETE", "/api/tasks/done/{note_id}"): WRITERS,
    ("GET", "/api/notifications"): EVERY_MEMBER - {_R.AGENT},
    ("PUT", "/api/notifications"): EVERY_MEMBER - {_R.AGENT},
    # The link's own secret stops one user's mails, and does nothing else.
    ("GET", "/api/unsubscribe/{token}"): ANYONE,
    ("POST", "/api/unsubscribe/{token}"): ANYONE,
    ("GET", "/api/webhooks"): KEEPERS,
    ("POST", "/api/webhooks"): KEEPERS,
    ("DELETE", "/api/webhooks/{webhook_id}"): KEEPERS,
    ("POST", "/api/webhooks/{webhook_id}/test"): KEEPERS,
    ("GET", "/api/webhooks/{webhook_id}/deliveries"): KEEPERS,
    ("POST", "/api/webhooks/{webhook_id}/replay"): KEEPERS,
    ("POST", "/api/operator/admissions"): OPERATORS,
    ("POST", "/api/operator/refusals"): OPERATORS,
    ("GET", "/api/operator/firms"): OPERATORS,
    ("GET", "/api/operator/audit"): OPERATORS,
    ("GET", "/api/operator/candidates"): OPERATORS,
    ("POST", "/api/operator/candidates"): OPERATORS,
    ("GET", "/api/operator/releases"): OPERATORS,
    ("POST", "/api/operator/releases"): OPERATORS,
    ("POST", "/api/operator/clock"): OPERATORS,
    # Calls and conversations. (The socket authenticates its first frame itself.)
    ("WS", "/api/live"): ANYONE,
    ("GET", "/api/calls"): WRITERS,
    ("POST", "/api/calls"): WRITERS,
    ("POST", "/api/calls/{call_id}/answer"): WRITERS,
    ("POST", "/api/calls/{call_id}/decline"): WRITERS,
    ("POST", "/api/calls/{call_id}/close"): WRITERS,
    ("PUT", "/api/calls/{call_id}/secret"): WRITERS,
    ("GET", "/api/conversations"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}"): WRITERS,
    ("GET", "/api/conversation-states"): WRITERS,
    ("PUT", "/api/conversations/{conversation_id}/state"): WRITERS,
    ("POST", "/api/conversations/{conversation_id}/opening"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}/messages"): WRITERS,
    ("POST", "/api/conversations/{conversation_id}/epochs"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}/secret"): WRITERS,
    ("PUT", "/api/conversations/{conversation_id}/secret"): WRITERS,
    ("PUT", "/api/conversations/{conversation_id}/turn"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}/keeping"): WRITERS | AUDITORS,
    ("PUT", "/api/conversations/{conversation_id}/retention"): WRITERS,
    ("POST", "/api/conversations/{conversation_id}/messages/{counter}/erasure"): WRITERS,
    ("PUT", "/api/conversations/{conversation_id}/hold"): AUDITORS,
    ("GET", "/api/holds"): AUDITORS,
    ("PUT", "/api/conversations/{conversation_id}/silence"): WRITERS,
    ("POST", "/api/conversations/{conversation_id}/files"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}/files/{file_id}"): WRITERS,
    ("DELETE", "/api/conversations/{conversation_id}/files/{file_id}"): WRITERS,
    ("PUT", "/api/conversations/{conversation_id}/files/{file_id}/{number}"): WRITERS,
    ("GET", "/api/conversations/{conversation_id}/files/{file_id}/{number}"): WRITERS,
    ("POST", "/api/conversations/{conversation_id}/reports"): WRITERS,
    ("GET", "/api/operator/reports"): OPERATORS,
    ("GET", "/api/operator/reports/{report_id}"): OPERATORS,
}

CHANGING: Final = frozenset({"POST", "PUT", "DELETE", "PATCH"})


def entry(scope: Any) -> tuple[str, str]:
    """A request's key in ROUTES. HEAD is GET without the body."""
    method = "WS" if scope["type"] == "websocket" else scope["method"]
    return ("GET" if method == "HEAD" else method, scope["path_template"])


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let nobody in whom the table does not name; leave the session as `connection.state.who`."""
    from server.sessions import identify

    key = entry(connection.scope)
    if handler.opt.get("page") or key[0] == "OPTIONS":  # the page's own files are for everybody
        return
    if key not in ROUTES:
        raise Refused("not-found")
    allowed = ROUTES[key]
    if allowed is None:
        return
    who, by_cookie = await identify(connection)
    if who is None:
        raise Refused("not-logged-in")
    if by_cookie and key[0] in CHANGING and connection.headers.get("x-vigie") != "1":
        raise Refused("csrf")
    if who.role not in allowed:
        raise Refused("role")
    connection.state.who = who
