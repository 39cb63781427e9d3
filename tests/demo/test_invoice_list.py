"""A real invoice list is read whole or refused with the row that is wrong."""

from pathlib import Path

import numpy as np
import pytest

from demo import sirens
from demo.invoice_list import COLUMNS, ListRefused, read

HEADING = "Country,Customer,Inv nbr,Inv date,Due date,Inv tot amt,Revtype,Settled date,Disputenumber"
ROWS = (
    "Spain,Second client,1,2024-02-10,2024-03-11,100.10,AAA,2024-03-20,",
    "Spain,First client,2,2024-01-31,2024-03-01,2000,BBB,,77.0",
    "Spain,First client,3,2024-02-01,2024-03-02,-50.05,AAA,2024-02-02,",
)


def _file(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join((heading, *rows)), encoding="utf-8")
    return path


def test_revenue_types_become_firms_and_customers_clients_with_fictional_numbers(tmp_path: Path) -> None:
    listed = read(_file(tmp_path, *ROWS))
    assert listed.firms == ["AAA", "BBB"]
    assert listed.clients == ["First client", "Second client"]
    assert listed.first_months() == {0: 2024 * 12 + 1, 1: 2024 * 12}
    assert (listed.first_month, listed.last_month) == (2024 * 12, 2024 * 12 + 1)
    clients, invoices = listed.ledger(0, 2024 * 12 + 1)
    assert [client.name for client in clients] == ["First client", "Second client"]
    assert all(sirens.fictional(client.identifier.removeprefix("fr.siren:")) for client in clients)
    assert invoices.cents.tolist() == [-5005, 10010]


def test_a_ledger_of_an_earlier_month_does_not_know_the_payment(tmp_path: Path) -> None:
    listed = read(_file(tmp_path, *ROWS))
    _, february = listed.ledger(0, 2024 * 12 + 1)
    _, march = listed.ledger(0, 2024 * 12 + 2)
    assert np.isnat(february.settled).tolist() == [False, True]
    assert np.isnat(march.settled).tolist() == [False, False]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(ListRefused, match=column):
        read(_file(tmp_path, *ROWS, heading=HEADING.replace(column, "else")))


@pytest.mark.parametrize(
    "row",
    [
        "Spain,A,1,10/02/2024,2024-03-11,100,AAA,,",
        "Spain,A,1,2024-02-10,,100,AAA,,",
        "Spain,A,1,2024-02-10,2024-03-11,a lot,AAA,,",
        "Spain,A,1",
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(ListRefused, match="row 3"):
        read(_file(tmp_path, ROWS[0], row))


def test_an_absent_or_an_empty_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ListRefused, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(ListRefused, match="no invoices"):
        read(_file(tmp_path))
