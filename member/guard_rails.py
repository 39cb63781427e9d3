"""What competing suppliers may not discuss, noticed while somebody writes, before anything is sent.

Reminders, not a filter: a person decides, and knows best what was meant. The words are few and plain on
purpose; the page has the same list (`tests/vectors/guard_rails.json` is read by both).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Rail(StrEnum):
    """What a reminder is about."""

    PRICES = "prices"  # prices, margins, rebates: never
    FUTURE_TERMS = "future-terms"  # what either will grant or ask from now on
    BOYCOTT = "boycott"  # deciding together whom to supply
    CONFIDENTIAL = "confidential"  # mandat ad hoc, conciliation: confidential by law (L611-15)


_FUTURE: Final = (
    r"\b(?:will|shall|going to|gonna|plan(?:s|ning)? to|next (?:month|quarter|year)|from now on"
    r"|allons|allez|vais|va|vont|prevo\w+|comptons|comptez|desormais|prochain\w*|a partir de)\b"
)
_TERMS: Final = (
    r"\b(?:terms?|credit limits?|deposits?|advance payments?|delais? de paiement|conditions|encours"
    r"|acomptes?|plafonds?|jours net)\b"
)
_PATTERNS: Final = {
    Rail.PRICES: re.compile(
        r"\b(?:prices?|pricing|margins?|rebates?|discounts?|tariffs?|quotes?"
        r"|prix|tarifs?|marges?|remises?|ristournes?|rabais|devis)\b"
    ),
    Rail.FUTURE_TERMS: re.compile(rf"{_FUTURE}.{{0,60}}{_TERMS}|{_TERMS}.{{0,60}}{_FUTURE}"),
    Rail.BOYCOTT: re.compile(
        r"\b(?:stop|refuse|cut|block|boycott\w*|blacklist\w*) .{0,40}\b(?:together|both|all of us|too)\b"
        r"|\b(?:we|let us|let's|you) should (?:all |both )?(?:stop|refuse|cut|block)\b"
        r"|\b(?:boycott\w*|blacklist\w*)\b"
        r"|\b(?:arret\w+|refus\w+|coup\w+|bloqu\w+) .{0,40}\b(?:ensemble|tous|toutes|aussi|tous les deux)\b"
        r"|\b(?:on|nous) (?:devr\w+|pourr\w+) (?:tous )?(?:arreter|refuser|couper|bloquer)\b"
    ),
    Rail.CONFIDENTIAL: re.compile(r"\b(?:mandat(?:aire)? ad[ -]hoc|conciliation|conciliateur|l ?611)\b"),
}

WORDS: Final[dict[Rail, tuple[str, str]]] = {
    Rail.PRICES: (
        "This mentions prices, margins or rebates: not here.",
        "Il est question de prix, de marges ou de remises : pas ici.",
    ),
    Rail.FUTURE_TERMS: (
        "This sounds like terms or limits to come: past payment facts only, each decides alone.",
        "Cela ressemble à des conditions à venir : seulement des faits passés, chacun décide seul.",
    ),
    Rail.BOYCOTT: (
        "This sounds like deciding together whom to supply: each decides alone.",
        "Cela ressemble à une décision commune de livrer ou non : chacun décide seul.",
    ),
    Rail.CONFIDENTIAL: (
        "Mandat ad hoc and conciliation are confidential by law (L611-15): not here.",
        "Le mandat ad hoc et la conciliation sont confidentiels (L611-15) : pas ici.",
    ),
}


def noticed(text: str) -> list[Rail]:
    """The reminders that a text calls for, in the order of `Rail`."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    ).replace("’", "'")
    plain = re.sub(r"\s+", " ", plain)
    return [rail for rail, pattern in _PATTERNS.items() if pattern.search(plain)]


def remind(rail: Rail, lang: str) -> str:
    """The reminder in words."""
    return WORDS[rail][lang == "fr"]
