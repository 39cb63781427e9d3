"""The page computes an invoice list's contributions as Python does, on ledgers that nobody chose."""

import json
import subprocess

import numpy as np
import pytest

import hatch_build
from benchmark.ledger import Invoices, contributions
from benchmark.upload import FIELDS, known, month_index

THROUGH = month_index(2026, 10)
CLIENTS = 9


def _ledger(seed: int, count: int) -> Invoices:
    rng = np.random.default_rng(seed)
    first = np.datetime64("2023-11-01")
    invoiced = first + rng.integers(0, 1_090, count)
    terms = rng.choice([0, 14, 30, 45, 60, 37], count)
    end_of_month = (invoiced.astype("M8[M]") + 1).astype("M8[D]") - 1
    due = np.where(rng.random(count) < 0.3, end_of_month + terms, invoiced + terms)
    settled = np.maximum(invoiced, due + rng.integers(-20, 120, count)).astype("M8[D]")
    settled[rng.random(count) < 0.2] = np.datetime64("NaT")
    cents = rng.integers(1, 9_000_000, count)
    cents[rng.random(count) < 0.1] *= -1
    return Invoices(
        rng.integers(0, CLIENTS, count).astype(np.int32),
        cents,
        invoiced,
        due,
        settled,
        rng.random(count) < 0.1,
    )


def _python(ledger: Invoices) -> set[str]:
    rows = set()
    for month, (clients, figures) in contributions(ledger, CLIENTS, THROUGH, 24).items():
        present = {name: known(figures, name) for name, _ in FIELDS}
        for at, client in enumerate(clients.tolist()):
            told = {name: int(figures[name][at]) for name, _ in FIELDS if present[name][at]}
            rows.add(json.dumps([month, client, told], separators=(",", ":")))
    return rows


@pytest.mark.parametrize(("seed", "count"), [(1, 1), (2, 40), (3, 900)])
def test_an_invoice_list_gives_the_same_contributions_in_the_page(seed: int, count: int) -> None:
    ledger = _ledger(seed, count)
    epoch = np.datetime64("1970-01-01")
    asked = {
        "through": THROUGH,
        "months": 24,
        "disputes": True,
        "invoices": [
            {
                "client": int(ledger.client[at]),
                "cents": int(ledger.cents[at]),
                "invoiced": int((ledger.invoiced[at] - epoch).astype(int)),
                "due": int((ledger.due[at] - epoch).astype(int)),
                "settled": None
                if np.isnat(ledger.settled[at])
                else int((ledger.settled[at] - epoch).astype(int)),
                "disputed": bool(ledger.disputed[at]),
            }
            for at in range(count)
        ],
    }
    hatch_build.install()
    finished = subprocess.run(
        [str(hatch_build.node_folder() / "bin/node"), "tests/ledger.run.ts"],
        cwd=hatch_build.WEB,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    page = {json.dumps(row, separators=(",", ":")) for row in json.loads(finished.stdout)}
    assert page == _python(ledger)
