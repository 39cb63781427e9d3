"""A download of the BODACC in each of its forms: which judgments are a client's, and which start a clock."""

from __future__ import annotations

import csv
import json

import pytest

from member.bodacc import opens, read, sirens_of
from member.refusals import InputRefused
from tests.member.conftest import siren
from tests.vectors.make_bodacc import PATH, document

MINE, OTHER = siren(701), siren(9_001)
OPENING = "Jugement d'ouverture d'une procédure de redressement judiciaire"


def record(number: int = 5232, who: str = MINE, nature: str = OPENING, **more: object) -> dict[str, object]:
    judgment = {
        "type": "initial",
        "famille": "Jugement d'ouverture",
        "nature": nature,
        "date": "2026-01-06",
        "complementJugement": "Les créances sont à déclarer, dans les deux mois de la présente publication.",
    }
    return {
        "id": f"A20260009{number}",
        "publicationavis": "A",
        "parution": "20260009",
        "dateparution": "2026-01-14",
        "numeroannonce": number,
        "typeavis": "annonce",
        "typeavis_lib": "Avis initial",
        "familleavis": "collective",
        "familleavis_lib": "Procédures collectives",
        "tribunal": "Tribunal de commerce de Lyon",
        "commercant": "CLIENT FICTIF",
        "registre": [f"{who[:3]} {who[3:6]} {who[6:]}", who],
        "jugement": json.dumps(judgment, ensure_ascii=False),
        "parutionavisprecedent": None,
        "url_complete": f"https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A20260009{number}",
        **more,
    }


def written(folder, form: str, records: list[dict[str, object]]):
    path = folder / f"annonces-commerciales.{form}"
    if form == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, list(records[0]), delimiter=";")
            table.writeheader()
            table.writerows({**one, "registre": ",".join(one["registre"])} for one in records)
    elif form == "jsonl":
        path.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8"
        )
    elif form == "api":
        path.write_text(json.dumps({"total_count": len(records), "results": records}), encoding="utf-8")
    else:
        path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_page_reads_what_python_finds() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8")) == json.loads(json.dumps(document()))


@pytest.mark.parametrize("form", ["json", "jsonl", "api", "csv"])
def test_every_form_of_the_export_gives_the_same_notice(tmp_path, form) -> None:
    records = [record(1, OTHER), record(), record(3, MINE, familleavis="depot", familleavis_lib="Dépôts")]
    (one,) = read(written(tmp_path, form, records), [MINE])
    assert (one.id, one.identifier, one.published) == ("A202600095232", f"fr.siren:{MINE}", "2026-01-14")
    assert (one.nature, one.court, one.judged) == (OPENING, "Tribunal de commerce de Lyon", "2026-01-06")
    assert one.text.startswith("Les créances")
    assert (one.claim_by, one.claim_safe) == ("2026-03-16", "2026-03-13")  # 14 March 2026 is a Saturday
    assert (one.retention_by, one.retention_safe) == ("2026-04-14", "2026-04-14")


@pytest.mark.parametrize(
    ("nature", "starts"),
    [
        (OPENING, True),
        ("Jugement d'ouverture de liquidation judiciaire", True),
        ("Jugement d’ouverture d’une procédure de sauvegarde", True),
        ("Autre jugement d'ouverture", True),
        ("Jugement d'extension de liquidation judiciaire", True),
        ("Jugement de conversion en liquidation judiciaire", False),
        ("Jugement de clôture pour insuffisance d'actif", False),
        ("Jugement arrêtant le plan de redressement", False),
        (
            "Liste des créances nées après le jugement d'ouverture d'une procédure de liquidation judiciaire",
            False,
        ),
        ("Dépôt de l'état des créances", False),
        ("Jugement d'interdiction de gérer", False),
    ],
)
def test_an_opening_or_an_extension_starts_the_clocks_and_nothing_else(tmp_path, nature, starts) -> None:
    assert opens(nature) is starts
    (one,) = read(written(tmp_path, "json", [record(nature=nature)]), [MINE])
    assert (one.claim_by is not None) is starts


def test_a_correction_keeps_the_earlier_day_and_a_cancellation_stops_the_clocks(tmp_path) -> None:
    before = json.dumps(
        {"nomPublication": "BODACC A", "numeroParution": "20260009", "dateParution": "2026-01-14",
         "numeroAnnonce": "5232"}
    )  # fmt: skip
    later = {"dateparution": "2026-02-02", "parutionavisprecedent": before}
    corrected = record(77, typeavis="rectificatif", **later)
    found = read(written(tmp_path, "json", [record(), corrected]), [MINE])
    assert [one.claim_by for one in found] == ["2026-03-16", "2026-03-16"]
    cancelled = record(78, typeavis="annulation", **later)
    found = read(written(tmp_path, "json", [record(), cancelled]), [MINE])
    assert [(one.cancelled, one.claim_by) for one in found] == [(True, None), (True, None)]


def test_a_firm_abroad_has_longer_to_declare(tmp_path) -> None:
    (one,) = read(written(tmp_path, "json", [record()]), [MINE], abroad=True)
    assert (one.claim_by, one.retention_by) == ("2026-05-15", "2026-04-14")  # 14 May 2026 is Ascension


def test_a_sirens_are_read_however_they_are_spaced() -> None:
    assert sirens_of({"registre": "894 670 793,894670793"}) == ["894670793"]
    assert sirens_of({"registre": None}) == []
    assert sirens_of({"registre": "12345678901234"}) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b\n1;2\n", "notices-columns"),
        (b'[{"id": "A1"}]', "notices-columns"),
        (b"{broken", "notices-file"),
        (b"\xff\xfe\x00", "notices-file"),
        (b'"text"', "notices-columns"),
    ],
)
def test_another_file_is_refused_with_what_was_found_and_expected(tmp_path, content, code) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        read(path, [MINE])
    assert refused.value.code == code
    for lang in ("fr", "en"):
        assert str(path) in refused.value.tell(lang)


def test_a_day_that_is_none_names_its_notice(tmp_path) -> None:
    with pytest.raises(InputRefused) as refused:
        read(written(tmp_path, "json", [record(1, OTHER), record(dateparution="soon")]), [MINE])
    assert "notice 2, dateparution: found 'soon'" in refused.value.tell("en")
