"""The 21 sections of the European classification of activities (NACE Rev. 2), as short names.

Knows: names in French and in English. A client's sector is never finer than this.
"""

from __future__ import annotations

from typing import Final, Literal

SECTIONS: Final[dict[Literal["fr", "en"], tuple[str, ...]]] = {
    "fr": (
        "agriculture et pêche",
        "industries extractives",
        "industrie manufacturière",
        "énergie",
        "eau et déchets",
        "construction",
        "commerce et réparation automobile",
        "transports et entreposage",
        "hébergement et restauration",
        "information et communication",
        "finance et assurance",
        "immobilier",
        "activités spécialisées et techniques",
        "services administratifs et de soutien",
        "administration publique",
        "enseignement",
        "santé et action sociale",
        "arts et spectacles",
        "autres services",
        "ménages employeurs",
        "activités extraterritoriales",
    ),
    "en": (
        "agriculture and fishing",
        "mining",
        "manufacturing",
        "energy",
        "water and waste",
        "construction",
        "trade and repair of vehicles",
        "transport and storage",
        "accommodation and food",
        "information and communication",
        "finance and insurance",
        "real estate",
        "professional and technical activities",
        "administrative and support services",
        "public administration",
        "education",
        "health and social work",
        "arts and entertainment",
        "other services",
        "households as employers",
        "extraterritorial bodies",
    ),
}


def sector_name(code: int, lang: Literal["fr", "en"]) -> str:
    """The section of code 1 (A) to 21 (U)."""
    return SECTIONS[lang][code - 1]
