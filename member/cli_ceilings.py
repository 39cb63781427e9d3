"""What the commands about files print of own terms over the legal ceiling.

Knows: the terminal, both languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from member.cli_frame import money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from member.ceilings import OverCeiling

SHOWN: Final = 10
KINDS: Final = (
    ("jours net", "days net"),
    ("fin de mois puis {days} jours", "end of month, then {days} days"),
    ("jours fin de mois", "days, then end of month"),
)
REGIMES: Final = {
    "general": ("général", "general"),
    "periodic": ("factures récapitulatives", "periodic invoices"),
    "transport": ("transport", "transport"),
    "fresh_food": ("denrées périssables", "fresh food"),
    "livestock": ("bétail", "livestock"),
    "public": ("acheteur public", "public buyer"),
    "public_hospital": ("établissement de santé", "public hospital"),
    "public_enterprise": ("entreprise publique", "public enterprise"),
}
TITLE: Final = (
    "Vos délais au-dessus du plafond légal, clients : {count}",
    "Your terms over the legal ceiling, clients: {count}",
)
LINE: Final = (
    "  {name} : {terms} ; plafond {limit} ({regime}) ; encours {owed}",
    "  {name}: {terms}; ceiling {limit} ({regime}); {owed} outstanding",
)
MORE: Final = ("  et {count} autres (--json)", "  and {count} more (--json)")


def show_over(found: Sequence[OverCeiling], lang: str) -> None:
    """Clients whose terms are too long, the largest outstanding amount first."""
    at = 0 if lang == "fr" else 1
    if not found:
        return
    print(TITLE[at].format(count=len(found)))
    for one in found[:SHOWN]:
        net = f"{one.net_days} {KINDS[0][at]}"
        month = "" if one.end_of_month_days is None else f" / {one.end_of_month_days} {KINDS[2][at]}"
        terms = KINDS[one.terms_kind][at]
        print(
            LINE[at].format(
                name=one.name,
                terms=terms.format(days=one.terms_days) if "{" in terms else f"{one.terms_days} {terms}",
                limit=net + month,
                regime=REGIMES[one.regime][at],
                owed=money(one.outstanding_cents, lang),
            )
        )
    if len(found) > SHOWN:
        print(MORE[at].format(count=len(found) - SHOWN))
