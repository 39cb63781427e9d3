"""A preview shows exactly what would leave, and asks nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmark.problems import Problem
from member.preview import preview
from member.push import push
from tests.member.conftest import DECEMBER, ledger, transport_of

if TYPE_CHECKING:
    from tests.member.conftest import Firms

NEEDED = {"source", "clients", "invoices", "open", "disputed", "outstanding_cents", "problems"}


def test_a_file_is_counted_without_any_home() -> None:
    imported = ledger([1, 2, 3], late=40)
    found = preview(imported, "ledger.csv").as_json()
    assert set(found) >= NEEDED
    assert (found["source"], found["clients"], found["invoices"], found["open"]) == ("ledger.csv", 3, 9, 3)
    assert found["disputed"] == 0
    assert found["outstanding_cents"] == 3 * 1000_00
    assert [month["month"] for month in found["months"]] == ["2025-10", "2025-11", "2025-12"]
    assert found["problems"] == []
    assert "pseudonym" in found["fields"]
    assert not {"name", "identifier"} & set(found["fields"])


def test_a_problem_is_told_with_its_place_in_both_languages() -> None:
    bad = replace(
        ledger([1]), problems=[Problem("amount-invalid", 3, "amount", "12,x", "1234,56", "Montant TTC")]
    )
    for lang, row in (("en", "Row 3"), ("fr", "Ligne 3")):
        problem = preview(bad, "ledger.csv").as_json(lang)["problems"][0]
        assert (problem["row"], problem["column"], problem["found"]) == (3, "Montant TTC", "12,x")
        assert problem["blocking"]
        assert problem["text"].startswith(row)


def test_what_is_shown_is_what_is_sent(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    imported = ledger([2, 3], euros=50)
    loaded, transport = firms.again(member)
    shown = preview(imported, "ledger.csv", loaded)
    assert transport.asked == []
    sent = push(loaded, imported)
    assert [(one.month, one.rows, one.added, one.changed) for one in shown.months] == [
        (one.month, one.rows, one.added, one.changed) for one in sent.months
    ]
    assert [len(one.encoded) for one in shown.months] == [len(one.encoded) for one in sent.months]
    assert shown.new_identifiers == sent.evaluated == 1
    again = preview(imported, "ledger.csv", loaded)
    assert again.months == []
    assert again.unchanged == [DECEMBER - 2, DECEMBER - 1, DECEMBER]


def test_confidential_clients_are_counted_and_do_not_leave(firms: Firms) -> None:
    member = firms.firm()
    imported = ledger([1, 2])
    hidden = replace(imported, clients=[replace(imported.clients[0], confidential=True), imported.clients[1]])
    asked = len(transport_of(member).asked)
    found = preview(hidden, "ledger.csv", member)
    assert (found.confidential, found.new_identifiers) == (1, 1)
    assert {month.rows for month in found.months} == {1}
    assert len(transport_of(member).asked) == asked
