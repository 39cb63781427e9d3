"""What a push would send, without sending it: nothing is asked of the network or of a key holder.

Knows: the import, and the book as this home last saw it. Clients whose pseudonym is not known yet are counted
with a stand-in that never leaves this function.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmark.problems import Problem, tell
from benchmark.upload import FIELDS, month_text
from member import ceilings, difference
from member.book import Contents, with_imported
from member.imported import Imported
from member.push import MonthChange, in_parts, plan, unasked

if TYPE_CHECKING:
    from member.keystore import Member

LEAVES: Final = ("pseudonym", *(name for name, _ in FIELDS))


@dataclass(frozen=True, slots=True)
class Preview:
    """What is in the file and what of it would leave. `months` is None without an enrolled home.

    before, after: the book as it is, and as the push would leave it.
    """

    source: str
    imported: Imported
    months: list[MonthChange] | None
    unchanged: list[int]
    new_identifiers: int
    confidential: int
    before: Contents = field(default_factory=Contents)
    after: Contents = field(default_factory=Contents)

    @property
    def changed_past(self) -> list[difference.Difference]:
        """What would be said otherwise of months that were sent before."""
        return difference.differences(self.before, self.after, self.months or [])

    @property
    def ok(self) -> bool:
        """Whether a push would be taken up: wrong rows may have been left out, and said so."""
        return bool(self.imported.months)

    @property
    def bytes_leaving(self) -> int:
        """Of the uploads; identifiers leave blinded, 32 bytes each."""
        return sum(len(change.encoded) for change in self.months or [])

    def as_json(self, lang: str = "en") -> dict[str, Any]:
        """For programs: counts, months, problems. Amounts in cents; null: the file does not tell.

        clients counts every client account of the file, identified or not; letterings and days to pay are
        those of a ledger.
        """
        summary = self.imported.summary
        through = summary.get("through_month")
        return {
            "source": self.source,
            "ok": self.ok,
            "kind": summary.get("kind"),
            "clients": summary.get("clients", len(self.imported.clients)),
            "confidential": self.confidential,
            "invoices": summary.get("invoices"),
            "open": summary.get("open"),
            "disputed": summary.get("disputed"),
            "letterings": summary.get("letterings"),
            "balanced_letterings": summary.get("balanced_letterings"),
            "weighted_days_to_pay": summary.get("weighted_days_to_pay"),
            "outstanding_cents": _outstanding(self.imported),
            "left_out": left_out(self.imported),
            "terms_over_ceiling": ceilings.as_json(summary.get("terms_over_ceiling", [])),
            "through": None if through is None else month_text(through),
            "rows_read": summary.get("rows_read"),
            "rows_refused": summary.get("rows_refused"),
            "months": months_json(self.months) if self.months is not None else _months_alone(self.imported),
            "unchanged": [month_text(month) for month in self.unchanged],
            "changed_past": difference.as_json(self.changed_past),
            "new_identifiers": self.new_identifiers,
            "transactions": len(in_parts(self.months or [])),
            "bytes": self.bytes_leaving,
            "fields": list(LEAVES),
            "problems": problems_json(self.imported.problems, lang),
        }


def preview(
    imported: Imported, source: str, member: Member | None = None, *, replace: bool = False
) -> Preview:
    """Against the home's copy of the book; without a member, the file alone. `replace` as for a push."""
    confidential = sum(client.confidential for client in imported.clients)
    wanted = unasked(Contents(), imported, {})
    if member is None or not imported.months:
        return Preview(source, imported, None, [], len(wanted), confidential)
    known = member.shelf.contents
    wanted = unasked(known, imported, member.shelf.pending)
    stand_ins = {one: hashlib.sha256(b"preview\0" + one.encode()).digest() for one in wanted}
    contents = with_imported(known, imported.clients, {**member.shelf.pending, **stand_ins})
    current = {month: digest for month in known.sent if (digest := known.digest_of(month))}
    months, unchanged = plan(member, contents, current, imported, replace=replace)
    hidden = {client.identifier for client in contents.clients.values() if client.confidential}
    confidential = sum(client.identifier in hidden for client in imported.clients)
    return Preview(source, imported, months, unchanged, len(wanted), confidential, known, contents)


def left_out(imported: Imported) -> list[dict[str, Any]]:
    """Who of the file is in no cell, and why: no identifier, confidential, or sold to a factor."""
    reasons = {client.identifier: "confidential" for client in imported.clients if client.confidential}
    for there, rows in imported.months.values():
        for place in there[rows["factored"] > 0].tolist():
            reasons.setdefault(imported.clients[place].identifier, "factored")
    found = [
        {"account": one.account, "name": one.name, "reason": "no-identifier"}
        for one in imported.accounts
        if one.identifier is None
    ]
    return found + [
        {"account": client.account, "name": client.name, "reason": reasons[client.identifier]}
        for client in imported.clients
        if client.identifier in reasons
    ]


def _outstanding(imported: Imported) -> int | None:
    """At the end of the last month, all clients together."""
    given = imported.summary.get("outstanding")
    if given is not None or not imported.months:
        return given
    _, rows = imported.months[max(imported.months)]
    return int(rows["outstanding"].sum())


def _months_alone(imported: Imported) -> list[dict[str, Any]]:
    return [
        {"month": month_text(month), "rows": len(rows)}
        for month, (_, rows) in sorted(imported.months.items())
    ]


def months_json(months: list[MonthChange]) -> list[dict[str, Any]]:
    """Months as they leave, or left."""
    return [
        {
            "month": month_text(change.month),
            "rows": change.rows,
            "added": change.added,
            "changed": change.changed,
            "removed": change.removed,
            "first": change.fresh,
        }
        for change in months
    ]


def problems_json(problems: list[Problem], lang: str) -> list[dict[str, Any]]:
    """Problems with their place, and told."""
    return [
        {
            "code": problem.code,
            "row": problem.row,
            "column": problem.column,
            "document": problem.document,
            "field": problem.field,
            "found": problem.found,
            "expected": problem.expected,
            "blocking": not problem.notice,
            "text": tell(problem, lang),
        }
        for problem in problems
    ]
