"""What the commands score, decide, lights, task, notices and dossier say, in English and French; refusals."""

from __future__ import annotations

from typing import Final

CREDIT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "score": ("score", "note"),
    "class": ("class", "classe"),
    "trend": ("trend", "évolution"),
    "chance": ("chance", "risque"),
    "limit": ("limit", "limite"),
    "light": ("sales", "ventes"),
    "score-limit": ("Recommended limit: {formula}", "Limite conseillée : {formula}"),
    "score-input": ("  {name}: {value}", "  {name} : {value}"),
    "score-parameters": ("Your parameters:", "Vos paramètres :"),
    "score-usual": (" (the usual ones)", " (les paramètres usuels)"),
    "score-parameter": ("  {name}={value}", "  {name}={value}"),
    "score-open": ("Worst open alert: {severity}.", "Alerte ouverte la plus grave : {severity}."),
    "score-light": ("The sales side sees: {light}. {step}", "Les commerciaux voient : {light}. {step}"),
    "score-decides": (
        "Nothing is decided here: write what you decide with `vigie decide`.",
        "Rien n'est décidé ici : écrivez votre décision avec `vigie decide`.",
    ),
    "decision-line": (
        "{at}  {choice}{limit}  {by}{reason}",
        "{at}  {choice}{limit}  {by}{reason}",
    ),
    "choice-keep": ("as before", "comme avant"),
    "choice-limit": ("limit set to", "limite fixée à"),
    "choice-block": ("no delivery on account", "pas de livraison à terme"),
    "choice-end": ("relation to be ended", "relation à terminer"),
    "choice-other": ("other", "autre"),
    "decided": ("Written: {name}, {choice}.", "Noté : {name}, {choice}."),
    "no-scores": ("No client to score yet.", "Aucun client à noter pour l'instant."),
    "lights-made": (
        "{count} lights sealed for the sales side; no figure is in them.",
        "{count} feux scellés pour les commerciaux ; aucun chiffre n'y figure.",
    ),
    "lights-of": ("Lights of {day}", "Feux du {day}"),
    "no-lights": (
        "No lights yet: a credit manager seals them with `vigie lights --renew`.",
        "Pas encore de feux : un gestionnaire du crédit les scelle avec `vigie lights --renew`.",
    ),
    "task-line": ("         to do{due}: {task}", "         à faire{due} : {task}"),
    "task-due": (" by {due}", " avant le {due}"),
    "task-set": ("The sales side is asked: {task}", "Demandé aux commerciaux : {task}"),
    "task-done": ("Done: {name}.", "Fait : {name}."),
}

CREDIT_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "score-parameter": (
        "{field}: found {found!r}, expected {expected}",
        "{field} : trouvé {found!r}, attendu {expected}",
    ),
    "credit-damaged": (
        "the firm's credit file in the book cannot be read ({found}): take it from a backup of the network",
        (
            "le dossier crédit de l'entreprise, dans le carnet, est illisible ({found}) : reprenez-le d'une "
            "sauvegarde du réseau"
        ),
    ),
    "no-task": ("{found!r} has no task", "{found!r} n'a pas de tâche"),
}
