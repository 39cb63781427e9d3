"""What leaves, in the clear, and what of a month sent before would change: client by client, field by field.

Knows: names, for the person at this machine alone. Pure: from the book before and after, and the months that
a push would send.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from benchmark.upload import FIELDS, INCIDENTS, Rows, decode, known, month_text
from member.book import Client, Contents
from member.identify_review import safe
from member.push import MonthChange

Kind = Literal["added", "changed", "removed"]
Value = int | None

MONEY: Final = frozenset(
    (
        "sales",
        "outstanding",
        "not_due",
        "late_1_30",
        "late_31_60",
        "late_61_90",
        "late_91_plus",
        "paid",
        "disputed",
    )
)
MONEY_DAYS: Final = frozenset(("paid_days_late", "paid_days_to_pay", "open_late_days"))
FIELD_WORDS: Final[dict[str, tuple[str, str]]] = {
    "sales": ("invoiced", "facturé"),
    "outstanding": ("outstanding", "encours"),
    "not_due": ("not due", "non échu"),
    "late_1_30": ("1-30 days late", "1 à 30 jours de retard"),
    "late_31_60": ("31-60 days late", "31 à 60 jours de retard"),
    "late_61_90": ("61-90 days late", "61 à 90 jours de retard"),
    "late_91_plus": ("over 90 days late", "plus de 90 jours de retard"),
    "paid": ("paid", "payé"),
    "paid_days_late": ("paid x days late", "payé x jours de retard"),
    "paid_days_to_pay": ("paid x days to pay", "payé x jours de paiement"),
    "open_late_days": ("open x days late", "ouvert x jours de retard"),
    "disputed": ("disputed", "en litige"),
    "dso": ("DSO", "DSO"),
    "terms_days": ("terms", "délai convenu"),
    "terms_kind": ("kind of terms", "type de délai"),
    "incident": ("incident", "incident"),
    "factored": ("factored", "affacturé"),
    "sector": ("sector", "secteur"),
    "region": ("region", "région"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One client in one month that was sent before. fields: name -> (before, after), those that differ."""

    month: int
    client: str
    identifier: str
    kind: Kind
    fields: Mapping[str, tuple[Value, Value]]


def past(changes: Iterable[MonthChange]) -> list[MonthChange]:
    """Changes to months that were sent before, and whose content differs."""
    return [one for one in changes if not one.fresh and (one.added or one.changed or one.removed)]


def differences(before: Contents, after: Contents, changes: Iterable[MonthChange]) -> list[Difference]:
    """What the changed past months say otherwise, by month and name.

    `before` is the book that says what was sent, `after` the one with the import's clients.
    """
    names = {**before.by_pseudonym(), **after.by_pseudonym()}
    found = []
    for change in past(changes):
        old = _by_pseudonym(decode(before.sent[change.month]).rows) if change.month in before.sent else {}
        new = _by_pseudonym(decode(change.encoded).rows)
        for pseudonym in old.keys() | new.keys():
            values = _differing(old.get(pseudonym), new.get(pseudonym))
            if values:
                kind: Kind = (
                    "added" if pseudonym not in old else "removed" if pseudonym not in new else "changed"
                )
                client = names.get(pseudonym)
                found.append(Difference(change.month, *_named(client), kind, values))
    return sorted(found, key=lambda one: (one.month, one.client.casefold(), one.identifier))


def _named(client: Client | None) -> tuple[str, str]:
    return ("?", "?") if client is None else (client.name, client.identifier)


def _by_pseudonym(rows: Rows) -> dict[bytes, dict[str, Value]]:
    present = {name: known(rows, name) for name, _ in FIELDS}
    return {
        row["pseudonym"].tobytes(): {
            name: int(row[name]) if present[name][at] else None for name, _ in FIELDS
        }
        for at, row in enumerate(rows)
    }


def _differing(
    old: Mapping[str, Value] | None, new: Mapping[str, Value] | None
) -> dict[str, tuple[Value, Value]]:
    pairs = {
        name: (None if old is None else old[name], None if new is None else new[name]) for name, _ in FIELDS
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# ---- in the clear


def clear_rows(after: Contents, changes: Sequence[MonthChange]) -> list[dict[str, Any]]:
    """Every row that leaves, with the client's name beside the pseudonym that goes in its place."""
    names = after.by_pseudonym()
    found = []
    for change in changes:
        for pseudonym, values in _by_pseudonym(decode(change.encoded).rows).items():
            name, identifier = _named(names.get(pseudonym))
            found.append(
                {"month": month_text(change.month), "client": name, "identifier": identifier, **values}
            )
    return sorted(found, key=lambda one: (one["month"], str(one["client"]).casefold(), one["identifier"]))


def clear_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as a spreadsheet: semicolons, UTF-8 with BOM; amounts in cents, as they leave."""
    out = io.StringIO()
    names = ["month", "client", "identifier", *(name for name, _ in FIELDS)]
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "client": safe(str(row["client"]))} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def shown(name: str, value: Value, lang: str) -> str:
    """A field's value as people read it, in the language's manner."""
    french = lang == "fr"
    if value is None:
        return "–"
    if name in MONEY:
        return _number(value / 100, 2, french=french) + (" €" if french else " EUR")
    if name in MONEY_DAYS:
        return _number(value / 100, 0, french=french) + (" €·j" if french else " EUR·d")
    if name == "dso":
        return _number(value / 10, 1, french=french) + (" j" if french else " d")
    if name == "incident":
        return INCIDENTS[value] if value < len(INCIDENTS) else str(value)
    return str(value)


def _number(value: float, digits: int, *, french: bool) -> str:
    text = f"{value:,.{digits}f}"
    return text.replace(",", " ").replace(".", ",") if french else text


def lines(found: Sequence[Difference], lang: str) -> list[str]:
    """One line a client and month: what was sent, what would be."""
    french = lang == "fr"
    words = {
        "added": ("new", "nouveau"),
        "changed": ("changed", "modifié"),
        "removed": ("left out", "retiré"),
    }
    said = []
    for one in found:
        pairs = [
            f"{FIELD_WORDS[name][french]} {shown(name, before, lang)} → {shown(name, after, lang)}"
            for name, (before, after) in one.fields.items()
        ]
        what = "; ".join(pairs) if one.kind == "changed" else words[one.kind][french]
        said.append(f"  {month_text(one.month)}  {one.client}: {what}")
    return said


def as_json(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """For programs: cents, tenths of a day; null: unknown, or not there."""
    return [
        {
            "month": month_text(one.month),
            "client": one.client,
            "identifier": one.identifier,
            "kind": one.kind,
            "fields": {
                name: {"before": before, "after": after} for name, (before, after) in one.fields.items()
            },
        }
        for one in found
    ]
