"""A score in words: the vectors that the page reads too, every input named, nothing decided."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.score import USUAL, assess
from benchmark.score_words import chance_words, headline, inputs, light_words, notice
from tests.vectors.make_score import document

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "score.json").read_text(encoding="utf-8"))


def test_the_vectors_are_those_of_today() -> None:
    assert json.loads(json.dumps(document())) == VECTORS


def test_where_cells_are_absent_the_sentence_says_that_own_figures_speak_alone() -> None:
    alone = assess([10] * 7, [None] * 7, 1_000_000, 30)
    assert "nothing being published of this client" in headline(alone, "en")
    assert "rien n'étant publié" in headline(alone, "fr")


def test_every_input_of_the_limit_is_named_with_its_value() -> None:
    parameters = replace(USUAL, insured_cents=1_000_000)
    score = assess([15] * 7, [15] * 7, 1_000_000, 45, parameters)
    named = dict(inputs(score.limit, parameters, "en"))
    assert named == {
        "monthly sales with tax, mean of 12 months": "€10,000",
        "terms agreed": "45 d",
        "lateness taken": "15 d",
        "days a month": "30.4375",
        "share of the class": "1",
        "cap": "€500,000",
        "insurer's cover": "€10,000",
        "rounded to": "€1,000",
    }


def test_a_chance_is_never_said_to_be_none_or_sure() -> None:
    score = assess([0] * 7, [0] * 7, 1_000_000, 30)
    assert "under 1%" in chance_words(replace(score, chance=0.0), "en")
    assert "plus de 99 %" in chance_words(replace(score, chance=1.0), "fr")


def test_a_long_relation_is_ended_with_notice_and_the_reminder_says_so() -> None:
    assert notice(11, "en") is None
    assert notice(11, "en", replace(USUAL, long_relation_months=6)) is not None
    assert "L. 442-1, II" in notice(36, "fr")
    assert "Nothing is decided here" in notice(36, "en")


@pytest.mark.parametrize("light", ["green", "amber", "red"])
def test_the_sales_side_is_told_a_step_and_no_figure(light) -> None:
    for lang in ("fr", "en"):
        assert not any(letter.isdigit() for letter in "".join(light_words(light, lang)))
