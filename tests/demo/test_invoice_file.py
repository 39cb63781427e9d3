"""The file to try an upload with is one that the agent reads, to the same figures."""

from datetime import date
from pathlib import Path

import numpy as np

from demo import invoice_file, ledgers, world
from member.import_file import Options, read_file
from member.imported import from_invoices

FIGURES = (
    "sales",
    "outstanding",
    "paid",
    "paid_days_late",
    "open_late_days",
    "late_1_30",
    "late_91_plus",
    "dso",
)


def test_the_agent_reads_it_to_the_figures_that_were_pushed(tmp_path: Path) -> None:
    plan = world.build(world.SMALL)
    month = plan.scale.first_month + plan.scale.months - 1
    accounts = ledgers.ledger(plan, ledgers.write(plan), 0, month)
    path = tmp_path / "invoices.csv"
    invoice_file.write(path, accounts)
    read = read_file(path, options=Options(today=date(2026, 11, 12), through_month=month, months=2))
    assert read.ok, read.problems[:3]
    pushed = from_invoices(*accounts, month, 2)
    assert read.months.keys() == pushed.months.keys()
    for each, (places, rows) in pushed.months.items():
        other_places, other_rows = read.months[each]
        own = {pushed.clients[place].identifier: row for place, row in zip(places, rows, strict=True)}
        others = {
            read.clients[place].identifier: row for place, row in zip(other_places, other_rows, strict=True)
        }
        assert own.keys() == others.keys()
        for identifier, row in own.items():
            assert [row[name] for name in FIGURES] == [others[identifier][name] for name in FIGURES]


def test_open_invoices_have_no_date_of_payment(tmp_path: Path) -> None:
    plan = world.build(world.SMALL)
    month = plan.scale.first_month + 1
    accounts = ledgers.ledger(plan, ledgers.write(plan), 0, month)
    invoice_file.write(tmp_path / "deep" / "invoices.csv", accounts)
    lines = (tmp_path / "deep" / "invoices.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(accounts[1].cents)
    assert sum(line.split(";")[6] == "" for line in lines) == np.isnat(accounts[1].settled).sum() > 0
