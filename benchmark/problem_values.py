"""What the values in a problem's sentence are, so that each is written as its reader does; and one alone.

A value that is not listed is the file's own text, or an example: it stays as it is.
"""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["date", "month", "money", "count", ""]

VALUES: Final[dict[str, tuple[Kind, Kind]]] = {
    "line-too-short": ("count", ""),
    "ledger-cut": ("money", "money"),
    "ledger-not-balanced": ("money", "money"),
    "ledger-years-apart": ("date", "date"),
    "no-account-identified": ("", "count"),
    "accounts-unidentified": ("count", "count"),
    "brought-forward": ("money", "month"),
    "brought-forward-differs": ("count", ""),
    "terms-unknown": ("count", ""),
    "totals-left-out": ("count", ""),
    "pdf-left-out": ("count", ""),
    "einvoice-several-sellers": ("count", ""),
    "einvoice-other-seller": ("count", ""),
    "einvoice-repeated": ("count", ""),
    "einvoice-without-due-date": ("count", ""),
    "too-many-rows": ("", "count"),
    "too-many-columns": ("count", "count"),
    "cell-too-long": ("count", "count"),
    "row-too-long": ("count", "count"),
    "date-in-future": ("date", "date"),
    "date-too-far": ("date", "date"),
    "due-before-invoice": ("date", "date"),
    "settled-before-invoice": ("date", "date"),
    "status-contradicts": ("", "date"),
    "amount-too-large": ("", "count"),
    "remaining-impossible": ("money", "money"),
    "month-in-future": ("month", "month"),
    "relation-twice": ("month", "count"),
    "ageing-does-not-sum": ("money", "money"),
    "nothing-to-import": ("", "month"),
    "rows-left-out": ("count", "count"),
    "clients-merged": ("count", ""),
    "invoice-repeated": ("count", ""),
    "no-settlements": ("", "month"),
    "part-paid-undated": ("count", ""),
    "months-not-complete": ("count", "month"),
    "not-invoices-left-out": ("count", ""),
    "lines-merged": ("count", ""),
    "terms-over-ceiling": ("count", ""),
}
"""By code: of what was found, and of what was expected. ISO 8601 dates and months, money in two decimals."""

ONE: Final[dict[str, dict[Literal["fr", "en"], str]]] = {
    "line-too-short": {
        "fr": "un champ seulement : la ligne est coupée, ou son séparateur n'est pas celui des en-têtes.",
        "en": "one field only: the line is cut, or its separator is not that of the headings.",
    },
    "no-account-identified": {
        "fr": "le compte client n'a pas d'identifiant ; attendu un SIREN, un numéro de TVA ou un LEI, dans le"
        " fichier ou dans la table des comptes.",
        "en": "the client account has no identifier; expected a SIREN, a VAT number or an LEI, in the file or"
        " in the map of accounts.",
    },
    "accounts-unidentified": {
        "fr": "1 compte client sur {expected} n'a pas d'identifiant : il est laissé de côté.",
        "en": "1 client account of {expected} has no identifier: it is left out.",
    },
    "brought-forward-differs": {
        "fr": "1 compte client a un report à nouveau différent du solde de l'exercice précédent.",
        "en": "1 client account brings forward a balance other than that of the previous year.",
    },
    "terms-unknown": {
        "fr": "1 client n'a ni échéance ni délai convenu : son retard reste inconnu. Donnez le délai dans la"
        " table des comptes, ou par exemple {expected}.",
        "en": "1 client has no due date and no agreed terms: how late it is stays unknown. Give its terms in"
        " the map of accounts, or for example {expected}.",
    },
    "totals-left-out": {
        "fr": "1 ligne de total est laissée de côté.",
        "en": "1 row of totals is left out.",
    },
    "pdf-left-out": {
        "fr": "1 PDF sans facture électronique est laissé de côté.",
        "en": "1 PDF without an electronic invoice is left out.",
    },
    "einvoice-other-seller": {
        "fr": "1 facture d'un autre vendeur que {expected} est laissée de côté : c'est un achat.",
        "en": "1 invoice of another seller than {expected} is left out: it is a purchase.",
    },
    "einvoice-repeated": {
        "fr": "1 facture est présente plusieurs fois et comptée une fois.",
        "en": "1 invoice is there more than once and counted once.",
    },
    "einvoice-without-due-date": {
        "fr": "1 facture n'a pas de date d'échéance ({expected}) : le retard de ce client est inconnu sans"
        " délai convenu.",
        "en": "1 invoice bears no due date ({expected}): how late this client is is unknown without agreed"
        " terms.",
    },
    "rows-left-out": {
        "fr": "1 ligne sur {expected} a été laissée de côté.",
        "en": "1 row of {expected} was left out.",
    },
    "part-paid-undated": {
        "fr": "1 facture payée en partie sans date : la part est datée de l'échéance, ou d'aujourd'hui.",
        "en": "1 invoice paid in part without a date: the part is dated on the due date, or today.",
    },
    "months-not-complete": {
        "fr": "la ligne après {expected} n'est pas reprise : le mois n'est pas terminé.",
        "en": "the row after {expected} is not imported: the month is not over.",
    },
    "not-invoices-left-out": {
        "fr": "1 ligne n'est pas une facture (brouillon, annulée, règlement imputé) : non reprise.",
        "en": "1 row is no invoice (a draft, a cancelled one, a payment allocated): left out.",
    },
    "lines-merged": {
        "fr": "1 ligne d'article réunie avec sa facture.",
        "en": "1 row of an article is one with its invoice.",
    },
    "terms-over-ceiling": {
        "fr": "1 client a chez vous un délai au-dessus du plafond légal (jours net / fin de mois :"
        " {expected}).",
        "en": "1 client has terms with you over the legal ceiling (days net / end of month: {expected}).",
    },
}
"""Where the count is one: of what was found, or of what was expected where nothing is counted as found."""
