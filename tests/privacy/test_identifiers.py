"""One client typed three ways is one client, and a wrong number is refused by the name of its scheme."""

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from privacy.identifiers import IdentifierRefused, canonical

HERE = Path(__file__).parent
CASES = json.loads((HERE.parent / "vectors" / "identifiers.json").read_text(encoding="utf-8"))
SHARED = Path(os.environ.get("VIGIE_SHARED_DATA", HERE.parents[2] / "shared" / "data"))


@pytest.mark.parametrize("case", CASES["accepted"], ids=lambda case: case["text"])
def test_each_spelling_has_its_canonical_form(case: dict[str, str]) -> None:
    assert str(canonical(case["text"])) == case["canonical"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["text"] or "empty")
def test_a_wrong_number_is_refused_by_the_name_of_its_scheme(case: dict[str, str]) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        canonical(case["text"])
    assert refused.value.scheme == case["scheme"]
    assert refused.value.code == case.get("code", case["scheme"])
    assert refused.value.name in str(refused.value)
    for lang in ("fr", "en"):
        assert case["text"].strip() in refused.value.tell(lang)


@given(st.integers(1, 99_999_999), st.integers(0, 9_999))
def test_siren_siret_and_vat_of_one_client_are_one_identifier(number: int, place: int) -> None:
    head = f"{number:08d}"
    siren = head + luhn.calc_check_digit(head)
    body = f"{siren}{place:04d}"
    siret = body + luhn.calc_check_digit(body)
    vat = f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    spellings = {siren, siret, f"{siren[:3]} {siren[3:6]} {siren[6:]}"}
    if not siren.startswith("000"):
        # A French VAT number over 000... is Monaco's and carries no SIREN.
        spellings.add(vat)
    assert {str(canonical(text)) for text in spellings} == {f"fr.siren:{siren}"}


@pytest.mark.parametrize("case", CASES["accepted"], ids=lambda case: case["text"])
def test_a_canonical_form_is_its_own_canonical_form(case: dict[str, str]) -> None:
    assert str(canonical(case["canonical"])) == case["canonical"]


def test_what_a_traceback_would_print_names_nobody() -> None:
    for text in ("552100555", "ESX2482300W", "Dupont"):
        with pytest.raises(IdentifierRefused) as refused:
            canonical(text)
        assert text not in str(refused.value)
        assert text not in repr(refused.value)


@given(st.sampled_from(["", "BE", "BG", "CZ", "ES", "FR", "GR", "LV", "NL", "PT", "RO", "SE"]), st.data())
def test_any_number_of_any_country_is_read_or_refused(country: str, data: st.DataObject) -> None:
    digits = st.text("0123456789ABKXYZ", max_size=13)
    try:
        found = canonical(country + data.draw(digits))
    except IdentifierRefused:
        return
    assert canonical(str(found)) == found


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = canonical(text)
    except IdentifierRefused:
        return
    assert canonical(str(found)) == found


def test_a_public_sample_of_siren_and_siret_is_read() -> None:
    path = SHARED / "identifiers" / "siren_siret_sample.csv"
    if not path.exists():
        pytest.skip("the shared data folder is not beside the checkout (VIGIE_SHARED_DATA)")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert canonical(row["siren"]) == canonical(row["siret"])
