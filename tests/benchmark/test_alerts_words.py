"""What is said of an alert: one sentence with figures, the same on both sides."""

import json
from pathlib import Path

import pytest

from benchmark.alerts_words import Told, ending, sentence
from tests.vectors.make_alerts import MARCH, document

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "alerts.json").read_text(encoding="utf-8"))


def test_the_words_are_those_that_the_page_reads() -> None:
    assert document() == VECTORS


def test_a_drift_is_told_with_its_figures_and_what_the_others_did() -> None:
    told = Told("drift", MARCH, MARCH - 4, 19, 4, 34, 23)
    assert sentence(told, "en") == (
        "Its suppliers have been paid 19 days later, lastingly since November 2025, and are now paid 34 days "
        "after the due date; the other clients slowed by 4 days meanwhile, which is not counted."
    )
    assert sentence(told, "fr") == (
        "Ses fournisseurs sont payés 19 jours plus tard, durablement depuis novembre 2025, et le sont 34 "
        "jours après l'échéance ; les autres clients ont ralenti de 4 jours entre-temps, "
        "ce qui n'est pas compté."
    )
    assert ending(told, "en") == "It ends when the published centre is 23 days after the due date or sooner."


def test_an_incident_says_several_and_never_how_many() -> None:
    for lang in ("fr", "en"):
        said = sentence(Told("incident", MARCH, MARCH, 0, 0, 30), lang)
        assert not any(letter.isdigit() for letter in said)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["told"]["kind"])
def test_every_sentence_ends_and_holds_no_gap(case) -> None:
    for lang in ("fr", "en"):
        for said in (case["sentence"][lang], case["ending"][lang]):
            assert said.endswith(".")
            assert "  " not in said
            assert "None" not in said
