"""The commands score, decide, lights, task: what a client's figures say under the firm's own parameters."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from member.cli_frame import Lang, Patience, Place, answering, language, money, open_member, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from benchmark.score_words import Lang as Spoken
    from member.book import Client
    from member.keystore import Member
    from member.scores import Scored, Scores

LINES_SHOWN = 40

AsJson = Annotated[bool, typer.Option("--json", help="for programs")]
Which = Annotated[str, typer.Argument(help="the beginning of the client's name, or its SIREN")]


def score(
    client: Annotated[
        str, typer.Argument(help="one client, with the whole formula; none: all, in a table")
    ] = "",
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="change a parameter; --parameters shows their names"
        ),
    ] = None,
    usual: Annotated[bool, typer.Option("--usual", help="back to the usual parameters")] = False,
    parameters: Annotated[bool, typer.Option("--parameters", help="show your parameters")] = False,
    insured: Annotated[
        float | None, typer.Option(help="euros of insurer's cover of this client", min=0)
    ] = None,
    since: Annotated[str, typer.Option(help="first month of the relation, such as 2019-03")] = "",
    limit: Annotated[int, typer.Option(help="lines shown; 0: all", min=0)] = LINES_SHOWN,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Score, class, recommended limit and chance of being very late, under your own parameters.

    Nothing is decided here, and no parameter leaves your firm.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.credit_file import read_credit
        from member.scores import read_scores

        member = open_member(home, chosen, leaving)
        member.check_network()
        member.shelf.sync(member)
        _write(member, client, given or [], usual=usual, insured=insured, since=since)
        if parameters or ((given or usual) and not client):
            _show_parameters(read_credit(member).parameters, chosen, as_json=as_json)
            return
        with Patience(chosen, "asking"):
            found = read_scores(member)
        if client:
            one = _of(found, which(member, client))
            if as_json:
                print_json(score_json(one, chosen))
            else:
                _show_one(one, "fr" if chosen == "fr" else "en")
        elif as_json:
            print_json([score_json(one, chosen) for one in found.clients])
        else:
            _show_all(found, limit, chosen)


def _write(
    member: Member, client: str, given: list[str], *, usual: bool, insured: float | None, since: str
) -> None:
    """What the options say about parameters, and about the client."""
    from benchmark.score import USUAL
    from member.credit import with_client, with_parameters
    from member.credit_file import change_credit, read_credit
    from member.own_parameters import changed
    from member.receipts import read_month

    if (insured is not None or since) and not client:
        raise typer.BadParameter("--insured and --since are about one client: name it")
    if since:
        read_month(since)
    if usual:
        change_credit(member, lambda credit: with_parameters(credit, None))
    if given:
        changed(read_credit(member).parameters or USUAL, given)  # refused before anything is written
        change_credit(
            member, lambda credit: with_parameters(credit, changed(credit.parameters or USUAL, given))
        )
    if insured is not None or since:
        who = which(member, client).identifier
        cents = None if insured is None else round(insured * 100)
        change_credit(
            member, lambda credit: with_client(credit, who, insured_cents=cents, since=since or None)
        )


def which(member: Member, text: str) -> Client:
    """The client that a person means. Raise InputRefused."""
    from member.book_edit import found_by
    from member.refusals import InputRefused

    found = [one for one in found_by(member.book, text) if one.pseudonym]
    whole = [one for one in found if one.name.casefold() == text.casefold()]
    if len(whole or found) != 1:
        raise InputRefused("which-client", found=text, count=len(found))
    return (whole or found)[0]


def _of(scores: Scores, client: Client) -> Scored:
    return next(one for one in scores.clients if one.line.client.identifier == client.identifier)


def score_json(one: Scored, lang: str) -> dict[str, Any]:
    """One client for programs; `score` null: nothing is known."""
    import msgspec

    from benchmark.score_words import formula, notice

    spoken: Spoken = "fr" if lang == "fr" else "en"
    return {
        "name": one.line.client.name,
        "identifier": one.line.client.identifier,
        "score": None if one.score is None else asdict(one.score),
        "formula": None if one.score is None else formula(one.score.limit, spoken),
        "parameters": asdict(one.parameters),
        "light": one.light,
        "worst_open_alert": one.severity,
        "relation_months": one.relation_months,
        "notice": notice(one.relation_months, spoken, one.parameters),
        "decisions": msgspec.to_builtins(one.own.decisions),
    }


def _show_one(one: Scored, lang: Spoken) -> None:
    from benchmark.alerts_words import severity_words
    from benchmark.score_words import (
        chance_words,
        formula,
        headline,
        inputs,
        light_words,
        nothing_known,
        notice,
    )
    from benchmark.verdict import next_step, sentence
    from member.talk_texts import harmless

    print(f"{harmless(one.line.client.name)} ({one.line.client.identifier})")
    print(f"{sentence(one.line.facts, lang)} {next_step(one.line.facts, lang)}")
    if one.score is None:
        print(nothing_known(lang))
    else:
        print(headline(one.score, lang))
        print(chance_words(one.score, lang))
        print(told("score-limit", lang, formula=formula(one.score.limit, lang)))
        for name, value in inputs(one.score.limit, one.parameters, lang):
            print(told("score-input", lang, name=name, value=value))
    if one.severity is not None:
        level = severity_words(one.severity, lang)[0]  # type: ignore[arg-type]
        print(told("score-open", lang, severity=level))
    light, step = light_words(one.light, lang)
    print(told("score-light", lang, light=light, step=step))
    if (reminder := notice(one.relation_months, lang, one.parameters)) is not None:
        print(reminder)
    show_decisions(one, lang)
    print(told("score-decides", lang))


def show_decisions(one: Scored, lang: str) -> None:
    """What was decided about a client, oldest first."""
    from member.talk_texts import harmless

    for decision in one.own.decisions:
        amount = "" if decision.limit_cents is None else f" {money(decision.limit_cents, lang)}"
        reason = f": {harmless(decision.reason)}" if decision.reason else ""
        choice = told(f"choice-{decision.choice}", lang)
        print(
            told(
                "decision-line",
                lang,
                at=decision.at,
                choice=choice,
                limit=amount,
                by=harmless(decision.by),
                reason=reason,
            )
        )


def _show_all(found: Scores, limit: int, lang: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from benchmark.score_words import light_words, percent
    from member.talk_texts import harmless

    console = Console()
    if not found.clients:
        console.print(told("no-scores", lang))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("client", "score", "class", "trend", "chance", "limit", "light"):
        table.add_column(
            told(name, lang), justify="left" if name in {"client", "class", "light"} else "right"
        )
    shown = found.clients[:limit] if limit else found.clients
    for one in shown:
        light = light_words(one.light, "fr" if lang == "fr" else "en")[0]
        if one.score is None:
            table.add_row(harmless(one.line.client.name)[:40], "–", "–", "", "", "", light)
            continue
        trend = "" if one.score.trend is None else f"{one.score.trend:+d}"
        table.add_row(
            harmless(one.line.client.name)[:40],
            str(one.score.score),
            one.score.risk_class,
            trend,
            f"{percent(one.score.chance)} %",
            money(one.score.limit.cents, lang),
            light,
        )
    console.print(table, markup=False)
    if len(shown) < len(found.clients):
        console.print(told("more-lines", lang, count=len(found.clients) - len(shown)))


def _show_parameters(parameters: Any, lang: str, *, as_json: bool) -> None:
    from benchmark.score import USUAL
    from member.own_parameters import written

    if as_json:
        print_json(asdict(parameters or USUAL))
        return
    print(told("score-parameters", lang) + ("" if parameters else told("score-usual", lang)))
    for name, value in written(parameters or USUAL):
        print(told("score-parameter", lang, name=name, value=value))


def decide(
    client: Which,
    choice: Annotated[str, typer.Option(help="keep, limit, block, end or other")],
    reason: Annotated[str, typer.Option(help="why, for your firm; sealed")] = "",
    limit: Annotated[float | None, typer.Option(help="the limit you set, in euros", min=0)] = None,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Write what you decided about a client and why, with the score you were shown.

    "block" and "end" turn its light red until "keep" or "limit"; lights that sales was shown follow at once.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_lives import colleagues
        from member.credit import CHOICES, REASON_CHARACTERS_MAX, Decision
        from member.refusals import InputRefused
        from member.scores import decide as write
        from member.scores import read_scores, renew_shown_lights

        if choice not in CHOICES:
            raise InputRefused("one-of", field="--choice", found=choice, expected=", ".join(CHOICES))
        if len(reason) > REASON_CHARACTERS_MAX:
            expected = f"<= {REASON_CHARACTERS_MAX}"
            raise InputRefused("score-parameter", field="--reason", found=len(reason), expected=expected)
        if (choice == "limit") != (limit is not None):
            raise typer.BadParameter("--limit goes with --choice limit, and the other way round")
        member = open_member(home, chosen, leaving)
        today = member.check_network().today
        found = read_scores(member)
        one = _of(found, which(member, client))
        me = next((person.email for person in colleagues(member) if person.me), "")
        cents = None if limit is None else round(limit * 100)
        write(member, one, Decision(today.isoformat(), me, choice, reason, cents))
        from benchmark.score_words import notice

        print(told("decided", chosen, name=one.line.client.name, choice=told(f"choice-{choice}", chosen)))
        reminder = notice(one.relation_months, "fr" if chosen == "fr" else "en", one.parameters)
        if choice in {"block", "end", "limit"} and reminder is not None:
            print(reminder)
        renew_shown_lights(member, today)  # last: what was decided stands, whatever becomes of this


def lights(
    renew: Annotated[
        bool, typer.Option("--renew", help="seal every client's light anew (credit manager)")
    ] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """What the sales side sees: a traffic light, the next step, and what it is asked to do; no figure."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        import msgspec

        from member.credit import LIGHTS, read_lights
        from member.sales_done import read_done, with_done_notes
        from member.scores import renew_lights

        member = open_member(home, chosen, leaving)
        today = member.check_network().today.isoformat()
        if renew:
            found = renew_lights(member, today)
            if not as_json:
                print(told("lights-made", chosen, count=len(found.clients)))
        else:
            member.shelf.sync(member)
            found = with_done_notes(read_lights(member.shelf.segment(member, LIGHTS)), read_done(member))
        if as_json:
            print_json(msgspec.to_builtins(found))
        elif not renew:
            _show_lights(member, found, "fr" if chosen == "fr" else "en")


def _show_lights(member: Member, found: Any, lang: Spoken) -> None:
    from benchmark.score_words import light_words
    from member.talk_texts import harmless

    if not found.clients:
        print(told("no-lights", lang))
        return
    print(told("lights-of", lang, day=found.made_on))
    named = sorted(found.clients.items(), key=lambda one: _name(member, one[0]).casefold())
    for identifier, one in named:
        light, step = light_words(one.light, lang)
        print(f"{light:<8} {harmless(_name(member, identifier))}: {step}")
        if one.task and not one.done:
            due = told("task-due", lang, due=one.due) if one.due else ""
            print(told("task-line", lang, due=due, task=harmless(one.task)))


def _name(member: Member, identifier: str) -> str:
    client = member.book.clients.get(identifier)
    return identifier if client is None else client.name


def task(
    client: Which,
    text: Annotated[str, typer.Argument(help="what the sales side is asked to do; empty with --done")] = "",
    due: Annotated[str, typer.Option(help="until when, such as 2026-12-31")] = "",
    done: Annotated[bool, typer.Option("--done", help="it is done")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Ask something of the sales side about a client, or say that it is done."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.cli_alerts import read_day
        from member.credit import with_task, with_task_done
        from member.credit_file import change_lights
        from member.refusals import InputRefused

        if done == bool(text):
            raise typer.BadParameter("say what is to be done, or --done")
        day = read_day("--due", due).isoformat() if due else None
        member = open_member(home, chosen, leaving)
        member.check_network()
        member.shelf.sync(member)
        one = which(member, client)
        if not done:
            change_lights(member, lambda lights: with_task(lights, one.identifier, text, day))
            print(told("task-set", chosen, task=text))
            return
        if member.role_keys.ledger is None:  # it cannot change the book
            _leave_note(member, one)
            print(told("task-done", chosen, name=one.name))
            return
        try:
            change_lights(member, lambda lights: with_task_done(lights, one.identifier))
        except KeyError:
            raise InputRefused("no-task", found=one.name) from None
        print(told("task-done", chosen, name=one.name))


def _leave_note(member: Member, one: Client) -> None:
    from member.credit import LIGHTS, read_lights
    from member.refusals import InputRefused
    from member.sales_done import say_done

    shown = read_lights(member.shelf.segment(member, LIGHTS)).clients.get(one.identifier)
    if shown is None or not shown.task:
        raise InputRefused("no-task", found=one.name)
    say_done(member, one.identifier, shown.task)


COMMANDS = (("score", score), ("decide", decide), ("lights", lights), ("task", task))
