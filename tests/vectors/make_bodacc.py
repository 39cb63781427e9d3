"""Writes bodacc.json: downloads of the BODACC in its forms, what is found in them and what still runs.

Run from the repository: python tests/vectors/make_bodacc.py
"""

import csv
import io
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from member.bodacc import read
from member.credit import Credit, with_done, with_notices
from member.notice_words import running
from member.refusals import InputRefused

PATH = Path(__file__).parent / "bodacc.json"
MINE, ALSO, OTHER = "552100554", "732829320", "404833048"  # well-formed numbers; the notices are invented
OPENING = "Jugement d'ouverture d'une procédure de redressement judiciaire"


def record(number, who=MINE, nature=OPENING, day="2026-01-14", **more):
    """One record of the export, columns and spelling as the open data have them."""
    judgment = {
        "type": "initial",
        "famille": "Jugement d'ouverture",
        "nature": nature,
        "date": "6 janvier 2026",
        "complementJugement": "Les créances sont à déclarer, dans les deux mois de la présente publication.",
    }
    return {
        "id": f"A20260009{number}", "publicationavis": "A", "parution": "20260009", "dateparution": day,
        "numeroannonce": number, "typeavis": "annonce", "typeavis_lib": "Avis initial",
        "familleavis": "collective", "familleavis_lib": "Procédures collectives",
        "tribunal": "Tribunal de commerce de Lyon", "commercant": "CLIENT FICTIF",
        "registre": [f"{who[:3]} {who[3:6]} {who[6:]}", who],
        "jugement": json.dumps(judgment, ensure_ascii=False), "parutionavisprecedent": None,
        "url_complete": f"https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A20260009{number}",
        **more,
    }  # fmt: skip


def before(number):
    """What a notice says of the one that it corrects or cancels."""
    return json.dumps(
        {
            "nomPublication": "BODACC A",
            "numeroParution": "20260009",
            "dateParution": "14 janvier 2026",
            "numeroAnnonce": number,
        }
    )


USUAL = [
    record(1, OTHER),
    record(5232),
    record(3, familleavis="depot", familleavis_lib="Dépôts"),
    record(4, ALSO, "Jugement de clôture pour insuffisance d'actif", "2026-02-14"),
    record(
        7, ALSO, "Jugement d’ouverture de liquidation judiciaire", "15/06/2026", parutionavisprecedent=None
    ),
]
CORRECTED = [
    record(5232),
    record(9, day="2026-02-20", typeavis="rectificatif", parutionavisprecedent=before(5232)),
]
CANCELLED = [
    record(5232),
    record(10, day="2026-02-20", typeavis="annulation", parutionavisprecedent=before(5232)),
]
FORMS = ("json", "jsonl", "api", "fields", "csv")


def text_of(form, records):
    """The file's text in one of the export's forms."""
    if form == "csv":
        made = io.StringIO(newline="")
        table = csv.DictWriter(made, list(records[0]), delimiter=";")
        table.writeheader()
        table.writerows({**one, "registre": ",".join(one["registre"])} for one in records)
        return "\ufeff" + made.getvalue()
    if form == "jsonl":
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    whole = {
        "json": records,
        "api": {"total_count": len(records), "results": records},
        "fields": {"records": [{"fields": one} for one in records]},
    }
    return json.dumps(whole[form], ensure_ascii=False)


WRONG = (
    "[{]",
    '[{"id": "A1"}]',
    "id;dateparution;registre\nA1;2026-01-14;552100554\n",
    text_of("json", [record(5232, day="the fourteenth")]),
)


def told(text, *, abroad=False):
    """What `vigie notices` finds in a file, or how it refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annonces-commerciales"
        path.write_text(text, encoding="utf-8", newline="")
        try:
            return {"notices": msgspec.to_builtins(read(path, [MINE, ALSO], abroad=abroad))}
        except InputRefused as error:
            facts = {name: error.values[name] for name in ("row", "field") if name in error.values}
            return {"refused": error.code, **facts}


def clocks_left(credit, today):
    """(notice, clock, days left, done) of what a notice has, in the law's order."""
    return [
        [one.id, clock, (date.fromisoformat(safe) - today).days, clock in one.done]
        for one in credit.notices
        for clock, safe, _ in running(one)
    ]


def document():
    """Files with what is found; the same put into a credit file, one clock met; what is left."""
    files = [
        *((text_of(form, USUAL), False) for form in FORMS),
        (text_of("json", USUAL), True),
        (text_of("csv", CORRECTED), False),
        (text_of("csv", CANCELLED), False),
        *((text, False) for text in WRONG),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.json"
        path.write_text(text_of("json", USUAL), encoding="utf-8")
        found = read(path, [MINE, ALSO])
    met = with_done(with_notices(Credit(), found), "A202600095232", "claim")
    return {
        "sirens": [MINE, ALSO],
        "files": [{"text": text, "abroad": abroad, **told(text, abroad=abroad)} for text, abroad in files],
        "again": msgspec.to_builtins(with_notices(met, found).notices),
        "left": {day: clocks_left(met, date.fromisoformat(day)) for day in ("2026-01-15", "2026-03-20")},
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
