"""The same rules on a real invoice list, at the end of `make leadtime`: every decline is said in hindsight.

Nobody tells which customers of a real list were in distress, so that a decline is read from the list's own
end: a relation whose own days late are RISE_DAYS above its median of the year before for LASTING months.
Counts alone are printed; names, amounts and dates are not. Says why it is skipped where there is no list.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmark.alerts import HISTORY_MONTHS, KINDS, RAISED_DTYPE, detect
from benchmark.comparison import own_values
from benchmark.release import release_month
from benchmark.tally import UploadInWindow
from demo.invoice_list import InvoiceList, read
from demo.judge import as_upload
from member.imported import from_invoices
from privacy.profiles import STANDARD
from tests.leadtime.rules import Days, against_year, onsets, three_month_mean

PLACE = Path("invoices") / "b2b_invoices_raw.csv"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
RISE_DAYS, LASTING, BEFORE_MONTHS = 20.0, 3, 12
KEY = bytes(range(32))


def report() -> str:
    """What was found, or why nothing was looked for."""
    path = Path(os.environ.get("VIGIE_SHARED_DATA", BESIDE)) / PLACE
    if not path.exists():
        return f"Real invoices: skipped, VIGIE_SHARED_DATA names no folder that holds {PLACE}."
    listed = read(path)
    months = range(listed.first_month, listed.last_month + 1)
    names = {one.identifier: place for place, one in enumerate(listed.client_names())}
    pseudonyms = {identifier: place.to_bytes(32, "big") for identifier, place in names.items()}
    uploads, late = _reported(listed, months, pseudonyms, names)
    state, history, wide, raised = None, [], {}, np.zeros(0, RAISED_DTYPE)
    found: list[tuple[int, int, str]] = []
    for month in months:
        window = [one for one in uploads if month - STANDARD.window_months < one.month <= month]
        result = release_month(month, window, state, STANDARD, KEY)
        state = result.state
        history.append((month, result.release.cells))
        cells = {0: result.release.network, **result.release.sectors}
        wide[month] = {code: (cell.days_late, cell.band) for code, cell in cells.items()}
        told = detect(history[-HISTORY_MONTHS:], month, raised, wide=wide)
        raised = np.concatenate([raised, np.array([_row(one) for one in told], RAISED_DTYPE)])
        found += [(int.from_bytes(one.pseudonym, "big"), month - months[0], one.kind) for one in told]
    return _told(listed, months, history, found, late)


def _reported(
    listed: InvoiceList, months: range, pseudonyms: dict[str, bytes], names: dict[str, int]
) -> tuple[list[UploadInWindow], dict[tuple[int, int], Days]]:
    """What each firm would have sent month by month, and own days late by (firm, client)."""
    uploads: list[UploadInWindow] = []
    late: dict[tuple[int, int], Days] = {}
    joins = listed.first_months()
    for firm in range(len(listed.firms)):
        identity = (firm + 1).to_bytes(16, "big")
        for month in range(joins[firm], months[-1] + 1):
            clients, invoices = listed.ledger(firm, month)
            imported = from_invoices(clients, invoices, month, 1)
            upload = as_upload(identity, joins[firm] + 1, month, imported, pseudonyms)
            uploads += [] if upload is None else [upload]
        clients, invoices = listed.ledger(firm, months[-1])
        whole = from_invoices(clients, invoices, months[-1], len(months))
        values, _ = own_values(whole.months, len(whole.clients), months[-1], len(months))
        for place, client in enumerate(whole.clients):
            late[firm, names[client.identifier]] = values[place]
    return uploads, late


def _row(alert) -> tuple[object, ...]:
    name = np.frombuffer(alert.pseudonym, "V32")[0]
    return name, KINDS.index(alert.kind), alert.month, alert.size_days, alert.ends_at_days or 0


def decline(late: Days) -> int:
    """The first month of a lasting rise, -1 where there is none."""
    for month in range(BEFORE_MONTHS, len(late) - LASTING + 1):
        before, after = late[month - BEFORE_MONTHS : month], late[month : month + LASTING]
        usual = np.nanmedian(before) if (~np.isnan(before)).sum() >= BEFORE_MONTHS // 2 else np.nan
        if (after >= usual + RISE_DAYS).all():
            return month
    return -1


def _told(listed, months, history, found, late) -> str:
    worse = {(client, month) for client, month, kind in found if kind in {"drift", "shock"}}
    cells = sum(len(one) for _, one in history)
    declines = {relation: at for relation, values in late.items() if (at := decline(values)) >= 0}
    table = np.stack(list(late.values()))
    lines = [
        (
            f"Real invoices: {len(listed.firms)} firms, {len(listed.clients)} clients, {len(months)} months; "
            f"{cells} published cells of {len(listed.clients) * len(months)} client-months."
        ),
        (
            f"Relations whose own days late rose by {RISE_DAYS:g} for {LASTING} months, seen afterwards: "
            f"{len(declines)} of {len(late)}. Drifts and jumps told: {len(worse)}."
        ),
    ]
    near = sum(
        any((client, at + off) in worse for off in range(-3, 4)) for (_, client), at in declines.items()
    )
    lines.append(f"Vigie's alerts within three months of one: {near} of {len(declines)}.")
    for name, rule, threshold in (
        ("own three-month mean on the three before, 20 days", three_month_mean, 20.0),
        ("own three-month mean on the year before, 16 days", against_year, 16.0),
    ):
        hits = onsets(rule(table), threshold)
        place = {relation: row for row, relation in enumerate(late)}
        caught = sum(hits[place[one], max(0, at - 3) : at + 4].any() for one, at in declines.items())
        lines.append(f"{name}: {caught} of {len(declines)}, {int(hits.sum())} onsets in all.")
    return "\n".join(lines)
