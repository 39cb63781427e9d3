"""The review of proposed identifiers as a spreadsheet: one row an account, one column to fill in.

Knows: headings in French and English, and what a person may write in the first column. Rows stand in the
order in which they matter: what needs a look, the largest outstanding amount first; then what is sure, filled
in already. Text that a spreadsheet would take for a formula is written with an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmark.problems import Problem
from member.client_list import account_key, read_identifier
from member.headings import words
from member.identify import SURE_PERCENT, Decided, Proposal
from member.identify_order import by_weight
from member.imported import Account
from member.reading import Row, read_tables
from member.values import label, plain

HEADINGS: Final[dict[str, tuple[str, str]]] = {
    "decision": ("Decision (yes, no, 2, 3 or a number)", "Décision (oui, non, 2, 3 ou un numéro)"),
    "account": ("Account", "Compte"),
    "name": ("Name", "Nom"),
    "postcode": ("Postcode", "Code postal"),
    "city": ("Town", "Ville"),
    "outstanding": ("Outstanding (EUR)", "Encours (EUR)"),
    "identifier": ("Proposed", "Proposé"),
    "proposed_name": ("Its name", "Son nom"),
    "proposed_city": ("Its town", "Sa ville"),
    "percent": ("Confidence (%)", "Confiance (%)"),
    "sources": ("Said by", "Selon"),
    "doubt": ("Look at", "À regarder"),
    "same_as": ("Same client as", "Même client que"),
    "second": ("2", "2"),
    "third": ("3", "3"),
}
SOURCES: Final[dict[str, tuple[str, str]]] = {
    "file": ("the file itself", "le fichier"),
    "book": ("the client book", "le carnet"),
    "master": ("the customer master", "le fichier clients"),
    "invoices": ("your electronic invoices", "vos factures électroniques"),
    "sirene": ("SIRENE", "SIRENE"),
}
DOUBTS: Final[dict[str, tuple[str, str]]] = {
    "": ("", ""),
    "contradiction": (
        "two sources name different firms",
        "deux sources désignent des entreprises différentes",
    ),
    "homonym": ("several firms are called so", "plusieurs entreprises portent ce nom"),
    "person": ("looks like a person: sole traders stay out", "semble une personne : à exclure"),
    "name-differs": ("the names differ", "les noms diffèrent"),
    "refused-person": ("a natural person (category 1000): stays out", "personne physique (1000) : exclue"),
}
YES: Final = frozenset({"oui", "o", "yes", "y", "x", "ok", "1", "vrai", "true"})
NO: Final = frozenset({"non", "n", "no", "0", "aucun", "none", "-", "faux", "false"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Review:
    """A review file read back: what was decided, and which rows cannot be understood."""

    decided: list[Decided]
    undecided: int
    problems: list[Problem]


def rows_of(proposals: Sequence[Proposal], lang: str, percent: int = SURE_PERCENT) -> list[list[str]]:
    """Headings, then one row an account."""
    french = lang == "fr"
    sure = [one for one in proposals if one.sure(percent)]
    rows = [[texts[french] for texts in HEADINGS.values()]]
    yes = "oui" if french else "yes"
    listed = [*by_weight(proposals, percent), *sure]
    return rows + [_row(one, yes if one.sure(percent) else "", french=french) for one in listed]


def _row(one: Proposal, decision: str, *, french: bool) -> list[str]:
    account, best = one.account, one.best
    cents = account.outstanding_cents
    euros = "" if cents is None else f"{cents / 100:.2f}"
    others = [f"{shown(other.identifier)} {other.name}" for other in one.candidates[1:3]]
    return [
        decision,
        account.account,
        account.name,
        account.postcode or "",
        account.city or "",
        euros.replace(".", ",") if french else euros,
        shown(best.identifier) if best else "",
        best.name if best else "",
        best.city if best else "",
        str(best.percent) if best else "",
        ", ".join(SOURCES[source][french] for source in best.sources) if best else "",
        DOUBTS[one.doubt][french],
        one.same_as,
        *others,
        *[""] * (2 - len(others)),
    ]


def shown(identifier: str) -> str:
    """An identifier as people write it: a SIREN without its scheme."""
    return identifier.removeprefix("fr.siren:").removeprefix("eu.vat:").removeprefix("lei:")


def write_review(path: Path, proposals: Sequence[Proposal], lang: str, percent: int = SURE_PERCENT) -> None:
    """A workbook where the name ends in .xlsx, else a CSV that spreadsheets open (semicolons, UTF-8, BOM)."""
    from member.home import write_file

    rows = rows_of(proposals, lang, percent)
    content = _workbook(rows) if path.suffix.lower() == ".xlsx" else _text(rows)
    write_file(path.resolve(), content)


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        [safe(cell) for cell in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Vigie")
    sheet.freeze_panes = "C2"
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe(cell: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def parse_review(data: bytes) -> Review | Problem:
    """What a person decided, from the file alone.

    An account without a decision takes that of the one it is the same client as, where there is one.
    """
    tables = read_tables(data)
    if isinstance(tables, Problem):
        return tables
    rows = tables[0].rows
    columns = _columns(rows[0])
    missing = [name for name in ("decision", "account", "identifier") if name not in columns]
    if missing:
        return Problem("column-missing", 1, missing[0], "", HEADINGS[missing[0]][0])
    read = [_Line(number, row, columns) for number, row in enumerate(rows[1:], start=2)]
    decided: dict[str, str | None] = {}
    problems: list[Problem] = []
    for line in read:
        choice = _choice(line)
        if isinstance(choice, Problem):
            problems.append(choice)
            continue
        decided[account_key(line.text("account"))] = choice
    found, undecided = [], 0
    for line in read:
        key, head = account_key(line.text("account")), account_key(line.text("same_as"))
        choice = decided.get(key)
        if choice is None and line.text("same_as"):
            choice = decided.get(head)
        if choice is None:
            undecided += 1
        else:
            found.append(Decided(line.account(), choice))
    return Review(found, undecided, problems)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    row: Row
    columns: Mapping[str, int]

    def text(self, name: str) -> str:
        place = self.columns.get(name)
        if place is None or place >= len(self.row) or self.row[place] is None:
            return ""
        return label(self.row[place]).strip().removeprefix("'")

    def account(self) -> Account:
        return Account(
            self.text("account"),
            self.text("name"),
            postcode=self.text("postcode") or None,
            city=self.text("city") or None,
        )


def _columns(headings: Row) -> dict[str, int]:
    known = {words(text): name for name, texts in HEADINGS.items() for text in texts}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(words(label(heading))) if heading is not None else None
        if name is not None:
            found.setdefault(name, place)
    return found


def _choice(line: _Line) -> str | Problem | None:
    """The identifier chosen, "" for none, None for undecided."""
    said = plain(line.text("decision"))
    if not said:
        return None
    if said in NO:
        return ""
    if said in YES:
        return _canonical(line, line.text("identifier"))
    if said in {"2", "3"}:
        column = "second" if said == "2" else "third"
        return _canonical(line, line.text(column).partition(" ")[0])
    return _canonical(line, line.text("decision"))


def _canonical(line: _Line, text: str) -> str | Problem:
    if not text:
        return Problem("identifier-invalid", line.number, "identifier", "", "SIREN, SIRET, TVA, LEI")
    read = read_identifier(text)
    if isinstance(read, Problem):
        return Problem(read.code, line.number, "identifier", read.found, read.expected)
    return read
