"""`vigie verify`: what was checked, what was found, and the verdict as words and as an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from member.cli_frame import Lang, Patience, Place, answering, language, open_member, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from member.verify import Report

EXIT_INCOMPLETE: Final = 8
EXITS: Final = {"verified": 0, "incomplete": EXIT_INCOMPLETE, "untrusted": 6}


def verify(
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE|FINGERPRINT",
            help="what a peer, a witness or another device has seen; may be repeated",
        ),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="write what the network shows you, for a peer to compare")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Check the operator: what you sent is counted, what you see is what was signed, for everybody alike.

    Exit codes: 0 verified, 6 not trustworthy, 8 nothing is wrong but not all could be checked.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.peers_view import read_view, write_view
        from member.verify import verify as check

        views = [read_view(one) for one in against or []]
        member = open_member(home, chosen, leaving)
        with Patience(chosen, "checking"):
            report = check(member, views)
        if write is not None:
            write_view(write, report.listed)
        if as_json:
            print_json(report_json(report, chosen))
        else:
            show(report, chosen, write, asked=bool(views))
        if EXITS[report.verdict]:
            raise typer.Exit(EXITS[report.verdict])


def report_json(report: Report, lang: str) -> dict[str, Any]:
    """The whole report."""
    return {
        "verdict": report.verdict,
        "fingerprints": report.fingerprints,
        "witnesses": report.witnesses,
        "embedded_witness": report.embedded,
        "receipts": report.receipts,
        "receipts_waiting": report.waiting,
        "cells": report.cells,
        "cell_months": report.cell_months,
        "compared": report.compared,
        "findings": [
            {"code": one.code, "grave": one.grave, "text": told_finding(one.code, dict(one.values), lang)}
            for one in report.findings
        ],
    }


def told_finding(code: str, values: dict[str, Any], lang: str) -> str:
    """In words."""
    from member.refusal_texts import TEXTS

    return TEXTS[code][lang == "fr"].format(**values)


def grouped(fingerprint: str) -> str:
    """As people read it to each other: eight groups of eight."""
    return " ".join(fingerprint[at : at + 8] for at in range(0, len(fingerprint), 8))


def show(report: Report, lang: str, written: Path | None, *, asked: bool) -> None:
    """At the terminal."""
    from member.talk_texts import harmless

    months = list(report.fingerprints)
    lines: dict[str, str] = {}
    if months:
        lines["chain"] = _value("chain", lang, count=len(months), first=months[0], last=months[-1])
        lines["home"] = _value("home", lang, count=report.kept)
        lines["witnesses"] = _value("witnesses", lang, count=report.witnesses)
        lines["receipts"] = _value("receipts", lang, count=report.receipts, waiting=report.waiting)
        lines["cells"] = _value("cells", lang, count=report.cells, months=report.cell_months)
        if asked:
            lines["compared"] = _value("compared", lang, count=report.compared)
        lines["fingerprint"] = f"{months[-1]}  {grouped(report.fingerprints[months[-1]])}"
    elif not report.findings:
        lines["chain"] = told("verify-none", lang)
    width = max((len(told(f"verify-{key}", lang)) for key in lines), default=0)
    for key, value in lines.items():
        print(f"{told(f'verify-{key}', lang):<{width}}  {value}")
    if months and report.embedded:
        print(told("verify-embedded", lang))
    for finding in report.findings:
        mark = "✗" if finding.grave else "·"
        print(f"{mark} {harmless(told_finding(finding.code, dict(finding.values), lang))}")
    if written is not None:
        print(told("verify-written", lang, path=written))
    print(told(f"verify-{report.verdict}", lang))


def _value(key: str, lang: str, **values: Any) -> str:
    return told(f"verify-{key}-value", lang, **values)
