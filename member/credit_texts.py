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
    "notices-found": (
        "{count} judgments on your clients in {path}.",
        "{count} jugements concernant vos clients dans {path}.",
    ),
    "no-notices": (
        "No judgment on a client is kept: `vigie notices FILE` reads a download of the BODACC.",
        "Aucun jugement sur un client n'est gardé : `vigie notices FICHIER` lit un téléchargement du BODACC.",
    ),
    "notice-line": (
        "{published}  {client}: {nature}{court}  [{id}]",
        "{published}  {client} : {nature}{court}  [{id}]",
    ),
    "notice-cancelled": ("         cancelled by a later notice", "         annulé par un avis ultérieur"),
    "notice-no-clock": ("         starts no clock", "         n'ouvre aucun délai"),
    "clock-claim": ("declare what it owes you by", "déclarer votre créance au plus tard le"),
    "clock-retention": (
        "claim back goods under retention of title by",
        "revendiquer les biens sous réserve de propriété au plus tard le",
    ),
    "clock-line": ("         {what} {day}{left}", "         {what} {day}{left}"),
    "clock-working": (
        " (the last working day; the delay itself runs to {day})",
        " (dernier jour ouvré ; le délai lui-même court jusqu'au {day})",
    ),
    "clock-left": (", {count} days left", ", {count} jours restants"),
    "clock-over": (", past", ", passé"),
    "clock-done": (", done", ", fait"),
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
    "notices-file": (
        "{path}: cannot be read as a download of the BODACC ({found}); expected JSON or CSV in UTF-8",
        "{path} : illisible comme téléchargement du BODACC ({found}) ; attendu du JSON ou du CSV en UTF-8",
    ),
    "notices-columns": (
        "{path}: found {found}; expected the columns {expected} (export with technical names)",
        "{path} : trouvé {found} ; attendu les colonnes {expected} (export aux noms techniques)",
    ),
    "notices-large": (
        "{path}: found {found} bytes, expected at most {expected}: download collective procedures alone",
        (
            "{path} : trouvé {found} octets, attendu au plus {expected} : ne téléchargez que les procédures "
            "collectives"
        ),
    ),
    "notice-row": (
        "{path}, notice {row}, {field}: found {found!r}, expected a day such as {expected}",
        "{path}, avis {row}, {field} : trouvé {found!r}, attendu un jour tel que {expected}",
    ),
    "which-notice": (
        "{found!r} means {count} notices, expected one: give its id, as `vigie notices` shows it",
        (
            "{found!r} désigne {count} avis, un seul attendu : donnez son identifiant, tel que `vigie "
            "notices` le montre"
        ),
    ),
    "no-task": ("{found!r} has no task", "{found!r} n'a pas de tâche"),
}
