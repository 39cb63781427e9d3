"""Word lists of a country that does not exist: towns, trades, legal forms, the member firms.

Knows: how to put an invented name together. Every town is a weather or a plant before an animal, so that none
is on a map; every client is named after such a town, so that none is in a register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WEATHER: Final = (
    "Brume", "Givre", "Vent", "Nacre", "Ambre", "Cendre", "Houle", "Orge", "Braise", "Cuivre",
    "Sauge", "Ronce", "Mousse", "Grêle", "Aube", "Suie", "Fougère", "Lande", "Tourbe", "Étain",
)  # fmt: skip
ANIMALS: Final = (
    "loutre", "griffon", "hermine", "sarcelle", "licorne", "mésange", "belette", "cigogne", "lynx",
    "musaraigne", "bécasse", "chouette", "tarasque", "salamandre", "hérisson", "sterne", "genette", "vouivre",
    "courlis", "gerboise",
)  # fmt: skip
AFTER_TOWN: Final = ("", "", "", "-sur-Lyse", "-le-Haut", "-en-Vaurais", "-les-Bains", "-la-Vieille")

FORMS: Final = ("SA", "SAS", "SAS", "SARL", "SARL", "SCOP")

# NACE section (1..21, A..U) -> trades; the share of clients in each is in SECTOR_SHARES.
TRADES: Final[dict[int, tuple[str, ...]]] = {
    1: ("Coopérative agricole", "Serres", "Vergers", "Semences"),
    3: ("Fonderies", "Ateliers", "Mécanique", "Papeterie", "Biscuiterie", "Verrerie", "Tissages"),
    6: ("Charpentes", "Maçonnerie", "Travaux", "Toitures", "Menuiserie", "Génie civil"),
    7: ("Comptoir", "Négoce", "Quincaillerie", "Grossiste", "Magasins"),
    8: ("Transports", "Messagerie", "Entrepôts", "Logistique"),
    9: ("Hôtels", "Traiteur", "Restaurants"),
    10: ("Logiciels", "Imprimerie", "Télécoms"),
    13: ("Bureau d'études", "Laboratoire", "Géomètres"),
    14: ("Propreté", "Location", "Gardiennage"),
    17: ("Clinique", "Résidences"),
}
SECTOR_SHARES: Final[dict[int, float]] = {
    1: 0.05, 3: 0.28, 6: 0.20, 7: 0.19, 8: 0.09, 9: 0.05, 10: 0.04, 13: 0.04, 14: 0.04, 17: 0.02,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirmWords:
    """A member firm as its letterhead says it; `weight` is its size beside the others'."""

    name: str
    town: str
    sector: int
    sells_to: tuple[int, ...]
    person: str
    weight: float


# The first three are the ones a visitor logs in as.
FIRMS: Final = (
    FirmWords("Boisgriffe Matériaux", "Brumelynx", 7, (6, 3), "Camille Vernoux", 1.9),
    FirmWords("Aciers Clairevouivre", "Cendregriffon", 3, (3, 6), "Nadia Belhomme", 1.7),
    FirmWords("Papiers de l'Orgeloutre", "Orgeloutre", 3, (3, 7, 10), "Julien Castagnet", 1.6),
    FirmWords("Emballages Nacrelune", "Nacrecourlis", 3, (3, 7, 1), "Inès Marchal", 1.4),
    FirmWords("Transports Ventsarcelle", "Ventsarcelle", 8, (3, 7, 6), "Mehdi Laroque", 1.3),
    FirmWords("Outillage Braisebelette", "Braisebelette", 7, (6, 3, 14), "Solène Duvauchel", 1.3),
    FirmWords("Câbles Cuivrelynx", "Cuivrelynx", 3, (6, 3, 10), "Karim Osterwald", 1.1),
    FirmWords("Intérim Aubecigogne", "Aubecigogne", 14, (3, 6, 8), "Lucie Tramond", 1.1),
    FirmWords("Énergies Tourbesterne", "Tourbesterne", 4, (3, 9, 17), "Paul Esquirou", 1.0),
    FirmWords("Chimie Saugevouivre", "Saugevouivre", 3, (3, 1, 14), "Awa Delmarre", 0.9),
    FirmWords("Peintures Ambregenette", "Ambregenette", 3, (6, 7), "Hugo Saintonge", 0.9),
    FirmWords("Location Roncehérisson", "Roncehérisson", 14, (6, 8), "Maud Quintard", 0.8),
    FirmWords("Denrées Moussebécasse", "Moussebécasse", 7, (9, 17, 7), "Théo Valberg", 0.8),
    FirmWords("Bureautique Givrechouette", "Givrechouette", 7, (10, 13, 17), "Élise Montravel", 0.7),
)

LATIN: Final = str.maketrans("àâäéèêëîïôöùûüçÉÈÀ", "aaaeeeeiioouuucEEA")


def town(place: int) -> str:
    """The `place`-th invented town, 20 x 20 of them."""
    return WEATHER[place % len(WEATHER)] + ANIMALS[place // len(WEATHER) % len(ANIMALS)]


def of(name: str) -> str:
    """French elision: "de Brumeloutre", "d'Ambrelynx"."""
    return f"d'{name}" if name[0] in "AEÉOU" else f"de {name}"


def slug(name: str) -> str:
    """A name as a folder or a mail domain: lower case, ASCII, hyphens."""
    plain = name.translate(LATIN).lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
