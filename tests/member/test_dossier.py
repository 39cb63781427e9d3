"""A dossier: own data and published cells, sealed by the manifests; PDF and CSV, in both languages."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pypdf
import pytest
from typer.testing import CliRunner

from benchmark.alerts import sector_subject
from benchmark.ledger import BUCKETS
from member import credit
from member.book import Client, Contents
from member.cli import app
from member.credit import Credit, Decision, PublicNotice
from member.dossier import READERS, Material, as_csv, compose
from member.dossier_pdf import as_pdf, drawable
from member.portfolio import assemble
from member.push import push
from member.releases import Published
from member.scores import assemble as score
from privacy.disclosure import CELL_DTYPE
from tests.member.conftest import DECEMBER, client, ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

WHO = client(1).identifier
PSEUDONYM = bytes(range(32))


def material(launched: Contents, *, peers: bool = True, decisions: bool = True) -> Material:
    cells = np.zeros(1, CELL_DTYPE)
    cells["pseudonym"], cells["band"] = np.frombuffer(PSEUDONYM, "V32"), 2
    cells["days_late"], cells["spread"], cells["dso"] = 31, 7, 58
    published = Published({}, {DECEMBER: cells} if peers else {}, {})
    portfolio = assemble(launched, published)
    kept = credit.with_decision(
        Credit(), WHO, Decision("2026-01-05", "a@firm.test", "limit", "=late", 500_000, 62, 600_000)
    )
    (scored,) = score(launched, portfolio, kept, {}).clients
    days = {"claim_by": "2026-03-02", "claim_safe": "2026-03-02"}
    days |= {"retention_by": "2026-04-02", "retention_safe": "2026-04-02"}
    notice = PublicNotice("A1", WHO, "2026-01-02", "Jugement d'ouverture", "Lyon", **days)
    return Material(launched, DECEMBER, scored, [], [notice], {"2025-12": "ab" * 32}, peers, decisions)


@pytest.fixture
def contents() -> Contents:
    from benchmark.upload import Upload, encode

    months, sent = ledger([1], months=7, late=20).months, {}
    for month, (_, rows) in months.items():
        own = rows.copy()
        own["pseudonym"] = np.frombuffer(PSEUDONYM, "V32")
        sent[month] = encode(Upload(bytes(16), month, "EUR", bytes(32), bytes(32), own))
    who = Client(1, "Éclair & fils <fictif>", WHO, PSEUDONYM, accounts=("C1",), terms_days=30)
    return Contents({WHO: who}, sent)


def read_csv(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_what_the_firm_decided_is_its_own_until_somebody_says_so(contents) -> None:
    made = compose(material(contents, decisions=False), "insurer", "Firm", date(2026, 1, 20), "en")
    assert "a@firm.test" not in as_csv(made).decode()
    assert "=late" not in as_csv(made).decode()


def test_where_nothing_is_owed_there_is_no_dso_not_one_of_zero(contents) -> None:
    from benchmark.upload import FIELD_BIT, Upload, decode, encode

    for month, owed in ((DECEMBER - 1, True), (DECEMBER, False)):
        rows = decode(contents.sent[month]).rows.copy()
        rows["present"] |= FIELD_BIT["dso"]
        rows["dso"] = 523 if owed else 0
        for name in ("outstanding", *BUCKETS):
            rows[name] *= owed
        contents.sent[month] = encode(Upload(bytes(16), month, "EUR", bytes(32), bytes(32), rows))
    history = material(contents).scored.line.history
    assert [history[-2].dso, history[-1].dso] == [52.3, None]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_both_forms_hold_own_figures_cells_decisions_clocks_and_the_seal(contents, lang) -> None:
    made = compose(material(contents), "insurer", "Firm (fictional)", date(2026, 1, 20), lang)
    rows = read_csv(as_csv(made), ";" if lang == "fr" else ",")
    values = {(row[1], row[2]): row[3] for row in rows[1:]}
    month, late = ("mois", "retard") if lang == "fr" else ("month", "days late")
    assert values["2025-12", late] in {"31", "20"}
    assert values["2025-11", "ventes" if lang == "fr" else "sales"] == (
        "1000,00" if lang == "fr" else "1000.00"
    )
    assert rows[-1][1:] == ["2025-12", "SHA-256", "ab" * 32]
    assert any(row[3] == "'=late" for row in rows)  # no spreadsheet takes it for a formula
    said = text_of(as_pdf(made, "cd" * 32)).replace("\n", "")
    for wanted in ("Éclair & fils <fictif>", "10-19", "ab" * 32, "cd" * 32, "31", "Firm (fictional)"):
        assert wanted in said
    assert ("assureur-crédit" if lang == "fr" else "credit insurer") in said
    assert ("déclarer votre créance" if lang == "fr" else "declare what it owes you") in said
    assert "€" in said
    assert month


def test_the_same_dossier_is_the_same_bytes(contents) -> None:
    made = compose(material(contents), "factor", "Firm", date(2026, 1, 20), "fr")
    assert as_pdf(made, "00" * 32) == as_pdf(made, "00" * 32)
    assert as_csv(made) == as_csv(made)


def test_without_peers_nothing_published_is_in_it(contents) -> None:
    made = compose(material(contents, peers=False), "collector", "Firm", date(2026, 1, 20), "en")
    text = as_csv(made).decode()
    assert made.seal == ()
    assert "Published by the network" not in text
    assert "suppliers' centre" not in text


def test_letters_of_another_script_do_not_break_the_page() -> None:
    assert drawable("Müller → Œuvre 10 €") == "Müller => Œuvre 10 €"
    assert drawable("株式会社") == "????"
    assert len(sector_subject(3)) == 32


def test_the_command_writes_two_files_and_overwrites_none(launch: Launcher, tmp_path: Path) -> None:
    from tests.member.conftest import Firms

    firms = Firms(launch("sqlite"), tmp_path)
    member = firms.firm()
    push(member, ledger([1, 2]))
    assert member.home is not None

    def typed(*words: str) -> tuple[int, str]:
        env = {"VIGIE_HOME": str(member.home.path)}
        done = CliRunner().invoke(app, ["dossier", *words, "--lang", "en"], env=env, catch_exceptions=False)
        return done.exit_code, done.stdout + done.stderr

    out = str(tmp_path / "dossier")
    code, said = typed(client(1).name, "--for", "insurer", "--out", out)
    assert code == 0, said
    table, pdf = ((tmp_path / f"dossier.{ending}").read_bytes() for ending in ("csv", "pdf"))
    assert hashlib.sha256(table).hexdigest() in text_of(pdf).replace("\n", "")
    assert client(1).name in text_of(pdf)
    assert client(2).name not in text_of(pdf) + table.decode()
    assert typed(client(1).name, "--out", out)[0] == 3
    code, said = typed(client(1).name, "--for", "friend", "--out", f"{out}2")
    assert (code, "expected one of " + ", ".join(READERS) in said) == (3, True)
    firms.close()
