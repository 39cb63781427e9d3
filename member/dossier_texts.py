"""What stands in a dossier and what the command says of it, in English and French."""

from __future__ import annotations

from typing import Final

DOSSIER: Final[dict[str, tuple[str, str]]] = {
    "title": ("Dossier: {client}", "Dossier : {client}"),
    "who": ("Client", "Client"),
    "for-insurer": ("For the credit insurer.", "À l'attention de l'assureur-crédit."),
    "for-collector": ("For collection.", "À l'attention du recouvrement."),
    "for-factor": ("For the factor.", "À l'attention du factor."),
    "for-file": ("For the firm's own file.", "Pour le dossier de l'entreprise."),
    "client": ("Client", "Client"),
    "identifier": ("Identifier", "Identifiant"),
    "accounts": ("Accounts", "Comptes"),
    "terms": ("Terms agreed, days", "Délai convenu, jours"),
    "supplier": ("Supplier", "Fournisseur"),
    "made-on": ("Made on", "Établi le"),
    "item": ("figure", "donnée"),
    "value": ("value", "valeur"),
    "section": ("section", "rubrique"),
    "row": ("row", "ligne"),
    "situation": ("Where it stands", "Situation"),
    "outstanding": ("outstanding", "encours"),
    "overdue": ("overdue", "échu"),
    "disputed": ("disputed", "en litige"),
    "own": ("The supplier's own figures", "Chiffres du fournisseur"),
    "own-text": (
        "From the supplier's own ledger; days late over the three months that end with each.",
        "Tirés du grand livre du fournisseur ; retard sur les trois mois qui s'achèvent avec chacun.",
    ),
    "month": ("month", "mois"),
    "sales": ("sales", "ventes"),
    "paid": ("paid", "payé"),
    "not_due": ("not due", "non échu"),
    "late_1_30": ("1-30", "1-30"),
    "late_31_60": ("31-60", "31-60"),
    "late_61_90": ("61-90", "61-90"),
    "late_91_plus": ("91+", "91+"),
    "days_late": ("days late", "retard"),
    "dso": ("DSO", "DSO"),
    "spread": ("spread", "dispersion"),
    "suppliers": ("suppliers", "fournisseurs"),
    "peers": ("Published by the network", "Publié par le réseau"),
    "peers-text": (
        (
            "The centre of its suppliers in the network, in days, protected by the network's release policy "
            "(noise, at least five groups); no figure is any one supplier's."
        ),
        (
            "Le centre de ses fournisseurs dans le réseau, en jours, protégé par la politique de publication "
            "(bruit, au moins cinq groupes) ; aucun chiffre n'est celui d'un fournisseur."
        ),
    ),
    "peers-none": (
        "Nothing is published of this client: the supplier's own figures speak alone.",
        "Rien n'est publié de ce client : les chiffres du fournisseur parlent seuls.",
    ),
    "alerts": ("Alerts", "Alertes"),
    "notices": ("Public notices", "Annonces légales"),
    "score": ("Score under the supplier's own parameters", "Note selon les paramètres du fournisseur"),
    "decisions": ("Decisions", "Décisions"),
    "day": ("day", "jour"),
    "choice": ("decision", "décision"),
    "limit": ("limit", "limite"),
    "by": ("by", "par"),
    "reason": ("reason", "motif"),
    "seal": ("Seal: manifests of the releases shown", "Sceau : manifestes des publications reprises"),
    "seal-text": (
        (
            "Each line is the SHA-256 of a release's manifest, signed and chained by the network: any member "
            "can compare it (vigie verify)."
        ),
        (
            "Chaque ligne est le SHA-256 du manifeste d'une publication, signé et chaîné par le réseau : "
            "tout membre peut le comparer (vigie verify)."
        ),
    ),
    "seal-none": (
        "No published figure is in this dossier: there is nothing to seal.",
        "Aucun chiffre publié dans ce dossier : rien à sceller.",
    ),
    "csv-digest": ("SHA-256 of the CSV made with it: {digest}", "SHA-256 du CSV établi avec lui : {digest}"),
    "page": ("page {number}", "page {number}"),
}

DOSSIER_SAID: Final[dict[str, tuple[str, str]]] = {
    "dossier-written": ("Written: {path}", "Écrit : {path}"),
}
