"""What a firm decides for itself about credit: parameters of its scores, decisions with reasons, notices.

Pure: no file, no network. Two segments of the client book hold it, synchronised as the book is:

ledger/credit   sealed under the role key ledger, which sales does not have: `Credit`
lights          sealed under the role key names, which sales has: `Lights`, no figure in it

Both are JSON; docs/alerts.md describes them for the page. A device writes one by applying a change to what
the segment holds now (`Shelf.amend`), again where another device was first: nobody's change is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Literal

import msgspec

from benchmark.score import USUAL, Light, Parameters

CREDIT: Final = "ledger/credit"
LIGHTS: Final = "lights"
DECISIONS_MAX: Final = 50
"""Of one client; older ones go."""
REASON_CHARACTERS_MAX: Final = 2_000
MUTES_MAX: Final = 5_000

Choice = Literal["keep", "limit", "block", "end", "other"]
CHOICES: Final[tuple[Choice, ...]] = ("keep", "limit", "block", "end", "other")
Clock = Literal["claim", "retention"]
CLOCKS: Final[tuple[Clock, ...]] = ("claim", "retention")


class Decision(msgspec.Struct, frozen=True):
    """What a person decided about a client, and why. Days as 2026-11-26; what was shown then is kept."""

    at: str
    by: str
    choice: Choice
    reason: str = ""
    limit_cents: int | None = None
    score: int | None = None
    recommended_cents: int | None = None


class OwnClient(msgspec.Struct, frozen=True):
    """What the firm knows of one client beside its ledger. `since`: the relation's first month, 2019-03."""

    insured_cents: int = 0
    since: str | None = None
    decisions: tuple[Decision, ...] = ()


class PublicNotice(msgspec.Struct, frozen=True):
    """A published judgment on a client, and the days that its clocks end on; None: it starts none.

    Days are ISO. `claim_by` and `retention_by` are the law's; `claim_safe` and `retention_safe` the last
    working day at or before them, which nobody can dispute. `done`: what the firm has done already.
    """

    id: str
    identifier: str
    published: str
    nature: str
    court: str = ""
    judged: str | None = None
    text: str = ""
    url: str = ""
    cancelled: bool = False
    claim_by: str | None = None
    claim_safe: str | None = None
    retention_by: str | None = None
    retention_safe: str | None = None
    done: tuple[Clock, ...] = ()


class OwnComment(msgspec.Struct, frozen=True):
    """A comment on an alert that own figures raised."""

    at: str
    by: str
    text: str


class OwnAlert(msgspec.Struct, frozen=True):
    """What the firm did about an alert that own figures raised, with how large it was then.

    state: seen, assigned, snoozed (until a day) or closed (with a reason).
    """

    at: str
    by: str
    state: str = "seen"
    month: str = ""
    size_days: int = 0
    assignee: str | None = None
    until: str | None = None
    reason: str | None = None
    comments: tuple[OwnComment, ...] = ()


class OwnMute(msgspec.Struct, frozen=True):
    """Alerts from own figures that the firm is not told of; None: every client, every kind, for good."""

    id: str  # UUID text
    identifier: str | None = None
    kind: str | None = None
    until: str | None = None  # the last day


class Credit(msgspec.Struct, frozen=True):
    """The segment ledger/credit. `parameters` None: the usual ones. `clients` by canonical identifier.

    `alerts`: the life of alerts from own figures, by kind and identifier ("outside fr.siren:..."); `mutes`:
    those that are not told.
    """

    format: int = 1
    parameters: Parameters | None = None
    clients: dict[str, OwnClient] = {}
    notices: tuple[PublicNotice, ...] = ()
    alerts: dict[str, OwnAlert] = {}
    mutes: tuple[OwnMute, ...] = ()


class Shown(msgspec.Struct, frozen=True):
    """What sales sees of a client: a light; `task` is what somebody asks of sales, until `done`."""

    light: Light
    task: str = ""
    due: str | None = None
    done: bool = False


class Lights(msgspec.Struct, frozen=True):
    """The segment lights: by canonical identifier. `made_on`: the day a credit manager's device sealed it."""

    format: int = 1
    made_on: str = ""
    clients: dict[str, Shown] = {}


CreditChange = Callable[[Credit], Credit]
LightsChange = Callable[[Lights], Lights]


def read_credit(plain: bytes | None) -> Credit:
    """The segment's content; an empty one where there is none. Raise ValueError where it is damaged."""
    return Credit() if plain is None else msgspec.json.decode(plain, type=Credit)


def read_lights(plain: bytes | None) -> Lights:
    """The same of the segment lights."""
    return Lights() if plain is None else msgspec.json.decode(plain, type=Lights)


def plain(segment: Credit | Lights) -> bytes:
    """The bytes that are sealed."""
    return msgspec.json.encode(segment)


def parameters_for(credit: Credit, identifier: str) -> Parameters:
    """The firm's parameters with this client's insurance cover."""
    own = credit.clients.get(identifier)
    parameters = credit.parameters or USUAL
    return parameters if own is None else replace(parameters, insured_cents=own.insured_cents)


def with_parameters(credit: Credit, parameters: Parameters | None) -> Credit:
    """None: back to the usual ones."""
    return msgspec.structs.replace(credit, parameters=parameters)


def with_client(
    credit: Credit, identifier: str, *, insured_cents: int | None = None, since: str | None = None
) -> Credit:
    """What is given is set, the rest stays."""
    own = credit.clients.get(identifier, OwnClient())
    told = {"insured_cents": insured_cents, "since": since}
    given = {name: value for name, value in told.items() if value is not None}
    return _put(credit, identifier, msgspec.structs.replace(own, **given))


def with_decision(credit: Credit, identifier: str, decision: Decision) -> Credit:
    """Decisions are added, never changed."""
    own = credit.clients.get(identifier, OwnClient())
    kept = (*own.decisions, decision)[-DECISIONS_MAX:]
    return _put(credit, identifier, msgspec.structs.replace(own, decisions=kept))


def _put(credit: Credit, identifier: str, own: OwnClient) -> Credit:
    return msgspec.structs.replace(credit, clients={**credit.clients, identifier: own})


def with_notices(credit: Credit, found: Iterable[PublicNotice]) -> Credit:
    """Notices by their id: a newer reading of one goes over it, what was done about it stays."""
    kept = {one.id: one for one in credit.notices}
    for one in found:
        before = kept.get(one.id)
        kept[one.id] = one if before is None else msgspec.structs.replace(one, done=before.done)
    ordered = sorted(kept.values(), key=lambda one: (one.published, one.id))
    return msgspec.structs.replace(credit, notices=tuple(ordered))


def with_done(credit: Credit, notice: str, clock: Clock, *, done: bool = True) -> Credit:
    """A clock of a notice is stopped, or runs again."""
    changed = tuple(
        one
        if one.id != notice
        else msgspec.structs.replace(
            one,
            done=tuple(
                name for name in CLOCKS if (name in one.done or name == clock) and (done or name != clock)
            ),
        )
        for one in credit.notices
    )
    return msgspec.structs.replace(credit, notices=changed)


def with_mute(credit: Credit, mute: OwnMute) -> Credit:
    """One more, up to MUTES_MAX; the oldest go."""
    return msgspec.structs.replace(credit, mutes=(*credit.mutes, mute)[-MUTES_MAX:])


def without_mute(credit: Credit, mute: str) -> Credit:
    """It is lifted."""
    return msgspec.structs.replace(credit, mutes=tuple(one for one in credit.mutes if one.id != mute))


def with_lights(lights: Lights, found: dict[str, Light], today: str) -> Lights:
    """New lights for these clients alone; tasks that are not done stay, also of clients without a light.

    Who calls has just read the book. The page's may be older: there, other clients' lights stay.
    """
    clients = {
        identifier: msgspec.structs.replace(lights.clients.get(identifier, Shown(light)), light=light)
        for identifier, light in found.items()
    }
    open_tasks = {identifier: one for identifier, one in lights.clients.items() if one.task and not one.done}
    return msgspec.structs.replace(lights, made_on=today, clients={**open_tasks, **clients})


def without_light(lights: Lights, identifier: str) -> Lights:
    """Of a client that is forgotten: its light and its task too."""
    kept = {who: one for who, one in lights.clients.items() if who != identifier}
    return msgspec.structs.replace(lights, clients=kept)


def with_task(lights: Lights, identifier: str, task: str, due: str | None) -> Lights:
    """Ask something of sales about a client; an empty task takes it back."""
    before = lights.clients.get(identifier, Shown("amber"))
    one = msgspec.structs.replace(before, task=task, due=due, done=False)
    return msgspec.structs.replace(lights, clients={**lights.clients, identifier: one})


def with_task_done(lights: Lights, identifier: str) -> Lights:
    """It is done. Raise KeyError where there is none."""
    one = msgspec.structs.replace(lights.clients[identifier], done=True)
    return msgspec.structs.replace(lights, clients={**lights.clients, identifier: one})
