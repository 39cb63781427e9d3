"""Scores of own clients: the portfolio's histories under the firm's own parameters, with names.

Knows: the book, the portfolio, the firm's credit file. Nothing here decides: it says numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from benchmark.alerts import SEVERITIES, sector_subject, severity_of
from benchmark.score import USUAL, Light, Parameters, Score, assess, light, stopped
from benchmark.terms import net_equivalent_days
from benchmark.upload import decode, known
from member import credit as rules
from member.alert_lives import Life, network_mutes, read_lives
from member.alerts_feed import SECTOR, Notice, notices
from member.book import Contents
from member.credit import LIGHTS, Credit, Decision, Lights, OwnClient
from member.credit_file import change_credit, change_lights, read_credit
from member.notice_words import in_force
from member.own_alerts import lives
from member.portfolio import Line, Portfolio, read_portfolio
from member.receipts import read_month
from member.sales_done import Done, erase, read_done, with_done_notes

if TYPE_CHECKING:
    from uuid import UUID

    from member.keystore import Member

JUDGED: Final = severity_of("incident", 0, "certain")
RESTING: Final = frozenset({"closed", "snoozed", "muted"})


@dataclass(frozen=True, slots=True)
class Scored:
    """One client. `score` None: nothing is known. `relation_months`: as far as it can be told.

    `severity`: the worst of what is open on it; `own`: what the firm wrote about it.
    """

    line: Line
    score: Score | None
    parameters: Parameters
    relation_months: int
    severity: str | None
    own: OwnClient

    @property
    def light(self) -> Light:
        """What sales would be shown."""
        decided = stopped([one.choice for one in self.own.decisions])
        return light(self.score, self.severity, stopped=decided)


@dataclass(frozen=True, slots=True)
class Scores:
    """Of the whole portfolio, in its order."""

    portfolio: Portfolio
    credit: Credit
    clients: list[Scored]


def read_scores(member: Member) -> Scores:
    """Everything as it is now. Raise Untrusted, NetworkRefused, Unreachable, HomeRefused."""
    portfolio = read_portfolio(member)
    told, credit = notices(portfolio, member.session.alerts()), read_credit(member)
    return assemble(member.book, portfolio, credit, severities(member, credit, told))


def severities(member: Member, credit: Credit, told: list[Notice]) -> dict[str, str]:
    """The worst of what is open by client's identifier; a public judgment weighs as an incident does."""
    today = member.network.facts().today
    worst = worst_open(told, all_lives(member, credit, told, today))
    return worst | {one.identifier: JUDGED for one in credit.notices if in_force(one, today)}


def all_lives(member: Member, credit: Credit, told: list[Notice], today: date) -> dict[UUID, Life]:
    """How the firm's work stands, on the network's alerts and on those from own figures.

    An alert that nobody has touched has a life where it is muted.
    """
    found = read_lives(member)
    mutes = [one for one in network_mutes(member) if one.until is None or one.until >= today]
    codes = {one.identifier: one.pseudonym for one in member.book.clients.values()}
    for one in told:
        if one.own or one.alert in found:
            continue
        code = sector_subject(one.sector or 0) if one.kind == SECTOR else codes[one.identifier]
        if any(mute.pseudonym in {None, code} and mute.kind in {None, one.kind} for mute in mutes):
            found[one.alert] = Life(one.alert, [one.alert], "muted", True, None, None, None, 0, 0)
    silent = {mute.pseudonym for mute in mutes if mute.kind is None}
    return found | lives(credit, told, today, [who for who, code in codes.items() if code in silent])


def assemble(
    contents: Contents, portfolio: Portfolio, credit: Credit, severities: Mapping[str, str]
) -> Scores:
    """A pure function of the book, the portfolio, the credit file and the worst open alert by client."""
    sales = monthly_sales(contents, credit)
    first = first_months(contents)
    found = []
    for line in portfolio.lines:
        who = line.client.identifier
        parameters = rules.parameters_for(credit, who)
        own = credit.clients.get(who, OwnClient())
        found.append(
            Scored(
                line,
                assess(
                    [month.days_late for month in line.history],
                    [month.cell.days_late if month.cell else None for month in line.history],
                    sales.get(line.client.pseudonym, 0),
                    _terms(line),
                    parameters,
                ),
                parameters,
                _relation_months(own, first.get(line.client.pseudonym), portfolio.last_sent),
                severities.get(who),
                own,
            )
        )
    return Scores(portfolio, credit, found)


def _terms(line: Line) -> int | None:
    client = line.client
    if client.terms_days is None:
        return None
    return int(net_equivalent_days(client.terms_days, client.terms_kind) + 0.5)


def _relation_months(own: OwnClient, first: int | None, last: int | None) -> int:
    if last is None:
        return 0
    begins = [read_month(own.since)] if own.since else []
    begins += [first] if first is not None else []
    return max(0, last - min(begins) + 1) if begins else 0


def monthly_sales(contents: Contents, credit: Credit) -> dict[bytes, int]:
    """Mean sales a month in cents by pseudonym, tax included, over the parameters' months.

    Over as many as were sent where they are fewer; a month without a row of the client sold nothing.
    """
    months = (credit.parameters or USUAL).sales_months
    taken = sorted(contents.sent)[-months:]
    if taken:
        taken = [month for month in taken if month > taken[-1] - months]
    total: dict[bytes, int] = {}
    for month in taken:
        rows = decode(contents.sent[month]).rows
        told = np.where(known(rows, "sales"), rows["sales"], 0).tolist()
        packed = rows["pseudonym"].tobytes()
        for at, cents in enumerate(told):
            name = packed[32 * at : 32 * at + 32]
            total[name] = total.get(name, 0) + cents
    return {name: cents // max(1, len(taken)) for name, cents in total.items()}


def first_months(contents: Contents) -> dict[bytes, int]:
    """The first month that was sent of each client, by pseudonym."""
    first: dict[bytes, int] = {}
    for month in sorted(contents.sent, reverse=True):
        packed = decode(contents.sent[month]).rows["pseudonym"].tobytes()
        first.update({packed[at : at + 32]: month for at in range(0, len(packed), 32)})
    return first


def worst_open(told: list[Notice], lives: Mapping[UUID, Life]) -> dict[str, str]:
    """The worst severity by client's identifier of alerts that nobody has closed or put to sleep."""
    worst: dict[str, str] = {}
    for one in told:
        life = lives.get(one.alert)
        if life is not None and life.state in RESTING:
            continue
        before = worst.get(one.identifier)
        if before is None or SEVERITIES.index(one.severity) > SEVERITIES.index(before):
            worst[one.identifier] = one.severity
    return worst


# ---- what a person writes


def decide(member: Member, one: Scored, decision: Decision) -> None:
    """Write what a person decided about a client, with what she was shown."""
    shown = msgspec.structs.replace(
        decision,
        score=None if one.score is None else one.score.score,
        recommended_cents=None if one.score is None else one.score.limit.cents,
    )
    who = one.line.client.identifier
    change_credit(member, lambda credit: rules.with_decision(credit, who, shown))


def renew_lights(member: Member, today: str) -> Lights:
    """Seal every client's light for the sales side; what it has done since is taken in.

    Again where somebody decided meanwhile: nobody who was just stopped is left as this device knew it.
    """
    while True:
        scores = read_scores(member)
        found = {one.line.client.identifier: one.light for one in scores.clients}
        notes = read_done(member)
        renewed = partial(_renewed, notes=notes, found=found, today=today)
        sealed = change_lights(member, renewed)
        erase(member, notes)
        if read_credit(member) == scores.credit:
            return sealed


def _renewed(lights: Lights, notes: list[Done], found: dict[str, Light], today: str) -> Lights:
    return rules.with_lights(with_done_notes(lights, notes), found, today)


def renew_shown_lights(member: Member, today: date) -> None:
    """The same where sales was ever shown lights: nobody delivers by one from before what has come since."""
    if rules.read_lights(member.shelf.segment(member, LIGHTS)).made_on:
        renew_lights(member, today.isoformat())
