"""What can be wrong with a ledger, as values: a code, where, what was found, what was expected.

Knows: the catalogue of problems and how to tell each in French and English.
A user's mistake is never an exception: it is collected, counted and told. `found` is the user's own text and
is shown on the member's side alone; `expected` is a value or an example, the sentences are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from benchmark.problem_texts import FIELD_NAMES, NOTICES, TEXTS
from benchmark.problem_values import ONE, VALUES

Language = Literal["fr", "en"]
FOUND_CHARACTERS_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `row` counts the file's rows from 1 as a spreadsheet does; None: the whole file.

    `field` is the field meant (see FIELD_NAMES), `column` the heading under which the file gives it;
    `document` the name of one of several, `row` being its place among them.
    """

    code: str
    row: int | None = None
    field: str | None = None
    found: str = ""
    expected: str = ""
    column: str | None = None
    document: str | None = None

    def __post_init__(self) -> None:
        if self.code not in TEXTS:
            raise KeyError(f"no such problem: {self.code}")

    @property
    def notice(self) -> bool:
        """True where nothing is refused: the importer says what it assumed or left out."""
        return self.code in NOTICES


def blocking(problems: Sequence[Problem]) -> list[Problem]:
    """Those that stop an import."""
    return [problem for problem in problems if not problem.notice]


def tell(problem: Problem, lang: str = "en") -> str:
    """One sentence for people: where, what was found, what was expected. Unknown languages read English."""
    language: Language = "fr" if lang.lower().startswith("fr") else "en"
    sentence = (ONE if is_one(problem) else TEXTS)[problem.code][language].format(
        found=shortened(problem.found),
        expected=problem.expected,
        field=_field_name(problem, language),
    )
    return f"{_place(problem, language)}{sentence}"


def is_one(problem: Problem) -> bool:
    """Whether its sentence counts something, and finds one of it."""
    found, expected = VALUES.get(problem.code, ("", ""))
    counted = problem.found if found == "count" else problem.expected if expected == "count" else ""
    return counted == "1" and problem.code in ONE


def shortened(text: str) -> str:
    """The user's text on one line, cut where it would drown the sentence."""
    line = " ".join(text.split())
    return line if len(line) <= FOUND_CHARACTERS_MAX else f"{line[: FOUND_CHARACTERS_MAX - 1]}…"


def _field_name(problem: Problem, language: Language) -> str:
    if problem.field is None:
        return ""
    names = FIELD_NAMES.get(problem.field)
    return names[language] if names else problem.field


def _place(problem: Problem, language: Language) -> str:
    french = language == "fr"
    parts = []
    if problem.document is not None:
        parts.append(
            f"document « {shortened(problem.document)} »"
            if french
            else f"document “{shortened(problem.document)}”"
        )
    elif problem.row is not None:
        parts.append(f"ligne {problem.row}" if french else f"row {problem.row}")
    if problem.column is not None:
        heading = shortened(problem.column)
        parts.append(f"colonne « {heading} »" if french else f"column “{heading}”")
    if not parts:
        return ""
    place = ", ".join(parts)
    return f"{place[0].upper()}{place[1:]}{' : ' if french else ': '}"
