"""Plays the fictional network: every firm at its own keyboard, month after month of the business clock.

Knows: the calendar of a member's month. Day 1: newcomers enrol. Day 5: everybody reports the month before;
a newcomer its history too. Day 12: the month is released. At the end one firm calls and another answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from benchmark.upload import month_text
from demo import invoice_file, ledgers, newcomer, stories
from demo.actor import Actor
from demo.holding import Admission, HolderStage
from demo.ledgers import Misposting
from demo.links import Account
from demo.stage import OPERATOR, Stage, day_of, first_of
from demo.words import slug
from demo.world import Firm, World
from member.portfolio import read_portfolio

REPORTING_DAY: Final = 5
THREADS: Final = 4
LOG_IN_AS: Final = 3  # the first firms are the ones that a visitor enters as
MISTAKE_FIRM: Final = 2
MISTAKE_MONTHS_IN: Final = 5
MISTAKE_DAYS: Final = 20
FOUND_AFTER_MONTHS: Final = 2

Progress = Callable[[int, int, str], None]


@dataclass
class Played:
    """What came of it: who a visitor can be, what there is to see and to try, counts, seconds spent."""

    accounts: list[Account] = field(default_factory=list)
    stories: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[tuple[str, Path]] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    newcomer: dict[str, str] = field(default_factory=dict)

    def summary(self, language: str) -> str:
        """One line of counts."""
        words = (
            "{firms} firmes, {clients} clients, {rows} contributions, {releases} publications"
            if language == "fr"
            else "{firms} firms, {clients} clients, {rows} contributions, {releases} releases"
        )
        return words.format(**self.figures)


class Operator(Protocol):
    """What the network's operator does; `url` is where members find the server."""

    @property
    def url(self) -> str:
        """The server's address."""

    def admit(self, name: str, declared_portfolio: int, /) -> str:
        """A firm's invitation."""

    def set_today(self, today: date, /) -> None:
        """Advance the business clock."""

    def release(self, month: int, /) -> None:
        """Publish a month (index) on its day."""


def play(plan: World, stage: Stage, tell: Progress) -> Played:
    """Make the stage's network and live through all of the plan's months; the server is left running."""
    steps = plan.scale.months + 3
    tell(0, steps, "server")
    began = time.perf_counter()
    stage.create(first_of(plan.scale.first_month))
    stage.start()
    seconds = time.perf_counter() - began
    played = live(plan, stage, stage.folder / "members", tell, stage.holders)
    played.spent["start the server"] = seconds
    played.files = _files(plan, stage.folder / "files")
    if stage.holders is None:  # holders of their own would have to admit it first, by their own lists
        made = newcomer.write(plan, stage.folder / "files")
        played.newcomer = {
            "invitation": stage.admit(newcomer.NAME, made.clients * 11 // 10 + 1),
            **{
                name: str(getattr(made, name).relative_to(stage.folder))
                for name in ("fec", "master", "sirene")
            },
        }
    secrets = stage.operator_secrets
    played.accounts.append(
        Account("Opérateur / operator", OPERATOR, secrets["password"], secrets["account key"])
    )
    return played


def live(
    plan: World, operator: Operator, homes: Path, tell: Progress, holders: HolderStage | None = None
) -> Played:
    """Live through the plan's months on a running server whose clock is not past the first of them.

    `homes`: the folder in which each firm keeps its keys and its book. `holders`: key holders of their own.
    """
    return _Run(plan, operator, homes, tell, holders).through()


class _Run:
    def __init__(
        self,
        plan: World,
        operator: Operator,
        homes: Path,
        tell: Progress,
        holders: HolderStage | None,
    ) -> None:
        self.plan, self.operator, self.homes, self.tell = plan, operator, homes, tell
        self.holders = holders
        self.played = Played()
        self.pool = ThreadPoolExecutor(THREADS, "firm")
        began = time.perf_counter()
        self.written = ledgers.write(plan)
        self.mistake = _mistake(plan)
        self.actors = [self._actor(firm) for firm in plan.firms]
        self._spent("invent", began)

    def _actor(self, firm: Firm) -> Actor:
        """Those that a visitor can be have a home, so that `vigie` can be tried on it too."""
        home = self.homes / slug(firm.name) if firm.place < LOG_IN_AS else None
        return Actor(firm.name, firm.email, firm.joins, self._accounts(firm.place), home)

    def _accounts(self, firm: int) -> Callable[[int], ledgers.Ledger]:
        """What a firm's accounts show, month by month; one firm finds a mistake of its own later."""

        def shown(month: int) -> ledgers.Ledger:
            mistake = self.mistake
            unseen = mistake is not None and month < mistake.month + FOUND_AFTER_MONTHS
            return ledgers.ledger(self.plan, self.written, firm, month, mistake if unseen else None)

        return shown

    def through(self) -> Played:
        scale = self.plan.scale
        first, after = scale.first_month, scale.first_month + scale.months
        steps = scale.months + 3
        try:
            for month in range(first, after + 1):
                self.tell(month - first + 1, steps, month_text(month))
                self._month(month, last=month == after)
            self.tell(steps - 1, steps, "conversation")
            began = time.perf_counter()
            self._converse()
            self._spent("call and conversation", began)
            began = time.perf_counter()
            self._look()
            self._spent("read a portfolio", began)
        finally:
            for actor in self.actors:
                actor.leave()
            self.pool.shutdown(cancel_futures=True)
        self.tell(steps, steps, "✓")
        return self._finished()

    def _month(self, month: int, *, last: bool) -> None:
        """One calendar month of everybody's."""
        first = self.plan.scale.first_month
        if not last:
            newcomers = [actor for actor in self.actors if actor.joins == month]
            if newcomers:
                began = time.perf_counter()
                self.operator.set_today(first_of(month))
                self._all(self._enrol, newcomers)
                if self.holders is not None:
                    self.holders.admit([_admission(actor) for actor in newcomers])
                self._spent("enrol", began)
        began = time.perf_counter()
        self.operator.set_today(day_of(month - 1, REPORTING_DAY))
        self._all(partial(self._report, month - 1), [actor for actor in self.actors if actor.joins <= month])
        self._spent("import and push", began)
        if month > first:
            began = time.perf_counter()
            self.operator.release(month - 1)
            self._spent("release", began)

    def _enrol(self, actor: Actor) -> None:
        invitation = self.operator.admit(actor.name, actor.portfolio())
        actor.join(self.operator.url, invitation)

    def _report(self, month: int, actor: Actor) -> None:
        if actor.joins > month:
            actor.report(month, self.plan.scale.lead_in_months)
        elif self._found_mistake(actor, month):
            actor.report(month, FOUND_AFTER_MONTHS + 1)
        else:
            actor.report(month)

    def _found_mistake(self, actor: Actor, month: int) -> bool:
        mistake = self.mistake
        return (
            mistake is not None
            and actor is self.actors[mistake.firm]
            and month == mistake.month + FOUND_AFTER_MONTHS
        )

    def _all(self, work: Callable[[Actor], None], actors: Iterable[Actor]) -> None:
        """Everybody at once, as on a real morning; the first failure is everybody's."""
        list(self.pool.map(work, actors))

    def _converse(self) -> None:
        from demo.conversation import hold

        story = self.plan.stories.get("decline")
        if story is not None:
            client = self.plan.clients[story.client]
            scale = self.plan.scale
            today = day_of(scale.first_month + scale.months - 1, 12)
            caller, answerer = self.actors[:2]
            said = hold(caller, answerer, client.identifier, today)
            self.played.figures["messages"] = said

    def _look(self) -> None:
        """What the first firm is shown, as `vigie` shows it: clients compared, of how many."""
        portfolio = read_portfolio(self.actors[0].member)
        self.played.figures |= {"compared": portfolio.compared, "portfolio": len(portfolio.lines)}

    def _finished(self) -> Played:
        scale, played = self.plan.scale, self.played
        played.accounts = [actor.account() for actor in self.actors[:LOG_IN_AS]]
        played.stories = [
            (self.plan.clients[story.client].name, stories.tell(name, "fr"), stories.tell(name, "en"))
            for name, story in self.plan.stories.items()
        ]
        played.figures |= {
            "firms": len(self.actors),
            "clients": len(self.plan.clients),
            "rows": sum(actor.rows_sent for actor in self.actors),
            "releases": scale.months,
        }
        return played

    def _spent(self, what: str, began: float) -> None:
        spent = self.played.spent
        spent[what] = spent.get(what, 0.0) + time.perf_counter() - began


def _admission(actor: Actor) -> Admission:
    """The card that a firm hands to every key holder."""
    member = actor.member
    return Admission(member.firm_id, member.root_public, actor.portfolio(), actor.name)


def _files(plan: World, folder: Path) -> list[tuple[str, Path]]:
    """For each firm that a visitor can be, an invoice list to try an upload with.

    It differs from what was pushed: some payments of the last month were found to have come later.
    """
    scale, written, found = plan.scale, ledgers.write(plan), []
    last = scale.first_month + scale.months - 1
    for firm in plan.firms[:LOG_IN_AS]:
        own = plan.relations.client[plan.relations.firm == firm.place]
        found_late = Misposting(firm.place, last, int(own[0]), MISTAKE_DAYS)
        path = folder / f"factures-{slug(firm.name)}.csv"
        invoice_file.write(path, ledgers.ledger(plan, written, firm.place, last, found_late))
        found.append((firm.name, path))
    return found


def _mistake(plan: World) -> Misposting | None:
    """One firm posts a month's payments of a client too late, and finds it two months later."""
    scale, story = plan.scale, plan.stories.get("model")
    if story is None or scale.months <= MISTAKE_MONTHS_IN + FOUND_AFTER_MONTHS:
        return None
    return Misposting(MISTAKE_FIRM, scale.first_month + MISTAKE_MONTHS_IN, story.client, MISTAKE_DAYS)
