"""The page reads a ledger as the agent does: made-up books of every kind, and the public examples."""

import base64
import json
import os
import random
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import hatch_build
from benchmark.problems import blocking
from benchmark.upload import FIELDS, known
from member.client_list import Known, account_key
from member.connectors.fec import Terms
from member.import_file import Options, read_bytes
from member.imported import Imported, last_complete_month
from tests.member.connectors.documents import invoice, status
from tests.member.connectors.ledgers import FORGE, KNOWN, MOULIN, OPTIONS, Fec
from tests.member.connectors.test_ledger_exports import LEDGERS
from tests.member.exports_reports import CLIENT_LEDGERS
from tests.member.test_bad_files import FILES, zipped
from tests.member.test_exports import BALANCES, LISTS
from tests.member.test_import_file import HEADINGS, ROWS, as_csv, as_xlsx
from tests.member.test_invoice_kinds import HEADINGS as KIND_HEADINGS
from tests.member.test_invoice_kinds import LINES, row

EPOCH = date(1970, 1, 1)


def in_the_page(cases: list[tuple[list[bytes], Options]], name: str = "{}.txt") -> list[dict]:
    """What the page makes of each case: files (the newest first), called by their place, and options."""
    asked = [
        {
            "files": [
                {"name": name.format(at), "base64": base64.b64encode(data).decode()}
                for at, data in enumerate(files)
            ],
            "today": (options.today - EPOCH).days,
            "last": last_complete_month(options.today),
            "terms": None
            if options.terms is None
            else {"days": options.terms.days, "kind": options.terms.kind},
            "book": [
                [
                    account,
                    {
                        "identifier": one.identifier,
                        "termsDays": one.terms_days,
                        "termsKind": one.terms_kind,
                    },
                ]
                for account, one in options.accounts.items()
            ],
        }
        for files, options in cases
    ]
    hatch_build.install()
    finished = subprocess.run(
        [str(hatch_build.node_folder() / "bin/node"), "tests/import.run.ts"],
        cwd=hatch_build.WEB,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def rows_of(imported: Imported) -> list:
    rows = []
    for month, (place, figures) in sorted(imported.months.items()):
        present = {name: known(figures, name) for name, _ in FIELDS}
        for at, client in enumerate(place.tolist()):
            told = {name: int(figures[name][at]) for name, _ in FIELDS if present[name][at]}
            rows.append([month, imported.clients[client].identifier, told])
    return sorted(rows, key=lambda row: row[:2])


def test_lists_figures_and_documents_give_the_same_contributions_in_the_page() -> None:
    figures = [
        ["SIREN", "Mois", "CA", "Encours", "Non échu", "1-15", "16-30", "31-60", "61-90", "+90", "Incident"]
    ]
    figures += [
        [
            "100000009",
            f"{month:02}/2025",
            "1 000,00",
            "900,00",
            "500,00",
            "100,00",
            "100,00",
            "200",
            "0",
            "0",
            word,
        ]
        for month, word in ((8, ""), (9, "impayé"), (10, "non"))
    ]
    aged = [
        ["Balance âgée au 31/10/2025"],
        [],
        ["Compte", "Nom", "SIREN", "Total", "Non échu", "0-30", "31-60", "61-90", "> 90"],
    ]
    aged += [
        ["C1", "Moulin fictif", "100000009", "10", "4", "3", "2", "1", "0"],
        ["TOTAL", "", "", "10", "4", "3", "2", "1", "0"],
    ]
    remaining = [
        [*row, left, status]
        for row, left, status in zip(ROWS, ("0", "300,50", "300"), ("payée", "", "ouverte"), strict=True)
    ]
    listed = [HEADINGS, *ROWS]
    statuses = {
        "1.xml": invoice(),
        "2.xml": status("F1", "207", "2025-02-01"),
        "3.xml": status("F1", "212", "2025-02-19"),
    }
    autumn = Options(today=date(2025, 11, 20))
    cases = [
        (as_csv(listed), autumn),
        (as_xlsx(listed, above=[["Liste des factures"], []]), autumn),
        (as_csv(listed, ",", "utf-8"), autumn),
        (as_csv([[*HEADINGS, "Reste dû", "Statut"], *remaining]), autumn),
        (as_csv([[*row[:7], row[8]] for row in listed]), autumn),
        (as_csv(figures), autumn),
        (as_csv(aged), autumn),
        (invoice(), autumn),
        (zipped(statuses), autumn),
    ]
    for (data, options), told in zip(
        cases, in_the_page([([data], options) for data, options in cases]), strict=True
    ):
        imported = read_bytes(data, None, options, name="0.txt")
        assert imported.ok, imported.problems
        assert rows_of(imported)
        assert sorted(told["rows"], key=lambda row: row[:2]) == rows_of(imported)


def test_a_bad_file_is_refused_in_the_page_for_the_reason_that_the_agent_gives() -> None:
    """But for two: the page asks for identifiers in its next step, and refuses a document type anywhere."""
    wanted = {what: code for what, (_, code) in FILES.items()} | {
        "an entity bomb in a workbook": "xml-not-safe"
    }
    del wanted["nobody identified"]
    options = Options(today=date(2025, 11, 20))
    told = in_the_page([([FILES[what][0]], options) for what in wanted])
    refused = [[one["code"] for one in answer.get("refused", [])] for answer in told]
    assert {
        what: codes for (what, code), codes in zip(wanted.items(), refused, strict=True) if code not in codes
    } == {}


def alike(case: tuple[list[bytes], Options], told: dict) -> None:
    (newest, *before), options = case
    imported = read_bytes(newest, None, options, before)
    if not imported.ok and not imported.accounts:
        assert [one["code"] for one in told["refused"]] == [one.code for one in imported.problems]
        assert [one.get("row") for one in told["refused"]] == [one.row for one in imported.problems]
        return
    summary = imported.summary
    shown = told["summary"]
    assert shown["accounts"] == summary["clients"]
    assert shown["outstandingCents"] == summary["outstanding"]
    assert [shown[name] for name in ("invoices", "open", "letterings", "balancedLetterings")] == [
        summary[name] for name in ("invoices", "open", "letterings", "balanced_letterings")
    ]
    if summary["weighted_days_to_pay"] is not None:
        assert abs(shown["weightedDaysToPay"] - summary["weighted_days_to_pay"]) < 0.051
    if imported.ok:
        assert sorted(told["rows"], key=lambda row: row[:2]) == rows_of(imported)


def book(seed: int) -> Fec:
    """A year of two clients in which everything happens that a ledger can tell."""
    rng = random.Random(seed)
    ledger = Fec()
    day = date(2025, 1, 2)
    codes = iter(f"{first}{second}" for first in "ABCDEFGHIJ" for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if rng.random() < 0.5:
        ledger.entry("AN", day.isoformat(), ("411000", "CMOUL", 450, "ZZ"), ("120000", "", -450))
    for _ in range(rng.randrange(20, 70)):
        day = min(day + timedelta(days=rng.randrange(0, 8)), date(2025, 12, 30))
        later = min(day + timedelta(days=rng.randrange(1, 70)), date(2025, 12, 31))
        who = rng.choice(["CMOUL", "CFORG"])
        euros = rng.choice([100, 240, 240.5, 1200, 99.99])
        code = next(codes) if rng.random() < 0.5 else ""
        kind = rng.randrange(9)
        if kind < 3:
            ledger.invoice(day.isoformat(), who, euros, code)
            if rng.random() < 0.8:
                ledger.paid(later.isoformat(), who, euros * rng.choice([1, 1, 0.5]), code)
        elif kind == 3:
            ledger.paid(day.isoformat(), who, euros)
        elif kind == 4:
            ledger.entry(
                "VE", day.isoformat(), ("411000", who, -euros, code), ("706000", "", euros), label="Avoir"
            )
        elif kind == 5:
            label = rng.choice(["Impayé prélèvement", "Rejet effet", "Remboursement"])
            ledger.invoice(day.isoformat(), who, euros)
            ledger.paid(day.isoformat(), who, euros)
            ledger.entry("BQ", later.isoformat(), ("411000", who, euros), ("512000", "", -euros), label=label)
        elif kind == 6:
            ledger.entry(
                "EF", day.isoformat(), ("413000", rng.choice(["", who]), euros), ("411000", who, -euros)
            )
            ledger.entry("BQ", later.isoformat(), ("512000", "", euros), ("413000", "", -euros))
        elif kind == 7:
            ledger.entry("OD", day.isoformat(), ("654000", "", euros), ("411000", who, -euros, code))
        else:
            ledger.entry("BQ", day.isoformat(), ("512000", "", euros), ("419100", who, -euros))
            ledger.entry("OD", later.isoformat(), ("419100", who, euros), ("411000", who, -euros))
    return ledger


def test_a_ledger_gives_the_same_contributions_in_the_page() -> None:
    unknown = replace(OPTIONS, accounts={"CMOUL": KNOWN["CMOUL"]})
    dateless = {"CMOUL": Known(MOULIN), "CFORG": Known(FORGE)}
    cases = [([book(seed).bytes()], OPTIONS) for seed in range(25)]
    cases += [
        ([book(3).bytes("cp1252", delimiter="|", end="\n")], unknown),
        ([book(4).bytes("utf-16", lower=True)], replace(OPTIONS, accounts=dateless)),
        (
            [book(5).bytes("utf-8-sig", delimiter=";", pad=True)],
            replace(OPTIONS, accounts=dateless, terms=Terms(45, 1)),
        ),
        ([book(6).bytes() + b"\x1a"], replace(OPTIONS, accounts=dateless, terms=Terms(30, 2))),
        ([book(7).bytes()[:-900]], OPTIONS),
        ([b"JournalCode\tEcritureDate\tCompteNum\tDebit\tCredit\nVE\t20250101\t706000\t0\t1\n"], OPTIONS),
        ([book(8).bytes().replace(b"2025", b"2031")], OPTIONS),
        ([book(9).bytes().replace(b"\t99,99", b"\tninety")], OPTIONS),
    ]
    after = Fec().entry("AN", "2026-01-01", ("411000", "CMOUL", 600), ("101000", "", -600))
    after.paid("2026-01-20", "CMOUL", 240).invoice("2026-01-22", "CFORG", 99.99)
    cases.append(([after.bytes(), book(10).bytes()], OPTIONS))
    cases.append(([after.bytes(), Fec().invoice("2024-01-05", "CMOUL", 10).bytes()], OPTIONS))
    for case, told in zip(cases, in_the_page(cases), strict=True):
        alike(case, told)


def test_the_public_ledgers_give_the_same_contributions_in_the_page() -> None:
    here = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("VIGIE_SHARED_DATA") or here) / "fec"
    files = sorted(folder.glob("*FEC*.[tT][xX][tT]")) if folder.is_dir() else []
    if not files:
        pytest.skip("the public ledgers are not here (set VIGIE_SHARED_DATA to their folder)")
    cases = []
    for path in files:
        data = path.read_bytes()
        accounts = {
            one.account: Known(f"fr.siren:{at:09}", terms_days=30)
            for at, one in enumerate(read_bytes(data, None, OPTIONS).accounts, start=100)
        }
        cases.append(([data], replace(OPTIONS, accounts=accounts)))
    for case, told in zip(cases, in_the_page(cases), strict=True):
        alike(case, told)


def test_the_public_lists_and_documents_give_the_same_contributions_in_the_page() -> None:
    here = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("VIGIE_SHARED_DATA") or here)
    lists = sorted((folder / "invoices").glob("*")) if folder.is_dir() else []
    if not lists:
        pytest.skip("the public examples are not here (set VIGIE_SHARED_DATA to their folder)")
    documents = [
        path
        for kind in ("cii", "ubl", "facturx")
        for path in sorted((folder / "einvoices" / kind).rglob("*.*"))
    ]
    cases = []
    for path in [*lists, *documents]:
        data = path.read_bytes()
        if len(data) > 3_000_000:
            continue
        accounts = {
            account_key(one.account): Known(f"fr.siren:{at:09}")
            for at, one in enumerate(read_bytes(data, None, OPTIONS).accounts, start=100)
        }
        cases.append(([data], replace(OPTIONS, accounts=accounts)))
    compared = 0
    for (files, options), told in zip(cases, in_the_page(cases), strict=True):
        imported = read_bytes(files[0], None, options, name="0.txt")
        wrong = {one.code for one in blocking(imported.problems)}
        if wrong:
            assert wrong & {one["code"] for one in told["refused"]}
            continue
        assert sorted(told["rows"], key=lambda row: row[:2]) == rows_of(imported)
        compared += 1
    assert compared >= 8


def test_every_export_is_read_in_the_page_as_by_the_agent() -> None:
    """Some hundred lists, balances and ledgers as programs write them: not one is left to the agent."""
    autumn, name = Options(today=date(2025, 11, 20)), "2025-10 {}.txt"
    written = {**LISTS, **BALANCES, **CLIENT_LEDGERS}
    samples = {what: text.encode(encoding) for what, (encoding, text) in written.items()} | LEDGERS
    samples |= kinds_of_rows() | old_systems()
    cases = []
    for data in samples.values():
        accounts = {
            account_key(one.account): Known(f"fr.siren:{at:09}")
            for at, one in enumerate(read_bytes(data, None, autumn, name=name).accounts, 100)
            if not one.identifier
        }
        cases.append(([data], replace(autumn, accounts=accounts)))
    for what, (files, options), told in zip(samples, cases, in_the_page(cases, name), strict=True):
        imported = read_bytes(files[0], None, options, name=name.format(0))
        assert imported.ok, (what, imported.problems)
        assert rows_of(imported), what
        assert "refused" not in told, (what, told)
        assert sorted(told["rows"], key=lambda row: row[:2]) == rows_of(imported), what
        assert told["names"] == [one.name for one in imported.accounts], what
        if imported.summary["kind"] == "invoices":
            shown = [told["summary"][one] for one in ("accounts", "invoices", "open", "disputed")]
            assert shown == [imported.summary[one] for one in ("clients", "invoices", "open", "disputed")]
    assert len(written) == 64
    assert len(LEDGERS) == 35


def old_systems() -> dict[str, bytes]:
    """A list with accents as Windows, DOS and Macs wrote them."""
    headings = ["Raison sociale", "SIREN", "Date facture", "Échéance", "Montant TTC"]
    listed = [headings, ["Hôtel Béton Été", "100000009", "02/10/2025", "01/11/2025", "10,00"]]
    return {name: as_csv(listed, ";", name) for name in ("cp1252", "cp850", "mac_roman", "utf-8-sig")}


def kinds_of_rows() -> dict[str, bytes]:
    """Lists whose rows are not all invoices, or not whole ones."""
    both = ("F1", "10,00", "0,00"), ("F2", "30,00", "20,00")
    articles = [["C1", "100000009", number, "02/10/2025", "01/11/2025", "1"] for number in ("F1", "F1", "F2")]
    terms = ["N° client", "SIREN", "Date facture", "Conditions de paiement", "Montant TTC"]
    said = ("30 jours", "30 jours fin de mois", "comptant", "fin de mois 45 jours", "Net 60")
    told = {
        "payments": [row("F1", "1000,00", "1000,00"), row("P1", "-300,00", "0,00", "Paiement")],
        "payments not set off": [row("F1", "900", "900"), row("P2", "-200", "-200", "Paiement")],
        "unsigned": [row("F1", "1000", "1000"), row("A1", "250", "250", "Avoir")],
        "drafts": [row("F1", "10,00", "10,00"), row("F2", "10,00", "10,00", "Brouillon")],
        "closed without a date": [row(*one) for one in both],
    }
    found = {what: as_csv([KIND_HEADINGS, *rows]) for what, rows in told.items()}
    for what, amounts in (("a total", ("50", "50", "20")), ("their own", ("30", "20", "20"))):
        rows = [[*one, amount] for one, amount in zip(articles, amounts, strict=True)]
        found[f"articles with {what}"] = as_csv([LINES, *rows])
    rows = [["C1", "100000009", "02/10/2025", text, "10,00"] for text in said]
    return found | {"terms": as_csv([terms, *rows])}
