"""What recover, identify, book, watch and overlap say, in English and French; and their refusals."""

from __future__ import annotations

from typing import Final

WORK_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # Coming back with the recovery kit alone
    "firm-id": (
        "Firm and network (the recovery kit is of no use without them)",
        "Entreprise et réseau (le kit de secours ne sert à rien sans eux)",
    ),
    "came-back": (
        (
            "{name} is back. {users} users and {devices} devices ended; the book is sealed under new keys. "
            "The recovery kit is still the one on paper. Add colleagues and machines again with user-add "
            "and device-add."
        ),
        (
            "{name} est de retour. {users} utilisateurs et {devices} appareils ont pris fin ; le carnet est "
            "scellé sous de nouvelles clés. Le kit de secours reste celui qui est sur papier. Ajoutez de "
            "nouveau collègues et machines avec user-add et device-add."
        ),
    ),
    "came-back-beside": (
        "{name} has a further administrator. Other users and devices stay, and so do the keys.",
        "{name} a un administrateur de plus. Les autres utilisateurs et appareils restent, les clés aussi.",
    ),
    "roll-finished": (
        "The book is now sealed under the new keys.",
        "Le carnet est maintenant scellé sous les nouvelles clés.",
    ),
    "shown-once-account": (
        "Shown this once: the account key of {email}, for each device that logs in.",
        "Affichée cette seule fois : la clé de compte de {email}, pour chaque appareil qui se connecte.",
    ),
}

WORK_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "firm-id": (
        "{found} is no firm's id: it is printed with the recovery kit, 36 characters with hyphens.",
        "{found} n'est pas un numéro d'entreprise : il est imprimé avec le kit, 36 caractères avec tirets.",
    ),
}
