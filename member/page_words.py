"""What the page's importer shares with the agent's: headings, words and sentences in TypeScript.

Knows: where the page keeps them. `write` makes the files anew; a test compares them with the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from benchmark.problem_texts import FIELD_NAMES, NOTICES, TEXTS
from benchmark.problem_values import ONE, VALUES
from member.customer_master import PATTERNS
from member.firm_names import IDLE, LEGAL_FORMS, LOOSE, SPELLINGS
from member.heading_words import TRANSLATED
from member.headings import BEFORE_TAX, CLIENT_PATTERNS, FIGURE_PATTERNS, INVOICE_PATTERNS, LEDGER_PATTERNS
from member.invoice_kinds import AT_ONCE, CREDIT_SIDES, CREDITS, NOT_INVOICES, PAYMENTS
from member.invoice_list import OPEN_WORDS, PAID_WORDS
from member.values import MONTHS

FOLDER: Final = Path(__file__).resolve().parent.parent / "web" / "src" / "connectors"
_MADE: Final = "/** Made by `python -m member.page_words` from the agent's own; a test compares the two. */\n"


def _constant(name: str, kind: str, value: object) -> str:
    return f"export const {name}: {kind} = {json.dumps(value, ensure_ascii=False, indent=1)}\n"


def headings() -> str:
    """`headings_known.ts`: a field's patterns in their order, the surest first, by kind of file."""
    kind = "Record<string, readonly string[]>"
    return _MADE + "".join(
        (
            _constant("INVOICE_PATTERNS", kind, INVOICE_PATTERNS),
            _constant("FIGURE_PATTERNS", kind, FIGURE_PATTERNS),
            _constant("CLIENT_PATTERNS", kind, CLIENT_PATTERNS),
            _constant("LEDGER_PATTERNS", kind, LEDGER_PATTERNS),
            _constant("MASTER_PATTERNS", "Record<string, string>", PATTERNS),
            _constant("MONTHS", "Record<string, number>", MONTHS),
            _constant("LEGAL_FORMS", "readonly string[]", sorted(LEGAL_FORMS)),
            _constant("IDLE", "readonly string[]", sorted(IDLE)),
            _constant("LOOSE", "readonly string[]", sorted(LOOSE)),
            _constant("SPELLINGS", "Record<string, string>", SPELLINGS),
        )
    )


def list_words() -> str:
    """`list_words.ts`: headings of other languages, the longest phrase first, and what rows say they are."""
    kind = "readonly string[]"
    said = {
        "PAYMENTS": PAYMENTS,
        "CREDITS": CREDITS,
        "NOT_INVOICES": NOT_INVOICES,
        "CREDIT_SIDES": CREDIT_SIDES,
        "AT_ONCE": AT_ONCE,
        "OPEN_WORDS": OPEN_WORDS,
        "PAID_WORDS": PAID_WORDS,
    }
    return _MADE + "".join(
        (
            _constant("TRANSLATED", "readonly (readonly [string, string])[]", TRANSLATED),
            _constant("BEFORE_TAX", "string", BEFORE_TAX.pattern),
            *(_constant(name, kind, sorted(words)) for name, words in said.items()),
        )
    )


def problems() -> str:
    """`problem_texts.ts`: the catalogue of problems and the names of fields, in both languages."""
    kind = "Record<string, { fr: string; en: string }>"
    return _MADE + "".join(
        (
            _constant("TEXTS", kind, TEXTS),
            _constant("ONE", kind, ONE),
            _constant("VALUES", "Record<string, readonly string[]>", VALUES),
            _constant("FIELD_NAMES", kind, FIELD_NAMES),
            _constant("NOTICES", "readonly string[]", sorted(NOTICES)),
        )
    )


def write(folder: Path = FOLDER) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "list_words.ts").write_text(list_words(), encoding="utf-8")
    (folder / "headings_known.ts").write_text(headings(), encoding="utf-8")
    (folder / "problem_texts.ts").write_text(problems(), encoding="utf-8")


if __name__ == "__main__":
    write()
