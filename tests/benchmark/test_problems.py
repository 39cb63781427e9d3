"""A user's mistake is a value with a place, told in French and in English."""

import ast
import re
import string
from pathlib import Path

import pytest

from benchmark.problem_texts import FIELD_NAMES, NOTICES, TEXTS
from benchmark.problem_values import ONE, VALUES
from benchmark.problems import FOUND_CHARACTERS_MAX, Problem, blocking, tell

ROOT = Path(__file__).resolve().parents[2]


def codes_in(path):
    """Codes given to Problem(...) and to a view's refuse(...) in a file, read from its syntax tree."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = {"Problem": 0, "refuse": 1, "refuse_all": 1, "_refuse_empty": 1}.get(name)
        if place is None or len(node.args) <= place:
            continue
        for part in ast.walk(node.args[place]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


READERS = [
    path
    for path in sorted((ROOT / "member").rglob("*.py"))
    if "benchmark.problems import" in path.read_text(encoding="utf-8")
]
USED = {code for path in READERS for code in codes_in(path)}


def test_every_problem_has_both_languages_and_uses_known_words_only():
    for code, texts in TEXTS.items():
        assert set(texts) == {"fr", "en"}, code
        for text in texts.values():
            slots = {slot for _, slot, _, _ in string.Formatter().parse(text) if slot}
            assert slots <= {"found", "expected", "field"}, code
            assert text.endswith((".", "?")), code
        assert texts["fr"] != texts["en"], code


def test_french_and_english_say_the_same_things():
    for code, texts in TEXTS.items():
        said = [
            sorted(slot for _, slot, _, _ in string.Formatter().parse(text) if slot)
            for text in texts.values()
        ]
        assert said[0] == said[1], code


def test_every_field_has_a_name_in_both_languages():
    for field, names in FIELD_NAMES.items():
        assert set(names) == {"fr", "en"}, field
        assert all(names.values()), field


def test_every_code_that_a_reader_uses_is_in_the_catalogue_and_the_other_way_round():
    assert USED - set(TEXTS) == set()
    assert set(TEXTS) - USED == set()
    assert set(TEXTS) >= NOTICES


def test_a_problem_says_row_column_found_and_expected():
    problem = Problem("date-invalid", 12, "due", "31/02/2025", "31/12/2025", column="Échéance")
    assert tell(problem, "en") == (
        "Row 12, column “Échéance”: due date: found “31/02/2025”, expected a date such as 31/12/2025."
    )
    assert tell(problem, "fr") == (
        "Ligne 12, colonne « Échéance » : date d'échéance : trouvé « 31/02/2025 », attendu une date comme "
        "31/12/2025."
    )


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("lang", ["fr", "en", "fr-FR", "de", ""])
def test_every_problem_can_be_told_in_any_language_asked_for(code, lang):
    told = tell(Problem(code, 3, "amount", "x", "y", "Montant"), lang)
    assert not re.search(r"[{}]", told)
    assert told.startswith("Ligne 3" if lang.startswith("fr") else "Row 3")


def test_a_users_text_cannot_drown_or_break_the_sentence():
    told = tell(Problem("amount-invalid", 1, "amount", "{found}\n" + "x" * 500, "1"), "en")
    assert "\n" not in told
    assert "{found} xxx" in told
    assert len(told) < 200 + FOUND_CHARACTERS_MAX


def test_an_unknown_code_is_our_mistake():
    with pytest.raises(KeyError):
        Problem("no-such-thing")


def test_notices_do_not_stop_an_import():
    notice, error = Problem("rows-left-out", found="1", expected="2"), Problem("file-empty")
    assert blocking([notice, error]) == [error]


def test_values_are_named_for_sentences_that_have_them_and_one_is_said_in_the_singular():
    assert set(VALUES) <= set(TEXTS)
    for code, kinds in VALUES.items():
        for name, kind in zip(("found", "expected"), kinds, strict=True):
            assert not kind or f"{{{name}}}" in TEXTS[code]["en"], (code, name)
    for code, sentences in ONE.items():
        assert "count" in VALUES[code], code
        for language, sentence in sentences.items():
            assert set(re.findall(r"{\w+}", sentence)) <= set(re.findall(r"{\w+}", TEXTS[code][language]))
    assert tell(Problem("einvoice-repeated", found="1"), "fr").startswith("1 facture est présente")
    assert tell(Problem("rows-left-out", found="1", expected="9"), "en") == "1 row of 9 was left out."
    assert tell(Problem("rows-left-out", found="11", expected="90"), "en").startswith("11 rows of 90")
