"""The tables in the lawyers' pages (docs/privacy), written again from the code: nobody copies a figure.

A page marks where a table belongs by `<!-- generated: NAME -->` and `<!-- end -->`; what lies between is
replaced. `vigied privacy` writes, and a test compares what is there with what would be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from benchmark.upload import FIELDS, INCIDENTS
from privacy.profiles import PROFILES, Profile
from server.calls import CallPolicy
from server.clock import moment, publication_day, window_close
from server.kept import Kept, Unit, Whose
from server.keyholder_request import FIRST_MONTH_FACTOR, LIFETIME_FACTOR, NETWORK_EVALUATIONS_MAX
from server.retention import FOR_GOOD, KEPT, LOG_DAYS

LANGUAGES: Final = ("en", "fr")
PAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "privacy"
_BLOCK: Final = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

_WHOSE: Final = {
    Whose.NOBODY: ("none", "non"),
    Whose.USERS: ("users", "utilisateurs"),
    Whose.CLIENTS: ("see *pseudonyms*", "voir *pseudonymes*"),
    Whose.SEALED: ("sealed", "chiffré"),
}
_UNITS: Final = {
    Unit.SECONDS: ("seconds", "secondes"),
    Unit.HOURS: ("hours", "heures"),
    Unit.DAYS: ("days", "jours"),
    Unit.MONTHS: ("months", "mois"),
    Unit.RELEASES: ("releases", "publications"),
}

FIELD_MEANINGS: Final[dict[str, tuple[str, str]]] = {
    "sales": ("invoiced in the month, tax included", "facturé dans le mois, TTC"),
    "outstanding": ("receivable at month end", "encours en fin de mois"),
    "not_due": ("of it not due", "dont non échu"),
    "late_1_30": ("of it 1 to 30 days late", "dont 1 à 30 jours de retard"),
    "late_31_60": ("of it 31 to 60 days late", "dont 31 à 60 jours de retard"),
    "late_61_90": ("of it 61 to 90 days late", "dont 61 à 90 jours de retard"),
    "late_91_plus": ("of it over 90 days late", "dont plus de 90 jours de retard"),
    "paid": ("paid in the month", "encaissé dans le mois"),
    "paid_days_late": ("sum of paid amounts x days late", "somme des montants payés x jours de retard"),
    "paid_days_to_pay": (
        "sum of paid amounts x days from invoice",
        "somme des montants payés x jours de facture",
    ),
    "open_late_days": ("sum of open amounts x days late", "somme des montants dus x jours de retard"),
    "disputed": ("amount in dispute", "montant en litige"),
    "dso": ("days of sales outstanding, countback", "délai de règlement, méthode de l'épuisement"),
    "terms_days": ("agreed terms, days", "délai convenu, en jours"),
    "terms_kind": ("agreed terms, counting", "délai convenu, mode de calcul"),
    "incident": ("incident, one of a closed list", "incident, dans une liste fermée"),
    "factored": ("sold to a factor", "cédé à un affactureur"),
    "sector": ("NACE section of the client, optional", "section NACE du client, facultative"),
    "region": ("region of the client, optional", "région du client, facultative"),
}


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    rows = [list(head), *(list(line) for line in lines)]
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _period(kept: Kept, at: int) -> str:
    if kept.period is None:
        return kept.until[at]
    return f"{kept.period.count} {_UNITS[kept.period.unit][at]}, {kept.period.after[at]}"


def retention(at: int) -> str:
    """Every table of the database: what, whose, how long, erased by what. `at`: 0 English, 1 French."""
    head = (
        ("table", "what it holds", "personal data", "kept", "erased by"),
        ("table", "contenu", "donnée personnelle", "conservation", "effacement par"),
    )[at]
    nothing = ("**no code yet: the operator**", "**aucun code encore : l'opérateur**")[at]
    lines = [
        (
            f"`{name}`",
            kept.holds[at],
            _WHOSE[kept.whose][at],
            _period(kept, at),
            _code(kept.erased_by) or ("–" if kept.until == FOR_GOOD else nothing),
        )
        for name, kept in KEPT.items()
    ]
    logs = (
        ("the process's log", "journal du processus"),
        ("types of errors, routes", "types d'erreurs, routes"),
    )
    period = f"{LOG_DAYS} {_UNITS[Unit.DAYS][at]}"
    return _table(head, [*lines, (logs[0][at], logs[1][at], _WHOSE[Whose.NOBODY][at], period, nothing)])


def _code(place: str | None) -> str:
    return f"`{place.replace(':', '.')}`" if place else ""


def contribution(at: int) -> str:
    """The fields of one row of an upload, and the incidents that may be told."""
    head = (("field", "meaning"), ("champ", "sens"))[at]
    fields = _table(head, ((f"`{name}`", FIELD_MEANINGS[name][at]) for name, _ in FIELDS))
    listed = ", ".join(f"`{name}`" for name in INCIDENTS)
    return fields + "\n" + ("Incidents: ", "Incidents : ")[at] + listed + ".\n"


def _drawn(least: int, more_max: int) -> str:
    return f"{least}-{least + more_max}"


_RULES: Final[tuple[tuple[tuple[str, str], Callable[[Profile], str]], ...]] = (
    (("fields published", "champs publiés"), lambda one: ", ".join(field.name for field in one.fields)),
    (
        ("groups behind a client's cell, at least", "groupes derrière une cellule, au moins"),
        lambda one: str(one.n_min),
    ),
    (
        ("groups behind the network's cell, at least", "groupes derrière la cellule du réseau, au moins"),
        lambda one: str(one.network_n_min),
    ),
    (("months that a release looks at", "mois pris en compte"), lambda one: str(one.window_months)),
    (
        ("contributors revised every (months)", "contributeurs révisés tous les (mois)"),
        lambda one: str(one.revision_months),
    ),
    (
        ("changes of contributors published together, at least", "changements publiés ensemble, au moins"),
        lambda one: str(one.pending_changes_min),
    ),
    (
        (
            "days around the network's centre, and around the cell's last one, beyond which a value is cut",
            "jours autour du centre du réseau, et du dernier de la cellule, au-delà desquels on coupe",
        ),
        lambda one: f"{one.first_clip_days:g}, {one.clip_days:g}",
    ),
    (
        (
            "months between a month's release and the one it is about, beyond the calendar",
            "mois de retard ajoutés",
        ),
        lambda one: str(one.delay_months),
    ),
    (
        ("spread published of", "dispersion publiée de"),
        lambda one: ", ".join(field.name for field in one.fields if field.spread) or "–",
    ),
    (
        (
            "incident flag, from so many reporting groups (a number drawn for each client)",
            "signal d'incident, à partir de tant de groupes (nombre tiré pour chaque client)",
        ),
        lambda one: _drawn(one.incident_reports_min, one.incident_reports_more_max) if one.incident else "–",
    ),
    (
        (
            "the client's sector: groups that name it alike (a number drawn for each client)",
            "secteur du client : groupes qui le nomment pareillement (nombre tiré pour chaque client)",
        ),
        lambda one: _drawn(one.sector_groups_min, one.sector_groups_more_max) if one.sector else "–",
    ),
    (
        (
            "agreed terms as shares: groups that opted in, at least",
            "délais convenus, en parts : groupes volontaires, au moins",
        ),
        lambda one: str(one.terms_n_min) if one.terms else "–",
    ),
    (
        ("agreed terms: age, at least (months)", "délais convenus : ancienneté, au moins (mois)"),
        lambda one: str(one.terms_age_months) if one.terms else "–",
    ),
    (
        ("shown uncertainty by count band (± days)", "incertitude affichée par tranche (± jours)"),
        lambda one: ", ".join(str(one.uncertainty_days(band + 1)) for band in range(len(one.count_bands))),
    ),
    (
        ("lowest count of each band", "effectif minimal de chaque tranche"),
        lambda one: ", ".join(map(str, one.count_bands)),
    ),
    (
        (
            "a relation is live with data of the last (months)",
            "relation vivante avec des données des derniers (mois)",
        ),
        lambda one: str(one.live_months),
    ),
    (
        ("look back before joining, at most (months)", "regard en arrière avant l'adhésion, au plus (mois)"),
        lambda one: str(one.back_months_max),
    ),
)


def policy(at: int) -> str:
    """The rules of every profile that matter to a lawyer, in its own numbers."""
    profiles = list(PROFILES.values())
    head = [("rule", "règle")[at], *(f"`{one.name}`" for one in profiles)]
    lines = [[name[at], *(read(one) for one in profiles)] for name, read in _RULES]
    return _table(head, lines)


_CALENDAR: Final = (
    ("data of a month are received until day", "données d'un mois reçues jusqu'au jour"),
    ("of the month after; published on day", "du mois suivant ; publication le jour"),
    ("a call is open for (days)", "un appel reste ouvert (jours)"),
    ("calls of one firm in a day, at most", "appels d'une entreprise par jour, au plus"),
    (
        "pseudonyms a firm may ever ask one key holder for, in declared portfolios",
        "pseudonymes qu'une entreprise peut demander à un détenteur, en portefeuilles déclarés",
    ),
    ("the same in its first month", "de même, le premier mois"),
    ("the same for all firms together", "de même, toutes entreprises ensemble"),
)


def calendar(at: int) -> str:
    """When a month closes and is published, how calls and evaluations are bounded."""
    month = 24_311  # 2025-12: the days are the same for every month
    calls = CallPolicy()
    values = (
        moment(window_close(month) - 1).day,
        publication_day(month).day,
        calls.open_days,
        calls.per_firm_and_day_max,
        f"{LIFETIME_FACTOR:g}",
        f"{FIRST_MONTH_FACTOR:g}".replace(".", ".,"[at]),
        f"{NETWORK_EVALUATIONS_MAX:,}".replace(",", ",\u202f"[at]),
    )
    head = (("what", "value"), ("objet", "valeur"))[at]
    return _table(head, ((name[at], str(value)) for name, value in zip(_CALENDAR, values, strict=True)))


TABLES: Final[dict[str, Callable[[int], str]]] = {
    "retention": retention,
    "contribution": contribution,
    "policy": policy,
    "calendar": calendar,
}


def renewed(text: str, language: str) -> str:
    """The page with every marked table written again; KeyError: a mark names no table."""
    at = LANGUAGES.index(language)
    return _BLOCK.sub(lambda found: f"{found[1]}{TABLES[found[2]](at)}{found[3]}", text)


def write(folder: Path = PAGES) -> list[Path]:
    """Write every page's tables again; return the pages that changed."""
    changed = []
    for language in LANGUAGES:
        for page in sorted((folder / language).glob("*.md")):
            before = page.read_text(encoding="utf-8")
            after = renewed(before, language)
            if after != before:
                page.write_text(after, encoding="utf-8")
                changed.append(page)
    return changed
