"""Ledgers as accounting programs write them, made up entry by entry."""

from datetime import date

from member.client_list import Known
from member.import_file import Options

TODAY = date(2026, 2, 10)
NAMES = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses", "AN": "À nouveaux", "EF": "Effets"}
LABELS = {"411": "Clients", "413": "Clients effets à recevoir", "416": "Clients douteux", "419": "Avances"}
MOULIN, FORGE = "fr.siren:100000009", "fr.siren:200000008"
KNOWN = {
    "CMOUL": Known(MOULIN, name="Moulin fictif", terms_days=30),
    "CFORG": Known(FORGE, name="Forge fictive", terms_days=30),
}
OPTIONS = Options(today=TODAY, accounts=KNOWN)


class Fec:
    """A ledger entry by entry: each line is (account, auxiliary, euros, letter), debits positive."""

    def __init__(self):
        self.lines = []
        self.number = 0

    def entry(self, journal, day, *lines, label="", piece_day=None, piece=""):
        self.number += 1
        for account, auxiliary, euros, *letter in lines:
            code = letter[0] if letter else ""
            self.lines.append(
                {
                    "JournalCode": journal,
                    "JournalLib": JOURNALS.get(journal, journal),
                    "EcritureNum": str(self.number),
                    "EcritureDate": day.replace("-", ""),
                    "CompteNum": account,
                    "CompteLib": LABELS.get(account[:3], "Autre"),
                    "CompAuxNum": auxiliary,
                    "CompAuxLib": {"CMOUL": "Moulin fictif", "CFORG": "Forge fictive"}.get(auxiliary, ""),
                    "PieceRef": piece or f"P{self.number}",
                    "PieceDate": (piece_day or day).replace("-", ""),
                    "EcritureLib": label or "Écriture",
                    "Debit": f"{max(euros, 0):.2f}".replace(".", ","),
                    "Credit": f"{max(-euros, 0):.2f}".replace(".", ","),
                    "EcritureLet": code,
                    "DateLet": "20261231" if code else "",
                    "ValidDate": "20261231",
                }
            )
        return self

    def invoice(self, day, auxiliary, euros, letter="", **more):
        lines = [
            ("411000", auxiliary, euros, letter),
            ("706000", "", -euros / 1.2),
            ("445710", "", -euros / 6),
        ]
        return self.entry("VE", day, *lines, **more)

    def paid(self, day, auxiliary, euros, letter="", **more):
        lines = [("512000", "", euros), ("411000", auxiliary, -euros, letter)]
        return self.entry("BQ", day, *lines, **more)

    def text(self, delimiter="\t", end="\r\n", names=NAMES, trailing="", pad=False, lower=False):
        shown = [name.lower() for name in names] if lower else names
        rows = [delimiter.join(shown) + trailing]
        for line in self.lines:
            cells = [line.get(name, "") for name in names]
            if pad:
                cells = [
                    cell.rjust(13, "0") if name in {"Debit", "Credit"} else cell.ljust(12)
                    for name, cell in zip(names, cells, strict=True)
                ]
            rows.append(delimiter.join(cells) + trailing)
        return end.join(rows) + end

    def bytes(self, encoding="utf-8", **how):
        return self.text(**how).encode(encoding)
