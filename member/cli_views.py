"""Commands that show: the portfolio beside its peers, alerts, and how this device stands."""

from __future__ import annotations

import csv
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from member.cli_alerts import life_json, show_life
from member.cli_frame import (
    Lang,
    Patience,
    Place,
    answering,
    language,
    money,
    open_member,
    print_json,
)
from member.cli_notices import judged_json, show_judged
from member.cli_texts import told

if TYPE_CHECKING:
    from benchmark.alerts import Confidence, Severity
    from benchmark.alerts_words import Lang as Spoken
    from benchmark.alerts_words import ToldKind
    from member.alerts_feed import Notice
    from member.keystore import Member
    from member.portfolio import Line, Portfolio

BANDS = {1: "5-9", 2: "10-19", 3: "20+"}
SHARES = {1: "<25%", 2: "25-50%", 3: "50-75%", 4: ">75%"}
CLASSES = ("30", "45", "60", "60+")
LINES_SHOWN = 40
DELEGATION_WARN_DAYS = 30

AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


def portfolio(
    client: Annotated[str, typer.Option(help="only clients whose name or identifier contains this")] = "",
    limit: Annotated[int, typer.Option(help="lines shown at the terminal; 0: all", min=0)] = LINES_SHOWN,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="for spreadsheets")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Your clients beside their peers: most money at stake first. Names are resolved on this machine.

    A client with fewer than five peers shows no figure of theirs. Days are days late, amounts the last sent.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.portfolio import read_portfolio

        member = open_member(home, chosen, leaving)
        member.check_network()
        with Patience(chosen, "asking"):
            found = read_portfolio(member)
        lines = [line for line in found.lines if _matches(line, client)]
        if as_json:
            print_json(portfolio_json(found, lines, chosen))
        elif as_csv:
            write_csv(lines, chosen)
        else:
            show_portfolio(found, lines, limit, chosen)


def _matches(line: Line, wanted: str) -> bool:
    text = f"{line.client.name} {line.client.identifier}".casefold()
    return wanted.casefold() in text


def portfolio_json(found: Portfolio, lines: list[Line], lang: str) -> dict[str, Any]:
    """The whole portfolio; null is unknown or not published, `suppressed` says which."""
    from benchmark.upload import month_text

    return {
        "month": None if found.month is None else month_text(found.month),
        "released": found.released,
        "last_sent": None if found.last_sent is None else month_text(found.last_sent),
        "network": found.network,
        "compared": found.compared,
        "clients": [line_json(line, lang) for line in lines],
    }


def line_json(line: Line, lang: str) -> dict[str, Any]:
    """One client's facts."""
    from benchmark.verdict import next_step, sentence

    facts = line.facts
    return {
        "name": line.client.name,
        "identifier": line.client.identifier,
        "suppressed": line.suppressed,
        "peers": BANDS.get(line.band),
        "own_days_late": facts.own,
        "peers_days_late": facts.centre,
        "peers_spread": facts.spread,
        "uncertainty": facts.uncertainty,
        "gap": facts.gap,
        "position": facts.position,
        "own_dso": facts.own_dso,
        "peers_dso": facts.centre_dso,
        "incident": line.incident,
        "terms": _shares(line),
        "sector_days_late": line.sector["days_late"] if line.sector else None,
        "sector_dso": line.sector["dso"] if line.sector else None,
        "own_change": facts.own_change,
        "peers_change": facts.peers_change,
        "change_months": facts.change_months,
        "slow_to": facts.slow_to,
        "dispute": facts.dispute,
        "outstanding_cents": line.outstanding,
        "overdue_cents": line.overdue,
        "disputed_cents": line.disputed,
        "stake_cents": facts.stake_cents,
        "next_step": facts.next_step,
        "sentence": sentence(facts, lang),
        "advice": next_step(facts, lang),
    }


def _shares(line: Line) -> str | None:
    """Shares of suppliers by net days, in bands: "30: <25%, 45: 25-50%, ..."."""
    if line.terms is None:
        return None
    return ", ".join(f"{name}: {SHARES[band]}" for name, band in zip(CLASSES, line.terms, strict=True))


def write_csv(lines: list[Line], lang: str) -> None:
    """One line a client; semicolons for French spreadsheets."""
    writer = csv.writer(sys.stdout, delimiter=";" if lang == "fr" else ",", lineterminator="\n")
    rows = [line_json(line, lang) for line in lines]
    names = list(rows[0]) if rows else ["name", "identifier"]
    writer.writerow(names)
    for row in rows:
        writer.writerow([_harmless(row[name]) for name in names])


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return "" if value is None else value


def show_portfolio(found: Portfolio, lines: list[Line], limit: int, lang: str) -> None:
    """As a table."""
    from rich.console import Console
    from rich.table import Table

    from benchmark.upload import month_text
    from benchmark.verdict import next_step
    from member.talk_texts import harmless

    console = Console()
    if found.month is None or not lines:
        console.print(told("no-portfolio", lang))
        return
    month = month_text(found.month)
    key = "portfolio" if found.released else "no-release"
    counts = {"compared": found.compared, "clients": len(found.lines)}
    console.print(told(key, lang, month=month, **counts), highlight=False)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("client", "yours", "peers", "gap", "count", "overdue", "stake", "next"):
        right = name in {"yours", "peers", "gap", "overdue", "stake"}
        table.add_column(told(name, lang), justify="right" if right else "left", no_wrap=name != "next")
    shown = lines[:limit] if limit else lines
    for line in shown:
        facts = line.facts
        table.add_row(
            harmless(line.client.name)[:40],
            _days(facts.own, lang),
            _band(line, lang),
            "" if facts.gap is None else f"{facts.gap:+d}",
            BANDS.get(line.band, ""),
            money(line.overdue, lang),
            money(facts.stake_cents, lang),
            _to_do(line, next_step(facts, lang), lang),
        )
    console.print(table, markup=False)
    if len(shown) < len(lines):
        console.print(told("more-lines", lang, count=len(lines) - len(shown)))


def _to_do(line: Line, step: str, lang: str) -> str:
    """The next step, after what the network says beside days."""
    words = [told("incident-flag", lang)] if line.incident else []
    if (shares := _shares(line)) is not None:
        words.append(told("terms-shares", lang, shares=shares))
    if line.facts.next_step != "none":
        words.append(step)
    return "; ".join(words)


def _days(value: int | None, lang: str) -> str:
    return "–" if value is None else told("days", lang, count=value)


def _band(line: Line, lang: str) -> str:
    facts = line.facts
    if line.suppressed or facts.centre is None:
        if line.sector and line.sector["days_late"] is not None:
            return told("too-few-sector", lang, days=_days(line.sector["days_late"], lang))
        return told("too-few", lang)
    return f"{_days(facts.centre, lang)} ±{(facts.spread or 0) + (facts.uncertainty or 0)}"


# ---- alerts


def alerts(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="from this month on, such as 2026-09")] = "",
    follow: Annotated[bool, typer.Option("--follow", help="go on, and show new ones as they come")] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Alerts on your clients: what the network saw, and who pays you far later than its other suppliers.

    With --follow and --json, one JSON object a line.
    """
    if context.invoked_subcommand is not None:
        return
    chosen = language(lang)
    with answering(chosen) as leaving:
        from benchmark.alerts_words import young_words
        from member.alerts_feed import follow as go_on
        from member.alerts_feed import notices
        from member.credit import Credit
        from member.credit_file import read_credit
        from member.notice_words import in_force
        from member.portfolio import read_portfolio
        from member.receipts import read_month
        from member.scores import all_lives

        if since:
            read_month(since)
        member = open_member(home, chosen, leaving)
        today = member.check_network().today
        with Patience(chosen, "asking"):
            own = read_portfolio(member)
            found = [one for one in notices(own, member.session.alerts(since or None)) if one.month >= since]
            held = member.role_keys.ledger is not None
            credit = read_credit(member) if held else Credit()
            lives = all_lives(member, credit, found, today)
            judged = [one for one in credit.notices if in_force(one, today)]
        if as_json and not follow:
            shown = [{**notice.as_json(), **life_json(notice, lives)} for notice in found]
            print_json([*(judged_json(member, one) for one in judged), *shown])
            return
        if (
            young := young_words(own.releases, own.published, "fr" if chosen == "fr" else "en")
        ) and not as_json:
            print(young)
        for one in judged:
            show_judged(member, one, chosen, as_json=as_json)
        for notice in found:
            show_alert(notice, chosen, as_json=as_json)
            show_life(notice, lives, chosen, as_json=as_json)
        if not follow:
            if not found and not judged:
                print(told("no-alerts", chosen))
            return
        print(told("following", chosen), file=sys.stderr)
        seen = {notice.key for notice in found}
        go_on(member, lambda one: show_alert(one, chosen, as_json=as_json), threading.Event(), seen)


def show_alert(notice: Notice, lang: str, *, as_json: bool) -> None:
    """One alert."""
    import json

    from benchmark.alerts_words import kind_words, severity_words, sure_words
    from member.alerts_feed import words
    from member.talk_texts import harmless

    if as_json:
        print(json.dumps(notice.as_json(), ensure_ascii=False), flush=True)
        return
    chosen: Spoken = "fr" if lang == "fr" else "en"
    seen, ends = words(notice, chosen)
    level, use = severity_words(cast("Severity", notice.severity), chosen)
    sure = "" if notice.own else f", {sure_words(cast('Confidence', notice.confidence), chosen)}"
    gap = ":" if chosen == "en" else " :"
    kind = kind_words(cast("ToldKind", notice.kind), chosen, returned=notice.returned)
    print(f"{notice.month}  {harmless(notice.client)}{gap} {seen} {ends}", flush=True)
    print(f"         {kind}{sure}; {level}{gap} {use}.", flush=True)


# ---- status


def status(as_json: AsJson = False, home: Place = None, lang: Lang = "") -> None:
    """How this device stands: network, keys, budget, book, months sent; everything verified."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        member = open_member(home, chosen, leaving)
        found = status_json(member)
        if as_json:
            print_json(found)
            return
        pairs = {
            "status-network": f"{found['network']} ({found['kind']}), {found['url']}",
            "status-today": found["today"],
            "status-firm": f"{found['firm_name']} ({found['firm_id']})",
            "status-device": told(
                "status-device-value", chosen, device=found["device_id"], until=found["delegation_until"]
            ),
            "status-budget": (
                f"{found['budget']['used']} / {found['budget']['limit']}" if found["budget"] else "–"
            ),
            "status-book": told(
                "status-book-value", chosen, sequence=found["book"], clients=found["clients"]
            ),
            "status-months": _span(found["months"]),
            "status-release": found["latest_release"] or "–",
        }
        width = max(len(told(key, chosen)) for key in pairs)
        for key, value in pairs.items():
            print(f"{told(key, chosen):<{width}}  {value}")
        print(told("status-pins", chosen, releases=found["releases"]))
        if member.unattended:
            print(told("unattended", chosen))
        until = delegation_ends_soon(member)
        if until is not None:
            print(told("delegation-ends", chosen, until=until), file=sys.stderr)


def _span(months: list[str]) -> str:
    """How many, from the first to the last."""
    return f"{len(months)} ({months[0]} … {months[-1]})" if months else "–"


def status_json(member: Member) -> dict[str, Any]:
    """The same for programs. Raise Untrusted where anything does not verify."""
    from benchmark.upload import month_text
    from member.releases import read_manifests

    facts = member.check_network()
    contents = member.shelf.sync(member)
    me = member.session.me()
    manifests = read_manifests(member)
    # Holders of their own count for themselves: the network does not know.
    budget = {"used": me.budget.used, "limit": me.budget.limit} if me.budget else None
    return {
        "network": member.pins.name,
        "kind": member.pins.kind,
        "url": member.pins.url,
        "today": facts.today.isoformat(),
        "firm_id": str(member.firm_id),
        "firm_name": me.firm_name,
        "device_id": str(member.device_id),
        "unattended": member.unattended,
        "delegation_until": delegation_until(member),
        "budget": budget,
        "declared_portfolio": me.declared_portfolio,
        "book": member.shelf.version.sequence,
        "clients": len(contents.clients),
        "months": [month_text(month) for month in sorted(contents.sent)],
        "not_in_book": [month_text(month) for month in sorted(member.shelf.recovered)],
        "releases": len(manifests),
        "latest_release": None if not manifests else month_text(max(manifests)),
    }


def delegation_until(member: Member) -> str:
    """The day until which the root vouches for this device."""
    from datetime import UTC, datetime

    from privacy.delegation import Delegation

    expires = Delegation.from_bytes(member.identity.delegation).expires
    return datetime.fromtimestamp(expires, UTC).date().isoformat()


def delegation_ends_soon(member: Member) -> str | None:
    """That day, when it is near."""
    from datetime import UTC, date, datetime

    until = date.fromisoformat(delegation_until(member))
    left = (until - datetime.now(UTC).date()).days
    return until.isoformat() if left <= DELEGATION_WARN_DAYS else None
