"""Alerts on own clients: what the network saw in the cells, and what only own figures show; with names.

Own figures raise two kinds, at most one of a client: above its peers' band, and, where nothing is published
of a client or the network is young, paying the firm itself clearly later than half a year ago.

Knows: the book, the portfolio. What a live frame says is a hint to read again, never the data itself.
"""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from benchmark.alerts import Severity
from benchmark.alerts_words import YOUNG_MONTHS, Lang, Told, ToldKind, ending, sentence
from benchmark.comparison import STANDARD, Month, Position, days
from benchmark.upload import month_index, month_text
from member.answers import Alert
from member.portfolio import Line, Portfolio, read_portfolio
from member.refusals import Unreachable

if TYPE_CHECKING:
    from member.keystore import Member

OUTSIDE: Final = "outside"
OWN: Final = "own"
_OUTSIDE_SEVERITY: Final[dict[Position, Severity]] = {
    "above": "act",
    "inside": "info",
    "below": "info",
    "unknown": "watch",
}
NAMED_MAX: Final = 3
"""Clients of a sector that are named in its shift."""
SECTOR: Final = "sector"
FIRST_WAIT_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 60.0
SILENCE_SECONDS: Final = 90.0
FRAME_BYTES_MAX: Final = 256 * 1024
HINTS: Final = frozenset({"alert", "release"})


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert as it is told. `own`: it follows from own figures beside the cells, computed here.

    `client` is a name; of a sector's shift it names the firm's clients there, `identifier` is empty, and
    `sector` says which; of others `sector` says whose move `shared_days` are, None being the network's.

    Days are whole. `size_days` is as of `month`, `now_days` today's gap of an own one; `returned`: a client
    that is above the band no more, whose alert stands until it has stayed so; `ends_at_days` the value at or
    under which it ends; `may_be_larger`: the policy bounds the published move; `dispute`: the firm's own
    disputed share explains the lateness.
    """

    key: str
    kind: str
    month: str
    since: str
    client: str
    identifier: str
    severity: str
    size_days: int
    shared_days: int
    now_days: int | None
    confidence: str
    ends_at_days: int | None
    may_be_larger: bool
    evidence: list[tuple[str, int]]
    own: bool
    dispute: bool
    sector: int | None = None
    returned: bool = False

    @property
    def size_now(self) -> int:
        """How large it is today: what is known of it, else as it was when it was raised."""
        return self.size_days if self.kind != OUTSIDE or self.now_days is None else self.now_days

    @property
    def alert(self) -> UUID:
        """Its id: the network's, or one that client and kind make."""
        return own_id(self.kind, self.identifier) if self.own else UUID(self.key)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "key"}


def own_id(kind: str, identifier: str) -> UUID:
    """Of an alert from own figures: the same for a client and a kind, always; no pseudonym is in it."""
    digest = hashlib.sha256(f"vigie own alert|{kind}|{identifier}".encode()).digest()
    return UUID(bytes=digest[:16], version=4)


def read_alerts(member: Member, since: str | None = None) -> list[Notice]:
    """Newest first; `since` a month such as 2026-11. Raise Untrusted, NetworkRefused, Unreachable."""
    portfolio = read_portfolio(member)
    found = notices(portfolio, member.session.alerts(since))
    return [one for one in found if since is None or one.month >= since]


def notices(portfolio: Portfolio, alerts: list[Alert]) -> list[Notice]:
    """Both kinds of one portfolio, newest first and larger ones before."""
    lines = {line.client.pseudonym: line for line in portfolio.lines}
    found = [_of_network(alert, lines[alert.pseudonym]) for alert in alerts if alert.pseudonym in lines]
    found += [
        _of_sector(alert, mine)
        for alert in alerts
        if alert.kind == SECTOR
        and (mine := [one for one in portfolio.lines if one.client.sector == alert.sector])
    ]
    if portfolio.month is not None:
        found += [
            _outside(line, portfolio.month)
            for line in portfolio.lines
            if line.facts.outside_since is not None
        ]
        found += [
            _own_trend(line, portfolio.month)
            for line in portfolio.lines
            if own_trend(line, young=portfolio.releases < YOUNG_MONTHS)
        ]
    return sorted(found, key=lambda one: (one.month, one.size_days), reverse=True)


def _of_network(alert: Alert, line: Line) -> Notice:
    return Notice(
        key=str(alert.id),
        kind=alert.kind,
        month=alert.month,
        since=alert.since,
        client=line.client.name,
        identifier=line.client.identifier,
        severity=alert.severity,
        size_days=alert.size_days,
        shared_days=alert.shared_days,
        now_days=None,
        confidence=alert.confidence,
        ends_at_days=alert.ends_at_days,
        may_be_larger=alert.may_be_larger,
        evidence=alert.evidence,
        own=False,
        dispute=line.facts.dispute,
        sector=alert.sector,
    )


def _of_sector(alert: Alert, mine: list[Line]) -> Notice:
    """A sector's shift, for a firm that has clients there."""
    names = sorted(line.client.name for line in mine)
    more = len(names) - NAMED_MAX
    shown = ", ".join(names[:NAMED_MAX]) + (f" (+{more})" if more > 0 else "")
    return Notice(
        key=str(alert.id),
        kind=alert.kind,
        month=alert.month,
        since=alert.since,
        client=shown,
        identifier="",
        severity=alert.severity,
        size_days=alert.size_days,
        shared_days=alert.shared_days,
        now_days=None,
        confidence=alert.confidence,
        ends_at_days=alert.ends_at_days,
        may_be_larger=alert.may_be_larger,
        evidence=alert.evidence,
        own=False,
        dispute=False,
        sector=alert.sector,
    )


def own_trend(line: Line, *, young: bool) -> bool:
    """Whether the firm's own ledger has to speak alone, and says that the client has slowed."""
    facts = line.facts
    risen = facts.own_change is not None and facts.own_change >= STANDARD.own_move_days
    return risen and facts.outside_since is None and (facts.centre is None or young)


def _own_trend(line: Line, month: int) -> Notice:
    """The client pays the firm itself later than some months ago, and no cell can say more."""
    facts = line.facts
    assert facts.own is not None
    assert facts.own_change is not None
    assert facts.change_months is not None
    since, now = month_text(month - facts.change_months), month_text(month)
    evidence = [
        (month_text(month - back), value)
        for back in range(facts.change_months, -1, -1)
        if (value := days(line.history[-1 - back].days_late)) is not None
    ]
    return Notice(
        key=f"{OWN} {line.client.identifier} {now}",
        kind=OWN,
        month=now,
        since=since,
        client=line.client.name,
        identifier=line.client.identifier,
        severity="watch",
        shared_days=0,
        size_days=facts.own_change,
        now_days=facts.own,
        confidence="computed here",
        ends_at_days=facts.own - STANDARD.own_move_days,
        may_be_larger=False,
        evidence=evidence,
        own=True,
        dispute=facts.dispute,
    )


def _outside(line: Line, month: int) -> Notice:
    """The stay above the band that stands at the portfolio's month: to act on while the client is above it.

    A client that has returned is told of for information, until it has stayed; one of which nothing is
    compared this month is watched.
    """
    facts = line.facts
    assert facts.outside_since is not None
    raised = month_text(month - facts.outside_since)
    ends = None if facts.gap is None else (facts.centre or 0) + (facts.spread or 0)
    evidence = [
        (month_text(month - back), value)
        for back in range(facts.outside_since + 1, -1, -1)
        if back < len(line.history) and (value := days(line.history[-1 - back].days_late)) is not None
    ]
    return Notice(
        key=f"{OUTSIDE} {line.client.identifier} {raised}",
        kind=OUTSIDE,
        month=raised,
        since=raised,
        client=line.client.name,
        identifier=line.client.identifier,
        severity=_OUTSIDE_SEVERITY[facts.position],
        shared_days=0,
        size_days=_gap(line.history[-1 - facts.outside_since]),
        now_days=facts.gap,
        confidence="computed here",
        ends_at_days=ends,
        may_be_larger=False,
        evidence=evidence,
        own=True,
        dispute=facts.dispute,
        returned=facts.position in {"inside", "below"},
    )


def _gap(month: Month) -> int:
    """Own days beyond the centre; a month in which the alert was raised has both."""
    own = days(month.days_late)
    assert own is not None
    assert month.cell is not None
    assert month.cell.days_late is not None
    return own - month.cell.days_late


def words(notice: Notice, lang: Lang) -> tuple[str, str]:
    """What was seen and what would end it, each in a sentence."""
    told = Told(
        cast("ToldKind", notice.kind),
        _index(notice.month),
        _index(notice.since),
        notice.size_days,
        notice.shared_days,
        notice.evidence[-1][1] if notice.evidence else None,
        notice.ends_at_days,
        notice.may_be_larger,
        notice.sector,
        notice.dispute,
        notice.now_days if notice.kind == OUTSIDE else None,
        notice.returned,
    )
    return sentence(told, lang), ending(told, lang)


def _index(month: str) -> int:
    year, _, number = month.partition("-")
    return month_index(int(year), int(number))


def follow(
    member: Member,
    show: Callable[[Notice], None],
    stop: threading.Event,
    seen: set[str] | None = None,
) -> None:
    """Show alerts as they come, until `stop`; those whose keys are in `seen` are not shown again.

    A line that is cut is taken up again, and what came meanwhile is read.
    """
    known = seen if seen is not None else set()
    wait = FIRST_WAIT_SECONDS
    while not stop.is_set():
        try:
            wait = _listen(member, lambda: _show_new(member, show, known), stop)
        except Unreachable:
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
        stop.wait(wait * random.uniform(0.5, 1.5))  # noqa: S311 - so that not everybody comes back at once


def _show_new(member: Member, show: Callable[[Notice], None], known: set[str]) -> None:
    for notice in reversed(read_alerts(member)):
        if notice.key not in known:
            known.add(notice.key)
            show(notice)


def _listen(member: Member, read_again: Callable[[], None], stop: threading.Event) -> float:
    """One connection to its end; how long to wait before the next."""
    from websockets.exceptions import ConnectionClosed, InvalidHandshake
    from websockets.sync.client import connect

    from member.network import is_local

    url = member.network.live_url
    local = is_local(urlsplit(url).hostname or "")
    try:
        with connect(
            url,
            additional_headers={"Authorization": f"Bearer {member.session.live_token()}"},
            open_timeout=10,
            close_timeout=1,
            max_size=FRAME_BYTES_MAX,
            ping_interval=None,
            proxy=None if local else True,
        ) as socket:
            read_again()
            silent = 0.0
            while not stop.is_set() and silent < SILENCE_SECONDS:
                try:
                    event = msgspec.json.decode(socket.recv(timeout=1.0))
                except TimeoutError:
                    silent += 1.0
                    continue
                silent = 0.0
                if event.get("type") in HINTS:
                    read_again()
    except (OSError, ConnectionClosed, InvalidHandshake, EOFError, TimeoutError, msgspec.DecodeError):
        return FIRST_WAIT_SECONDS * 4
    return FIRST_WAIT_SECONDS
