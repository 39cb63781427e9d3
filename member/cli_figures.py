"""The command `figures`: what a file says of the firm's own portfolio, without any network or peer."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from member.cli_ceilings import show_over
from member.cli_files import (
    Accounts,
    Agreed,
    AsJson,
    Ceiling,
    Columns,
    File,
    Kind,
    MappingFile,
    Previous,
    Rate,
    Sheet,
    SkipBad,
    Through,
)
from member.cli_frame import Lang, answering, language, money, print_json
from member.cli_own_trend import own_trend_facts, show_own_trend
from member.cli_reading import Reading, read
from member.cli_show import show_problems

if TYPE_CHECKING:
    import numpy as np

    from benchmark.own_figures import OwnFigures
    from member.imported import Imported

EXIT_FILE: Final = 3
CLIENTS_SHOWN: Final = 10
SPAN: Final = 26
"""NEEDED_MONTHS of benchmark.own_trend, which is not imported before a command runs."""
TEXTS: Final[dict[str, tuple[str, str]]] = {
    "title": (
        "Your own portfolio at the end of {month}: nothing is sent, nobody is asked.",
        "Votre portefeuille à fin {month} : rien n'est envoyé, personne n'est interrogé.",
    ),
    "cash": (
        "  {outstanding} outstanding: {terms} % terms granted, {lateness} % lateness, {disputes} % disputes",
        "  encours {outstanding} : {terms} % délais accordés, {lateness} % retards, {disputes} % litiges",
    ),
    "unknown": (
        "  of {unknown} the file does not tell the age",
        "  de {unknown} le fichier ne dit pas l'âge",
    ),
    "owed": (
        "  {outstanding} outstanding; the file does not tell its age",
        "  encours {outstanding} ; le fichier ne dit pas son âge",
    ),
    "dso": (
        "  DSO {dso} days (countback {countback}, best possible {best}; {delinquent} days delinquent)",
        "  DSO {dso} jours (épuisement {countback}, meilleur possible {best} ; retard moyen {delinquent})",
    ),
    "effectiveness": ("  collection effectiveness {value} %", "  efficacité du recouvrement {value} %"),
    "ageing": (
        "  not due {not_due}; 1-30 {late_1_30}, 31-60 {late_31_60}, 61-90 {late_61_90}, 91+ {late_91_plus}",
        "  non échu {not_due} ; 1-30 {late_1_30}, 31-60 {late_31_60}, 61-90 {late_61_90}, 91+ {late_91_plus}",
    ),
    "client": ("  {name}: {late} late of {owed}", "  {name} : {late} de retard sur {owed}"),
    "penalties": (
        "  statutory penalties (L441-10) up to {until}: {interest} of interest at the ECB's rate + 10 points",
        "  pénalités légales (L441-10) au {until} : {interest} d'intérêts au taux de la BCE + 10 points",
    ),
    "fixed": (
        "  and {fixed} of recovery costs, {count} invoices; newest rate known: {rate} % ({half})",
        "  et {fixed} d'indemnités, {count} factures ; dernier taux connu : {rate} % ({half})",
    ),
    "no-penalties": (
        "  no penalties: the file tells no invoice with its due date",
        "  pas de pénalités : le fichier ne dit aucune facture avec son échéance",
    ),
}


def figures(
    file: File,
    previous: Previous = None,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    kind: Kind = "",
    sheet: Sheet = "",
    through: Through = "",
    skip_bad: SkipBad = False,
    terms: Agreed = "",
    rate: Rate = None,
    ceiling: Ceiling = None,
    overdue_from: Annotated[
        int, typer.Option("--overdue-from", help="an alert is worth so many euros late, or in dispute", min=1)
    ] = 1000,
    client: Annotated[str, typer.Option("--client", help="one client's months: its name or account")] = "",
    penalties: Annotated[
        bool, typer.Option("--penalties", help="statutory interest and recovery costs of late invoices")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Show the firm's own figures from its file: DSO, ageing, where the cash is, trend, own alerts.

    No identifier and no network is needed.

    Exit codes: 0 the file is good, 3 it has problems.
    """
    chosen = language(lang)
    reading = Reading(
        mapping, column, map_identifiers, kind, sheet, SPAN, through, skip_bad, previous, terms, rate, ceiling
    )
    with answering(chosen):
        from benchmark.own_figures import own_figures
        from benchmark.own_trend import Rules

        imported = everybody(file, reading, chosen)
        found = own_figures(imported.months)
        if found is None:
            show_problems(imported.problems, chosen)
            raise typer.Exit(EXIT_FILE)
        rules = Rules(overdue_cents=overdue_from * 100)
        told = as_facts(found, imported, penalties=penalties) | own_trend_facts(imported, rules, chosen)
        if as_json:
            print_json(told)
            return
        show_problems([one for one in imported.problems if not one.notice], chosen)
        if not client:
            show(told, chosen)
            show_over(imported.summary["terms_over_ceiling"], chosen)
        show_own_trend(told, chosen, client)


def everybody(file: Path, reading: Reading, lang: str) -> Imported:
    """The import of every account; who has no identifier goes under a name that never leaves."""
    from member.client_list import Known, account_key

    imported = read(file, reading, None, None, lang)
    lacking = [one for one in imported.accounts if one.identifier is None]
    if not lacking:
        return imported
    stand_ins = {account_key(one.account): Known(f"own:{one.account}", name=one.name) for one in lacking}
    return read(file, replace(reading, known=stand_ins), None, None, lang)


def as_facts(found: OwnFigures, imported: Imported, *, penalties: bool) -> dict[str, Any]:
    """For programs: amounts in cents, days and percent; null where the file does not tell."""
    from benchmark.upload import month_text
    from member import ceilings

    told: dict[str, Any] = {
        "month": month_text(found.month),
        "outstanding_cents": found.outstanding,
        "cash_cents": found.cash,
        "ageing_cents": found.ageing,
        "dso_days": _number(found.dso),
        "dso_countback_days": _number(found.dso_countback),
        "dso_best_possible_days": _number(found.dso_best),
        "average_days_delinquent": _number(found.days_delinquent),
        "collection_effectiveness_percent": _number(found.effectiveness),
        "latest_clients": _latest(found, imported),
        "terms_over_ceiling": ceilings.as_json(imported.summary["terms_over_ceiling"]),
    }
    if penalties:
        told["penalties"] = _penalties(imported)
    return told


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 1)


def _latest(found: OwnFigures, imported: Imported) -> list[dict[str, Any]]:
    """Clients with the most money late, the first ones."""
    import numpy as np

    from benchmark.ledger import BUCKETS

    if found.ageing is None:
        return []
    there, rows = imported.months[found.month]
    late = np.sum([rows[name] for name in BUCKETS[1:]], axis=0)
    order = sorted(range(len(there)), key=lambda at: -int(late[at]))[:CLIENTS_SHOWN]
    return [
        {
            "account": imported.clients[int(there[at])].account,
            "name": imported.clients[int(there[at])].name,
            "late_cents": int(late[at]),
            "outstanding_cents": int(rows["outstanding"][at]),
        }
        for at in order
        if late[at] > 0
    ]


def _penalties(imported: Imported) -> dict[str, Any] | None:
    from benchmark.indicators import month_end
    from benchmark.own_figures import newest_rate, penalties

    if imported.invoices is None or not len(imported.invoices.client):
        return None
    until: np.datetime64 = month_end(max(imported.months))
    found = penalties(imported.invoices, len(imported.clients), until)
    half, rate = newest_rate()
    return {
        "until": str(until),
        "late_invoices": int(found.late_invoices.sum()),
        "interest_cents": int(found.interest_cents.sum()),
        "fixed_cents": int(found.fixed_cents.sum()),
        "newest_reference_rate_percent": rate,
        "newest_reference_rate_from": half,
    }


def show(told: dict[str, Any], lang: str) -> None:
    """The facts in sentences."""

    def say(key: str, **values: object) -> None:
        print(TEXTS[key][lang == "fr"].format(**values))

    def number(value: float | None) -> str:
        text = "–" if value is None else f"{value:.1f}"
        return text.replace(".", ",") if lang == "fr" else text

    say("title", month=told["month"])
    outstanding, cash = told["outstanding_cents"], told["cash_cents"]
    if cash is None or outstanding <= 0:
        say("owed", outstanding=money(outstanding, lang))
    else:
        shares = {name: round(100 * cents / outstanding) for name, cents in cash.items()}
        say("cash", outstanding=money(outstanding, lang), **shares)
        if cash["unknown"]:
            say("unknown", unknown=money(cash["unknown"], lang))
    say(
        "dso",
        dso=number(told["dso_days"]),
        countback=number(told["dso_countback_days"]),
        best=number(told["dso_best_possible_days"]),
        delinquent=number(told["average_days_delinquent"]),
    )
    say("effectiveness", value=number(told["collection_effectiveness_percent"]))
    if told["ageing_cents"] is not None:
        say("ageing", **{name: money(cents, lang) for name, cents in told["ageing_cents"].items()})
    for one in told["latest_clients"]:
        late, owed = money(one["late_cents"], lang), money(one["outstanding_cents"], lang)
        say("client", name=one["name"], late=late, owed=owed)
    if "penalties" in told:
        found = told["penalties"]
        if found is None:
            say("no-penalties")
            return
        say("penalties", until=found["until"], interest=money(found["interest_cents"], lang))
        rate = f"{found['newest_reference_rate_percent']:.2f}"
        say(
            "fixed",
            fixed=money(found["fixed_cents"], lang),
            count=found["late_invoices"],
            rate=rate.replace(".", ",") if lang == "fr" else rate,
            half=found["newest_reference_rate_from"],
        )
