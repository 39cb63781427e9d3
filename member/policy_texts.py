"""What `vigie` says of sectors, incidents and terms, in English and French: see `member.cli_texts`."""

from __future__ import annotations

from typing import Final

POLICY_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "too-few-sector": (
        "fewer than 5 peers yet; its sector {days}",
        "moins de 5 pairs ; son secteur {days}",
    ),
    "incident-flag": (
        "incident: at least 5 firms report one",
        "incident : 5 entreprises au moins en signalent un",
    ),
    "terms-shares": (
        "terms a year ago (net days, shares of suppliers) {shares}",
        "délais il y a un an (jours nets, parts des fournisseurs) {shares}",
    ),
    "terms-shared": (
        "this firm shares its terms of payment: in shares, a year old, of ten such firms and more",
        "l'entreprise partage ses délais de paiement : en parts, vieux d'un an, à dix entreprises et plus",
    ),
    "terms-not-shared": (
        "this firm does not share its terms of payment",
        "l'entreprise ne partage pas ses délais de paiement",
    ),
    "terms-unpublished": (
        "(this network's policy publishes none)",
        "(la politique de ce réseau n'en publie pas)",
    ),
}
